"""Odd places of the calendar, for every question that cuts its window into buckets."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import sqlalchemy as sa

from controlplane.analytics.questions.concurrency import select_concurrency
from controlplane.analytics.questions.governance.maturity import select_maturity_changes
from controlplane.analytics.questions.series import (
    select_rolling_failure_rate,
    select_runs_over_time,
    select_week_over_week,
    select_workflow_runs_over_time,
)
from controlplane.analytics.sql.buckets import Bucket
from controlplane.models import AgentExecution

pytestmark = pytest.mark.seed("calendars")

DAYS = {"bucket": Bucket.DAY}
WEEKS = {"bucket": Bucket.WEEK}
BERLIN = {"timezone": "Europe/Berlin"}


def window(since, until, **zone):
    return {"since": datetime(*since, tzinfo=UTC), "until": datetime(*until, tzinfo=UTC), **zone}


PLACES = {
    "leap day": window((2024, 2, 28), (2024, 3, 2)),
    "year end": window((2025, 12, 30), (2026, 1, 2)),
    "Berlin in March": window((2026, 3, 27, 23), (2026, 3, 30, 22), **BERLIN),
    "Berlin in October": window((2026, 10, 24, 22), (2026, 10, 26, 23), **BERLIN),
}
BY_WEEK = {
    "leap week": window((2024, 2, 19), (2024, 3, 11)),
    "ISO week of two years": window((2025, 12, 22), (2026, 1, 12)),
    "Berlin in March": window((2026, 3, 22, 23), (2026, 4, 5, 22), **BERLIN),
    "Berlin in October": window((2026, 10, 18, 22), (2026, 11, 1, 23), **BERLIN),
}
IN_TURN = ((select_runs_over_time, "runs"), (select_maturity_changes, ""))


@pytest.fixture
def instants(session):
    """When the seed's runs were asked for, and with them everything else."""
    rows = session.connection().execute(sa.select(AgentExecution.created_at, AgentExecution.status)).all()
    return [(row.created_at, row.status) for row in rows]


def local_days(instants, place):
    """Count instants by the day that a calendar on the wall shows, or by its Monday."""
    zone = ZoneInfo(place.get("timezone", "UTC"))
    return Counter(at.astimezone(zone).date() for at, _ in instants if place["since"] <= at < place["until"])


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize(("builder", "counted"), IN_TURN, ids=[each.__name__ for each, _ in IN_TURN])
def test_per_day(ask, instants, golden, builder, counted, place):
    rows = ask(builder, **DAYS, **PLACES[place]).all()
    assert rows == golden.rows
    zone = ZoneInfo(PLACES[place].get("timezone", "UTC"))
    found = {row.start_at.astimezone(zone).date(): moved(row, counted) for row in rows}
    assert {day: number for day, number in found.items() if number} == local_days(instants, PLACES[place])


@pytest.mark.parametrize("place", BY_WEEK)
@pytest.mark.parametrize(("builder", "counted"), IN_TURN, ids=[each.__name__ for each, _ in IN_TURN])
def test_per_week(ask, instants, golden, builder, counted, place):
    rows = ask(builder, **WEEKS, **BY_WEEK[place]).all()
    assert rows == golden.rows
    assert_weeks(rows, instants, BY_WEEK[place], lambda row: moved(row, counted))


@pytest.mark.parametrize(
    ("bucket", "place"),
    [*((DAYS, place) for place in PLACES.values()), *((WEEKS, place) for place in BY_WEEK.values())],
    ids=[*PLACES, *(f"by week {name}" for name in BY_WEEK)],
)
def test_workflow_runs_are_counted_as_agent_runs_are(ask, bucket, place):
    """The seed has a workflow execution beside each run, at the same instant and with the same end."""
    rows = ask(select_workflow_runs_over_time, **bucket, **place).all()
    assert rows == ask(select_runs_over_time, **bucket, **place).all() != []


@pytest.mark.parametrize("place", BY_WEEK)
def test_week_over_week(ask, instants, golden, place):
    rows = ask(select_week_over_week, **BY_WEEK[place]).all()
    assert rows == golden.rows
    assert_weeks(rows, instants, BY_WEEK[place], lambda row: row.runs)


@pytest.mark.parametrize("place", PLACES)
def test_rolling_failure_rate(ask, instants, golden, place):
    rows = ask(select_rolling_failure_rate, **PLACES[place]).all()
    assert rows == golden.rows
    zone = ZoneInfo(PLACES[place].get("timezone", "UTC"))
    dated = [(at.astimezone(zone).date(), status) for at, status in instants if at < PLACES[place]["until"]]
    for row in rows:
        day = row.start_at.astimezone(zone).date()
        week = [status for when, status in dated if day - timedelta(days=7) < when <= day]
        assert row.rolling_failure_rate == pytest.approx(week.count("failed") / len(week))


@pytest.mark.parametrize(
    "place", [*PLACES.items(), *BY_WEEK.items()], ids=[*PLACES, *(f"by week {name}" for name in BY_WEEK)]
)
def test_runs_under_way(session, ask, golden, place):
    bucket = DAYS if place in PLACES.items() else WEEKS
    rows = ask(select_concurrency, **bucket, **place[1], now=datetime(2027, 1, 1, tzinfo=UTC)).all()
    assert rows == golden.rows
    run = AgentExecution
    took = session.connection().execute(sa.select(run.started_at, run.duration_seconds)).all()
    for start, end, _, mean in rows:  # no run is under way at a midnight but those that begin with it
        seconds = sum(each.duration_seconds for each in took if start <= each.started_at < end)
        assert mean == pytest.approx(seconds / (end - start).total_seconds())


def moved(row, counted):
    return row._mapping[counted] if counted else row.promotions + row.demotions


def assert_weeks(rows, instants, place, number):
    zone = ZoneInfo(place.get("timezone", "UTC"))
    expected = Counter()
    for day, times in local_days(instants, place).items():
        expected[day.isocalendar()[:2]] += times
    found = {row.start_at.astimezone(zone).date().isocalendar()[:2]: number(row) for row in rows}
    assert {week: times for week, times in found.items() if times} == expected
