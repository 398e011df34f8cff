"""Admission: every trigger and action of an agent is executed, proposed, supervised or blocked here."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from controlplane.agents import get_agent, request_of
from controlplane.errors import NotFoundError
from controlplane.governance.actions.permissions import PermissionCheck, evaluate
from controlplane.governance.authorization import Permission, authorize, is_authorized
from controlplane.governance.constants import HIGHEST_PRIORITY
from controlplane.governance.review.proposals import propose_action_of, propose_training_of
from controlplane.governance.supervision.sessions import begin_supervision
from controlplane.governance.triggers import block
from controlplane.models import AgentStatus, Maturity, RoutingDecision, TriggerSource
from controlplane.validation import json_object, member, text, whole

if TYPE_CHECKING:
    import uuid
    from collections.abc import Mapping

    from sqlalchemy.orm import Session

    from controlplane.models import Agent, AgentExecution, BlockedTrigger, Proposal, SupervisionSession

MANUAL_REASONS: Mapping[Maturity, str] = MappingProxyType(
    {
        Maturity.STUDENT: "manual; warning: a student, monitor every step and check the result",
        Maturity.INTERN: "manual; note: an intern, check the result",
        Maturity.SUPERVISED: "manual; note: supervised, monitor it",
        Maturity.AUTONOMOUS: "manual",
    }
)


class Outcome(StrEnum):
    """The decision of governance on an action of an agent."""

    EXECUTED = "executed"
    PROPOSED = "proposed"
    SUPERVISED = "supervised"
    BLOCKED = "blocked"


_OUTCOMES: Mapping[RoutingDecision | None, Outcome] = MappingProxyType(
    {
        RoutingDecision.EXECUTION: Outcome.EXECUTED,
        RoutingDecision.PROPOSAL: Outcome.PROPOSED,
        RoutingDecision.SUPERVISION: Outcome.SUPERVISED,
        RoutingDecision.TRAINING: Outcome.BLOCKED,
        None: Outcome.BLOCKED,
    }
)


@dataclass(frozen=True, kw_only=True)
class Admission:
    """The decision, whether the agent may run now (`may_run`), the reason, and the rows that were written.

    `decision` is None when the agent may not run at all; then nothing was written. A supervised agent may run when
    a supervisor is present (`supervision`), else its trigger is queued (`trigger`). `permission` is the check of
    the action, if one was named.
    """

    decision: RoutingDecision | None
    may_run: bool
    reason: str
    permission: PermissionCheck | None = None
    execution: AgentExecution | None = None
    trigger: BlockedTrigger | None = None
    proposal: Proposal | None = None
    supervision: SupervisionSession | None = None

    @property
    def outcome(self) -> Outcome:
        """The outcome for the action; a student in training is blocked."""
        return _OUTCOMES[self.decision]


@dataclass(frozen=True, kw_only=True)
class Trigger:
    """The validated fields of a trigger."""

    source: TriggerSource
    trigger_type: str
    context: dict[str, Any]
    priority: int
    actor_id: uuid.UUID | None
    supervisor_id: uuid.UUID | None


def admit_action(
    session: Session,
    *,
    workspace_id: uuid.UUID,
    agent_id: uuid.UUID,
    action: str,
    source: TriggerSource,
    parameters: dict[str, Any] | None = None,
    ask_approval: bool = False,
    priority: int = 0,
    actor_id: uuid.UUID | None = None,
    supervisor_id: uuid.UUID | None = None,
    present_id: uuid.UUID | None = None,
) -> Admission:
    """Decide whether an agent may take an action that `source` asks for, and write down what follows.

    Blocked, with nothing written: an unknown agent, one that is not active, a check that failed. Blocked, with a
    training proposed: a student that was not triggered by a person. Proposed: an intern that was not triggered by
    a person; an action above the agent's maturity, with any trigger; one that must be approved (by the caller's
    parameter, or at level 3 for a supervised agent triggered by a person). Supervised: a supervised agent
    otherwise. Executed: the rest.

    `supervisor_id` is a supervisor who is present, `present_id` a person who counts as one if they may supervise.

    Raises:
        InvalidValueError, NotAuthorizedError: as `admit_trigger`.
    """
    trigger = check_trigger(
        session,
        workspace_id=workspace_id,
        source=source,
        trigger_type=action,
        context=parameters,
        priority=priority,
        actor_id=actor_id,
        supervisor_id=supervisor_id,
        present_id=present_id,
    )
    permission, agent = evaluate(
        session, workspace_id=workspace_id, agent_id=agent_id, action=action, ask_approval=ask_approval
    )
    if agent is None or not (permission.allowed or permission.lacks_maturity):
        return Admission(decision=None, may_run=False, reason=permission.reason, permission=permission)
    objection = _reason_for_approval(trigger, permission, ask_approval=ask_approval)
    return replace(_route(session, agent, trigger, objection=objection), permission=permission)


def admit_trigger(
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
) -> Admission:
    """Decide whether a trigger may run an agent, by source and maturity, and write down what follows.

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
        return Admission(decision=None, may_run=False, reason="no such agent in this workspace")
    if agent.status is not AgentStatus.ACTIVE:
        return Admission(decision=None, may_run=False, reason=f"the agent is {agent.status}")
    return _route(session, agent, trigger)


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
    present_id: uuid.UUID | None = None,
) -> Trigger:
    """Return the trigger if every field is valid and the people in it have the permissions that they need."""
    trigger = Trigger(
        source=member("source", source, TriggerSource),
        trigger_type=text("trigger_type", trigger_type),
        context=json_object("context", {} if context is None else context),
        priority=whole("priority", priority, low=0, high=HIGHEST_PRIORITY),
        actor_id=actor_id,
        supervisor_id=supervisor_id,
    )
    if actor_id is not None:
        authorize(session, workspace_id=workspace_id, user_id=actor_id, permission=Permission.TRIGGER)
    if supervisor_id is not None:
        authorize(session, workspace_id=workspace_id, user_id=supervisor_id, permission=Permission.SUPERVISE)
    elif present_id is not None and is_authorized(
        session, workspace_id=workspace_id, user_id=present_id, permission=Permission.SUPERVISE
    ):
        return replace(trigger, supervisor_id=present_id)
    return trigger


def _reason_for_approval(trigger: Trigger, permission: PermissionCheck, *, ask_approval: bool) -> str | None:
    """Return why a person must decide on an action first, or None."""
    if not permission.allowed:
        return permission.reason
    if ask_approval:
        return "the caller asks for approval"
    if permission.requires_approval and trigger.source is TriggerSource.MANUAL:
        return "a supervised agent needs approval for this action"
    return None


def _route(session: Session, agent: Agent, trigger: Trigger, *, objection: str | None = None) -> Admission:
    """Route a checked trigger of an active agent; with an `objection` the action is proposed.

    A student that was not triggered by a person is trained first, for any action.
    """
    is_manual, maturity = trigger.source is TriggerSource.MANUAL, agent.maturity_level
    if maturity is Maturity.STUDENT and not is_manual:
        return _train(session, agent, trigger)
    if objection is not None:
        return _propose(session, agent, trigger, reason=objection)
    if is_manual:
        return _execute(session, agent, trigger, reason=MANUAL_REASONS[maturity])
    if maturity is Maturity.INTERN:
        return _propose(session, agent, trigger, reason="a person must approve the actions of an intern")
    if maturity is Maturity.SUPERVISED:
        return _supervise(session, agent, trigger)
    return _execute(session, agent, trigger, reason="autonomous")


def _execute(session: Session, agent: Agent, trigger: Trigger, *, reason: str) -> Admission:
    """Request a run of the agent."""
    execution = request_of(
        session,
        agent,
        triggered_by=trigger.source,
        input_summary=trigger.trigger_type,
        actor_id=trigger.actor_id,
    )
    return Admission(decision=RoutingDecision.EXECUTION, may_run=True, reason=reason, execution=execution)


def _train(session: Session, agent: Agent, trigger: Trigger) -> Admission:
    """Propose a training of the agent."""
    reason = "a student must be trained before it runs without a person"
    proposal = propose_training_of(
        session,
        agent,
        title=f"Train {agent.name} for {trigger.trigger_type}"[:200],
        capability_gaps=[trigger.trigger_type],
        reasoning=reason,
    )
    return _block(session, agent, trigger, RoutingDecision.TRAINING, reason=reason, proposal=proposal)


def _propose(session: Session, agent: Agent, trigger: Trigger, *, reason: str) -> Admission:
    """Propose the action to a person."""
    proposal = propose_action_of(
        session,
        agent,
        title=f"{agent.name}: {trigger.trigger_type}"[:200],
        action=trigger.trigger_type,
        parameters=trigger.context,
        reasoning=reason,
    )
    return _block(session, agent, trigger, RoutingDecision.PROPOSAL, reason=reason, proposal=proposal)


def _supervise(session: Session, agent: Agent, trigger: Trigger) -> Admission:
    """Begin a supervision if a supervisor is present, else queue the trigger."""
    if trigger.supervisor_id is None:
        reason = "no supervisor is present"
        return _block(session, agent, trigger, RoutingDecision.SUPERVISION, reason=reason)
    supervision = begin_supervision(session, agent, supervisor_id=trigger.supervisor_id, context=trigger.context)
    return Admission(
        decision=RoutingDecision.SUPERVISION,
        may_run=True,
        reason="a supervisor is present",
        supervision=supervision,
    )


def _block(
    session: Session,
    agent: Agent,
    trigger: Trigger,
    decision: RoutingDecision,
    *,
    reason: str,
    proposal: Proposal | None = None,
) -> Admission:
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
    return Admission(decision=decision, may_run=False, reason=reason, trigger=blocked, proposal=proposal)
