"""`query-snapshot resolve` and `show` on a project with goldens."""

from __future__ import annotations

import json

import pytest

from pytest_query_snapshot.cli.main import main

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
    ("part", "message"), [("test_t", "several goldens match test_t"), ("test_nine", "golden test_nine")]
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
