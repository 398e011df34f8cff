"""Everything that is watched while a test runs: statements, connections, columns that are read."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import sqlalchemy as sa

from pytest_query_snapshot.budgets.open_connections import OpenConnections
from pytest_query_snapshot.budgets.query_log import Entry, QueryLog
from pytest_query_snapshot.budgets.series import Finding
from pytest_query_snapshot.budgets.unread_columns import ReadColumns


class Watch:
    """The statements of every engine of the process, and with ``hazards`` what else tells of hazards."""

    def __init__(self, *, counts: Callable[[], bool], hazards: bool) -> None:
        self.allowed: frozenset[str] | None = None
        """The hazards that the test allows; None until its call has been judged for hazards."""
        self._queries = QueryLog(sa.Engine, counts=counts)
        self._columns = ReadColumns() if hazards else None
        self._connections = OpenConnections() if hazards else None

    @property
    def entries(self) -> list[Entry]:
        """The statements so far."""
        return self._queries.entries

    def open(self) -> None:
        """Begin to watch."""
        self._queries.open()
        if self._columns is not None:
            self._columns.open()
        if self._connections is not None:
            self._connections.open()

    def close(self) -> None:
        """End watching, except for connections: fixtures may close them later."""
        self._queries.close()
        if self._columns is not None:
            self._columns.close()
        if self._connections is not None:
            self._connections.stop_taking()

    def stop_connections(self) -> None:
        """End watching connections."""
        if self._connections is not None:
            self._connections.close()

    def unread_columns(self) -> Iterator[Finding]:
        """Yield the large columns that were loaded and never read."""
        return self._columns.findings() if self._columns is not None else iter(())

    def open_connections(self) -> Iterator[Finding]:
        """Yield the lines that left a connection open."""
        return self._connections.findings() if self._connections is not None else iter(())
