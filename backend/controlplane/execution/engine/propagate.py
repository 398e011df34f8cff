"""Propagation of a step's end: the edges out of it are settled, steps become ready or are skipped.

An ordinary step runs when every edge into it is taken, and is skipped as soon as one is not. A join, and a step
with `join: any`, runs when every edge into it is settled and at least one is taken; when none is, it is skipped.
Skipping a step settles the edges out of it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from controlplane.execution.queries import select_joining, settle_edges
from controlplane.models import StepStatus

if TYPE_CHECKING:
    from controlplane.execution.engine.records import Attempt
    from controlplane.execution.engine.unit_of_work import UnitOfWork

SKIP_REASON = "no branch leads here"


def start_roots(turn: UnitOfWork) -> None:
    """Make the steps ready that wait for none."""
    turn.add_steps([_row(turn, key) for key in turn.plan.definition.roots])


def propagate_end(turn: UnitOfWork, key: str, *, outcome: str | None, done: bool) -> None:
    """Settle the edges out of a step that was done (or, with `done` false, skipped)."""
    ended = [(key, outcome, done)]
    while ended:
        counts: dict[str, tuple[int, int]] = {}
        for source, how, is_done in ended:
            for edge in turn.plan.definition.outgoing[source]:
                settled, taken = counts.get(edge.target, (0, 0))
                counts[edge.target] = (settled + 1, taken + (is_done and edge.is_taken(how)))
        ended = [(target, None, False) for target in _settle(turn, counts)]


def _settle(turn: UnitOfWork, counts: dict[str, tuple[int, int]]) -> list[str]:
    """Count the edges into each target and return the targets that are skipped by it."""
    incoming = turn.plan.definition.incoming
    joining = [key for key in counts if len(incoming[key]) > 1]
    existing = _existing(turn, joining) if joining else {}
    skipped: list[str] = []
    added = []
    for key, (settled, taken) in counts.items():
        if key in existing:
            if existing[key].status is StepStatus.PENDING and _settle_existing(
                turn, existing[key], settled, taken
            ):
                skipped.append(key)
            continue
        remaining = len(incoming[key]) - settled
        row = _row(turn, key, remaining=remaining, taken=taken)
        if _is_skipped(turn, key, remaining=remaining, taken=taken):
            skipped.append(key)
            row |= {"status": StepStatus.SKIPPED, "completed_at": turn.now}
        added.append(row)
    turn.add_steps(added)
    for key in skipped:
        turn.log("step_skipped", f"{key} is skipped: {SKIP_REASON}", step_key=key)
    return skipped


def _existing(turn: UnitOfWork, keys: list[str]) -> dict[str, Attempt]:
    found: dict[str, Attempt] = {}
    for start in range(0, len(keys), 500):  # SQLite takes a bounded number of parameters
        query = select_joining(execution_id=turn.run.id, keys=tuple(keys[start : start + 500]))
        found.update({attempt.step_key: attempt for attempt in turn.fetch(query)})
    return found


def _settle_existing(turn: UnitOfWork, attempt: Attempt, settled: int, taken: int) -> bool:
    """Count edges into a step whose row is there; say whether this skips it."""
    is_last = attempt.remaining == settled
    turn.change(
        settle_edges(step_id=attempt.id, settled=settled, taken=taken, ready_at=turn.now if is_last else None)
    )
    remaining, total = attempt.remaining - settled, attempt.taken + taken
    if not _is_skipped(turn, attempt.step_key, remaining=remaining, taken=total):
        return False
    turn.move_step(attempt, StepStatus.SKIPPED, reason=SKIP_REASON, completed_at=turn.now)
    return True


def _is_skipped(turn: UnitOfWork, key: str, *, remaining: int, taken: int) -> bool:
    """Return whether a step is skipped that has so many edges left to settle, and so many taken."""
    if turn.run.tolerates_skips or turn.plan.definition.by_key[key].tolerates_skips:
        return not remaining and not taken
    return remaining + taken < len(turn.plan.definition.incoming[key])


def _row(turn: UnitOfWork, key: str, *, remaining: int = 0, taken: int = 0) -> dict[str, object]:
    return {
        "step_key": key,
        "kind": turn.plan.definition.by_key[key].kind,
        "position": turn.plan.position[key],
        "remaining": remaining,
        "taken": taken,
    }
