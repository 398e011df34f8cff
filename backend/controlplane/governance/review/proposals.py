"""Proposing, rejecting, withdrawing, expiring. Approving an action is in `approval`, a training in `training`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from controlplane import clock
from controlplane.agents import get_agent
from controlplane.errors import ExpiredError, NotAuthorizedError
from controlplane.governance.authorization import Permission, authorize, has_permission
from controlplane.governance.constants import PROPOSAL_WAITS, PROSE, REASON
from controlplane.governance.lifecycle import PROPOSAL
from controlplane.governance.queries.proposals import select_overdue_proposals, select_proposal
from controlplane.governance.queries.training import select_past_scores, select_peer_hours
from controlplane.governance.training.estimate import Estimate, estimate_training
from controlplane.governance.triggers import resolve_waiting_for
from controlplane.lifecycle import begin, transition
from controlplane.lookup import get_one
from controlplane.models import Proposal, ProposalStatus, ProposalType, ResolutionOutcome
from controlplane.validation import json_object, optional_text, text, texts

if TYPE_CHECKING:
    import uuid
    from collections.abc import Sequence
    from typing import Unpack

    from sqlalchemy.orm import Session

    from controlplane.lifecycle import Actor
    from controlplane.models import Agent


def get_proposal(session: Session, *, workspace_id: uuid.UUID, proposal_id: uuid.UUID) -> Proposal:
    """Return one proposal of the workspace as the session sees it, or raise NotFoundError."""
    query = select_proposal(workspace_id=workspace_id, proposal_id=proposal_id)
    return get_one(session, query, record=PROPOSAL.kind, id=proposal_id)


def propose_action(
    session: Session,
    *,
    workspace_id: uuid.UUID,
    agent_id: uuid.UUID,
    title: str,
    action: str,
    parameters: dict[str, Any] | None = None,
    description: str = "",
    reasoning: str | None = None,
    proposer_id: uuid.UUID | None = None,
) -> Proposal:
    """Propose that an agent takes an action; without `proposer_id` the agent itself proposes. It waits a week.

    Raises:
        InvalidValueError: an empty or over-long text, parameters that are not a JSON object.
        NotAuthorizedError: the proposer is not a member of the workspace, or only a viewer.
        NotFoundError: the workspace has no such agent.
    """
    proposed = _action(action, parameters)
    facts = _facts(title=title, description=description, reasoning=reasoning)
    agent = _agent_for(session, workspace_id=workspace_id, agent_id=agent_id, proposer_id=proposer_id)
    return _submit(
        session,
        agent,
        proposal_type=ProposalType.ACTION,
        proposed_action=proposed,
        proposer_id=proposer_id,
        **facts,
    )


def propose_training(
    session: Session,
    *,
    workspace_id: uuid.UUID,
    agent_id: uuid.UUID,
    title: str,
    capability_gaps: Sequence[str] = (),
    description: str = "",
    reasoning: str | None = None,
    proposer_id: uuid.UUID | None = None,
) -> Proposal:
    """Propose to train an agent for what it lacks; how long that will take is estimated now.

    Raises: as `propose_action`.
    """
    gaps = texts("capability_gaps", capability_gaps)
    facts = _facts(title=title, description=description, reasoning=reasoning)
    agent = _agent_for(session, workspace_id=workspace_id, agent_id=agent_id, proposer_id=proposer_id)
    return _submit_training(session, agent, gaps, proposer_id=proposer_id, facts=facts)


def propose_action_of(
    session: Session, agent: Agent, *, title: str, action: str, parameters: dict[str, Any], reasoning: str
) -> Proposal:
    """Propose in the name of an agent, which the caller has just read, that it takes an action.

    Raises:
        InvalidValueError: as `propose_action`.
    """
    return _submit(
        session,
        agent,
        proposal_type=ProposalType.ACTION,
        proposed_action=_action(action, parameters),
        proposer_id=None,
        **_facts(title=title, description="", reasoning=reasoning),
    )


def propose_training_of(
    session: Session, agent: Agent, *, title: str, capability_gaps: Sequence[str], reasoning: str
) -> Proposal:
    """Propose in the name of an agent, which the caller has just read, to train it.

    Raises:
        InvalidValueError: as `propose_training`.
    """
    facts = _facts(title=title, description="", reasoning=reasoning)
    return _submit_training(
        session, agent, texts("capability_gaps", capability_gaps), proposer_id=None, facts=facts
    )


def _action(action: str, parameters: dict[str, Any] | None) -> dict[str, Any]:
    return {
        "action": text("action", action),
        "parameters": json_object("parameters", {} if parameters is None else parameters),
    }


def _submit_training(
    session: Session, agent: Agent, gaps: list[str], *, proposer_id: uuid.UUID | None, facts: dict[str, Any]
) -> Proposal:
    estimate = estimate_for(session, agent, gaps=len(gaps))
    return _submit(
        session,
        agent,
        proposal_type=ProposalType.TRAINING,
        proposed_action={},
        capability_gaps=gaps,
        estimated_hours=estimate.hours,
        estimated_low=estimate.low,
        estimated_high=estimate.high,
        estimate_confidence=estimate.confidence,
        proposer_id=proposer_id,
        **facts,
    )


def estimate_for(session: Session, agent: Agent, *, gaps: int) -> Estimate:
    """Estimate the training of one agent from its peers' and its own past trainings."""
    peers = select_peer_hours(workspace_id=agent.workspace_id, agent_id=agent.id, category=agent.category)
    scores = select_past_scores(workspace_id=agent.workspace_id, agent_id=agent.id)
    return estimate_training(
        confidence=agent.confidence_score,
        gaps=gaps,
        peer_hours=[row.hours for row in session.execute(peers)],
        past_scores=list(session.scalars(scores)),
    )


def reject(session: Session, proposal: Proposal, *, actor_id: uuid.UUID, reason: str) -> None:
    """Turn a pending proposal down; the trigger that waits for it is closed.

    Raises:
        InvalidValueError: no reason.
        NotAuthorizedError: less than a team lead of the proposal's workspace.
        TransitionError: it is not pending any more.
    """
    why = text("reason", reason, limit=REASON)
    authorize(session, workspace_id=proposal.workspace_id, user_id=actor_id, permission=Permission.REVIEW)
    turn_down(session, proposal, reason=why, reviewer_id=actor_id)


def turn_down(
    session: Session,
    proposal: Proposal,
    *,
    reason: str,
    reviewer_id: uuid.UUID | None = None,
    reviewer_agent_id: uuid.UUID | None = None,
) -> None:
    """Reject without asking who may; for the verbs that did."""
    check_not_expired(proposal)
    transition(
        session,
        PROPOSAL,
        proposal,
        to=ProposalStatus.REJECTED,
        actor_id=reviewer_id,
        actor_agent_id=reviewer_agent_id,
        reason=reason,
        reviewer_id=reviewer_id,
        reviewer_agent_id=reviewer_agent_id,
        reviewed_at=clock.now(),
        review_comments=reason,
        completed_at=clock.now(),
    )
    resolve_waiting_for(
        session,
        proposal,
        outcome=ResolutionOutcome.REJECTED,
        actor_id=reviewer_id,
        actor_agent_id=reviewer_agent_id,
    )


def cancel_proposal(session: Session, proposal: Proposal, *, actor_id: uuid.UUID, reason: str) -> None:
    """Withdraw a pending proposal: one's own, or as a reviewer anybody's.

    Raises:
        InvalidValueError: no reason.
        NotAuthorizedError: neither the proposer nor a team lead of the proposal's workspace.
        TransitionError: it is not pending any more.
    """
    why = text("reason", reason, limit=REASON)
    user = authorize(session, workspace_id=proposal.workspace_id, user_id=actor_id, permission=Permission.PROPOSE)
    if proposal.proposer_id != actor_id and not has_permission(user.role, Permission.REVIEW):
        raise NotAuthorizedError(actor=actor_id, action="withdraw a proposal", reason="belongs to another member")
    withdraw(session, proposal, reason=why, actor_id=actor_id)


def withdraw(session: Session, proposal: Proposal, *, reason: str, **actor: Unpack[Actor]) -> None:
    """Withdraw a pending proposal without asking who may; for who asked for it and needs it no more."""
    transition(
        session,
        PROPOSAL,
        proposal,
        to=ProposalStatus.CANCELLED,
        reason=reason,
        completed_at=clock.now(),
        **actor,
    )
    resolve_waiting_for(session, proposal, outcome=ResolutionOutcome.CANCELLED, **actor)


def close(
    session: Session,
    proposal: Proposal,
    *,
    to: ProposalStatus,
    result: dict[str, Any],
    **actor: Unpack[Actor],
) -> None:
    """End an approved proposal with what came of it."""
    transition(session, PROPOSAL, proposal, to=to, execution_result=result, completed_at=clock.now(), **actor)


def expire_proposals(session: Session, *, workspace_id: uuid.UUID) -> int:
    """Close the pending proposals whose time is over, and what waits for them; return how many."""
    at = clock.now()
    overdue = session.scalars(select_overdue_proposals(workspace_id=workspace_id, now=at)).all()
    for proposal in overdue:
        transition(session, PROPOSAL, proposal, to=ProposalStatus.EXPIRED, completed_at=at)
        resolve_waiting_for(session, proposal, outcome=ResolutionOutcome.EXPIRED)
    return len(overdue)


def check_not_expired(proposal: Proposal) -> None:
    """Raise ExpiredError for a proposal that was not reviewed in time, though no sweep has closed it yet."""
    if proposal.status is ProposalStatus.PENDING and proposal.expires_at <= clock.now():
        raise ExpiredError(record=PROPOSAL.kind, id=proposal.id, expired_at=proposal.expires_at.isoformat())


def _facts(*, title: str, description: str, reasoning: str | None) -> dict[str, Any]:
    return {
        "title": text("title", title),
        "description": text("description", description, limit=PROSE) if description else "",
        "reasoning": optional_text("reasoning", reasoning, limit=PROSE),
    }


def _agent_for(
    session: Session, *, workspace_id: uuid.UUID, agent_id: uuid.UUID, proposer_id: uuid.UUID | None
) -> Agent:
    if proposer_id is not None:
        authorize(session, workspace_id=workspace_id, user_id=proposer_id, permission=Permission.PROPOSE)
    return get_agent(session, workspace_id=workspace_id, agent_id=agent_id)


def _submit(session: Session, agent: Agent, *, proposer_id: uuid.UUID | None, **facts: Any) -> Proposal:
    at = clock.now()
    proposal = Proposal(
        workspace_id=agent.workspace_id,
        agent_id=agent.id,
        proposer_id=proposer_id,
        status=ProposalStatus.PENDING,
        created_at=at,
        expires_at=at + PROPOSAL_WAITS,
        **facts,
    )
    begin(session, PROPOSAL, proposal, actor_id=proposer_id)
    return proposal
