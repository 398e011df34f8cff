"""Runs that are killed, crash, or meet each other: no golden is ever lost or torn."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time

import pytest

MANY = """
import pytest
import sqlalchemy as sa

@pytest.mark.parametrize("number", range(150))
def test_many(session, golden, number):
    assert session.execute(sa.text(f"SELECT {number} AS number, '{'x' * 2000}' AS filler")) == golden
"""


def start(suite, *args):
    command = [sys.executable, "-m", "pytest", "-q", *args]
    return subprocess.Popen(command, cwd=suite.path, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


@pytest.fixture
def many(empty_suite):
    empty_suite.write("test_many.py", MANY)
    empty_suite.run("--snapshot-update").assert_outcomes(passed=150)
    return empty_suite


def whole(text):
    return text.endswith(b"\n") and (b"| number number |" in text or b"SELECT" in text)


@pytest.mark.kill
def test_a_kill_in_the_middle_of_an_update_tears_nothing(many):
    before = many.goldens()
    many.write("test_many.py", MANY.replace("'x' * 2000", "'y' * 2000"))
    process = start(many, "--snapshot-update")
    deadline = time.monotonic() + 300
    while many.goldens() == before and process.poll() is None and time.monotonic() < deadline:
        time.sleep(0.005)
    os.kill(process.pid, signal.SIGKILL)
    process.wait()
    left = {name: text for name, text in many.goldens().items() if not name.rpartition("/")[2].startswith(".")}
    assert left.keys() == before.keys()
    assert all(whole(text) for text in left.values())
    assert left != before
    many.run("--snapshot-update").assert_outcomes(passed=150)


@pytest.mark.kill
def test_two_updates_at_once_leave_every_golden_whole(many):
    (many.path / "__snapshots__" / "test_many").rename(many.path / "before")
    both = [start(many, "--snapshot-update"), start(many, "--snapshot-update")]
    assert [process.wait() for process in both] == [0, 0]
    assert {path.name: path.read_bytes() for path in (many.path / "before").iterdir()} == {
        name.rpartition("/")[2]: text for name, text in many.goldens().items()
    }


@pytest.mark.kill
def test_a_crashed_worker_loses_no_golden_and_its_finished_tests_count(suite):
    before = suite.goldens()
    suite.write("test_crash.py", "import os\n\ndef test_crash(session, golden):\n    os._exit(1)\n")
    result = suite.run_process("-n", "2", "--snapshot-update", "--snapshot-warn-unused", "-p", "xdist")
    assert result.ret == 1
    result.stdout.fnmatch_lines(["*query-snapshot: * goldens compared on sqlite*"])
    assert suite.goldens() == before


def test_workers_write_what_one_process_writes(empty_suite, suite):
    before = suite.goldens()
    goldens = suite.path / "__snapshots__" / "test_shop"
    goldens.rename(suite.path / "elsewhere")
    suite.run_process("-n", "2", "--snapshot-update").assert_outcomes(passed=10)
    assert suite.goldens() == before
