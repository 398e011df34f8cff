"""Differences shown by a command of the user."""

from __future__ import annotations

import shlex
import sys

import pytest

from pytest_query_snapshot.cli.main import main

from .conftest import ROWS

LONGER = ROWS + "| agent#3 | Cleo |\n"
TOOL = """
import pathlib, sys
for label, name in zip(("old", "new"), sys.argv[-2:]):
    path = pathlib.Path(name)
    print(label, path.name, path.read_text().count("agent#"))
print(sys.argv[1:-2])
sys.exit(1)
"""


@pytest.fixture
def tool(tmp_path):
    path = tmp_path / "a tool.py"
    path.write_text(TOOL)
    return f"{shlex.quote(sys.executable)} {shlex.quote(str(path))}"


def test_files_are_appended_to_the_command(folder, tool, capfd):
    path = folder.pending("test_a.rows.md", ROWS, LONGER)
    assert main(["show", path, "--diff-tool", f"{tool} --side 'by side'"]) == 1
    out = capfd.readouterr().out
    assert out.index(f"golden  {path}") < out.index("old test_a.rows.md 2\nnew test_a.rows.md 3\n")
    assert "['--side', 'by side']" in out
    assert "+| agent#3" not in out


def test_files_replace_their_names_in_the_command(folder, tool, capfd):
    path = folder.pending("test_a.rows.md", ROWS, LONGER)
    assert main(["show", path, "--diff", "--diff-tool", f"{tool} {{new}} {{old}}"]) == 1
    assert "old test_a.rows.md 3\nnew test_a.rows.md 2\n" in capfd.readouterr().out


def test_missing_golden_is_an_empty_file(folder, tool, capfd):
    path = folder.pending("test_a.rows.md", None, LONGER)
    main(["show", path, "--diff-tool", tool])
    assert "old test_a.rows.md 0\n" in capfd.readouterr().out


def test_review_shows_every_cause_with_the_tool(folder, tool, capfd, monkeypatch):
    folder.pending("test_a.rows.md", ROWS, LONGER)
    monkeypatch.setattr("builtins.input", lambda _prompt: "a")
    assert main(["review", "--diff-tool", tool]) == 0
    assert "new test_a.rows.md 3\n" in capfd.readouterr().out


@pytest.mark.parametrize(
    ("command", "reason"),
    [
        ("no-such-tool", "No such file"),
        ("'open", "No closing quotation"),
        ("   ", "no command"),
        (f"{shlex.quote(sys.executable)} -c 'raise SystemExit(127)'", "ended with status 127"),
        (f"{shlex.quote(sys.executable)} -c 'import os; os.kill(os.getpid(), 9)'", "ended with status -9"),
        ("no-such-tool; echo", "No such file"),
    ],
)
def test_command_that_does_not_run_is_one_line(folder, capfd, command, reason):
    path = folder.pending("test_a.rows.md", ROWS, LONGER)
    assert main(["show", path, "--diff-tool", command]) == 2
    error = capfd.readouterr().err
    assert error.startswith("query-snapshot: --diff-tool")
    assert reason in error
    assert error.count("\n") == 1


@pytest.mark.parametrize("status", [0, 125])
def test_status_of_a_command_that_ran_is_ignored(folder, status):
    path = folder.pending("test_a.rows.md", ROWS, LONGER)
    command = f"{shlex.quote(sys.executable)} -c 'raise SystemExit({status})'"
    assert main(["show", path, "--diff-tool", command]) == 1
