"""Who looks at an execution, and when: its `wake_at` says so for ever, a kick says it at once.

A kick is a hint, kept with the session until its transaction ends; one that is lost or delivered twice changes
nothing.
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

_KEY = "controlplane.kicks"
AWAKE = (WorkflowStatus.RUNNING, WorkflowStatus.WAITING)


def kick(session: Session, execution_id: uuid.UUID, *, at: datetime | None = None) -> None:
    """Note that somebody should look at an execution, now or at a time."""
    session.info.setdefault(_KEY, {})[execution_id, at] = None


def take_kicks(session: Session) -> list[tuple[uuid.UUID, datetime | None]]:
    """Take the kicks out of the session, each once, in the order in which they came."""
    return list(session.info.pop(_KEY, {}))


def wake(session: Session, execution_id: uuid.UUID, *, now: datetime) -> bool:
    """Make an execution due now, in this transaction; say whether it could be.

    One that somebody works on at this moment is left alone instead of waited for: whoever waits for it may hold
    what that worker needs next. It looks again by itself, a little later.
    """
    kick(session, execution_id)
    return session.connection().execute(wake_run(execution_id=execution_id, now=now)).first() is not None


def wake_waiting_for(session: Session, trigger: BlockedTrigger, *, now: datetime) -> None:
    """Make the step due that waits for what has just been decided about a trigger, if a workflow raised it."""
    if trigger.trigger_source is not TriggerSource.WORKFLOW_ENGINE:
        return
    query = select_waiting_for(workspace_id=trigger.workspace_id, trigger_id=trigger.id)
    for row in session.connection().execute(query).all():
        if wake(session, row.execution_id, now=now):
            session.connection().execute(wake_step(step_id=row.id, now=now))


def wake_run(*, execution_id: uuid.UUID, now: datetime) -> ReturningUpdate[tuple[uuid.UUID]]:
    """Make an execution due that is under way and locked by nobody."""
    run: Any = WorkflowExecution.__table__
    free = select(run.c.id).where(run.c.id == execution_id, run.c.status.in_(AWAKE))
    free = free.with_for_update(skip_locked=True, key_share=True)
    return update(run).where(run.c.id.in_(free)).values(wake_at=now).returning(run.c.id)


def wake_step(*, step_id: uuid.UUID, now: datetime) -> Update:
    """Let a waiting attempt be looked at now; its execution must be locked."""
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
