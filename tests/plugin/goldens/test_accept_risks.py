"""An update leaves risks for review, unless it is told to take them."""

from __future__ import annotations

import pytest

CONFTEST = """
import pytest
import sqlalchemy as sa

metadata = sa.MetaData()
users = sa.Table("users", metadata, sa.Column("id", sa.Integer, primary_key=True), sa.Column("name", sa.String))

@pytest.fixture(scope="session")
def query_snapshot_schema():
    return metadata
"""
TESTS = """
import os
import pytest
import sqlalchemy as sa

@pytest.mark.seed("users")
def test_names(session, golden):
    assert session.execute(sa.text(os.environ["QUERY"])) == golden
"""
FILTERED = "SELECT name FROM users WHERE id > 1 ORDER BY name"


@pytest.fixture
def project(pytester, monkeypatch):
    monkeypatch.delenv("CI", raising=False)
    monkeypatch.setenv("QUERY", FILTERED)
    pytester.makeconftest(CONFTEST)
    pytester.makeini("[pytest]\nasyncio_default_fixture_loop_scope = function\n")
    pytester.path.joinpath("fixtures_sql").mkdir()
    pytester.path.joinpath("fixtures_sql", "users.sql").write_text(
        "INSERT INTO users VALUES (1, 'Ada'), (2, 'Bo');"
    )
    pytester.makepyfile(test_users=TESTS)
    pytester.runpytest_inprocess("--snapshot-update").assert_outcomes(passed=1)
    return pytester


def stored(project):
    return {path.name: path.read_text() for path in project.path.joinpath("__snapshots__/test_users").iterdir()}


def test_update_leaves_a_risk_and_its_rows_for_review(project, monkeypatch):
    before = stored(project)
    monkeypatch.setenv("QUERY", "SELECT name FROM users ORDER BY name")
    result = project.runpytest_inprocess("--snapshot-update")
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(["*risk is not updated*--accept-risks*", "*2 changes wait for review*"])
    assert stored(project) == before


def test_update_on_a_database_without_a_golden_of_the_statement_leaves_changed_rows_for_review(
    project, monkeypatch
):
    """The rows are those of another database, where the same change is a risk."""
    folder = project.path / "__snapshots__/test_users"
    next(folder.glob("*.sql")).unlink()
    before = stored(project)
    monkeypatch.setenv("QUERY", "SELECT name FROM users ORDER BY name")
    result = project.runpytest_inprocess("--snapshot-update")
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(["*no golden of the statement to tell why*--accept-risks*"])
    assert stored(project) == before
    project.runpytest_inprocess("--snapshot-update", "--accept-risks").assert_outcomes(passed=1)


def test_update_on_a_database_without_a_golden_of_the_statement_writes_it_where_rows_are_equal(project):
    folder = project.path / "__snapshots__/test_users"
    next(folder.glob("*.sql")).unlink()
    project.runpytest_inprocess("--snapshot-update").assert_outcomes(passed=1)
    assert list(folder.glob("*.sql"))


def test_update_writes_a_risk_with_accept_risks(project, monkeypatch):
    monkeypatch.setenv("QUERY", "SELECT name FROM users ORDER BY name")
    project.runpytest_inprocess("--snapshot-update", "--accept-risks").assert_outcomes(passed=1)
    project.runpytest_inprocess().assert_outcomes(passed=1)


def test_update_writes_what_is_not_a_risk(project, monkeypatch):
    monkeypatch.setenv("QUERY", "SELECT id, name FROM users WHERE id > 1 ORDER BY name")
    project.runpytest_inprocess("--snapshot-update").assert_outcomes(passed=1)
    project.runpytest_inprocess().assert_outcomes(passed=1)


def test_failure_for_a_risk_points_to_review(project, monkeypatch):
    monkeypatch.setenv("QUERY", "SELECT name FROM users ORDER BY name")
    result = project.runpytest_inprocess()
    result.stdout.fnmatch_lines(["*decide: query-snapshot review*"])
    result.stdout.no_fnmatch_line("*--snapshot-update*")
