"""The debugger as an observer of the engine: called before a step, after a step and at the end.

Every call runs in the engine's transaction with the execution's row locked; the session's row is locked second,
always in this order.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from sqlalchemy import select

from controlplane.debugging import queries
from controlplane.debugging.lifecycle import DEBUG, NOT_STOPPED, attempt_key, diff_variables, due_stop, stood_still
from controlplane.debugging.queries import PAUSE_PREFIX
from controlplane.errors import ExpressionError, InvalidReferenceError, MissingReferenceError
from controlplane.execution.expressions.language import compile_expression
from controlplane.execution.expressions.variables import parse_template, references, resolve
from controlplane.lifecycle import transition
from controlplane.models import (
    Breakpoint,
    DebugMode,
    DebugSession,
    DebugStatus,
    LogLevel,
    StepRole,
    StepStatus,
    StopReason,
    WorkflowExecution,
    WorkflowStatus,
    log_context,
)

if TYPE_CHECKING:
    import uuid
    from datetime import datetime
    from typing import Unpack

    from sqlalchemy import CursorResult
    from sqlalchemy.orm import Session

    from controlplane.execution.engine.records import AttemptRecord, ExecutionRecord
    from controlplane.lifecycle import Actor

_ITEM_NAMES = ("item", "index")


class Debugger:
    """Watches the executions that have a live session, and the children that they start."""

    def before_step(
        self,
        session: Session,
        *,
        execution: ExecutionRecord,
        attempt: AttemptRecord,
        scope: dict[str, Any],
        now: datetime,
    ) -> str | None:
        """Return why to pause before this step, or None to let it run."""
        debug_session = _debug_session_of(session, execution)
        if debug_session is None or attempt.role is StepRole.COMPENSATION:
            return None
        if debug_session.status is DebugStatus.PAUSED:
            return f"{PAUSE_PREFIX}the session is paused"
        if debug_session.allowed_key == _key(execution, attempt):
            return None
        hit, problem = _hit(session, debug_session, execution, attempt, scope, now)
        reason = StopReason.BREAKPOINT if hit else _due(debug_session, execution)
        if reason is None:
            return None
        text = f"{reason} before {attempt.step_key}" + (f": {problem}" if problem else "")
        return _stop(session, debug_session, execution, attempt, reason=reason, text=text, now=now, at=hit)

    def after_step(
        self,
        session: Session,
        *,
        execution: ExecutionRecord,
        attempt: AttemptRecord,
        variables_before: dict[str, Any],
        now: datetime,
    ) -> str | None:
        """Write the trace of an ended attempt; return why to pause after it, or None."""
        debug_session = _debug_session_of(session, execution)
        if debug_session is None:
            return None
        _trace(session, debug_session, execution, attempt, variables_before)
        # an item's error is its map's as well, unless the map tolerates it
        failed = attempt.status is StepStatus.FAILED and attempt.role is StepRole.STEP
        if not (failed and debug_session.stop_on_error and debug_session.status is DebugStatus.ACTIVE):
            return None
        text = f"error in {attempt.step_key}: {attempt.error_type}"
        return _stop(session, debug_session, execution, attempt, reason=StopReason.ERROR, text=text, now=now)

    def ended(
        self, session: Session, *, execution: ExecutionRecord, now: datetime, **actor: Unpack[Actor]
    ) -> None:
        """End the session whose own execution has ended."""
        debug_session = _debug_session_of(session, execution)
        if debug_session is None or debug_session.execution_id != execution.id:
            return
        cancelled = execution.status is WorkflowStatus.CANCELLED
        to = DebugStatus.CANCELLED if cancelled else DebugStatus.COMPLETED
        facts: dict[str, Any] = {"ended_at": now, **NOT_STOPPED}
        transition(
            session, DEBUG, debug_session, to=to, reason=f"the execution is {execution.status}", **actor, **facts
        )


def _key(execution: ExecutionRecord, attempt: AttemptRecord) -> str:
    return attempt_key(
        execution.id, step_key=attempt.step_key, role=attempt.role, item=attempt.item, attempt=attempt.attempt
    )


def _debug_session_of(session: Session, execution: ExecutionRecord) -> DebugSession | None:
    """Return the live session on the execution or on the nearest one that started it, locked."""
    chain: list[uuid.UUID] = [execution.id]
    parent = execution.parent_execution_id
    while parent is not None and parent not in chain:
        chain.append(parent)
        query = select(WorkflowExecution.parent_execution_id).where(WorkflowExecution.id == parent)
        parent = session.execute(query).scalar_one_or_none()
    statement = queries.select_watching(workspace_id=execution.workspace_id, execution_ids=tuple(chain))
    found = session.scalars(statement, execution_options={"populate_existing": True}).all()
    return min(found, key=lambda one: chain.index(one.execution_id), default=None)


def _due(debug_session: DebugSession, execution: ExecutionRecord) -> StopReason | None:
    return due_stop(
        mode=debug_session.mode,
        mode_depth=debug_session.mode_depth,
        depth=execution.depth,
        is_entry=debug_session.stop_on_entry and debug_session.paused_at is None,
        is_asked=debug_session.stop_reason is StopReason.PAUSE,
    )


def _stop(
    session: Session,
    debug_session: DebugSession,
    execution: ExecutionRecord,
    attempt: AttemptRecord,
    *,
    reason: StopReason,
    text: str,
    now: datetime,
    at: Breakpoint | None = None,
) -> str:
    transition(
        session,
        DEBUG,
        debug_session,
        to=DebugStatus.PAUSED,
        reason=text,
        stop_reason=reason,
        mode=DebugMode.CONTINUE,
        mode_depth=execution.depth,
        stopped_execution_id=execution.id,
        stopped_step=attempt.step_key,
        stopped_item=attempt.item,
        stopped_attempt=attempt.attempt,
        allowed_key=_key(execution, attempt),
        breakpoint_id=None if at is None else at.id,
        paused_at=now,
    )
    return PAUSE_PREFIX + text


def _hit(  # noqa: PLR0917  as below
    session: Session,
    debug_session: DebugSession,
    execution: ExecutionRecord,
    attempt: AttemptRecord,
    scope: dict[str, Any],
    now: datetime,
) -> tuple[Breakpoint | None, str | None]:
    """Count the breakpoints met here, print the logpoints, and return the first that stops, and its problem."""
    query = queries.select_active_breakpoints(
        workspace_id=execution.workspace_id,
        workflow_id=execution.workflow_id,
        step_key=attempt.step_key,
        session_id=debug_session.id,
    )
    stopping: Breakpoint | None = None
    problem: str | None = None
    for armed in session.scalars(query, execution_options={"populate_existing": True}).all():
        if of_items(armed) is not (attempt.role is StepRole.ITEM):
            continue
        holds, wrong = _holds(session, execution, armed, scope)
        if not holds:
            continue
        counted = session.execute(queries.count_hit(breakpoint_id=armed.id, now=now))
        if cast("CursorResult[Any]", counted).rowcount != 1:
            continue  # its last hit was used concurrently
        if armed.log_message is not None:
            _print(session, execution, attempt, armed, scope, wrong, now)
        elif stopping is None:
            stopping, problem = armed, wrong
    return stopping, problem


def of_items(point: Breakpoint) -> bool:
    """Return whether a breakpoint is for the items of a map: it refers to the item, so it can't be for the map."""
    return any(path[0] in _ITEM_NAMES for path in paths_of(point.condition, point.log_message))


def paths_of(condition: str | None, log_message: str | None) -> list[tuple[str, ...]]:
    """Return what a breakpoint's condition and message read; raise as their parsers do."""
    found = list(compile_expression(condition).references) if condition is not None else []
    return found + [reference.path for reference in references(log_message or "")]


def _holds(
    session: Session, execution: ExecutionRecord, armed: Breakpoint, scope: dict[str, Any]
) -> tuple[bool, str | None]:
    """Return whether the condition holds; one that can't be evaluated stops too, and says why."""
    if armed.condition is None:
        return True, None
    try:
        return compile_expression(armed.condition).holds(_widened(session, execution, armed, scope)), None
    except ExpressionError as error:
        return True, str(error)


def _widened(
    session: Session, execution: ExecutionRecord, armed: Breakpoint, scope: dict[str, Any]
) -> dict[str, Any]:
    """Add to the step's scope the results of the steps that only the breakpoint refers to."""
    paths = [path for path in paths_of(armed.condition, armed.log_message) if path[0] == "steps"]
    keys = tuple(dict.fromkeys(path[1] for path in paths if len(path) > 1))
    missing = tuple(key for key in keys if key not in scope.get("steps", {}))
    if not missing:
        return scope
    query = queries.select_results(workspace_id=execution.workspace_id, execution_id=execution.id, keys=missing)
    found = {row.step_key: step_result(row) for row in session.execute(query)}
    return {**scope, "steps": {**scope.get("steps", {}), **found}}


def step_result(row: Any) -> dict[str, Any]:
    """Return an ended step as expressions see it."""
    error = {"type": row.error_type, "message": row.error_message} if row.error_type else None
    return {"status": str(row.status), "output": row.output, "error": error}


def _print(  # noqa: PLR0917  all that a line of the log tells
    session: Session,
    execution: ExecutionRecord,
    attempt: AttemptRecord,
    armed: Breakpoint,
    scope: dict[str, Any],
    problem: str | None,
    now: datetime,
) -> None:
    message = problem or _rendered(armed.log_message or "", _widened(session, execution, armed, scope))
    execution.log_sequence += 1
    session.execute(
        queries.insert_log(
            workspace_id=execution.workspace_id,
            execution_id=execution.id,
            sequence=execution.log_sequence,
            level=LogLevel.WARNING if problem else LogLevel.INFO,
            event="logpoint",
            message=message,
            step_key=attempt.step_key,
            context=log_context(attempt),
            timestamp=now,
        )
    )


def _rendered(message: str, scope: dict[str, Any]) -> str:
    """Render a message; what is missing is shown as missing: a logpoint never stops anything."""
    shown: list[str] = []
    for part in parse_template(message):
        if isinstance(part, str):
            shown.append(part)
            continue
        try:
            shown.append(str(resolve(f" ${{{part.text}}}", scope))[1:])
        except (MissingReferenceError, InvalidReferenceError) as error:
            shown.append(f"<{error}>")
    return "".join(shown)


def _trace(
    session: Session,
    debug_session: DebugSession,
    execution: ExecutionRecord,
    attempt: AttemptRecord,
    before: dict[str, Any],
) -> None:
    sequence = debug_session.trace_count + 1
    session.execute(queries.count_traces(session_id=debug_session.id, count=sequence))
    session.refresh(debug_session, ["trace_count"])
    session.execute(
        queries.insert_trace(
            workflow_id=execution.workflow_id,
            workspace_id=execution.workspace_id,
            session_id=debug_session.id,
            execution_id=execution.id,
            sequence=sequence,
            step_key=attempt.step_key,
            item=attempt.item,
            attempt=attempt.attempt,
            status=str(attempt.status),
            input=attempt.input,
            output=attempt.output,
            error_type=attempt.error_type,
            error_message=attempt.error_message,
            variables_before=before,
            variables_after=execution.variables,
            diff=diff_variables(before, execution.variables),
            started_at=attempt.started_at,
            completed_at=attempt.completed_at,
            duration_seconds=_busy_seconds(session, debug_session, attempt),
        )
    )


def _busy_seconds(session: Session, debug_session: DebugSession, attempt: AttemptRecord) -> float | None:
    """Return how long an attempt took, without the time the session stood still (in its child or item)."""
    started, ended, seconds = attempt.started_at, attempt.completed_at, attempt.duration_seconds
    if started is None or ended is None or seconds is None:
        return seconds
    if debug_session.paused_at is None or debug_session.paused_at <= started:
        return seconds
    events = session.execute(
        queries.select_stops(session_id=debug_session.id, workspace_id=debug_session.workspace_id)
    ).all()
    stood = stood_still([(row.to_status, row.at) for row in events], since=started, until=ended)
    return max(0.0, round(seconds - stood, 6))
