"""Approving a proposed action, which runs it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from controlplane import actions, clock
from controlplane.agents import complete, fail, get_agent, request, start
from controlplane.errors import InvalidValueError, RefusedError
from controlplane.governance.authorization import Duty, authorize
from controlplane.governance.lifecycle import PROPOSAL
from controlplane.governance.limits import PROSE
from controlplane.governance.proposals import check_not_expired
from controlplane.governance.triggers import resolve_waiting_for
from controlplane.lifecycle import transition
from controlplane.models import (
    AgentExecution,
    AgentStatus,
    ProposalStatus,
    ProposalType,
    ResolutionOutcome,
    TriggerSource,
)
from controlplane.validation import json_object, optional_text, text

if TYPE_CHECKING:
    import uuid
    from typing import Unpack

    from sqlalchemy.orm import Session

    from controlplane.lifecycle import Actor
    from controlplane.models import Proposal


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
    """Approve a proposed action and run it; return the run. The proposal ends executed, or execution_failed.

    Everything is one transaction of the caller's. Another reviewer at the same time waits for it and then loses.
    An action that has effects elsewhere should honour its idempotency key: if the commit fails, it may run again.

    Raises:
        ExpiredError: it waited too long.
        InvalidValueError: it proposes a training, or the modifications are not a JSON object.
        NotAuthorizedError: less than a team lead of the proposal's workspace.
        RefusedError: the agent is not active.
        TransitionError: it is not pending any more.
        UnknownActionError: no such action is registered.
    """
    authorize(session, workspace_id=proposal.workspace_id, user_id=actor_id, duty=Duty.REVIEW)
    return approve_and_run(session, proposal, reviewer_id=actor_id, modifications=modifications, comments=comments)


def approve_and_run(
    session: Session,
    proposal: Proposal,
    *,
    reviewer_id: uuid.UUID | None = None,
    reviewer_agent_id: uuid.UUID | None = None,
    modifications: dict[str, Any] | None = None,
    comments: str | None = None,
) -> AgentExecution:
    """Approve without asking who may; for the verbs that did."""
    changes = None if modifications is None else json_object("modifications", modifications)
    comment = optional_text("comments", comments, limit=PROSE)
    name, parameters = _what_to_run(proposal, changes or {})
    check_not_expired(proposal)
    agent = get_agent(session, workspace_id=proposal.workspace_id, agent_id=proposal.agent_id)
    if agent.status is not AgentStatus.ACTIVE:
        raise RefusedError(agent_id=agent.id, action=name, reason=f"it is {agent.status}")
    actor: Actor = {"actor_id": reviewer_id, "actor_agent_id": reviewer_agent_id}
    reviewed: dict[str, Any] = {
        "reviewer_id": reviewer_id,
        "reviewer_agent_id": reviewer_agent_id,
        "reviewed_at": clock.now(),
        "review_comments": comment,
    }
    if changes is not None:
        reviewed["modifications"] = changes
    transition(
        session,
        PROPOSAL,
        proposal,
        to=ProposalStatus.APPROVED,
        reason=comment,
        **actor,
        **reviewed,
    )
    return _run(session, proposal, name=name, parameters=parameters, **actor)


def _what_to_run(proposal: Proposal, changes: dict[str, Any]) -> tuple[str, dict[str, Any]]:
    """Return name and parameters of the action as modified; what can't be run is refused before any write."""
    if proposal.proposal_type is not ProposalType.ACTION:
        rule = "only an action can be run; approve a training with approve_training"
        raise InvalidValueError(field="proposal_type", value=proposal.proposal_type, rule=rule)
    action = merged(proposal.proposed_action, changes)
    name = text("action", action.get("action"))
    actions.get(name)
    return name, json_object("parameters", action.get("parameters", {}))


def _run(
    session: Session,
    proposal: Proposal,
    *,
    name: str,
    parameters: dict[str, Any],
    **actor: Unpack[Actor],
) -> AgentExecution:
    execution = request(
        session,
        workspace_id=proposal.workspace_id,
        agent_id=proposal.agent_id,
        triggered_by=TriggerSource.PROPOSAL,
        input_summary=proposal.title,
        **actor,
    )
    start(session, execution, **actor)
    result: dict[str, Any]
    try:
        result = {"result": actions.run(name, parameters=parameters, idempotency_key=f"proposal:{proposal.id}")}
    except Exception as error:  # noqa: BLE001  an action may fail in any way; the proposal says how it did
        kind, message = type(error).__name__, str(error) or type(error).__name__
        fail(session, execution, error_type=kind, error_message=message, **actor)
        result = {"error_type": kind, "error": message}
        status, outcome = ProposalStatus.EXECUTION_FAILED, ResolutionOutcome.FAILED
    else:
        complete(session, execution, **actor)
        status, outcome = ProposalStatus.EXECUTED, ResolutionOutcome.EXECUTED
    close(session, proposal, to=status, result=result, execution_id=execution.id, **actor)
    resolve_waiting_for(session, proposal, outcome=outcome, **actor)
    return execution


def close(
    session: Session,
    proposal: Proposal,
    *,
    to: ProposalStatus,
    result: dict[str, Any],
    execution_id: uuid.UUID | None = None,
    **actor: Unpack[Actor],
) -> None:
    """End an approved proposal with what came of it."""
    transition(
        session,
        PROPOSAL,
        proposal,
        to=to,
        execution_result=result,
        execution_id=execution_id,
        completed_at=clock.now(),
        **actor,
    )
