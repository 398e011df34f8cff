"""Approving a proposed action. It is run by `approved_actions`, once this is committed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from controlplane import actions, clock
from controlplane.agents import get_agent, request_of
from controlplane.errors import InvalidValueError, RefusedError
from controlplane.governance.authorization import Permission, authorize
from controlplane.governance.constants import PROSE
from controlplane.governance.lifecycle import PROPOSAL
from controlplane.governance.review.proposals import check_not_expired
from controlplane.lifecycle import transition
from controlplane.models import AgentExecution, AgentStatus, ProposalStatus, ProposalType, TriggerSource
from controlplane.validation import json_object, optional_text, text

if TYPE_CHECKING:
    import uuid
    from typing import Unpack

    from sqlalchemy.orm import Session

    from controlplane.lifecycle import Actor
    from controlplane.models import Agent, Proposal


def merged(proposed: dict[str, Any], modifications: dict[str, Any]) -> dict[str, Any]:
    """Return the proposed action with the modifications over it, object by object; a list is replaced whole."""
    result = dict(proposed)
    for key, value in modifications.items():
        both = isinstance(value, dict) and isinstance(result.get(key), dict)
        result[key] = merged(result[key], value) if both else value
    return result


def approve(
    session: Session,
    proposal: Proposal,
    *,
    actor_id: uuid.UUID,
    modifications: dict[str, Any] | None = None,
    comments: str | None = None,
) -> AgentExecution:
    """Approve a proposed action; return the run that was asked for. It is run once this is committed.

    `runtime.run_approved` runs it immediately, else a worker finds it. Another reviewer at the same time waits for
    this transaction and then loses.

    Raises:
        ExpiredError: it waited too long.
        InvalidValueError: it proposes a training, or the modifications are not a JSON object.
        NotAuthorizedError: less than a team lead of the proposal's workspace.
        RefusedError: the agent is not active.
        TransitionError: it is not pending any more.
        UnknownActionError: no such action is registered.
    """
    authorize(session, workspace_id=proposal.workspace_id, user_id=actor_id, permission=Permission.REVIEW)
    return record_approval(session, proposal, modifications=modifications, comments=comments, actor_id=actor_id)


def record_approval(
    session: Session,
    proposal: Proposal,
    *,
    agent: Agent | None = None,
    modifications: dict[str, Any] | None = None,
    comments: str | None = None,
    **actor: Unpack[Actor],
) -> AgentExecution:
    """Approve without a permission check; for verbs that have made it.

    `agent` is the proposal's, where the verb has just read it.
    """
    changes = None if modifications is None else json_object("modifications", modifications)
    comment = optional_text("comments", comments, limit=PROSE)
    name, _ = run_request(proposal, changes)
    actions.get(name)
    check_not_expired(proposal)
    agent = agent or get_agent(session, workspace_id=proposal.workspace_id, agent_id=proposal.agent_id)
    if agent.status is not AgentStatus.ACTIVE:
        raise RefusedError(agent_id=agent.id, action=name, reason=f"it is {agent.status}")
    reviewed: dict[str, Any] = {
        "reviewer_id": actor.get("actor_id"),
        "reviewer_agent_id": actor.get("actor_agent_id"),
        "reviewed_at": clock.now(),
        "review_comments": comment,
    }
    if changes is not None:
        reviewed["modifications"] = changes
    transition(session, PROPOSAL, proposal, to=ProposalStatus.APPROVED, reason=comment, **reviewed, **actor)
    return create_pending_run(session, proposal, agent, **actor)


def create_pending_run(
    session: Session, proposal: Proposal, agent: Agent, **actor: Unpack[Actor]
) -> AgentExecution:
    """Create the pending run of an approved action of an agent."""
    execution = request_of(
        session,
        agent,
        triggered_by=TriggerSource.PROPOSAL,
        input_summary=proposal.title,
        **actor,
    )
    if proposal.execution_id is not None:
        proposal.lost_deliveries += 1  # this run takes the place of one whose worker was lost
    proposal.execution_id = execution.id
    session.flush()
    return execution


def run_request(proposal: Proposal, changes: dict[str, Any] | None) -> tuple[str, dict[str, Any]]:
    """Return name and parameters of the action as modified, or raise what makes it one that can't be run."""
    if proposal.proposal_type is not ProposalType.ACTION:
        rule = "only an action can be run; approve a training with approve_training"
        raise InvalidValueError(field="proposal_type", value=proposal.proposal_type, rule=rule)
    action = merged(proposal.proposed_action, changes or {})
    name = text("action", action.get("action"))
    return name, json_object("parameters", action.get("parameters", {}))
