"""Cursors of drivers that tell a recorder what is executed past SQLAlchemy.

A driver that lets a connection name its class of cursors gets one that reports (psycopg, psycopg2, pymysql,
mysqlclient, sqlite3), a subclass of the project's where the project names one. `async_connections` serves async
drivers. Connections that sqlite3 made in a ``creator=``, or before the first test that records, report only what
goes through SQLAlchemy.
"""

from __future__ import annotations

import sqlite3
import sys
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from sqlalchemy import event

from pytest_query_snapshot.recording.drivers.async_connections import AsyncClasses
from pytest_query_snapshot.recording.drivers.calls import reports
from pytest_query_snapshot.recording.drivers.own_connections import DriverConnections
from pytest_query_snapshot.recording.drivers.reporting_cursors import reporting_class

if TYPE_CHECKING:
    from pytest_query_snapshot.recording.drivers.calls import Listener

_FACTORIES = {
    "psycopg": ("cursor_factory", "server_cursor_factory"),
    "psycopg2": ("cursor_factory",),
    "pymysql": ("cursorclass",),
    "MySQLdb": ("cursorclass",),
}


class RawCursors:
    """Gives connections of every pool cursors that report to one listener."""

    def __init__(self, listener: Listener) -> None:
        self._listener = listener
        self._classes: dict[type, type] = {}
        self._async = AsyncClasses(listener)
        self._drivers = DriverConnections(
            listener, adopt=self._adopt, asynchronous=self._async, sqlite_factory=self._sqlite_factory
        )

    def install(self) -> None:
        """Begin with the next connection that any pool opens, or gives out."""
        event.listen(sa.Engine, "do_connect", self._connecting)
        event.listen(sa.pool.Pool, "connect", self._connected)
        event.listen(sa.pool.Pool, "checkout", self._checked_out)

    def install_drivers(self) -> None:
        """Take in connections that drivers make by themselves, of each driver that is imported by now."""
        self._drivers.install()

    def uninstall(self) -> None:
        """Leave new connections alone; those that are open keep their cursors, which report to no test."""
        self._drivers.uninstall()
        if event.contains(sa.pool.Pool, "connect", self._connected):
            event.remove(sa.Engine, "do_connect", self._connecting)
            event.remove(sa.pool.Pool, "connect", self._connected)
            event.remove(sa.pool.Pool, "checkout", self._checked_out)

    def _connecting(self, dialect: Any, _record: Any, _args: Any, named: dict[str, Any]) -> None:
        factory = named.get("factory", sqlite3.Connection)
        # a dialect may keep the arguments of its last connection
        if dialect.driver == "pysqlite" and isinstance(factory, type) and not reports(factory, self._listener):
            named["factory"] = self._sqlite_factory(factory, dialect)

    def _sqlite_factory(self, base: Any, dialect: Any) -> Any:
        reporting = self._reporting

        class ReportingConnection(sqlite3.Connection):
            query_snapshot_origin = dialect
            query_snapshot_listener = self._listener

            def cursor(self, factory: Any = sqlite3.Cursor) -> Any:
                return super().cursor(reporting(factory) if isinstance(factory, type) else factory)

            # sqlite3's own shortcuts make a cursor without calling `cursor`
            def execute(self, *args: Any) -> Any:
                return self.cursor().execute(*args)

            def executemany(self, *args: Any) -> Any:
                return self.cursor().executemany(*args)

            def executescript(self, *args: Any) -> Any:
                return self.cursor().executescript(*args)

        if base is sqlite3.Connection:
            return ReportingConnection
        return type(base.__name__, (base, ReportingConnection), {})  # the project's methods come first

    def _checked_out(self, connection: Any, record: Any, _proxy: Any) -> None:
        """Take in connections that were opened before anything was recorded."""
        self._connected(connection, record)

    def _connected(self, connection: Any, record: Any) -> None:
        pool = getattr(record, "_ConnectionRecord__pool", None)
        if getattr(pool, "query_snapshot_unrecorded", False):
            return
        origin = getattr(pool, "_dialect", None)
        if isinstance(connection, sa.AdaptedConnection):
            self._async.adopt(connection, origin)
        else:
            self._adopt(connection, origin)

    def _adopt(self, connection: Any, origin: Any) -> None:
        """Give a connection of a sync driver cursors that report."""
        for factory in _FACTORIES.get(type(connection).__module__.partition(".")[0], ()):
            base = getattr(connection, factory, None) or _default_cursor()
            if not isinstance(base, type) or reports(base, self._listener):
                continue
            cursor = self._reporting(base)
            if hasattr(connection, "__dict__"):
                connection.__dict__["query_snapshot_origin"] = origin
            else:  # psycopg2's connections take no attributes of their own
                cursor = type(cursor.__name__, (cursor,), {"query_snapshot_origin": origin})
            setattr(connection, factory, cursor)

    def _reporting(self, base: type) -> type:
        """Make a subclass of a driver's cursor that reports."""
        if base not in self._classes:
            self._classes[base] = reporting_class(base, self._listener)
        return self._classes[base]


def _default_cursor() -> type | None:
    """Name the cursor that psycopg2 takes where a connection names none."""
    module = sys.modules.get("psycopg2.extensions")
    return None if module is None else module.cursor
