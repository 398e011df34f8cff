"""The verbs of every lifecycle: begin a record, move it, record a change beside its states."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from controlplane import clock
from controlplane.errors import IllegalTransitionError, LostRaceError
from controlplane.lifecycle.queries import advance_status, insert_event, select_status
from controlplane.lookup import get_one

if TYPE_CHECKING:
    import uuid
    from enum import StrEnum
    from typing import Unpack

    from sqlalchemy import CursorResult
    from sqlalchemy.orm import Session

    from controlplane.lifecycle.actor import Actor
    from controlplane.lifecycle.table import Lifecycle


def begin(
    session: Session,
    lifecycle: Lifecycle[Any],
    record: Any,
    *,
    reason: str | None = None,
    **actor: Unpack[Actor],
) -> None:
    """Insert `record` and its first event; its status must be one in which records of its kind begin."""
    status = lifecycle.status_of(record)
    if status not in lifecycle.initial:
        raise ValueError(f"a {lifecycle.kind} begins as one of {lifecycle.initial}, not as {status!r}")
    session.add(record)
    session.flush()
    _write_event(session, lifecycle, record, from_status=None, to=status, reason=reason, **actor)


def transition(
    session: Session,
    lifecycle: Lifecycle[Any],
    record: Any,
    *,
    to: StrEnum,
    only_from: StrEnum | None = None,
    actor_id: uuid.UUID | None = None,
    actor_agent_id: uuid.UUID | None = None,
    reason: str | None = None,
    **values: Any,
) -> None:
    """Move `record` to `to`, set `values`, and write the event, all in the caller's transaction.

    The status that counts is the database's, read under a lock, not the one in memory. `only_from` narrows the
    table to one of its arrows, for a verb that is not for all of them (resuming is not starting).

    Raises:
        IllegalTransitionError: the table has no such arrow; nothing is written.
        LostRaceError: it had one from the status that the caller saw, but the record was changed concurrently.
        NotFoundError: the workspace has no such record.
    """
    session.flush()
    seen = lifecycle.status_of(record)
    key = {"record_id": record.id, "workspace_id": record.workspace_id}
    current = get_one(session, select_status(lifecycle, **key), record=lifecycle.kind, id=record.id)
    sources = tuple(status for status in lifecycle.sources(to) if only_from in (None, status))
    if current not in sources and seen in sources:
        raise LostRaceError(record=lifecycle.kind, id=record.id, from_status=seen, to_status=to)
    if current not in sources:
        raise IllegalTransitionError(record=lifecycle.kind, id=record.id, from_status=current, to_status=to)
    result = cast(
        "CursorResult[Any]",
        session.execute(advance_status(lifecycle, **key, sources=sources, to=to, values=values)),
    )
    if result.rowcount != 1:
        raise LostRaceError(record=lifecycle.kind, id=record.id, from_status=current, to_status=to)
    actor: Actor = {"actor_id": actor_id, "actor_agent_id": actor_agent_id}
    _write_event(session, lifecycle, record, from_status=current, to=to, reason=reason, **actor)
    session.refresh(record)


def _write_event(
    session: Session,
    lifecycle: Lifecycle[Any],
    record: Any,
    *,
    from_status: StrEnum | None,
    to: StrEnum,
    reason: str | None,
    **actor: Unpack[Actor],
) -> None:
    session.execute(
        insert_event(
            record_kind=lifecycle.kind,
            record_id=record.id,
            workspace_id=record.workspace_id,
            from_status=from_status,
            to_status=to,
            actor_id=actor.get("actor_id"),
            actor_agent_id=actor.get("actor_agent_id"),
            reason=reason,
            at=clock.now(),
        )
    )


def record_change(
    session: Session,
    *,
    record_kind: str,
    record_id: uuid.UUID,
    workspace_id: uuid.UUID,
    from_status: str | None,
    to_status: str,
    actor_id: uuid.UUID,
    reason: str,
) -> None:
    """Write the event of a change that is audited but that no lifecycle guards (a role, a level)."""
    session.execute(
        insert_event(
            record_kind=record_kind,
            record_id=record_id,
            workspace_id=workspace_id,
            from_status=from_status,
            to_status=to_status,
            actor_id=actor_id,
            actor_agent_id=None,
            reason=reason,
            at=clock.now(),
        )
    )
