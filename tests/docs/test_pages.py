"""Every example of the documentation runs, and shows what it does.

`UPDATE_DOCS=1 pytest tests/docs` writes the outputs and stored files of this run into the pages; review the diff.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from .pages import Block, UnmarkedBlockError, blocks, commands, matches, settled

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "backend/docs"
# the examples of the control plane's reference are definitions and calls, run by tests/controlplane
PAGES = sorted(
    page
    for page in (ROOT / "README.md", *DOCS.rglob("*.md"))
    if DOCS / "reference/controlplane" not in page.parents
)
UPDATE = "UPDATE_DOCS" in os.environ


class Project:
    """The project of one page: its blocks make it, in order."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("CI", "PYTEST_"))}
        path = os.pathsep.join((str(Path(sys.executable).parent), kept.get("PATH", "")))
        self.environment = kept | {"PATH": path, "COLUMNS": "80", "NO_COLOR": "1", "LC_ALL": "C.UTF-8"}
        self.environment["PYTHONWARNINGS"] = "ignore:The configuration option"  # of pytest-asyncio, installed here
        self.environment["PYTEST_ADDOPTS"] = "-p no:hypothesispytest -p no:faker"  # half the time of a short run
        self.status = 0

    def run(self, command: str) -> str:
        if exported := re.fullmatch(
            r"export (\w+)=(\S+)", command
        ):  # as in a shell that runs all commands of a page
            self.environment[exported[1]] = exported[2]
            return ""
        done = subprocess.run(
            ["bash", "-c", command],
            cwd=self.folder,
            env=self.environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=300,
            check=False,
        )
        self.status = done.returncode
        return done.stdout.replace(str(self.folder), "/home/ada/shop")

    def write(self, name: str, text: str, *, mode: str) -> None:
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open(mode, encoding="utf-8") as file:
            file.write(text)


def shown(project: Project, block: Block) -> str:
    """Execute a block; return the text that it should have."""
    if block.verb in {"file", "append"}:
        project.write(block.about, block.text, mode="w" if block.verb == "file" else "a")
        if block.about.startswith((".github/", ".pre-commit")):
            check_commands(project, yaml.safe_load((project.folder / block.about).read_text(encoding="utf-8")))
    elif block.verb == "use":
        shutil.copytree(ROOT / "backend/docs" / block.about, project.folder, dirs_exist_ok=True)
    elif block.verb == "stored":
        return (project.folder / block.about).read_text(encoding="utf-8")
    elif block.verb == "run":
        text = ""
        for command, output in commands(block):
            found = project.run(command)
            kept = output if matches(output, found) else settled(found)
            text += f"$ {command}\n" + (f"{kept}\n" if kept.strip() else "")
        expected = int(block.about.removeprefix("exit ") or 0)
        assert project.status == expected, f"line {block.line}: exit {project.status}\n{text}"
        return text
    return block.text


def check_commands(project: Project, configuration: Any) -> None:
    """See that each command of a workflow or hook is known, and that its options are: `pytest` and ours."""
    jobs = configuration.get("jobs", {}).values()
    lines = [step["run"] for job in jobs for step in job["steps"] if "run" in step]
    lines += [hook["entry"] for repository in configuration.get("repos", ()) for hook in repository["hooks"]]
    assert lines
    for line in lines:
        if line.startswith("pytest"):
            project.run(f"{line} --collect-only")  # --help would hide an unknown option
            assert project.status == pytest.ExitCode.NO_TESTS_COLLECTED, line
        elif not line.startswith("pip "):
            project.run(f"{line} --help")
            assert project.status == 0, line
    project.status = 0


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_examples_of_page_do_what_they_show(page, tmp_path):
    project = Project(tmp_path)
    changed: list[tuple[Block, str]] = []
    for block in blocks(page):
        text = shown(project, block)
        if not matches(block.text, text):
            changed.append((block, text))
            assert UPDATE, f"{page}:{block.line} shows:\n{block.text}\nand the run made:\n{text}"
    if changed:
        lines = page.read_text(encoding="utf-8").splitlines(keepends=True)
        for block, text in reversed(changed):
            lines[block.line : block.line + block.text.count("\n")] = [text]
        page.write_text("".join(lines), encoding="utf-8")


def test_block_without_the_name_of_its_file_is_refused(tmp_path):
    page = tmp_path / "page.md"
    page.write_text("`a.py`\n```python\n1\n```\n\nThe file `b.py`:\n\n```python\n2\n```\n")
    with pytest.raises(UnmarkedBlockError, match=r"page\.md:8"):
        list(blocks(page))


def test_name_above_a_block_says_what_is_done_with_it(tmp_path):
    page = tmp_path / "page.md"
    names = ("`a.py`", "`a.py`, added at the end", "`__snapshots__/a.rows.md`")
    page.write_text("\n".join(f"{name}\n```text\n1\n```\n" for name in names))
    assert [(block.verb, block.about) for block in blocks(page)] == [
        ("file", "a.py"),
        ("append", "a.py"),
        ("stored", "__snapshots__/a.rows.md"),
    ]


def test_files_that_no_link_leads_to_are_refused(tmp_path):
    page = tmp_path / "page.md"
    page.write_text("<!-- use: examples/shop -->\n\nThe shop.\n")
    with pytest.raises(UnmarkedBlockError, match="examples/shop"):
        list(blocks(page))


def test_output_that_differs_is_found():
    assert matches("1 passed in 0.02s\n", "1 passed in 3.10s\n")
    assert matches("a\n...\nd\n", "a\nb\nc\nd\n")
    assert not matches("1 passed\n", "2 passed\n")
    assert not matches("a\n...\nd\n", "a\nb\nc\n")
