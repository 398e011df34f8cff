"""Windows cut into buckets; the list is made when the statement is built, so no answer lacks one.

A statement joins its rows to the list by range. The database then reads one range of the index per bucket and
computes nothing per row; days of 23 and 25 hours, leap days and ISO weeks are settled here, in Python.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from sqlalchemy import func, select

from controlplane import clock
from controlplane.analytics.sql.portable import instants_table
from controlplane.errors import InvalidValueError

if TYPE_CHECKING:
    from sqlalchemy import Subquery

MOST_BUCKETS = 10_000  # more points than any chart shows; a wider bucket is meant

YEARS = range(2, 9999)  # the calendar of Python ends with the years 1 and 9999


class Bucket(StrEnum):
    """The width of a bucket."""

    FIVE_MINUTES = "5min"
    HOUR = "hour"
    DAY = "day"
    WEEK = "week"


WHOLE_DAYS = (Bucket.DAY, Bucket.WEEK)
_FIXED = {Bucket.FIVE_MINUTES: timedelta(minutes=5), Bucket.HOUR: timedelta(hours=1)}
_DAYS = {Bucket.DAY: 1, Bucket.WEEK: 7}


def bucket_edges(*, since: datetime, until: datetime, bucket: Bucket, timezone: str = "UTC") -> list[datetime]:
    """List where the buckets of [since, until) begin, and last where the last one ends.

    Days begin at midnight and weeks on Monday (ISO 8601) in `timezone`; 5 minutes and hours are cut in UTC.
    The first and the last bucket are shorter when the window is not cut at their edges.

    Raises:
        InvalidValueError: the window is empty or reversed, has more than MOST_BUCKETS buckets, or lies where
            calendars end; the time zone is unknown.
    """
    since, until = _dated(since, field="since"), _dated(until, field="until")
    if since >= until:
        raise InvalidValueError(field="until", value=until.isoformat(), rule="it must come after since")
    edges, zone = [since], _zone(timezone)
    edge = _first_edge(since, bucket=bucket, zone=zone)
    for _ in range(MOST_BUCKETS):
        edge = _next_edge(edge, bucket=bucket, zone=zone)
        if edge >= until:
            return [*edges, until]
        if edge > since:  # clocks may be put back over midnight, and a day begin twice
            edges.append(edge)
    rule = f"the window has more than {MOST_BUCKETS} of them; choose a wider one, or a shorter window"
    raise InvalidValueError(field="bucket", value=bucket.value, rule=rule)


def of_whole_days(bucket: Bucket) -> Bucket:
    """Return a bucket that is cut where days begin, as what is kept by day needs it.

    Raises:
        InvalidValueError: the bucket is narrower than a day.
    """
    if bucket not in WHOLE_DAYS:
        raise InvalidValueError(field="bucket", value=bucket, rule="sums are kept of whole days: a day or a week")
    return Bucket(bucket)


def day_of(instant: datetime, *, timezone: str = "UTC") -> datetime:
    """Return the midnight in `timezone` with which the day of `instant` begins."""
    return _first_edge(_dated(instant, field="since"), bucket=Bucket.DAY, zone=_zone(timezone))


def _zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError) as error:  # not known; not a name; a folder of names
        rule = "it must name a time zone, such as Europe/Berlin"
        raise InvalidValueError(field="timezone", value=name, rule=rule) from error


def _dated(instant: datetime, *, field: str) -> datetime:
    """Return an instant in UTC that has a week before it and behind it."""
    if instant.year not in YEARS:
        rule = f"buckets are cut in the years {YEARS[0]} to {YEARS[-1]}"
        raise InvalidValueError(field=field, value=instant.isoformat(), rule=rule)
    return clock.as_utc(instant)


def _first_edge(instant: datetime, *, bucket: Bucket, zone: ZoneInfo) -> datetime:
    """Find the last edge that is not after `instant`."""
    if bucket in _FIXED:
        epoch = datetime(1970, 1, 1, tzinfo=UTC)
        return instant - (instant - epoch) % _FIXED[bucket]
    day = instant.astimezone(zone).replace(hour=0, minute=0, second=0, microsecond=0, fold=0)
    if bucket is Bucket.WEEK:
        day -= timedelta(days=day.weekday())
    return day.astimezone(UTC)


def _next_edge(edge: datetime, *, bucket: Bucket, zone: ZoneInfo) -> datetime:
    if bucket in _FIXED:
        return edge + _FIXED[bucket]
    # wall-clock arithmetic: the same midnight, however many hours away; noon is far from any change of clocks
    noon = edge.astimezone(zone) + timedelta(hours=12)
    midnight = (noon + timedelta(days=_DAYS[bucket])).replace(hour=0, fold=0)
    return midnight.astimezone(UTC)


def bucket_table(*, since: datetime, until: datetime, bucket: Bucket, timezone: str = "UTC") -> Subquery:
    """Make a table of the buckets of [since, until): `start_at`, `end_at` and `number`, from 0."""
    edges = bucket_edges(since=since, until=until, bucket=bucket, timezone=timezone)
    return table_of_edges(edges)


def table_of_edges(edges: list[datetime]) -> Subquery:
    """Make a table of the spans between neighbouring edges: `start_at`, `end_at` and `number`, from 0."""
    edge = instants_table(edges, name="edge")
    start: Any = edge.c.value
    spans = select(
        start.label("start_at"),
        func.lead(start, type_=start.type).over(order_by=start).label("end_at"),
        (func.row_number().over(order_by=start) - 1).label("number"),
    ).subquery("span")
    return select(spans).where(spans.c.end_at.is_not(None)).subquery("bucket")
