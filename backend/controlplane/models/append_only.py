"""Append-only records: the database itself refuses to change or delete them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from sqlalchemy import DDL, Engine, event

from controlplane.errors import AppendOnlyError
from controlplane.models.declarative import Base
from controlplane.models.governance.supervision import Intervention
from controlplane.models.lifecycle_event import LifecycleEvent
from controlplane.models.workflows.canvas import CanvasAudit
from controlplane.models.workflows.debugging import DebugVariable, ExecutionTrace
from controlplane.models.workflows.workflow import WorkflowStep, WorkflowVersion
from controlplane.models.workflows.workflow_execution import WorkflowExecutionLog

if TYPE_CHECKING:
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
        for action in ("UPDATE", "DELETE"):
            _on(table, "after_create", _SQLITE.format(action=action), "sqlite")
        for trigger in (_ROWS, _TABLE):
            _on(table, "after_create", trigger, "postgresql")
    _on(Base.metadata, "before_create", _FUNCTION, "postgresql")
    _on(Base.metadata, "after_drop", "DROP FUNCTION IF EXISTS refuse_change()", "postgresql")


_protect()


# on every engine: an application brings its own
@event.listens_for(Engine, "handle_error")
def _raise_append_only(context: ExceptionContext) -> None:
    """Raise AppendOnlyError in place of the database's own error."""
    found = _REFUSED.match(str(context.original_exception))
    if found:
        raise AppendOnlyError(record=found[1]) from context.original_exception
