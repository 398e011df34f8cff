"""The work of a worker's sweeper beside workflows: approved actions, and records that wait too long for people."""

from __future__ import annotations

from typing import TYPE_CHECKING

from controlplane import governance
from controlplane.governance.constants import MAX_DELIVERIES
from controlplane.governance.overdue import list_overdue_workspaces
from controlplane.runtime.approved_actions import run_all_approved

if TYPE_CHECKING:
    from collections.abc import Callable

    from controlplane.runtime.claims import Transaction

SWEEPS = (
    governance.expire_proposals,
    governance.expire_triggers,
    governance.escalate_triggers,
    governance.expire_supervisions,
)


def run_housekeeping(
    transaction: Transaction,
    *,
    reading: Transaction | None = None,
    stop: Callable[[], bool] = lambda: False,
    max_deliveries: int = MAX_DELIVERIES,
) -> None:
    """Expire overdue proposals, triggers and supervisions of all workspaces, then run approved actions.

    Queued triggers that have waited for half of their time are escalated before.

    `reading` opens a transaction that only reads; `stop` is asked between records.
    """
    with (reading or transaction)() as session:
        overdue = list_overdue_workspaces(session)
    for workspace_id in overdue:
        for sweep in SWEEPS:
            if stop():
                return
            with transaction() as session:
                sweep(session, workspace_id=workspace_id)
    run_all_approved(transaction, reading=reading, stop=stop, max_deliveries=max_deliveries)
