"""Propagation of a step's end along its outgoing edges: successors become ready or are skipped.

An ordinary step runs when every edge into it is taken, and is skipped as soon as one is not. A join, and a step
with `join: any`, runs when every edge into it is settled and at least one is taken; when none is, it is skipped.
Skipping a step settles the edges out of it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from controlplane.execution.queries import count_edges, select_joining
from controlplane.models import StepStatus

if TYPE_CHECKING:
    from controlplane.execution.definition import Definition
    from controlplane.execution.engine.records import AttemptRecord
    from controlplane.execution.engine.unit_of_work import UnitOfWork

SKIP_REASON = "no incoming branch was taken"


def start_roots(unit: UnitOfWork) -> None:
    """Make the steps ready that wait for none."""
    unit.add_steps([_row(unit, key) for key in unit.plan.definition.roots])


def propagate_end(unit: UnitOfWork, key: str, *, outcome: str | None, done: bool) -> None:
    """Decide the edges out of a step that was done (or, with `done` false, skipped)."""
    ended = [(key, outcome, done)]
    while ended:
        counts: dict[str, tuple[int, int]] = {}
        for source, how, is_done in ended:
            for edge in unit.plan.definition.outgoing[source]:
                settled, taken = counts.get(edge.target, (0, 0))
                counts[edge.target] = (settled + 1, taken + (is_done and edge.is_taken(how)))
        ended = [(target, None, False) for target in _count_edges(unit, counts)]


def _count_edges(unit: UnitOfWork, counts: dict[str, tuple[int, int]]) -> list[str]:
    """Count the edges into each target and return the targets that are skipped by it."""
    incoming = unit.plan.definition.incoming
    joining = [key for key in counts if len(incoming[key]) > 1]
    existing = _existing(unit, joining) if joining else {}
    skipped: list[str] = []
    added = []
    for key, (settled, taken) in counts.items():
        if key in existing:
            if existing[key].status is StepStatus.PENDING and _count_existing(unit, existing[key], settled, taken):
                skipped.append(key)
            continue
        remaining = len(incoming[key]) - settled
        row = _row(unit, key, remaining=remaining, taken=taken)
        if _is_skipped(unit, key, remaining=remaining, taken=taken):
            skipped.append(key)
            row |= {"status": StepStatus.SKIPPED, "completed_at": unit.now}
        added.append(row)
    unit.add_steps(added)
    for key in skipped:
        unit.log("step_skipped", f"{key} skipped: {SKIP_REASON}", step_key=key)
    return skipped


def _existing(unit: UnitOfWork, keys: list[str]) -> dict[str, AttemptRecord]:
    found: dict[str, AttemptRecord] = {}
    for start in range(0, len(keys), 500):  # SQLite takes a bounded number of parameters
        query = select_joining(execution_id=unit.execution.id, keys=tuple(keys[start : start + 500]))
        found.update({attempt.step_key: attempt for attempt in unit.fetch(query)})
    return found


def _count_existing(unit: UnitOfWork, attempt: AttemptRecord, settled: int, taken: int) -> bool:
    """Count edges into a step that has a row; return whether this skips it."""
    is_last = attempt.remaining == settled
    unit.change(
        count_edges(step_id=attempt.id, settled=settled, taken=taken, ready_at=unit.now if is_last else None)
    )
    remaining, total = attempt.remaining - settled, attempt.taken + taken
    if not _is_skipped(unit, attempt.step_key, remaining=remaining, taken=total):
        return False
    unit.move_step(attempt, StepStatus.SKIPPED, reason=SKIP_REASON, completed_at=unit.now)
    return True


def _is_skipped(unit: UnitOfWork, key: str, *, remaining: int, taken: int) -> bool:
    """Return whether a step is skipped that has so many edges left to settle, and so many taken."""
    return is_skipped_by_edges(
        unit.plan.definition, key, remaining=remaining, taken=taken, tolerates_skips=unit.execution.tolerates_skips
    )


def is_skipped_by_edges(
    definition: Definition, key: str, *, remaining: int, taken: int, tolerates_skips: bool
) -> bool:
    """Return whether the edges into a step skip it; in an execution that tolerates skips every step is a join."""
    if tolerates_skips or definition.by_key[key].tolerates_skips:
        return not remaining and not taken
    return remaining + taken < len(definition.incoming[key])


def _row(unit: UnitOfWork, key: str, *, remaining: int = 0, taken: int = 0) -> dict[str, object]:
    return {
        "step_key": key,
        "kind": unit.plan.definition.by_key[key].kind,
        "position": unit.plan.position[key],
        "remaining": remaining,
        "taken": taken,
    }
