"""The counters of a connection to SQLite, such as last_insert_rowid(), which a pool carries from test to test."""

from __future__ import annotations

import re
from weakref import WeakSet

import sqlalchemy as sa

from pytest_query_snapshot.databases.project_line import project_line
from pytest_query_snapshot.errors import RefusedError

_COUNTED = frozenset({"INSERT", "REPLAC", "UPDATE", "DELETE", "WITH"})
_READS = re.compile(r"\b(?:last_insert_rowid|(?:total_)?changes)\s*\(", re.IGNORECASE)
_MARK = "query_snapshot_counted"


class Counters:
    """Closes the pools whose connections count, from the first statement on that reads a counter.

    Hardly an application reads one, and to connect again costs as much as a whole test.
    """

    def __init__(self) -> None:
        self._test = 0
        self._are_read = False
        self._engines: WeakSet[sa.Engine] = WeakSet()

    def executes(self, connection: sa.Connection, statement: str) -> None:
        """Hear of a statement. Raises RefusedError if it reads what an earlier test has counted."""
        if statement.lstrip()[:6].rstrip().upper() in _COUNTED:
            self._engines.add(connection.engine)
            connection.info[_MARK] = self._test
        if _READS.search(statement):
            self._are_read = True
            if connection.info.get(_MARK, self._test) != self._test:
                raise RefusedError(
                    "a counter of the connection",
                    "an earlier test has moved it, and this is the first statement of the run to read one; from "
                    "the next test on, connections that write are closed after each test",
                    project_line(),
                )

    def engines_to_close(self) -> WeakSet[sa.Engine]:
        """Return the engines whose counters the next test must not meet."""
        return self._engines if self._are_read else WeakSet()

    def end_test(self) -> None:
        """End what was counted in this test."""
        self._test += 1
        self._engines = WeakSet()
