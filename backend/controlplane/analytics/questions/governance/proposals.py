"""Questions about proposals: how far they came, how long they waited, who decides how.

A record belongs to a window by `created_at`. Ratios over nothing are null.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import and_, case, func, or_, select

from controlplane.analytics.sql.distribution import distribution, statistics
from controlplane.analytics.sql.portable import (
    Rows,
    by_key,
    members_table,
    ratio,
    record_scope,
    seconds_between,
    unordered,
)
from controlplane.collation import code_points
from controlplane.models import Agent, Proposal, ProposalStatus, ProposalType, User

if TYPE_CHECKING:
    import uuid
    from datetime import datetime

    from sqlalchemy import ColumnElement

APPROVED = (ProposalStatus.APPROVED, ProposalStatus.EXECUTED, ProposalStatus.EXECUTION_FAILED)


def select_proposal_funnel(
    *, workspace_id: uuid.UUID, since: datetime | None = None, until: datetime | None = None
) -> Rows:
    """Select, per type of proposal, how many were created and how far they came; both types are listed.

    Approved counts all that were ever approved: also those since executed or failed to.

    Window: `created_at`.
    Columns: `proposal_type`; `created`, `pending`, `approved`, `executed`, `execution_failed`, `rejected`,
        `cancelled`, `expired` counts; `approval_rate` 0..1, approved per approved or rejected.
    Null: the rate without a decision (0/0).
    Order: that of ProposalType; no ties.
    """
    types = members_table(ProposalType, name="types")
    proposal = Proposal

    def reached(*statuses: ProposalStatus) -> ColumnElement[int]:
        return func.count().filter(proposal.status.in_(statuses))

    decided = reached(*APPROVED, ProposalStatus.REJECTED)
    return (
        select(
            types.c.member.label("proposal_type"),
            func.count(proposal.id).label("created"),
            reached(ProposalStatus.PENDING).label("pending"),
            reached(*APPROVED).label("approved"),
            reached(ProposalStatus.EXECUTED).label("executed"),
            reached(ProposalStatus.EXECUTION_FAILED).label("execution_failed"),
            reached(ProposalStatus.REJECTED).label("rejected"),
            reached(ProposalStatus.CANCELLED).label("cancelled"),
            reached(ProposalStatus.EXPIRED).label("expired"),
            ratio(reached(*APPROVED), decided).label("approval_rate"),
        )
        .select_from(types)
        .outerjoin(
            proposal,
            and_(
                proposal.proposal_type == types.c.member,
                record_scope(proposal, workspace_id=workspace_id, since=since, until=until),
            ),
        )
        .group_by(types.c.position, types.c.member)
        .order_by(types.c.position)
    )


def select_approval_latency(
    *, workspace_id: uuid.UUID, since: datetime | None = None, until: datetime | None = None
) -> Rows:
    """Select, per type of proposal with one, how long approved and rejected proposals waited for it.

    Window: `created_at`.
    Columns: `proposal_type`; `samples` count; `mean`, `minimum`, `median`, `p95`, `p99`, `maximum` seconds.
    Null: nothing; proposals without a decision are left out.
    Order: by type; no ties.
    """
    reviewed = (
        select(Proposal.proposal_type, seconds_between(Proposal.created_at, Proposal.reviewed_at).label("seconds"))
        .where(
            record_scope(Proposal, workspace_id=workspace_id, since=since, until=until),
            Proposal.reviewed_at.is_not(None),
            Proposal.status.in_((*APPROVED, ProposalStatus.REJECTED)),
        )
        .subquery("reviewed")
    )
    spread = distribution(reviewed, by=("proposal_type",), value="seconds", name="spread")
    return select(spread.c.proposal_type, spread.c.samples, *statistics(spread)).order_by(
        code_points(spread.c.proposal_type)
    )


def select_approval_rate_by_reviewer(
    *, workspace_id: uuid.UUID, since: datetime | None = None, until: datetime | None = None
) -> Rows:
    """Select, per reviewer (a person or an agent), decisions, approvals, rejections and the approval rate.

    Window: `created_at`.
    Columns: `reviewer_id`, `reviewer_agent_id`, `reviewer` who; `decisions`, `approvals`, `rejections` counts;
        `approval_rate` 0..1.
    Null: `reviewer_agent_id` of a person, `reviewer_id` of an agent.
    Order: most decisions first; equal numbers people before agents, then by name and id.
    """
    reviewing = Agent.__table__.alias("reviewing")
    approvals = func.count().filter(Proposal.status.in_(APPROVED))
    reviewer = func.coalesce(User.name, reviewing.c.name)
    person = unordered(Proposal.reviewer_id)
    return (
        select(
            person.label("reviewer_id"),
            Proposal.reviewer_agent_id,
            reviewer.label("reviewer"),
            func.count().label("decisions"),
            approvals.label("approvals"),
            func.count().filter(Proposal.status == ProposalStatus.REJECTED).label("rejections"),
            ratio(approvals, func.count()).label("approval_rate"),
        )
        .outerjoin(User, User.id == Proposal.reviewer_id)
        .outerjoin(reviewing, by_key(reviewing.c, Proposal.reviewer_agent_id, workspace_id=workspace_id))
        .where(
            record_scope(Proposal, workspace_id=workspace_id, since=since, until=until),
            Proposal.status.in_((*APPROVED, ProposalStatus.REJECTED)),
            or_(Proposal.reviewer_id.is_not(None), Proposal.reviewer_agent_id.is_not(None)),
        )
        .group_by(person, Proposal.reviewer_agent_id, User.name, reviewing.c.name)
        .order_by(
            func.count().desc(),
            case((person.is_not(None), 0), else_=1),
            code_points(reviewer),
            person,
            Proposal.reviewer_agent_id,
        )
    )
