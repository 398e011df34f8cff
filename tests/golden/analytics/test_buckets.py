"""Where buckets begin and end, wherever clocks are odd."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest

from controlplane.analytics.questions.series import select_rolling_failure_rate, select_week_over_week
from controlplane.analytics.sql.buckets import (
    MOST_BUCKETS,
    Bucket,
    bucket_edges,
    day_of,
)
from controlplane.errors import InvalidValueError

MONDAY, HOUR, EDGE = datetime(2026, 1, 5, tzinfo=UTC), timedelta(hours=1), timedelta(microseconds=1)


def test_as_many_buckets_as_allowed_and_one_more():
    width = timedelta(minutes=5)
    options = {"since": MONDAY, "bucket": Bucket.FIVE_MINUTES}
    assert len(bucket_edges(until=MONDAY + MOST_BUCKETS * width, **options)) == 10_001
    with pytest.raises(InvalidValueError):
        bucket_edges(until=MONDAY + (MOST_BUCKETS + 1) * width, **options)


@pytest.mark.parametrize(("field", "year"), [("since", 1), ("until", 9999)])
def test_windows_at_the_ends_of_the_calendar_are_refused(field, year):
    window = {"since": datetime(3, 1, 1, tzinfo=UTC), "until": datetime(9998, 12, 31, tzinfo=UTC)}
    for builder in (select_rolling_failure_rate, select_week_over_week):
        with pytest.raises(InvalidValueError, match=f"{field} can't be"):
            builder(workspace_id=uuid.UUID(int=1), **window | {field: datetime(year, 1, 3, tzinfo=UTC)})


@pytest.mark.parametrize("name", ["Europe/Berlyn", "Europe", "", "../etc/passwd", "\0"])
def test_unknown_time_zone_is_refused(name):
    with pytest.raises(InvalidValueError, match="it must name a time zone"):
        bucket_edges(since=MONDAY, until=MONDAY + HOUR, bucket=Bucket.DAY, timezone=name)


def test_a_day_whose_midnight_comes_twice_begins_with_the_first():
    havana = ZoneInfo("America/Havana")
    first = datetime(2015, 11, 1, 4, tzinfo=UTC)
    assert [each.astimezone(havana).hour for each in (first, first + HOUR)] == [0, 0]
    assert {day_of(first + hours * HOUR, timezone="America/Havana") for hours in range(25)} == {first}


def test_a_day_that_begins_twice():
    put_back, since = datetime(1987, 10, 25, 3, tzinfo=UTC), datetime(1987, 10, 25, 3, 30, tzinfo=UTC)
    edges = bucket_edges(since=since, until=since + 30 * HOUR, bucket=Bucket.DAY, timezone="America/Goose_Bay")
    assert since.astimezone(ZoneInfo("America/Goose_Bay")).date() < put_back.date()
    assert edges == [since, put_back + 25 * HOUR, since + 30 * HOUR]


def test_buckets_of_a_window_that_begins_within_one():
    since = MONDAY + timedelta(minutes=7)
    edges = bucket_edges(since=since, until=MONDAY + 2 * HOUR, bucket=Bucket.HOUR)
    assert edges == [since, MONDAY + HOUR, MONDAY + 2 * HOUR]


def test_a_day_begins_at_the_first_of_two_midnights():
    """In Havana clocks go back from one to midnight: 1 November 2015 had 25 hours."""
    since = datetime(2015, 10, 31, 4, tzinfo=UTC)
    options = {"bucket": Bucket.DAY, "timezone": "America/Havana"}
    edges = bucket_edges(since=since, until=since + timedelta(hours=73), **options)
    assert [edge - since for edge in edges] == [timedelta(hours=number) for number in (0, 24, 49, 73)]
    within = since + timedelta(hours=24, minutes=30)  # the first of two half past midnight
    assert bucket_edges(since=within, until=since + timedelta(hours=49), **options) == [
        within,
        since + timedelta(hours=49),
    ]


# clocks change at midnight, by half an hour, twice a year more, or over a whole day
ODD = ("Africa/Cairo", "Africa/Casablanca", "America/Havana", "America/Sao_Paulo", "Asia/Gaza", "Asia/Kathmandu")


@pytest.mark.parametrize("year", [1994, 2011, 2018, 2024])
@pytest.mark.parametrize(
    "name", [*ODD, "Australia/Lord_Howe", "Europe/Berlin", "Pacific/Apia", "Pacific/Kiritimati"]
)
def test_a_bucket_is_one_day_on_the_wall_and_a_day_is_one_bucket(name, year):
    zone = ZoneInfo(name)
    window = {"since": datetime(year, 1, 1, tzinfo=UTC), "until": datetime(year + 1, 1, 2, tzinfo=UTC)}
    edges = bucket_edges(**window, bucket=Bucket.DAY, timezone=name)
    first, last = ([each.astimezone(zone).date() for each in ends] for ends in (edges, [e - EDGE for e in edges]))
    assert first[:-1] == last[1:]  # a bucket ends on the day on which it began
    assert all(day < following for day, following in pairwise(first[:-1]))
    weeks = bucket_edges(**window, bucket=Bucket.WEEK, timezone=name)
    assert {each.astimezone(zone).weekday() for each in weeks[1:-1]} == {0}
