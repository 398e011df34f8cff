"""The end of an attempt and its consequences: successors, retries, the end of a map, failure, compensation."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from controlplane.errors import ControlPlaneError
from controlplane.execution import queries
from controlplane.execution.definition import MapStep
from controlplane.execution.engine.config import Failure
from controlplane.execution.engine.propagate import propagate_end
from controlplane.execution.engine.unit_of_work import UnitOfWork, called
from controlplane.execution.expressions.scope import scope_of
from controlplane.execution.expressions.variables import check_size, resolve
from controlplane.execution.lifecycle import ENDED
from controlplane.execution.steps.agent import cancel_agent_run, end_agent_run
from controlplane.models import LogLevel, StepKind, StepRole, StepStatus, WorkflowStatus
from controlplane.notifications import wake

if TYPE_CHECKING:
    import uuid
    from datetime import datetime

    from controlplane.execution.engine.records import Attempt


def complete_attempt(turn: UnitOfWork, attempt: Attempt, *, output: Any, outcome: str | None = None) -> None:
    """End an attempt well and let what comes next begin."""
    before = turn.run.variables
    step = turn.plan.step(attempt.step_key, attempt.role)
    if step.save and attempt.role is not StepRole.COMPENSATION:
        try:
            saved = resolve(dict(step.save), {**scope_of(turn, attempt), "output": output})
            check_size({**before, **saved}, what="the variables")
        except ControlPlaneError as error:
            fail_attempt(turn, attempt, Failure.of(error))
            return
        turn.run.variables = {**before, **saved}
    turn.move_step(
        attempt, StepStatus.COMPLETED, output=output, outcome=outcome, **_ended(turn, attempt), remaining=0
    )
    if attempt.agent_execution_id is not None:
        end_agent_run(turn, attempt, output=output)
    how = f" ({outcome})" if outcome is not None else ""
    turn.log("step_completed", f"{called(attempt)} completed{how}", attempt=attempt)
    _observe(turn, attempt, before)
    if attempt.role is StepRole.COMPENSATION:
        _mark_compensated(turn, attempt)
    elif attempt.role is StepRole.ITEM:
        _item_ended(turn, attempt)
    elif turn.run.status is not WorkflowStatus.COMPENSATING:
        propagate_end(turn, attempt.step_key, outcome=outcome, done=True)


def end_wait(turn: UnitOfWork, attempt: Attempt, *, output: Any, outcome: str) -> None:
    """End an attempt that waited for what has now come."""
    if turn.run.status is WorkflowStatus.WAITING:
        turn.move_run(WorkflowStatus.RUNNING)
    complete_attempt(turn, attempt, output=output, outcome=outcome)
    if turn.run.status is WorkflowStatus.RUNNING:
        turn.make_due()


def skip_attempt(turn: UnitOfWork, attempt: Attempt, *, reason: str) -> None:
    """Skip a step whose own condition does not hold."""
    turn.move_step(attempt, StepStatus.SKIPPED, reason=reason, completed_at=turn.now)
    turn.log("step_skipped", f"{called(attempt)} is skipped: {reason}", attempt=attempt)
    if attempt.role is StepRole.ITEM:
        _item_ended(turn, attempt)
    else:
        propagate_end(turn, attempt.step_key, outcome=None, done=False)


def fail_attempt(turn: UnitOfWork, attempt: Attempt, failure: Failure) -> None:
    """End a failed attempt: retry, continue without it, or fail its execution."""
    step = turn.plan.step(attempt.step_key, attempt.role)
    turn.move_step(
        attempt,
        StepStatus.FAILED,
        reason=failure.error_type,
        error_type=failure.error_type,
        error_message=failure.message,
        **({"outcome": str(failure.outcome)} if failure.outcome is not None else {}),
        **_ended(turn, attempt),
    )
    if attempt.agent_execution_id is not None:
        end_agent_run(turn, attempt, failure=failure)
    turn.log(
        "step_failed",
        f"{called(attempt)} failed: {failure.error_type}: {failure.message}",
        attempt=attempt,
        level=LogLevel.ERROR,
    )
    stop = _observe(turn, attempt, turn.run.variables)
    if isinstance(step, MapStep):
        abandon_steps(turn, reason="the map failed", of_map=attempt.step_key)
    again = not isinstance(step, MapStep) and step.retry.allows(
        attempt=attempt.attempt, error_type=failure.error_type, retryable=failure.retryable
    )
    if not again and failure.error_type and attempt.attempt < step.retry.attempts:
        _log_no_retry(turn, attempt, failure, named=step.retry.on)
    if again and (turn.run.status is not WorkflowStatus.COMPENSATING or attempt.role is StepRole.COMPENSATION):
        _retry(turn, attempt, delay=step.retry.delay_before(attempt.attempt + 1))
    elif attempt.role is StepRole.ITEM:
        _item_failed(turn, attempt, failure, is_tolerated=step.continue_on_error)
    elif attempt.role is StepRole.STEP and turn.run.status is not WorkflowStatus.COMPENSATING:
        if step.continue_on_error:
            propagate_end(turn, attempt.step_key, outcome=None, done=True)
        elif stop is not None:
            _note_error(turn, failure, attempt.step_key)  # it fails when it is resumed
        else:
            fail_run(turn, failure, step_key=attempt.step_key)
    if stop is not None and turn.run.status is WorkflowStatus.RUNNING:
        pause_run(turn, stop)


def fail_run(turn: UnitOfWork, failure: Failure, *, step_key: str | None = None) -> None:
    """Stop the execution: what has not begun is skipped, what waits is cancelled, what runs may end, then undo."""
    run = turn.run
    _note_error(turn, failure, step_key)
    if run.status is WorkflowStatus.PAUSED:
        return  # it fails when it is resumed
    if run.status is WorkflowStatus.WAITING:
        turn.move_run(WorkflowStatus.RUNNING)
    abandon_steps(turn, reason="the execution failed")
    if run.open_steps or turn.plan.undoable:
        turn.log("execution_compensating", "what was done is undone", level=LogLevel.WARNING)
        turn.move_run(WorkflowStatus.COMPENSATING, reason=failure.error_type)
        turn.make_due()
    else:
        finish_run(turn, WorkflowStatus.FAILED)


def _note_error(turn: UnitOfWork, failure: Failure, step_key: str | None) -> None:
    run = turn.run
    run.error_type, run.error_message, run.failed_step = failure.error_type, failure.message, step_key


def pause_run(turn: UnitOfWork, reason: str) -> None:
    """Hold the execution: no step begins until it is resumed; what runs may end."""
    turn.move_run(WorkflowStatus.PAUSED, reason=reason)
    turn.run.pause_reason = reason
    turn.run.wake_at = None
    turn.log("execution_paused", f"paused: {reason}", level=LogLevel.WARNING)


def cancel_run(turn: UnitOfWork, *, reason: str) -> None:
    """End the execution and everything in it now; a result that comes later is fenced off."""
    abandon_steps(turn, reason=reason, even_running=True)
    finish_run(turn, WorkflowStatus.CANCELLED, reason=reason)


def finish_run(turn: UnitOfWork, to: WorkflowStatus, *, reason: str | None = None) -> None:
    """End the execution; outputs that refer to nothing pause it instead."""
    run = turn.run
    if to is WorkflowStatus.COMPLETED:
        try:
            run.outputs = resolve(dict(turn.plan.definition.outputs), scope_of(turn))
        except ControlPlaneError as error:
            pause_run(turn, str(error))
            return
    if run.status is WorkflowStatus.WAITING and to is not WorkflowStatus.CANCELLED:
        turn.move_run(WorkflowStatus.RUNNING)
    turn.move_run(to, reason=reason or (run.error_type if to is WorkflowStatus.FAILED else None))
    run.completed_at, run.wake_at = turn.now, None
    if run.started_at is not None:
        run.duration_seconds = max((turn.now - run.started_at).total_seconds(), 0.0)
    level = LogLevel.ERROR if to is WorkflowStatus.FAILED else LogLevel.INFO
    detail = f": {run.error_type}: {run.error_message}" if to is WorkflowStatus.FAILED else ""
    turn.log(f"execution_{to}", f"{to}{detail}" + (f": {reason}" if reason else ""), level=level)
    if run.debugged and turn.engine.observer is not None:
        turn.engine.observer.ended(turn.session, run=run, now=turn.now, **turn.actor)
    if run.parent_execution_id is not None:
        wake(turn.session, run.parent_execution_id, now=turn.now)


def abandon_steps(
    turn: UnitOfWork,
    *,
    reason: str,
    even_running: bool = False,
    of_map: str | None = None,
) -> None:
    """Skip pending attempts and cancel waiting ones; with `of_map`, only items of that map.

    An attempt that a worker performs may end, unless `even_running`; one that a supervisor holds is cancelled.
    """
    for attempt in turn.fetch(queries.select_open(execution_id=turn.run.id)):
        is_performed = attempt.status is StepStatus.RUNNING and attempt.lease_token is not None
        if is_performed and not even_running:
            continue
        if of_map is not None and (attempt.step_key != of_map or attempt.role is not StepRole.ITEM):
            continue
        begun = attempt.status is not StepStatus.PENDING
        to = StepStatus.CANCELLED if begun else StepStatus.SKIPPED
        turn.move_step(
            attempt,
            to,
            reason=reason,
            lease_token=None,
            **(_ended(turn, attempt) if begun else {"completed_at": turn.now}),
        )
        turn.log(f"step_{to}", f"{called(attempt)} is {to}: {reason}", attempt=attempt)
        if attempt.child_execution_id is not None:
            cancel_child(turn, attempt.child_execution_id, reason=reason)
        if attempt.kind is StepKind.AGENT and attempt.role is not StepRole.COMPENSATION:
            cancel_agent_run(turn, attempt, reason=reason)


def cancel_child(turn: UnitOfWork, execution_id: uuid.UUID, *, reason: str) -> None:
    """Cancel a child execution; locks go from parent to child, never back."""
    child = UnitOfWork(turn.session, engine=turn.engine, execution_id=execution_id, **turn.actor)
    if child.run.status in ENDED:
        return
    if child.run.status is WorkflowStatus.COMPENSATING:
        return  # it is on its way to its end already
    cancel_run(child, reason=reason)
    child.save()


def next_compensation(turn: UnitOfWork) -> bool:
    """Make the compensation of the last completed step ready; say whether there was one."""
    if not turn.plan.undoable:
        return False
    place: dict[str, Any] = {"execution_id": turn.run.id, "keys": turn.plan.undoable}
    last = turn.fetch(queries.select_undoable(**place))
    if not last:
        return False
    at = last[0].completed_at
    if at is not None and last[-1].completed_at == at and len(last) > 1:
        _add_compensation(turn, _last_completed(turn, turn.fetch(queries.select_undoable(**place, at=at)), at))
    else:
        _add_compensation(turn, last[0])
    return True


def _last_completed(turn: UnitOfWork, attempts: list[Attempt], at: datetime) -> Attempt:
    """Of attempts that one turn completed, at the same instant, return the last: the log has them in order."""
    by_place = {(attempt.step_key, attempt.item): attempt for attempt in attempts}
    for line in turn.read(queries.select_completions(execution_id=turn.run.id, at=at)):
        found = by_place.get((line.step_key, line.context.get("item", 0)))
        if found is not None:
            return found
    return attempts[0]  # a replay has no log of what it copied


def _add_compensation(turn: UnitOfWork, attempt: Attempt) -> None:
    turn.add_steps(
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


def _mark_compensated(turn: UnitOfWork, undo: Attempt) -> None:
    for role in (StepRole.STEP, StepRole.ITEM):
        query = queries.select_step(
            execution_id=turn.run.id, step_key=undo.step_key, role=role, status=StepStatus.COMPLETED
        )
        for attempt in turn.fetch(query):
            if attempt.item == undo.item and attempt.kind is undo.kind:
                turn.move_step(attempt, StepStatus.COMPENSATED)
                turn.log("step_compensated", f"{attempt.step_key} was undone", attempt=attempt)


def _log_no_retry(turn: UnitOfWork, attempt: Attempt, failure: Failure, *, named: tuple[str, ...]) -> None:
    """Write why a step whose attempts are not used up is not tried again."""
    why = "retry.on does not name it" if named else "it does not call itself retryable"
    turn.log(
        "step_not_retried",
        f"{called(attempt)} is not tried again: {failure.error_type} is not retryable, as {why}",
        attempt=attempt,
        level=LogLevel.WARNING,
    )


def _retry(turn: UnitOfWork, attempt: Attempt, *, delay: float) -> None:
    at = turn.now + timedelta(seconds=delay)
    number = attempt.attempt + 1
    turn.add_steps(
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
    turn.log(
        "step_retried",
        f"{called(attempt)} is tried again in {delay:g} s",
        attempt=attempt,
        level=LogLevel.WARNING,
        next_attempt=number,
        delay_seconds=delay,
    )


def _item_ended(turn: UnitOfWork, attempt: Attempt) -> None:
    """Count an item of a map down; the last one ends the map, another lets a held item begin."""
    execution_id, key = turn.run.id, attempt.step_key
    left = turn.read(queries.count_down(execution_id=execution_id, step_key=key)).scalar_one_or_none()
    if left is None:
        return  # the map has already failed or was abandoned
    if left:
        _release_item(turn, key)
        return
    query = queries.select_step(execution_id=execution_id, step_key=key, status=StepStatus.WAITING)
    for parent in turn.fetch(query):
        rows = turn.read(queries.select_items(execution_id=execution_id, step_key=key))
        outputs = {row.item: row.output for row in rows}
        complete_attempt(turn, parent, output=list(outputs.values()))


def _release_item(turn: UnitOfWork, key: str) -> None:
    """Let the next item begin of a map that holds some back."""
    step = turn.plan.step(key)
    if not isinstance(step, MapStep) or step.concurrency is None:
        return
    held = turn.read(queries.select_held_item(execution_id=turn.run.id, step_key=key)).first()
    if held is not None:
        turn.change(queries.release(step_id=held.id, now=turn.now))


def _item_failed(turn: UnitOfWork, attempt: Attempt, failure: Failure, *, is_tolerated: bool) -> None:
    if is_tolerated:
        _item_ended(turn, attempt)
        return
    query = queries.select_step(execution_id=turn.run.id, step_key=attempt.step_key, status=StepStatus.WAITING)
    for parent in turn.fetch(query):
        fail_attempt(
            turn,
            parent,
            Failure(error_type=failure.error_type, message=f"item {attempt.item}: {failure.message}"),
        )


def _ended(turn: UnitOfWork, attempt: Attempt) -> dict[str, Any]:
    started: datetime | None = attempt.started_at
    return {
        "completed_at": turn.now,
        "duration_seconds": None if started is None else max((turn.now - started).total_seconds(), 0.0),
        "wake_at": None,
        "lease_until": None,
    }


def _observe(turn: UnitOfWork, attempt: Attempt, variables_before: dict[str, Any]) -> str | None:
    """Show an ended attempt to the debugger; return why it stops after a failed one, or None."""
    observer = turn.engine.observer
    if not turn.run.debugged or observer is None:
        return None
    return observer.after_step(
        turn.session, run=turn.run, attempt=attempt, variables_before=variables_before, now=turn.now
    )
