"""The pooled connections to one database, and what a test leaves on them.

A setting, a session lock or a temporary table belongs to the connection, which the pool gives to the next test.
Such a connection is closed at the end of the test. Statements are read for it as they are executed, by SQLAlchemy
or on a cursor of the driver: to ask each connection what it holds would cost as much as the test.
"""

from __future__ import annotations

import inspect
import sqlite3
import threading
from collections.abc import Callable
from typing import Any, Protocol
from weakref import WeakSet, WeakValueDictionary, ref

import sqlalchemy as sa
from sqlalchemy import event

from pytest_query_snapshot.databases.connections.counters import Counters
from pytest_query_snapshot.databases.connections.session_state import (
    NO_FUNCTIONS,
    LeavingFunctions,
    leaves_something,
)
from pytest_query_snapshot.databases.connections.sqlite_settings import settings_of
from pytest_query_snapshot.errors import RefusedError


class DriverPlace(Protocol):
    """The database that a connection leads to which no pool of SQLAlchemy has opened."""

    @property
    def dialect_name(self) -> str:
        """`sqlite` or `postgresql`."""

    def is_database_of(self, url: sa.URL, /) -> bool:
        """Return whether a URL names the same database."""


class PooledConnections:
    """Hears which connections any pool of the process gives out, and what is executed on those to the database.

    belongs: whether a connection of a driver is connected to the database.
    check: raises RefusedError for a statement that can't be executed on it.
    functions: those of the schema that leave something on the session that calls them.
    """

    def __init__(self, belongs: Callable[[Any], bool], *, check: Callable[[str], None]) -> None:
        self.functions: LeavingFunctions = NO_FUNCTIONS
        self._belongs = belongs
        self._check = check
        self._foreign: WeakSet[Any] = WeakSet()
        self._records: WeakValueDictionary[int, Any] = WeakValueDictionary()
        self._stained: WeakSet[Any] = WeakSet()
        self._counters = Counters()
        self._of_drivers: list[tuple[Any, str, Any]] = []
        self._settings: dict[ref[Any], tuple[Any, ...]] = {}

    def start(self) -> None:
        """Listen to all pools of the process."""
        event.listen(sa.pool.Pool, "checkout", self._checked_out)

    def stop(self) -> None:
        """Stop listening."""
        event.remove(sa.pool.Pool, "checkout", self._checked_out)

    def hears(self, connection: Any, statement: str, *, dialect_name: str) -> bool:
        """Hear of a statement on a connection of a driver; return whether it leaves something there.

        Raises RefusedError for what the keeper refuses, and for a counter that another test has moved.
        """
        record = self._record_of(connection)
        try:
            self._check(statement)
        except RefusedError:
            if record is not None or self._belongs(connection):  # it may be new: a pool has not given it out yet
                raise
        if record is None:
            return False
        leaves = leaves_something(statement, dialect_name) or (
            self.functions is not NO_FUNCTIONS and self.functions.are_called(statement)
        )
        if self._counters.executes(record.info, statement, dialect_name=dialect_name) or leaves:
            self._stained.add(record)
            return True
        return False

    def hears_driver(self, connection: Any, statement: str, *, dialect_name: str) -> None:
        """Hear of a statement on a connection that no pool of SQLAlchemy has opened. Raises RefusedError."""
        self._check(statement)
        if leaves_something(statement, dialect_name) or self.functions.are_called(statement):
            pool = _pool_of(connection)
            if threading.current_thread() not in getattr(pool, "_workers", ()):  # else it configures a new one
                self._of_drivers.append((connection, statement, pool))

    def left_on_drivers(self) -> list[str]:
        """Return the statements of the test that left something on such connections, where they are still open.

        A pool of psycopg_pool makes new connections in the place of those.
        """
        left = [(statement, pool) for each, statement, pool in self._of_drivers if not _is_closed(each)]
        self._of_drivers.clear()
        for pool in {id(pool): pool for _, pool in left if pool is not None}.values():
            pool.drain()
        return [statement for statement, pool in left if pool is None]

    def end_test(self) -> None:
        """Close the connections on which the test has left something, each as soon as it is not in use."""
        self._counters.end_test()
        for reference, settings in tuple(self._settings.items()):
            record = reference()
            if record is not None and settings_of(record.dbapi_connection) != settings:
                self._stained.add(record)
        if not self._stained:
            return
        stained = list(self._stained)
        self._stained.clear()
        for record in stained:
            # the loop of an async driver closes it; in a pool that it goes back to later it is replaced
            is_async = isinstance(record.dbapi_connection, sa.AdaptedConnection)
            record.invalidate(soft=record.in_use or is_async)

    def _checked_out(self, connection: Any, record: Any, _proxy: Any) -> None:
        if record in self._foreign:
            return
        if self._records.get(id(connection)) is not record:
            if not self._belongs(connection):
                self._foreign.add(record)
                return
            self._records[id(connection)] = record
            settings = settings_of(connection)
            if settings:
                self._settings[ref(record, self._forget)] = settings
            driver = getattr(connection, "driver_connection", None)
            if driver is not None:
                self._records[id(driver)] = record

    def _forget(self, record: ref[Any]) -> None:
        self._settings.pop(record, None)

    def _record_of(self, connection: Any) -> Any:
        record = self._records.get(id(connection))
        # the number of a connection that is gone may be that of another one
        known = () if record is None else (record.dbapi_connection, record.driver_connection)
        return record if any(each is connection for each in known) else None


def _pool_of(connection: Any) -> Any:
    """Return the pool of psycopg_pool that has given a connection out, if it can replace its connections here."""
    pool = getattr(connection, "_pool", None)
    drain = getattr(pool, "drain", None)  # since 3.3
    return None if drain is None or inspect.iscoroutinefunction(drain) else pool


def _is_closed(connection: Any) -> bool:
    """Return whether a connection of any driver is closed, as far as it says so."""
    if isinstance(connection, sqlite3.Connection):
        try:
            return connection.total_changes < 0
        except sqlite3.Error:  # it is closed, or belongs to another thread
            return True
    closed = getattr(connection, "closed", None)
    if closed is None:
        closed = getattr(connection, "is_closed", lambda: False)()
    return bool(closed)
