"""Queries of traces, changed variables and profiles."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import Insert, Select, Update, func, insert, select, update

from controlplane.collation import code_points
from controlplane.models import (
    DebugSession,
    DebugVariable,
    ExecutionTrace,
    Workflow,
    WorkflowExecutionLog,
)

if TYPE_CHECKING:
    import uuid

EVENTS_OF_VARIABLES = (
    "execution_started",
    "execution_replayed",
    "execution_resumed",
    "step_started",
    "step_completed",
    "step_skipped",
)


def insert_trace(*, workflow_id: uuid.UUID, **values: Any) -> Insert:
    """Write one trace; the name of its workflow is kept with it, so that it survives an export."""
    name = select(Workflow.name).where(Workflow.id == workflow_id).scalar_subquery()
    return insert(ExecutionTrace).values(workflow=name, **values)


def insert_log(**values: Any) -> Insert:
    """Write one line of an execution's log."""
    return insert(WorkflowExecutionLog).values(**values)


def count_traces(*, session_id: uuid.UUID, count: int) -> Update:
    """Remember how many traces a session has."""
    return (
        update(DebugSession)
        .where(DebugSession.id == session_id)
        .values(trace_count=count)
        .execution_options(synchronize_session=False)
    )


def select_traces(*, workspace_id: uuid.UUID, session_id: uuid.UUID, step_key: str | None = None) -> Select[Any]:
    """Select the traces of a session in the order in which the attempts ended."""
    query = select(ExecutionTrace).where(
        ExecutionTrace.workspace_id == workspace_id, ExecutionTrace.session_id == session_id
    )
    if step_key is not None:
        query = query.where(ExecutionTrace.step_key == step_key)
    return query.order_by(ExecutionTrace.sequence)


def select_variable_log(*, workspace_id: uuid.UUID, execution_id: uuid.UUID) -> Select[Any]:
    """Select the lines of an execution's log by which its variables can be reconstructed, in order."""
    log = WorkflowExecutionLog
    columns: tuple[Any, ...] = (log.event, log.step_key, log.message, log.context, log.timestamp)
    return (
        select(*columns)
        .where(
            log.workspace_id == workspace_id, log.execution_id == execution_id, log.event.in_(EVENTS_OF_VARIABLES)
        )
        .order_by(log.sequence)
    )


def select_changes_of_execution(*, workspace_id: uuid.UUID, execution_id: uuid.UUID) -> Select[Any]:
    """Select the variables of an execution that people changed while they debugged it, oldest first."""
    return (
        select(DebugVariable)
        .where(DebugVariable.workspace_id == workspace_id, DebugVariable.execution_id == execution_id)
        .order_by(DebugVariable.changed_at, DebugVariable.sequence)
    )


def select_changes(*, workspace_id: uuid.UUID, session_id: uuid.UUID) -> Select[Any]:
    """Select the variables that people changed in a session, oldest first."""
    return (
        select(DebugVariable)
        .where(DebugVariable.workspace_id == workspace_id, DebugVariable.session_id == session_id)
        .order_by(DebugVariable.sequence)
    )


def count_changes(*, session_id: uuid.UUID) -> Select[Any]:
    """Count the variables that people changed in a session."""
    return select(func.count()).select_from(DebugVariable).where(DebugVariable.session_id == session_id)


def select_profile(*, workspace_id: uuid.UUID, session_id: uuid.UUID, slowest: int | None = None) -> Select[Any]:
    """Select per workflow and step of a session: attempts, and their total, average, least and greatest seconds.

    The time in which the debugger stood still (in a step's child or item) is not counted.
    `workflow` is null in imports that do not say it. Attempts without a duration count but weigh nothing: their
    average, least and greatest are null when there are no others. The greatest total comes first; `slowest` cuts
    the list.
    """
    seconds = ExecutionTrace.duration_seconds
    total = func.coalesce(func.sum(seconds), 0.0)
    columns: tuple[Any, ...] = (
        ExecutionTrace.workflow,
        ExecutionTrace.step_key,
        func.count().label("attempts"),
        total.label("total_seconds"),
        func.avg(seconds).label("average_seconds"),
        func.min(seconds).label("min_seconds"),
        func.max(seconds).label("max_seconds"),
    )
    query = (
        select(*columns)
        .where(ExecutionTrace.workspace_id == workspace_id, ExecutionTrace.session_id == session_id)
        .group_by(ExecutionTrace.workflow, ExecutionTrace.step_key)
        # null has no one place in an order: SQLite puts it first, PostgreSQL last
        .order_by(
            total.desc(),
            code_points(func.coalesce(ExecutionTrace.workflow, "")),
            code_points(ExecutionTrace.step_key),
        )
    )
    return query if slowest is None else query.limit(slowest)
