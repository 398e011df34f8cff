"""Steps that wait for a decision."""

from __future__ import annotations

from controlplane.execution.definition import ApprovalStep
from controlplane.execution.steps.outcomes import Completed, StepContext, StepOutcome, Wait, timed_out


def start_approval(context: StepContext) -> StepOutcome:
    """Wait for a decision."""
    step: ApprovalStep = context.step
    return Wait(why="for a decision" + _by(step.roles), wake_at=context.timeout_at)


def _by(roles: tuple[str, ...]) -> str:
    return f" of {' or '.join(roles)}" if roles else ""


def resume_approval(context: StepContext) -> StepOutcome | None:
    """Apply the outcome of a timeout."""
    step: ApprovalStep = context.step
    if step.on_timeout == "fail":
        return timed_out(step.timeout)
    outcome = ApprovalStep.APPROVED if step.on_timeout == "approve" else ApprovalStep.REJECTED
    comment = f"no decision within {step.timeout:g} s"
    context.unit.log(f"step_{outcome}", f"{step.key} {outcome}", attempt=context.attempt, by=None, comment=comment)
    return Completed(
        output={"decision": outcome, "by": None, "comment": comment},
        outcome=outcome,
    )
