"""What a pull request gets: the comment, the annotations, and the action that writes them."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
import yaml
from hypothesis import example, given, settings
from hypothesis import strategies as st

from pytest_query_snapshot.cli.main import main
from pytest_query_snapshot.review.accept import Review
from pytest_query_snapshot.review.causes import Cause, Edit, causes
from pytest_query_snapshot.review.github import LONGEST, MARK, code, comment, warnings_of
from pytest_query_snapshot.review.pending import Pending
from pytest_query_snapshot.sql.diff.change import Change, Kind

from .conftest import SQL, ProjectFolder

ACTION = Path(__file__).parents[3] / ".github/actions/query-snapshot/action.yml"
WIDER = SQL.replace("WHERE agents.workspace_id = :workspace_id_1\n  AND", "WHERE")
GOLDEN = "__snapshots__/golden/test_agents/{}"
RISKY = GOLDEN.format("test_wider.sqlite.sql")


def git(path, *arguments):
    identity = ["-c", "user.name=a", "-c", "user.email=a@example.org", "-c", "init.defaultBranch=main"]
    done = subprocess.run(["git", *identity, *arguments], cwd=path, capture_output=True, text=True, check=True)
    return done.stdout.strip()


@pytest.fixture
def branch(tmp_path, monkeypatch):
    """A repository whose working tree differs from its only commit: one risk, and two equal edits."""
    monkeypatch.delenv("GITHUB_STEP_SUMMARY", raising=False)
    root = tmp_path / "packages" / "a project"
    root.mkdir(parents=True)
    monkeypatch.chdir(root)
    folder = ProjectFolder(root)
    names = ("test_wider.sqlite.sql", "test_b.sqlite.sql", "test_c.sqlite.sql")
    for name in names:
        folder.golden(name, SQL)
    git(tmp_path, "init", "-q")
    git(tmp_path, "add", "-A")
    git(tmp_path, "commit", "-q", "-m", "goldens")
    folder.golden(names[0], WIDER)
    for name in names[1:]:
        folder.golden(name, SQL.replace("agents.name\nFROM", "agents.name,\n       agents.nickname\nFROM"))
    return folder


def test_comment_is_by_cause_with_risks_first(branch, capsys):
    assert main(["diff", "HEAD", "--format", "github"]) == 0
    out = capsys.readouterr().out
    assert out.startswith(f"{MARK}\n**3 goldens changed by 2 causes, 1 risk.**\n")
    summaries = re.findall(r"<summary>(.*)</summary>", out)
    assert summaries[0].startswith("<b>risk</b>")
    assert summaries[0].endswith(": 1 statement")
    assert summaries[1].endswith(": 2 statements")
    assert out.count("<details>") == out.count("</details>") == 2
    assert f"- `{GOLDEN.format('test_b.sqlite.sql')}`" in out
    assert "+       agents.nickname" in out


def test_risk_is_annotated_at_the_line_that_changed(branch, capsys):
    main(["diff", "HEAD", "--format", "github"])
    found = [line for line in capsys.readouterr().out.splitlines() if line.startswith("::")]
    assert len(found) == 1
    assert found[0].startswith(
        f"::warning file=packages/a project/{RISKY},line=4,title=risk%3A tenant-filter-removed"
    )


@pytest.mark.parametrize(
    "name",
    ["test_a\nb", "test 100%25,x:y", "test_\udce9", "test_`x`@me", "::warning ::x", "test_\x1b[31m", '"quoted"'],
)
def test_golden_with_an_odd_path_is_read_and_annotated(branch, capsysbinary, name):
    path = f"{name}.sqlite.sql"
    try:
        branch.golden(path, SQL)
    except OSError:
        pytest.skip("the file system takes no such name")
    git(branch.root, "add", "-A")
    git(branch.root, "commit", "-q", "-m", "odd")
    branch.golden(path, WIDER)
    assert main(["diff", "HEAD", "--format", "github"]) == 0
    lines = capsysbinary.readouterr().out.decode("utf-8", "backslashreplace").split("\n")
    commands = [line for line in lines if line.startswith("::")]
    assert len(commands) == 1
    assert "tenant-filter-removed" in commands[0]
    assert not any("\x1b" in line for line in lines)
    assert main(["diff", "HEAD"]) == 0


def test_summary_of_the_step_gets_the_comment(branch, capsys, monkeypatch, tmp_path):
    target = tmp_path / "summary.md"
    target.write_text("before\n")
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(target))
    main(["diff", "HEAD", "--format", "github"])
    assert target.read_text().startswith(f"before\n{MARK}\n**3 goldens")
    assert [line[:9] for line in capsys.readouterr().out.splitlines()] == ["::warning"]


def test_equal_revisions_say_so(branch, capsys):
    main(["diff", "HEAD", "HEAD", "--format", "github"])
    assert capsys.readouterr().out == f"{MARK}\n**No golden changed.**\n"


def made_cause(text, *, golden=RISKY, count=1):
    change = Change(Kind.OTHER, old=text, new=f"{text}!", where=text)
    members = tuple(
        Review(Pending(f"{golden}{number}", "t", "sql", "sqlite", text, f"{text}!"), (change,))
        for number in range(count)
    )
    return Cause((Edit("other", text, f"{text}!"),), members)


@settings(max_examples=60, deadline=None)
@example("::\r")
@example("\n##[a]\nb")
@given(st.text(st.sampled_from("`:<>&@#~*_[]|\n\r\v\u2028%, a-"), max_size=30))
def test_text_of_a_golden_is_neither_markup_nor_command(text):
    written = comment((made_cause(text, golden=text.replace("\n", " ")),))
    lines = written.splitlines()
    assert not [line for line in lines if line.lstrip().startswith(("::", "##["))]
    opened = [number for number, line in enumerate(lines) if re.fullmatch("`{3,}diff", line)]
    closing = lines.index(lines[opened[0]].removesuffix("diff"), opened[0])
    assert lines[closing + 1 :] == ["", "</details>"]
    assert not re.search("[@`*_#]|<(?!/?(b|code|details|summary)>)", re.sub("&#[0-9]+;", "", lines[3]))
    for line in warnings_of((made_cause(text, golden=text),)):
        assert re.fullmatch(r"::warning file=[^:,\r\n]*,line=\d+,title=[^:,\r\n]*::[^\r\n]*", line)


@given(st.text(st.sampled_from("` a"), min_size=1, max_size=12).filter(str.strip))
def test_code_span_is_closed_by_its_own_fence_alone(text):
    written = code(text)
    fence = re.match("`+", written)[0]
    assert written.endswith(fence)
    assert fence not in re.findall("`+", written[len(fence) : -len(fence)])


def test_long_comment_is_cut_between_causes():
    found = tuple(made_cause(f"cause {number} {'x' * 3_000}") for number in range(200))
    written = comment(found)
    assert len(written.encode()) < LONGEST + 500
    assert written.count("<details>") == written.count("</details>")
    left = int(re.search(r"^(\d+) more causes:", written, re.MULTILINE)[1])
    assert left + written.count("<details>") == 200


def test_annotations_show_every_cause_before_a_second_golden(folder):
    for number in range(3):
        folder.pending(f"test_wide_{number}.sqlite.sql", SQL, WIDER)
    folder.pending("test_other.sqlite.sql", SQL, SQL.replace("LIMIT :param_1", ""))
    found = [*warnings_of(causes(folder.reviews()))]
    assert ["other" in line.partition("::")[2].partition(",")[0] for line in found].index(True) < 2
    assert sum("(and in 2 more goldens)" in line for line in found) == 1
    assert len(found) == 4


class Runner:
    """Runs the steps of the action as the runner does: bash, the files of the runner, inputs as variables."""

    def __init__(self, top, folder, *, temp):
        self.top = top
        self.temp = temp
        self.calls = self.temp / "gh-calls"
        tools = self.temp / "bin"
        tools.mkdir()
        self._tool(tools / "query-snapshot", f'exec "{sys.executable}" -m pytest_query_snapshot.cli "$@"')
        self._tool(tools / "gh", f'echo "$@" >> "{self.calls}"; case "$*" in *paginate*) echo "$KNOWN";; esac')
        self.inputs = {"working-directory": folder, "base": "HEAD", "comment": "true", "token": "t"}
        self.variables = {
            "PATH": f"{tools}{os.pathsep}{os.environ['PATH']}",
            "PYTHONPATH": os.pathsep.join(sys.path),
            "HOME": str(self.temp),
            "CI": "true",
            "GITHUB_ACTIONS": "true",
            "GITHUB_WORKSPACE": str(top),
            "GITHUB_REPOSITORY": "owner/name",
            "GITHUB_OUTPUT": str(self.temp / "output"),
            "GITHUB_STEP_SUMMARY": str(self.temp / "summary"),
            "RUNNER_TEMP": str(self.temp),
            "KNOWN": "",
        }

    @staticmethod
    def _tool(path, command):
        path.write_text(f"#!/bin/sh\n{command}\n")
        path.chmod(0o755)

    def _value(self, text):
        values = {f"inputs.{name}": value for name, value in self.inputs.items()}
        values["github.event.pull_request.number"] = "7"
        return re.sub(r"\$\{\{ (\S+) \}\}", lambda found: values[found[1]], text)

    def run(self):
        output = ""
        for step in yaml.safe_load(ACTION.read_text())["runs"]["steps"]:
            assert step["shell"] == "bash"
            assert "${{" not in step["run"]
            variables = {name: self._value(value) for name, value in step.get("env", {}).items()}
            done = subprocess.run(
                ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", step["run"]],
                cwd=self.top,
                env=self.variables | variables,
                capture_output=True,
                text=True,
                check=False,
            )
            assert done.returncode == 0, (step["name"], done.stderr)
            output += done.stdout
        return output

    def gh(self):
        return self.calls.read_text().splitlines()


@pytest.fixture
def runner(branch, tmp_path_factory):
    return Runner(branch.root.parents[1], "packages/a project", temp=tmp_path_factory.mktemp("runner"))


def test_action_writes_summary_annotations_and_a_new_comment(runner):
    output = runner.run()
    assert [line[:9] for line in output.splitlines()] == ["::warning"]
    written = (runner.temp / "query-snapshot-comment.md").read_text()
    assert written.startswith(f"{MARK}\n**3 goldens")
    assert (runner.temp / "summary").read_text() == written
    name, _, path = (runner.temp / "output").read_text().strip().partition("=")
    assert (name, Path(path).read_text()) == ("comment-file", written)
    assert runner.gh()[-1].startswith("api --silent --method POST repos/owner/name/issues/7/comments -F body=@")


def test_action_replaces_its_comment(runner):
    runner.variables["KNOWN"] = "41"
    runner.run()
    assert "--method PATCH repos/owner/name/issues/comments/41" in runner.gh()[-1]


def test_action_fetches_a_base_that_a_shallow_clone_lacks(runner, tmp_path):
    git(runner.top, "add", "-A")
    git(runner.top, "commit", "-q", "-m", "the branch")
    runner.inputs["base"] = git(runner.top, "rev-parse", "HEAD~1")
    shallow = runner.temp / "shallow"
    git(tmp_path, "clone", "-q", "--depth=1", runner.top.as_uri(), str(shallow))
    runner.top = shallow
    assert "::warning" in runner.run()


def test_action_passes_no_input_through_a_script():
    action = yaml.safe_load(ACTION.read_text())
    assert action["runs"]["using"] == "composite"
    for step in action["runs"]["steps"]:
        assert "${{" not in step["run"], step["name"]
