"""What people said of agents."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import Select, case, func, select

from controlplane.governance.queries.windows import within
from controlplane.models import Agent, AgentFeedback, FeedbackStatus

if TYPE_CHECKING:
    import uuid
    from datetime import datetime


def select_feedback(*, workspace_id: uuid.UUID, feedback_id: uuid.UUID) -> Select[AgentFeedback]:
    """Select one feedback of the workspace."""
    return select(AgentFeedback).where(AgentFeedback.workspace_id == workspace_id, AgentFeedback.id == feedback_id)


def select_feedback_history(
    *,
    workspace_id: uuid.UUID,
    agent_id: uuid.UUID | None = None,
    status: FeedbackStatus | None = None,
    since: datetime | None = None,
    until: datetime | None = None,
    limit: int = 50,
) -> Select[AgentFeedback]:
    """Select feedback given in [since, until), newest first, at most `limit`."""
    feedback = AgentFeedback
    query = select(feedback).where(feedback.workspace_id == workspace_id)
    if agent_id is not None:
        query = query.where(feedback.agent_id == agent_id)
    if status is not None:
        query = query.where(feedback.status == status)
    query = within(query, feedback.created_at, since=since, until=until)
    return query.order_by(feedback.created_at.desc(), feedback.id).limit(limit)


def select_feedback_summary(
    *, workspace_id: uuid.UUID, since: datetime | None = None, until: datetime | None = None
) -> Select[Any]:
    """Select per agent that got feedback in [since, until): how much, by status, and its rating.

    Columns: agent_id, name, feedback, pending, accepted, rejected, corrections, ratings (how many), mean_rating
    (1..5, 6 places; null without ratings). Feedback without a rating is counted but does not enter the mean.
    """
    feedback = AgentFeedback

    def count_of(condition: Any) -> Any:
        return func.sum(case((condition, 1), else_=0))

    # whole numbers add up exactly on every database; only the one division at the end is inexact
    mean = func.sum(feedback.rating) * 1.0 / func.nullif(func.count(feedback.rating), 0)
    query = (
        select(
            feedback.agent_id,
            Agent.name,
            func.count().label("feedback"),
            *(count_of(feedback.status == status).label(status) for status in FeedbackStatus),
            func.count(feedback.user_correction).label("corrections"),
            func.count(feedback.rating).label("ratings"),
            mean.label("mean_rating"),
        )
        .join(Agent, Agent.id == feedback.agent_id)
        .where(feedback.workspace_id == workspace_id)
    )
    query = within(query, feedback.created_at, since=since, until=until)
    return query.group_by(feedback.agent_id, Agent.name).order_by(Agent.name, feedback.agent_id)
