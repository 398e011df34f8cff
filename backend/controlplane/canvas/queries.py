"""The questions about canvases, and the one statement that changes their content."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import Select, Update, select, update

from controlplane.models import Canvas, CanvasAction, CanvasAudit, CanvasStatus

if TYPE_CHECKING:
    import uuid
    from datetime import datetime


def select_canvas(*, workspace_id: uuid.UUID, canvas_id: uuid.UUID, lock: bool = False) -> Select[Canvas]:
    """Select one canvas of the workspace; with `lock`, against concurrent changes."""
    query = select(Canvas).where(Canvas.workspace_id == workspace_id, Canvas.id == canvas_id)
    return query.with_for_update() if lock else query


def select_canvases(
    *,
    workspace_id: uuid.UUID,
    status: CanvasStatus | None = None,
    type: str | None = None,  # noqa: A002  the column's name
    owner_id: uuid.UUID | None = None,
    limit: int = 50,
) -> Select[Canvas]:
    """Select the workspace's canvases, the last changed first, at most `limit`."""
    query = select(Canvas).where(Canvas.workspace_id == workspace_id)
    if status is not None:
        query = query.where(Canvas.status == status)
    if type is not None:
        query = query.where(Canvas.type == type)
    if owner_id is not None:
        query = query.where(Canvas.owner_id == owner_id)
    return query.order_by(Canvas.updated_at.desc(), Canvas.id).limit(limit)


def select_audit_trail(
    *, workspace_id: uuid.UUID, canvas_id: uuid.UUID, action: CanvasAction | None = None
) -> Select[CanvasAudit]:
    """Select what was done to one canvas, oldest first."""
    query = select(CanvasAudit).where(CanvasAudit.workspace_id == workspace_id, CanvasAudit.canvas_id == canvas_id)
    if action is not None:
        query = query.where(CanvasAudit.action == action)
    return query.order_by(CanvasAudit.sequence)


def revise_canvas(
    *, workspace_id: uuid.UUID, canvas_id: uuid.UUID, revision: int, now: datetime, **values: Any
) -> Update:
    """Take an open canvas from `revision` to the next, setting `values`; match no row if it has moved on."""
    return (
        update(Canvas)
        .where(
            Canvas.workspace_id == workspace_id,
            Canvas.id == canvas_id,
            Canvas.status == CanvasStatus.OPEN,
            Canvas.revision == revision,
        )
        .values(revision=revision + 1, updated_at=now, **values)
        .execution_options(synchronize_session=False)
    )
