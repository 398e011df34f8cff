"""Queries of executions under the debugger."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import Insert, Select, Update, insert, select, update

from controlplane.models import (
    StepRole,
    StepStatus,
    Workflow,
    WorkflowExecution,
    WorkflowStatus,
    WorkflowStepExecution,
    WorkflowVersion,
)

if TYPE_CHECKING:
    import uuid

PAUSE_PREFIX = "debugger: "


def select_scope(
    *, execution_id: uuid.UUID, step_key: str, role: StepRole, item: int, attempt: int
) -> Select[Any]:
    """Select what an attempt has in scope beside its execution: of an item of a map, `item` and `index`."""
    step = WorkflowStepExecution
    return select(step.scope).where(
        step.execution_id == execution_id,
        step.step_key == step_key,
        step.role == role,
        step.item == item,
        step.attempt == attempt,
    )


def select_results(
    *, workspace_id: uuid.UUID, execution_id: uuid.UUID, keys: tuple[str, ...] | None = None
) -> Select[Any]:
    """Select what ended steps gave; of several attempts the last comes last."""
    step = WorkflowStepExecution
    columns: tuple[Any, ...] = (
        *(step.step_key, step.status, step.outcome, step.output, step.error_type, step.error_message),
    )
    query = select(*columns).where(
        step.workspace_id == workspace_id,
        step.execution_id == execution_id,
        step.role == StepRole.STEP,
        step.status.not_in((StepStatus.PENDING, StepStatus.RUNNING, StepStatus.WAITING)),
    )
    if keys is not None:
        query = query.where(step.step_key.in_(keys))
    return query.order_by(step.position, step.attempt)


def select_frame(*, workspace_id: uuid.UUID, execution_id: uuid.UUID) -> Select[Any]:
    """Select an execution as a frame of the call stack, with the step of its parent that waits for it."""
    run, caller = WorkflowExecution, WorkflowStepExecution
    columns: tuple[Any, ...] = (
        *(run.id, run.parent_execution_id, run.depth, run.status, run.variables, run.input_data),
        *(run.user_id, run.agent_id),
        *(Workflow.name.label("workflow"), WorkflowVersion.version, caller.step_key.label("called_by")),
    )
    return (
        select(*columns)
        .join(Workflow, Workflow.id == run.workflow_id)
        .join(WorkflowVersion, WorkflowVersion.id == run.version_id)
        .outerjoin(caller, caller.child_execution_id == run.id)
        .where(run.workspace_id == workspace_id, run.id == execution_id)
    )


def select_children(*, workspace_id: uuid.UUID, execution_ids: tuple[uuid.UUID, ...]) -> Select[Any]:
    """Select the ids of the executions that these started."""
    run = WorkflowExecution
    return (
        select(run.id)
        .where(run.workspace_id == workspace_id, run.parent_execution_id.in_(execution_ids))
        .order_by(run.id)
    )


def lock_held(*, workspace_id: uuid.UUID, execution_ids: tuple[uuid.UUID, ...]) -> Select[Any]:
    """Select and lock those of the executions that the debugger holds."""
    run = WorkflowExecution
    return (
        select(run.id)
        .where(
            run.workspace_id == workspace_id,
            run.id.in_(execution_ids),
            run.status == WorkflowStatus.PAUSED,
            run.pause_reason.like(f"{PAUSE_PREFIX}%"),
        )
        .order_by(run.id)
        .with_for_update()
    )


def lock_execution(*, workspace_id: uuid.UUID, execution_id: uuid.UUID) -> Select[Any]:
    """Select one execution and lock its row."""
    run = WorkflowExecution
    return select(run).where(run.workspace_id == workspace_id, run.id == execution_id).with_for_update()


def watch_execution(*, execution_id: uuid.UUID) -> Update:
    """Have the engine ask the debugger before and after every step of an execution."""
    return _revise(execution_id, debugged=True)


def change_variables(*, execution_id: uuid.UUID, variables: dict[str, Any]) -> Update:
    """Replace the variables of a paused execution; else match no row."""
    return _revise(execution_id, variables=variables).where(WorkflowExecution.status == WorkflowStatus.PAUSED)


def _revise(execution_id: uuid.UUID, **values: Any) -> Update:
    return (
        update(WorkflowExecution)
        .where(WorkflowExecution.id == execution_id)
        .values(lock_version=WorkflowExecution.lock_version + 1, **values)
        .execution_options(synchronize_session=False)
    )


def select_last_attempts(*, workspace_id: uuid.UUID, execution_id: uuid.UUID) -> Select[Any]:
    """Select every attempt of an execution's steps and items, compensations aside, the last of a step last."""
    step = WorkflowStepExecution
    return (
        select(step)
        .where(
            step.workspace_id == workspace_id,
            step.execution_id == execution_id,
            step.role != StepRole.COMPENSATION,
        )
        .order_by(step.position, step.role.desc(), step.item, step.attempt)
    )


def insert_steps() -> Insert:
    """Insert many attempts of steps in one statement."""
    return insert(WorkflowStepExecution.__table__)  # type: ignore[arg-type]  # a Table, always
