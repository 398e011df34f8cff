"""How many runs are under way at once, as a step function and per bucket.

A run is under way in [started_at, completed_at), paused or not; one without an end is under way until `now`. One
that ended in the microsecond in which it began never is.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import Integer, and_, case, cast, func, literal, null, or_, select, union_all

from controlplane.analytics.buckets import Bucket, bucket_table
from controlplane.analytics.portable import Rows, at, seconds_between, total
from controlplane.models import AgentExecution

if TYPE_CHECKING:
    import uuid
    from datetime import datetime

    from sqlalchemy import FromClause, Subquery


def select_concurrency_steps(*, workspace_id: uuid.UUID, since: datetime, until: datetime, now: datetime) -> Rows:
    """Select every instant of [since, until) at which the number of runs under way changes, and that number.

    The first row is `since` itself. An instant at which as many runs end as begin is left out.
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
    """
    buckets = bucket_table(since=since, until=until, bucket=bucket, timezone=timezone)
    firsts = select(buckets.c.start_at.label("instant"), literal(0).label("change"), buckets.c.number)
    levels = _levels(_changes(workspace_id=workspace_id, since=since, until=until, now=now), firsts)
    lasted = seconds_between(levels.c.instant, func.coalesce(levels.c.next_instant, at(until)))
    return (
        select(
            buckets.c.start_at,
            buckets.c.end_at,
            func.max(levels.c.running).label("peak"),
            (func.sum(levels.c.running * lasted) / func.sum(lasted)).label("mean"),
        )
        .join(levels, levels.c.number == buckets.c.number)
        .group_by(buckets.c.number, buckets.c.start_at, buckets.c.end_at)
        .order_by(buckets.c.start_at)
    )


def _changes(*, workspace_id: uuid.UUID, since: datetime, until: datetime, now: datetime) -> Rows:
    """Select +1 where a run begins and -1 where it ends, cut to the window."""
    run = AgentExecution
    ended = func.coalesce(run.completed_at, at(now))
    touches = and_(
        run.workspace_id == workspace_id,
        run.started_at < min(until, now),
        # not `ended > since`: written so, both halves can use the index on completed_at
        or_(run.completed_at > since, and_(run.completed_at.is_(None), at(now) > since)),
        ended > run.started_at,
    )
    began = case((run.started_at < since, at(since)), else_=run.started_at)
    begins = select(began.label("instant"), literal(1).label("change")).where(touches)
    ends = select(ended.label("instant"), literal(-1).label("change")).where(touches, ended < until)
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
