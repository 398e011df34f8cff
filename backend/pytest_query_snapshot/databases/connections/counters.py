"""The counters of a connection, like last_insert_rowid() and lastval(), which a pool carries to the next test."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from pytest_query_snapshot.databases.project_line import project_line
from pytest_query_snapshot.errors import RefusedError
from pytest_query_snapshot.sql.effects.sessions import session_effects
from pytest_query_snapshot.sql.effects.writes import may_write

_MARK = "query_snapshot_counted"


class Counters:
    """Finds the connections that count, from the first statement on that reads a counter.

    Hardly an application reads one, and to connect again costs as much as a whole test.
    """

    def __init__(self) -> None:
        self._test = 0
        self._are_read = False

    def executes(self, info: dict[str, Any], statement: str, *, dialect_name: str) -> bool:
        """Hear of a statement; return whether the next test must not meet its connection, whose `info` this is.

        Raises RefusedError if the statement reads what an earlier test has counted.
        """
        counts, reads = _facts(statement, dialect_name)
        if reads:
            self._are_read = True
            if info.get(_MARK, self._test) != self._test:
                raise RefusedError(
                    "a counter of the connection",
                    "an earlier test has moved it, and this is the first statement of the run to read one; from "
                    "the next test on, connections that write are closed after each test",
                    project_line(),
                )
        if counts:
            info[_MARK] = self._test
        return self._are_read and info.get(_MARK) == self._test

    def end_test(self) -> None:
        """End what was counted in this test."""
        self._test += 1


@lru_cache(maxsize=4096)
def _facts(statement: str, dialect_name: str) -> tuple[bool, bool]:
    """Return whether a statement may move a counter, and whether it reads one."""
    return may_write(statement), session_effects(statement, dialect_name).reads_counters
