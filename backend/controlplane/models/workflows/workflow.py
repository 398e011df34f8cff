"""A workflow: its versions, and the steps of each version. A version never changes once it is written."""

from __future__ import annotations

import uuid
from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from controlplane import clock
from controlplane.models.declarative import Base, CreatedAt, Id, Json, LongText, Name, UserId, WorkspaceId


class StepKind(StrEnum):
    """The type of a step."""

    TASK = "task"
    HTTP = "http"
    CONDITION = "condition"
    PARALLEL = "parallel"
    JOIN = "join"
    MAP = "map"
    APPROVAL = "approval"
    WAIT = "wait"
    CANVAS = "canvas"
    AGENT = "agent"
    WORKFLOW = "workflow"


class Workflow(Base):
    """A named workflow; what it does is in its versions, `latest_version` being the newest."""

    __tablename__ = "workflow"
    __table_args__ = (
        UniqueConstraint("workspace_id", "name"),
        CheckConstraint("latest_version >= 1", name="latest_version"),
    )

    id: Mapped[Id]
    workspace_id: Mapped[WorkspaceId]
    name: Mapped[Name]
    description: Mapped[LongText] = mapped_column(default="")
    latest_version: Mapped[int] = mapped_column(default=1)
    created_by: Mapped[UserId | None]
    created_at: Mapped[CreatedAt]
    updated_at: Mapped[datetime] = mapped_column(default=clock.now, onupdate=clock.now)


class WorkflowVersion(Base):
    """One immutable version: the whole definition as data; `digest` tells whether an edit changes anything."""

    __tablename__ = "workflow_version"
    __table_args__ = (
        UniqueConstraint("workflow_id", "version"),
        CheckConstraint("version >= 1", name="version"),
    )

    id: Mapped[Id]
    workspace_id: Mapped[WorkspaceId]
    workflow_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("workflow.id"))
    version: Mapped[int]
    definition: Mapped[Json]
    digest: Mapped[str] = mapped_column(String(64))
    created_by: Mapped[UserId | None]
    created_at: Mapped[CreatedAt]

    workflow: Mapped[Workflow] = relationship()


class WorkflowStep(Base):
    """One step of one version, in definition order by `position`; for queries, the engine reads the definition.

    `depends_on` lists every step with an edge into it, also those that name it in a branch.
    """

    __tablename__ = "workflow_step"
    __table_args__ = (
        UniqueConstraint("version_id", "key"),
        UniqueConstraint("version_id", "position"),
        CheckConstraint("position >= 0", name="position"),
        CheckConstraint("timeout_seconds > 0", name="timeout_seconds"),
    )

    id: Mapped[Id]
    workspace_id: Mapped[WorkspaceId]
    version_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("workflow_version.id"))
    position: Mapped[int]
    key: Mapped[Name]
    kind: Mapped[StepKind]
    name: Mapped[Name] = mapped_column(default="")
    parameters: Mapped[Json] = mapped_column(default=dict)
    depends_on: Mapped[Json] = mapped_column(default=list)
    condition: Mapped[LongText | None]
    retry_policy: Mapped[Json | None]
    timeout_seconds: Mapped[float | None]
    continue_on_error: Mapped[bool] = mapped_column(default=False)
    compensation: Mapped[Json | None]

    version: Mapped[WorkflowVersion] = relationship()
