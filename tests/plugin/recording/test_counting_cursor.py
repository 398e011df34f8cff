"""The rows of a query on SQLite are counted as they are read, in whichever way."""

from __future__ import annotations

import sqlite3

import pytest

from pytest_query_snapshot.databases.savepoint.contained_cursor import CountingCursor

WAYS = {
    "all": lambda cursor: cursor.fetchall(),
    "many": lambda cursor: (cursor.fetchmany(2), cursor.fetchmany(5)),
    "many by its own size": lambda cursor: [cursor.fetchmany() for _ in range(4)],
    "one": lambda cursor: [cursor.fetchone() for _ in range(4)],
    "loop": list,
    "mixed": lambda cursor: (cursor.fetchone(), next(cursor), cursor.fetchall()),
}


@pytest.mark.parametrize("read", WAYS.values(), ids=WAYS)
def test_rows_are_counted(read):
    with sqlite3.connect(":memory:") as connection:
        cursor = connection.cursor(CountingCursor)
        read(cursor.execute("SELECT 1 UNION SELECT 2 UNION SELECT 3"))
        assert cursor.rows_fetched == 3
    connection.close()
