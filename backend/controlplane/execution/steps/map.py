"""Steps that run their body once per item of a list."""

from __future__ import annotations

from typing import TYPE_CHECKING

from controlplane.execution.engine.config import Failure
from controlplane.execution.steps.outcomes import Completed, StepContext, StepOutcome, Wait, timed_out
from controlplane.models import StepRole

if TYPE_CHECKING:
    from controlplane.execution.definition import MapStep

MAX_ITEMS = 10_000


def start_map(context: StepContext) -> StepOutcome:
    """Create one attempt of the body per item; those above the concurrency are held."""
    step: MapStep = context.step
    items = context.input["over"]
    if not isinstance(items, list) or len(items) > MAX_ITEMS:
        shown = f"{len(items)} items" if isinstance(items, list) else type(items).__name__
        return Failure(
            error_type="InvalidValueError", message=f"over must be a list of up to {MAX_ITEMS}: {shown}"
        )
    if not items:
        return Completed(output=[])
    limit = step.concurrency or len(items)
    context.unit.add_steps(
        [
            {
                "step_key": step.key,
                "kind": step.body.kind,
                "role": StepRole.ITEM,
                "item": index,
                "position": context.attempt.position,
                "remaining": 0 if index < limit else 1,
                "scope": {"item": item, "index": index},
            }
            for index, item in enumerate(items)
        ]
    )
    return Wait(
        why=f"for {len(items)} {'item' if len(items) == 1 else 'items'}",
        wake_at=context.timeout_at,
        values={"remaining": len(items)},
    )


def resume_map(context: StepContext) -> StepOutcome | None:
    """Fail because the items took too long."""
    return timed_out(context.step.timeout)
