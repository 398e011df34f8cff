"""Connections of async drivers that tell a recorder what is executed past SQLAlchemy.

SQLAlchemy wraps such a connection in one that looks like a sync driver's. Both may be used by the project: the
wrapper below `run_sync`, the driver's own through `driver_connection`. An open connection can't be made again, so
it gets a subclass of its class.
"""

from __future__ import annotations

import functools
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from typing import Any
from weakref import WeakKeyDictionary

from pytest_query_snapshot.recording.drivers.calls import (
    Listener,
    folder_of,
    is_silent,
    reported,
    reports,
    text_of,
)

_ASYNCPG = ("execute", "fetch", "fetchval", "fetchrow", "fetchmany", "executemany")
_ASYNCPG_COPIES = {
    "copy_from_table": "COPY {} TO STDOUT",
    "copy_from_query": "COPY ({}) TO STDOUT",
    "copy_to_table": "COPY {} FROM STDIN",
    "copy_records_to_table": "COPY {} FROM STDIN",
}
ASYNCPG_CALLS = (*_ASYNCPG, *_ASYNCPG_COPIES, "prepare", "cursor")
"""The methods of a connection of asyncpg that send a statement."""
_SETS = frozenset({"executemany", "fetchmany"})
_AIOSQLITE = frozenset({"execute", "executemany", "executescript", "_execute_insert", "_execute_fetchall"})


class AsyncClasses:
    """Gives connections of async drivers classes that report to one listener."""

    def __init__(self, listener: Listener) -> None:
        self._listener = listener
        self._classes: dict[tuple[type, Any], type] = {}
        self._origins: WeakKeyDictionary[Any, Any] = WeakKeyDictionary()

    def adopt(self, connection: Any, origin: Any) -> None:
        """Let a connection report, and the driver's own below it."""
        self._replace(connection, self._adapted, origin)
        self.adopt_driver(connection.driver_connection, origin)

    def adopt_driver(self, connection: Any, origin: Any) -> None:
        """Let a driver's own connection report."""
        driver = getattr(connection, "_con", connection)  # of a pool of asyncpg
        module = type(driver).__module__.partition(".")[0]
        if module == "asyncpg":
            self._origins[driver] = origin
            self._replace(driver, self._asyncpg, None)
        elif module == "aiosqlite":
            self._origins[driver] = origin
            self._replace(driver, self._aiosqlite, None)
        elif module == "psycopg":
            for factory in ("cursor_factory", "server_cursor_factory"):
                base = getattr(driver, factory)
                if not reports(base, self._listener):
                    setattr(driver, factory, _psycopg_cursor(base, self._listener, origin))

    def _replace(self, connection: Any, make: Callable[[type, Any], type], origin: Any) -> None:
        kind = type(connection)
        if reports(kind, self._listener):
            return
        key = (kind, origin)
        if key not in self._classes:
            self._classes[key] = make(kind, origin)
        connection.__class__ = self._classes[key]

    def _adapted(self, base: Any, origin: Any) -> type:
        """Make a class of SQLAlchemy's wrapper whose cursors report."""
        listener, classes = self._listener, self._classes

        class ReportingAdapter(base):  # type: ignore[misc]  # the base is SQLAlchemy's
            __slots__ = ()
            query_snapshot_listener = listener

            def cursor(self, *args: Any, **kwargs: Any) -> Any:
                made = super().cursor(*args, **kwargs)
                key = (type(made), origin)
                if key not in classes:
                    classes[key] = _adapted_cursor(type(made), listener, origin)
                made.__class__ = classes[key]
                return made

        return _named_like(base, ReportingAdapter)

    def _asyncpg(self, base: type, _origin: Any) -> type:
        found: dict[str, Any] = {
            "__slots__": (),
            "__module__": base.__module__,
            "query_snapshot_listener": self._listener,
        }
        for name in ASYNCPG_CALLS:
            if hasattr(base, name):
                found[name] = self.asyncpg_method(getattr(base, name), name, folder_of(base))
        return type(base)(base.__name__, (base,), found)

    def asyncpg_method(
        self, plain: Any, name: str, driver: str, *, origin_of: Callable[[Any], Any] | None = None
    ) -> Any:
        """Make a method of a class of connections that reports.

        origin_of: names the origin of a connection that was not taken in; without it the class is one of those
            that were made for those that were.
        """
        form = _ASYNCPG_COPIES.get(name, "{}")

        @functools.wraps(plain)
        def method(connection: Any, statement: Any, *args: Any, **kwargs: Any) -> Any:
            call = functools.partial(plain, connection, statement, *args, **kwargs)
            # a pool resets its connections by a statement of its own
            if is_silent(driver) or statement == connection.get_reset_query():
                return call()
            if origin_of is not None and reports(type(connection), self._listener):
                return call()
            origin = self._origins.get(connection) if origin_of is None else origin_of(connection)
            text = form.format(statement)
            if name == "prepare":
                return _prepared(call, text, self._listener, (origin, connection))
            if name == "cursor":
                with reported(self._listener, text, (args,) if args else (), origin=origin, connection=connection):
                    return call()
            if name in _SETS:
                sets: Sequence[Any] = list(args[0])
                call = functools.partial(plain, connection, statement, sets, *args[1:], **kwargs)
            else:
                sets = (args,) if args and name not in _ASYNCPG_COPIES else ()
            return _reported(self._listener, call, text, sets, origin=origin, connection=connection)

        return method

    def _aiosqlite(self, base: Any, _origin: Any) -> type:
        found = {
            "query_snapshot_listener": self._listener,
            "_execute": self.aiosqlite_method(base._execute, folder_of(base)),  # noqa: SLF001  no public way
        }
        return _named_like(base, type(base.__name__, (base,), found))

    def aiosqlite_method(
        self, plain: Any, driver: str, *, origin_of: Callable[[Any], Any] | None = None
    ) -> Callable[..., Awaitable[Any]]:
        """Make the method through which a class of connections executes; see `asyncpg_method`."""
        listener = self._listener

        @functools.wraps(plain)
        async def method(connection: Any, fn: Any, *args: Any, **kwargs: Any) -> Any:
            call = functools.partial(plain, connection, fn, *args, **kwargs)
            name = getattr(fn, "__name__", "")
            if name not in _AIOSQLITE or is_silent(driver):
                return await call()
            origin = self._origins.get(connection)
            if origin_of is not None:
                origin = None if reports(type(connection), listener) else origin_of(connection)
                if origin is None:
                    return await call()
            values = args[1] if len(args) > 1 else ()
            sets: Sequence[Any] = list(values) if name == "executemany" else (values,) if values else ()
            return await _reported(listener, call, args[0], sets, origin=origin, connection=connection)

        return method


def _adapted_cursor(base: Any, listener: Listener, origin: Any) -> type:
    """Make a class of the cursors that SQLAlchemy gives async drivers: they look like a sync driver's."""
    driver = __file__  # the wrapper is SQLAlchemy's own

    class ReportingCursor(base):  # type: ignore[misc]  # the base is SQLAlchemy's
        __slots__ = ()

        def execute(self, statement: Any, parameters: Any = None) -> Any:
            call = functools.partial(super().execute, statement, parameters)
            if is_silent(driver):
                return call()
            return _report_sync(listener, self, call, statement, (parameters,) if parameters else (), origin)

        def executemany(self, statement: Any, parameters: Any) -> Any:
            sets = list(parameters)
            call = functools.partial(super().executemany, statement, sets)
            if is_silent(driver):
                return call()
            return _report_sync(listener, self, call, statement, sets, origin)

    return _named_like(base, ReportingCursor)


def _report_sync(  # noqa: PLR0917  the facts of one call
    listener: Listener, cursor: Any, call: Callable[[], Any], statement: Any, sets: Sequence[Any], origin: Any
) -> Any:
    # SQLAlchemy 2.0's cursors for psycopg do not know the wrapper of their connection
    connection = getattr(cursor, "_adapt_connection", None) or cursor.connection
    with reported(listener, text_of(statement, None), sets, origin=origin, connection=connection) as done:
        result = call()
        done.row_count = cursor.rowcount
    return result


class _ReportingStatement:
    """A prepared statement of asyncpg that reports each execution."""

    def __init__(self, statement: Any, text: str, listener: Listener, place: tuple[Any, Any]) -> None:
        self._statement = statement
        self._text = text
        self._listener = listener
        self._origin, self._connection = place

    def __getattr__(self, name: str) -> Any:
        plain = getattr(self._statement, name)
        if name not in _ASYNCPG:
            return plain

        def method(*args: Any, **kwargs: Any) -> Any:
            sets: Sequence[Any] = list(args[0]) if name in _SETS else (args,) if args else ()
            call = (
                functools.partial(plain, sets, **kwargs)
                if name in _SETS
                else functools.partial(plain, *args, **kwargs)
            )
            return _reported(
                self._listener, call, self._text, sets, origin=self._origin, connection=self._connection
            )

        return method

    def cursor(self, *args: Any, **kwargs: Any) -> Any:
        """Return a cursor; its statement is reported now."""
        sets = (args,) if args else ()
        with reported(self._listener, self._text, sets, origin=self._origin, connection=self._connection):
            return self._statement.cursor(*args, **kwargs)


async def _prepared(
    call: Callable[[], Awaitable[Any]], text: str, listener: Listener, place: tuple[Any, Any]
) -> Any:
    return _ReportingStatement(await call(), text, listener, place)


async def _reported(
    listener: Listener,
    call: Callable[[], Awaitable[Any]],
    text: str,
    sets: Sequence[Any],
    *,
    origin: Any,
    connection: Any,
) -> Any:
    with reported(listener, text, sets, origin=origin, connection=connection) as done:
        result = await call()
        done.row_count = _row_count(result)
    return result


def _row_count(result: Any) -> int:
    """Return the rows of a result, or the number at the end of a command tag."""
    if isinstance(result, list):
        return len(result)
    number = result.rpartition(" ")[2] if isinstance(result, str) else ""
    return int(number) if number.isdigit() else getattr(result, "rowcount", -1)


def _psycopg_cursor(base: Any, listener: Listener, origin_of_pool: Any) -> type:
    driver = folder_of(base)

    # not a method: the class for another listener, made from this one, would replace it
    async def report(cursor: Any, call: Callable[[], Awaitable[Any]], statement: Any, sets: Sequence[Any]) -> Any:
        text = text_of(statement, cursor.connection)
        with reported(listener, text, sets, origin=origin_of_pool, connection=cursor.connection) as done:
            result = await call()
            done.row_count = cursor.rowcount
        return result

    class ReportingCursor(base):  # type: ignore[misc]  # the base is the driver's
        query_snapshot_origin = origin_of_pool
        query_snapshot_listener = listener

        def execute(self, statement: Any, *args: Any, **kwargs: Any) -> Any:
            call = functools.partial(super().execute, statement, *args, **kwargs)
            if is_silent(driver):
                return call()
            values = args[0] if args else kwargs.get("params")
            return report(self, call, statement, (values,) if values else ())

        def executemany(self, statement: Any, parameters: Any, **kwargs: Any) -> Any:
            if is_silent(driver):
                return super().executemany(statement, parameters, **kwargs)
            sets = list(parameters)
            return report(self, functools.partial(super().executemany, statement, sets, **kwargs), statement, sets)

        async def stream(self, statement: Any, params: Any = None, **kwargs: Any) -> AsyncIterator[Any]:
            text = text_of(statement, self.connection)
            with reported(
                listener, text, (params,) if params else (), origin=origin_of_pool, connection=self.connection
            ):
                async for row in super().stream(statement, params, **kwargs):
                    yield row

        @asynccontextmanager
        async def copy(self, statement: Any, *args: Any, **kwargs: Any) -> AsyncIterator[Any]:
            text = text_of(statement, self.connection)
            with reported(listener, text, (), origin=origin_of_pool, connection=self.connection) as done:
                async with super().copy(statement, *args, **kwargs) as copying:
                    yield copying
                done.row_count = self.rowcount

    return _named_like(base, ReportingCursor)


def _named_like(base: Any, made: Any) -> type:
    """Give a class the name and module of its base, which messages show and by which a driver is known."""
    made.__name__, made.__qualname__, made.__module__ = base.__name__, base.__qualname__, base.__module__
    return made  # type: ignore[no-any-return]  # the base is the driver's
