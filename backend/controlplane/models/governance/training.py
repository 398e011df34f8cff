"""One training of a student."""

from __future__ import annotations

import uuid
from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column, relationship

from controlplane.models.agent import Agent
from controlplane.models.declarative import AgentId, Base, CreatedAt, Id, Json, LongText, UserId, WorkspaceId
from controlplane.models.governance.proposal import Proposal


class TrainingStatus(StrEnum):
    """The status of a training."""

    SCHEDULED = "scheduled"
    IN_PROGRESS = "in_progress"
    COMPLETED = "completed"
    CANCELLED = "cancelled"
    FAILED = "failed"


class TrainingSession(Base):
    """The training that an approved proposal asked for; a proposal has at most one.

    `scheduled_at` is when it should begin, `scheduled_end_at` when `planned_hours` will have passed at
    `hours_per_day`.
    `duration_seconds` runs from `started_at` to `completed_at`.
    """

    __tablename__ = "training_session"
    __table_args__ = (
        CheckConstraint("tasks_completed BETWEEN 0 AND tasks_total", name="tasks_completed"),
        CheckConstraint("errors_count >= 0", name="errors_count"),
        CheckConstraint("performance_score BETWEEN 0 AND 1", name="performance_score"),
        CheckConstraint("confidence_boost BETWEEN 0 AND 1", name="confidence_boost"),
        CheckConstraint("planned_hours > 0", name="planned_hours"),
        CheckConstraint("hours_per_day > 0 AND hours_per_day <= 24", name="hours_per_day"),
        CheckConstraint("duration_seconds >= 0", name="duration_seconds"),
        # one agent's history; what past trainings of a category took and scored
        Index(None, "workspace_id", "agent_id", "created_at"),
        Index(None, "workspace_id", "status", "completed_at"),
    )

    id: Mapped[Id]
    workspace_id: Mapped[WorkspaceId]
    proposal_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("proposal.id"), unique=True)
    agent_id: Mapped[AgentId]
    supervisor_id: Mapped[UserId]
    status: Mapped[TrainingStatus] = mapped_column(default=TrainingStatus.SCHEDULED)
    tasks_completed: Mapped[int] = mapped_column(default=0)
    tasks_total: Mapped[int] = mapped_column(default=0)
    errors_count: Mapped[int] = mapped_column(default=0)
    performance_score: Mapped[float | None]
    confidence_boost: Mapped[float | None]
    promoted: Mapped[bool] = mapped_column(default=False)
    capabilities_developed: Mapped[Json] = mapped_column(default=list)
    capability_gaps_remaining: Mapped[Json] = mapped_column(default=list)
    supervisor_feedback: Mapped[LongText | None]
    planned_hours: Mapped[float]
    hours_per_day: Mapped[float]
    created_at: Mapped[CreatedAt]
    scheduled_at: Mapped[datetime]
    scheduled_end_at: Mapped[datetime]
    started_at: Mapped[datetime | None]
    completed_at: Mapped[datetime | None]
    duration_seconds: Mapped[float | None]

    agent: Mapped[Agent] = relationship()
    proposal: Mapped[Proposal] = relationship()
