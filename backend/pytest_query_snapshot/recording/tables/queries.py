"""Queries for the rows of tables, run on the driver's own connection, and independent of what a test has set.

On PostgreSQL they read as the user who connected; the settings of the test come back behind them.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError

AS_OWNER = (
    *("SET LOCAL SESSION AUTHORIZATION DEFAULT", "SET LOCAL ROLE NONE", "SET LOCAL row_security = off"),
    *("SET LOCAL search_path = pg_catalog", "SET LOCAL TimeZone = 'UTC'", "SET LOCAL DateStyle = 'ISO, YMD'"),
    *("SET LOCAL IntervalStyle = 'postgres'", "SET LOCAL extra_float_digits = 1"),
    *("SET LOCAL bytea_output = 'hex'", "SET LOCAL statement_timeout = 0"),
)
"""The settings that make a connection to PostgreSQL read as the user who connected."""
_IDLE = 0  # libpq's number for a connection without a transaction
_MARK = "query_snapshot_state"


def read_rows(connection: sa.Connection, queries: Sequence[str]) -> Iterator[list[Any] | str]:
    """Yield the rows of each query, or the reason why they can't be read."""
    dialect = connection.dialect
    driver: Any = connection.connection.driver_connection
    real = getattr(driver, "real", driver)
    if dialect.name == "postgresql" and hasattr(real, "pgconn") and not dialect.is_async:
        yield from _psycopg_rows(real, queries)
    elif isinstance(real, sqlite3.Connection):
        yield from _sqlite_rows(real, queries)
    else:
        yield from _any_rows(connection, queries)


def _psycopg_rows(real: Any, queries: Sequence[str]) -> Iterator[list[Any] | str]:
    """Run all queries in one round trip; one by one if one of them fails."""
    with _as_owner(real) as cursor:
        if not queries:
            return
        try:
            cursor.execute("SAVEPOINT query_snapshot_batch; " + "; ".join(queries))
        except Exception:  # noqa: BLE001  the errors of any driver
            cursor.execute("ROLLBACK TO SAVEPOINT query_snapshot_batch")
            yield from [_rows_or_reason(cursor, query) for query in queries]
            return
        found = []
        for _ in queries:
            cursor.nextset()
            found.append([tuple(row) for row in cursor.fetchall()])
    yield from found


@contextmanager
def _as_owner(real: Any) -> Iterator[Any]:
    begin, end = f"SAVEPOINT {_MARK}", f"ROLLBACK TO SAVEPOINT {_MARK}; RELEASE SAVEPOINT {_MARK}"
    if int(real.pgconn.transaction_status) == _IDLE:
        begin, end = "BEGIN", "ROLLBACK"
    from psycopg.rows import tuple_row  # noqa: PLC0415  PostgreSQL is an extra

    cursor = real.cursor(row_factory=tuple_row)
    try:
        cursor.execute(begin)
        cursor.execute("; ".join(AS_OWNER))
        try:
            yield cursor
        finally:
            cursor.execute(end)
    finally:
        cursor.close()


def _rows_or_reason(cursor: Any, query: str) -> list[Any] | str:
    try:
        cursor.execute(f"SAVEPOINT query_snapshot_table; {query}")
        cursor.nextset()
        return [tuple(row) for row in cursor.fetchall()]
    except Exception as error:  # noqa: BLE001  the errors of any driver
        cursor.execute("ROLLBACK TO SAVEPOINT query_snapshot_table")
        return _reason(error)


def _reason(error: BaseException) -> str:
    return (str(error).strip().splitlines() or [type(error).__name__])[0]


def _sqlite_rows(real: sqlite3.Connection, queries: Sequence[str]) -> Iterator[list[Any] | str]:
    cursor = real.cursor()
    try:
        for query in queries:
            try:
                yield cursor.execute(query).fetchall()
            except sqlite3.Error:
                yield _sqlite_rows_as_bytes(real, query)
    finally:
        cursor.close()


def _sqlite_rows_as_bytes(real: sqlite3.Connection, query: str) -> list[Any] | str:
    """Read texts that are not UTF-8, which the driver refuses."""
    factory, real.text_factory = real.text_factory, lambda raw: raw.decode("utf-8", "surrogateescape")
    try:
        return real.execute(query).fetchall()
    except sqlite3.Error as error:
        return _reason(error)
    finally:
        real.text_factory = factory


def _any_rows(connection: sa.Connection, queries: Sequence[str]) -> Iterator[list[Any] | str]:
    for query in queries:
        try:
            result = connection.exec_driver_sql(query, execution_options={"no_parameters": True})
            yield [tuple(map(_as_bytes, row)) for row in result]
        except DBAPIError as error:
            yield _reason(error.orig or error)


def _as_bytes(value: Any) -> Any:
    return bytes(value) if isinstance(value, memoryview) else value


def rows_of_all(connection: sa.Connection, queries: Sequence[str]) -> tuple[list[Any] | None, list[Any] | None]:
    """Return the rows of one or two queries; nothing if one can't be read."""
    answers = list(read_rows(connection, queries))
    if any(isinstance(answer, str) for answer in answers):
        return None, None
    found: list[Any] = [*answers, None]
    return found[0], found[1]
