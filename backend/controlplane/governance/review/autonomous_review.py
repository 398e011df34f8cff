"""Proposals reviewed by another agent, as far as the risk of the action allows."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import TYPE_CHECKING

from controlplane.agents import get_agent
from controlplane.errors import InvalidValueError, NotAuthorizedError
from controlplane.governance.actions.action_levels import level_in
from controlplane.governance.constants import REASON
from controlplane.governance.maturity import FLOORS
from controlplane.governance.review.approval import record_approval
from controlplane.governance.review.proposals import turn_down
from controlplane.models import AgentStatus, Maturity, ProposalType
from controlplane.validation import number, text

if TYPE_CHECKING:
    import uuid
    from collections.abc import Mapping

    from sqlalchemy.orm import Session

    from controlplane.models import Agent, AgentExecution, Proposal


class Risk(StrEnum):
    """The risk of a wrong review."""

    HIGH = "high"
    MEDIUM = "medium"
    SAFE = "safe"


@dataclass(frozen=True, kw_only=True)
class Threshold:
    """The least confidence in the analysis of the proposal, and of the reviewer as an agent."""

    analysis: float
    reviewer: float


THRESHOLDS: Mapping[Risk, Threshold] = MappingProxyType(
    {
        Risk.HIGH: Threshold(analysis=0.95, reviewer=0.95),
        Risk.MEDIUM: Threshold(analysis=0.85, reviewer=0.90),
        Risk.SAFE: Threshold(analysis=0.75, reviewer=0.85),
    }
)
_RISK_BY_LEVEL: tuple[Risk, ...] = (Risk.SAFE, Risk.SAFE, Risk.MEDIUM, Risk.HIGH)


def risk_of(level: int) -> Risk:
    """Return the risk of an action: level 4 is high, level 3 medium, the rest is safe."""
    return _RISK_BY_LEVEL[level - 1]


def reason_against_review(reviewer: Agent, author: Agent, *, risk: Risk, analysis: float) -> str | None:
    """Return why an agent may not review another's proposal of this risk, or None if it may. Pure."""
    threshold = THRESHOLDS[risk]
    least = max(threshold.reviewer, FLOORS[Maturity.AUTONOMOUS])
    if reviewer.id == author.id:
        return "agents can't review their own proposals"
    if reviewer.status is not AgentStatus.ACTIVE or reviewer.maturity_level is not Maturity.AUTONOMOUS:
        return f"a reviewer is active and autonomous, not {reviewer.status} and {reviewer.maturity_level}"
    if reviewer.category.lower() != author.category.lower():
        return f"a reviewer is of the category {author.category}, not {reviewer.category}"
    if reviewer.confidence_score < least:
        return f"{risk} risk takes a confidence of {least}, not {reviewer.confidence_score}"
    if analysis < threshold.analysis:
        return f"{risk} risk takes an analysis confidence of {threshold.analysis}, not {analysis}"
    return None


def review_by_agent(
    session: Session,
    proposal: Proposal,
    *,
    reviewer_agent_id: uuid.UUID,
    approved: bool,
    analysis: float,
    reasoning: str,
) -> AgentExecution | None:
    """Let an autonomous agent approve or reject another's action; return the run if one is asked for.

    `analysis` (0..1) is how sure the reviewer is of its judgement. Modifications are never merged: an agent
    takes a proposal as it is or not at all.

    Raises:
        InvalidValueError: a training (a person decides on those), an analysis out of range, no reasoning.
        NotAuthorizedError: the risk of the action is too high for this reviewer or analysis; a person must decide.
        NotFoundError: the workspace has no such reviewer.
        TransitionError, ExpiredError, RefusedError, UnknownActionError: as `approval.approve`.
    """
    sure = number("analysis", analysis, low=0, high=1)
    why = text("reasoning", reasoning, limit=REASON)
    if proposal.proposal_type is not ProposalType.ACTION:
        rule = "a training must be reviewed by a person"
        raise InvalidValueError(field="proposal_type", value=proposal.proposal_type, rule=rule)
    reviewer = get_agent(session, workspace_id=proposal.workspace_id, agent_id=reviewer_agent_id)
    author = get_agent(session, workspace_id=proposal.workspace_id, agent_id=proposal.agent_id)
    action = text("action", proposal.proposed_action.get("action"))
    risk = risk_of(level_in(session, workspace_id=proposal.workspace_id, action=action).level)
    reason = reason_against_review(reviewer, author, risk=risk, analysis=sure)
    if reason is not None:
        raise NotAuthorizedError(actor=reviewer_agent_id, action="review a proposal", reason=reason)
    if not approved:
        turn_down(session, proposal, reason=why, reviewer_agent_id=reviewer_agent_id)
        return None
    return record_approval(session, proposal, agent=author, comments=why, actor_agent_id=reviewer_agent_id)
