"""Verbs that move an agent's confidence, its maturity and its status."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from controlplane.agents import AGENT, MATURITY
from controlplane.governance.authorization import Permission, authorize
from controlplane.governance.constants import REASON
from controlplane.governance.maturity import Impact, confidence_at, level_after, moved, rank, step
from controlplane.governance.queries.agents import select_agent_for_change
from controlplane.lifecycle import transition
from controlplane.lookup import get_one
from controlplane.models import AgentStatus, Maturity
from controlplane.validation import member, text

if TYPE_CHECKING:
    import uuid

    from sqlalchemy.orm import Session

    from controlplane.models import Agent


@dataclass(frozen=True, kw_only=True)
class Change:
    """The change of an agent's confidence after limits (4 places), and its maturity before and after."""

    by: float
    before: Maturity
    after: Maturity

    @property
    def promoted(self) -> bool:
        """Return whether the agent rose."""
        return rank(self.after) > rank(self.before)


def lock_agent(session: Session, *, workspace_id: uuid.UUID, agent_id: uuid.UUID) -> Agent:
    """Return the agent as the database has it, locked until the transaction ends, or raise NotFoundError."""
    session.flush()
    query = select_agent_for_change(workspace_id=workspace_id, agent_id=agent_id)
    return get_one(session, query, record="agent", id=agent_id, fresh=True)


def change_confidence(
    session: Session,
    *,
    workspace_id: uuid.UUID,
    agent_id: uuid.UUID,
    by: float,
    reason: str,
    highest: Maturity = Maturity.AUTONOMOUS,
    actor_id: uuid.UUID | None = None,
) -> Change:
    """Move an agent's confidence, and its maturity with it, in both directions.

    The agent is locked first, so of two concurrent changes none is lost. `highest` is where a rise in
    maturity ends. For the other verbs of governance, which have checked who asks.
    """
    agent = lock_agent(session, workspace_id=workspace_id, agent_id=agent_id)
    before, after = agent.confidence_score, moved(agent.confidence_score, by)
    current = agent.maturity_level
    # no change moves no one: an imported agent may be below the level that its confidence stands for
    level = level_after(current, after, highest=highest) if by else current
    if level is not current:
        transition(session, MATURITY, agent, to=level, actor_id=actor_id, reason=reason, confidence_score=after)
    else:
        agent.confidence_score = after
        session.flush()
    return Change(by=round(after - before, 4), before=current, after=level)


def record_outcome(
    session: Session,
    *,
    workspace_id: uuid.UUID,
    agent_id: uuid.UUID,
    success: bool,
    impact: Impact = Impact.LOW,
    actor_id: uuid.UUID | None = None,
) -> Change:
    """Let what came of an agent's work count.

    Raises:
        InvalidValueError: an unknown impact.
        NotAuthorizedError: a person reports it (`actor_id`), and is not a member or only a viewer.
        NotFoundError: the workspace has no such agent.
    """
    weight = member("impact", impact, Impact)
    if actor_id is not None:
        authorize(session, workspace_id=workspace_id, user_id=actor_id, permission=Permission.REPORT_OUTCOME)
    return change_confidence(
        session,
        workspace_id=workspace_id,
        agent_id=agent_id,
        by=step(success=success, impact=weight),
        reason=f"{'success' if success else 'failure'} of {weight} impact",
        actor_id=actor_id,
    )


def set_maturity(session: Session, agent: Agent, *, to: Maturity, actor_id: uuid.UUID, reason: str) -> None:
    """Set an agent's maturity; its confidence moves to where the level begins, or it would not last.

    Raises:
        IllegalTransitionError: it is there already.
        InvalidValueError: an unknown level, or no reason.
        NotAuthorizedError: less than an admin of the agent's workspace.
    """
    level, why = member("maturity_level", to, Maturity), text("reason", reason, limit=REASON)
    authorize(session, workspace_id=agent.workspace_id, user_id=actor_id, permission=Permission.SET_MATURITY)
    current = lock_agent(session, workspace_id=agent.workspace_id, agent_id=agent.id)
    confidence = confidence_at(level, current.confidence_score)
    transition(session, MATURITY, current, to=level, actor_id=actor_id, reason=why, confidence_score=confidence)


def set_status(session: Session, agent: Agent, *, to: AgentStatus, actor_id: uuid.UUID, reason: str) -> None:
    """Pause, stop, deprecate, delete or reactivate an agent; maturity and confidence stay what they are.

    Raises:
        IllegalTransitionError: nothing leads there from its status (nothing leads out of deleted).
        InvalidValueError: an unknown status, or no reason.
        LostRaceError: the status was changed concurrently.
        NotAuthorizedError: less than an admin of the agent's workspace.
    """
    status, why = member("status", to, AgentStatus), text("reason", reason, limit=REASON)
    authorize(session, workspace_id=agent.workspace_id, user_id=actor_id, permission=Permission.CHANGE_STATUS)
    transition(session, AGENT, agent, to=status, actor_id=actor_id, reason=why)
