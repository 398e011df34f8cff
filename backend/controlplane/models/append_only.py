"""Append-only records: the database itself refuses to change or delete them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from sqlalchemy import DDL, Engine, event, text

from controlplane.errors import AppendOnlyError
from controlplane.models.declarative import Base
from controlplane.models.governance.supervision import Intervention
from controlplane.models.lifecycle_event import LifecycleEvent
from controlplane.models.workflows.canvas import CanvasAudit
from controlplane.models.workflows.debugging import DebugVariable, ExecutionTrace
from controlplane.models.workflows.workflow import WorkflowStep, WorkflowVersion
from controlplane.models.workflows.workflow_execution import WorkflowExecutionLog

if TYPE_CHECKING:
    from sqlalchemy import Connection
    from sqlalchemy.engine import ExceptionContext

APPEND_ONLY = tuple(
    kind.__tablename__
    for kind in (
        CanvasAudit,
        DebugVariable,
        ExecutionTrace,
        Intervention,
        LifecycleEvent,
        WorkflowExecutionLog,
        WorkflowStep,
        WorkflowVersion,
    )
)

_ACTIONS = ("UPDATE", "DELETE")
_REFUSED = re.compile(r"append-only: (\w+)")
_SQLITE = """
CREATE TRIGGER %(table)s_keeps_{action} BEFORE {action} ON %(table)s
BEGIN SELECT RAISE(ABORT, 'append-only: %(table)s'); END
"""
_FUNCTION = """
CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION USING MESSAGE = 'append-only: ' || TG_TABLE_NAME, ERRCODE = 'restrict_violation'; END $$
"""
_ROWS = """
CREATE TRIGGER keeps_rows BEFORE UPDATE OR DELETE ON %(table)s FOR EACH ROW EXECUTE FUNCTION refuse_change()
"""
_TABLE = """
CREATE TRIGGER keeps_table BEFORE TRUNCATE ON %(table)s FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()
"""


def _on(target: Any, moment: str, statement: str, dialect: str) -> None:
    ddl = DDL(statement)  # type: ignore[no-untyped-call]  # SQLAlchemy's own annotation is missing
    event.listen(target, moment, ddl.execute_if(dialect=dialect))


def _protect() -> None:
    """Give the tables their triggers wherever the metadata creates them."""
    for name in APPEND_ONLY:
        table = Base.metadata.tables[name]
        for dialect in ("sqlite", "postgresql"):
            for trigger in _statements(is_sqlite=dialect == "sqlite"):
                _on(table, "after_create", trigger, dialect)
    _on(Base.metadata, "before_create", _FUNCTION, "postgresql")
    _on(Base.metadata, "after_drop", "DROP FUNCTION IF EXISTS refuse_change()", "postgresql")


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
        connection.execute(text(_FUNCTION))
    for table in tables:
        names = [f"{table}_keeps_{action}" for action in _ACTIONS] if is_sqlite else ["keeps_rows", "keeps_table"]
        for name in names:
            connection.execute(text(f"DROP TRIGGER IF EXISTS {name}" + ("" if is_sqlite else f" ON {table}")))
        for statement in _statements(is_sqlite=is_sqlite):
            connection.execute(text(statement % {"table": table}))


def _expected(table: str, *, is_sqlite: bool) -> list[str]:
    if is_sqlite:
        return [_normal(statement % {"table": table}) for statement in _statements(is_sqlite=True)]
    body = _FUNCTION.split("$$")[1]
    end = "EXECUTE FUNCTION refuse_change()"
    rows = f"CREATE TRIGGER keeps_rows BEFORE DELETE OR UPDATE ON {table} FOR EACH ROW {end}"
    whole = f"CREATE TRIGGER keeps_table BEFORE TRUNCATE ON {table} FOR EACH STATEMENT {end}"
    return [_normal(f"{trigger} O {body}") for trigger in (rows, whole)]


def _statements(*, is_sqlite: bool) -> tuple[str, ...]:
    return tuple(_SQLITE.format(action=action) for action in _ACTIONS) if is_sqlite else (_ROWS, _TABLE)


def _normal(sql: str) -> str:
    """Return a statement with single blanks, and names without quotes and schema."""
    plain = re.sub(r"\bON (?:\w+\.)", "ON ", sql.replace('"', ""))
    return " ".join(plain.split())


_protect()


# on every engine: an application brings its own
@event.listens_for(Engine, "handle_error")
def _raise_append_only(context: ExceptionContext) -> None:
    """Raise AppendOnlyError in place of the database's own error."""
    found = _REFUSED.match(str(context.original_exception))
    if found:
        raise AppendOnlyError(record=found[1]) from context.original_exception
