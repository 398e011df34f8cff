"""Pruning in whole pytest sessions: only what provably belongs to no test, and only after a whole run."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

from .conftest import page_data
from .test_pending_runs import CONFTEST

pytest_plugins = ["pytester"]

KEPT = """
import pytest
import sqlalchemy as sa

pytestmark = pytest.mark.seed("users")
QUERY = sa.text("SELECT name FROM users ORDER BY name")

def test_names(session, golden):
    assert session.execute(QUERY) == golden
"""
GONE = """
def test_gone(session, golden):
    assert session.execute(QUERY) == golden
"""
ROWS_ONLY = KEPT.replace("== golden", "== golden.rows")


@pytest.fixture
def suite(pytester, monkeypatch):
    monkeypatch.delenv("CI", raising=False)
    pytester.makeconftest(CONFTEST)
    tests = pytester.mkdir("tests")
    (tests / "test_users.py").write_text(KEPT + GONE)
    (tests / "test_others.py").write_text(KEPT.replace("test_names", "test_others"))
    pytester.mkdir("fixtures_sql").joinpath("users.sql").write_text(
        "INSERT INTO users (id, name) VALUES (1, 'Ada');\n"
    )
    pytester.makefile(
        ".toml",
        pyproject="[tool.pytest]\ntestpaths = ['tests']\nasyncio_default_fixture_loop_scope = 'function'\n",
    )
    pytester.runpytest_subprocess("--snapshot-update").assert_outcomes(passed=3)
    return pytester


def prune(suite, *options):
    command = [sys.executable, "-m", "pytest_query_snapshot.cli", "prune", *options]
    return subprocess.run(command, cwd=suite.path, capture_output=True, text=True, check=False)


def goldens(suite):
    return sorted(
        path.relative_to(suite.path / "__snapshots__").as_posix() for path in suite.path.rglob("*.sqlite.sql")
    )


def found(suite):
    return sorted(json.loads(prune(suite, "--json").stdout)["orphans"])


ALL = ["test_others/test_others.sqlite.sql", "test_users/test_gone.sqlite.sql", "test_users/test_names.sqlite.sql"]
ORPHANS = ["__snapshots__/test_users/test_gone.rows.md", "__snapshots__/test_users/test_gone.sqlite.sql"]


def test_nothing_is_an_orphan_after_a_whole_run(suite):
    assert prune(suite).stdout == "Every golden belongs to a test.\n"


@pytest.mark.parametrize("options", [[], ["-n", "2"], ["tests/test_users.py"]])
def test_a_removed_test_leaves_orphans_that_are_listed_first(suite, options):
    (suite.path / "tests/test_users.py").write_text(KEPT)
    suite.runpytest_subprocess(*options)
    assert found(suite) == ORPHANS
    assert "prune --yes deletes them" in prune(suite).stdout
    assert goldens(suite) == ALL
    assert prune(suite, "--yes").returncode == 0
    assert goldens(suite) == [ALL[0], ALL[2]]


def test_a_removed_module_leaves_orphans(suite):
    (suite.path / "tests/test_others.py").unlink()
    suite.runpytest_subprocess()
    assert [path.rpartition("/")[2] for path in found(suite)] == ["test_others.rows.md", "test_others.sqlite.sql"]


def test_a_kind_that_is_not_asked_for_is_an_orphan_of_its_dialect_only(suite):
    folder = suite.path / "__snapshots__/test_users"
    (folder / "test_names.postgresql.sql").write_text("SELECT 1;\n")
    (suite.path / "tests/test_users.py").write_text(ROWS_ONLY + GONE)
    suite.runpytest_subprocess().assert_outcomes(passed=3)
    assert found(suite) == ["__snapshots__/test_users/test_names.sqlite.sql"]


@pytest.mark.parametrize(
    ("options", "reason"),
    [
        (["-k", "names"], "left out"),
        (["--deselect", "tests/test_others.py::test_others"], "left out"),
        (["tests/test_users.py::test_names"], "single tests"),
    ],
)
def test_a_partial_run_proves_nothing(suite, options, reason):
    (suite.path / "tests/test_users.py").write_text(KEPT)
    suite.runpytest_subprocess(*options)
    done = prune(suite, "--yes")
    assert done.returncode == 2
    assert reason in done.stderr
    assert goldens(suite) == ALL


@pytest.mark.parametrize(
    "breakage",
    [
        "def test_fails():\n    assert False",
        "import os\ndef test_crashes():\n    os._exit(3)",
        "import no_such_module",
    ],
    ids=["failed", "crashed", "not collected"],
)
@pytest.mark.parametrize("workers", [[], ["-n", "2"]])
def test_a_failed_or_crashed_run_proves_nothing(suite, breakage, workers):
    (suite.path / "tests/test_users.py").write_text(KEPT)
    (suite.path / "tests/test_broken.py").write_text(breakage + "\n")
    suite.runpytest_subprocess(*workers)
    prune(suite, "--yes")
    assert goldens(suite) == ALL


def test_a_run_that_was_cut_off_takes_back_what_the_one_before_proved(suite):
    (suite.path / "tests/test_users.py").write_text(KEPT)
    suite.runpytest_subprocess()
    (suite.path / "tests/test_users.py").write_text(KEPT + "\ndef test_zz():\n    import os; os._exit(9)\n")
    suite.runpytest_subprocess()
    done = prune(suite, "--yes")
    assert done.returncode == 2
    assert "cut off" in done.stderr
    assert goldens(suite) == ALL


def test_a_skipped_test_keeps_the_goldens_of_its_module(suite):
    skipped = GONE.replace("def test", "@pytest.mark.skip(reason='not here')\ndef test")
    (suite.path / "tests/test_users.py").write_text(KEPT + skipped)
    suite.runpytest_subprocess().assert_outcomes(passed=2, skipped=1)
    assert found(suite) == []


def test_a_module_that_did_not_run_keeps_its_goldens(suite):
    (suite.path / "tests/test_others.py").write_text("def test_nothing():\n    pass\n")
    suite.runpytest_subprocess("tests/test_users.py").assert_outcomes(passed=2)
    assert found(suite) == []


def test_without_a_run_nothing_is_proved(suite):
    (suite.path / ".query_snapshot/last_run.json").unlink()
    done = prune(suite)
    assert done.returncode == 2
    assert "no run is on record" in done.stderr


def test_a_damaged_record_proves_nothing(suite):
    (suite.path / ".query_snapshot/last_run.json").write_text("{")
    assert prune(suite, "--yes").returncode == 2
    assert goldens(suite) == ALL


def test_the_report_knows_seeds_and_words_of_a_test(suite):
    subprocess.run([sys.executable, "-m", "pytest_query_snapshot.cli", "report"], cwd=suite.path, check=True)
    queries = page_data(suite.path / ".query_snapshot/report.html")["queries"]
    names = next(query for query in queries if query["name"] == "Names")
    assert (names["test"], names["seeds"]) == ("tests/test_users.py::test_names", ["users"])
