"""Threads that outlive the test that started them: what they do later belongs to no test."""

from __future__ import annotations

import threading
from typing import Any
from weakref import WeakKeyDictionary

# threads of these pools serve many tests
_POOLS = ("concurrent.futures", "anyio", "asyncio", "multiprocessing")


class LateThreads:
    """Knows which thread was started by which test, once that test has ended."""

    def __init__(self) -> None:
        self.reports: list[str] = []
        self._before: set[threading.Thread] = set()
        self._owners: WeakKeyDictionary[threading.Thread, str] = WeakKeyDictionary()

    def begin_test(self) -> None:
        """Note which threads there are."""
        self._before = set(threading.enumerate()) if threading.active_count() > 1 else {threading.main_thread()}

    def end_test(self, test: str) -> None:
        """Note which threads a test has started and left alive."""
        if threading.active_count() > 1:
            me = threading.current_thread()
            for thread in set(threading.enumerate()) - self._before:
                if thread is not me and not _is_of_a_pool(thread):
                    self._owners[thread] = test

    def owner_of_this(self) -> str | None:
        """Return the test that this thread has outlived."""
        return self._owners.get(threading.current_thread()) if self._owners else None

    def report(self, test: str, what: str) -> None:
        """Keep what the run says at its end."""
        self.reports.append(f"{test}: thread {threading.current_thread().name!r} {what}")


def _is_of_a_pool(thread: threading.Thread) -> bool:
    target: Any = getattr(thread, "_target", None)
    module = getattr(target, "__module__", None) or type(thread).__module__
    return module.startswith(_POOLS) or type(thread).__module__.startswith(_POOLS)
