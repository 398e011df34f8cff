"""Cursors of drivers that tell a recorder what is executed past SQLAlchemy.

A driver that lets a connection name its class of cursors gets one that reports (psycopg, psycopg2, pymysql,
mysqlclient, sqlite3), a subclass of its own where the project names one. Connections that were opened before the
first test that records, those of other drivers, those of async drivers, and those that sqlite3 makes in a
``creator=`` report only what goes through SQLAlchemy.
"""

from __future__ import annotations

import sqlite3
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

import sqlalchemy as sa
from sqlalchemy import event

if TYPE_CHECKING:
    from collections.abc import Sequence

_SILENT = (str(Path(__file__).parent.parent), str(Path(sa.__file__).parent))
_FACTORIES = {
    "psycopg": "cursor_factory",
    "psycopg2": "cursor_factory",
    "pymysql": "cursorclass",
    "MySQLdb": "cursorclass",
}


class Listener(Protocol):
    """Hears what a raw cursor executes."""

    def raw_before(self, statement: str, *, origin: Any) -> None:
        """Hear what is about to be executed."""

    def raw_after(
        self,
        statement: str,
        sets: Sequence[Any],
        row_count: int,
        *,
        origin: Any,
        error: BaseException | None = None,
    ) -> None:
        """Hear what was executed, and how it ended."""


class RawCursors:
    """Gives connections of every pool cursors that report to one listener."""

    def __init__(self, listener: Listener) -> None:
        self._listener = listener
        self._classes: dict[type, type] = {}

    def install(self) -> None:
        """Begin with the next connection that any pool opens."""
        event.listen(sa.Engine, "do_connect", self._connecting)
        event.listen(sa.pool.Pool, "connect", self._connected)

    def uninstall(self) -> None:
        """Leave new connections alone; those that are open keep their cursors, which report to no test."""
        if event.contains(sa.pool.Pool, "connect", self._connected):
            event.remove(sa.Engine, "do_connect", self._connecting)
            event.remove(sa.pool.Pool, "connect", self._connected)

    def _connecting(self, dialect: Any, _record: Any, _args: Any, named: dict[str, Any]) -> None:
        factory = named.get("factory", sqlite3.Connection)
        if dialect.driver == "pysqlite" and isinstance(factory, type) and not self._reports(factory):
            named["factory"] = self._sqlite_factory(factory, dialect)

    def _reports(self, factory: type) -> bool:
        """Return whether a class reports already: a dialect may keep the arguments of its last connection."""
        return any(base.__dict__.get("query_snapshot_listener") is self._listener for base in factory.__mro__)

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

    def _connected(self, connection: Any, record: Any) -> None:
        factory = _FACTORIES.get(type(connection).__module__.partition(".")[0])
        if factory is None:
            return
        pool = getattr(record, "_ConnectionRecord__pool", None)
        if getattr(pool, "query_snapshot_unrecorded", False):
            return
        base = getattr(connection, factory, None) or _default_cursor()
        if isinstance(base, type):
            origin = getattr(pool, "_dialect", None)
            cursor = self._reporting(base)
            if hasattr(connection, "__dict__"):
                connection.__dict__["query_snapshot_origin"] = origin
            else:  # psycopg2's connections take no attributes of their own
                cursor = type(cursor.__name__, (cursor,), {"query_snapshot_origin": origin})
            setattr(connection, factory, cursor)

    def _reporting(self, base: type) -> type:
        """Make a subclass of a driver's cursor that reports."""
        if base not in self._classes:
            self._classes[base] = _reporting_class(base, self._listener)
        return self._classes[base]


def _default_cursor() -> type | None:
    """Name the cursor that psycopg2 takes where a connection names none."""
    module = sys.modules.get("psycopg2.extensions")
    return None if module is None else module.cursor


def _reporting_class(base: Any, listener: Listener) -> type:
    # no method of the class: a class that reports to another listener may come on top
    def report(cursor: Any, call: Any, sets: Sequence[Any], statement: Any, *args: Any, **kwargs: Any) -> Any:
        text = _text(statement, cursor.connection)
        origin = getattr(cursor, "query_snapshot_origin", None)
        origin = origin or getattr(cursor.connection, "query_snapshot_origin", None)
        listener.raw_before(text, origin=origin)
        try:
            result = call(statement, *args, **kwargs)
        except Exception as error:
            listener.raw_after(text, sets, -1, origin=origin, error=error)
            raise
        listener.raw_after(text, sets, cursor.rowcount, origin=origin)
        return result

    class ReportingCursor(base):  # type: ignore[misc]  # the base is the driver's
        def execute(self, statement: Any, *args: Any, **kwargs: Any) -> Any:
            if _is_silent():
                return super().execute(statement, *args, **kwargs)
            parameters = args[0] if args else kwargs.get("params", kwargs.get("vars", kwargs.get("args")))
            sets = (parameters,) if parameters else ()
            return report(self, super().execute, sets, statement, *args, **kwargs)

        def executemany(self, statement: Any, parameters: Any, **kwargs: Any) -> Any:
            if _is_silent():
                return super().executemany(statement, parameters, **kwargs)
            sets = list(parameters)
            return report(self, super().executemany, sets, statement, sets, **kwargs)

        def executescript(self, script: str) -> Any:
            return report(self, super().executescript, (), script)

    return ReportingCursor


def _is_silent() -> bool:
    """Return whether SQLAlchemy calls, which reports by itself, or this plugin."""
    frame = sys._getframe(2)  # noqa: SLF001  the only cheap way to know the caller
    while frame.f_code.co_filename == __file__ and frame.f_back is not None:  # a cursor that reports twice
        frame = frame.f_back
    return frame.f_code.co_filename.startswith(_SILENT)


def _text(statement: Any, connection: Any) -> str:
    if isinstance(statement, bytes):
        return statement.decode(errors="replace")
    render = getattr(statement, "as_string", None)
    return str(render(connection)) if render is not None else str(statement)
