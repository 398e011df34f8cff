"""One run of an agent."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, Index, String, column
from sqlalchemy.orm import Mapped, mapped_column, relationship

from controlplane.models.agent import Agent
from controlplane.models.declarative import AgentId, Base, CreatedAt, Id, LongText, WorkspaceId
from controlplane.sql_time import microseconds_between


class ExecutionStatus(StrEnum):
    """The status of an agent run."""

    PENDING = "pending"
    RUNNING = "running"
    PAUSED = "paused"
    COMPLETED = "completed"
    FAILED = "failed"
    CANCELLED = "cancelled"
    TIMEOUT = "timeout"


class TriggerSource(StrEnum):
    """The source of an agent run."""

    MANUAL = "manual"
    SCHEDULE = "schedule"
    WEBSOCKET = "websocket"
    EVENT = "event"
    DATA_SYNC = "data_sync"
    WORKFLOW_ENGINE = "workflow_engine"
    AI_COORDINATOR = "ai_coordinator"
    CANVAS = "canvas"
    FORM_SUBMISSION = "form_submission"
    PROPOSAL = "proposal"


class AgentExecution(Base):
    """A run: asked for at `created_at`, running since `started_at`; the difference is its wait."""

    __tablename__ = "agent_execution"
    __table_args__ = (
        CheckConstraint("duration_seconds >= 0", name="duration_seconds"),
        CheckConstraint("completed_at >= started_at", name="completed_at"),
        # the window of every question, with what it groups, counts and averages: index-only
        Index("ix_agent_execution_window", "workspace_id", "created_at", "agent_id", "status", "duration_seconds"),
        # per agent over all history: breakdown by status, percentiles of the duration
        Index("ix_agent_execution_agent", "workspace_id", "agent_id", "status", "duration_seconds"),
        # by status over all history, the few that are running now, the failures of a window: index-only
        Index(
            "ix_agent_execution_status",
            *("workspace_id", "status", "created_at", "agent_id", "error_type", "completed_at"),
        ),
        # by trigger over all history, and how long such runs waited, in order; the columns of the expression are
        # there too, since PostgreSQL would not read it from the index alone without them
        Index(
            "ix_agent_execution_trigger",
            *("workspace_id", "triggered_by"),
            microseconds_between(column("created_at"), column("started_at")),
            *("created_at", "started_at"),
        ),
        # all durations of one status in order: percentiles over all history
        Index("ix_agent_execution_duration", "workspace_id", "status", "duration_seconds"),
        # what was under way at a time: index-only
        Index("ix_agent_execution_under_way", "workspace_id", "completed_at", "started_at"),
        # newest first of one agent
        Index(None, "agent_id", "created_at"),
    )

    id: Mapped[Id]
    workspace_id: Mapped[WorkspaceId]
    agent_id: Mapped[AgentId]
    status: Mapped[ExecutionStatus] = mapped_column(default=ExecutionStatus.PENDING)
    triggered_by: Mapped[TriggerSource]
    input_summary: Mapped[LongText | None]
    output_summary: Mapped[LongText | None]
    result_summary: Mapped[LongText | None]
    error_type: Mapped[str | None] = mapped_column(String(200))
    error_message: Mapped[LongText | None]
    created_at: Mapped[CreatedAt]
    started_at: Mapped[datetime | None]
    completed_at: Mapped[datetime | None]
    duration_seconds: Mapped[float | None]

    agent: Mapped[Agent] = relationship()
