"""Settings that Python makes on a connection of sqlite3, which a pool carries to the next test."""

from __future__ import annotations

import sqlite3
from functools import cache
from typing import Any

from pytest_query_snapshot.databases.connections.sqlite_connections import sqlite_connection

_ATTRIBUTES = tuple(
    name
    for name in ("row_factory", "text_factory", "isolation_level", "autocommit")
    if hasattr(sqlite3.Connection, name)
)
# what they set can't be read again
_METHODS = tuple(
    name
    for name in (
        *("create_function", "create_aggregate", "create_window_function", "create_collation"),
        *("set_authorizer", "set_progress_handler", "set_trace_callback", "setlimit", "setconfig"),
        *("enable_load_extension", "load_extension"),
    )
    if hasattr(sqlite3.Connection, name)
)
_COUNT = "query_snapshot_calls"


def count_settings(dialect: Any, named: dict[str, Any]) -> None:
    """Let a new connection count the calls that set something, if its driver is sqlite3 or aiosqlite.

    named: the arguments that the driver connects with.
    """
    if dialect.driver == "aiosqlite" or dialect.dbapi in (sqlite3, sqlite3.dbapi2):
        named["factory"] = _counting(named.get("factory", sqlite3.Connection))


def settings_of(connection: Any) -> tuple[Any, ...]:
    """Return what Python has set on a connection; nothing for other drivers, and for a closed one."""
    raw = sqlite_connection(connection)
    if raw is None:
        return ()
    try:
        return (getattr(raw, _COUNT, 0), *(getattr(raw, name) for name in _ATTRIBUTES))
    except sqlite3.Error:
        return ()


@cache
def _counting(base: Any) -> Any:
    if not isinstance(base, type) or hasattr(base, _COUNT):  # a function; one for several databases
        return base
    methods = {name: _counted(getattr(base, name)) for name in _METHODS}
    return type(base.__name__, (base,), {_COUNT: 0, **methods})


def _counted(method: Any) -> Any:
    def counted(self: Any, *args: Any, **kwargs: Any) -> Any:
        setattr(self, _COUNT, getattr(self, _COUNT) + 1)
        return method(self, *args, **kwargs)

    return counted
