"""The feedback of reviewers on an agent's work."""

from __future__ import annotations

import uuid
from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from controlplane.models.agent import Agent
from controlplane.models.declarative import AgentId, Base, CreatedAt, Id, LongText, UserId, WorkspaceId
from controlplane.models.identity import User


class FeedbackStatus(StrEnum):
    """The status of feedback: counted in full or not."""

    PENDING = "pending"
    ACCEPTED = "accepted"
    REJECTED = "rejected"


class AgentFeedback(Base):
    """A rating, a correction, a comment, or several of these.

    `comment` says anything about the work; `user_correction` says that it was wrong, and what is right.
    `confidence_change` is how far the feedback has moved the agent's confidence.
    """

    __tablename__ = "agent_feedback"
    __table_args__ = (
        CheckConstraint("rating BETWEEN 1 AND 5", name="rating"),
        CheckConstraint("confidence_change BETWEEN -1 AND 1", name="confidence_change"),
        # what was said of one agent, and its average over a window
        Index(None, "workspace_id", "agent_id", "created_at", "rating"),
        # everything said in a window
        Index(None, "workspace_id", "created_at"),
        # what waits for a decision, oldest first
        Index(None, "workspace_id", "status", "created_at"),
    )

    id: Mapped[Id]
    workspace_id: Mapped[WorkspaceId]
    agent_id: Mapped[AgentId]
    execution_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("agent_execution.id"), index=True)
    user_id: Mapped[UserId]
    rating: Mapped[int | None]
    original_output: Mapped[LongText | None]
    user_correction: Mapped[LongText | None]
    input_context: Mapped[LongText | None]
    status: Mapped[FeedbackStatus] = mapped_column(default=FeedbackStatus.PENDING)
    confidence_change: Mapped[float] = mapped_column(default=0.0)
    created_at: Mapped[CreatedAt]
    adjudicated_at: Mapped[datetime | None]
    adjudicator_id: Mapped[UserId | None]
    comment: Mapped[LongText | None]
    category: Mapped[str | None] = mapped_column(String(100))

    agent: Mapped[Agent] = relationship()
    user: Mapped[User] = relationship(foreign_keys="AgentFeedback.user_id")
