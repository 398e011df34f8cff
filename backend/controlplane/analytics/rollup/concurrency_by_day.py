"""Concurrent runs per day from a rollup: the question, and the statements that refresh the rollup.

A day's level depends on every run that was under way in it, whenever it was asked for, so days are kept and noted
apart from those of `questions`. Days that are not kept are made from the runs, all in one pass from the first of
them to the last.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import and_, delete, exists, func, insert, literal, or_, select

from controlplane import clock
from controlplane.analytics.questions.concurrency import changes_of_level, levels_by_bucket, mean_levels
from controlplane.analytics.sql.buckets import Bucket, bucket_table, of_whole_days
from controlplane.analytics.sql.portable import Rows, at, total
from controlplane.models import ExecutionDayLevel, ExecutionLevelChange
from controlplane.sql_time import microseconds

if TYPE_CHECKING:
    import uuid
    from datetime import datetime

    from sqlalchemy import CTE, ColumnElement, Delete, Insert, Subquery
    from sqlalchemy.sql.dml import ReturningDelete


def select_concurrency(
    *, workspace_id: uuid.UUID, since: datetime, until: datetime, now: datetime, bucket: Bucket
) -> Rows:
    """Select what `concurrency.select_concurrency` does, per day or week of UTC.

    Raises:
        InvalidValueError: the bucket is narrower than a day.
    """
    bucket = of_whole_days(bucket)
    days = _days_by_level(workspace_id=workspace_id, since=since, until=until, now=now)
    if bucket == Bucket.DAY:
        return mean_levels(days).order_by(days.c.start_at)
    buckets = bucket_table(since=since, until=until, bucket=bucket).alias("shown")
    lies_in = and_(days.c.start_at >= buckets.c.start_at, days.c.start_at < buckets.c.end_at)
    levels = (
        select(
            buckets.c.start_at,
            buckets.c.end_at,
            func.max(days.c.peak).label("peak"),
            total(days.c.busy).label("busy"),
        )
        .join(days, lies_in)
        .group_by(buckets.c.start_at, buckets.c.end_at)
        .subquery("by_bucket")
    )
    return mean_levels(levels).order_by(levels.c.start_at)


def _days_by_level(*, workspace_id: uuid.UUID, since: datetime, until: datetime, now: datetime) -> Subquery:
    """Make a table of the days of a window with `peak` and `busy`, kept or made."""
    days = _days_kept(workspace_id=workspace_id, since=since, until=until, now=now)
    missing = days.c.peak.is_(None)
    first = select(func.min(days.c.start_at)).where(missing).scalar_subquery()
    last = select(func.max(days.c.end_at)).where(missing).scalar_subquery()
    passed = select(days.c.start_at, days.c.end_at).where(days.c.start_at >= first, days.c.end_at <= last)
    changes = changes_of_level(workspace_id=workspace_id, since=first, until=last, now=now, clock=microseconds)
    made = levels_by_bucket(passed.subquery("passed"), changes)
    return (
        select(
            days.c.start_at,
            days.c.end_at,
            func.coalesce(days.c.peak, made.c.peak).label("peak"),
            func.coalesce(days.c.busy, made.c.busy).label("busy"),
        )
        .outerjoin(made, and_(missing, made.c.start_at == days.c.start_at))
        .subquery("days")
    )


def _days_kept(*, workspace_id: uuid.UUID, since: datetime, until: datetime, now: datetime) -> CTE:
    """Make a table of the days of a window, with `peak` and `busy` of those that are kept."""
    days = bucket_table(since=since, until=until, bucket=Bucket.DAY)
    # only whole days are kept, and of those after `now` nothing was known then
    midnight = clock.as_utc(min(until, now)).replace(hour=0, minute=0, second=0, microsecond=0)
    kept = and_(
        ExecutionDayLevel.workspace_id == workspace_id,
        ExecutionDayLevel.day == days.c.start_at,
        days.c.start_at < at(midnight),
        ~_is_noted(days.c.start_at, days.c.end_at, workspace_id=workspace_id),
    )
    return (
        select(days.c.start_at, days.c.end_at, ExecutionDayLevel.peak, ExecutionDayLevel.busy)
        .outerjoin(ExecutionDayLevel, kept)
        .cte("kept")
    )


def _is_noted(start: Any, end: Any, *, workspace_id: uuid.UUID) -> ColumnElement[bool]:
    """Return whether the level changed in a span since it was kept."""
    return exists().where(_overlap(start, end, workspace_id=workspace_id))


def _overlap(start: Any, end: Any, *, workspace_id: uuid.UUID) -> ColumnElement[bool]:
    noted = ExecutionLevelChange
    return and_(
        noted.workspace_id == workspace_id,
        noted.since < end,
        or_(noted.until.is_(None), noted.until >= start),
    )


def select_days_kept(*, workspace_id: uuid.UUID, since: datetime, until: datetime) -> Rows:
    """Select the days of a window that are kept and have not changed since."""
    days = bucket_table(since=since, until=until, bucket=Bucket.DAY)
    return (
        select(days.c.start_at)
        .join(
            ExecutionDayLevel,
            and_(ExecutionDayLevel.workspace_id == workspace_id, ExecutionDayLevel.day == days.c.start_at),
        )
        .where(~_is_noted(days.c.start_at, days.c.end_at, workspace_id=workspace_id))
    )


def forget_within(*, workspace_id: uuid.UUID, since: datetime, until: datetime) -> Delete:
    """Delete the notes that say nothing of other days than those of a span."""
    noted = ExecutionLevelChange
    return delete(noted).where(noted.workspace_id == workspace_id, noted.since >= since, noted.until < until)


def forget_across(
    *, workspace_id: uuid.UUID, since: datetime, until: datetime
) -> ReturningDelete[*tuple[Any, ...]]:
    """Delete the other notes about a span, and return their `since` and `until`."""
    noted = ExecutionLevelChange
    across = _overlap(at(since), at(until), workspace_id=workspace_id)
    return delete(noted).where(across).returning(noted.since, noted.until)


def forget_levels(*, workspace_id: uuid.UUID, since: datetime, until: datetime) -> Delete:
    """Delete the levels of a span of days."""
    return delete(ExecutionDayLevel).where(
        ExecutionDayLevel.workspace_id == workspace_id,
        ExecutionDayLevel.day >= since,
        ExecutionDayLevel.day < until,
    )


def store_levels(*, workspace_id: uuid.UUID, since: datetime, until: datetime, now: datetime) -> Insert:
    """Insert the levels of the days of a span, from one midnight to another, all of them over."""
    days = bucket_table(since=since, until=until, bucket=Bucket.DAY)
    changes = changes_of_level(
        workspace_id=workspace_id, since=at(since), until=at(until), now=now, clock=microseconds
    )
    made = levels_by_bucket(days, changes)
    rows = select(literal(workspace_id), made.c.start_at, made.c.peak, made.c.busy, at(now))
    return insert(ExecutionDayLevel).from_select(("workspace_id", "day", "peak", "busy", "built_at"), rows)
