"""Engines whose transactions mean the same on every database."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from sqlalchemy import event

if TYPE_CHECKING:
    from sqlalchemy import Engine


def create_engine(url: str | sa.URL, **options: Any) -> Engine:
    """Make an engine for SQLite or PostgreSQL.

    On SQLite foreign keys are enforced, what is append-only is safe from REPLACE too, readers don't block the
    writer (WAL), and a transaction takes the write lock when it begins, so two of them can't both read and then
    fail to write; a connection with the execution option `sqlite_begin="DEFERRED"` only reads. On PostgreSQL the
    session speaks UTC.
    """
    engine = sa.create_engine(url, **options)
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
    for pragma in (*checks, "journal_mode=WAL", "synchronous=NORMAL", "busy_timeout=30000"):
        connection.execute(f"PRAGMA {pragma}")


def _begin_sqlite(connection: sa.Connection) -> None:
    mode = connection.get_execution_options().get("sqlite_begin", "IMMEDIATE")
    connection.exec_driver_sql(f"BEGIN {mode}")


def _prepare_postgresql(connection: Any, _record: Any) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET TIME ZONE 'UTC'")
    connection.commit()
