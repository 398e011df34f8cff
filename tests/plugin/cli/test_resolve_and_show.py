"""`query-snapshot resolve` and `show` on a project with goldens."""

from __future__ import annotations

import json
import re

import pytest

from pytest_query_snapshot.cli import resolve
from pytest_query_snapshot.cli.main import main
from pytest_query_snapshot.errors import WriteFailedError

TESTS = """
def test_one(golden):
    assert [(1,)] == golden.rows

def test_two(golden):
    assert [(2,)] == golden.rows

def test_three(golden):
    assert [(3,)] == golden.rows
"""
ONE = "__snapshots__/test_x/test_one.rows.md"


@pytest.fixture
def project(pytester, monkeypatch, capsys):
    monkeypatch.delenv("CI", raising=False)
    pytester.makefile(".ini", pytest="[pytest]\naddopts = -p no:asyncio -p no:cacheprovider\n")
    pytester.makepyfile(test_x=TESTS)
    pytester.runpytest_inprocess("--snapshot-update").assert_outcomes(passed=3)

    def run(*arguments):
        capsys.readouterr()
        return main(["--root", str(pytester.path), *arguments]), capsys.readouterr()

    pytester.cli = run
    return pytester


def conflict(project, name, ours, theirs):
    path = project.path / f"__snapshots__/test_x/{name}.rows.md"
    text = path.read_text()
    hunk = f"<<<<<<< HEAD\n| {ours} |\n=======\n| {theirs} |\n>>>>>>> other\n"
    path.write_text("\n".join(text.splitlines()[:-1]) + f"\n{hunk}")
    return path


def test_resolve_leaves_one_change_for_each_conflict(project):
    one, two = conflict(project, "test_one", 7, 1), conflict(project, "test_two", 2, 8)
    status, output = project.cli("resolve")
    assert status == 1
    assert f"{ONE}: waits for review" in output.out
    assert "test_two.rows.md: resolved" in output.out
    assert "<<<<<<<" not in one.read_text() + two.read_text()
    assert [each["golden"] for each in json.loads(project.cli("list", "--json")[1].out)] == [ONE]
    assert project.cli("accept", ONE)[0] == 0
    project.runpytest_inprocess().assert_outcomes(passed=3)


def test_resolve_finds_tests_without_a_record(project):
    (project.path / ".query_snapshot/last_run.json").unlink()
    conflict(project, "test_one", 7, 1)
    assert f"{ONE}: waits for review" in project.cli("resolve")[1].out


def test_resolve_keeps_the_conflict_of_a_golden_that_no_test_compares(project):
    path = conflict(project, "test_one", 7, 1)
    before = path.read_text()
    project.makepyfile(test_x=TESTS.replace("def test_one", "def check_one"))
    (project.path / ".query_snapshot/last_run.json").unlink()
    status, output = project.cli("resolve")
    assert (status, "still conflicted" in output.out) == (1, True)
    assert path.read_text() == before


def test_resolve_keeps_conflicts_when_the_suite_does_not_run(project):
    path = conflict(project, "test_one", 7, 1)
    before = path.read_text()
    project.makepyfile(test_x="import no_such_module\n")
    assert project.cli("resolve")[0] == 2
    assert path.read_text() == before


def test_resolve_says_that_nothing_is_in_conflict(project):
    status, output = project.cli("resolve")
    assert (status, output.out) == (0, "No golden has conflict markers.\n")


def test_show_writes_a_golden_with_its_test(project):
    status, output = project.cli("show", "test_one")
    assert status == 0
    assert output.out.startswith(f"golden: {ONE}\ntest:   test_x.py::test_one\nsource: test_x.py:1\n\n")
    assert output.out.endswith("| 1 |\n")


def test_show_diff_writes_what_waits_for_review(project):
    project.makepyfile(test_x=TESTS.replace("(1,)", "(9,)"))
    project.runpytest_inprocess()
    status, output = project.cli("show", "--diff", ONE)
    assert (status, "-| 1 |" in output.out, "+| 9 |" in output.out) == (1, True, True)
    assert (
        project.cli("show", "--diff", "test_two")[1].out
        == "__snapshots__/test_x/test_two.rows.md: no change is pending.\n"
    )


@pytest.mark.parametrize(
    ("part", "message"),
    [("test_t", "golden test_t: several goldens match"), ("test_nine", "golden test_nine: no golden matches")],
)
def test_show_names_the_goldens_that_are_near(project, part, message):
    status, output = project.cli("show", part)
    assert status == 2
    assert message in output.err
    assert "__snapshots__/test_x/test_" in output.err


SEVERAL = """
def test_one(golden):
    assert [{"a": 1}] == golden.rows
    assert [{"a": 2}] == golden("second").rows
"""


def test_resolve_leaves_each_conflict_of_a_test_with_several_goldens(project):
    project.makepyfile(test_x=SEVERAL)
    project.runpytest_inprocess("--snapshot-update")
    conflict(project, "test_one", 7, 8)
    conflict(project, "test_one-second", 7, 8)
    output = project.cli("resolve")[1]
    assert output.out.count("waits for review") == 2


def test_resolve_keeps_the_line_ends_of_a_conflict_that_stays(project):
    path = conflict(project, "test_one", 7, 1)
    path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))
    before = path.read_bytes()
    project.makepyfile(test_x=TESTS.replace("def test_one(golden):", "def test_one(golden):\n    return"))
    assert f"{ONE}: still conflicted" in project.cli("resolve")[1].out
    assert path.read_bytes() == before


def test_resolve_takes_conflicts_with_any_line_ends(project):
    path = conflict(project, "test_two", 2, 8)
    path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))
    assert project.cli("resolve")[0] == 0
    assert b"=======" not in path.read_bytes()


def test_resolve_refuses_a_conflict_that_is_not_text(project):
    path = conflict(project, "test_one", 7, 1)
    path.write_bytes(path.read_bytes().replace(b"| 7 |", b"| \xff |"))
    before = path.read_bytes()
    status, output = project.cli("resolve")
    assert (status, "test_one.rows.md" in output.err) == (2, True)
    assert path.read_bytes() == before


def test_resolve_runs_the_others_where_a_recorded_test_has_another_name(project):
    one, two = conflict(project, "test_one", 7, 1), conflict(project, "test_two", 7, 8)
    before = one.read_text()
    project.makepyfile(test_x=TESTS.replace("def test_one", "def test_renamed"))
    output = project.cli("resolve")[1].out
    assert f"{ONE}: still conflicted" in output
    assert "test_two.rows.md: waits for review" in output
    assert (one.read_text(), "<<<<<<<" in two.read_text()) == (before, False)


def test_resolve_compares_every_conflict_where_a_project_stops_at_the_first_failure(project):
    conflict(project, "test_one", 7, 8)
    conflict(project, "test_two", 7, 8)
    (project.path / "pytest.ini").write_text("[pytest]\naddopts = -x -p no:asyncio -p no:cacheprovider\n")
    assert project.cli("resolve")[1].out.count("waits for review") == 2


def test_resolve_brings_conflicts_back_where_one_can_not_be_written(project, monkeypatch):
    one, two = conflict(project, "test_one", 7, 1), conflict(project, "test_two", 2, 8)
    before = [one.read_text(), two.read_text()]
    write = resolve.write_text

    def fail_at_two(path, text):
        if path == two and "<<<<<<<" not in text:
            raise WriteFailedError(path=path, reason="read-only")
        write(path, text)

    monkeypatch.setattr(resolve, "write_text", fail_at_two)
    assert project.cli("resolve")[0] == 2
    assert [one.read_text(), two.read_text()] == before


def test_show_asks_for_a_name(project):
    status, output = project.cli("show", "")
    assert status == 2
    assert output.err.startswith("query-snapshot: golden: name one golden")


@pytest.mark.parametrize("spelled", ["./{}", "{root}/{}", "test_x/../{}", "../{folder}/{}"])
def test_show_takes_a_path_as_a_shell_writes_it(project, monkeypatch, spelled):
    monkeypatch.chdir(project.path)
    wanted = spelled.format(ONE, root=project.path, folder=project.path.name)
    assert project.cli("show", wanted)[1].out.startswith(f"golden: {ONE}\n")


def test_show_takes_a_path_from_the_folder_it_is_called_in(project, monkeypatch):
    monkeypatch.chdir(project.path / "__snapshots__/test_x")
    assert project.cli("show", "../test_x/test_one.rows.md")[1].out.startswith(f"golden: {ONE}\n")


def test_terminal_gets_no_control_of_a_golden(project):
    path = project.path / "__snapshots__/test_x/test_one.sqlite.sql"
    path.write_text("SELECT 'a\x1b[31m\u202e\x07';\n-- \u27e6U+001B\u27e7[2J\n")
    output = project.cli("show", "test_one.sqlite.sql")[1].out
    assert not set("\x1b\u202e\x07") & set(output)
    assert output.count("\u27e6U+001B\u27e7") == 2


def test_report_names_the_last_run_and_its_databases(project, monkeypatch):
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(project.path.parent))
    assert project.cli("report")[0] == 0
    page = (project.path / ".query_snapshot/report.html").read_text()
    assert re.search(r"last run \d{4}-\d\d-\d\d \d\d:\d\d UTC; compared on sqlite", page)
    assert "; last run" not in page  # without a repository, no commit is named
