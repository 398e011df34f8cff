"""Triggers that note the days of every changed run, whoever changes it; made and dropped with the rollup."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import text

if TYPE_CHECKING:
    from sqlalchemy import Connection

NAME = "agent_execution_notes_day"
_NOTED = "workspace_id, agent_id, status, created_at, duration_seconds"

# one writer at a time: a day is noted once, however many rows change
_SQLITE = """
CREATE TRIGGER IF NOT EXISTS {name}_{action}_{row} AFTER {event} ON agent_execution
BEGIN
    INSERT INTO execution_day_change (id, workspace_id, day)
    SELECT lower(hex(randomblob(16))), {row}.workspace_id, substr({row}.created_at, 1, 10) || ' 00:00:00.000000'
    WHERE NOT EXISTS (
        SELECT 1 FROM execution_day_change AS noted
        WHERE noted.workspace_id = {row}.workspace_id
            AND noted.day = substr({row}.created_at, 1, 10) || ' 00:00:00.000000');
END
"""
_SQLITE_EVENTS = (
    ("insert", "INSERT", "NEW"),
    ("delete", "DELETE", "OLD"),
    ("update", f"UPDATE OF {_NOTED}", "NEW"),
    ("update", f"UPDATE OF {_NOTED}", "OLD"),
)
_FUNCTION = """
CREATE OR REPLACE FUNCTION agent_execution_notes_day() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'TRUNCATE' THEN
        DELETE FROM execution_day_built;
        RETURN NULL;
    END IF;
    IF TG_OP <> 'DELETE' THEN
        INSERT INTO execution_day_change (id, workspace_id, day)
        SELECT gen_random_uuid(), workspace_id, day FROM (SELECT DISTINCT workspace_id,
            date_trunc('day', created_at AT TIME ZONE 'UTC') AT TIME ZONE 'UTC' AS day FROM after) AS days;
    END IF;
    IF TG_OP <> 'INSERT' THEN
        INSERT INTO execution_day_change (id, workspace_id, day)
        SELECT gen_random_uuid(), workspace_id, day FROM (SELECT DISTINCT workspace_id,
            date_trunc('day', created_at AT TIME ZONE 'UTC') AT TIME ZONE 'UTC' AS day FROM before) AS days;
    END IF;
    RETURN NULL;
END $$
"""
_POSTGRESQL_EVENTS = (
    ("insert", "INSERT", "REFERENCING NEW TABLE AS after"),
    ("delete", "DELETE", "REFERENCING OLD TABLE AS before"),
    ("update", "UPDATE", "REFERENCING OLD TABLE AS before NEW TABLE AS after"),
    ("truncate", "TRUNCATE", ""),
)


def ensure(connection: Connection) -> None:
    """Make the triggers unless they are there; on PostgreSQL this waits for transactions that change runs."""
    if connection.dialect.name == "sqlite":
        for action, event, row in _SQLITE_EVENTS:
            connection.exec_driver_sql(_SQLITE.format(name=NAME, action=action, event=event, row=row))
        return
    known = "SELECT count(*) FROM pg_trigger WHERE tgrelid = 'agent_execution'::regclass AND tgname LIKE :name"
    if connection.scalar(text(known), {"name": f"{NAME}%"}):
        return
    connection.exec_driver_sql(_FUNCTION)
    for action, event, tables in _POSTGRESQL_EVENTS:
        connection.exec_driver_sql(
            f"CREATE OR REPLACE TRIGGER {NAME}_{action} AFTER {event} ON agent_execution {tables} "
            f"FOR EACH STATEMENT EXECUTE FUNCTION {NAME}()"
        )


def drop(connection: Connection) -> None:
    """Drop the triggers, if they are there."""
    if connection.dialect.name == "sqlite":
        for action, _, row in _SQLITE_EVENTS:
            connection.exec_driver_sql(f"DROP TRIGGER IF EXISTS {NAME}_{action}_{row}")
        return
    connection.exec_driver_sql(f"DROP FUNCTION IF EXISTS {NAME}() CASCADE")
