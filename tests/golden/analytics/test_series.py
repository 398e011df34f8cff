"""Runs over time: gaps, edges of buckets, partial buckets, and the places where calendars are odd."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from controlplane.analytics.questions.series import (
    select_rolling_failure_rate,
    select_runs_over_time,
    select_week_over_week,
)
from controlplane.analytics.sql.buckets import Bucket
from controlplane.errors import InvalidValueError

seeded = pytest.mark.seed("executions")
odd = pytest.mark.seed("time_edges")
BERLIN = "Europe/Berlin"


def utc(*parts):
    return datetime(*parts, tzinfo=UTC)


@seeded
def test_runs_per_day(ask, golden):
    rows = ask(select_runs_over_time, bucket=Bucket.DAY).all()
    assert rows == golden
    assert [row.runs for row in rows] == [4, 2, 3, 2, 5, 2, 2]


@seeded
def test_runs_per_hour_have_no_gaps(ask, golden):
    rows = ask(
        select_runs_over_time, since=utc(2026, 1, 9, 8), until=utc(2026, 1, 9, 13), bucket=Bucket.HOUR
    ).all()
    assert rows == golden.rows
    assert [row.runs for row in rows] == [0, 2, 1, 1, 1]


@seeded
def test_runs_per_five_minutes(ask, golden):
    window = {"since": utc(2026, 1, 7, 9, 55), "until": utc(2026, 1, 7, 10, 10)}
    rows = ask(select_runs_over_time, **window, bucket=Bucket.FIVE_MINUTES).all()
    assert rows == golden.rows
    assert [row.runs for row in rows] == [0, 2, 0]


@seeded
def test_runs_per_week_with_partial_ends(ask, golden):
    rows = ask(
        select_runs_over_time, since=utc(2026, 1, 3), until=utc(2026, 1, 12, 0, 0, 1), bucket=Bucket.WEEK
    ).all()
    assert rows == golden.rows
    assert [row.runs for row in rows] == [1, 20, 1]


@seeded
def test_runs_per_day_of_one_agent(ask, world, golden):
    assert ask(select_runs_over_time, bucket=Bucket.DAY, agent_id=world.agent(2)).all() == golden.rows


@seeded
def test_runs_per_day_without_runs(ask, world, golden):
    assert ask(select_runs_over_time, bucket=Bucket.DAY, workspace_id=world.nobody).all() == golden.rows


@seeded
def test_runs_per_day_of_the_neighbour(ask, world, golden):
    assert ask(select_runs_over_time, bucket=Bucket.DAY, workspace_id=world.neighbour).all() == golden.rows


@seeded
def test_an_empty_window_is_refused(ask, world):
    with pytest.raises(InvalidValueError, match="after since"):
        ask(select_runs_over_time, until=world.monday, bucket=Bucket.DAY)


@seeded
def test_too_many_buckets_are_refused(ask):
    with pytest.raises(InvalidValueError, match="wider"):
        ask(select_runs_over_time, since=utc(2025, 1, 1), bucket=Bucket.FIVE_MINUTES)


@odd
def test_a_leap_day_is_a_day(ask):
    rows = ask(select_runs_over_time, since=utc(2024, 2, 28), until=utc(2024, 3, 2), bucket=Bucket.DAY).all()
    assert [row.runs for row in rows] == [1, 2, 1]


@odd
def test_a_year_ends_within_an_iso_week(ask):
    rows = ask(select_runs_over_time, since=utc(2025, 12, 22), until=utc(2026, 1, 12), bucket=Bucket.WEEK).all()
    assert [row.runs for row in rows] == [1, 4, 0]


@odd
def test_a_day_in_berlin_has_23_hours_in_march(ask):
    window = {"since": utc(2026, 3, 27, 23), "until": utc(2026, 3, 30, 22)}
    rows = ask(select_runs_over_time, **window, bucket=Bucket.DAY, timezone=BERLIN).all()
    assert [(row.end_at - row.start_at, row.runs) for row in rows] == [
        (timedelta(hours=24), 1),
        (timedelta(hours=23), 3),
        (timedelta(hours=24), 1),
    ]


@odd
def test_a_day_in_berlin_has_25_hours_in_october(ask):
    window = {"since": utc(2026, 10, 24, 22), "until": utc(2026, 10, 26, 23)}
    rows = ask(select_runs_over_time, **window, bucket=Bucket.DAY, timezone=BERLIN).all()
    assert [(row.end_at - row.start_at, row.runs) for row in rows] == [
        (timedelta(hours=25), 2),
        (timedelta(hours=24), 1),
    ]


@seeded
def test_rolling_failure_rate(ask, golden):
    rows = ask(select_rolling_failure_rate, until=utc(2026, 1, 14)).all()
    assert rows == golden
    # the first day sees the failure of the Sunday before the window
    assert rows[0].rolling_failure_rate == pytest.approx((1 + 2) / (1 + 4))
    # the 11th sees the 5th to the 11th, the 12th no longer the 5th
    assert rows[6].rolling_failure_rate == pytest.approx(7 / 15)
    assert rows[7].rolling_failure_rate == pytest.approx(5 / 12)


@seeded
def test_rolling_failure_rate_from_the_middle_of_a_day(ask, golden):
    rows = ask(select_rolling_failure_rate, since=utc(2026, 1, 10, 9, 30)).all()
    assert rows == golden.rows
    # the day of the first instant is listed whole: its failure was at 04:00
    assert [(row.start_at.day, row.outcomes, row.failures) for row in rows] == [(10, 2, 1), (11, 1, 0)]


@seeded
def test_rolling_failure_rate_without_an_outcome_is_null(ask, world, golden):
    assert ask(select_rolling_failure_rate, agent_id=world.agent(3)).all() == golden.rows


@odd
def test_rolling_failure_rate_over_a_change_of_clocks(ask, golden):
    window = {"since": utc(2026, 3, 28, 23), "until": utc(2026, 3, 30, 22)}
    rows = ask(select_rolling_failure_rate, **window, timezone=BERLIN).all()
    assert rows == golden.rows
    assert [row.rolling_failure_rate for row in rows] == [pytest.approx(2 / 4), pytest.approx(2 / 5)]


@seeded
def test_week_over_week(ask, golden):
    rows = ask(select_week_over_week, since=utc(2025, 12, 22), until=utc(2026, 1, 26)).all()
    assert rows == golden
    assert [(row.runs, row.change, row.relative_change) for row in rows] == [
        (0, None, None),
        (1, 1, None),  # nothing the week before: no share
        (20, 19, 19),
        (1, -19, pytest.approx(-0.95)),
        (0, -1, -1),
    ]


@seeded
def test_week_over_week_of_the_neighbour(ask, world, golden):
    assert ask(select_week_over_week, workspace_id=world.neighbour).all() == golden.rows
