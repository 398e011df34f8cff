"""`query-snapshot prune`: it lists first, deletes what is proved or named, and waits for sessions that run."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time

import pytest

from pytest_query_snapshot.cli.main import main
from pytest_query_snapshot.sessions.facts import facts_by_golden
from pytest_query_snapshot.sessions.lock import SessionMarker, killed_sessions, running_sessions
from pytest_query_snapshot.sessions.store import RECORD, read_record

TWO = "__snapshots__/test_a/test_two.rows.md"
SLOW = "def test_zz():\n    open('reached', 'w').close()\n    import time; time.sleep(120)\n"


@pytest.fixture
def prune(suite, capsys):
    def call(*options):
        capsys.readouterr()
        status = main(["--root", str(suite.path), "prune", *options])
        return status, capsys.readouterr()

    return call


@pytest.fixture
def orphaned(suite):
    suite.edit("tests/test_a.py", "def test_two", "def check_two")
    suite.run("--co", "-q")
    return suite


def test_prune_lists_first_and_deletes_with_yes(orphaned, prune):
    before = orphaned.goldens()
    status, output = prune()
    assert (status, output.out.splitlines()[0]) == (1, TWO)
    assert "1 golden belongs to no test; query-snapshot prune --yes deletes it." in output.out
    assert orphaned.goldens() == before
    assert prune("--yes")[0] == 0
    assert before - orphaned.goldens() == {"test_a/test_two.rows.md"}


def test_prune_is_done_when_it_has_deleted(orphaned, prune):
    assert prune("--yes", "--json")[0] == 0


def test_prune_says_that_every_golden_belongs_to_a_test(suite, prune, monkeypatch):
    monkeypatch.setenv("SIZES", "s,m,l")
    suite.run("--all")
    assert prune()[1].out == "Every golden belongs to a test.\n"
    assert prune("--json")[0] == 0


def test_prune_deletes_an_unproved_golden_that_is_named(suite, prune):
    suite.run()
    unproved = "__snapshots__/test_a/test_generated[3].rows.md"
    assert unproved in json.loads(prune("--json")[1].out)["not_proved"]
    listed = prune()[1].out
    assert unproved in listed.partition("Not proved, ")[2]
    assert prune("--yes", unproved)[0] == 0
    assert "test_a/test_generated[3].rows.md" not in suite.goldens()


@pytest.mark.parametrize("path", [TWO, "__snapshots__/nothing.rows.md", "pytest.ini"])
def test_prune_refuses_a_golden_in_use(suite, prune, path):
    before = suite.goldens()
    status, output = prune("--yes", path)
    assert (status, f"{path}: not a golden, or a test uses it" in output.err) == (2, True)
    assert suite.goldens() == before


def test_prune_judges_goldens_of_every_database_by_the_source(orphaned, prune):
    orphaned.write("__snapshots__/test_a/test_two.postgresql.sql", "SELECT 1;\n")
    orphaned.write("__snapshots__/test_a/test_one.postgresql.sql", "SELECT 1;\n")
    found = json.loads(prune("--json")[1].out)["orphans"]
    assert found == ["__snapshots__/test_a/test_two.postgresql.sql", TWO]


def test_prune_never_judges_goldens_of_tests_outside_of_the_root(suite, prune):
    suite.write("__snapshots__/_outside/other/test_x.rows.md", "order: as given\n")
    assert "_outside" not in prune("--json")[1].out


@pytest.mark.parametrize("record", [None, "{", '{"version": 99}', '{"facts": {}, "runs": {"sqlite": {}}}', "[]"])
def test_prune_needs_a_record(orphaned, prune, record):
    path = orphaned.path / RECORD
    path.unlink() if record is None else path.write_text(record)
    status, output = prune("--yes")
    assert (status, "no session is on record" in output.err) == (2, True)
    assert "test_a/test_two.rows.md" in orphaned.goldens()


@pytest.mark.kill
def test_prune_waits_for_a_session_that_runs_and_outlives_a_killed_one(orphaned, prune):
    orphaned.write("tests/test_zz.py", SLOW)
    command = [sys.executable, "-m", "pytest", "-q", "tests/test_zz.py"]
    slow = subprocess.Popen(command, cwd=orphaned.path, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        for _ in range(600):
            if (orphaned.path / "reached").exists():
                break
            time.sleep(0.1)
        assert "a session is running" in prune("--yes")[1].err
    finally:
        slow.send_signal(signal.SIGKILL)
        slow.wait()
    assert len(killed_sessions(orphaned.path)) == 1
    assert orphaned.orphans() == {"test_a/test_two.rows.md"}
    orphaned.run("tests/test_a.py")
    assert killed_sessions(orphaned.path) == ()


def test_markers_distinguish_running_sessions_from_killed_ones(tmp_path):
    first, second = SessionMarker.begin(tmp_path), SessionMarker.begin(tmp_path)
    assert (len(running_sessions(tmp_path)), killed_sessions(tmp_path)) == (2, ())
    os.close(second.handle)  # as the system does for a process that is killed
    assert running_sessions(tmp_path) == (first.path,)
    assert killed_sessions(tmp_path) == (second.path,)
    first.end()
    assert running_sessions(tmp_path) == ()


def test_record_of_version_1_gives_its_facts(tmp_path):
    path = tmp_path / RECORD
    path.parent.mkdir()
    fact = {
        "test": "tests/test_a.py::test_x",
        "doc": "Who?\n\nMore.",
        "seeds": ["users"],
        "source": "tests/test_a.py:3",
    }
    path.write_text(json.dumps({"facts": {"a.rows.md": fact}, "runs": {}}))
    (found,) = facts_by_golden(tmp_path).values()
    assert (found.test, found.about, found.seeds) == ("tests/test_a.py::test_x", "Who?", ("users",))


def test_record_forgets_files_that_are_gone(suite):
    (suite.path / "tests/test_a.py").unlink()
    (suite.path / "__snapshots__/deep/test_b/test_other-named.rows.md").unlink()
    suite.run("tests/guide.md")
    record = read_record(suite.path)
    assert "tests/test_a.py" not in record["modules"]
    assert not [test for test in record["passed"] if test.startswith("tests/test_a.py")]
    assert "__snapshots__/deep/test_b/test_other-named.rows.md" not in record["goldens"]
