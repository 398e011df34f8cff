"""An agent: what it is, how far it is trusted, whether it may run."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from controlplane import clock
from controlplane.models.declarative import Base, CreatedAt, Id, Json, LongText, Name, UserId, WorkspaceId
from controlplane.models.identity import User


class Maturity(StrEnum):
    """The maturity of an agent, from least to most trusted."""

    STUDENT = "student"
    INTERN = "intern"
    SUPERVISED = "supervised"
    AUTONOMOUS = "autonomous"


class AgentStatus(StrEnum):
    """The status of an agent: whether it may run, independent of its maturity."""

    ACTIVE = "active"
    PAUSED = "paused"
    STOPPED = "stopped"
    DEPRECATED = "deprecated"
    DELETED = "deleted"


class Agent(Base):
    """A piece of code that acts for people, identified in its workspace by category, module and class."""

    __tablename__ = "agent"
    __table_args__ = (
        UniqueConstraint("workspace_id", "category", "module_path", "class_name"),
        CheckConstraint("confidence_score BETWEEN 0 AND 1", name="confidence_score"),
        Index(None, "workspace_id", "maturity_level", "status"),
    )

    id: Mapped[Id]
    workspace_id: Mapped[WorkspaceId]
    name: Mapped[Name]
    description: Mapped[LongText] = mapped_column(default="")
    category: Mapped[str] = mapped_column(String(100))
    module_path: Mapped[Name]
    class_name: Mapped[Name]
    maturity_level: Mapped[Maturity] = mapped_column(default=Maturity.STUDENT)
    status: Mapped[AgentStatus] = mapped_column(default=AgentStatus.ACTIVE)
    confidence_score: Mapped[float] = mapped_column(default=0.4)
    capabilities: Mapped[Json] = mapped_column(default=list)
    owner_id: Mapped[UserId | None]
    created_at: Mapped[CreatedAt]
    updated_at: Mapped[datetime] = mapped_column(default=clock.now, onupdate=clock.now)

    owner: Mapped[User | None] = relationship()
