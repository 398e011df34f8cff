"""A canvas: something shown to people, which they fill in; and the trail of what was done to it."""

from __future__ import annotations

import uuid
from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from controlplane import clock
from controlplane.models.declarative import AgentId, Base, CreatedAt, Id, Json, UserId, WorkspaceId


class CanvasStatus(StrEnum):
    """The status of a canvas: open for updates and submissions, or not."""

    OPEN = "open"
    CLOSED = "closed"


class CanvasAction(StrEnum):
    """The actions on a canvas."""

    PRESENT = "present"
    UPDATE = "update"
    SUBMIT = "submit"
    CLOSE = "close"


class Canvas(Base):
    """A chart, form or document with its current content; `revision` counts its changes."""

    __tablename__ = "canvas"
    __table_args__ = (
        CheckConstraint("revision >= 1", name="revision"),
        Index(None, "workspace_id", "status", "type"),
        Index(None, "workflow_execution_id"),
    )

    id: Mapped[Id]
    workspace_id: Mapped[WorkspaceId]
    type: Mapped[str] = mapped_column(String(100))
    component: Mapped[str | None] = mapped_column(String(200))
    content: Mapped[Json]
    status: Mapped[CanvasStatus] = mapped_column(default=CanvasStatus.OPEN)
    revision: Mapped[int] = mapped_column(default=1)
    owner_id: Mapped[UserId | None]
    agent_id: Mapped[AgentId | None]
    workflow_execution_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("workflow_execution.id"))
    created_at: Mapped[CreatedAt]
    updated_at: Mapped[datetime] = mapped_column(default=clock.now)
    closed_at: Mapped[datetime | None]


class CanvasAudit(Base):
    """One thing done to a canvas, by a person or by an agent; rows are only ever added.

    `sequence` counts the actions on one canvas from 1. `content` is what the action brought: the whole content
    when presented, the changes of an update, the data of a submission, null for a close.
    """

    __tablename__ = "canvas_audit"
    __table_args__ = (
        Index(None, "canvas_id", "sequence", unique=True),
        Index(None, "workspace_id", "at", "action"),
    )

    id: Mapped[Id]
    workspace_id: Mapped[WorkspaceId]
    canvas_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("canvas.id"))
    sequence: Mapped[int]
    action: Mapped[CanvasAction]
    content: Mapped[Json]
    user_id: Mapped[UserId | None]
    agent_id: Mapped[AgentId | None]
    workflow_execution_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("workflow_execution.id"))
    step_key: Mapped[str | None] = mapped_column(String(200))
    at: Mapped[CreatedAt]

    canvas: Mapped[Canvas] = relationship()
