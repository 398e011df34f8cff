"""Claim the next step of an execution, and complete it with its result.

Each is one transaction on the locked execution. Between them the step is performed without a transaction.
"""

from __future__ import annotations

import uuid
from contextlib import nullcontext
from datetime import timedelta
from typing import TYPE_CHECKING, Any, TypeVar

from controlplane import clock
from controlplane.errors import ControlPlaneError, MissingReferenceError
from controlplane.execution import queries
from controlplane.execution.definition import Step
from controlplane.execution.engine.complete import (
    complete_attempt,
    fail_attempt,
    fail_execution,
    finish_execution,
    next_compensation,
    pause_execution,
    skip_attempt,
)
from controlplane.execution.engine.config import (
    Claim,
    EngineConfig,
    Failure,
    Idle,
    Lease,
    Result,
    Stopped,
    Success,
)
from controlplane.execution.engine.leases import build_lease, lease_attempt, start_attempt
from controlplane.execution.engine.propagate import start_roots
from controlplane.execution.engine.unit_of_work import StaleExecutionError, UnitOfWork, display_name
from controlplane.execution.expressions.language import compile_expression
from controlplane.execution.expressions.scope import scope_of
from controlplane.execution.expressions.variables import resolve
from controlplane.execution.lifecycle import ENDED
from controlplane.execution.steps.agent import ended_early
from controlplane.execution.steps.outcomes import (
    Completed,
    Dispatch,
    StepContext,
    StepOutcome,
    Wait,
)
from controlplane.execution.steps.registry import RESUMERS, STARTERS, WRITES
from controlplane.models import LogLevel, StepRole, StepStatus, WorkflowStatus

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from sqlalchemy.orm import Session

    from controlplane.execution.engine.records import AttemptRecord

T = TypeVar("T")

MAX_INLINE_STEPS = 100
"""The number of inline steps that one claim completes before it commits."""


def claim(session: Session, *, execution_id: uuid.UUID, engine: EngineConfig, worker: str = "inline") -> Claim:
    """Claim the next step of an execution under a lease, or return why none can start now.

    Steps that only change rows (conditions, joins, waits, ..) are done here, up to 100 of them.
    """
    with clock.one_reading():
        unit = UnitOfWork(session, engine=engine, execution_id=execution_id)
        claimed = _claim(unit, worker)
        unit.save()
    return claimed


def complete(session: Session, *, lease: Lease, result: Result, engine: EngineConfig) -> None:
    """Record the result of a leased step, and its consequences.

    Raises:
        LeaseLostError: the lease ran out and another worker claimed the step, or the execution was cancelled;
            nothing is written.
    """

    def body(unit: UnitOfWork) -> None:
        _complete(unit, lease, result)

    _in_one_unit(session, lease, engine, body)


def complete_and_claim(
    session: Session, *, lease: Lease, result: Result, engine: EngineConfig, worker: str = "inline"
) -> Claim:
    """Record the result of a leased step and claim the next one, in one unit of work: half the writes."""

    def body(unit: UnitOfWork) -> Claim:
        _complete(unit, lease, result)
        return _claim(unit, worker)

    return _in_one_unit(session, lease, engine, body)


def _in_one_unit(session: Session, lease: Lease, engine: EngineConfig, body: Callable[[UnitOfWork], T]) -> T:
    """Do the work on the execution as the lease knows it, or, if it was changed since, on its locked row."""
    for known in (lease.execution, None) if lease.execution is not None else (None,):
        with clock.one_reading():
            unit = UnitOfWork(session, engine=engine, execution_id=lease.execution_id, known=known)
            try:
                returned = body(unit)
                unit.save()
            except (ControlPlaneError, StaleExecutionError):
                if unit.is_locked:
                    raise
            else:
                return returned
    raise AssertionError("a locked unit of work returns or raises")


def _complete(unit: UnitOfWork, lease: Lease, result: Result) -> None:
    attempt = lease.record.copy()  # the caller's stays as it was: it may try again
    unit.restore_event_count(attempt, lease.events)
    if isinstance(result, Success):
        result = ended_early(unit, attempt) or result
    if isinstance(result, Success):
        complete_attempt(unit, attempt, output=result.output, outcome=attempt.outcome)
    else:
        fail_attempt(unit, attempt, result)
    if unit.execution.status not in (*ENDED, WorkflowStatus.PAUSED):
        unit.execution.wake_at = unit.now  # the next claim, mostly in this transaction, says when to look again


def _claim(unit: UnitOfWork, worker: str) -> Claim:
    execution = unit.execution
    if execution.status in ENDED or execution.status is WorkflowStatus.PAUSED:
        return Stopped(status=execution.status)
    if execution.status is WorkflowStatus.PENDING and not _begin(unit):
        return Stopped(status=execution.status)
    for _ in range(MAX_INLINE_STEPS):
        if _is_past_deadline(unit):
            fail_execution(unit, Failure(error_type="ExecutionTimeoutError", message=_timeout_message(unit)))
        claimed = _next(unit, worker)
        if claimed is not None:
            return claimed
    unit.make_due()
    return Idle(until=unit.now)


def _begin(unit: UnitOfWork) -> bool:
    """Start a pending execution: its variables are set, its first steps become ready."""
    execution, definition = unit.execution, unit.plan.definition
    try:
        variables = resolve(dict(definition.vars), scope_of(unit))
    except MissingReferenceError as error:
        pause_execution(unit, str(error))
        return False
    unit.move_execution(WorkflowStatus.RUNNING)
    execution.variables = {**variables, **execution.variables}
    execution.started_at = unit.now
    if definition.timeout is not None:
        execution.deadline_at = unit.now + timedelta(seconds=definition.timeout)
    unit.log("execution_started", f"{definition.name} started")
    start_roots(unit)
    return True


def _is_past_deadline(unit: UnitOfWork) -> bool:
    deadline = unit.execution.deadline_at
    is_open = unit.execution.status in (WorkflowStatus.RUNNING, WorkflowStatus.WAITING)
    return is_open and deadline is not None and deadline <= unit.now


def _timeout_message(unit: UnitOfWork) -> str:
    return f"The execution took longer than {unit.plan.definition.timeout:g} s."


def _next(unit: UnitOfWork, worker: str) -> Claim | None:
    """Advance once; return a claim, or None to continue."""
    execution = unit.execution
    if execution.status in ENDED or execution.status is WorkflowStatus.PAUSED:
        return Stopped(status=execution.status)
    ready = unit.ready() if execution.open_steps else []
    if ready:
        if execution.status is WorkflowStatus.WAITING:
            unit.move_execution(WorkflowStatus.RUNNING)
        return _start_ready(unit, ready[0], worker, more=len(ready) > 1)
    overdue = (
        unit.fetch(queries.select_overdue(execution_id=execution.id, now=unit.now)) if execution.open_steps else []
    )
    if overdue:
        return _resume_overdue(unit, overdue[0], worker)
    if execution.open_steps:
        return _idle(unit)
    if execution.status is not WorkflowStatus.COMPENSATING:
        finish_execution(unit, WorkflowStatus.COMPLETED)
    elif not next_compensation(unit):
        finish_execution(unit, WorkflowStatus.FAILED)
    return None


def _idle(unit: UnitOfWork) -> Idle:
    """Record when a step may start next, and whether all open steps wait."""
    execution = unit.execution
    outlook = unit.read(queries.select_outlook(execution_id=execution.id)).one()
    times = [at for at in (outlook.until, execution.deadline_at) if at is not None]
    until: datetime | None = min(times, default=None)
    if outlook.waiting and not outlook.running and execution.status is WorkflowStatus.RUNNING:
        unit.move_execution(WorkflowStatus.WAITING)
    execution.wake_at = until
    return Idle(until=until)


def _start_ready(unit: UnitOfWork, attempt: AttemptRecord, worker: str, *, more: bool) -> Lease | None:
    """Start a ready attempt; a missing reference pauses the execution instead."""
    step = unit.plan.step(attempt.step_key, attempt.role)
    try:
        context = _prepare(unit, attempt, step)
        if context is None:
            return None
    except MissingReferenceError as error:
        if attempt.role is not StepRole.COMPENSATION:
            pause_execution(unit, str(error))
            return None
        outcome: StepOutcome = Failure.of(error)  # nothing may keep a failed execution from its end
    except ControlPlaneError as error:
        outcome = Failure.of(error)
    else:
        outcome = _call_starter(context)
    if isinstance(outcome, Dispatch):
        return lease_attempt(unit, attempt, step, outcome, worker, more=more)
    start_attempt(unit, attempt, input=attempt.input)
    _record_outcome(unit, attempt, outcome)
    return None


def _prepare(unit: UnitOfWork, attempt: AttemptRecord, step: Step) -> StepContext | None:
    """Resolve the input of an attempt; None if it does not begin now: the debugger stops it, or it is skipped."""
    scope = scope_of(unit, attempt)
    if _stops_here(unit, attempt, scope):
        return None
    if attempt.role is StepRole.COMPENSATION:
        undo = step.compensation
        attempt.input = {"parameters": resolve(dict(undo.parameters), scope) if undo else {}}
        return StepContext(unit, attempt, step, attempt.input, scope)
    if step.when is not None and not compile_expression(step.when).holds(scope):
        skip_attempt(unit, attempt, condition=step.when)
        return None
    attempt.input = resolve(step.inputs, scope)
    return StepContext(unit, attempt, step, attempt.input, scope)


def _call_starter(context: StepContext) -> StepOutcome:
    """Call the handler that starts the step; its error fails the step, and its writes are rolled back."""
    kind = context.attempt.kind
    if context.attempt.role is StepRole.COMPENSATION:
        return Dispatch()
    try:
        with context.unit.savepoint() if kind in WRITES else nullcontext():
            return STARTERS[kind](context)
    except ControlPlaneError as error:
        return Failure.of(error)


def _stops_here(unit: UnitOfWork, attempt: AttemptRecord, scope: dict[str, Any]) -> bool:
    """Return whether the debugger paused the execution before this step."""
    observer = unit.engine.observer
    if not unit.execution.debugged or observer is None or unit.execution.status is not WorkflowStatus.RUNNING:
        return False
    reason = observer.before_step(
        unit.session, execution=unit.execution, attempt=attempt, scope=scope, now=unit.now
    )
    if reason is not None:
        pause_execution(unit, reason)
    return reason is not None


def _record_outcome(unit: UnitOfWork, attempt: AttemptRecord, outcome: Completed | Failure | Wait) -> None:
    """Record the outcome of a step that no worker performs."""
    if isinstance(outcome, Completed):
        complete_attempt(unit, attempt, output=outcome.output, outcome=outcome.outcome)
    elif isinstance(outcome, Failure):
        fail_attempt(unit, attempt, outcome)
    else:
        unit.move_step(attempt, StepStatus.WAITING, reason=outcome.why, wake_at=outcome.wake_at, **outcome.values)
        unit.log("step_waiting", f"{attempt.step_key} waits {outcome.why}", attempt=attempt)


def _resume(unit: UnitOfWork, attempt: AttemptRecord, step: Step, worker: str) -> Lease | None:
    """Resume an attempt if its wait is over."""
    try:
        with unit.savepoint() if attempt.kind in WRITES else nullcontext():
            outcome = RESUMERS[attempt.kind](StepContext(unit, attempt, step, attempt.input, {}))
    except ControlPlaneError as error:
        outcome = Failure.of(error)
    if outcome is None:
        return None  # nothing has been decided: a look leaves no event
    if unit.execution.status is WorkflowStatus.WAITING:
        unit.move_execution(WorkflowStatus.RUNNING)
    if isinstance(outcome, Dispatch):
        return lease_attempt(unit, attempt, step, outcome, worker, more=False)
    _record_outcome(unit, attempt, outcome)
    return None


def _resume_overdue(unit: UnitOfWork, attempt: AttemptRecord, worker: str) -> Lease | None:
    """Resume an attempt whose worker was lost, or whose wait is over."""
    step = unit.plan.step(attempt.step_key, attempt.role)
    if attempt.status is StepStatus.WAITING:
        return _resume(unit, attempt, step, worker)
    if unit.execution.status is WorkflowStatus.WAITING:
        unit.move_execution(WorkflowStatus.RUNNING)
    ended = ended_early(unit, attempt)
    if ended is not None:
        fail_attempt(unit, attempt, ended)
        return None
    if attempt.deliveries >= unit.engine.max_deliveries:
        message = f"Its worker was lost {attempt.deliveries} times; the step may be crashing its worker."
        fail_attempt(unit, attempt, Failure(error_type="WorkerLostError", message=message))
        return None
    token, expired = uuid.uuid4(), attempt.lease_until
    if expired is None:
        return None
    values = {"lease_token": token, "lease_until": unit.now + unit.engine.lease, "leased_by": worker}
    if unit.change(queries.lease_again(step_id=attempt.id, expired=expired, values=values)) != 1:
        return None  # renewed concurrently
    was_held = attempt.lease_token is None  # by a supervisor, who has resumed it
    attempt.lease_token = token
    unit.log(
        "step_redelivered",
        f"{display_name(attempt)} is delivered again: {'it was resumed' if was_held else 'its worker was lost'}",
        attempt=attempt,
        level=LogLevel.INFO if was_held else LogLevel.WARNING,
        deliveries=attempt.deliveries + 1,
    )
    return build_lease(unit, attempt, step, token=token, more=False)
