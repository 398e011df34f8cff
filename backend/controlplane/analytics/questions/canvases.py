"""Questions about canvases: what is done to them, which are in use, and the whole trail of one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import and_, func, select

from controlplane.analytics.sql.portable import (
    Rows,
    at,
    by_key,
    in_window,
    ratio,
    seconds_between,
)
from controlplane.collation import code_points
from controlplane.models import Canvas, CanvasAction, CanvasAudit, CanvasStatus

if TYPE_CHECKING:
    import uuid
    from datetime import datetime

    from sqlalchemy import ColumnElement


def _scope(*, workspace_id: uuid.UUID, since: datetime | None, until: datetime | None) -> ColumnElement[bool]:
    return and_(CanvasAudit.workspace_id == workspace_id, in_window(CanvasAudit.at, since=since, until=until))


def _actions() -> list[ColumnElement[int]]:
    """Count the actions of a group, one column for each."""
    return [func.count().filter(CanvasAudit.action == action).label(action.value) for action in CanvasAction]


def select_canvas_actions_by_type(
    *, workspace_id: uuid.UUID, since: datetime | None = None, until: datetime | None = None
) -> Rows:
    """Select, per type of canvas with an action in the window: canvases, actions by kind, share of all actions.

    Window: the `at` of the action.
    Columns: `type`; `canvases`, `actions`, `present`, `update`, `submit`, `close` counts; `share` 0..1.
    Null: nothing.
    Order: most actions first; equal numbers by type.
    """
    number = func.count()
    return (
        select(
            Canvas.type,
            func.count(CanvasAudit.canvas_id.distinct()).label("canvases"),
            number.label("actions"),
            *_actions(),
            ratio(number, func.sum(number).over()).label("share"),
        )
        .join(Canvas, by_key(Canvas, CanvasAudit.canvas_id, workspace_id=workspace_id))
        .where(_scope(workspace_id=workspace_id, since=since, until=until))
        .group_by(Canvas.type)
        .order_by(number.desc(), code_points(Canvas.type))
    )


def select_canvas_actions(
    *, workspace_id: uuid.UUID, limit: int, since: datetime | None = None, until: datetime | None = None
) -> Rows:
    """Select the `limit` canvases with the most actions in the window: actions by kind, people, last action.

    Window: the `at` of the action.
    Columns: `canvas_id`, `type`, `status` which; `actions`, `present`, `update`, `submit`, `close`, `users`
        counts; `last_at` UTC.
    Null: nothing.
    Order: most actions first; equal numbers by id.
    """
    number = func.count()
    return (
        select(
            Canvas.id.label("canvas_id"),
            Canvas.type,
            Canvas.status,
            number.label("actions"),
            *_actions(),
            func.count(CanvasAudit.user_id.distinct()).label("users"),
            func.max(CanvasAudit.at).label("last_at"),
        )
        .join(Canvas, by_key(Canvas, CanvasAudit.canvas_id, workspace_id=workspace_id))
        .where(_scope(workspace_id=workspace_id, since=since, until=until))
        .group_by(Canvas.id, Canvas.type, Canvas.status)
        .order_by(number.desc(), Canvas.id)
        .limit(limit)
    )


def select_active_canvases(*, workspace_id: uuid.UUID, now: datetime, since: datetime | None = None) -> Rows:
    """Select the open canvases on which something was done at or after `since`; closed ones are left out.

    Window: the `at` of the last action, from `since` on.
    Columns: `canvas_id`, `type` which; `actions` count, of all time; `last_at` UTC; `idle_seconds` seconds from
        there to `now`.
    Null: nothing.
    Order: longest idle last; equal times by id.
    """
    last: Any = func.max(CanvasAudit.at)
    active = (
        select(CanvasAudit.canvas_id, func.count().label("actions"), last.label("last_at"))
        .where(CanvasAudit.workspace_id == workspace_id)
        .group_by(CanvasAudit.canvas_id)
        .subquery("active")
    )
    answer = (
        select(
            Canvas.id.label("canvas_id"),
            Canvas.type,
            active.c.actions,
            active.c.last_at,
            seconds_between(active.c.last_at, at(now)).label("idle_seconds"),
        )
        .join(active, active.c.canvas_id == Canvas.id)
        .where(Canvas.workspace_id == workspace_id, Canvas.status == CanvasStatus.OPEN)
        .order_by(active.c.last_at.desc(), Canvas.id)
    )
    return answer if since is None else answer.where(active.c.last_at >= since)
