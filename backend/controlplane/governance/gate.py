"""The one question of everything that lets an agent act: may it, now, and how?"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from controlplane.governance.actions.permissions import Permission, examine
from controlplane.governance.interceptor import check_trigger, propose_it, route
from controlplane.models import Maturity, RoutingDecision, TriggerSource

if TYPE_CHECKING:
    import uuid

    from sqlalchemy.orm import Session

    from controlplane.governance.interceptor import Interception, Trigger
    from controlplane.models import Agent, AgentExecution, BlockedTrigger, Proposal, SupervisionSession


class Outcome(StrEnum):
    """The decision of governance on an action of an agent."""

    EXECUTED = "executed"
    PROPOSED = "proposed"
    SUPERVISED = "supervised"
    BLOCKED = "blocked"


@dataclass(frozen=True, kw_only=True)
class Decision:
    """May the action run now (`may_run`), how was that decided, why, and which rows were written.

    A supervised action may run when a supervisor is present (`supervision`), else it is queued (`trigger`).
    """

    outcome: Outcome
    may_run: bool
    reason: str
    permission: Permission
    execution: AgentExecution | None = None
    trigger: BlockedTrigger | None = None
    proposal: Proposal | None = None
    supervision: SupervisionSession | None = None


OUTCOMES = {
    RoutingDecision.EXECUTION: Outcome.EXECUTED,
    RoutingDecision.PROPOSAL: Outcome.PROPOSED,
    RoutingDecision.SUPERVISION: Outcome.SUPERVISED,
    RoutingDecision.TRAINING: Outcome.BLOCKED,
}


def decide(
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
) -> Decision:
    """Decide whether an agent may take an action that `source` asks for, and write down what follows.

    Blocked, with nothing written: an unknown agent, one that is not active, a check that failed. Blocked, with a
    training proposed: a student that was not triggered by a person. Proposed: an intern that was not triggered by
    a person; an action above the agent's maturity, with any trigger; one that must be approved (by the caller's
    parameter, or at level 3 for a supervised agent triggered by a person). Supervised: a supervised agent
    otherwise. Executed: the rest.

    Raises:
        InvalidValueError, NotAuthorizedError: as `intercept`.
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
    )
    permission, agent = examine(
        session, workspace_id=workspace_id, agent_id=agent_id, action=action, ask_approval=ask_approval
    )
    if agent is None or not (permission.allowed or permission.lacks_maturity):
        return Decision(outcome=Outcome.BLOCKED, may_run=False, reason=permission.reason, permission=permission)
    made = _route(session, agent, trigger, permission, ask_approval=ask_approval)
    return Decision(
        outcome=Outcome.BLOCKED if made.decision is None else OUTCOMES[made.decision],
        may_run=made.may_run,
        reason=made.reason,
        permission=permission,
        execution=made.execution,
        trigger=made.trigger,
        proposal=made.proposal,
        supervision=made.supervision,
    )


def _route(
    session: Session, agent: Agent, trigger: Trigger, permission: Permission, *, ask_approval: bool
) -> Interception:
    by_hand = trigger.source is TriggerSource.MANUAL
    if agent.maturity_level is Maturity.STUDENT and not by_hand:
        return route(session, agent, trigger)
    if not permission.allowed:
        return propose_it(session, agent, trigger, reason=permission.reason)
    if ask_approval:
        return propose_it(session, agent, trigger, reason="the caller asks for approval")
    if permission.requires_approval and by_hand:
        return propose_it(session, agent, trigger, reason="a supervised agent does not do this alone")
    return route(session, agent, trigger)
