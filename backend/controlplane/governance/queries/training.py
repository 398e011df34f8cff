"""Trainings: their history, and what past ones took."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import Select, func, select

from controlplane.governance.queries.windows import within
from controlplane.models import Agent, Maturity, TrainingSession, TrainingStatus

if TYPE_CHECKING:
    import uuid
    from datetime import datetime

PEERS = 5


def select_training(*, workspace_id: uuid.UUID, training_id: uuid.UUID) -> Select[TrainingSession]:
    """Select one training of the workspace."""
    return select(TrainingSession).where(
        TrainingSession.workspace_id == workspace_id, TrainingSession.id == training_id
    )


def select_training_history(
    *,
    workspace_id: uuid.UUID,
    agent_id: uuid.UUID | None = None,
    status: TrainingStatus | None = None,
    since: datetime | None = None,
    until: datetime | None = None,
    limit: int = 50,
) -> Select[TrainingSession]:
    """Select trainings that were arranged in [since, until), newest first, at most `limit`."""
    session = TrainingSession
    query = select(session).where(session.workspace_id == workspace_id)
    if agent_id is not None:
        query = query.where(session.agent_id == agent_id)
    if status is not None:
        query = query.where(session.status == status)
    query = within(query, session.created_at, since=since, until=until)
    return query.order_by(session.created_at.desc(), session.id).limit(limit)


def select_peer_hours(*, workspace_id: uuid.UUID, agent_id: uuid.UUID, category: str) -> Select[Any]:
    """Select the total training hours of up to 5 other agents of a category that are interns or above.

    Those who completed a training last come first; an agent without one says nothing about how long it takes.
    """
    session = TrainingSession
    hours: Any = func.sum(session.duration_seconds) / 3600.0
    return (
        select(session.agent_id, hours.label("hours"))
        .join(Agent, Agent.id == session.agent_id)
        .where(
            session.workspace_id == workspace_id,
            session.status == TrainingStatus.COMPLETED,
            session.duration_seconds.is_not(None),
            Agent.category == category,
            Agent.maturity_level != Maturity.STUDENT,
            Agent.id != agent_id,
        )
        .group_by(session.agent_id)
        .order_by(func.max(session.completed_at).desc(), session.agent_id)
        .limit(PEERS)
    )


def select_past_scores(*, workspace_id: uuid.UUID, agent_id: uuid.UUID) -> Select[Any]:
    """Select the scores of one agent's completed trainings, oldest first."""
    session = TrainingSession
    return (
        select(session.performance_score)
        .where(
            session.workspace_id == workspace_id,
            session.agent_id == agent_id,
            session.status == TrainingStatus.COMPLETED,
            session.performance_score.is_not(None),
        )
        .order_by(session.completed_at, session.id)
    )
