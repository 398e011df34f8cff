"""Looking into a workflow while it runs: sessions, breakpoints, traces, changed variables, sharing."""

from __future__ import annotations

import uuid
from datetime import datetime
from enum import StrEnum
from typing import Annotated

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from controlplane.models.declarative import Base, CreatedAt, Id, Json, LongText, Name, UserId, WorkspaceId

WorkflowId = Annotated[uuid.UUID, mapped_column(ForeignKey("workflow.id"))]
WorkflowExecutionId = Annotated[uuid.UUID, mapped_column(ForeignKey("workflow_execution.id"))]
SessionId = Annotated[uuid.UUID, mapped_column(ForeignKey("debug_session.id"))]


class DebugStatus(StrEnum):
    """The status of a debug session; `paused` holds its execution before or after a step."""

    ACTIVE = "active"
    PAUSED = "paused"
    COMPLETED = "completed"
    CANCELLED = "cancelled"


class DebugMode(StrEnum):
    """The next stop of an active session."""

    CONTINUE = "continue"
    OVER = "over"
    INTO = "into"
    OUT = "out"


class StopReason(StrEnum):
    """The reason for which a session is paused."""

    ENTRY = "entry"
    BREAKPOINT = "breakpoint"
    STEP = "step"
    ERROR = "error"
    PAUSE = "pause"


class DebugPermission(StrEnum):
    """The permission of a person in a session, from least to most: read, drive, share and end."""

    VIEWER = "viewer"
    OPERATOR = "operator"
    OWNER = "owner"


class DebugSession(Base):
    """A look into one execution and the children that it starts.

    `execution_id` is null in a session that was imported. While paused, `stopped_execution_id`, `stopped_step`,
    `stopped_item` and `stopped_attempt` say where; `mode` and `mode_depth` how an active session will stop next.
    `allowed_key` is the one step instance that a person has let pass since the last stop.
    """

    __tablename__ = "debug_session"
    __table_args__ = (
        CheckConstraint("trace_count >= 0", name="trace_count"),
        CheckConstraint("mode_depth >= 0", name="mode_depth"),
        CheckConstraint("stopped_item >= 0", name="stopped_item"),
        Index(None, "workspace_id", "status", "created_at"),
        Index(None, "execution_id"),
        Index(None, "workflow_id"),
    )

    id: Mapped[Id]
    workspace_id: Mapped[WorkspaceId]
    workflow_id: Mapped[WorkflowId]
    execution_id: Mapped[WorkflowExecutionId | None]
    name: Mapped[Name] = mapped_column(default="")
    owner_id: Mapped[UserId]
    status: Mapped[DebugStatus] = mapped_column(default=DebugStatus.ACTIVE)
    stop_on_entry: Mapped[bool] = mapped_column(default=False)
    stop_on_error: Mapped[bool] = mapped_column(default=False)
    mode: Mapped[DebugMode] = mapped_column(default=DebugMode.CONTINUE)
    mode_depth: Mapped[int] = mapped_column(default=0)
    stop_reason: Mapped[StopReason | None]
    stopped_execution_id: Mapped[WorkflowExecutionId | None]
    stopped_step: Mapped[str | None] = mapped_column(String(200))
    stopped_item: Mapped[int | None]
    stopped_attempt: Mapped[int | None]
    allowed_key: Mapped[str | None] = mapped_column(String(300))
    # no foreign key: a breakpoint may refer to its session, and rows of a circle can't be inserted in any order
    breakpoint_id: Mapped[uuid.UUID | None]
    trace_count: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[CreatedAt]
    paused_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]


class DebugGrant(Base):
    """A person's share in a session; the owner's own is among them."""

    __tablename__ = "debug_grant"
    __table_args__ = (UniqueConstraint("session_id", "user_id"),)

    id: Mapped[Id]
    workspace_id: Mapped[WorkspaceId]
    session_id: Mapped[SessionId]
    user_id: Mapped[UserId]
    permission: Mapped[DebugPermission]
    granted_by: Mapped[UserId | None]
    created_at: Mapped[CreatedAt]


class Breakpoint(Base):
    """A stop before a step of one workflow, for every session on it, or for the one that `session_id` names.

    With `condition`, only where it holds; with `hit_limit`, only that many times; with `log_message` it writes
    the rendered message to the execution's log and does not stop.
    """

    __tablename__ = "breakpoint"
    __table_args__ = (
        CheckConstraint("hit_limit >= 1", name="hit_limit"),
        CheckConstraint("hit_count >= 0", name="hit_count"),
        Index(None, "workspace_id", "workflow_id", "step_key"),
        Index(None, "session_id"),
    )

    id: Mapped[Id]
    workspace_id: Mapped[WorkspaceId]
    workflow_id: Mapped[WorkflowId]
    step_key: Mapped[Name]
    condition: Mapped[LongText | None]
    hit_limit: Mapped[int | None]
    hit_count: Mapped[int] = mapped_column(default=0)
    enabled: Mapped[bool] = mapped_column(default=True)
    log_message: Mapped[LongText | None]
    created_by: Mapped[UserId | None]
    created_at: Mapped[CreatedAt]
    last_hit_at: Mapped[datetime | None]
    session_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("debug_session.id"))


class ExecutionTrace(Base):
    """Input, output and changes of one attempt of a step; `sequence` counts the traces of a session from 1.

    `workflow` is the name of the one that the step belongs to, which may be a child of the session's; null in
    imports that do not say. `diff` is {"added": {..}, "changed": {name: {"old": .., "new": ..}}, "removed": {..}}
    of the variables.
    """

    __tablename__ = "execution_trace"
    __table_args__ = (
        CheckConstraint("duration_seconds >= 0", name="duration_seconds"),
        CheckConstraint("item >= 0", name="item"),
        Index(None, "session_id", "sequence", unique=True),
        Index(None, "execution_id", "step_key", "item", "attempt"),
        Index(None, "workspace_id", "started_at", "duration_seconds"),
    )

    id: Mapped[Id]
    workspace_id: Mapped[WorkspaceId]
    session_id: Mapped[SessionId]
    execution_id: Mapped[WorkflowExecutionId | None]
    sequence: Mapped[int]
    step_key: Mapped[Name]
    item: Mapped[int] = mapped_column(default=0)
    attempt: Mapped[int] = mapped_column(default=1)
    status: Mapped[str] = mapped_column(String(32))
    input: Mapped[Json | None]
    output: Mapped[Json | None]
    error_type: Mapped[str | None] = mapped_column(String(200))
    error_message: Mapped[LongText | None]
    variables_before: Mapped[Json] = mapped_column(default=dict)
    variables_after: Mapped[Json] = mapped_column(default=dict)
    diff: Mapped[Json] = mapped_column(default=dict)
    started_at: Mapped[datetime | None]
    completed_at: Mapped[datetime | None]
    duration_seconds: Mapped[float | None]
    workflow: Mapped[str | None] = mapped_column(String(200))

    session: Mapped[DebugSession] = relationship()


class DebugVariable(Base):
    """One change of a variable by a person while paused; `sequence` counts those of a session from 1.

    `was_set` is false when the variable did not exist before: its old value is then null, but not JSON null.
    """

    __tablename__ = "debug_variable"
    __table_args__ = (
        Index(None, "session_id", "sequence", unique=True),
        Index(None, "workspace_id", "name"),
    )

    id: Mapped[Id]
    workspace_id: Mapped[WorkspaceId]
    session_id: Mapped[SessionId]
    execution_id: Mapped[WorkflowExecutionId | None]
    sequence: Mapped[int]
    name: Mapped[Name]
    was_set: Mapped[bool]
    old_value: Mapped[Json | None]
    new_value: Mapped[Json | None]
    step_key: Mapped[str | None] = mapped_column(String(200))
    changed_by: Mapped[UserId]
    changed_at: Mapped[CreatedAt]

    session: Mapped[DebugSession] = relationship()
