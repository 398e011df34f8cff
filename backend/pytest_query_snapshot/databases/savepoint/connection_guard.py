"""Refuses connections to the tests' database that do not come from the isolated engine.

For as long as a run lasts it stands where psycopg and sqlite3 begin to connect, and, for other drivers, where
SQLAlchemy does. It acts only when a test's code names the very database that the tests run on.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import sqlalchemy as sa
from sqlalchemy import event

from pytest_query_snapshot.databases.project_line import project_line
from pytest_query_snapshot.errors import ForeignConnectionError

# how the plugin's own connections call themselves
APPLICATION = "pytest-query-snapshot"
_LOCAL = frozenset({"", "localhost", "127.0.0.1", "::1", "/tmp", "/var/run/postgresql"})  # noqa: S108  names of sockets


class ConnectionGuard:
    """Knows the databases of the tests."""

    def __init__(self) -> None:
        self._databases: set[tuple[str, str, str]] = set()
        self._files: set[str] = set()
        self._undo: list[Callable[[], None]] = []

    def watch_postgresql(self, url: sa.URL) -> None:
        """Refuse connections to this database."""
        if not self._databases:
            self._watch_psycopg()
            event.listen(sa.Engine, "do_connect", self._check_engine)
            self._undo.append(lambda: event.remove(sa.Engine, "do_connect", self._check_engine))
        named = {"host": url.query.get("host") or url.host, "port": url.port, "dbname": url.database}
        self._databases.add(_identity(named))

    def watch_file(self, path: Path) -> None:
        """Refuse connections to this SQLite file."""
        if not self._files:
            for owner in (sqlite3, sqlite3.dbapi2):
                self._replace(owner, "connect", _checked(sqlite3.connect, self._check_sqlite))
        self._files.add(os.path.realpath(path))

    def end(self) -> None:
        """Let everything through again."""
        while self._undo:
            self._undo.pop()()

    def _watch_psycopg(self) -> None:
        from psycopg import Connection  # noqa: PLC0415  an extra

        base: Any = next((kind for kind in Connection.__mro__ if "_connect_gen" in vars(kind)), None)
        if base is not None:  # every way to connect passes here, sync or async, with the full conninfo
            plain = vars(base)["_connect_gen"].__func__
            self._replace(base, "_connect_gen", classmethod(_checked(plain, self._check_psycopg)))

    def _replace(self, owner: Any, name: str, new: Any) -> None:
        original = vars(owner)[name]
        setattr(owner, name, new)
        self._undo.append(lambda: setattr(owner, name, original))

    def _check_psycopg(self, _kind: Any, conninfo: str = "") -> None:
        from psycopg.conninfo import conninfo_to_dict  # noqa: PLC0415  an extra

        named = conninfo_to_dict(conninfo)
        if named.get("application_name") != APPLICATION:
            self._check_postgresql(named)

    def _check_engine(self, dialect: sa.Dialect, _record: Any, _args: Any, named: dict[str, Any]) -> None:
        if dialect.name == "postgresql" and dialect.driver != "psycopg":
            self._check_postgresql({**named, "dbname": named.get("dbname") or named.get("database")})

    def _check_postgresql(self, named: Mapping[str, Any]) -> None:
        wanted = _identity(named)
        if wanted in self._databases:
            raise ForeignConnectionError(project_line(), f"PostgreSQL database {wanted[2]!r}")

    def _check_sqlite(self, database: Any = "", *_: Any, **__: Any) -> None:
        path = _sqlite_path(os.fsdecode(database))
        if path in self._files:
            raise ForeignConnectionError(project_line(), path)


def _checked(plain: Callable[..., Any], check: Callable[..., None]) -> Callable[..., Any]:
    def connect(*args: Any, **kwargs: Any) -> Any:
        check(*args, **kwargs)
        return plain(*args, **kwargs)

    return connect


def _identity(named: Mapping[str, Any]) -> tuple[str, str, str]:
    """Reduce what names a PostgreSQL database to host, port and name, with libpq's defaults."""
    host = str(named.get("host") or os.environ.get("PGHOST", ""))
    port = str(named.get("port") or os.environ.get("PGPORT", "5432"))
    name = named.get("dbname") or os.environ.get("PGDATABASE") or named.get("user") or os.environ.get("PGUSER", "")
    return ("" if host in _LOCAL else host, port, str(name))


def _sqlite_path(database: str) -> str:
    """Give the real path of a file that would be written to; nothing for memory and for readers."""
    if not database.startswith("file:"):
        return os.path.realpath(database) if database and database != ":memory:" else ""
    path, _, query = database.removeprefix("file:").partition("?")
    if "mode=ro" in query or "mode=memory" in query:
        return ""
    return os.path.realpath(unquote(path.removeprefix("//")))
