"""One run of a workflow version, the runs of its steps, its log, and the signals sent to it."""

from __future__ import annotations

import uuid
from datetime import datetime
from enum import StrEnum
from typing import Any, Protocol

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, false
from sqlalchemy.orm import Mapped, mapped_column, relationship

from controlplane.models.agent_execution import TriggerSource
from controlplane.models.declarative import (
    AgentId,
    Base,
    CreatedAt,
    Id,
    Json,
    LongText,
    Name,
    Timestamp,
    UserId,
    WorkspaceId,
)
from controlplane.models.workflows.workflow import StepKind, Workflow, WorkflowVersion


class WorkflowStatus(StrEnum):
    """The status of an execution; `compensating` undoes completed steps on the way to `failed`."""

    PENDING = "pending"
    RUNNING = "running"
    WAITING = "waiting"
    PAUSED = "paused"
    COMPENSATING = "compensating"
    COMPLETED = "completed"
    FAILED = "failed"
    CANCELLED = "cancelled"


class StepStatus(StrEnum):
    """The status of one attempt of a step."""

    PENDING = "pending"
    RUNNING = "running"
    WAITING = "waiting"
    COMPLETED = "completed"
    FAILED = "failed"
    SKIPPED = "skipped"
    CANCELLED = "cancelled"
    COMPENSATED = "compensated"


class StepRole(StrEnum):
    """The role of an attempt: the step itself, one item of a map, or a compensation."""

    STEP = "step"
    ITEM = "item"
    COMPENSATION = "compensation"


class LogLevel(StrEnum):
    """The severity of a log row."""

    DEBUG = "debug"
    INFO = "info"
    WARNING = "warning"
    ERROR = "error"


class WorkflowExecution(Base):
    """An execution of one version of a workflow.

    `wake_at` is when a worker must look at it next (null: only a person's verb continues it): the one durable
    delivery; `wake_at` is committed with its cause. `open_steps` counts the step rows that have not ended, so that
    the end is seen without counting. `lock_version` grows with every change.
    `tolerates_skips` marks executions of before revision 0020, in which every step behaves as a join.
    """

    __tablename__ = "workflow_execution"
    __table_args__ = (
        CheckConstraint("duration_seconds >= 0", name="duration_seconds"),
        CheckConstraint("open_steps >= 0", name="open_steps"),
        CheckConstraint("depth >= 0", name="depth"),
        # windows with what they count by and average; then all history of a workflow
        Index(
            "ix_workflow_execution_window",
            *("workspace_id", "created_at", "workflow_id", "status", "duration_seconds"),
        ),
        Index("ix_workflow_execution_workflow", "workspace_id", "workflow_id", "status", "duration_seconds"),
        Index(None, "workspace_id", "status", "created_at"),
        # what is due, for workers and sweepers
        Index(None, "wake_at", "id"),
        Index(None, "parent_execution_id"),
        Index(None, "replay_of_id"),
    )

    id: Mapped[Id]
    workspace_id: Mapped[WorkspaceId]
    workflow_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("workflow.id"))
    version_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("workflow_version.id"))
    status: Mapped[WorkflowStatus] = mapped_column(default=WorkflowStatus.PENDING)
    triggered_by: Mapped[TriggerSource] = mapped_column(default=TriggerSource.MANUAL)
    input_data: Mapped[Json] = mapped_column(default=dict)
    variables: Mapped[Json] = mapped_column(default=dict)
    outputs: Mapped[Json | None]
    error_type: Mapped[str | None] = mapped_column(String(200))
    error_message: Mapped[LongText | None]
    failed_step: Mapped[str | None] = mapped_column(String(200))
    pause_reason: Mapped[LongText | None]
    user_id: Mapped[UserId | None]
    agent_id: Mapped[AgentId | None]
    parent_execution_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("workflow_execution.id"))
    depth: Mapped[int] = mapped_column(default=0)
    replay_of_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("workflow_execution.id"))
    debugged: Mapped[bool] = mapped_column(default=False)
    open_steps: Mapped[int] = mapped_column(default=0)
    log_sequence: Mapped[int] = mapped_column(default=0)
    wake_at: Mapped[datetime | None]
    deadline_at: Mapped[datetime | None]
    lock_version: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[CreatedAt]
    started_at: Mapped[datetime | None]
    completed_at: Mapped[datetime | None]
    duration_seconds: Mapped[float | None]
    tolerates_skips: Mapped[bool] = mapped_column(default=False, server_default=false())

    workflow: Mapped[Workflow] = relationship()
    version: Mapped[WorkflowVersion] = relationship()


class WorkflowStepExecution(Base):
    """One attempt of one step; a row exists from the moment the first edge into the step is settled.

    A pending row with `remaining` = 0 may be claimed from `wake_at` on; `remaining` counts what it still waits
    for (edges into it; for a map, its items), `taken` the edges that were done and not skipped. `item` tells the
    items of a map apart, 0 otherwise. A running row belongs to who holds `lease_token`, until `lease_until`;
    `deliveries` counts the leases of this attempt. `idempotency_key` is the same for every attempt.
    """

    __tablename__ = "workflow_step_execution"
    __table_args__ = (
        Index(
            "ix_workflow_step_execution_attempt",
            "execution_id",
            "step_key",
            "role",
            "item",
            "attempt",
            unique=True,
        ),
        # what can be claimed, in definition order
        Index("ix_workflow_step_execution_ready", "execution_id", "status", "remaining", "position", "item"),
        Index("ix_workflow_step_execution_window", "workspace_id", "started_at", "kind", "status"),
        Index(None, "child_execution_id"),
        CheckConstraint("attempt >= 1", name="attempt"),
        CheckConstraint("remaining >= 0 AND taken >= 0 AND deliveries >= 0", name="counters"),
        CheckConstraint("item >= 0 AND position >= 0", name="place"),
        CheckConstraint("duration_seconds >= 0", name="duration_seconds"),
    )

    id: Mapped[Id]
    workspace_id: Mapped[WorkspaceId]
    execution_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("workflow_execution.id"))
    step_key: Mapped[Name]
    kind: Mapped[StepKind]
    role: Mapped[StepRole] = mapped_column(default=StepRole.STEP)
    item: Mapped[int] = mapped_column(default=0)
    attempt: Mapped[int] = mapped_column(default=1)
    position: Mapped[int]
    status: Mapped[StepStatus] = mapped_column(default=StepStatus.PENDING)
    remaining: Mapped[int] = mapped_column(default=0)
    taken: Mapped[int] = mapped_column(default=0)
    outcome: Mapped[str | None] = mapped_column(String(200))
    scope: Mapped[Json | None]
    input: Mapped[Json | None]
    output: Mapped[Json | None]
    error_type: Mapped[str | None] = mapped_column(String(200))
    error_message: Mapped[LongText | None]
    idempotency_key: Mapped[str] = mapped_column(String(300))
    lease_token: Mapped[uuid.UUID | None]
    lease_until: Mapped[datetime | None]
    leased_by: Mapped[str | None] = mapped_column(String(200))
    deliveries: Mapped[int] = mapped_column(default=0)
    wake_at: Mapped[datetime | None]
    child_execution_id: Mapped[uuid.UUID | None] = mapped_column(
        ForeignKey("workflow_execution.id", name="fk_workflow_step_execution_child")
    )
    agent_execution_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("agent_execution.id"))
    created_at: Mapped[CreatedAt]
    ready_at: Mapped[datetime | None]
    started_at: Mapped[datetime | None]
    completed_at: Mapped[datetime | None]
    duration_seconds: Mapped[float | None]


class WorkflowExecutionLog(Base):
    """One line of an execution's log; `sequence` orders it totally. `event` is what happened, for programs."""

    __tablename__ = "workflow_execution_log"
    __table_args__ = (Index(None, "execution_id", "sequence", unique=True),)

    id: Mapped[Id]
    workspace_id: Mapped[WorkspaceId]
    execution_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("workflow_execution.id"))
    sequence: Mapped[int]
    level: Mapped[LogLevel]
    event: Mapped[str] = mapped_column(String(64))
    message: Mapped[LongText]
    step_key: Mapped[str | None] = mapped_column(String(200))
    context: Mapped[Json] = mapped_column(default=dict)
    timestamp: Mapped[Timestamp]


class LoggedAttempt(Protocol):
    """The facts of an attempt that a line about it names."""

    @property
    def role(self) -> StepRole:
        """The role of the attempt in its step."""

    @property
    def item(self) -> int:
        """The number of the item, from 0."""

    @property
    def attempt(self) -> int:
        """The number of the attempt, from 1."""


def log_context(attempt: LoggedAttempt) -> dict[str, Any]:
    """Return which item and attempt a line of the log is about; nothing for the first attempt of a plain step."""
    which: dict[str, Any] = {}
    if attempt.role is not StepRole.STEP:
        which["role"] = str(attempt.role)
    if attempt.role is StepRole.ITEM:
        which["item"] = attempt.item
    if attempt.attempt > 1:
        which["attempt"] = attempt.attempt
    return which


class WorkflowSignal(Base):
    """A signal sent to an execution; kept until a waiting step takes it, so that an early one is not lost."""

    __tablename__ = "workflow_signal"
    __table_args__ = (Index(None, "execution_id", "name", "sent_at"),)

    id: Mapped[Id]
    workspace_id: Mapped[WorkspaceId]
    execution_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("workflow_execution.id"))
    name: Mapped[Name]
    payload: Mapped[Json | None]
    sent_by: Mapped[UserId | None]
    sent_at: Mapped[CreatedAt]
    taken_at: Mapped[datetime | None]
    taken_by_step: Mapped[str | None] = mapped_column(String(200))
