"""The statements that move one record."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import BindParameter, Insert, Select, Update, func, insert, select, update

from controlplane.models import LifecycleEvent

if TYPE_CHECKING:
    import uuid
    from datetime import datetime
    from enum import StrEnum

    from controlplane.lifecycle.table import Lifecycle


def select_status(lifecycle: Lifecycle[Any], *, record_id: uuid.UUID, workspace_id: uuid.UUID) -> Select[Any]:
    """Select the status of one record, and lock the row where the database can.

    The lock leaves the key alone (FOR NO KEY UPDATE): a transaction that has just inserted a row which refers to
    the record holds a share of its key, and two of those would else wait for each other for ever.
    """
    model: Any = lifecycle.model
    status = getattr(model, lifecycle.column)
    query = select(status).where(model.id == record_id, model.workspace_id == workspace_id)
    return query.with_for_update(key_share=True)


def advance_status(
    lifecycle: Lifecycle[Any],
    *,
    record_id: uuid.UUID | BindParameter[uuid.UUID],
    workspace_id: uuid.UUID | BindParameter[uuid.UUID],
    sources: tuple[StrEnum, ...],
    to: StrEnum,
    values: dict[str, Any],
) -> Update:
    """Move one record to `to` if its status is one of `sources`, setting `values` with it; else match no row."""
    model: Any = lifecycle.model
    return (
        update(model)
        .where(
            model.id == record_id,
            model.workspace_id == workspace_id,
            getattr(model, lifecycle.column).in_(sources),
        )
        .values({lifecycle.column: to, **values})
        .execution_options(synchronize_session=False)
    )


def insert_event(
    *,
    record_kind: str,
    record_id: uuid.UUID,
    workspace_id: uuid.UUID,
    from_status: str | None,
    to_status: str,
    actor_id: uuid.UUID | None,
    actor_agent_id: uuid.UUID | None,
    reason: str | None,
    at: datetime,
) -> Insert:
    """Record one transition as the next event of its record."""
    event = LifecycleEvent
    following = (
        select(func.coalesce(func.max(event.sequence), 0) + 1)
        .where(event.record_kind == record_kind, event.record_id == record_id)
        .scalar_subquery()
    )
    return insert(event).values(
        workspace_id=workspace_id,
        record_kind=record_kind,
        record_id=record_id,
        sequence=following,
        from_status=from_status,
        to_status=to_status,
        actor_id=actor_id,
        actor_agent_id=actor_agent_id,
        reason=reason,
        at=at,
    )
