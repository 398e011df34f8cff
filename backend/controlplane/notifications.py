"""Making a waiting execution due, in the transaction that decides what it waits for.

`wake_at` of an execution is the time at which a worker must look at it. It is a column, so a wake-up is
committed, rolled back, or rolled back with a savepoint, together with its cause. Workers find due executions by
this column; nothing is kept beside the transaction.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import select, update

from controlplane.models import (
    StepKind,
    StepStatus,
    TriggerSource,
    WorkflowExecution,
    WorkflowStatus,
    WorkflowStepExecution,
)

if TYPE_CHECKING:
    import uuid
    from datetime import datetime

    from sqlalchemy import Select
    from sqlalchemy.orm import Session
    from sqlalchemy.sql.dml import ReturningUpdate, Update

    from controlplane.models import BlockedTrigger

AWAKE = (WorkflowStatus.RUNNING, WorkflowStatus.WAITING)


def make_due_unless_locked(session: Session, execution_id: uuid.UUID, *, now: datetime) -> bool:
    """Make an execution due now, in this transaction; return whether it could be.

    One that another transaction has locked is left alone: waiting for the lock could be a deadlock. Its own worker
    looks again a little later.
    """
    return session.connection().execute(set_execution_due(execution_id=execution_id, now=now)).first() is not None


def make_waiting_step_due(session: Session, trigger: BlockedTrigger, *, now: datetime) -> None:
    """Make the step due that waits for what has just been decided about a trigger, if a workflow raised it."""
    if trigger.trigger_source is not TriggerSource.WORKFLOW_ENGINE:
        return
    query = select_waiting_for(workspace_id=trigger.workspace_id, trigger_id=trigger.id)
    for row in session.connection().execute(query).all():
        if make_due_unless_locked(session, row.execution_id, now=now):
            session.connection().execute(set_step_due(step_id=row.id, now=now))


def set_execution_due(*, execution_id: uuid.UUID, now: datetime) -> ReturningUpdate[tuple[uuid.UUID]]:
    """Make an execution due that is under way and not locked by another transaction."""
    run: Any = WorkflowExecution.__table__
    free = select(run.c.id).where(run.c.id == execution_id, run.c.status.in_(AWAKE))
    free = free.with_for_update(skip_locked=True, key_share=True)
    return update(run).where(run.c.id.in_(free)).values(wake_at=now).returning(run.c.id)


def set_step_due(*, step_id: uuid.UUID, now: datetime) -> Update:
    """Make a waiting attempt due now; its execution must be locked."""
    step: Any = WorkflowStepExecution.__table__
    return update(step).where(step.c.id == step_id, step.c.status == StepStatus.WAITING).values(wake_at=now)


def select_waiting_for(*, workspace_id: uuid.UUID, trigger_id: uuid.UUID) -> Select[uuid.UUID, uuid.UUID]:
    """Select the attempts of a workspace's open executions that wait for a trigger."""
    step, run = WorkflowStepExecution, WorkflowExecution
    return (
        select(step.id, step.execution_id)
        .join(run, run.id == step.execution_id)
        .where(
            run.workspace_id == workspace_id,
            run.status.in_(AWAKE),
            step.status == StepStatus.WAITING,
            step.kind == StepKind.AGENT,
            step.input["trigger_id"].as_string() == str(trigger_id),
        )
        .order_by(step.id)
    )
