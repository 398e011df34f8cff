"""The levels that workspaces have set for actions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import Select, select

from controlplane.collation import code_points
from controlplane.models import WorkspaceActionLevel

if TYPE_CHECKING:
    import uuid


def select_action_level(*, workspace_id: uuid.UUID, action: str) -> Select[WorkspaceActionLevel]:
    """Select the level that a workspace has set for one action, spelled as `key_of` does."""
    record = WorkspaceActionLevel
    return select(record).where(record.workspace_id == workspace_id, record.action == action)


def select_action_levels(*, workspace_id: uuid.UUID) -> Select[WorkspaceActionLevel]:
    """Select every level that a workspace has set, by action."""
    record = WorkspaceActionLevel
    query = select(record).where(record.workspace_id == workspace_id)
    return query.order_by(code_points(record.action), record.id)
