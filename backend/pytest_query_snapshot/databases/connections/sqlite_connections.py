"""The connections of this process to one SQLite file: SQLite itself does not tell who is in a transaction."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any
from weakref import ref

from sqlalchemy import event
from sqlalchemy.pool import Pool

from pytest_query_snapshot.databases.connections.keeper import OpenTransaction


class SQLiteConnections:
    """Collects the driver connections that SQLAlchemy's pools open to a file."""

    def __init__(self, path: Path) -> None:
        self._path = os.path.realpath(path)
        # a sqlite3.Connection can't be referenced weakly; the pool's record of it can
        self._records: set[ref[Any]] = set()
        self._unchecked: list[ref[Any]] = []
        self._listening = False
        self.attached: dict[str, None] = {}

    def start(self) -> None:
        """Listen to all pools of the process."""
        if not self._listening:
            event.listen(Pool, "connect", self._connected)
            self._listening = True

    def stop(self) -> None:
        """Stop listening."""
        if self._listening:
            event.remove(Pool, "connect", self._connected)
            self._listening = False

    def is_any_open(self) -> bool:
        """Return whether any connection is in a transaction that it began explicitly or by writing."""
        return any(True for _ in self._open())

    def open_transactions(self) -> list[OpenTransaction]:
        """List them."""
        return [OpenTransaction(id(raw), "in a transaction", "", has_written=True) for raw in self._open()]

    def end(self, owners: Sequence[int]) -> None:
        """Interrupt and roll back."""
        for raw in list(self._open()):
            if id(raw) in owners:
                with suppress(sqlite3.Error):
                    raw.interrupt()
                with suppress(sqlite3.Error):
                    raw.rollback()

    def _open(self) -> Iterator[sqlite3.Connection]:
        if self._unchecked:
            self._name_attached()
        for record in tuple(self._records):
            raw = _raw_of(record)
            try:
                if raw is not None and raw.in_transaction:
                    yield raw
            except sqlite3.Error:  # it is closed
                continue

    def _name_attached(self) -> None:
        for record in self._unchecked:
            raw = _raw_of(record)
            if raw is not None:
                self.attached |= dict.fromkeys(attached_files(raw))
        self._unchecked.clear()

    def _connected(self, connection: Any, record: Any) -> None:
        raw = sqlite_connection(connection)
        if raw is not None and os.path.realpath(file_of(raw)) == self._path:
            reference = ref(record, self._records.discard)
            self._records.add(reference)
            self._unchecked.append(reference)


def _raw_of(record: ref[Any]) -> sqlite3.Connection | None:
    found = record()
    return None if found is None else sqlite_connection(found.dbapi_connection)


def sqlite_connection(connection: Any) -> sqlite3.Connection | None:
    """Return the sqlite3 connection below a driver's; None for other drivers."""
    if isinstance(connection, sqlite3.Connection):
        return connection
    driver = getattr(connection, "driver_connection", None)
    raw = getattr(driver, "_connection", None)  # aiosqlite runs a sqlite3 connection in a thread of its own
    return raw if isinstance(raw, sqlite3.Connection) else None


def attached_files(raw: sqlite3.Connection) -> list[str]:
    """Return the paths of attached databases, which are not put back."""
    try:
        rows = raw.execute("PRAGMA database_list").fetchall()
    except sqlite3.Error:  # it belongs to another thread, or is closed
        return []
    return [str(file) for _, name, file in rows if file and name not in {"main", "temp"}]


def file_of(raw: sqlite3.Connection) -> str:
    """Return the path of the main database; empty for one in memory or of another thread."""
    try:
        rows = raw.execute("PRAGMA database_list").fetchall()
    except sqlite3.Error:  # it belongs to another thread
        return ""
    return next((str(file) for _, name, file in rows if name == "main"), "")
