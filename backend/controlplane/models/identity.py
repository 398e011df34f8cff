"""Workspaces, people, and memberships."""

from __future__ import annotations

import uuid
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, synonym

from controlplane.models.declarative import Base, CreatedAt, Id, Name


class Role(StrEnum):
    """The role of a person, from most to least rights."""

    OWNER = "owner"
    ADMIN = "admin"
    TEAM_LEAD = "team_lead"
    MEMBER = "member"
    VIEWER = "viewer"


class MembershipStatus(StrEnum):
    """The status of a membership; an inactive one gives no rights."""

    ACTIVE = "active"
    SUSPENDED = "suspended"
    REMOVED = "removed"


class Workspace(Base):
    """The tenant: no query ever mixes the rows of two of them."""

    __tablename__ = "workspace"
    __table_args__ = (Index(None, "name", unique=True),)

    id: Mapped[Id]
    name: Mapped[Name]


class User(Base):
    """A person."""

    __tablename__ = "user_account"  # `user` is a keyword of PostgreSQL

    id: Mapped[Id]
    email: Mapped[str] = mapped_column(String(320), unique=True)
    name: Mapped[Name]
    role: Mapped[Role]
    specialty: Mapped[str | None] = mapped_column(String(200))


class WorkspaceMember(Base):
    """A person's membership of a workspace; without an active one they neither see nor change anything in it."""

    __tablename__ = "workspace_member"

    workspace_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("workspace.id"), primary_key=True)
    user_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("user_account.id"), primary_key=True, index=True)
    joined_at: Mapped[CreatedAt]
    status: Mapped[MembershipStatus] = mapped_column(default=MembershipStatus.ACTIVE, server_default="active")

    id: Mapped[uuid.UUID] = synonym("user_id")  # lifecycle events name the record by its workspace and this id
