"""Steps that collect the outputs of the branches before them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from controlplane.execution.steps.outcomes import Completed, StepContext, StepOutcome
from controlplane.models import StepStatus

if TYPE_CHECKING:
    from controlplane.execution.definition import JoinStep


def start_join(context: StepContext) -> StepOutcome:
    """Collect the outputs of the steps that led here, in definition order."""
    step: JoinStep = context.step
    unit, incoming = context.unit, context.unit.plan.definition.incoming[step.key]
    found = {row.step_key: row for row in unit.results(tuple(edge.source for edge in incoming))}
    led = [edge.source for edge in incoming if _was_taken(found[edge.source], edge)]
    return Completed(output={key: found[key].output for key in led})


def _was_taken(row: Any, edge: Any) -> bool:
    is_done = row.status in (StepStatus.COMPLETED, StepStatus.COMPENSATED, StepStatus.FAILED)
    return is_done and edge.is_taken(row.outcome)
