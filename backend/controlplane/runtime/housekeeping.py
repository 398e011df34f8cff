"""The work of a worker's sweeper beside workflows: run approved actions, expire what people left waiting."""

from __future__ import annotations

from typing import TYPE_CHECKING

from controlplane import governance
from controlplane.governance.overdue import list_overdue_workspaces
from controlplane.runtime.approved_actions import run_all_approved

if TYPE_CHECKING:
    from collections.abc import Callable

    from controlplane.runtime.claims import Transaction

EXPIRIES = (governance.expire_proposals, governance.expire_triggers, governance.expire_supervisions)


def run_housekeeping(
    transaction: Transaction, *, reading: Transaction | None = None, stop: Callable[[], bool] = lambda: False
) -> None:
    """Expire overdue proposals, triggers and supervisions of all workspaces, then run approved actions.

    `reading` opens a transaction that only reads; `stop` is asked between records.
    """
    with (reading or transaction)() as session:
        overdue = list_overdue_workspaces(session)
    for workspace_id in overdue:
        for expire in EXPIRIES:
            if stop():
                return
            with transaction() as session:
                expire(session, workspace_id=workspace_id)
    run_all_approved(transaction, reading=reading, stop=stop)
