"""A thread belongs to the test that started it."""

from __future__ import annotations

import threading

import pytest

from pytest_query_snapshot.databases.savepoint.late_threads import LateThreads


@pytest.mark.parametrize(("begins", "owner"), [("before", None), ("during", "test_a")])
def test_thread_that_outlives_a_test_is_of_the_test_that_started_it(monkeypatch, begins, owner):
    late, stop, asked, found = LateThreads(), threading.Event(), threading.Event(), []

    def work():
        asked.wait()
        found.append(late.owner_of_this())
        stop.wait()

    thread = threading.Thread(target=work)
    if begins == "before":
        thread.start()
        # no other thread of this process, such as one that an earlier test has left
        monkeypatch.setattr(threading, "enumerate", lambda: [threading.main_thread(), thread])
        monkeypatch.setattr(threading, "active_count", lambda: 2)
    late.begin_test()
    if begins == "during":
        thread.start()
    late.end_test("test_a")
    asked.set()
    stop.set()
    thread.join()
    assert found == [owner]
    assert late.owner_of_this() is None
