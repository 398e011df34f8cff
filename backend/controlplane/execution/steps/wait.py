"""Steps that wait for a time or a signal."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from controlplane.clock import as_utc
from controlplane.execution.engine.config import Failure
from controlplane.execution.queries import select_signal
from controlplane.execution.steps.outcomes import Completed, StepContext, StepOutcome, Wait, timed_out

if TYPE_CHECKING:
    from controlplane.execution.definition import WaitStep


def start_wait(context: StepContext) -> StepOutcome:
    """Wait for a time or a signal; a signal that was sent before completes the step immediately."""
    step: WaitStep = context.step
    try:
        until = _until(context)
    except (ValueError, TypeError, OverflowError) as error:
        return Failure(error_type="InvalidValueError", message=f"invalid time to wait for: {error}")
    if step.signal is not None:
        query = select_signal(execution_id=context.unit.execution.id, name=context.input["signal"])
        signal = context.unit.session.execute(query).scalar_one_or_none()
        if signal is not None:
            signal.taken_at, signal.taken_by_step = context.unit.now, step.key
            context.unit.session.flush()
            return Completed(output=signal_output(signal.name, signal.payload), outcome="signal")
    if until is not None:
        context.attempt.input = context.input | {"until": until.isoformat()}
        if until <= context.unit.now:
            return Completed(output={"by": "time"}, outcome="time")
    times = [at for at in (until, context.timeout_at) if at is not None]
    why = f"for the signal {context.input['signal']}" if step.signal else f"until {until}"
    return Wait(why=why, wake_at=min(times, default=None))


def signal_output(name: str, payload: Any) -> dict[str, Any]:
    """Return the output of a wait that a signal ended."""
    return {"by": "signal", "signal": name, "payload": payload}


def _until(context: StepContext) -> datetime | None:
    if context.input["until"] is not None:
        return as_utc(datetime.fromisoformat(context.input["until"]))
    seconds = context.input["seconds"]
    if seconds is None:
        return None
    if isinstance(seconds, bool) or not isinstance(seconds, int | float) or seconds < 0:
        raise ValueError(f"seconds is {seconds!r}")
    return context.unit.now + timedelta(seconds=seconds)


def resume_wait(context: StepContext) -> StepOutcome | None:
    """Complete at the time, or fail because no signal arrived in time."""
    until = context.attempt.input["until"]
    if until is not None and as_utc(datetime.fromisoformat(until)) <= context.unit.now:
        return Completed(output={"by": "time"}, outcome="time")
    return timed_out(context.step.timeout)
