"""Single runs: the newest, the ones that hang, and from when to when there are any."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import func, literal, select, tuple_

from controlplane.analytics.questions import workflows
from controlplane.analytics.questions.executions import in_scope
from controlplane.analytics.sql.portable import (
    Rows,
    at,
    by_key,
    seconds_between,
)
from controlplane.models import (
    Agent,
    AgentExecution,
    ExecutionStatus,
    Workflow,
    WorkflowExecution,
    WorkflowStatus,
)

if TYPE_CHECKING:
    import uuid
    from collections.abc import Sequence
    from datetime import datetime, timedelta


def select_newest_executions(
    *,
    workspace_id: uuid.UUID,
    limit: int,
    before: tuple[datetime, uuid.UUID] | None = None,
    agent_id: uuid.UUID | None = None,
    statuses: Sequence[ExecutionStatus] = (),
) -> Rows:
    """Select the `limit` newest runs.

    To turn the page, pass the `created_at` and `id` of the last row as `before`.

    Columns: `id`, `agent_id`, `status`, `triggered_by` as stored; `created_at`, `started_at` UTC;
        `duration_seconds` seconds; `error_type`.
    Null: `started_at` before the start, `duration_seconds` before the end, `error_type` without an error.
    Order: newest first; those asked for in the same microsecond by id, largest first.
    """
    newest = (
        select(
            AgentExecution.id,
            AgentExecution.agent_id,
            AgentExecution.status,
            AgentExecution.triggered_by,
            AgentExecution.created_at,
            AgentExecution.started_at,
            AgentExecution.duration_seconds,
            AgentExecution.error_type,
        )
        .where(in_scope(workspace_id=workspace_id, agent_id=agent_id))
        .order_by(AgentExecution.created_at.desc(), AgentExecution.id.desc())
        .limit(limit)
    )
    if statuses:
        newest = newest.where(AgentExecution.status.in_(tuple(statuses)))
    if before is not None:
        instant, last_id = before
        newest = newest.where(
            tuple_(AgentExecution.created_at, AgentExecution.id) < tuple_(at(instant), literal(last_id))
        )
    return newest


def select_execution_time_range(*, workspace_id: uuid.UUID, agent_id: uuid.UUID | None = None) -> Rows:
    """Select one row: when the first and the last run were asked for, and how many there are.

    Columns: `first_at`, `last_at` UTC; `runs` count.
    Null: both instants without runs.
    """
    return select(
        func.min(AgentExecution.created_at).label("first_at"),
        func.max(AgentExecution.created_at).label("last_at"),
        func.count().label("runs"),
    ).where(in_scope(workspace_id=workspace_id, agent_id=agent_id))


def select_stuck_executions(
    *, workspace_id: uuid.UUID, now: datetime, longer_than: timedelta, agent_id: uuid.UUID | None = None
) -> Rows:
    """Select the runs that are running for more than `longer_than` at `now`.

    A run that started exactly `longer_than` ago is not listed, nor is one that is paused or still waiting.

    Columns: `id`, `agent_id`, `agent` which and whose; `started_at` UTC; `running_seconds` seconds until `now`.
    Null: nothing.
    Order: longest first; those that started together by id.
    """
    return (
        select(
            AgentExecution.id,
            AgentExecution.agent_id,
            Agent.name.label("agent"),
            AgentExecution.started_at,
            seconds_between(AgentExecution.started_at, at(now)).label("running_seconds"),
        )
        .join(Agent, by_key(Agent, AgentExecution.agent_id, workspace_id=workspace_id))
        .where(
            in_scope(workspace_id=workspace_id, agent_id=agent_id),
            AgentExecution.status == ExecutionStatus.RUNNING,
            AgentExecution.started_at < now - longer_than,
        )
        .order_by(AgentExecution.started_at, AgentExecution.id)
    )


def select_stuck_workflow_executions(
    *, workspace_id: uuid.UUID, now: datetime, longer_than: timedelta, workflow_id: uuid.UUID | None = None
) -> Rows:
    """Select the executions of workflows that are running for more than `longer_than` at `now`.

    One that started exactly `longer_than` ago is not listed, nor is one that is paused or waits for a step.

    Columns: `id`, `workflow_id`, `workflow` which and of what; `started_at` UTC; `running_seconds` seconds until
        `now`.
    Null: nothing.
    Order: longest first; those that started together by id.
    """
    execution = WorkflowExecution
    return (
        select(
            execution.id,
            execution.workflow_id,
            Workflow.name.label("workflow"),
            execution.started_at,
            seconds_between(execution.started_at, at(now)).label("running_seconds"),
        )
        .join(Workflow, by_key(Workflow, execution.workflow_id, workspace_id=workspace_id))
        .where(
            workflows.in_scope(workspace_id=workspace_id, workflow_id=workflow_id),
            execution.status == WorkflowStatus.RUNNING,
            execution.started_at < now - longer_than,
        )
        .order_by(execution.started_at, execution.id)
    )
