"""Records that waited too long for a person."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import ColumnElement, CompoundSelect, Select, and_, or_, select, union

from controlplane.governance.queries.triggers import waits_unescalated
from controlplane.models import (
    BlockedTrigger,
    Proposal,
    ProposalStatus,
    SupervisionSession,
    SupervisionStatus,
    TriggerStatus,
)

if TYPE_CHECKING:
    import uuid
    from datetime import datetime


def overdue_workspaces(*, now: datetime, begun_before: datetime, queued_before: datetime) -> CompoundSelect[Any]:
    """Select every workspace that has an overdue proposal or supervision, or a trigger to expire or escalate."""
    proposals = select(Proposal.workspace_id).where(
        Proposal.status == ProposalStatus.PENDING, Proposal.expires_at <= now
    )
    triggers = select(BlockedTrigger.workspace_id).where(
        BlockedTrigger.status == TriggerStatus.WAITING, BlockedTrigger.expires_at <= now
    )
    supervisions = select(SupervisionSession.workspace_id).where(_waits_since(begun_before))
    escalations = select(BlockedTrigger.workspace_id).where(*waits_unescalated(queued_before))
    return union(proposals, triggers, escalations, supervisions)


def select_overdue_supervisions(*, workspace_id: uuid.UUID, begun_before: datetime) -> Select[SupervisionSession]:
    """Select the supervisions that began long ago and are paused, or whose run never began; oldest first."""
    session = SupervisionSession
    query = select(session).where(session.workspace_id == workspace_id, _waits_since(begun_before))
    return query.order_by(session.started_at, session.id)


def _waits_since(begun_before: datetime) -> ColumnElement[bool]:
    session = SupervisionSession
    never_ran = and_(session.status == SupervisionStatus.RUNNING, session.execution_id.is_(None))
    return and_(session.started_at <= begun_before, or_(session.status == SupervisionStatus.PAUSED, never_ran))
