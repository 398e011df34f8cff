"""One test at a time: whether it passes, and never longer than it may take."""

from __future__ import annotations

import gc
import signal
import sqlite3
import sys
from contextlib import suppress

from sqlalchemy import Engine, event

from tests.mutants.places import is_reference
from tests.mutants.rows import RowsOnly
from tests.mutants.ties import Settler, Ties

LONGEST = {False: 5, True: 40}  # seconds of CPU for a golden and a reference: many times what it takes unbroken


SERVER_LIMIT = "-c statement_timeout=20s"  # PostgreSQL works elsewhere, where no seconds of ours pass
QUERY_CANCELED = "57014"


class TooLongError(Exception):
    """The test has used up its time."""


class Trial(RowsOnly):
    """Runs the tests of one session, each as often as it is asked to."""

    def __init__(self) -> None:
        super().__init__()
        self.settler, self.has_failed, self.is_late, self.is_limited = Settler(), False, False, False
        self.connections, self.reads_backwards = (), False
        event.listen(Engine, "handle_error", self._notice)

    def limit(self) -> None:
        """From now on, stop a test that takes too long; also while SQLite works on one statement."""
        signal.signal(signal.SIGPROF, self._stop)
        for connection in self.connections:
            with suppress(sqlite3.ProgrammingError):  # closed concurrently
                connection.set_progress_handler(lambda: 0, 100_000)  # Python runs, and sees the signal
        self.is_limited = True

    def find_connections(self) -> None:
        """Look for the connections to SQLite that are open now; every test uses one of them."""
        self.connections = [each for each in gc.get_objects() if isinstance(each, sqlite3.Connection)]

    def _read_backwards(self, *, on: bool) -> None:
        """Let SQLite read what has no order from its end: rows that came in order by luck no longer do."""
        if on is self.reads_backwards:
            return
        for connection in self.connections:
            with suppress(sqlite3.ProgrammingError):
                connection.execute(f"PRAGMA reverse_unordered_selects = {'ON' if on else 'OFF'}")
        self.reads_backwards = on

    def _stop(self, *_) -> None:
        self.is_late = True
        raise TooLongError

    def _notice(self, context) -> None:
        if getattr(context.original_exception, "sqlstate", None) == QUERY_CANCELED:
            self.is_late = True

    def passes(self, item, ties: Ties = Ties.DATABASE) -> bool:
        """Run one test; fixtures of wider scope stay. One that is stopped has not passed, and `is_late`."""
        self.has_failed, self.is_late, self.settler.ties = False, False, ties
        if self.is_limited:
            signal.setitimer(signal.ITIMER_PROF, LONGEST[is_reference(item.nodeid)])
        try:
            self._read_backwards(on=ties is Ties.DOWNWARDS)
            item.config.hook.pytest_runtest_protocol(item=item, nextitem=item.session)
        finally:
            signal.setitimer(signal.ITIMER_PROF, 0)
            self.settler.ties = Ties.DATABASE
        return not self.has_failed

    def pytest_internalerror(self, excrepr):
        sys.stderr.write(f"{excrepr}\n")

    def pytest_runtest_logreport(self, report):
        self.has_failed = self.has_failed or report.failed
