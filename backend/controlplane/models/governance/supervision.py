"""The supervised run of an agent, and the interventions of its supervisor."""

from __future__ import annotations

import uuid
from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column, relationship

from controlplane.models.agent import Agent
from controlplane.models.declarative import AgentId, Base, Id, Json, LongText, UserId, WorkspaceId
from controlplane.models.governance.blocked_trigger import BlockedTrigger


class SupervisionStatus(StrEnum):
    """The status of a supervision."""

    RUNNING = "running"
    PAUSED = "paused"
    COMPLETED = "completed"
    INTERRUPTED = "interrupted"
    FAILED = "failed"


class InterventionType(StrEnum):
    """The interventions of a supervisor in a running agent."""

    PAUSE = "pause"
    CORRECT = "correct"
    TERMINATE = "terminate"


class SupervisionSession(Base):
    """One supervised run; `trigger_id` is null when a supervisor was present from the start.

    `execution_id` is the agent's run that is watched; null until the run begins, or if it never does.
    """

    __tablename__ = "supervision_session"
    __table_args__ = (
        CheckConstraint("intervention_count >= 0", name="intervention_count"),
        CheckConstraint("rating BETWEEN 1 AND 5", name="rating"),
        CheckConstraint("confidence_boost BETWEEN 0 AND 1", name="confidence_boost"),
        CheckConstraint("duration_seconds >= 0", name="duration_seconds"),
        # interventions per session, over a window and per agent
        Index("ix_supervision_session_window", "workspace_id", "started_at", "intervention_count"),
        Index("ix_supervision_session_agent", "workspace_id", "agent_id", "started_at", "intervention_count"),
        Index(None, "workspace_id", "status", "started_at"),
    )

    id: Mapped[Id]
    workspace_id: Mapped[WorkspaceId]
    agent_id: Mapped[AgentId]
    trigger_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("blocked_trigger.id"), index=True)
    supervisor_id: Mapped[UserId]
    trigger_context: Mapped[Json] = mapped_column(default=dict)
    status: Mapped[SupervisionStatus] = mapped_column(default=SupervisionStatus.RUNNING)
    intervention_count: Mapped[int] = mapped_column(default=0)
    rating: Mapped[int | None]
    feedback: Mapped[LongText | None]
    confidence_boost: Mapped[float | None]
    started_at: Mapped[datetime]
    completed_at: Mapped[datetime | None]
    duration_seconds: Mapped[float | None]
    execution_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("agent_execution.id"), index=True)

    agent: Mapped[Agent] = relationship()
    trigger: Mapped[BlockedTrigger | None] = relationship()


class Intervention(Base):
    """One act of a supervisor, counted from 1 within its session."""

    __tablename__ = "intervention"
    __table_args__ = (
        CheckConstraint("sequence >= 1", name="sequence"),
        Index(None, "session_id", "sequence", unique=True),
        Index(None, "workspace_id", "at"),
    )

    id: Mapped[Id]
    workspace_id: Mapped[WorkspaceId]
    session_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("supervision_session.id"))
    sequence: Mapped[int]
    intervention_type: Mapped[InterventionType]
    guidance: Mapped[LongText]
    supervisor_id: Mapped[UserId]
    at: Mapped[datetime]

    session: Mapped[SupervisionSession] = relationship()
