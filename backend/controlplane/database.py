"""Engines whose transactions mean the same on every database."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs

import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.exc import ArgumentError

from controlplane.errors import InvalidValueError

if TYPE_CHECKING:
    from sqlalchemy import Engine


_DRIVERS = {"sqlite": ("pysqlite",), "postgresql": ("psycopg", "psycopg2")}
# those that its driver takes; with uri=true SQLite itself reads the others
_SQLITE_OPTIONS = frozenset(
    {"timeout", "detect_types", "isolation_level", "check_same_thread", "cached_statements"}
)
LOCK_TIMEOUT = 30
"""Seconds that a statement waits for the lock of another transaction, unless the URL's options say otherwise."""
_LIMIT_WAITS = (
    f"SELECT set_config('lock_timeout', '{LOCK_TIMEOUT}s', false) WHERE current_setting('lock_timeout') = '0'"
)


def read_url(url: str | sa.URL) -> sa.URL:
    """Return a URL with a driver that is installed: `postgres://` is read as `postgresql+psycopg://`.

    Raises:
        InvalidValueError: it is not a URL, or not one of SQLite or PostgreSQL.
    """
    try:
        read = sa.make_url(url)
        read.render_as_string()
    except (ArgumentError, ValueError):
        rule = "it must be sqlite:///file or postgresql://user@host/name"
        raise InvalidValueError(field="database-url", value=_without_password(str(url)), rule=rule) from None
    name, _, driver = read.drivername.partition("+")
    backend = "postgresql" if name == "postgres" else name
    if backend not in _DRIVERS or driver not in ("", *_DRIVERS[backend]):
        rule = "it must begin with sqlite:// or postgresql://"
        raise InvalidValueError(field="database-url", value=read.render_as_string(), rule=rule)
    unknown = sorted(set(read.query) - _SQLITE_OPTIONS)
    if backend == "sqlite" and unknown and "uri" not in read.query:
        rule = f"SQLite has no option {unknown[0]}"
        raise InvalidValueError(field="database-url", value=read.render_as_string(), rule=rule)
    return read.set(drivername=f"{backend}+{driver or _DRIVERS[backend][0]}")


def is_in_memory(url: sa.URL) -> bool:
    """Return whether a URL names a SQLite database that no other process sees, in any of SQLite's spellings."""
    if url.get_backend_name() != "sqlite":
        return False
    name = (url.database or "").removeprefix("file:").partition("?")[0]
    modes = (url.query.get("mode"), *parse_qs((url.database or "").partition("?")[2]).get("mode", ()))
    return name in ("", ":memory:") or "memory" in modes or url.query.get("vfs") == "memdb"


def _without_password(url: str) -> str:
    """Hide the password of a text that can't be read as a URL."""
    return re.sub(r":[^:@/]*@", ":***@", url)


def create_engine(url: str | sa.URL, **options: Any) -> Engine:
    """Make an engine for SQLite or PostgreSQL.

    On SQLite foreign keys are enforced, what is append-only is safe from REPLACE too, readers don't block the
    writer (WAL), and a transaction takes the write lock when it begins, so two of them can't both read and then
    fail to write; a connection with the execution option `sqlite_begin="DEFERRED"` only reads. On PostgreSQL the
    session speaks UTC. On both a statement that waits for the lock of another transaction fails after 30 seconds.

    Raises:
        InvalidValueError: the URL is not one of SQLite or PostgreSQL.
    """
    engine = sa.create_engine(read_url(url), **options)
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _prepare_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
    elif engine.dialect.name == "postgresql":
        event.listen(engine, "connect", _prepare_postgresql)
        # several rows are one INSERT: as one statement each, in psycopg's pipeline, they take three times as long
        engine.dialect.use_insertmanyvalues_wo_returning = True
    return engine


def _prepare_sqlite(connection: Any, _record: Any) -> None:
    connection.isolation_level = None  # the driver's own transactions off: it would commit on its own
    # recursive triggers: REPLACE INTO must not delete what DELETE may not
    checks = ("foreign_keys=ON", "recursive_triggers=ON")
    # the timeout comes first: another process may be changing the journal mode of a new file
    for pragma in (f"busy_timeout={LOCK_TIMEOUT}000", *checks, "journal_mode=WAL", "synchronous=NORMAL"):
        connection.execute(f"PRAGMA {pragma}")


def _begin_sqlite(connection: sa.Connection) -> None:
    mode = connection.get_execution_options().get("sqlite_begin", "IMMEDIATE")
    connection.exec_driver_sql(f"BEGIN {mode}")


def _prepare_postgresql(connection: Any, _record: Any) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET TIME ZONE 'UTC'")
        cursor.execute(_LIMIT_WAITS)
    connection.commit()
