"""Blocked triggers: by agent and time, and the queue of those that wait for a supervisor."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import ColumnElement, Select, Update, select, update

from controlplane.governance.constants import HIGHEST_PRIORITY, QUEUE_ATTEMPTS
from controlplane.governance.queries.windows import within
from controlplane.models import (
    Agent,
    AgentStatus,
    BlockedTrigger,
    Maturity,
    RoutingDecision,
    TriggerSource,
    TriggerStatus,
)

if TYPE_CHECKING:
    import uuid
    from datetime import datetime


def select_trigger(*, workspace_id: uuid.UUID, trigger_id: uuid.UUID) -> Select[BlockedTrigger]:
    """Select one blocked trigger of the workspace."""
    return select(BlockedTrigger).where(
        BlockedTrigger.workspace_id == workspace_id, BlockedTrigger.id == trigger_id
    )


def select_triggers(
    *,
    workspace_id: uuid.UUID,
    agent_id: uuid.UUID | None = None,
    source: TriggerSource | None = None,
    decision: RoutingDecision | None = None,
    resolved: bool | None = None,
    since: datetime | None = None,
    until: datetime | None = None,
    limit: int = 50,
) -> Select[BlockedTrigger]:
    """Select triggers that were blocked in [since, until), newest first, at most `limit`."""
    trigger = BlockedTrigger
    query = select(trigger).where(trigger.workspace_id == workspace_id)
    if agent_id is not None:
        query = query.where(trigger.agent_id == agent_id)
    if source is not None:
        query = query.where(trigger.trigger_source == source)
    if decision is not None:
        query = query.where(trigger.routing_decision == decision)
    if resolved is not None:
        query = query.where(trigger.resolved.is_(resolved))
    query = within(query, trigger.created_at, since=since, until=until)
    return query.order_by(trigger.created_at.desc(), trigger.id).limit(limit)


def select_open_triggers_of_proposal(*, workspace_id: uuid.UUID, proposal_id: uuid.UUID) -> Select[BlockedTrigger]:
    """Select the unresolved triggers that wait for one proposal."""
    return (
        select(BlockedTrigger)
        .where(
            BlockedTrigger.workspace_id == workspace_id,
            BlockedTrigger.proposal_id == proposal_id,
            BlockedTrigger.status != TriggerStatus.RESOLVED,
        )
        .order_by(BlockedTrigger.created_at, BlockedTrigger.id)
    )


def select_queue(*, workspace_id: uuid.UUID, now: datetime, limit: int = 50) -> Select[BlockedTrigger]:
    """Select what a supervisor could take at `now`, in the order of the queue: priority, then age.

    Left out are the expired, those tried three times, and those whose agent is not active or not supervised now.
    """
    trigger = BlockedTrigger
    return (
        select(trigger)
        .join(Agent, Agent.id == trigger.agent_id)
        .where(
            trigger.workspace_id == workspace_id,
            trigger.routing_decision == RoutingDecision.SUPERVISION,
            trigger.status == TriggerStatus.WAITING,
            trigger.expires_at > now,
            trigger.attempts < QUEUE_ATTEMPTS,
            Agent.status == AgentStatus.ACTIVE,
            Agent.maturity_level == Maturity.SUPERVISED,
        )
        .order_by(trigger.priority.desc(), trigger.created_at, trigger.id)
        .limit(limit)
    )


def select_next_in_queue(*, workspace_id: uuid.UUID, now: datetime) -> Select[BlockedTrigger]:
    """Select and lock the head of the queue; two concurrent supervisors get two different triggers."""
    query = select_queue(workspace_id=workspace_id, now=now, limit=1)
    return query.with_for_update(of=BlockedTrigger, skip_locked=True, key_share=True)


def select_overdue_triggers(*, workspace_id: uuid.UUID, now: datetime) -> Select[BlockedTrigger]:
    """Select and lock the queued triggers that were not claimed in time."""
    trigger = BlockedTrigger
    return (
        select(trigger)
        .where(
            trigger.workspace_id == workspace_id,
            trigger.status == TriggerStatus.WAITING,
            trigger.routing_decision == RoutingDecision.SUPERVISION,
            trigger.expires_at <= now,
        )
        .order_by(trigger.created_at, trigger.id)
        .with_for_update(skip_locked=True, key_share=True)
    )


def escalate_waiting(*, workspace_id: uuid.UUID, before: datetime) -> Update:
    """Give the highest priority to the queued triggers that were blocked at or before an instant."""
    trigger = BlockedTrigger
    return (
        update(trigger)
        .where(trigger.workspace_id == workspace_id, *waits_unescalated(before))
        .values(priority=HIGHEST_PRIORITY)
        .execution_options(synchronize_session=False)
    )


def waits_unescalated(before: datetime) -> tuple[ColumnElement[bool], ...]:
    """Return the conditions of queued triggers that were blocked at or before an instant and are not escalated."""
    trigger = BlockedTrigger
    return (
        trigger.status == TriggerStatus.WAITING,
        trigger.routing_decision == RoutingDecision.SUPERVISION,
        trigger.created_at <= before,
        trigger.priority < HIGHEST_PRIORITY,
    )
