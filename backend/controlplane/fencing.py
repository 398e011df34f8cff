"""Taking a step away from its worker, for a reason that the log keeps: what the worker returns later is refused.

A step of an agent names the agent's run. A verb that acts on that run locks the workflow execution first, then the
run, then its supervision: the engine takes its locks in the same order.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple, cast

from sqlalchemy import insert, select, update

from controlplane.models import (
    LogLevel,
    StepRole,
    StepStatus,
    WorkflowExecution,
    WorkflowExecutionLog,
    WorkflowStatus,
    WorkflowStepExecution,
    log_context,
)

if TYPE_CHECKING:
    import uuid
    from datetime import datetime

    from sqlalchemy import CursorResult
    from sqlalchemy.orm import Session

_OPEN = (WorkflowStatus.RUNNING, WorkflowStatus.WAITING, WorkflowStatus.PAUSED, WorkflowStatus.COMPENSATING)


class LockedStep(NamedTuple):
    """A running attempt whose execution is locked by this transaction."""

    id: uuid.UUID
    workspace_id: uuid.UUID
    execution_id: uuid.UUID
    step_key: str
    role: StepRole
    item: int
    attempt: int


def lock_step_of(session: Session, *, workspace_id: uuid.UUID, agent_execution_id: uuid.UUID) -> LockedStep | None:
    """Lock the workflow execution that an agent's run belongs to; None if no step runs with it."""
    session.flush()
    step, run = WorkflowStepExecution, WorkflowExecution
    mine = (step.workspace_id == workspace_id, step.agent_execution_id == agent_execution_id)
    found = session.execute(select(step.execution_id).where(*mine).limit(1)).scalar_one_or_none()
    if found is None:
        return None
    session.execute(select(run.id).where(run.id == found).with_for_update(key_share=True))
    # a replay's copy of an ended attempt names the same run; one attempt at most runs with it
    facts = step.id, step.workspace_id, step.execution_id, step.step_key, step.role, step.item, step.attempt
    row = session.execute(select(*facts).where(*mine, step.status == StepStatus.RUNNING)).one_or_none()
    return None if row is None else LockedStep(*row)


def log_decision(
    session: Session, step: LockedStep, *, event: str, message: str, now: datetime, by: uuid.UUID | None = None
) -> None:
    """Write a line about the step into the log of its execution, whose row is locked; `by` is who decided."""
    run = WorkflowExecution
    context = log_context(step) | ({} if by is None else {"by": str(by)})
    count = update(run).where(run.id == step.execution_id).values(log_sequence=run.log_sequence + 1)
    count = count.returning(run.log_sequence).execution_options(synchronize_session=False)
    line = {
        "workspace_id": step.workspace_id,
        "execution_id": step.execution_id,
        "sequence": session.execute(count).scalar_one(),
        "level": LogLevel.INFO,
        "event": event,
        "message": f"{step.step_key} {message}",
        "step_key": step.step_key,
        "context": context,
        "timestamp": now,
    }
    session.execute(insert(WorkflowExecutionLog).values(line))


def fence_step(session: Session, step: LockedStep, *, now: datetime) -> None:
    """Refuse the result of a step's worker, and have the engine look at the step now."""
    _change(session, step, lease_token=None, lease_until=now)
    _make_due(session, step, now=now)


def hold_step(session: Session, step: LockedStep) -> None:
    """Refuse the result of a step's worker, and leave the step until it is released."""
    # this delivery was not lost with its worker
    deliveries = WorkflowStepExecution.deliveries - 1
    _change(session, step, lease_token=None, lease_until=None, deliveries=deliveries)


def release_step(session: Session, step: LockedStep, *, now: datetime) -> None:
    """Have a step that was held delivered again, under the same idempotency key."""
    _change(session, step, lease_until=now)
    _make_due(session, step, now=now)


def _change(session: Session, step: LockedStep, **values: Any) -> None:
    statement = (
        update(WorkflowStepExecution)
        .where(WorkflowStepExecution.id == step.id, WorkflowStepExecution.status == StepStatus.RUNNING)
        .values(**values)
        .execution_options(synchronize_session=False)
    )
    cast("CursorResult[Any]", session.execute(statement))


def _make_due(session: Session, step: LockedStep, *, now: datetime) -> None:
    run = WorkflowExecution
    statement = update(run).where(run.id == step.execution_id, run.status.in_(_OPEN)).values(wake_at=now)
    session.execute(statement.execution_options(synchronize_session=False))
