"""Decide, for a replay, which steps keep their recorded results and which run again. No session here."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from controlplane.errors import InvalidValueError
from controlplane.execution.definition import ApprovalStep, ConditionStep
from controlplane.execution.engine.propagate import is_skipped_by_edges
from controlplane.models import StepStatus

if TYPE_CHECKING:
    from controlplane.execution.definition import Definition, Edge, Step
    from controlplane.models import WorkflowStepExecution

DONE = (StepStatus.COMPLETED, StepStatus.COMPENSATED)


@dataclass(kw_only=True)
class ReplayPlan:
    """The steps of a replay, each in one of these or not reached yet; in the order of the definition's graph."""

    kept: dict[str, None] = field(default_factory=dict)
    """Steps that keep their recorded attempts."""
    skipped: dict[str, None] = field(default_factory=dict)
    """Steps that the kept results lead past, although no skip of them was recorded."""
    again: dict[str, tuple[int, int]] = field(default_factory=dict)
    """Steps that run again: the edges into each that are not settled yet, and those that are taken."""


def plan_replay(
    definition: Definition,
    recorded: Mapping[str, WorkflowStepExecution],
    *,
    from_step: str,
    skipped_by_condition: frozenset[str] = frozenset(),
    tolerates_skips: bool = False,
) -> ReplayPlan:
    """Return what becomes of each step: `from_step`, what follows it, and what has no usable record run again.

    `recorded` holds the last attempt of each step; `skipped_by_condition` names the recorded steps whose own
    `when`, as it is in this definition, did not hold.

    Raises:
        InvalidValueError: the recorded results do not lead to `from_step`, or some of them are missing.
    """
    plan = ReplayPlan()
    for key in definition.order:
        incoming = definition.incoming[key]
        settled = [edge for edge in incoming if edge.source not in plan.again]
        taken = sum(_is_taken(edge, plan, recorded) for edge in settled)
        remaining = len(incoming) - len(settled)
        is_passed = bool(incoming) and is_skipped_by_edges(
            definition, key, remaining=remaining, taken=taken, tolerates_skips=tolerates_skips
        )
        if key == from_step:
            _require_reached(
                key, is_passed=is_passed, missing=[e.source for e in incoming if e.source in plan.again]
            )
        row = recorded.get(key)
        if is_passed:
            plan.skipped[key] = None
        elif key == from_step or remaining or not _is_usable(definition.by_key[key], row, skipped_by_condition):
            plan.again[key] = (remaining, taken)
        else:
            plan.kept[key] = None
    return plan


def _require_reached(key: str, *, is_passed: bool, missing: list[str]) -> None:
    if is_passed:
        rule = "the recorded results of the steps before it do not lead to it"
        raise InvalidValueError(field="from_step", value=key, rule=rule)
    if missing:
        rule = f"{', '.join(missing)} before it has no recorded result: begin there"
        raise InvalidValueError(field="from_step", value=key, rule=rule)


def _is_taken(edge: Edge, plan: ReplayPlan, recorded: Mapping[str, WorkflowStepExecution]) -> bool:
    if edge.source not in plan.kept:
        return False
    row = recorded[edge.source]
    return row.status is not StepStatus.SKIPPED and edge.is_taken(row.outcome)


def _is_usable(step: Step, row: WorkflowStepExecution | None, skipped_by_condition: frozenset[str]) -> bool:
    """Return whether a recorded step may stand for this step of the definition."""
    if row is None or row.kind is not step.kind:
        return False
    if row.status is StepStatus.SKIPPED:
        return step.key in skipped_by_condition
    if row.status is StepStatus.FAILED:
        return step.continue_on_error
    return row.status in DONE and _knows_outcome(step, row.outcome)


def _knows_outcome(step: Step, outcome: str | None) -> bool:
    """Return whether a step that decides can still end in the recorded way."""
    if isinstance(step, ConditionStep):
        return outcome in (ConditionStep.DEFAULT, *(branch.name for branch in step.branches))
    return not isinstance(step, ApprovalStep) or outcome in (ApprovalStep.APPROVED, ApprovalStep.REJECTED)
