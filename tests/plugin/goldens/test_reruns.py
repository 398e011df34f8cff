"""A test that pytest-rerunfailures runs again: it begins with the seed, and its last attempt counts."""

from __future__ import annotations

import pytest

TEST = """
import sqlalchemy as sa

ATTEMPTS = []

def test_rows(session, golden):
    ATTEMPTS.append(1)
    attempt = len(ATTEMPTS)
    session.execute(sa.text("INSERT INTO workspace VALUES (:id, 'Acme')"), {{"id": {id}}})
    session.commit()
    assert session.execute(sa.text("SELECT id, name FROM workspace ORDER BY id")) == golden.rows
    assert {passes}
"""


@pytest.fixture(params=["savepoint", "connections"])
def rerun(request, make_project, pytester, monkeypatch):
    """Return a function that runs the test with one rerun; its golden holds the row 1."""
    project = make_project("sqlite")
    monkeypatch.setenv("PYTEST_ADDOPTS", "-p no:hypothesispytest -p no:faker -p no:anyio -p no:xdist")

    def run(*options: str, row: str, passes: str = "True") -> pytest.RunResult:
        project.test(TEST.format(id=row, passes=passes))
        isolation = f"--isolation={request.param}"
        return pytester.runpytest_subprocess("--reruns=1", "-p", "rerunfailures", isolation, *options)

    run("--snapshot-update", row="1").assert_outcomes(passed=1)
    return run


def golden_of(pytester):
    return (pytester.path / "__snapshots__" / "test_it" / "test_rows.rows.md").read_text().splitlines()[-1]


def pending_of(pytester):
    return [path.name for path in (pytester.path / ".query_snapshot" / "pending").rglob("*") if path.is_file()]


def test_mismatch_of_the_first_attempt_is_not_left_pending(rerun, pytester):
    result = rerun(row="3 - attempt")  # 2, then 1
    result.stdout.fnmatch_lines(["query-snapshot: 1 golden compared on sqlite", "*1 passed, 1 rerun*"])
    assert pending_of(pytester) == []


def test_mismatch_of_each_attempt_is_counted_once(rerun, pytester):
    result = rerun(row="1 + attempt")
    result.stdout.fnmatch_lines(
        [
            "*: 1 -> 3",
            "query-snapshot: 1 change waits for review*",
            "query-snapshot: 1 golden compared on sqlite: 1 changed",
            "*1 failed, 1 rerun*",
        ]
    )
    assert pending_of(pytester) != []


def test_an_attempt_finds_nothing_that_the_one_before_committed(rerun):
    result = rerun(row="1", passes="attempt == 2")
    result.stdout.fnmatch_lines(["query-snapshot: 1 golden compared on sqlite", "*1 passed, 1 rerun*"])


def test_update_keeps_what_the_last_attempt_received(rerun, pytester):
    result = rerun("--snapshot-update", row="1 + attempt", passes="attempt == 2")
    result.stdout.fnmatch_lines(["query-snapshot: 1 golden compared on sqlite: 1 updated", "*1 passed, 1 rerun*"])
    assert golden_of(pytester) == "| 3 | Acme |"
