"""The outcomes of starting or resuming a step: a worker executes it, it has completed, or it waits.

A handler runs in the transaction of the claim, with the step's input resolved; its writes are committed
with the step's new state.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from controlplane.execution.engine.config import Failure

if TYPE_CHECKING:
    from controlplane.execution.engine.records import AttemptRecord
    from controlplane.execution.engine.unit_of_work import UnitOfWork

POLL_INTERVAL = timedelta(seconds=30)
"""A waiting step checks this often by itself: its execution may be locked when what it waits for happens."""


@dataclass(frozen=True, kw_only=True)
class Dispatch:
    """A worker executes the step outside any transaction, under a lease."""

    agent_execution_id: uuid.UUID | None = None
    outcome: str | None = None


@dataclass(frozen=True, kw_only=True)
class Completed:
    """The step has completed."""

    output: Any
    outcome: str | None = None


@dataclass(frozen=True, kw_only=True)
class Wait:
    """The step waits; `values` are further columns of the attempt."""

    wake_at: datetime | None = None
    why: str
    values: Mapping[str, Any] = field(default_factory=dict)


StepOutcome = Dispatch | Completed | Wait | Failure


@dataclass(frozen=True)
class StepContext:
    """An attempt to start or resume, with its resolved input and its scope."""

    unit: UnitOfWork
    attempt: AttemptRecord
    step: Any
    input: dict[str, Any]
    scope: dict[str, Any]

    @property
    def timeout_at(self) -> datetime | None:
        """The time at which the step has taken too long, if it has a timeout."""
        timeout = self.step.timeout
        started = self.attempt.started_at or self.unit.now
        return None if timeout is None else started + timedelta(seconds=timeout)

    @property
    def next_poll(self) -> datetime:
        """The time at which a step checks again for what it waits for, at the latest when it times out."""
        poll, timeout_at = self.unit.now + POLL_INTERVAL, self.timeout_at
        return poll if timeout_at is None else min(poll, timeout_at)


def timed_out(seconds: float | None) -> Failure:
    """Return the failure of a step that took longer than it may."""
    return Failure(
        error_type="StepTimeoutError", message=f"It took longer than {seconds or 0:g} s.", retryable=True
    )


Starter = Callable[[StepContext], StepOutcome]
Resumer = Callable[[StepContext], StepOutcome | None]
