"""Questions about triggers that governance held back: whose, from where, sent where, for how long.

A record belongs to a window by `created_at`. Ratios over nothing are null.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import case, func, select

from controlplane.analytics.sql.distribution import distribution, statistics
from controlplane.analytics.sql.enum_counts import count_by_member
from controlplane.analytics.sql.portable import (
    Rows,
    by_key,
    record_scope,
    seconds_between,
)
from controlplane.collation import code_points
from controlplane.models import Agent, BlockedTrigger, ResolutionOutcome, RoutingDecision, TriggerSource

if TYPE_CHECKING:
    import uuid
    from datetime import datetime


def select_blocked_triggers_by_agent(
    *, workspace_id: uuid.UUID, since: datetime | None = None, until: datetime | None = None
) -> Rows:
    """Select, per agent that was held back, how often in all and by decision, and how many are unresolved.

    Deleted agents count.

    Window: `created_at`.
    Columns: `agent_id`, `agent` who; `blocked`, `training`, `proposal`, `supervision`, `execution`, `unresolved`
        counts.
    Null: nothing.
    Order: most often first; equal numbers by name and id.
    """
    trigger = BlockedTrigger
    blocked = (
        select(
            trigger.agent_id,
            func.count().label("blocked"),
            *(
                func.count().filter(trigger.routing_decision == decision).label(decision.value)
                for decision in RoutingDecision
            ),
            func.count().filter(trigger.resolved_at.is_(None)).label("unresolved"),
        )
        .where(record_scope(trigger, workspace_id=workspace_id, since=since, until=until))
        .group_by(trigger.agent_id)
        .subquery("blocked")
    )
    labels = ("blocked", *(decision.value for decision in RoutingDecision), "unresolved")
    return (
        select(Agent.id.label("agent_id"), Agent.name.label("agent"), *(blocked.c[label] for label in labels))
        .join(blocked, by_key(Agent, blocked.c.agent_id, workspace_id=workspace_id))
        .order_by(blocked.c.blocked.desc(), code_points(Agent.name), Agent.id)
    )


def select_blocked_triggers_by_source(
    *, workspace_id: uuid.UUID, since: datetime | None = None, until: datetime | None = None
) -> Rows:
    """Select, for every trigger source, how many of its triggers were held back, and their share.

    Window: `created_at`.
    Columns: `trigger_source`; `triggers` count, 0 too; `share` 0..1.
    Null: every share, over no triggers at all (0/0).
    Order: that of TriggerSource; no ties.
    """
    scope = record_scope(BlockedTrigger, workspace_id=workspace_id, since=since, until=until)
    return count_by_member(
        TriggerSource, BlockedTrigger.trigger_source, scope=scope, label="trigger_source", number="triggers"
    )


def select_blocked_triggers_by_decision(
    *, workspace_id: uuid.UUID, since: datetime | None = None, until: datetime | None = None
) -> Rows:
    """Select, for every routing decision, how many triggers it was made for, and their share.

    Window: `created_at`.
    Columns: `routing_decision`; `triggers` count, 0 too; `share` 0..1.
    Null: every share, over no triggers at all (0/0).
    Order: that of RoutingDecision; no ties.
    """
    scope = record_scope(BlockedTrigger, workspace_id=workspace_id, since=since, until=until)
    return count_by_member(
        RoutingDecision, BlockedTrigger.routing_decision, scope=scope, label="routing_decision", number="triggers"
    )


def select_resolution_outcomes(
    *, workspace_id: uuid.UUID, since: datetime | None = None, until: datetime | None = None
) -> Rows:
    """Select, for every way in which a blocked trigger can end, how many did, and their share of those that ended.

    Window: `created_at`.
    Columns: `resolution_outcome`; `triggers` count, 0 too; `share` 0..1.
    Null: every share, where none has ended (0/0).
    Order: that of ResolutionOutcome; no ties.
    """
    scope = record_scope(BlockedTrigger, workspace_id=workspace_id, since=since, until=until)
    return count_by_member(
        ResolutionOutcome,
        BlockedTrigger.resolution_outcome,
        scope=scope,
        label="resolution_outcome",
        number="triggers",
    )


def select_time_to_resolution(
    *, workspace_id: uuid.UUID, since: datetime | None = None, until: datetime | None = None
) -> Rows:
    """Select, per routing decision with a resolved trigger, the time from block to resolution.

    Window: `created_at`.
    Columns: `routing_decision`; `samples` count; `mean`, `minimum`, `median`, `p95`, `p99`, `maximum` seconds.
    Null: nothing; unresolved triggers are left out.
    Order: that of RoutingDecision; no ties.
    """
    resolved = (
        select(
            BlockedTrigger.routing_decision,
            seconds_between(BlockedTrigger.created_at, BlockedTrigger.resolved_at).label("seconds"),
        )
        .where(
            record_scope(BlockedTrigger, workspace_id=workspace_id, since=since, until=until),
            BlockedTrigger.resolved_at.is_not(None),
        )
        .subquery("resolved")
    )
    spread = distribution(resolved, by=("routing_decision",), value="seconds", name="spread")
    order = case(*((spread.c.routing_decision == each.value, place) for place, each in enumerate(RoutingDecision)))
    return select(spread.c.routing_decision, spread.c.samples, *statistics(spread)).order_by(order)
