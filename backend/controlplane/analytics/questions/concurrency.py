"""Concurrent runs per bucket.

A run is under way in [started_at, completed_at), paused or not; one without an end is under way until `now`. One
that ended in the microsecond in which it began never is.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import BigInteger, and_, case, cast, func, literal, null, select, union_all

from controlplane.analytics.sql.buckets import Bucket, bucket_table
from controlplane.analytics.sql.portable import (
    Rows,
    at,
    ratio,
    total,
)
from controlplane.models import AgentExecution
from controlplane.sql_time import microseconds

if TYPE_CHECKING:
    import uuid
    from collections.abc import Callable
    from datetime import datetime

    from sqlalchemy import ColumnElement, FromClause, Subquery

DAY = 86_400_000_000  # microseconds


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
    changes = changes_of_level(
        workspace_id=workspace_id, since=at(since), until=at(until), now=now, clock=microseconds
    )
    levels = levels_by_bucket(buckets, changes)
    return mean_levels(levels).order_by(levels.c.start_at)


def mean_levels(levels: FromClause) -> Rows:
    """Select what `select_concurrency` does from buckets with their `peak` and `busy` microseconds."""
    width = microseconds(levels.c.end_at) - microseconds(levels.c.start_at)
    mean = ratio(levels.c.busy, width).label("mean_running")
    return select(levels.c.start_at, levels.c.end_at, levels.c.peak, mean)


def levels_by_bucket(buckets: FromClause, changes: Rows) -> Subquery:
    """Make a table of neighbouring buckets with their `peak`, and `busy`, the microseconds of all runs in them."""
    per_bucket = _per_bucket(buckets, changes)
    start, end = microseconds(buckets.c.start_at), microseconds(buckets.c.end_at)
    # a change of the level lasts until the bucket ends; days are summed apart, or the sums would overflow
    days = end // DAY * per_bucket.c.change - per_bucket.c.days
    rest = end % DAY * per_bucket.c.change - per_bucket.c.microseconds
    return (
        select(
            buckets.c.start_at,
            buckets.c.end_at,
            per_bucket.c.peak,
            (per_bucket.c.level * (end - start) + days * DAY + rest).label("busy"),
        )
        .join(per_bucket, per_bucket.c.start == start)
        .subquery("by_bucket")
    )


def _per_bucket(buckets: FromClause, changes: Rows) -> Subquery:
    """Make a table of buckets by their `start`: the `level` there, the `peak`, and sums over the changes."""
    mark = microseconds(buckets.c.start_at)
    marks = select(mark.label("instant"), literal(0).label("change"), mark.label("mark"))
    each = changes.subquery("changes")
    marked = union_all(marks, select(each, null())).subquery("marked")
    # runs that end come first, so that one that begins in the same instant is not counted beside them
    in_order: dict[str, Any] = {"order_by": (marked.c.instant, marked.c.change), "rows": (None, 0)}
    levels = select(
        marked,
        func.sum(marked.c.change).over(**in_order).label("running"),
        func.count(marked.c.mark).over(**in_order).label("number"),
    ).subquery("levels")
    parts = {"change": 1, "days": levels.c.instant // DAY, "microseconds": levels.c.instant % DAY}
    return (
        select(
            func.max(levels.c.mark).label("start"),
            cast(func.max(levels.c.running), BigInteger).label("peak"),
            cast(func.max(case((levels.c.mark.is_not(None), levels.c.running))), BigInteger).label("level"),
            *(total(levels.c.change * part).label(label) for label, part in parts.items()),
        )
        .group_by(levels.c.number)
        .subquery("per_bucket")
    )


def changes_of_level(
    *,
    workspace_id: uuid.UUID,
    since: ColumnElement[datetime],
    until: ColumnElement[datetime],
    now: datetime,
    clock: Callable[[Any], Any] = lambda instant: instant,
) -> Rows:
    """Select +1 where a run begins and -1 where it ends, cut to the window, its instants as `clock` gives them."""
    run = AgentExecution
    begun = and_(run.workspace_id == workspace_id, run.started_at < until, run.started_at < at(now))
    # two kinds, not `coalesce(..) > since`: each can use the index on completed_at
    ended = select(run.started_at, run.completed_at.label("ended_at")).where(begun, run.completed_at > since)
    going_on = select(run.started_at, at(now).label("ended_at")).where(
        begun, run.completed_at.is_(None), at(now) > since
    )
    changes = []
    for spans in (ended.subquery("ended"), going_on.subquery("going_on")):
        began = case((spans.c.started_at < since, since), else_=spans.c.started_at)
        changes += [
            select(clock(began).label("instant"), literal(1).label("change")),
            select(clock(spans.c.ended_at), literal(-1)).where(spans.c.ended_at < until),
        ]
    return select(union_all(*changes).subquery("changes"))
