"""A proposed action or training, and its review."""

from __future__ import annotations

import uuid
from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column, relationship

from controlplane.models.agent import Agent
from controlplane.models.declarative import AgentId, Base, CreatedAt, Id, Json, LongText, Name, UserId, WorkspaceId
from controlplane.models.identity import User


class ProposalType(StrEnum):
    """The type of a proposal: an action to run, or a training to give."""

    ACTION = "action"
    TRAINING = "training"


class ProposalStatus(StrEnum):
    """The status of a proposal."""

    PENDING = "pending"
    APPROVED = "approved"
    EXECUTED = "executed"
    EXECUTION_FAILED = "execution_failed"
    REJECTED = "rejected"
    CANCELLED = "cancelled"
    EXPIRED = "expired"


class Proposal(Base):
    """An action or a training that waits for a reviewer: a person, or an autonomous agent.

    `proposed_action` is `{"action": name, "parameters": {...}}`; a reviewer's `modifications` are merged over it
    when it runs, so both stay readable. `proposer_id` is null when the agent itself proposed. `estimated_hours`,
    their range, the confidence of the estimate and `capability_gaps` belong to a training. `execution_id` is the
    run that an approved action made, `lost_deliveries` how often the worker of one was lost.
    """

    __tablename__ = "proposal"
    __table_args__ = (
        CheckConstraint("estimated_hours >= 0", name="estimated_hours"),
        CheckConstraint("estimated_low >= 0 AND estimated_low <= estimated_high", name="estimated_range"),
        CheckConstraint("estimate_confidence >= 0 AND estimate_confidence <= 1", name="estimate_confidence"),
        CheckConstraint("lost_deliveries >= 0", name="lost_deliveries"),
        CheckConstraint("reviewer_id IS NULL OR reviewer_agent_id IS NULL", name="one_reviewer"),
        # the list of what waits, the funnel by status over a window
        Index(None, "workspace_id", "status", "created_at"),
        Index(None, "workspace_id", "created_at", "reviewed_at"),
        Index(None, "workspace_id", "agent_id", "created_at"),
        # what is approved and not yet run, for workers, which look at all workspaces
        Index(None, "status", "proposal_type", "created_at"),
        # approval rate by reviewer
        Index(None, "workspace_id", "reviewer_id", "reviewed_at"),
    )

    id: Mapped[Id]
    workspace_id: Mapped[WorkspaceId]
    agent_id: Mapped[AgentId]
    proposal_type: Mapped[ProposalType]
    title: Mapped[Name]
    description: Mapped[LongText] = mapped_column(default="")
    proposed_action: Mapped[Json] = mapped_column(default=dict)
    reasoning: Mapped[LongText | None]
    proposer_id: Mapped[UserId | None]
    status: Mapped[ProposalStatus] = mapped_column(default=ProposalStatus.PENDING)
    reviewer_id: Mapped[UserId | None]
    reviewer_agent_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("agent.id"))
    reviewed_at: Mapped[datetime | None]
    review_comments: Mapped[LongText | None]
    modifications: Mapped[Json | None]
    execution_result: Mapped[Json | None]
    execution_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("agent_execution.id"))
    estimated_hours: Mapped[float | None]
    capability_gaps: Mapped[Json] = mapped_column(default=list)
    expires_at: Mapped[datetime]
    created_at: Mapped[CreatedAt]
    completed_at: Mapped[datetime | None]
    estimated_low: Mapped[float | None]
    estimated_high: Mapped[float | None]
    estimate_confidence: Mapped[float | None]
    lost_deliveries: Mapped[int] = mapped_column(default=0, server_default="0")

    agent: Mapped[Agent] = relationship(foreign_keys="Proposal.agent_id")
    reviewer: Mapped[User | None] = relationship(foreign_keys="Proposal.reviewer_id")
