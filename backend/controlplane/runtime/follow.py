"""Follows one execution: its log as it grows, until the execution ends or is blocked on external input."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from sqlalchemy import select
from sqlalchemy.orm import Session

from controlplane import clock
from controlplane.execution.lifecycle import ENDED
from controlplane.execution.queries import select_logs, select_waits
from controlplane.models import StepKind, WorkflowExecution, WorkflowStatus
from controlplane.runtime.threads import ThreadRuntime

if TYPE_CHECKING:
    import uuid
    from collections.abc import Iterator
    from datetime import datetime

    import sqlalchemy as sa

    from controlplane.execution.engine.config import EngineConfig
    from controlplane.models import WorkflowExecutionLog

POLL = 0.05
BY_PEOPLE = (StepKind.APPROVAL, StepKind.AGENT)
MAX_TIMER_WAIT = 60.0
"""Seconds that a timer may be away for the follower to wait for it."""


def run_until_blocked(
    database: sa.Engine, execution_id: uuid.UUID, *, engine: EngineConfig, workers: int = 4
) -> Iterator[WorkflowExecutionLog]:
    """Drive what is due, in threads, and yield the log of one execution until it ends or blocks."""
    with ThreadRuntime(database, engine=engine, workers=workers, poll=0.1) as runtime:
        runtime.notify(execution_id)
        yield from follow_log(database, execution_id)


def follow_log(database: sa.Engine, execution_id: uuid.UUID) -> Iterator[WorkflowExecutionLog]:
    """Yield the lines of an execution's log until it ends or blocks."""
    reading = database.execution_options(sqlite_begin="DEFERRED")
    last = 0
    while True:
        with Session(reading) as session:
            is_blocked = _is_blocked(session, execution_id)  # before the log: nothing can come after it
            run = session.get_one(WorkflowExecution, execution_id)
            query = select_logs(workspace_id=run.workspace_id, execution_id=execution_id, after=last)
            lines = list(session.scalars(query))
            session.expunge_all()
        yield from lines
        last = lines[-1].sequence if lines else last
        if is_blocked:
            return
        time.sleep(POLL)


def _is_blocked(session: Session, execution_id: uuid.UUID) -> bool:
    """Return whether the execution has ended, is paused, or waits for people or for long, itself or in a child."""
    run = session.execute(
        select(WorkflowExecution.status, WorkflowExecution.wake_at).where(WorkflowExecution.id == execution_id)
    ).one()
    if run.status in (*ENDED, WorkflowStatus.PAUSED):
        return True
    if run.status is not WorkflowStatus.WAITING:
        return False
    for wait in session.execute(select_waits(execution_id=execution_id)):
        if wait.kind is StepKind.WORKFLOW:
            if wait.child_execution_id is None or not _is_blocked_without_end(session, wait.child_execution_id):
                return False
        elif wait.kind not in BY_PEOPLE and _is_due_soon(wait.wake_at):
            return False
    return True


def _is_due_soon(at: datetime | None) -> bool:
    return at is not None and (at - clock.now()).total_seconds() < MAX_TIMER_WAIT


def _is_blocked_without_end(session: Session, execution_id: uuid.UUID) -> bool:
    """Return whether a child is blocked without having ended: its end resumes its parent."""
    status = session.execute(
        select(WorkflowExecution.status).where(WorkflowExecution.id == execution_id)
    ).scalar_one()
    return status not in ENDED and _is_blocked(session, execution_id)
