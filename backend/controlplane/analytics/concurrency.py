"""How many runs are under way at once, as a step function and per bucket.

A run is under way in [started_at, completed_at), paused or not; one without an end is under way until `now`. One
that ended in the microsecond in which it began never is.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import Integer, and_, case, cast, func, literal, null, or_, select, union_all

from controlplane.analytics.buckets import Bucket, bucket_table
from controlplane.analytics.portable import Rows, at, microseconds, ratio, total
from controlplane.models import AgentExecution

if TYPE_CHECKING:
    import uuid
    from collections.abc import Callable
    from datetime import datetime

    from sqlalchemy import FromClause, Subquery


def select_concurrency_steps(*, workspace_id: uuid.UUID, since: datetime, until: datetime, now: datetime) -> Rows:
    """Select every instant at which the number of runs under way changes, and that number.

    The first row is `since` itself. An instant at which as many runs end as begin is left out.

    Window: the instants lie in it; runs may have begun before.
    Columns: `instant` UTC; `running` count from then on.
    Null: nothing.
    Order: by instant; no ties.
    """
    first = select(at(since).label("instant"), literal(0).label("change"), null().label("number"))
    levels = _levels(_changes(workspace_id=workspace_id, since=since, until=until, now=now), first)
    return (
        select(levels.c.instant, levels.c.running)
        .where(or_(levels.c.change != 0, levels.c.instant == since))
        .order_by(levels.c.instant)
    )


def select_concurrency(
    *,
    workspace_id: uuid.UUID,
    since: datetime,
    until: datetime,
    now: datetime,
    bucket: Bucket,
    timezone: str = "UTC",
) -> Rows:
    """Select, per bucket, the most runs under way at one instant and the mean over time; no bucket is missing.

    Runs under way after `now` are not known: what lies after it counts as 0.

    Window: cut into buckets, which are half-open too; the first and last end with it.
    Columns: `start_at`, `end_at` UTC; `peak` count; `mean_running` runs, weighted by time.
    Null: nothing; without runs both are 0.
    Order: by time; no ties.
    """
    buckets = bucket_table(since=since, until=until, bucket=bucket, timezone=timezone)
    marks = select(microseconds(buckets.c.start_at).label("instant"), literal(0).label("change"), buckets.c.number)
    changes = _changes(workspace_id=workspace_id, since=since, until=until, now=now, clock=microseconds)
    levels = _levels(changes, marks)
    lasted = func.coalesce(levels.c.next_instant, microseconds(at(until))) - levels.c.instant
    per_bucket = (
        select(
            levels.c.number,
            func.max(levels.c.running).label("peak"),
            ratio(func.sum(levels.c.running * lasted), func.sum(lasted)).label("mean"),
        )
        .group_by(levels.c.number)
        .subquery("per_bucket")
    )
    return (
        select(buckets.c.start_at, buckets.c.end_at, per_bucket.c.peak, per_bucket.c.mean.label("mean_running"))
        .join(per_bucket, per_bucket.c.number == buckets.c.number)
        .order_by(buckets.c.start_at)
    )


def _changes(
    *,
    workspace_id: uuid.UUID,
    since: datetime,
    until: datetime,
    now: datetime,
    clock: Callable[[Any], Any] = lambda instant: instant,
) -> Rows:
    """Select +1 where a run begins and -1 where it ends, cut to the window, its instants as `clock` gives them."""
    run = AgentExecution
    begun = and_(run.workspace_id == workspace_id, run.started_at < min(until, now))
    # two arms, not `coalesce(..) > since`: each can use the index on completed_at
    ended = select(run.started_at, run.completed_at.label("ended_at")).where(begun, run.completed_at > since)
    going_on = select(run.started_at, at(now).label("ended_at")).where(
        begun, run.completed_at.is_(None), at(now) > since
    )
    spans = union_all(ended, going_on).cte("spans")
    began = case((spans.c.started_at < since, at(since)), else_=spans.c.started_at)
    begins = select(clock(began).label("instant"), literal(1).label("change"))
    ends = select(clock(spans.c.ended_at).label("instant"), literal(-1).label("change")).where(
        spans.c.ended_at < until
    )
    changes = union_all(begins, ends).subquery("changes")
    return select(changes.c.instant, changes.c.change, null().label("number"))


def _levels(changes: Rows, marks: Rows) -> Subquery:
    """Make a table of instants: runs under way from each to the next, and the mark that it lies under."""
    marked: FromClause = union_all(marks, changes).subquery("marked")
    steps = (
        select(
            marked.c.instant,
            total(marked.c.change).label("change"),
            func.max(marked.c.number, type_=Integer()).label("number"),
        )
        .group_by(marked.c.instant)
        .subquery("steps")
    )
    in_order: dict[str, Any] = {"order_by": steps.c.instant}
    return select(
        steps.c.instant,
        steps.c.change,
        cast(func.sum(steps.c.change).over(**in_order), Integer).label("running"),
        func.max(steps.c.number).over(**in_order).label("number"),
        func.lead(steps.c.instant, type_=steps.c.instant.type).over(**in_order).label("next_instant"),
    ).subquery("levels")
