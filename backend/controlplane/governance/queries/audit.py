"""The history of every record that has states: actor, transition, time and reason."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import Select, and_, or_, select

from controlplane.agents import AGENT, MATURITY
from controlplane.collation import code_points
from controlplane.governance.lifecycle import OF_AN_AGENT
from controlplane.governance.queries.windows import within
from controlplane.models import LifecycleEvent

if TYPE_CHECKING:
    import uuid
    from datetime import datetime

NEWEST_FIRST = (
    *(LifecycleEvent.at.desc(), LifecycleEvent.sequence.desc()),
    *(code_points(LifecycleEvent.record_kind), LifecycleEvent.id),
)


def select_audit_trail(
    *,
    workspace_id: uuid.UUID,
    record_kind: str | None = None,
    record_id: uuid.UUID | None = None,
    actor_id: uuid.UUID | None = None,
    actor_agent_id: uuid.UUID | None = None,
    since: datetime | None = None,
    until: datetime | None = None,
    limit: int = 100,
) -> Select[LifecycleEvent]:
    """Select the transitions in [since, until), newest first, at most `limit`; of one person or agent if named."""
    event = LifecycleEvent
    query = select(event).where(event.workspace_id == workspace_id)
    if record_kind is not None:
        query = query.where(event.record_kind == record_kind)
    if record_id is not None:
        query = query.where(event.record_id == record_id)
    if actor_id is not None:
        query = query.where(event.actor_id == actor_id)
    if actor_agent_id is not None:
        query = query.where(event.actor_agent_id == actor_agent_id)
    query = within(query, event.at, since=since, until=until)
    return query.order_by(*NEWEST_FIRST).limit(limit)


def select_agent_audit_trail(
    *,
    workspace_id: uuid.UUID,
    agent_id: uuid.UUID,
    since: datetime | None = None,
    until: datetime | None = None,
    limit: int = 100,
) -> Select[LifecycleEvent]:
    """Select everything that happened to one agent and to the records about it, newest first.

    That is its status, its maturity, its runs, feedback, blocked triggers, proposals, trainings and supervisions.
    """
    event = LifecycleEvent
    of_the_agent = and_(event.record_kind.in_((AGENT.kind, MATURITY.kind)), event.record_id == agent_id)
    about: list[tuple[str, Any]] = [(item.kind, item.model) for item in OF_AN_AGENT]
    of_its_records = [
        and_(
            event.record_kind == kind,
            event.record_id.in_(
                select(model.id).where(model.workspace_id == workspace_id, model.agent_id == agent_id)
            ),
        )
        for kind, model in about
    ]
    query = select(event).where(event.workspace_id == workspace_id, or_(of_the_agent, *of_its_records))
    query = within(query, event.at, since=since, until=until)
    return query.order_by(*NEWEST_FIRST).limit(limit)
