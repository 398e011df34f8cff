"""Notes of several processes become those of one session."""

from __future__ import annotations

import pytest

from pytest_query_snapshot.sessions.collector import SessionNotes


def worker(golden, test):
    notes = SessionNotes()
    notes.facts[golden] = {"test": test}
    return notes.notes_of_worker()


def test_merge_names_a_golden_that_tests_of_two_workers_claimed():
    notes = SessionNotes()
    notes.merge(worker("a.rows.md", "test_a.py::test_x"))
    notes.merge(worker("b.rows.md", "test_a.py::test_y"))
    notes.merge(worker("a.rows.md", "test_a.py::test_x"))
    assert notes.shared == {}
    notes.merge(worker("a.rows.md", "test_b.py::test_x"))
    assert notes.shared == {"a.rows.md": ("test_a.py::test_x", "test_b.py::test_x")}


def test_session_in_which_two_workers_claimed_a_golden_fails(pytester):
    pytester.makeconftest(
        """
import pytest
from pytest_query_snapshot.hooks import sessions

@pytest.hookimpl(tryfirst=True)
def pytest_sessionfinish(session):
    sessions._notes(session.config).shared["a.rows.md"] = ("test_a.py::test_x", "test_b.py::test_x")
"""
    )
    pytester.makepyfile("def test(): pass")
    result = pytester.runpytest_inprocess("-p", "no:asyncio")
    assert result.ret == pytest.ExitCode.TESTS_FAILED
    result.stdout.fnmatch_lines(["*a.rows.md: claimed by two tests, test_a.py::test_x and test_b.py::test_x*"])
