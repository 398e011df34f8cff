"""The triggers that keep append-only tables: their texts, and whether a database has them.

The names of the tables stand here as texts: every command compares the triggers, and mapped classes take longer to
import than most commands run.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from sqlalchemy import text

if TYPE_CHECKING:
    from sqlalchemy import Connection

APPEND_ONLY = (
    "canvas_audit",
    "debug_variable",
    "execution_trace",
    "intervention",
    "lifecycle_event",
    "workflow_execution_log",
    "workflow_step",
    "workflow_version",
)

_ACTIONS = ("UPDATE", "DELETE")
_SQLITE = """
CREATE TRIGGER %(table)s_keeps_{action} BEFORE {action} ON %(table)s
BEGIN SELECT RAISE(ABORT, 'append-only: %(table)s'); END
"""
FUNCTION = """
CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION USING MESSAGE = 'append-only: ' || TG_TABLE_NAME, ERRCODE = 'restrict_violation'; END $$
"""
_ROWS = """
CREATE TRIGGER keeps_rows BEFORE UPDATE OR DELETE ON %(table)s FOR EACH ROW EXECUTE FUNCTION refuse_change()
"""
_TABLE = """
CREATE TRIGGER keeps_table BEFORE TRUNCATE ON %(table)s FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()
"""

_STORED_IN_SQLITE = "SELECT tbl_name, sql FROM sqlite_master WHERE type = 'trigger'"
_STORED_IN_POSTGRESQL = """
SELECT c.relname, concat_ws(' ', pg_get_triggerdef(t.oid), t.tgenabled, p.prosrc)
  FROM pg_trigger AS t JOIN pg_class AS c ON c.oid = t.tgrelid JOIN pg_proc AS p ON p.oid = t.tgfoid
 WHERE NOT t.tgisinternal AND c.relnamespace = current_schema()::regnamespace
"""


def unprotected_tables(connection: Connection) -> tuple[str, ...]:
    """Return the append-only tables whose triggers are missing, disabled, or of another text."""
    is_sqlite = connection.dialect.name == "sqlite"
    stored = connection.execute(text(_STORED_IN_SQLITE if is_sqlite else _STORED_IN_POSTGRESQL))
    found = {(table, _normal(sql)) for table, sql in stored}
    return tuple(
        name for name in APPEND_ONLY if not {(name, sql) for sql in _expected(name, is_sqlite=is_sqlite)} <= found
    )


def restore_protection(connection: Connection, tables: tuple[str, ...]) -> None:
    """Recreate the triggers of these tables."""
    is_sqlite = connection.dialect.name == "sqlite"
    if not is_sqlite:
        connection.execute(text(FUNCTION))
    for table in tables:
        names = [f"{table}_keeps_{action}" for action in _ACTIONS] if is_sqlite else ["keeps_rows", "keeps_table"]
        for name in names:
            connection.execute(text(f"DROP TRIGGER IF EXISTS {name}" + ("" if is_sqlite else f" ON {table}")))
        for statement in trigger_statements(is_sqlite=is_sqlite):
            connection.execute(text(statement % {"table": table}))


def _expected(table: str, *, is_sqlite: bool) -> list[str]:
    if is_sqlite:
        return [_normal(statement % {"table": table}) for statement in trigger_statements(is_sqlite=True)]
    body = FUNCTION.split("$$")[1]
    end = "EXECUTE FUNCTION refuse_change()"
    rows = f"CREATE TRIGGER keeps_rows BEFORE DELETE OR UPDATE ON {table} FOR EACH ROW {end}"
    whole = f"CREATE TRIGGER keeps_table BEFORE TRUNCATE ON {table} FOR EACH STATEMENT {end}"
    return [_normal(f"{trigger} O {body}") for trigger in (rows, whole)]


def trigger_statements(*, is_sqlite: bool) -> tuple[str, ...]:
    """Return the statements that create the triggers of one table, its name left open."""
    return tuple(_SQLITE.format(action=action) for action in _ACTIONS) if is_sqlite else (_ROWS, _TABLE)


def _normal(sql: str) -> str:
    """Return a statement with single blanks, and names without quotes and schema."""
    plain = re.sub(r"\bON (?:\w+\.)", "ON ", sql.replace('"', ""))
    return " ".join(plain.split())
