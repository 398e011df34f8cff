"""The verbs of a run: request, start, pause, resume, end. A supervision ends with its run."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from controlplane import clock
from controlplane.agents.lifecycle import EXECUTION
from controlplane.agents.queries import select_execution
from controlplane.agents.registry import get_agent
from controlplane.agents.supervised import end_supervision
from controlplane.lifecycle import begin, transition
from controlplane.lookup import get_one
from controlplane.models import AgentExecution, ExecutionStatus, TriggerSource
from controlplane.validation import member, text

if TYPE_CHECKING:
    import uuid
    from datetime import datetime
    from typing import Unpack

    from sqlalchemy.orm import Session

    from controlplane.lifecycle import Actor
    from controlplane.models import Agent

SUMMARY_LIMIT = 100_000


def request(
    session: Session,
    *,
    workspace_id: uuid.UUID,
    agent_id: uuid.UUID,
    triggered_by: TriggerSource,
    input_summary: str | None = None,
    **actor: Unpack[Actor],
) -> AgentExecution:
    """Create a pending run of an agent.

    Whether the agent may run at all is a question for governance, asked before.

    Raises:
        InvalidValueError: an unknown source, or a summary over 100,000 characters.
        NotFoundError: the workspace has no such agent.
    """
    source = member("triggered_by", triggered_by, TriggerSource)
    agent = get_agent(session, workspace_id=workspace_id, agent_id=agent_id)
    return request_of(session, agent, triggered_by=source, input_summary=input_summary, **actor)


def request_of(
    session: Session,
    agent: Agent,
    *,
    triggered_by: TriggerSource,
    input_summary: str | None = None,
    **actor: Unpack[Actor],
) -> AgentExecution:
    """Create a pending run of an agent that the caller has just read.

    Raises:
        InvalidValueError: as `request`.
    """
    source = member("triggered_by", triggered_by, TriggerSource)
    execution = AgentExecution(
        workspace_id=agent.workspace_id,
        agent_id=agent.id,
        status=ExecutionStatus.PENDING,
        triggered_by=source,
        input_summary=_summary("input_summary", input_summary),
        created_at=clock.now(),
    )
    begin(session, EXECUTION, execution, **actor)
    return execution


def get_execution(session: Session, *, workspace_id: uuid.UUID, execution_id: uuid.UUID) -> AgentExecution:
    """Return one run of the workspace as the session sees it, or raise NotFoundError."""
    query = select_execution(workspace_id=workspace_id, execution_id=execution_id)
    return get_one(session, query, record="agent_execution", id=execution_id)


def start(session: Session, execution: AgentExecution, **actor: Unpack[Actor]) -> None:
    """Begin to run: the duration counts from here."""
    transition(
        session,
        EXECUTION,
        execution,
        to=ExecutionStatus.RUNNING,
        only_from=ExecutionStatus.PENDING,
        started_at=clock.now(),
        **actor,
    )


def pause(
    session: Session, execution: AgentExecution, *, reason: str | None = None, **actor: Unpack[Actor]
) -> None:
    """Hold a running execution."""
    transition(session, EXECUTION, execution, to=ExecutionStatus.PAUSED, reason=reason, **actor)


def resume(session: Session, execution: AgentExecution, **actor: Unpack[Actor]) -> None:
    """Resume a paused execution; its start time is kept."""
    transition(
        session,
        EXECUTION,
        execution,
        to=ExecutionStatus.RUNNING,
        only_from=ExecutionStatus.PAUSED,
        **actor,
    )


def complete(
    session: Session,
    execution: AgentExecution,
    *,
    output_summary: str | None = None,
    result_summary: str | None = None,
    **actor: Unpack[Actor],
) -> None:
    """End a running execution well."""
    _end(
        session,
        execution,
        to=ExecutionStatus.COMPLETED,
        output_summary=_summary("output_summary", output_summary),
        result_summary=_summary("result_summary", result_summary),
        **actor,
    )


def fail(
    session: Session,
    execution: AgentExecution,
    *,
    error_type: str,
    error_message: str,
    **actor: Unpack[Actor],
) -> None:
    """End a running execution with an error: its type (what failures are counted by) and what it said."""
    _end(
        session,
        execution,
        to=ExecutionStatus.FAILED,
        reason=text("error_type", error_type),
        error_type=text("error_type", error_type),
        error_message=text("error_message", error_message, limit=SUMMARY_LIMIT),
        **actor,
    )


def time_out(session: Session, execution: AgentExecution, *, after_seconds: float) -> None:
    """End a running execution that took longer than it may."""
    _end(
        session,
        execution,
        to=ExecutionStatus.TIMEOUT,
        reason=f"longer than {after_seconds:g} s",
        error_type="Timeout",
        error_message=f"The run took longer than {after_seconds:g} s.",
    )


def cancel(
    session: Session, execution: AgentExecution, *, reason: str | None = None, **actor: Unpack[Actor]
) -> None:
    """Give up an execution that has not ended; one that never started has no duration."""
    _end(session, execution, to=ExecutionStatus.CANCELLED, reason=reason, **actor)


def _end(
    session: Session,
    execution: AgentExecution,
    *,
    to: ExecutionStatus,
    actor_id: uuid.UUID | None = None,
    actor_agent_id: uuid.UUID | None = None,
    reason: str | None = None,
    **values: Any,
) -> None:
    """Move to a final status and record when, and how long since the start (seconds; null if it never started)."""
    at, seen = clock.now(), execution.started_at
    transition(
        session,
        EXECUTION,
        execution,
        to=to,
        actor_id=actor_id,
        actor_agent_id=actor_agent_id,
        reason=reason,
        completed_at=at,
        duration_seconds=_seconds(seen, at),
        **values,
    )
    if execution.started_at != seen:  # it was started after this session had read it
        execution.duration_seconds = _seconds(execution.started_at, at)
        session.flush()
    end_supervision(session, execution, actor_id=actor_id, actor_agent_id=actor_agent_id)


def _seconds(start: datetime | None, end: datetime) -> float | None:
    return None if start is None else (end - start).total_seconds()


def _summary(field: str, value: str | None) -> str | None:
    return None if value is None else text(field, value, limit=SUMMARY_LIMIT)
