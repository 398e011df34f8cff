"""Feedback of people on agents."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import Select, select

from controlplane.governance.queries.windows import within
from controlplane.models import AgentFeedback, FeedbackStatus

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
