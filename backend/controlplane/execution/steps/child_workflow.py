"""Steps that run another workflow: a child execution of its own, which the step waits for."""

from __future__ import annotations

from sqlalchemy import select

from controlplane.errors import NotFoundError
from controlplane.execution.definition import ChildStep
from controlplane.execution.engine.complete import cancel_child
from controlplane.execution.engine.config import Failure
from controlplane.execution.engine.create import open_execution
from controlplane.execution.lifecycle import ENDED
from controlplane.execution.steps.outcomes import (
    Completed,
    StepContext,
    StepOutcome,
    Wait,
    timed_out,
)
from controlplane.execution.versions import get_version
from controlplane.models import TriggerSource, WorkflowExecution, WorkflowStatus


def start_child(context: StepContext) -> StepOutcome:
    """Start the other workflow and wait for its end."""
    step: ChildStep = context.step
    unit, execution = context.unit, context.unit.execution
    if execution.depth >= unit.engine.max_depth:
        message = f"Workflows can be nested at most {unit.engine.max_depth} deep."
        return Failure(error_type="DepthLimitError", message=message)
    try:
        version = get_version(
            unit.session, workspace_id=execution.workspace_id, name=step.workflow, version=step.version
        )
    except NotFoundError as error:
        return Failure.of(error)
    child = open_execution(
        unit.session,
        version=version,
        engine=unit.engine,
        input_data=context.input["input"],
        user_id=execution.user_id,
        agent_id=execution.agent_id,
        triggered_by=TriggerSource.WORKFLOW_ENGINE,
        parent_execution_id=execution.id,
        depth=execution.depth + 1,
        debugged=execution.debugged,
    )
    return Wait(
        why=f"for the workflow {step.workflow}",
        wake_at=context.next_poll,
        values={"child_execution_id": child.id},
    )


def resume_child(context: StepContext) -> StepOutcome | None:
    """Complete with the result of an ended child; poll again later otherwise."""
    unit, child_id = context.unit, context.attempt.child_execution_id
    child = WorkflowExecution
    query = select(child.status, child.outputs, child.error_type, child.error_message).where(child.id == child_id)
    row = unit.read(query).one()
    if row.status is WorkflowStatus.COMPLETED:
        return Completed(output=row.outputs)
    if row.status is WorkflowStatus.FAILED:
        return Failure(error_type="ChildFailedError", message=f"{row.error_type}: {row.error_message}")
    if row.status in ENDED:
        return Failure(error_type="ChildCancelledError", message="The child execution was cancelled.")
    timeout_at = context.timeout_at
    if timeout_at is not None and timeout_at <= unit.now and child_id is not None:
        cancel_child(unit, child_id, reason="the waiting step timed out")
        return timed_out(context.step.timeout)
    unit.postpone(context.attempt, context.next_poll)
    return None
