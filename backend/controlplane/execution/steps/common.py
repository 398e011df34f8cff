"""Parts that the step types share: a started step is executed by a worker, completes immediately, or waits.

A handler runs in the transaction of the claim, with the step's input resolved; its writes are committed
with the step's new state.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from controlplane.clock import as_utc
from controlplane.execution.definition import (
    ApprovalStep,
    ConditionStep,
    JoinStep,
    MapStep,
    ParallelStep,
    TaskStep,
    WaitStep,
)
from controlplane.execution.engine.config import Failure
from controlplane.execution.expressions.language import compile_expression
from controlplane.execution.queries import select_signal
from controlplane.models import StepRole, StepStatus

if TYPE_CHECKING:
    from controlplane.execution.engine.records import Attempt
    from controlplane.execution.engine.unit_of_work import UnitOfWork

MAX_ITEMS = 10_000


@dataclass(frozen=True, kw_only=True)
class Dispatch:
    """To be performed outside any transaction, under a lease."""

    action: str | None = None
    agent_execution_id: uuid.UUID | None = None
    outcome: str | None = None


@dataclass(frozen=True, kw_only=True)
class Done:
    """Ended well, at once."""

    output: Any
    outcome: str | None = None


@dataclass(frozen=True, kw_only=True)
class Hold:
    """Waits; `values` are further columns of the attempt."""

    wake_at: datetime | None = None
    why: str
    values: Mapping[str, Any] = field(default_factory=dict)


StepOutcome = Dispatch | Done | Hold | Failure


@dataclass(frozen=True)
class Entry:
    """An attempt whose turn has come, with its resolved input and its scope."""

    turn: UnitOfWork
    attempt: Attempt
    step: Any
    input: dict[str, Any]
    scope: dict[str, Any]

    @property
    def timeout_at(self) -> datetime | None:
        """Return the deadline of a wait of this step, if it has a timeout."""
        return None if self.step.timeout is None else self.turn.now + timedelta(seconds=self.step.timeout)


def enter_task(entry: Entry) -> StepOutcome:
    """Call the registered action."""
    step: TaskStep = entry.step
    return Dispatch(action=step.action)


def enter_http(_entry: Entry) -> StepOutcome:
    """Send the request."""
    return Dispatch()


def enter_condition(entry: Entry) -> StepOutcome:
    """Take the first branch that holds."""
    step: ConditionStep = entry.step
    for branch in step.branches:
        if compile_expression(branch.when).holds(entry.scope):
            return Done(output={"branch": branch.name}, outcome=branch.name)
    return Done(output={"branch": ConditionStep.DEFAULT}, outcome=ConditionStep.DEFAULT)


def enter_parallel(entry: Entry) -> StepOutcome:
    """Open the branches."""
    step: ParallelStep = entry.step
    return Done(output={"branches": list(step.branches)})


def enter_join(entry: Entry) -> StepOutcome:
    """Collect the outputs of the steps that led here, in definition order."""
    step: JoinStep = entry.step
    turn, incoming = entry.turn, entry.turn.plan.definition.incoming[step.key]
    found = {row.step_key: row for row in turn.results(tuple(edge.source for edge in incoming))}
    led = [edge.source for edge in incoming if _led_here(found[edge.source], edge)]
    return Done(output={key: found[key].output for key in led})


def _led_here(row: Any, edge: Any) -> bool:
    is_done = row.status in (StepStatus.COMPLETED, StepStatus.COMPENSATED, StepStatus.FAILED)
    return is_done and edge.is_taken(row.outcome)


def enter_map(entry: Entry) -> StepOutcome:
    """Make one attempt of the body per item; of more than may run at once the rest is held back."""
    step: MapStep = entry.step
    items = entry.input["over"]
    if not isinstance(items, list) or len(items) > MAX_ITEMS:
        shown = f"{len(items)} items" if isinstance(items, list) else type(items).__name__
        return Failure(
            error_type="InvalidValueError", message=f"over must be a list of up to {MAX_ITEMS}: {shown}"
        )
    if not items:
        return Done(output=[])
    limit = step.concurrency or len(items)
    entry.turn.add_steps(
        [
            {
                "step_key": step.key,
                "kind": step.body.kind,
                "role": StepRole.ITEM,
                "item": index,
                "position": entry.attempt.position,
                "remaining": 0 if index < limit else 1,
                "scope": {"item": item, "index": index},
            }
            for index, item in enumerate(items)
        ]
    )
    return Hold(why=f"for its {len(items)} items", wake_at=entry.timeout_at, values={"remaining": len(items)})


def enter_approval(entry: Entry) -> StepOutcome:
    """Wait for a decision."""
    step: ApprovalStep = entry.step
    return Hold(why="for a decision" + _by(step.roles), wake_at=entry.timeout_at)


def _by(roles: tuple[str, ...]) -> str:
    return f" of {' or '.join(roles)}" if roles else ""


def enter_wait(entry: Entry) -> StepOutcome:
    """Wait for a time or a signal; a signal that came early is taken at once."""
    step: WaitStep = entry.step
    try:
        until = _until(entry)
    except (ValueError, TypeError, OverflowError) as error:
        return Failure(error_type="InvalidValueError", message=f"no time to wait for: {error}")
    if step.signal is not None:
        query = select_signal(execution_id=entry.turn.run.id, name=entry.input["signal"])
        signal = entry.turn.session.execute(query).scalar_one_or_none()
        if signal is not None:
            signal.taken_at, signal.taken_by_step = entry.turn.now, step.key
            entry.turn.session.flush()
            return Done(output=signal_output(signal.name, signal.payload), outcome="signal")
    if until is not None:
        entry.attempt.input = entry.input | {"until": until.isoformat()}
        if until <= entry.turn.now:
            return Done(output={"by": "time"}, outcome="time")
    times = [at for at in (until, entry.timeout_at) if at is not None]
    why = f"for the signal {entry.input['signal']}" if step.signal else f"until {until}"
    return Hold(why=why, wake_at=min(times, default=None), values={"input": entry.attempt.input})


def signal_output(name: str, payload: Any) -> dict[str, Any]:
    """Return the output of a wait that a signal ended."""
    return {"by": "signal", "signal": name, "payload": payload}


def _until(entry: Entry) -> datetime | None:
    if entry.input["until"] is not None:
        return as_utc(datetime.fromisoformat(entry.input["until"]))
    seconds = entry.input["seconds"]
    if seconds is None:
        return None
    if isinstance(seconds, bool) or not isinstance(seconds, int | float) or seconds < 0:
        raise ValueError(f"seconds is {seconds!r}")
    return entry.turn.now + timedelta(seconds=seconds)


def wake_approval(entry: Entry) -> StepOutcome | None:
    """Apply the outcome of a timeout."""
    step: ApprovalStep = entry.step
    if step.on_timeout == "fail":
        return timed_out(step.timeout)
    outcome = ApprovalStep.APPROVED if step.on_timeout == "approve" else ApprovalStep.REJECTED
    comment = f"no decision within {step.timeout:g} s"
    entry.turn.log(f"step_{outcome}", f"{step.key} is {outcome}", attempt=entry.attempt, by=None, comment=comment)
    return Done(
        output={"decision": outcome, "by": None, "comment": comment},
        outcome=outcome,
    )


def wake_wait(entry: Entry) -> StepOutcome | None:
    """The time has come, or the signal has not come in time."""
    until = entry.attempt.input["until"]
    if until is not None and as_utc(datetime.fromisoformat(until)) <= entry.turn.now:
        return Done(output={"by": "time"}, outcome="time")
    return timed_out(entry.step.timeout)


def wake_map(entry: Entry) -> StepOutcome | None:
    """The items took too long."""
    return timed_out(entry.step.timeout)


def timed_out(seconds: float | None) -> Failure:
    """Return the failure of a step that took longer than it may."""
    return Failure(
        error_type="StepTimeoutError", message=f"It took longer than {seconds or 0:g} s.", retryable=True
    )


Enter = Callable[[Entry], StepOutcome]
Wake = Callable[[Entry], StepOutcome | None]
