"""The pool of the isolated engine: sessions are used again, as in production, but not by the next test."""

from __future__ import annotations

from typing import Any

from sqlalchemy.pool import ConnectionPoolEntry, Pool


class SessionPool(Pool):
    """Gives the connection that was returned last; makes one when all are in use."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._idle: list[ConnectionPoolEntry] = []

    def status(self) -> str:
        """Describe the pool."""
        return f"SessionPool with {len(self._idle)} idle connections"

    def recreate(self) -> SessionPool:
        """Return an empty pool with the same settings."""
        return type(self)(
            self._creator, logging_name=self._orig_logging_name, dialect=self._dialect, _dispatch=self.dispatch
        )

    def dispose(self) -> None:
        """Close what is idle."""
        while self._idle:
            self._idle.pop().close()

    def _do_get(self) -> ConnectionPoolEntry:
        while self._idle:
            entry = self._idle.pop()
            if not _is_over(entry):
                return entry
        return self._create_connection()

    def _do_return_conn(self, record: ConnectionPoolEntry) -> None:
        if not _is_over(record):
            self._idle.append(record)


def _is_over(entry: ConnectionPoolEntry) -> bool:
    connection: Any = entry.dbapi_connection
    return connection is not None and connection.containment.is_over
