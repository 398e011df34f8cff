"""The statements of the debugger; all stay within one workspace."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import Insert, Select, Update, func, insert, or_, select, update
from sqlalchemy.orm import aliased

from controlplane.collation import code_points
from controlplane.debugging.lifecycle import LIVE
from controlplane.models import (
    Breakpoint,
    DebugGrant,
    DebugSession,
    DebugStatus,
    DebugVariable,
    ExecutionTrace,
    LifecycleEvent,
    StepKind,
    StepRole,
    StepStatus,
    Workflow,
    WorkflowExecution,
    WorkflowExecutionLog,
    WorkflowStatus,
    WorkflowStep,
    WorkflowStepExecution,
    WorkflowVersion,
)

if TYPE_CHECKING:
    import uuid
    from datetime import datetime

PAUSE_PREFIX = "debugger: "
EVENTS_OF_VARIABLES = (
    "execution_started",
    "execution_replayed",
    "execution_resumed",
    "step_started",
    "step_completed",
    "step_skipped",
)


def select_session(*, workspace_id: uuid.UUID, session_id: uuid.UUID, lock: bool = False) -> Select[Any]:
    """Select one debug session."""
    query = select(DebugSession).where(DebugSession.workspace_id == workspace_id, DebugSession.id == session_id)
    return query.with_for_update() if lock else query


def select_sessions(
    *,
    workspace_id: uuid.UUID,
    status: DebugStatus | None = None,
    workflow_id: uuid.UUID | None = None,
    owner_id: uuid.UUID | None = None,
    limit: int = 50,
) -> Select[Any]:
    """Select the newest debug sessions of the workspace, of one status, workflow or owner."""
    query = select(DebugSession).where(DebugSession.workspace_id == workspace_id)
    wanted = (
        (DebugSession.status, status),
        (DebugSession.workflow_id, workflow_id),
        (DebugSession.owner_id, owner_id),
    )
    query = query.where(*(column == value for column, value in wanted if value is not None))
    return query.order_by(DebugSession.created_at.desc(), DebugSession.id).limit(limit)


def select_watching(*, workspace_id: uuid.UUID, execution_ids: tuple[uuid.UUID, ...]) -> Select[Any]:
    """Select and lock the live sessions on any of these executions."""
    return (
        select(DebugSession)
        .where(
            DebugSession.workspace_id == workspace_id,
            DebugSession.execution_id.in_(execution_ids),
            DebugSession.status.in_(LIVE),
        )
        .order_by(DebugSession.id)
        .with_for_update()
    )


def select_grant(*, workspace_id: uuid.UUID, session_id: uuid.UUID, user_id: uuid.UUID) -> Select[Any]:
    """Select a person's share in a session."""
    return select(DebugGrant).where(
        DebugGrant.workspace_id == workspace_id,
        DebugGrant.session_id == session_id,
        DebugGrant.user_id == user_id,
    )


def select_grants(*, workspace_id: uuid.UUID, session_id: uuid.UUID) -> Select[Any]:
    """Select everybody's share in a session, the first given first."""
    return (
        select(DebugGrant)
        .where(DebugGrant.workspace_id == workspace_id, DebugGrant.session_id == session_id)
        .order_by(DebugGrant.created_at, DebugGrant.id)
    )


def select_breakpoints(
    *, workspace_id: uuid.UUID, workflow_id: uuid.UUID, session_id: uuid.UUID | None = None
) -> Select[Any]:
    """Select the breakpoints of one workflow, the oldest first; of a session, without those of other sessions."""
    query = select(Breakpoint).where(
        Breakpoint.workspace_id == workspace_id, Breakpoint.workflow_id == workflow_id
    )
    if session_id is not None:
        query = query.where(or_(Breakpoint.session_id.is_(None), Breakpoint.session_id == session_id))
    return query.order_by(Breakpoint.created_at, Breakpoint.id)


def select_armed(
    *, workspace_id: uuid.UUID, workflow_id: uuid.UUID, step_key: str, session_id: uuid.UUID
) -> Select[Any]:
    """Select the enabled breakpoints before one step that have hits left, the oldest first.

    These are the ones for every session, and those of the session itself.
    """
    return (
        select(Breakpoint)
        .where(
            Breakpoint.workspace_id == workspace_id,
            Breakpoint.workflow_id == workflow_id,
            Breakpoint.step_key == step_key,
            or_(Breakpoint.session_id.is_(None), Breakpoint.session_id == session_id),
            Breakpoint.enabled,
            or_(Breakpoint.hit_limit.is_(None), Breakpoint.hit_count < Breakpoint.hit_limit),
        )
        .order_by(Breakpoint.created_at, Breakpoint.id)
    )


def count_hit(*, breakpoint_id: uuid.UUID, now: datetime) -> Update:
    """Count one hit, if the breakpoint has one left; else match no row."""
    return (
        update(Breakpoint)
        .where(
            Breakpoint.id == breakpoint_id,
            or_(Breakpoint.hit_limit.is_(None), Breakpoint.hit_count < Breakpoint.hit_limit),
        )
        .values(hit_count=Breakpoint.hit_count + 1, last_hit_at=now)
        .execution_options(synchronize_session=False)
    )


def forget_breakpoint(*, workspace_id: uuid.UUID, breakpoint_id: uuid.UUID) -> Update:
    """Let no session point to a breakpoint that is to be removed."""
    return (
        update(DebugSession)
        .where(DebugSession.workspace_id == workspace_id, DebugSession.breakpoint_id == breakpoint_id)
        .values(breakpoint_id=None)
        .execution_options(synchronize_session=False)
    )


def select_step_kinds(
    *, workspace_id: uuid.UUID, workflow_id: uuid.UUID, step_key: str, session_id: uuid.UUID | None = None
) -> Select[StepKind]:
    """Select the kinds of a step in the versions that a breakpoint can stop.

    These are the newest one and those that live sessions (or the one that is named) run now, children included.
    """
    running = _select_debugged_versions(workspace_id=workspace_id, workflow_id=workflow_id, session_id=session_id)
    return (
        select(WorkflowStep.kind)
        .distinct()
        .join(WorkflowVersion, WorkflowVersion.id == WorkflowStep.version_id)
        .join(Workflow, Workflow.id == WorkflowVersion.workflow_id)
        .where(
            Workflow.workspace_id == workspace_id,
            Workflow.id == workflow_id,
            WorkflowStep.key == step_key,
            or_(WorkflowVersion.version == Workflow.latest_version, WorkflowVersion.id.in_(running)),
        )
        .order_by(WorkflowStep.kind)
    )


def _select_debugged_versions(
    *, workspace_id: uuid.UUID, workflow_id: uuid.UUID, session_id: uuid.UUID | None
) -> Select[Any]:
    """Select the versions of one workflow that run under live sessions."""
    outermost, child = WorkflowExecution, aliased(WorkflowExecution)
    watched = (
        select(outermost.id, outermost.workflow_id, outermost.version_id)
        .join(DebugSession, DebugSession.execution_id == outermost.id)
        .where(DebugSession.workspace_id == workspace_id, DebugSession.status.in_(LIVE))
    )
    if session_id is not None:
        watched = watched.where(DebugSession.id == session_id)
    tree = watched.cte("debugged", recursive=True)
    children = select(child.id, child.workflow_id, child.version_id).join(
        tree, child.parent_execution_id == tree.c.id
    )
    tree = tree.union(children)
    return select(tree.c.version_id).where(tree.c.workflow_id == workflow_id)


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


def select_stops(*, workspace_id: uuid.UUID, session_id: uuid.UUID) -> Select[Any]:
    """Select the states that a session went through and when, in order."""
    columns: tuple[Any, ...] = (LifecycleEvent.to_status, LifecycleEvent.at)
    return (
        select(*columns)
        .where(
            LifecycleEvent.workspace_id == workspace_id,
            LifecycleEvent.record_kind == DebugSession.__tablename__,
            LifecycleEvent.record_id == session_id,
        )
        .order_by(LifecycleEvent.sequence)
    )


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
    """Insert attempts of steps, many at once."""
    return insert(WorkflowStepExecution.__table__)  # type: ignore[arg-type]  # a Table, always
