"""Statements that leave something on a connection, or on the whole server: how they are recognised."""

from __future__ import annotations

import re

import pytest

from pytest_query_snapshot.databases.connections.session_state import (
    check_file,
    check_server,
    leaves_something,
)
from pytest_query_snapshot.errors import RefusedError

PLAIN = [
    "SET LOCAL app.tenant = 'x'",
    "SELECT set_config('app.tenant', 'x', true)",
    "SELECT set_config('app.tenant', %s, true)",
    "SELECT pg_advisory_xact_lock(7)",
    "SELECT 'SET app.tenant = 1; LISTEN x' -- SET app.tenant = 1",
    "UPDATE workspace SET name = 'x'",
    "CREATE TABLE temperature (a int)",
    "SET TRANSACTION READ ONLY",
    "SET CONSTRAINTS ALL DEFERRED",
]


@pytest.mark.parametrize("statement", PLAIN)
def test_statement_that_ends_with_its_transaction_costs_no_connection(statement):
    assert not leaves_something(statement, "postgresql")


@pytest.mark.parametrize(
    "statement", ["PRAGMA foreign_keys", "PRAGMA table_info(x)", "UPDATE x SET a = 'PRAGMA x = 1'"]
)
def test_statement_of_sqlite_that_only_reads_costs_no_connection(statement):
    assert not leaves_something(statement, "sqlite")


@pytest.mark.parametrize(
    "statement",
    [
        "CREATE ROLE x",
        "/* /* */ */ ALTER USER x SET a = 1",
        "SELECT 1; DROP ROLE x",
        "DO $$ BEGIN CREATE ROLE x; END $$",
        "DO $$ BEGIN IF true THEN DROP ROLE x; END IF; END $$",
        "DO 'BEGIN CREATE ROLE x; END'",
        "GRANT one TO other",
        "GRANT CONNECT ON DATABASE x TO y",
        "REVOKE SET ON PARAMETER work_mem FROM x",
        "ALTER SYSTEM SET work_mem = 1",
        "PREPARE TRANSACTION 'x'",
        "COMMIT PREPARED 'x'",
        "SET event_triggers = off",
        "SELECT 1; SELECT set_config('event_triggers', 'off', true)",
    ],
)
def test_statement_of_the_whole_server_is_refused(statement):
    with pytest.raises(RefusedError, match="it belongs to the whole server"):
        check_server(statement)


@pytest.mark.parametrize(
    "statement",
    [
        "GRANT SELECT ON workspace TO x",
        "CREATE USER MAPPING FOR x SERVER y",
        "DO $$ BEGIN CREATE TABLE role (a int); END $$",
        "SELECT 'CREATE ROLE x'",
        "INSERT INTO role VALUES (1)",
        "DROP TABLE role",
    ],
)
def test_statement_of_the_database_alone_is_not_refused(statement):
    check_server(statement)


@pytest.mark.parametrize(
    ("statement", "shown"),
    [
        ("PRAGMA journal_mode = DELETE", "PRAGMA journal_mode = delete"),
        ("pragma main.journal_mode('off')", "PRAGMA journal_mode = off"),
        ('SELECT 1; PRAGMA "journal_mode"="memory"', "PRAGMA journal_mode = memory"),
        ("PRAGMA /* c */ locking_mode(EXCLUSIVE);", "PRAGMA locking_mode = exclusive"),
    ],
)
def test_pragma_that_needs_the_file_alone_is_refused(statement, shown):
    with pytest.raises(RefusedError, match=re.escape(f"{shown}: SQLite does that only where no other")):
        check_file(statement, has_log=True)


@pytest.mark.parametrize(
    "statement",
    [
        "PRAGMA",
        "PRAGMA journal_mode",
        "PRAGMA journal_mode = WAL",
        "PRAGMA other.journal_mode = DELETE",
        "PRAGMA locking_mode = NORMAL",
        "SELECT 'PRAGMA journal_mode = DELETE'",
        "INSERT INTO journal_mode VALUES ('delete')",
    ],
)
def test_pragma_that_needs_no_file_alone_is_not_refused(statement):
    check_file(statement, has_log=True)


def test_journal_mode_may_be_set_where_the_database_has_no_log():
    check_file("PRAGMA journal_mode = DELETE", has_log=False)
    with pytest.raises(RefusedError):
        check_file("PRAGMA locking_mode = EXCLUSIVE", has_log=False)
