"""The end of an attempt and its consequences: successors, retries, the end of a map, failure, compensation."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from controlplane.errors import ControlPlaneError
from controlplane.execution import queries
from controlplane.execution.definition import MapStep
from controlplane.execution.engine.config import Failure
from controlplane.execution.engine.propagate import propagate_end
from controlplane.execution.engine.unit_of_work import UnitOfWork, display_name
from controlplane.execution.expressions.scope import scope_of
from controlplane.execution.expressions.variables import check_size, resolve
from controlplane.execution.lifecycle import ENDED
from controlplane.execution.steps.agent import cancel_agent_run, end_agent_run
from controlplane.models import LogLevel, StepKind, StepRole, StepStatus, WorkflowStatus
from controlplane.notifications import make_due_unless_locked

if TYPE_CHECKING:
    import uuid
    from datetime import datetime

    from controlplane.execution.engine.records import AttemptRecord


def complete_attempt(unit: UnitOfWork, attempt: AttemptRecord, *, output: Any, outcome: str | None = None) -> None:
    """Complete an attempt and start its successors."""
    before = unit.execution.variables
    step = unit.plan.step(attempt.step_key, attempt.role)
    if step.save and attempt.role is not StepRole.COMPENSATION:
        try:
            saved = resolve(dict(step.save), {**scope_of(unit, attempt), "output": output})
            check_size({**before, **saved}, what="the variables")
        except ControlPlaneError as error:
            fail_attempt(unit, attempt, Failure.of(error))
            return
        unit.execution.variables = {**before, **saved}
    unit.move_step(
        attempt, StepStatus.COMPLETED, output=output, outcome=outcome, **_ended(unit, attempt), remaining=0
    )
    if attempt.agent_execution_id is not None:
        end_agent_run(unit, attempt, output=output)
    how = f" ({outcome})" if outcome is not None else ""
    unit.log("step_completed", f"{display_name(attempt)} completed{how}", attempt=attempt)
    _observe(unit, attempt, before)
    if attempt.role is StepRole.COMPENSATION:
        _mark_compensated(unit, attempt)
    elif attempt.role is StepRole.ITEM:
        _item_ended(unit, attempt)
    elif unit.execution.status is not WorkflowStatus.COMPENSATING:
        propagate_end(unit, attempt.step_key, outcome=outcome, done=True)


def end_wait(unit: UnitOfWork, attempt: AttemptRecord, *, output: Any, outcome: str) -> None:
    """Complete a waiting attempt whose signal or decision has arrived."""
    if unit.execution.status is WorkflowStatus.WAITING:
        unit.move_execution(WorkflowStatus.RUNNING)
    complete_attempt(unit, attempt, output=output, outcome=outcome)
    if unit.execution.status is WorkflowStatus.RUNNING:
        unit.make_due()


def skip_attempt(unit: UnitOfWork, attempt: AttemptRecord, *, condition: str) -> None:
    """Skip a step whose own condition is false."""
    reason = f"{condition} is false"
    unit.move_step(attempt, StepStatus.SKIPPED, reason=reason, completed_at=unit.now)
    message = f"{display_name(attempt)} skipped: {reason}"
    unit.log("step_skipped", message, attempt=attempt, condition=condition)
    if attempt.role is StepRole.ITEM:
        _item_ended(unit, attempt)
    else:
        propagate_end(unit, attempt.step_key, outcome=None, done=False)


def fail_attempt(unit: UnitOfWork, attempt: AttemptRecord, failure: Failure) -> None:
    """End a failed attempt: retry, continue without it, or fail its execution."""
    step = unit.plan.step(attempt.step_key, attempt.role)
    unit.move_step(
        attempt,
        StepStatus.FAILED,
        reason=failure.error_type,
        error_type=failure.error_type,
        error_message=failure.message,
        **({"outcome": str(failure.outcome)} if failure.outcome is not None else {}),
        **_ended(unit, attempt),
    )
    if attempt.agent_execution_id is not None:
        end_agent_run(unit, attempt, failure=failure)
    unit.log(
        "step_failed",
        f"{display_name(attempt)} failed: {failure.error_type}: {failure.message}",
        attempt=attempt,
        level=LogLevel.ERROR,
    )
    stop = _observe(unit, attempt, unit.execution.variables)
    if isinstance(step, MapStep):
        abandon_steps(unit, reason="the map failed", of_map=attempt.step_key)
    again = not isinstance(step, MapStep) and step.retry.allows(
        attempt=attempt.attempt, error_type=failure.error_type, retryable=failure.retryable
    )
    if not again and failure.error_type and attempt.attempt < step.retry.attempts:
        _log_no_retry(unit, attempt, failure, named=step.retry.on)
    if again and (
        unit.execution.status is not WorkflowStatus.COMPENSATING or attempt.role is StepRole.COMPENSATION
    ):
        _retry(unit, attempt, delay=step.retry.delay_before(attempt.attempt + 1))
    elif attempt.role is StepRole.ITEM:
        _item_failed(unit, attempt, failure, is_tolerated=step.continue_on_error)
    elif attempt.role is StepRole.STEP and unit.execution.status is not WorkflowStatus.COMPENSATING:
        if step.continue_on_error:
            propagate_end(unit, attempt.step_key, outcome=None, done=True)
        elif stop is not None:
            _note_error(unit, failure, attempt.step_key)  # it fails when it is resumed
        else:
            fail_execution(unit, failure, step_key=attempt.step_key)
    if stop is not None and unit.execution.status is WorkflowStatus.RUNNING:
        pause_execution(unit, stop)


def fail_execution(unit: UnitOfWork, failure: Failure, *, step_key: str | None = None) -> None:
    """Fail the execution: skip pending steps, cancel waiting ones, let running ones end, then compensate."""
    execution = unit.execution
    _note_error(unit, failure, step_key)
    if execution.status is WorkflowStatus.PAUSED:
        return  # it fails when it is resumed
    if execution.status is WorkflowStatus.WAITING:
        unit.move_execution(WorkflowStatus.RUNNING)
    abandon_steps(unit, reason="the execution failed")
    if execution.open_steps or unit.plan.undoable:
        unit.log("execution_compensating", "undoing completed steps", level=LogLevel.WARNING)
        unit.move_execution(WorkflowStatus.COMPENSATING, reason=failure.error_type)
        unit.make_due()
    else:
        finish_execution(unit, WorkflowStatus.FAILED)


def _note_error(unit: UnitOfWork, failure: Failure, step_key: str | None) -> None:
    execution = unit.execution
    execution.error_type, execution.error_message, execution.failed_step = (
        failure.error_type,
        failure.message,
        step_key,
    )


def pause_execution(unit: UnitOfWork, reason: str) -> None:
    """Pause the execution: no step starts until it is resumed; running steps may end."""
    unit.move_execution(WorkflowStatus.PAUSED, reason=reason)
    unit.execution.pause_reason = reason
    unit.execution.wake_at = None
    unit.log("execution_paused", f"paused: {reason}", level=LogLevel.WARNING)


def cancel_execution(unit: UnitOfWork, *, reason: str) -> None:
    """Cancel the execution and all its open steps; later results are refused."""
    abandon_steps(unit, reason=reason, even_running=True)
    finish_execution(unit, WorkflowStatus.CANCELLED, reason=reason)


def finish_execution(unit: UnitOfWork, to: WorkflowStatus, *, reason: str | None = None) -> None:
    """End the execution; outputs that refer to nothing pause it instead."""
    execution = unit.execution
    if to is WorkflowStatus.COMPLETED:
        try:
            execution.outputs = resolve(dict(unit.plan.definition.outputs), scope_of(unit))
        except ControlPlaneError as error:
            pause_execution(unit, str(error))
            return
    if execution.status is WorkflowStatus.WAITING and to is not WorkflowStatus.CANCELLED:
        unit.move_execution(WorkflowStatus.RUNNING)
    unit.move_execution(to, reason=reason or (execution.error_type if to is WorkflowStatus.FAILED else None))
    execution.completed_at, execution.wake_at = unit.now, None
    if execution.started_at is not None:
        execution.duration_seconds = max((unit.now - execution.started_at).total_seconds(), 0.0)
    level = LogLevel.ERROR if to is WorkflowStatus.FAILED else LogLevel.INFO
    detail = f": {execution.error_type}: {execution.error_message}" if to is WorkflowStatus.FAILED else ""
    unit.log(f"execution_{to}", f"{to}{detail}" + (f": {reason}" if reason else ""), level=level)
    if execution.debugged and unit.engine.observer is not None:
        unit.engine.observer.ended(unit.session, execution=execution, now=unit.now, **unit.actor)
    if execution.parent_execution_id is not None:
        make_due_unless_locked(unit.session, execution.parent_execution_id, now=unit.now)


def abandon_steps(
    unit: UnitOfWork,
    *,
    reason: str,
    even_running: bool = False,
    of_map: str | None = None,
) -> None:
    """Skip pending attempts and cancel waiting ones; with `of_map`, only items of that map.

    An attempt that a worker performs may end, unless `even_running`; one that a supervisor holds is cancelled.
    """
    for attempt in unit.fetch(queries.select_open(execution_id=unit.execution.id)):
        is_performed = attempt.status is StepStatus.RUNNING and attempt.lease_token is not None
        if is_performed and not even_running:
            continue
        if of_map is not None and (attempt.step_key != of_map or attempt.role is not StepRole.ITEM):
            continue
        begun = attempt.status is not StepStatus.PENDING
        to = StepStatus.CANCELLED if begun else StepStatus.SKIPPED
        unit.move_step(
            attempt,
            to,
            reason=reason,
            lease_token=None,
            **(_ended(unit, attempt) if begun else {"completed_at": unit.now}),
        )
        unit.log(f"step_{to}", f"{display_name(attempt)} {to}: {reason}", attempt=attempt)
        if attempt.child_execution_id is not None:
            cancel_child(unit, attempt.child_execution_id, reason=reason)
        if attempt.kind is StepKind.AGENT and attempt.role is not StepRole.COMPENSATION:
            cancel_agent_run(unit, attempt, reason=reason)


def cancel_child(unit: UnitOfWork, execution_id: uuid.UUID, *, reason: str) -> None:
    """Cancel a child execution; locks go from parent to child, never back."""
    child = UnitOfWork(unit.session, engine=unit.engine, execution_id=execution_id, **unit.actor)
    if child.execution.status in ENDED:
        return
    if child.execution.status is WorkflowStatus.COMPENSATING:
        return  # it is on its way to its end already
    cancel_execution(child, reason=reason)
    child.save()


def next_compensation(unit: UnitOfWork) -> bool:
    """Make the compensation of the last completed step ready; return whether there was one."""
    if not unit.plan.undoable:
        return False
    place: dict[str, Any] = {"execution_id": unit.execution.id, "keys": unit.plan.undoable}
    last = unit.fetch(queries.select_undoable(**place))
    if not last:
        return False
    at = last[0].completed_at
    if at is not None and last[-1].completed_at == at and len(last) > 1:
        _add_compensation(unit, _last_completed(unit, unit.fetch(queries.select_undoable(**place, at=at)), at))
    else:
        _add_compensation(unit, last[0])
    return True


def _last_completed(unit: UnitOfWork, attempts: list[AttemptRecord], at: datetime) -> AttemptRecord:
    """Return the last of the attempts that one unit of work completed at the same instant, by the log."""
    by_place = {(attempt.step_key, attempt.item): attempt for attempt in attempts}
    lines = unit.read(queries.select_completions(execution_id=unit.execution.id, at=at))
    places = ((line.step_key, line.context.get("item", 0)) for line in lines)
    return next(by_place[place] for place in places if place in by_place)


def _add_compensation(unit: UnitOfWork, attempt: AttemptRecord) -> None:
    unit.add_steps(
        [
            {
                "step_key": attempt.step_key,
                "kind": attempt.kind,
                "role": StepRole.COMPENSATION,
                "item": attempt.item,
                "position": attempt.position,
                "scope": {**(attempt.scope or {}), "output": attempt.output},
            }
        ]
    )


def _mark_compensated(unit: UnitOfWork, undo: AttemptRecord) -> None:
    for role in (StepRole.STEP, StepRole.ITEM):
        query = queries.select_step(
            execution_id=unit.execution.id, step_key=undo.step_key, role=role, status=StepStatus.COMPLETED
        )
        for attempt in unit.fetch(query):
            if attempt.item == undo.item and attempt.kind is undo.kind:
                unit.move_step(attempt, StepStatus.COMPENSATED)
                unit.log("step_compensated", f"{attempt.step_key} compensated", attempt=attempt)


def _log_no_retry(unit: UnitOfWork, attempt: AttemptRecord, failure: Failure, *, named: tuple[str, ...]) -> None:
    """Log why a step with attempts left is not retried."""
    why = "is not in retry.on" if named else "is not marked as retryable"
    unit.log(
        "step_not_retried",
        f"{display_name(attempt)} is not retried: {failure.error_type} {why}",
        attempt=attempt,
        level=LogLevel.WARNING,
    )


def _retry(unit: UnitOfWork, attempt: AttemptRecord, *, delay: float) -> None:
    at = unit.now + timedelta(seconds=delay)
    number = attempt.attempt + 1
    unit.add_steps(
        [
            {
                "step_key": attempt.step_key,
                "kind": attempt.kind,
                "role": attempt.role,
                "item": attempt.item,
                "attempt": number,
                "position": attempt.position,
                "taken": attempt.taken,
                "scope": attempt.scope,
                "wake_at": at,
                "ready_at": at,
            }
        ]
    )
    unit.log(
        "step_retried",
        f"{display_name(attempt)} will be retried in {delay:g} s",
        attempt=attempt,
        level=LogLevel.WARNING,
        next_attempt=number,
        delay_seconds=delay,
    )


def _item_ended(unit: UnitOfWork, attempt: AttemptRecord) -> None:
    """Count down the items of a map; the last one completes the map, another releases a held item."""
    execution_id, key = unit.execution.id, attempt.step_key
    left = unit.read(queries.count_down(execution_id=execution_id, step_key=key)).scalar_one_or_none()
    if left is None:
        return  # the map has already failed or was abandoned
    if left:
        _release_item(unit, key)
        return
    query = queries.select_step(execution_id=execution_id, step_key=key, status=StepStatus.WAITING)
    for parent in unit.fetch(query):
        rows = unit.read(queries.select_items(execution_id=execution_id, step_key=key))
        outputs = {row.item: row.output for row in rows}
        complete_attempt(unit, parent, output=list(outputs.values()))


def _release_item(unit: UnitOfWork, key: str) -> None:
    """Release the next held item of a map with limited concurrency."""
    step = unit.plan.step(key)
    if not isinstance(step, MapStep) or step.concurrency is None:
        return
    held = unit.read(queries.select_held_item(execution_id=unit.execution.id, step_key=key)).first()
    if held is not None:
        unit.change(queries.release(step_id=held.id, now=unit.now))


def _item_failed(unit: UnitOfWork, attempt: AttemptRecord, failure: Failure, *, is_tolerated: bool) -> None:
    if is_tolerated:
        _item_ended(unit, attempt)
        return
    query = queries.select_step(
        execution_id=unit.execution.id, step_key=attempt.step_key, status=StepStatus.WAITING
    )
    for parent in unit.fetch(query):
        fail_attempt(
            unit,
            parent,
            Failure(error_type=failure.error_type, message=f"item {attempt.item}: {failure.message}"),
        )


def _ended(unit: UnitOfWork, attempt: AttemptRecord) -> dict[str, Any]:
    started: datetime | None = attempt.started_at
    return {
        "completed_at": unit.now,
        "duration_seconds": None if started is None else max((unit.now - started).total_seconds(), 0.0),
        "wake_at": None,
        "lease_until": None,
    }


def _observe(unit: UnitOfWork, attempt: AttemptRecord, variables_before: dict[str, Any]) -> str | None:
    """Show an ended attempt to the debugger; return why it stops after a failed one, or None."""
    observer = unit.engine.observer
    if not unit.execution.debugged or observer is None:
        return None
    return observer.after_step(
        unit.session, execution=unit.execution, attempt=attempt, variables_before=variables_before, now=unit.now
    )
