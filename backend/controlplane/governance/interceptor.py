"""Every trigger of an agent goes through here: run it, train for it, propose it, or supervise it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from controlplane.agents import get_agent, request
from controlplane.errors import NotFoundError
from controlplane.governance.authorization import Duty, authorize
from controlplane.governance.constants import HIGHEST_PRIORITY
from controlplane.governance.review.proposals import propose_action, propose_training
from controlplane.governance.supervision.sessions import watch
from controlplane.governance.triggers import block
from controlplane.models import AgentStatus, Maturity, RoutingDecision, TriggerSource
from controlplane.validation import json_object, member, text, whole

if TYPE_CHECKING:
    import uuid

    from sqlalchemy.orm import Session

    from controlplane.models import Agent, AgentExecution, BlockedTrigger, Proposal, SupervisionSession

MANUAL_REASONS = {
    Maturity.STUDENT: "manual; warning: a student, watch every step and check the result",
    Maturity.INTERN: "manual; note: an intern, check the result",
    Maturity.SUPERVISED: "manual; note: supervised, keep an eye on it",
    Maturity.AUTONOMOUS: "manual",
}


@dataclass(frozen=True, kw_only=True)
class Interception:
    """The decision on a trigger, and the rows written for it; no `decision` when the agent may not run at all."""

    decision: RoutingDecision | None
    may_run: bool
    reason: str
    execution: AgentExecution | None = None
    trigger: BlockedTrigger | None = None
    proposal: Proposal | None = None
    supervision: SupervisionSession | None = None


@dataclass(frozen=True, kw_only=True)
class Trigger:
    """The validated fields of a trigger."""

    source: TriggerSource
    trigger_type: str
    context: dict[str, Any]
    priority: int
    actor_id: uuid.UUID | None
    supervisor_id: uuid.UUID | None


def check_trigger(
    session: Session,
    *,
    workspace_id: uuid.UUID,
    source: TriggerSource,
    trigger_type: str,
    context: dict[str, Any] | None,
    priority: int,
    actor_id: uuid.UUID | None,
    supervisor_id: uuid.UUID | None,
) -> Trigger:
    """Return the trigger if every field is sound and the people in it may do what they do here."""
    trigger = Trigger(
        source=member("source", source, TriggerSource),
        trigger_type=text("trigger_type", trigger_type),
        context=json_object("context", {} if context is None else context),
        priority=whole("priority", priority, low=0, high=HIGHEST_PRIORITY),
        actor_id=actor_id,
        supervisor_id=supervisor_id,
    )
    if actor_id is not None:
        authorize(session, workspace_id=workspace_id, user_id=actor_id, duty=Duty.TRIGGER)
    if supervisor_id is not None:
        authorize(session, workspace_id=workspace_id, user_id=supervisor_id, duty=Duty.SUPERVISE)
    return trigger


def intercept(
    session: Session,
    *,
    workspace_id: uuid.UUID,
    agent_id: uuid.UUID,
    source: TriggerSource,
    trigger_type: str,
    context: dict[str, Any] | None = None,
    priority: int = 0,
    actor_id: uuid.UUID | None = None,
    supervisor_id: uuid.UUID | None = None,
) -> Interception:
    """Decide what becomes of a trigger and write it down.

    `supervisor_id` is the supervisor who is present, if one is; `priority` (0..9, the highest first) counts when a
    supervised run must wait for one. An agent that is unknown here or not active never runs: nothing is
    written.

    Raises:
        InvalidValueError: an unknown source, an empty type, a context that is not a JSON object, a bad priority.
        NotAuthorizedError: the person who triggers, or who is said to supervise, may not do so here.
    """
    trigger = check_trigger(
        session,
        workspace_id=workspace_id,
        source=source,
        trigger_type=trigger_type,
        context=context,
        priority=priority,
        actor_id=actor_id,
        supervisor_id=supervisor_id,
    )
    try:
        agent = get_agent(session, workspace_id=workspace_id, agent_id=agent_id)
    except NotFoundError:
        return Interception(decision=None, may_run=False, reason="no such agent in this workspace")
    if agent.status is not AgentStatus.ACTIVE:
        return Interception(decision=None, may_run=False, reason=f"the agent is {agent.status}")
    return route(session, agent, trigger)


def route(session: Session, agent: Agent, trigger: Trigger) -> Interception:
    """Send a checked trigger of an active agent where its source and the agent's maturity say."""
    if trigger.source is TriggerSource.MANUAL:
        return run_it(session, agent, trigger, reason=MANUAL_REASONS[agent.maturity_level])
    if agent.maturity_level is Maturity.STUDENT:
        return _train(session, agent, trigger)
    if agent.maturity_level is Maturity.INTERN:
        return propose_it(session, agent, trigger, reason="an intern proposes, a person decides")
    if agent.maturity_level is Maturity.SUPERVISED:
        return supervise_it(session, agent, trigger)
    return run_it(session, agent, trigger, reason="autonomous")


def run_it(session: Session, agent: Agent, trigger: Trigger, *, reason: str) -> Interception:
    """Let the agent run: a pending execution."""
    execution = request(
        session,
        workspace_id=agent.workspace_id,
        agent_id=agent.id,
        triggered_by=trigger.source,
        input_summary=trigger.trigger_type,
        actor_id=trigger.actor_id,
    )
    return Interception(decision=RoutingDecision.EXECUTION, may_run=True, reason=reason, execution=execution)


def _train(session: Session, agent: Agent, trigger: Trigger) -> Interception:
    reason = "a student learns before it runs on its own"
    proposal = propose_training(
        session,
        workspace_id=agent.workspace_id,
        agent_id=agent.id,
        title=f"Train {agent.name} for {trigger.trigger_type}"[:200],
        capability_gaps=[trigger.trigger_type],
        reasoning=reason,
    )
    return _blocked(session, agent, trigger, RoutingDecision.TRAINING, reason=reason, proposal=proposal)


def propose_it(session: Session, agent: Agent, trigger: Trigger, *, reason: str) -> Interception:
    """Turn the trigger into a proposal that a person decides on."""
    proposal = propose_action(
        session,
        workspace_id=agent.workspace_id,
        agent_id=agent.id,
        title=f"{agent.name}: {trigger.trigger_type}"[:200],
        action=trigger.trigger_type,
        parameters=trigger.context,
        reasoning=reason,
    )
    return _blocked(session, agent, trigger, RoutingDecision.PROPOSAL, reason=reason, proposal=proposal)


def supervise_it(session: Session, agent: Agent, trigger: Trigger) -> Interception:
    """Run it under the eyes of the supervisor who is present, or queue it until one is."""
    if trigger.supervisor_id is None:
        reason = "no supervisor is present"
        return _blocked(session, agent, trigger, RoutingDecision.SUPERVISION, reason=reason)
    supervision = watch(session, agent, supervisor_id=trigger.supervisor_id, context=trigger.context)
    return Interception(
        decision=RoutingDecision.SUPERVISION,
        may_run=True,
        reason="a supervisor is present",
        supervision=supervision,
    )


def _blocked(
    session: Session,
    agent: Agent,
    trigger: Trigger,
    decision: RoutingDecision,
    *,
    reason: str,
    proposal: Proposal | None = None,
) -> Interception:
    blocked = block(
        session,
        agent,
        source=trigger.source,
        trigger_type=trigger.trigger_type,
        context=trigger.context,
        decision=decision,
        reason=reason,
        proposal=proposal,
        priority=trigger.priority,
        actor_id=trigger.actor_id,
    )
    return Interception(decision=decision, may_run=False, reason=reason, trigger=blocked, proposal=proposal)
