"""Who belongs to a workspace."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import Select, select

from controlplane.models import User, WorkspaceMember

if TYPE_CHECKING:
    import uuid


def select_member(*, workspace_id: uuid.UUID, user_id: uuid.UUID) -> Select[User]:
    """Select the person if they belong to the workspace."""
    return (
        select(User)
        .join(WorkspaceMember, WorkspaceMember.user_id == User.id)
        .where(WorkspaceMember.workspace_id == workspace_id, User.id == user_id)
    )
