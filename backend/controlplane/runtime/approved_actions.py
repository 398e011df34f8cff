"""Carries out what was approved: takes it, performs it, settles it, with a transaction before and one after."""

from __future__ import annotations

from typing import TYPE_CHECKING

from controlplane.errors import LostRaceError
from controlplane.governance import claim_approved, execute_approved, record_approved
from controlplane.governance.review.approved_actions import list_approved

if TYPE_CHECKING:
    import uuid
    from collections.abc import Callable

    from controlplane.runtime.driver import Transaction


def carry_out(transaction: Transaction, *, workspace_id: uuid.UUID, proposal_id: uuid.UUID) -> bool:
    """Run one approved action, unless another worker does; return whether this call recorded its result."""
    with transaction() as session:
        order = claim_approved(session, workspace_id=workspace_id, proposal_id=proposal_id)
    if order is None:
        return False
    performed = execute_approved(order)
    try:
        with transaction() as session:
            record_approved(session, order, performed)
    except LostRaceError:
        return False  # it took so long that another worker claimed it: that worker's result counts
    return True


def carry_out_all(
    transaction: Transaction, *, reading: Transaction | None = None, stop: Callable[[], bool] = lambda: False
) -> int:
    """Run every unclaimed approved action, of all workspaces; return how many results were recorded.

    `reading` opens a read-only transaction, so that polling does not block writers (SQLite). `stop`
    is asked before each.
    """
    with (reading or transaction)() as session:
        approved = list_approved(session)
    return sum(
        carry_out(transaction, workspace_id=workspace_id, proposal_id=proposal_id)
        for workspace_id, proposal_id in approved
        if not stop()
    )
