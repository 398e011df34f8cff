"""A run that governance did not let start on its own."""

from __future__ import annotations

import uuid
from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column, relationship

from controlplane.models.agent import Agent, Maturity
from controlplane.models.agent_execution import TriggerSource
from controlplane.models.declarative import AgentId, Base, CreatedAt, Id, Json, LongText, Name, WorkspaceId
from controlplane.models.governance.proposal import Proposal


class RoutingDecision(StrEnum):
    """The decision of governance on a trigger."""

    TRAINING = "training"
    PROPOSAL = "proposal"
    SUPERVISION = "supervision"
    EXECUTION = "execution"


class TriggerStatus(StrEnum):
    """The status of a blocked trigger."""

    WAITING = "waiting"
    IN_PROGRESS = "in_progress"
    RESOLVED = "resolved"


class ResolutionOutcome(StrEnum):
    """The final outcome of a blocked trigger."""

    EXECUTED = "executed"
    TRAINED = "trained"
    REJECTED = "rejected"
    CANCELLED = "cancelled"
    INTERRUPTED = "interrupted"
    EXPIRED = "expired"
    FAILED = "failed"


class BlockedTrigger(Base):
    """A trigger that waits: for a training, a proposal's review, or a supervisor.

    Maturity and confidence are the agent's when it was blocked. A queued one (decision `supervision`) has
    `expires_at`, `attempts` and a `priority`, the highest first; `resolved` says the same as the status, for plain
    filters.
    """

    __tablename__ = "blocked_trigger"
    __table_args__ = (
        CheckConstraint("confidence_score BETWEEN 0 AND 1", name="confidence_score"),
        CheckConstraint("attempts BETWEEN 0 AND 3", name="attempts"),
        CheckConstraint("priority BETWEEN 0 AND 9", name="priority"),
        CheckConstraint("resolved = (status = 'resolved')", name="resolved"),
        CheckConstraint("resolved = (resolved_at IS NOT NULL)", name="resolved_at"),
        CheckConstraint("resolved = (resolution_outcome IS NOT NULL)", name="outcome"),
        # by time range, with what is counted
        Index("ix_blocked_trigger_window", "workspace_id", "created_at", "trigger_source", "routing_decision"),
        Index(None, "workspace_id", "agent_id", "created_at"),
        # the queue, in its order
        Index("ix_blocked_trigger_queue", "workspace_id", "routing_decision", "status", "priority", "created_at"),
    )

    id: Mapped[Id]
    workspace_id: Mapped[WorkspaceId]
    agent_id: Mapped[AgentId]
    maturity_level: Mapped[Maturity]
    confidence_score: Mapped[float]
    trigger_source: Mapped[TriggerSource]
    trigger_type: Mapped[Name]
    trigger_context: Mapped[Json] = mapped_column(default=dict)
    routing_decision: Mapped[RoutingDecision]
    block_reason: Mapped[LongText]
    status: Mapped[TriggerStatus] = mapped_column(default=TriggerStatus.WAITING)
    priority: Mapped[int] = mapped_column(default=0)
    attempts: Mapped[int] = mapped_column(default=0)
    expires_at: Mapped[datetime | None]
    resolved: Mapped[bool] = mapped_column(default=False)
    resolved_at: Mapped[datetime | None]
    resolution_outcome: Mapped[ResolutionOutcome | None]
    proposal_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("proposal.id"), index=True)
    created_at: Mapped[CreatedAt]

    agent: Mapped[Agent] = relationship()
    proposal: Mapped[Proposal | None] = relationship()
