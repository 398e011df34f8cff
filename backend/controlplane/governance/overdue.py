"""Workspaces with overdue records, for workers, which serve all workspaces."""

from __future__ import annotations

from typing import TYPE_CHECKING

from controlplane import clock
from controlplane.governance.constants import ESCALATED_AFTER, SUPERVISION_WAITS
from controlplane.governance.queries.overdue import overdue_workspaces

if TYPE_CHECKING:
    import uuid

    from sqlalchemy.orm import Session


def list_overdue_workspaces(session: Session) -> list[uuid.UUID]:
    """Return the workspaces with an overdue proposal, queued trigger or supervision."""
    now = clock.now()
    return list(
        session.scalars(
            overdue_workspaces(now=now, begun_before=now - SUPERVISION_WAITS, queued_before=now - ESCALATED_AFTER)
        )
    )
