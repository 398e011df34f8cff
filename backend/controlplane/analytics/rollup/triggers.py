"""Triggers that note the days of every changed run; created and dropped with the rollup.

A run belongs to the day that it was asked for, and is part of the level from its start to its end: two logs.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import text

if TYPE_CHECKING:
    from sqlalchemy import Connection

NAME = "agent_execution_notes"

# one writer at a time: a day or a span that is noted is not noted again
_DAY = """
    INSERT INTO execution_day_change (id, workspace_id, day)
    SELECT lower(hex(randomblob(16))), {row}.workspace_id, substr({row}.created_at, 1, 10) || ' 00:00:00.000000'
    WHERE NOT EXISTS (
        SELECT 1 FROM execution_day_change AS noted
        WHERE noted.workspace_id = {row}.workspace_id
            AND noted.day = substr({row}.created_at, 1, 10) || ' 00:00:00.000000')"""
_SPAN = """
    INSERT INTO execution_level_change (id, workspace_id, since, until)
    SELECT lower(hex(randomblob(16))), {row}.workspace_id, {since}, {until}
    WHERE NOT EXISTS (
        SELECT 1 FROM execution_level_change AS noted
        WHERE noted.workspace_id = {row}.workspace_id AND noted.since <= {since}
            AND (noted.until IS NULL OR noted.until >= {until}))"""
# the scalar min and max of SQLite are null where one of their arguments is: an open end
_EARLIER_END = "coalesce(min(OLD.completed_at, NEW.completed_at), OLD.completed_at, NEW.completed_at)"
_SAME_START = "OLD.workspace_id = NEW.workspace_id AND OLD.started_at IS NEW.started_at"


def _whole(row: str) -> str:
    return _SPAN.format(row=row, since=f"{row}.started_at", until=f"{row}.completed_at")


_RUNS = "UPDATE OF workspace_id, agent_id, status, created_at, duration_seconds"
_SPANS = "UPDATE OF workspace_id, started_at, completed_at"
_BETWEEN_ENDS = _SPAN.format(row="NEW", since=_EARLIER_END, until="max(OLD.completed_at, NEW.completed_at)")
_SQLITE = {
    "day_insert_new": ("INSERT", "true", _DAY.format(row="NEW")),
    "day_delete_old": ("DELETE", "true", _DAY.format(row="OLD")),
    "day_update_new": (_RUNS, "true", _DAY.format(row="NEW")),
    "day_update_old": (_RUNS, "true", _DAY.format(row="OLD")),
    "level_insert": ("INSERT", "NEW.started_at IS NOT NULL", _whole("NEW")),
    "level_delete": ("DELETE", "OLD.started_at IS NOT NULL", _whole("OLD")),
    "level_end": (
        _SPANS,
        f"{_SAME_START} AND NEW.started_at IS NOT NULL AND NEW.completed_at IS NOT OLD.completed_at",
        _BETWEEN_ENDS,
    ),
    "level_update_new": (_SPANS, f"NOT ({_SAME_START}) AND NEW.started_at IS NOT NULL", _whole("NEW")),
    "level_update_old": (_SPANS, f"NOT ({_SAME_START}) AND OLD.started_at IS NOT NULL", _whole("OLD")),
}

_DAYS = """
        INSERT INTO execution_day_change (id, workspace_id, day)
        SELECT gen_random_uuid(), workspace_id, day FROM (
            SELECT DISTINCT workspace_id,
                date_trunc('day', created_at AT TIME ZONE 'UTC') AT TIME ZONE 'UTC' AS day
            FROM ({runs}) AS runs) AS days;"""
_RUN = "SELECT workspace_id, created_at FROM {table}"
# one span for all runs of a statement that began on one day
_LEVELS = """
        INSERT INTO execution_level_change (id, workspace_id, since, until)
        SELECT gen_random_uuid(), workspace_id, min(since),
            CASE WHEN bool_and(until IS NOT NULL) THEN max(until) END
        FROM ({spans}) AS spans
        GROUP BY workspace_id, date_trunc('day', since AT TIME ZONE 'UTC');"""
_WHOLE = (
    "SELECT workspace_id, started_at AS since, completed_at AS until FROM {table} WHERE started_at IS NOT NULL"
)
_UPDATED = """
            SELECT before.workspace_id, least(before.completed_at, after.completed_at) AS since,
                CASE WHEN before.completed_at IS NOT NULL AND after.completed_at IS NOT NULL
                    THEN greatest(before.completed_at, after.completed_at) END AS until
            FROM before JOIN after USING (id, workspace_id, started_at)
            WHERE before.completed_at IS DISTINCT FROM after.completed_at
            UNION ALL SELECT workspace_id, started_at, completed_at FROM before WHERE started_at IS NOT NULL
                AND NOT EXISTS (SELECT 1 FROM after WHERE after.id = before.id
                    AND after.workspace_id = before.workspace_id AND after.started_at = before.started_at)
            UNION ALL SELECT workspace_id, started_at, completed_at FROM after WHERE started_at IS NOT NULL
                AND NOT EXISTS (SELECT 1 FROM before WHERE after.id = before.id
                    AND after.workspace_id = before.workspace_id AND after.started_at = before.started_at)"""


def _noted(*tables: str, spans: str) -> str:
    runs = " UNION ".join(_RUN.format(table=table) for table in tables)
    return _DAYS.format(runs=runs) + _LEVELS.format(spans=spans)


_FUNCTION = f"""
CREATE OR REPLACE FUNCTION {NAME}() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'TRUNCATE' THEN
        DELETE FROM execution_day_built;
        DELETE FROM execution_day_level;
        RETURN NULL;
    END IF;
    IF TG_OP = 'INSERT' THEN{_noted("after", spans=_WHOLE.format(table="after"))}
    ELSIF TG_OP = 'DELETE' THEN{_noted("before", spans=_WHOLE.format(table="before"))}
    ELSE{_noted("before", "after", spans=_UPDATED)}
    END IF;
    RETURN NULL;
END $$
"""  # noqa: S608  made of constants
_POSTGRESQL = {
    "insert": ("INSERT", "REFERENCING NEW TABLE AS after"),
    "delete": ("DELETE", "REFERENCING OLD TABLE AS before"),
    "update": ("UPDATE", "REFERENCING OLD TABLE AS before NEW TABLE AS after"),
    "truncate": ("TRUNCATE", ""),
}


_TYPES = {"INSERT": 4, "DELETE": 8, "UPDATE": 16, "TRUNCATE": 32}  # as pg_trigger.tgtype has them
_EXISTING = {
    "sqlite": "SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND lower(name) LIKE :name",
    "postgresql": "SELECT t.tgname, t.tgtype, t.tgenabled, coalesce(t.tgoldtable, ''), "
    "coalesce(t.tgnewtable, ''), p.proname, p.prosrc FROM pg_trigger AS t JOIN pg_proc AS p ON p.oid = t.tgfoid "
    "WHERE t.tgrelid = 'agent_execution'::regclass AND t.tgname LIKE :name",
}


def _statements() -> dict[str, str]:
    """Return the statements that make the triggers on SQLite, by name, spelled as the database keeps them."""
    return {
        f"{NAME}_{name}": f"CREATE TRIGGER {NAME}_{name} AFTER {event} ON agent_execution "
        f"WHEN {condition}\nBEGIN{action};\nEND"
        for name, (event, condition, action) in _SQLITE.items()
    }


def _expected(dialect: str) -> set[tuple[Any, ...]]:
    """Return what `_EXISTING` finds where the triggers are those of this version, to the letter."""
    if dialect == "sqlite":
        return set(_statements().items())
    body = _FUNCTION.partition("$$")[2].rpartition("$$")[0]
    return {
        (
            f"{NAME}_{action}",
            _TYPES[event],
            "O",
            "before" if " before" in tables else "",
            "after" if " after" in tables else "",
            NAME,
            body,
        )
        for action, (event, tables) in _POSTGRESQL.items()
    }


def are_current(connection: Connection) -> bool:
    """Return whether exactly the triggers of this version are there, compared by their text."""
    dialect = connection.dialect.name
    rows = connection.execute(text(_EXISTING[dialect]), {"name": f"{NAME}%"})
    return {tuple(row) for row in rows} == _expected(dialect)


def ensure(connection: Connection) -> bool:
    """Make the triggers unless they are there, and return whether they were made.

    Those of another version, or with another text, are replaced: what was added up under them can't be trusted.
    On PostgreSQL this waits for transactions that change runs.
    """
    if are_current(connection):
        return False
    drop(connection)
    if connection.dialect.name == "sqlite":
        for statement in _statements().values():
            connection.exec_driver_sql(statement)
        return True
    connection.exec_driver_sql(_FUNCTION)
    for action, (event, tables) in _POSTGRESQL.items():
        connection.exec_driver_sql(
            f"CREATE OR REPLACE TRIGGER {NAME}_{action} AFTER {event} ON agent_execution {tables} "
            f"FOR EACH STATEMENT EXECUTE FUNCTION {NAME}()"
        )
    return True


def drop(connection: Connection) -> None:
    """Drop the triggers, whichever version made them."""
    rows = connection.execute(text(_EXISTING[connection.dialect.name]), {"name": f"{NAME}%"}).all()
    if connection.dialect.name == "sqlite":
        for name, _ in rows:
            connection.exec_driver_sql(f'DROP TRIGGER "{name}"')
        return
    for function in sorted({NAME, *(row.proname for row in rows)}):
        connection.exec_driver_sql(f"DROP FUNCTION IF EXISTS {function}() CASCADE")
