"""The history of every record that has states."""

from __future__ import annotations

import uuid

from sqlalchemy import CheckConstraint, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from controlplane.models.declarative import AgentId, Base, CreatedAt, Id, LongText, UserId, WorkspaceId


class LifecycleEvent(Base):
    """One state transition of one record; `from_status` is null when the record was made.

    `record_id` names a row of the table that `record_kind` names, so no foreign key can hold it.
    `actor_id` is the person who acted, `actor_agent_id` the agent (an autonomous reviewer); both are null when
    neither did (the engine, an expiry). `sequence` counts the events of one record from 1: two transitions in one
    microsecond keep their order.
    """

    __tablename__ = "lifecycle_event"
    __table_args__ = (
        CheckConstraint("actor_id IS NULL OR actor_agent_id IS NULL", name="one_actor"),
        Index(None, "record_kind", "record_id", "sequence", unique=True),
        Index(None, "workspace_id", "record_kind", "at"),
    )

    id: Mapped[Id]
    workspace_id: Mapped[WorkspaceId]
    record_kind: Mapped[str] = mapped_column(String(64))
    record_id: Mapped[uuid.UUID]
    sequence: Mapped[int]
    from_status: Mapped[str | None] = mapped_column(String(32))
    to_status: Mapped[str] = mapped_column(String(32))
    actor_id: Mapped[UserId | None]
    reason: Mapped[LongText | None]
    at: Mapped[CreatedAt]
    actor_agent_id: Mapped[AgentId | None]
