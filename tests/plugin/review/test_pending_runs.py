"""What runs leave for review: whole pytest sessions, one process or many, cut off or not."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from pytest_query_snapshot.cli.main import main
from pytest_query_snapshot.review.pending import Pending, record

pytest_plugins = ["pytester"]

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

pytestmark = pytest.mark.seed("users")

def query():
    return sa.text(os.environ.get("QUERY", "SELECT name FROM users WHERE id > 0 ORDER BY name"))

@pytest.mark.parametrize("number", range(4))
def test_names(session, golden, number):
    '''Who is there?'''
    assert session.execute(query()) == golden
"""
BROKEN = "SELECT name FROM users ORDER BY name"


@pytest.fixture
def suite(pytester, monkeypatch):
    monkeypatch.delenv("CI", raising=False)
    pytester.makeconftest(CONFTEST)
    pytester.makepyfile(test_users=TESTS)
    pytester.mkdir("fixtures_sql").joinpath("users.sql").write_text(
        "INSERT INTO users (id, name) VALUES (1, 'Ada'), (2, 'Bob');\n"
    )
    pytester.makefile(
        ".toml", pyproject="[tool.pytest.ini_options]\nasyncio_default_fixture_loop_scope = 'function'\n"
    )
    pytester.runpytest_inprocess("--snapshot-update").assert_outcomes(passed=4)
    return pytester


def pending(suite):
    folder = suite.path / ".query_snapshot" / "pending"
    return [json.loads(path.read_text()) for path in sorted(folder.glob("*.json"))]


@pytest.fixture
def cli(suite, capsys):
    """Run the command on the suite: its status, and what it printed."""

    def run(*arguments):
        capsys.readouterr()
        return main(["--root", str(suite.path), *arguments]), capsys.readouterr()

    return run


@pytest.mark.parametrize("workers", [[], ["-n", "2"]])
def test_a_failing_run_leaves_what_it_received_beside_its_base(suite, monkeypatch, workers):
    monkeypatch.setenv("QUERY", BROKEN)
    run = suite.runpytest_subprocess if workers else suite.runpytest_inprocess
    result = run(*workers)
    result.assert_outcomes(failed=4)
    result.stdout.fnmatch_lines(["*4 changes wait for review: query-snapshot review"])
    found = pending(suite)
    assert len(found) == 4
    assert {one["kind"] for one in found} == {"sql"}
    assert all("id > 0" in one["base"] and "id > 0" not in one["received"] for one in found)
    assert found[0]["seeds"] == ["users"]
    assert found[0]["about"] == "Who is there?"
    snapshots = [path.read_text() for path in (suite.path / "__snapshots__").rglob("*.sql")]
    assert all("id > 0" in text for text in snapshots)


def test_a_later_passing_run_clears(suite, monkeypatch):
    monkeypatch.setenv("QUERY", BROKEN)
    suite.runpytest_inprocess()
    monkeypatch.delenv("QUERY")
    suite.runpytest_inprocess("-k", "0 or 1").assert_outcomes(passed=2, deselected=2)
    assert len(pending(suite)) == 2
    suite.runpytest_inprocess().assert_outcomes(passed=4)
    assert pending(suite) == []


def test_updating_clears_too(suite, monkeypatch):
    monkeypatch.setenv("QUERY", BROKEN)
    suite.runpytest_inprocess()
    suite.runpytest_inprocess("--snapshot-update", "--accept-risks").assert_outcomes(passed=4)
    assert pending(suite) == []


def test_from_red_to_accepted(suite, cli, monkeypatch):
    monkeypatch.setenv("QUERY", BROKEN)
    suite.runpytest_inprocess().assert_outcomes(failed=4)
    status, left = cli("accept", "--all")
    assert status == 1
    assert "predicate-removed" in left.out
    for one in pending(suite):
        assert cli("accept", one["golden"])[0] == 0
    suite.runpytest_inprocess().assert_outcomes(passed=4)


def test_classes_that_the_run_found_are_not_found_again(suite, cli, monkeypatch):
    monkeypatch.setenv("QUERY", BROKEN)
    suite.runpytest_inprocess("-v", "-k", "0 or 1")
    monkeypatch.setattr("pytest_query_snapshot.goldens.classify.classify_golden", None)
    assert "2 pending of 1 cause, 2 of them risks" in cli("list")[1].out


def test_accepting_while_the_test_runs_again_loses_nothing(suite, cli, monkeypatch):
    """The run has read the golden before somebody accepted the same value: accepting again is fine."""
    monkeypatch.setenv("QUERY", BROKEN)
    suite.runpytest_inprocess("-k", "0")
    (found,) = pending(suite)
    assert cli("accept", found["golden"])[0] == 0
    record(suite.path, Pending(**found | {"seeds": tuple(found["seeds"])}))
    assert cli("accept", found["golden"])[0] == 0
    assert pending(suite) == []
    later = found | {"received": found["received"] + "-- more\n", "seeds": tuple(found["seeds"])}
    record(suite.path, Pending(**later))
    assert "changed since the failing run" in cli("accept", found["golden"])[1].err


def test_an_experiment_leaves_nothing(suite, monkeypatch):
    monkeypatch.setenv("QUERY", BROKEN)
    suite.runpytest_inprocess("--row-order", "reversed")
    assert pending(suite) == []


def test_a_folder_that_can_not_be_written_changes_no_verdict(suite, monkeypatch):
    monkeypatch.setenv("QUERY", BROKEN)
    (suite.path / ".query_snapshot").rename(suite.path / "moved")
    (suite.path / ".query_snapshot").write_text("a file where the folder should be")
    result = suite.runpytest_subprocess("-n", "2")
    result.assert_outcomes(failed=4)
    result.stdout.fnmatch_lines(["*not left for review: *could not be written*"])


@pytest.mark.kill
def test_a_worker_that_crashes_has_left_what_it_saw(suite, cli, monkeypatch):
    monkeypatch.setenv("QUERY", BROKEN)
    suite.makepyfile(test_users=TESTS + "\n\ndef test_zz(session):\n    os._exit(9)\n")
    suite.runpytest_subprocess("-n", "1")
    assert len(pending(suite)) == 4
    assert cli("prune", "--yes")[1].out == "Every golden belongs to a test.\n"


@pytest.mark.kill
def test_a_run_that_is_killed_has_left_what_it_saw(suite, monkeypatch):
    monkeypatch.setenv("QUERY", BROKEN)
    hang = "\n\ndef test_zz(session):\n    open('reached', 'w').close()\n    import time; time.sleep(60)\n"
    suite.makepyfile(test_users=TESTS + hang)
    process = subprocess.Popen(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:randomly"],
        cwd=suite.path,
        env=os.environ,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    for _ in range(300):
        if Path(suite.path, "reached").exists():
            break
        time.sleep(0.1)
    process.send_signal(signal.SIGKILL)
    process.wait()
    assert len(pending(suite)) == 4
