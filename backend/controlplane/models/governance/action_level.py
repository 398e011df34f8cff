"""The levels that a workspace has set for actions."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, Index
from sqlalchemy.orm import Mapped

from controlplane.models.declarative import Base, CreatedAt, Id, Name, UserId, WorkspaceId


class WorkspaceActionLevel(Base):
    """The level that an action has in one workspace; `action` is spelled in small letters with underscores."""

    __tablename__ = "action_level"
    __table_args__ = (
        CheckConstraint("level BETWEEN 1 AND 4", name="level"),
        Index(None, "workspace_id", "action", unique=True),
    )

    id: Mapped[Id]
    workspace_id: Mapped[WorkspaceId]
    action: Mapped[Name]
    level: Mapped[int]
    set_by: Mapped[UserId]
    set_at: Mapped[CreatedAt]
