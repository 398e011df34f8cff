"""The permission of an agent for an action: denied unless every check passes."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from controlplane import actions
from controlplane.agents import get_agent
from controlplane.errors import NotFoundError
from controlplane.governance.actions.action_levels import level_in
from controlplane.governance.actions.action_risk import LevelOrigin
from controlplane.governance.maturity import rank, required_for
from controlplane.models import AgentStatus, Maturity
from controlplane.validation import text

if TYPE_CHECKING:
    import uuid

    from sqlalchemy.orm import Session

    from controlplane.models import Agent

APPROVED_FROM_LEVEL = 3  # a supervised agent may take these, but not alone


@dataclass(frozen=True, kw_only=True)
class PermissionCheck:
    """An answer: whether, why, and whether a human must approve. What could not be found out is None.

    `lacks_maturity` tells a refusal that growing up, or an approval, would lift from one that nothing but a person
    changing the agent can.
    """

    allowed: bool
    requires_approval: bool
    reason: str
    action_level: int | None = None
    required_maturity: Maturity | None = None
    agent_maturity: Maturity | None = None
    lacks_maturity: bool = False


def check_permission(
    session: Session,
    *,
    workspace_id: uuid.UUID,
    agent_id: uuid.UUID,
    action: str,
    ask_approval: bool = False,
    declared: int | None = None,
) -> PermissionCheck:
    """Return whether an agent may take an action now; `declared` is the level of one that is not registered.

    Nothing is cached: each check reads the agent as the database has it, so promotion, demotion and pausing count
    from the moment they are committed. An unknown agent, one that is not active, and any error are refusals.
    """
    return evaluate(
        session,
        workspace_id=workspace_id,
        agent_id=agent_id,
        action=action,
        ask_approval=ask_approval,
        declared=declared,
    )[0]


def evaluate(
    session: Session,
    *,
    workspace_id: uuid.UUID,
    agent_id: uuid.UUID,
    action: str,
    ask_approval: bool = False,
    declared: int | None = None,
) -> tuple[PermissionCheck, Agent | None]:
    """Check a permission; return the check and the agent that was read for it."""
    try:
        name = text("action", action)
        agent = get_agent(session, workspace_id=workspace_id, agent_id=agent_id)
        found = level_in(session, workspace_id=workspace_id, action=name, declared=declared)
        check = apply_rules(agent, level=found.level, ask_approval=ask_approval)
        return _explained(check, name, found.origin), agent
    except NotFoundError:
        return PermissionCheck(
            allowed=False, requires_approval=True, reason="no such agent in this workspace"
        ), None
    except Exception as error:  # noqa: BLE001  fail closed: any error denies the action
        reason = f"the check failed: {type(error).__name__}: {error}"
        return PermissionCheck(allowed=False, requires_approval=True, reason=reason), None


def _explained(check: PermissionCheck, action: str, origin: LevelOrigin) -> PermissionCheck:
    """Add to a refusal by the level of an action that nothing names why it has this level."""
    if origin is not LevelOrigin.UNKNOWN or not check.lacks_maturity:
        return check
    known = "is registered without a level" if action in actions.names() else "is not registered"
    return replace(check, reason=f"{check.reason}; the action {known}, and its name has no known level")


def apply_rules(agent: Agent, *, level: int, ask_approval: bool = False) -> PermissionCheck:
    """Apply the rules to an agent and the level of an action. Pure."""
    maturity, required = agent.maturity_level, required_for(level)
    if agent.status is not AgentStatus.ACTIVE:
        allowed, lacks, reason = False, False, f"the agent is {agent.status}"
    elif rank(maturity) < rank(required):
        allowed, lacks = False, True
        reason = f"level {level} requires the maturity {required}; the agent is {maturity}"
    else:
        allowed, lacks, reason = True, False, f"{maturity} is enough for level {level}"
    under_eyes = maturity is Maturity.SUPERVISED and level >= APPROVED_FROM_LEVEL
    return PermissionCheck(
        allowed=allowed,
        requires_approval=not allowed or under_eyes or ask_approval,
        reason=reason,
        action_level=level,
        required_maturity=required,
        agent_maturity=maturity,
        lacks_maturity=lacks,
    )
