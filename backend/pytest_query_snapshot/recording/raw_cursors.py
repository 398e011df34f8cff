"""Cursors of drivers that tell a recorder what is executed past SQLAlchemy.

A driver that lets a connection name its class of cursors gets one that reports (psycopg, psycopg2, pymysql,
mysqlclient, sqlite3). Connections that were opened before the first test that records, those of other drivers, and
those of async drivers report only what goes through SQLAlchemy.
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
        if dialect.driver == "pysqlite" and "factory" not in named:
            named["factory"] = self._sqlite_factory(dialect)

    def _sqlite_factory(self, dialect: Any) -> Any:
        cursor_class = self._reporting(sqlite3.Cursor)

        class ReportingConnection(sqlite3.Connection):
            query_snapshot_origin = dialect

            def cursor(self, factory: Any = cursor_class) -> Any:
                return super().cursor(factory)

        return ReportingConnection

    def _connected(self, connection: Any, record: Any) -> None:
        factory = _FACTORIES.get(type(connection).__module__.partition(".")[0])
        if factory is None:
            return
        pool = getattr(record, "_ConnectionRecord__pool", None)
        base = getattr(connection, factory, None) or _default_cursor()
        if isinstance(base, type):
            connection.__dict__["query_snapshot_origin"] = getattr(pool, "_dialect", None)
            setattr(connection, factory, self._reporting(base))

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
    class ReportingCursor(base):  # type: ignore[misc]  # the base is the driver's
        def execute(self, statement: Any, *args: Any, **kwargs: Any) -> Any:
            if _is_silent():
                return super().execute(statement, *args, **kwargs)
            parameters = args[0] if args else kwargs.get("params", kwargs.get("vars", kwargs.get("args")))
            sets = (parameters,) if parameters else ()
            return self._reported(super().execute, sets, statement, *args, **kwargs)

        def executemany(self, statement: Any, parameters: Any, **kwargs: Any) -> Any:
            if _is_silent():
                return super().executemany(statement, parameters, **kwargs)
            sets = list(parameters)
            return self._reported(super().executemany, sets, statement, sets, **kwargs)

        def executescript(self, script: str) -> Any:
            return self._reported(super().executescript, (), script)

        def _reported(self, call: Any, sets: Sequence[Any], statement: Any, *args: Any, **kwargs: Any) -> Any:
            text = _text(statement, self.connection)
            origin = getattr(self.connection, "query_snapshot_origin", None)
            listener.raw_before(text, origin=origin)
            try:
                result = call(statement, *args, **kwargs)
            except Exception as error:
                listener.raw_after(text, sets, -1, origin=origin, error=error)
                raise
            listener.raw_after(text, sets, self.rowcount, origin=origin)
            return result

    return ReportingCursor


def _is_silent() -> bool:
    """Tell whether SQLAlchemy calls, which reports by itself, or this plugin."""
    return sys._getframe(2).f_code.co_filename.startswith(_SILENT)  # noqa: SLF001  the only cheap way to know the caller


def _text(statement: Any, connection: Any) -> str:
    if isinstance(statement, bytes):
        return statement.decode(errors="replace")
    render = getattr(statement, "as_string", None)
    return str(render(connection)) if render is not None else str(statement)
