"""Steps that start several branches."""

from __future__ import annotations

from typing import TYPE_CHECKING

from controlplane.execution.steps.outcomes import Completed, StepContext, StepOutcome

if TYPE_CHECKING:
    from controlplane.execution.definition import ParallelStep


def start_parallel(context: StepContext) -> StepOutcome:
    """Open the branches."""
    step: ParallelStep = context.step
    return Completed(output={"branches": list(step.branches)})
