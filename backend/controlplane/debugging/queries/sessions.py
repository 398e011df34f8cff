"""Queries of debug sessions, their grants and stops."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import Select, select

from controlplane.debugging.lifecycle import LIVE
from controlplane.models import (
    DebugGrant,
    DebugSession,
    DebugStatus,
    LifecycleEvent,
)

if TYPE_CHECKING:
    import uuid


def select_session(*, workspace_id: uuid.UUID, session_id: uuid.UUID, lock: bool = False) -> Select[Any]:
    """Select one debug session."""
    query = select(DebugSession).where(DebugSession.workspace_id == workspace_id, DebugSession.id == session_id)
    return query.with_for_update() if lock else query


def select_sessions(
    *,
    workspace_id: uuid.UUID,
    status: DebugStatus | None = None,
    workflow_id: uuid.UUID | None = None,
    owner_id: uuid.UUID | None = None,
    limit: int = 50,
) -> Select[Any]:
    """Select the newest debug sessions of the workspace, of one status, workflow or owner."""
    query = select(DebugSession).where(DebugSession.workspace_id == workspace_id)
    wanted = (
        (DebugSession.status, status),
        (DebugSession.workflow_id, workflow_id),
        (DebugSession.owner_id, owner_id),
    )
    query = query.where(*(column == value for column, value in wanted if value is not None))
    return query.order_by(DebugSession.created_at.desc(), DebugSession.id).limit(limit)


def select_watching(*, workspace_id: uuid.UUID, execution_ids: tuple[uuid.UUID, ...]) -> Select[Any]:
    """Select and lock the live sessions on any of these executions."""
    return (
        select(DebugSession)
        .where(
            DebugSession.workspace_id == workspace_id,
            DebugSession.execution_id.in_(execution_ids),
            DebugSession.status.in_(LIVE),
        )
        .order_by(DebugSession.id)
        .with_for_update()
    )


def select_grant(*, workspace_id: uuid.UUID, session_id: uuid.UUID, user_id: uuid.UUID) -> Select[Any]:
    """Select a person's share in a session."""
    return select(DebugGrant).where(
        DebugGrant.workspace_id == workspace_id,
        DebugGrant.session_id == session_id,
        DebugGrant.user_id == user_id,
    )


def select_grants(*, workspace_id: uuid.UUID, session_id: uuid.UUID) -> Select[Any]:
    """Select everybody's share in a session, the first given first."""
    return (
        select(DebugGrant)
        .where(DebugGrant.workspace_id == workspace_id, DebugGrant.session_id == session_id)
        .order_by(DebugGrant.created_at, DebugGrant.id)
    )


def select_stops(*, workspace_id: uuid.UUID, session_id: uuid.UUID) -> Select[Any]:
    """Select the states that a session went through and when, in order."""
    columns: tuple[Any, ...] = (LifecycleEvent.to_status, LifecycleEvent.at)
    return (
        select(*columns)
        .where(
            LifecycleEvent.workspace_id == workspace_id,
            LifecycleEvent.record_kind == DebugSession.__tablename__,
            LifecycleEvent.record_id == session_id,
        )
        .order_by(LifecycleEvent.sequence)
    )
