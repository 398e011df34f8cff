"""Steps that run another workflow: a child execution of its own, which the step waits for."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import select

from controlplane.errors import NotFoundError
from controlplane.execution.definition import ChildStep
from controlplane.execution.engine.complete import cancel_child
from controlplane.execution.engine.config import Failure
from controlplane.execution.engine.create import open_execution
from controlplane.execution.lifecycle import ENDED
from controlplane.execution.steps.common import (
    Done,
    Entry,
    Hold,
    StepOutcome,
    timed_out,
)
from controlplane.execution.versions import get_version
from controlplane.models import TriggerSource, WorkflowExecution, WorkflowStatus

if TYPE_CHECKING:
    from datetime import datetime

POLL_INTERVAL = timedelta(seconds=30)
"""A parent looks at its child this often by itself: it may be locked when the child ends."""


def enter_child(entry: Entry) -> StepOutcome:
    """Start the other workflow and wait for its end."""
    step: ChildStep = entry.step
    turn, run = entry.turn, entry.turn.run
    if run.depth >= turn.engine.max_depth:
        message = f"Workflows may call workflows {turn.engine.max_depth} deep."
        return Failure(error_type="DepthLimitError", message=message)
    try:
        version = get_version(
            turn.session, workspace_id=run.workspace_id, name=step.workflow, version=step.version
        )
    except NotFoundError as error:
        return Failure.of(error)
    child = open_execution(
        turn.session,
        version=version,
        engine=turn.engine,
        input_data=entry.input["input"],
        user_id=run.user_id,
        agent_id=run.agent_id,
        triggered_by=TriggerSource.WORKFLOW_ENGINE,
        parent_execution_id=run.id,
        depth=run.depth + 1,
        debugged=run.debugged,
    )
    return Hold(
        why=f"for the workflow {step.workflow}",
        wake_at=_next_look(entry, turn.now),
        values={"child_execution_id": child.id},
    )


def wake_child(entry: Entry) -> StepOutcome | None:
    """Take the result of a child that has ended; look again later at one that has not."""
    turn, child_id = entry.turn, entry.attempt.child_execution_id
    child = WorkflowExecution
    query = select(child.status, child.outputs, child.error_type, child.error_message).where(child.id == child_id)
    row = turn.read(query).one()
    if row.status is WorkflowStatus.COMPLETED:
        return Done(output=row.outputs)
    if row.status is WorkflowStatus.FAILED:
        return Failure(error_type="ChildFailedError", message=f"{row.error_type}: {row.error_message}")
    if row.status in ENDED:
        return Failure(error_type="ChildCancelledError", message="The child execution was cancelled.")
    limit = _limit(entry)
    if limit is not None and limit <= turn.now and child_id is not None:
        cancel_child(turn, child_id, reason="the step that waits for it timed out")
        return timed_out(entry.step.timeout)
    turn.postpone(entry.attempt, _next_look(entry, entry.attempt.started_at or turn.now))
    return None


def _limit(entry: Entry) -> datetime | None:
    started, timeout = entry.attempt.started_at, entry.step.timeout
    return None if timeout is None or started is None else started + timedelta(seconds=timeout)


def _next_look(entry: Entry, started: datetime) -> datetime:
    look = entry.turn.now + POLL_INTERVAL
    timeout = entry.step.timeout
    return look if timeout is None else min(look, started + timedelta(seconds=timeout))
