"""Pruning in whole pytest sessions: only what provably belongs to no test, and only after a whole run."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time

import pytest

from pytest_query_snapshot.sessions.lock import Running, cut_off, going_on
from pytest_query_snapshot.sessions.orphans import orphans
from pytest_query_snapshot.settings import Project

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
    (suite.path / "tests/test_users.py").write_text(KEPT)
    suite.runpytest_subprocess().assert_outcomes(passed=2)
    assert found(suite) == ORPHANS


SLOW = "\ndef test_zz(session):\n    open('reached', 'w').close()\n    import time; time.sleep(120)\n"


def wait_for(path):
    for _ in range(600):
        if path.exists():
            return
        time.sleep(0.1)
    raise AssertionError(path)


@pytest.mark.kill
def test_of_two_runs_at_once_each_has_its_own_say(suite):
    (suite.path / "tests/test_users.py").write_text(KEPT)
    (suite.path / "tests/test_slow.py").write_text(SLOW)
    command = [sys.executable, "-m", "pytest", "-q"]
    slow = subprocess.Popen(command, cwd=suite.path, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        wait_for(suite.path / "reached")
        suite.runpytest_subprocess("tests/test_users.py", "tests/test_others.py").assert_outcomes(passed=2)
        assert "a run is going on" in prune(suite, "--yes").stderr
    finally:
        slow.send_signal(signal.SIGKILL)
        slow.wait()
    assert "a run was cut off" in prune(suite, "--yes").stderr
    assert goldens(suite) == ALL
    suite.runpytest_subprocess("tests/test_users.py", "tests/test_others.py").assert_outcomes(passed=2)
    assert found(suite) == ORPHANS
    assert list((suite.path / ".query_snapshot/runs").iterdir()) == []


def test_a_module_that_was_edited_since_is_not_judged(suite):
    (suite.path / "tests/test_users.py").write_text(KEPT)
    suite.runpytest_subprocess()
    (suite.path / "tests/test_users.py").write_text(KEPT + GONE)
    assert found(suite) == []


def test_a_golden_that_came_after_the_run_is_not_judged(suite):
    suite.runpytest_subprocess().assert_outcomes(passed=3)
    (suite.path / "__snapshots__/test_users/test_pulled.rows.md").write_text("order: as given\n")
    assert found(suite) == []


def test_goldens_of_another_database_wait_for_a_run_there(suite):
    suite.runpytest_subprocess("--snapshot-update", "--database", "postgresql").assert_outcomes(passed=3)
    (suite.path / "tests/test_users.py").write_text(KEPT)
    suite.runpytest_subprocess("-k", "names", "--database", "postgresql").assert_outcomes(passed=1, deselected=1)
    suite.runpytest_subprocess().assert_outcomes(passed=2)
    assert found(suite) == ["__snapshots__/test_users/test_gone.sqlite.sql"]
    assert "Not judged: goldens of postgresql, and shared ones: the last run left out" in prune(suite).stdout
    suite.runpytest_subprocess("--database", "postgresql").assert_outcomes(passed=2)
    assert found(suite) == sorted([*ORPHANS, "__snapshots__/test_users/test_gone.postgresql.sql"])


def record_of(tmp_path, **runs):
    """Write goldens of one module on two databases, and what the runs on them are to have said."""
    (tmp_path / "test_a.py").write_text("")
    for name in ("test_x.rows.md", "test_x.sqlite.sql", "test_x.postgresql.sql"):
        path = tmp_path / "__snapshots__/test_a" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("")
    whole = {"test_a.py": "e3b0c44298fc1c14"}  # the hash of an empty file
    plain = {"exit_status": 0, "deselected": 0, "by_node_id": False, "whole_modules": whole, "asked": []}
    runs = {dialect: plain | {"began": time.time() + 60} | run for dialect, run in runs.items()}
    (tmp_path / ".query_snapshot").mkdir()
    (tmp_path / ".query_snapshot/last_run.json").write_text(json.dumps({"facts": {}, "runs": runs}))
    return {path.rpartition("test_x.")[2] for path in orphans(Project(tmp_path)).paths}


@pytest.mark.parametrize(
    ("sqlite", "postgresql", "expected"),
    [
        ({}, {}, {"rows.md", "sqlite.sql", "postgresql.sql"}),
        ({}, None, {"sqlite.sql"}),
        ({}, {"exit_status": 1}, {"sqlite.sql"}),
        ({"deselected": 1}, {}, {"postgresql.sql"}),
        ({}, {"by_node_id": True}, {"sqlite.sql"}),
        ({}, {"whole_modules": {}}, {"sqlite.sql"}),
        ({"asked": ["__snapshots__/test_a/test_x.rows.md"]}, {}, {"sqlite.sql", "postgresql.sql"}),
        ({}, {"began": 1.0}, {"sqlite.sql"}),
    ],
)
def test_what_the_last_runs_on_two_databases_prove(tmp_path, sqlite, postgresql, expected):
    runs = {"sqlite": sqlite} | ({} if postgresql is None else {"postgresql": postgresql})
    assert record_of(tmp_path, **runs) == expected


def test_markers_of_runs_tell_the_living_from_the_dead(tmp_path):
    first, second = Running.begin(tmp_path), Running.begin(tmp_path)
    assert (len(going_on(tmp_path)), cut_off(tmp_path)) == (2, ())
    os.close(second.handle)  # as the system does for a process that is killed
    assert going_on(tmp_path) == (first.path,)
    assert cut_off(tmp_path) == (second.path,)
    first.end()
    assert going_on(tmp_path) == ()


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
