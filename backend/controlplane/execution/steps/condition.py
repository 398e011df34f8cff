"""Steps that choose a branch."""

from __future__ import annotations

from controlplane.execution.definition import ConditionStep
from controlplane.execution.expressions.language import compile_expression
from controlplane.execution.steps.outcomes import Completed, StepContext, StepOutcome


def start_condition(context: StepContext) -> StepOutcome:
    """Take the first branch whose condition is true."""
    step: ConditionStep = context.step
    for branch in step.branches:
        if compile_expression(branch.when).holds(context.scope):
            return Completed(output={"branch": branch.name}, outcome=branch.name)
    return Completed(output={"branch": ConditionStep.DEFAULT}, outcome=ConditionStep.DEFAULT)
