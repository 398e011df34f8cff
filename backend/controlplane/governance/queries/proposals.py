"""Proposals: what waits, what became of the others."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import Select, and_, not_, or_, select

from controlplane.governance.queries.windows import within
from controlplane.models import AgentExecution, ExecutionStatus, Proposal, ProposalStatus, ProposalType

if TYPE_CHECKING:
    import uuid
    from datetime import datetime


def select_proposal(*, workspace_id: uuid.UUID, proposal_id: uuid.UUID) -> Select[Proposal]:
    """Select one proposal of the workspace."""
    return select(Proposal).where(Proposal.workspace_id == workspace_id, Proposal.id == proposal_id)


def select_pending_proposals(
    *,
    workspace_id: uuid.UUID,
    now: datetime,
    agent_id: uuid.UUID | None = None,
    proposal_type: ProposalType | None = None,
    limit: int = 50,
) -> Select[Proposal]:
    """Select what can still be reviewed at `now`, oldest first: pending and not yet expired."""
    query = select(Proposal).where(
        Proposal.workspace_id == workspace_id,
        Proposal.status == ProposalStatus.PENDING,
        Proposal.expires_at > now,
    )
    if agent_id is not None:
        query = query.where(Proposal.agent_id == agent_id)
    if proposal_type is not None:
        query = query.where(Proposal.proposal_type == proposal_type)
    return query.order_by(Proposal.created_at, Proposal.id).limit(limit)


def select_proposals(
    *,
    workspace_id: uuid.UUID,
    agent_id: uuid.UUID | None = None,
    status: ProposalStatus | None = None,
    reviewer_id: uuid.UUID | None = None,
    since: datetime | None = None,
    until: datetime | None = None,
    limit: int = 50,
) -> Select[Proposal]:
    """Select proposals made in [since, until), newest first, at most `limit`."""
    query = select(Proposal).where(Proposal.workspace_id == workspace_id)
    if agent_id is not None:
        query = query.where(Proposal.agent_id == agent_id)
    if status is not None:
        query = query.where(Proposal.status == status)
    if reviewer_id is not None:
        query = query.where(Proposal.reviewer_id == reviewer_id)
    query = within(query, Proposal.created_at, since=since, until=until)
    return query.order_by(Proposal.created_at.desc(), Proposal.id).limit(limit)


def select_proposal_for_change(*, workspace_id: uuid.UUID, proposal_id: uuid.UUID) -> Select[Proposal]:
    """Select one proposal of the workspace, and keep others from moving it."""
    query = select_proposal(workspace_id=workspace_id, proposal_id=proposal_id)
    return query.with_for_update(key_share=True)


def select_approved(
    *, lost_before: datetime, workspace_id: uuid.UUID | None = None, limit: int = 100
) -> Select[uuid.UUID, uuid.UUID]:
    """Select workspace and id of the approved actions to take up, oldest first; those of all workspaces for None.

    Selected are actions that have not started, actions that started before `lost_before` and did not end, and
    actions that can't run any more and must be closed.
    """
    run = AgentExecution
    is_in_hand = or_(
        run.status == ExecutionStatus.PAUSED,
        and_(run.status == ExecutionStatus.RUNNING, run.started_at > lost_before),
    )
    query = (
        select(Proposal.workspace_id, Proposal.id)
        .join(run, run.id == Proposal.execution_id)
        .where(
            Proposal.status == ProposalStatus.APPROVED,
            Proposal.proposal_type == ProposalType.ACTION,
            not_(is_in_hand),
        )
    )
    if workspace_id is not None:
        query = query.where(Proposal.workspace_id == workspace_id)
    return query.order_by(Proposal.created_at, Proposal.id).limit(limit)


def select_overdue_proposals(*, workspace_id: uuid.UUID, now: datetime) -> Select[Proposal]:
    """Select and lock the pending proposals whose time is over at `now`; one that is being reviewed is skipped."""
    return (
        select(Proposal)
        .where(
            Proposal.workspace_id == workspace_id,
            Proposal.status == ProposalStatus.PENDING,
            Proposal.expires_at <= now,
        )
        .order_by(Proposal.created_at, Proposal.id)
        .with_for_update(skip_locked=True, key_share=True)
    )
