"""The first and last third of the state machine: take the next step, give its result back.

Both are one transaction on one locked execution. Between them the step is performed without a transaction.
"""

from __future__ import annotations

import uuid
from contextlib import nullcontext
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from controlplane import clock
from controlplane.errors import ControlPlaneError, MissingReferenceError
from controlplane.execution import queries
from controlplane.execution.definition import HttpStep, Step
from controlplane.execution.engine.complete import (
    complete_attempt,
    fail_attempt,
    fail_run,
    finish_run,
    next_compensation,
    pause_run,
    skip_attempt,
)
from controlplane.execution.engine.config import (
    Claim,
    Engine,
    Failure,
    Idle,
    Lease,
    Result,
    Stopped,
    Success,
)
from controlplane.execution.engine.propagate import start_roots
from controlplane.execution.engine.unit_of_work import UnitOfWork, called
from controlplane.execution.expressions.language import compile_expression
from controlplane.execution.expressions.scope import scope_of
from controlplane.execution.expressions.variables import resolve
from controlplane.execution.lifecycle import ENDED
from controlplane.execution.steps.agent import ended_early
from controlplane.execution.steps.common import (
    Dispatch,
    Done,
    Entry,
    Hold,
    StepOutcome,
)
from controlplane.execution.steps.registry import ENTER, WAKE, WRITES
from controlplane.models import LogLevel, StepRole, StepStatus, WorkflowStatus, Workspace

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy.orm import Session

    from controlplane.execution.engine.records import Attempt

MAX_INLINE_STEPS = 100
"""The number of inline steps that one claim completes before it commits."""


def claim(session: Session, *, execution_id: uuid.UUID, engine: Engine, worker: str = "inline") -> Claim:
    """Take the next step of an execution under a lease, or say why there is none now.

    Steps that only change rows (conditions, joins, waits, ..) are done here, up to 100 of them.
    """
    with clock.one_reading():
        turn = UnitOfWork(session, engine=engine, execution_id=execution_id)
        claimed = _claim(turn, worker)
        turn.save()
    return claimed


def complete(session: Session, *, lease: Lease, result: Result, engine: Engine) -> None:
    """Record what a leased step gave, and what follows from it.

    Raises:
        LeaseLostError: the lease ran out and another worker claimed the step, or the execution was cancelled;
            nothing is written.
    """
    with clock.one_reading():
        turn = UnitOfWork(session, engine=engine, execution_id=lease.execution_id)
        _complete(turn, lease, result)
        turn.save()


def complete_and_claim(
    session: Session, *, lease: Lease, result: Result, engine: Engine, worker: str = "inline"
) -> Claim:
    """Record what a leased step gave and take the next one, in one turn: half the writes of the two."""
    with clock.one_reading():
        turn = UnitOfWork(session, engine=engine, execution_id=lease.execution_id)
        _complete(turn, lease, result)
        claimed = _claim(turn, worker)
        turn.save()
    return claimed


def _complete(turn: UnitOfWork, lease: Lease, result: Result) -> None:
    attempt = lease.record.copy()  # the caller's stays as it was: it may try again
    turn.knows_events(attempt, lease.events)
    if isinstance(result, Success):
        result = ended_early(turn, attempt) or result
    if isinstance(result, Success):
        complete_attempt(turn, attempt, output=result.output, outcome=attempt.outcome)
    else:
        fail_attempt(turn, attempt, result)
    if turn.run.status not in (*ENDED, WorkflowStatus.PAUSED):
        turn.run.wake_at = turn.now  # the next claim, mostly in this transaction, says when to look again


def _claim(turn: UnitOfWork, worker: str) -> Claim:
    run = turn.run
    if run.status in ENDED or run.status is WorkflowStatus.PAUSED:
        return Stopped(status=run.status)
    if run.status is WorkflowStatus.PENDING and not _begin(turn):
        return Stopped(status=run.status)
    for _ in range(MAX_INLINE_STEPS):
        if _is_late(turn):
            fail_run(turn, Failure(error_type="ExecutionTimeoutError", message=_late(turn)))
        claimed = _next(turn, worker)
        if claimed is not None:
            return claimed
    turn.make_due()
    return Idle(until=turn.now)


def _begin(turn: UnitOfWork) -> bool:
    """Start a pending execution: its variables are set, its first steps become ready."""
    run, definition = turn.run, turn.plan.definition
    try:
        variables = resolve(dict(definition.vars), scope_of(turn))
    except MissingReferenceError as error:
        pause_run(turn, str(error))
        return False
    turn.move_run(WorkflowStatus.RUNNING)
    run.variables = {**variables, **run.variables}
    run.started_at = turn.now
    if definition.timeout is not None:
        run.deadline_at = turn.now + timedelta(seconds=definition.timeout)
    turn.log("execution_started", f"{definition.name} started")
    start_roots(turn)
    return True


def _is_late(turn: UnitOfWork) -> bool:
    deadline = turn.run.deadline_at
    is_open = turn.run.status in (WorkflowStatus.RUNNING, WorkflowStatus.WAITING)
    return is_open and deadline is not None and deadline <= turn.now


def _late(turn: UnitOfWork) -> str:
    return f"The execution took longer than {turn.plan.definition.timeout:g} s."


def _next(turn: UnitOfWork, worker: str) -> Claim | None:
    """Advance once; return a claim, or None to continue."""
    run = turn.run
    if run.status in ENDED or run.status is WorkflowStatus.PAUSED:
        return Stopped(status=run.status)
    ready = turn.ready() if run.open_steps else []
    if ready:
        if run.status is WorkflowStatus.WAITING:
            turn.move_run(WorkflowStatus.RUNNING)
        return _enter(turn, ready[0], worker, more=len(ready) > 1)
    overdue = turn.fetch(queries.select_overdue(execution_id=run.id, now=turn.now)) if run.open_steps else []
    if overdue:
        return _take_over(turn, overdue[0], worker)
    if run.open_steps:
        return _idle(turn)
    if run.status is not WorkflowStatus.COMPENSATING:
        finish_run(turn, WorkflowStatus.COMPLETED)
    elif not next_compensation(turn):
        finish_run(turn, WorkflowStatus.FAILED)
    return None


def _idle(turn: UnitOfWork) -> Idle:
    """Nothing can start: note when something may, and whether everything left is waiting."""
    run = turn.run
    outlook = turn.read(queries.select_outlook(execution_id=run.id)).one()
    times = [at for at in (outlook.until, run.deadline_at) if at is not None]
    until: datetime | None = min(times, default=None)
    if outlook.waiting and not outlook.running and run.status is WorkflowStatus.RUNNING:
        turn.move_run(WorkflowStatus.WAITING)
    run.wake_at = until
    return Idle(until=until)


def _enter(turn: UnitOfWork, attempt: Attempt, worker: str, *, more: bool) -> Lease | None:
    """Begin an attempt whose turn has come; a reference that leads nowhere pauses the execution instead."""
    step = turn.plan.step(attempt.step_key, attempt.role)
    try:
        entry = _prepared(turn, attempt, step)
        if entry is None:
            return None
    except MissingReferenceError as error:
        if attempt.role is not StepRole.COMPENSATION:
            pause_run(turn, str(error))
            return None
        entered: StepOutcome = Failure.of(error)  # nothing may keep a failed execution from its end
    except ControlPlaneError as error:
        entered = Failure.of(error)
    else:
        entered = _entered(entry)
    if isinstance(entered, Dispatch):
        return _lease(turn, attempt, step, entered, worker, more=more)
    _start(turn, attempt, input=attempt.input)
    _settle(turn, attempt, entered)
    return None


def _prepared(turn: UnitOfWork, attempt: Attempt, step: Step) -> Entry | None:
    """Resolve the input of an attempt; None if it does not begin now: the debugger stops it, or it is skipped."""
    scope = scope_of(turn, attempt)
    if _stops_here(turn, attempt, scope):
        return None
    if attempt.role is StepRole.COMPENSATION:
        undo = step.compensation
        attempt.input = {"parameters": resolve(dict(undo.parameters), scope) if undo else {}}
        return Entry(turn, attempt, step, attempt.input, scope)
    if step.when is not None and not compile_expression(step.when).holds(scope):
        skip_attempt(turn, attempt, reason=f"{step.when} does not hold")
        return None
    attempt.input = resolve(step.inputs, scope)
    return Entry(turn, attempt, step, attempt.input, scope)


def _entered(entry: Entry) -> StepOutcome:
    """Ask the handler; an error of it is the step's, and what it wrote is taken back."""
    kind = entry.attempt.kind
    if entry.attempt.role is StepRole.COMPENSATION:
        return Dispatch()
    try:
        with entry.turn.savepoint() if kind in WRITES else nullcontext():
            return ENTER[kind](entry)
    except ControlPlaneError as error:
        return Failure.of(error)


def _stops_here(turn: UnitOfWork, attempt: Attempt, scope: dict[str, Any]) -> bool:
    """Ask the debugger; say whether it paused the execution before this step."""
    observer = turn.engine.observer
    if not turn.run.debugged or observer is None or turn.run.status is not WorkflowStatus.RUNNING:
        return False
    reason = observer.before_step(turn.session, run=turn.run, attempt=attempt, scope=scope, now=turn.now)
    if reason is not None:
        pause_run(turn, reason)
    return reason is not None


def _start(turn: UnitOfWork, attempt: Attempt, **values: Any) -> None:
    """Move an attempt to running."""
    started = attempt.started_at or turn.now
    turn.move_step(attempt, StepStatus.RUNNING, started_at=started, wake_at=None, **values)
    is_undo = attempt.role is StepRole.COMPENSATION
    message = f"compensating {attempt.step_key}" if is_undo else f"{attempt.step_key} started"
    turn.log("step_started", message, attempt=attempt)


def _settle(turn: UnitOfWork, attempt: Attempt, entered: StepOutcome) -> None:
    """Record what a step that needs no performing came to."""
    if isinstance(entered, Done):
        complete_attempt(turn, attempt, output=entered.output, outcome=entered.outcome)
    elif isinstance(entered, Failure):
        fail_attempt(turn, attempt, entered)
    elif isinstance(entered, Hold):
        turn.move_step(attempt, StepStatus.WAITING, reason=entered.why, wake_at=entered.wake_at, **entered.values)
        turn.log("step_waiting", f"{attempt.step_key} waits {entered.why}", attempt=attempt)


def _lease(turn: UnitOfWork, attempt: Attempt, step: Any, perform: Dispatch, worker: str, *, more: bool) -> Lease:
    """Lease an attempt to a worker; the execution is due again when the lease has run out."""
    token, until = uuid.uuid4(), turn.now + turn.engine.lease
    _start(
        turn,
        attempt,
        input=attempt.input,
        lease_token=token,
        lease_until=until,
        leased_by=worker,
        deliveries=attempt.deliveries + 1,
        outcome=perform.outcome,
        agent_execution_id=perform.agent_execution_id,
    )
    return _hand_over(turn, attempt, step, token=token, more=more)


def _hand_over(turn: UnitOfWork, attempt: Attempt, step: Any, *, token: uuid.UUID, more: bool) -> Lease:
    turn.run.wake_at = turn.now + turn.engine.lease  # unless it is back before, its worker is lost
    if more:
        turn.make_due()
    is_undo = attempt.role is StepRole.COMPENSATION
    return Lease(
        execution_id=turn.run.id,
        step_id=attempt.id,
        token=token,
        step_key=attempt.step_key,
        kind=attempt.kind,
        role=attempt.role,
        item=attempt.item,
        attempt=attempt.attempt,
        action=step.compensation.action if is_undo else getattr(step, "action", None),
        input=attempt.input,
        idempotency_key=attempt.idempotency_key,
        timeout=step.timeout,
        length=turn.engine.lease,
        expect=step.expect if isinstance(step, HttpStep) and not is_undo else (),
        **_secrets(turn, step) if not is_undo else {},
        more=more,
        record=attempt,
        events=turn.events_of(attempt),
    )


def _secrets(turn: UnitOfWork, step: Any) -> dict[str, Any]:
    """Return which secrets a step sends, and whose; their values are read by who performs it."""
    if not isinstance(step, HttpStep) or not step.secret_headers:
        return {}
    query = select(Workspace.name).where(Workspace.id == turn.run.workspace_id)
    return {"secret_headers": step.secret_headers, "workspace": turn.session.scalars(query).one()}


def _wake(turn: UnitOfWork, attempt: Attempt, step: Step, worker: str) -> Lease | None:
    """Resume an attempt if its wait is over."""
    try:
        with turn.savepoint() if attempt.kind in WRITES else nullcontext():
            entered = WAKE[attempt.kind](Entry(turn, attempt, step, attempt.input, {}))
    except ControlPlaneError as error:
        entered = Failure.of(error)
    if entered is None:
        return None  # nothing has been decided: a look leaves no event
    if turn.run.status is WorkflowStatus.WAITING:
        turn.move_run(WorkflowStatus.RUNNING)
    if isinstance(entered, Dispatch):
        return _lease(turn, attempt, step, entered, worker, more=False)
    _settle(turn, attempt, entered)
    return None


def _take_over(turn: UnitOfWork, attempt: Attempt, worker: str) -> Lease | None:
    """Resume an attempt whose worker was lost, or whose wait is over."""
    step = turn.plan.step(attempt.step_key, attempt.role)
    if attempt.status is StepStatus.WAITING:
        return _wake(turn, attempt, step, worker)
    if turn.run.status is WorkflowStatus.WAITING:
        turn.move_run(WorkflowStatus.RUNNING)
    ended = ended_early(turn, attempt)
    if ended is not None:
        fail_attempt(turn, attempt, ended)
        return None
    if attempt.deliveries >= turn.engine.max_deliveries:
        message = f"Its worker was lost {attempt.deliveries} times: the step may end the process that performs it."
        fail_attempt(turn, attempt, Failure(error_type="WorkerLostError", message=message))
        return None
    token, expired = uuid.uuid4(), attempt.lease_until
    if expired is None:
        return None
    values = {"lease_token": token, "lease_until": turn.now + turn.engine.lease, "leased_by": worker}
    if turn.change(queries.lease_again(step_id=attempt.id, expired=expired, values=values)) != 1:
        return None  # renewed concurrently
    was_held = attempt.lease_token is None  # by a supervisor, who has resumed it
    attempt.lease_token = token
    turn.log(
        "step_redelivered",
        f"{called(attempt)} is performed again: {'it was resumed' if was_held else 'its worker was lost'}",
        attempt=attempt,
        level=LogLevel.INFO if was_held else LogLevel.WARNING,
        deliveries=attempt.deliveries + 1,
    )
    return _hand_over(turn, attempt, step, token=token, more=False)
