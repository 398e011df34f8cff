"""Connections that a driver made by itself: `psycopg_pool`, `psycopg2.pool`, `asyncpg.create_pool`, `connect(..)`.

No event of SQLAlchemy tells of them. So the classes of the drivers get methods that take a connection in at its
first use; a connection that a pool of SQLAlchemy made is taken in by that pool's events.
"""

from __future__ import annotations

import functools
import os
import sqlite3
import sys
from collections.abc import Callable
from types import ModuleType
from typing import Any

from pytest_query_snapshot.recording.drivers.async_connections import ASYNCPG_CALLS, AsyncClasses
from pytest_query_snapshot.recording.drivers.calls import Listener, folder_of, is_silent, reports
from pytest_query_snapshot.recording.drivers.target import DriverTarget

# the place of `factory` among the arguments after the database
_FACTORY = 5
Adopt = Callable[[Any, DriverTarget], None]


class DriverConnections:
    """Takes in the connections that drivers make by themselves.

    adopt: lets a connection of a sync driver report to the listener.
    asynchronous: the same for those of async drivers.
    sqlite_factory: makes a class of connections of sqlite3 that report; an open one can't be taken in.
    """

    def __init__(
        self,
        listener: Listener,
        *,
        adopt: Adopt,
        asynchronous: AsyncClasses,
        sqlite_factory: Callable[[type, DriverTarget], type],
    ) -> None:
        self._listener = listener
        self._sqlite_factory = sqlite_factory
        self._adopt = adopt
        self._async = asynchronous
        self._replaced: dict[tuple[Any, str], Any] = {}

    def install(self) -> None:
        """Begin with the drivers that are imported by now; the others follow with the next test."""
        for module in (sqlite3, sqlite3.dbapi2):
            self._replace(module, "connect", self._sqlite3)
        if (psycopg := sys.modules.get("psycopg")) is not None:
            self._replace(psycopg.Connection, "cursor", self._psycopg(self._adopt))
            self._replace(psycopg.AsyncConnection, "cursor", self._psycopg(self._async.adopt_driver))
        if (psycopg2 := sys.modules.get("psycopg2")) is not None and hasattr(psycopg2, "_connect"):
            self._replace(psycopg2, "_connect", self._psycopg2)
        if (asyncpg := sys.modules.get("asyncpg")) is not None:
            for name in ASYNCPG_CALLS:
                self._replace(asyncpg.Connection, name, self._asyncpg)
        if (aiosqlite := sys.modules.get("aiosqlite")) is not None:
            self._replace(aiosqlite.Connection, "_execute", self._aiosqlite)

    def uninstall(self) -> None:
        """Give the drivers their own methods back."""
        for (owner, name), plain in self._replaced.items():
            setattr(owner, name, plain)
        self._replaced.clear()

    def _replace(self, owner: Any, name: str, wrap: Callable[[Any], Any]) -> None:
        if (owner, name) not in self._replaced and hasattr(owner, name):
            plain = self._replaced[owner, name] = getattr(owner, name)
            wrapped = wrap(plain)
            setattr(owner, name, wrapped)
            if isinstance(owner, ModuleType):  # from sqlite3 import connect
                for module, own_name in _places_of(plain):
                    self._replaced[module, own_name] = plain
                    setattr(module, own_name, wrapped)

    def _sqlite3(self, plain: Any) -> Any:
        driver = folder_of(sqlite3.Connection)

        @functools.wraps(plain)
        def connect(database: Any, *args: Any, **kwargs: Any) -> Any:
            if len(args) < _FACTORY and not is_silent(driver) and (file := _file_of(database)):
                factory, target = kwargs.get("factory", sqlite3.Connection), DriverTarget("sqlite", file)
                # a connection of aiosqlite reports what it executes in its thread
                make = _with_target if _is_run_by_aiosqlite() else self._sqlite_factory
                kwargs["factory"] = make(factory, target)
            return plain(database, *args, **kwargs)

        return connect

    def _psycopg(self, adopt: Adopt) -> Callable[[Any], Any]:
        def wrap(plain: Any) -> Any:
            driver = folder_of(sys.modules["psycopg"].Connection)

            @functools.wraps(plain)
            def cursor(connection: Any, *args: Any, **kwargs: Any) -> Any:
                if not reports(connection.cursor_factory, self._listener) and not is_silent(driver):
                    info = connection.info
                    adopt(connection, DriverTarget("postgresql", info.dbname, info.host))
                return plain(connection, *args, **kwargs)

            return cursor

        return wrap

    def _psycopg2(self, plain: Any) -> Any:
        driver = folder_of(sys.modules["psycopg2"].extensions.connection)

        @functools.wraps(plain)
        def connect(*args: Any, **kwargs: Any) -> Any:
            connection = plain(*args, **kwargs)
            if not is_silent(driver):
                info = connection.info
                self._adopt(connection, DriverTarget("postgresql", info.dbname, info.host or ""))
            return connection

        return connect

    def _asyncpg(self, plain: Any) -> Any:
        driver = folder_of(sys.modules["asyncpg"].Connection)
        return self._async.asyncpg_method(plain, plain.__name__, driver, origin_of=_target_of_asyncpg)

    def _aiosqlite(self, plain: Any) -> Any:
        driver = folder_of(sys.modules["aiosqlite"].Connection)
        return self._async.aiosqlite_method(plain, driver, origin_of=_target_of_aiosqlite)


def _places_of(function: Any) -> list[tuple[ModuleType, str]]:
    """Return the modules that have imported a function, and its name in each."""
    return [
        (module, name)
        for module in list(sys.modules.values())
        if isinstance(module, ModuleType)
        for name, value in list(vars(module).items())
        if value is function
    ]


def _with_target(base: Any, target: DriverTarget) -> Any:
    """Make a class of connections that names the database it leads to."""
    return type(base.__name__, (base,), {"query_snapshot_target": target})


def _target_of_aiosqlite(connection: Any) -> DriverTarget | None:
    return getattr(connection._connection, "query_snapshot_target", None)  # noqa: SLF001  no public way


def _target_of_asyncpg(connection: Any) -> DriverTarget:
    address, parameters = connection._addr, connection._params  # noqa: SLF001  no public way
    host = address[0] if isinstance(address, tuple) else str(address or "")
    return DriverTarget("postgresql", parameters.database or parameters.user, host)


def _file_of(database: Any) -> str:
    """Return the path of a database that several connections can share; empty for one in memory."""
    name = os.fsdecode(database) if isinstance(database, (str, bytes, os.PathLike)) else ""
    if name.startswith("file:"):
        name = name.removeprefix("file:").partition("?")[0]
    return "" if name in {"", ":memory:"} else os.path.realpath(name)


def _is_run_by_aiosqlite() -> bool:
    caller = sys._getframe(2).f_globals  # noqa: SLF001  see is_silent
    return str(caller.get("__name__")).startswith("aiosqlite")
