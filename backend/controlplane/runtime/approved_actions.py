"""Runs approved actions: each is claimed, executed outside any transaction, and its result recorded."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from controlplane.errors import LostRaceError
from controlplane.governance import ActionResult, ApprovedAction, claim_approved, execute_approved, record_approved
from controlplane.governance.constants import MAX_DELIVERIES
from controlplane.governance.review.approved_actions import list_approved
from controlplane.runtime.claims import ClaimLoop

if TYPE_CHECKING:
    import uuid
    from collections.abc import Callable

    from sqlalchemy.orm import Session

    from controlplane.runtime.claims import Transaction


def run_approved(
    transaction: Transaction,
    *,
    workspace_id: uuid.UUID,
    proposal_id: uuid.UUID,
    max_deliveries: int = MAX_DELIVERIES,
) -> bool:
    """Run one approved action, unless another worker does; return whether this call recorded its result."""
    actions = ClaimLoop[ApprovedAction, ActionResult, bool](
        work=ApprovedAction,
        claim=partial(_claim, workspace_id=workspace_id, proposal_id=proposal_id, max_deliveries=max_deliveries),
        execute=execute_approved,
        complete=_record,
        lost=LostRaceError,  # it took so long that another worker claimed it
    )
    return actions.run(transaction)


def _claim(
    session: Session, *, workspace_id: uuid.UUID, proposal_id: uuid.UUID, max_deliveries: int
) -> ApprovedAction | bool:
    found = claim_approved(
        session, workspace_id=workspace_id, proposal_id=proposal_id, max_deliveries=max_deliveries
    )
    return found or False


def _record(session: Session, approved: ApprovedAction, result: ActionResult) -> bool:
    record_approved(session, approved, result)
    return True


def run_all_approved(
    transaction: Transaction,
    *,
    reading: Transaction | None = None,
    stop: Callable[[], bool] = lambda: False,
    max_deliveries: int = MAX_DELIVERIES,
) -> int:
    """Run every unclaimed approved action, of all workspaces; return how many results were recorded.

    `reading` opens a read-only transaction, so that polling does not block writers (SQLite). `stop`
    is called before each.
    """
    with (reading or transaction)() as session:
        approved = list_approved(session)
    return sum(
        run_approved(
            transaction, workspace_id=workspace_id, proposal_id=proposal_id, max_deliveries=max_deliveries
        )
        for workspace_id, proposal_id in approved
        if not stop()
    )
