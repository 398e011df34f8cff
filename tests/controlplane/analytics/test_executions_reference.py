"""Every question about runs, against a plain-Python answer over the same random rows."""

from __future__ import annotations

import statistics
import uuid
from collections import Counter, defaultdict
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from unittest import mock
from zoneinfo import ZoneInfo

from hypothesis import given, settings
from hypothesis import strategies as st

from controlplane.analytics.questions.concurrency import select_concurrency
from controlplane.analytics.questions.durations import select_durations, select_durations_by_agent, select_waits
from controlplane.analytics.questions.executions import (
    select_executions_by_agent,
    select_executions_by_status,
    select_executions_by_trigger,
    select_failures_by_error_type,
    select_success_rate,
    select_success_rate_by_agent,
)
from controlplane.analytics.questions.governance.maturity import select_leaderboard
from controlplane.analytics.questions.record_lists import (
    select_execution_time_range,
    select_newest_executions,
    select_stuck_executions,
)
from controlplane.analytics.questions.series import (
    select_rolling_failure_rate,
    select_runs_over_time,
    select_week_over_week,
)
from controlplane.analytics.sql.buckets import Bucket
from controlplane.models import AgentExecution, ExecutionStatus, TriggerSource

HERE, AGENT = uuid.UUID(int=1), uuid.UUID(int=0xA0)
ENDED = ("completed", "failed", "timeout", "cancelled")
NOW = datetime(2026, 3, 29, 12, tzinfo=UTC)
SINCE, UNTIL = datetime(2026, 3, 23, tzinfo=UTC), datetime(2026, 3, 30, 5, 30, tzinfo=UTC)
EDGE = timedelta(microseconds=1)
ODD = [
    SINCE,
    UNTIL,
    NOW,
    *(datetime(2026, 3, day, hour, tzinfo=UTC) for day in (24, 28, 29) for hour in (0, 22, 23)),
]
INSTANTS = sorted({instant + step * EDGE for instant in ODD for step in (-1, 0, 1)})


@st.composite
def runs(draw):
    rows = []
    for number in range(draw(st.integers(0, 14))):
        status = draw(st.sampled_from(list(ExecutionStatus)))
        agent = draw(st.integers(0, 4))
        created = draw(st.sampled_from(INSTANTS))
        waited = draw(st.sampled_from([0, 0.000001, 1.5, 7200]))
        took = draw(st.sampled_from([0, 0.1, 0.1, 1 / 3, 86400, 2.5]))
        started = None if status == "pending" else created + timedelta(seconds=waited)
        ended = started + timedelta(seconds=took) if status in ENDED else None
        rows.append(
            {
                "id": uuid.UUID(int=0xE00 + number),
                "workspace_id": uuid.UUID(int=2 if agent == 4 else 1),
                "agent_id": uuid.UUID(int=0xA0 + agent),
                "status": status,
                "triggered_by": draw(st.sampled_from(list(TriggerSource)[:3])),
                "created_at": created,
                "started_at": started,
                "completed_at": ended,
                "duration_seconds": took if ended and draw(st.booleans()) else None,
                "error_type": draw(st.sampled_from([None, "A", "a", "Ä"])) if status in ENDED else None,
            }
        )
    return rows


def within(rows, since=SINCE, until=UNTIL):
    return [row for row in rows if row["workspace_id"] == HERE and since <= row["created_at"] < until]


def share(part, whole):
    return None if whole == 0 else round(part / whole, 9)


def rates(rows):
    good = sum(row["status"] == "completed" for row in rows)
    bad = sum(row["status"] in ("failed", "timeout") for row in rows)
    return len(rows), good + bad, good, bad, share(good, good + bad)


def spread(values):
    """The statistics of a distribution, percentiles as Python's own library has them."""
    if not values:
        return (0, *[None] * 6)
    cuts = statistics.quantiles(values, n=100, method="inclusive") if len(values) > 1 else values * 99
    several = (statistics.fmean(values), min(values), cuts[49], cuts[94], cuts[98], max(values))
    return (len(values), *(round(value, 9) for value in several))


def listed(population, ran):
    here = [agent for agent in population["agents"] if agent["workspace_id"] == HERE]
    return [agent for agent in here if agent["status"] != "deleted" or agent["id"] in ran]


def by_agent(rows):
    groups = defaultdict(list)
    for row in rows:
        groups[row["agent_id"]].append(row)
    return groups


scope = {"workspace_id": HERE, "since": SINCE, "until": UNTIL}


@settings(settings.get_profile("analytics"))
@given(rows=runs())
def test_counts(answers, population, rows):
    statuses, triggers, agents = answers(
        {AgentExecution: rows},
        select_executions_by_status(**scope),
        select_executions_by_trigger(**scope),
        select_executions_by_agent(**scope),
    )
    seen = within(rows)
    by_status, by_trigger = (Counter(row[key] for row in seen) for key in ("status", "triggered_by"))
    assert statuses == [(each, by_status[each], share(by_status[each], len(seen))) for each in ExecutionStatus]
    assert triggers == [(each, by_trigger[each], share(by_trigger[each], len(seen))) for each in TriggerSource]
    groups = by_agent(seen)
    expected = []
    for agent in listed(population, groups):
        counts = Counter(row["status"] for row in groups[agent["id"]])
        numbers = (counts[status] for status in ExecutionStatus)
        expected.append((agent["id"], agent["name"], agent["status"], counts.total(), *numbers))
    assert agents == sorted(expected, key=lambda row: (-row[3], row[1], row[0]))


@settings(settings.get_profile("analytics"))
@given(rows=runs())
def test_rates_and_failures(answers, population, rows):
    overall, agents, failures = answers(
        {AgentExecution: rows},
        select_success_rate(**scope),
        select_success_rate_by_agent(**scope),
        select_failures_by_error_type(**scope),
    )
    seen = within(rows)
    assert overall == [rates(seen)]
    groups = by_agent(seen)
    expected = [
        (agent["id"], agent["name"], *rates(groups[agent["id"]])) for agent in listed(population, {*groups})
    ]
    best_first = lambda row: (row[6] is None, -(row[6] or 0), -row[3], row[1], row[0])  # noqa: E731
    assert agents == sorted(expected, key=best_first)
    failed = [row for row in seen if row["status"] in ("failed", "timeout")]
    types = {row["error_type"] for row in failed}
    expected = []
    for kind in types:
        of_kind = [row for row in failed if row["error_type"] == kind]
        last = max(row["completed_at"] or row["created_at"] for row in of_kind)
        hit = len({row["agent_id"] for row in of_kind})
        expected.append((kind, len(of_kind), share(len(of_kind), len(failed)), hit, last))
    assert failures == sorted(expected, key=lambda row: (-row[1], row[0] is None, row[0] or ""))


@settings(settings.get_profile("analytics"))
@given(rows=runs(), ever=st.booleans(), many=st.sampled_from([0, 2, 20_000]), parts=st.sampled_from([1, 2, 3]))
def test_durations(answers, population, rows, ever, many, parts):
    asked = {"workspace_id": HERE} if ever else scope
    with mock.patch.multiple("controlplane.analytics.sql.percentiles", MANY=many, PARTS=parts):
        overall, agents, waits, one, both = answers(
            {AgentExecution: rows},
            select_durations(**asked),
            select_durations_by_agent(**asked),
            select_waits(**asked),
            select_durations(**asked, agent_id=AGENT),
            select_durations(**asked, statuses=("completed", "failed")),
        )
    seen = [row for row in rows if row["workspace_id"] == HERE] if ever else within(rows)
    timed = [row for row in seen if row["duration_seconds"] is not None]
    done = [row for row in timed if row["status"] == "completed"]
    assert overall == [spread([row["duration_seconds"] for row in done])]
    assert one == [spread([row["duration_seconds"] for row in done if row["agent_id"] == AGENT])]
    assert both == [spread([row["duration_seconds"] for row in timed if row["status"] in ("completed", "failed")])]
    names = {agent["id"]: agent["name"] for agent in population["agents"]}
    expected = [
        (id_, names[id_], *spread([row["duration_seconds"] for row in group]))
        for id_, group in by_agent(done).items()
    ]
    assert agents == sorted(expected, key=lambda row: (-row[5], row[1], row[0]))
    waited = defaultdict(list)
    for row in seen:
        if row["started_at"]:
            waited[row["triggered_by"]].append((row["started_at"] - row["created_at"]).total_seconds())
    assert waits == [(source, *spread(waited[source])) for source in sorted(waited)]


@settings(settings.get_profile("analytics"))
@given(rows=runs(), limit=st.integers(1, 5), minutes=st.sampled_from([0, 1, 120]))
def test_listings(answers, population, rows, limit, minutes):
    long = timedelta(minutes=minutes)
    newest, first_and_last, stuck = answers(
        {AgentExecution: rows},
        select_newest_executions(workspace_id=HERE, limit=limit),
        select_execution_time_range(workspace_id=HERE),
        select_stuck_executions(workspace_id=HERE, now=NOW, longer_than=long),
    )
    here = [row for row in rows if row["workspace_id"] == HERE]
    ordered = sorted(here, key=lambda row: (row["created_at"], row["id"]), reverse=True)
    assert [row[0] for row in newest] == [row["id"] for row in ordered[:limit]]
    times = [row["created_at"] for row in here]
    assert first_and_last == [(min(times, default=None), max(times, default=None), len(times))]
    hanging = [row for row in here if row["status"] == "running" and NOW - row["started_at"] > long]
    hanging.sort(key=lambda row: (row["started_at"], row["id"]))
    assert [(row[0], row[4]) for row in stuck] == [
        (row["id"], (NOW - row["started_at"]).total_seconds()) for row in hanging
    ]


@settings(settings.get_profile("analytics"))
@given(rows=runs(), limit=st.integers(1, 5))
def test_leaderboard(answers, population, rows, limit):
    (found,) = answers({AgentExecution: rows}, select_leaderboard(workspace_id=HERE, limit=limit))
    groups = by_agent(row for row in rows if row["workspace_id"] == HERE)
    merits = []
    for agent in listed(population, ()):
        rate = rates(groups[agent["id"]])[4]
        merits.append(((rate is None, -(rate or 0), -agent["confidence_score"]), agent["name"], agent["id"]))
    merits.sort()
    ranks = [1 + sum(other[0] < merit[0] for other in merits) for merit in merits]
    assert [(row[0], row[1]) for row in found] == [
        (rank, merit[2]) for rank, merit in zip(ranks, merits, strict=True)
    ][:limit]


def local_key(instant, bucket, zone):
    """Name the bucket of an instant, as a calendar does."""
    local = instant.astimezone(zone)
    return local.date() if bucket is Bucket.DAY else local.isocalendar()[:2]


@settings(settings.get_profile("analytics"))
@given(
    rows=runs(), bucket=st.sampled_from([Bucket.DAY, Bucket.WEEK]), name=st.sampled_from(["UTC", "Europe/Berlin"])
)
def test_runs_over_time(answers, population, rows, bucket, name):
    (found,) = answers({AgentExecution: rows}, select_runs_over_time(**scope, bucket=bucket, timezone=name))
    zone = ZoneInfo(name)
    groups = defaultdict(list)
    for row in within(rows):
        groups[local_key(row["created_at"], bucket, zone)].append(row)
    hours = [SINCE + timedelta(hours=number) for number in range(int((UNTIL - SINCE) / timedelta(hours=1)) + 1)]
    keys = sorted({local_key(hour, bucket, zone) for hour in hours if hour < UNTIL})
    assert [local_key(row[0], bucket, zone) for row in found] == keys
    for key, (_, _, runs_, good, bad, mean) in zip(keys, found, strict=True):
        values = [
            row["duration_seconds"]
            for row in groups[key]
            if row["status"] == "completed" and row["duration_seconds"] is not None
        ]
        assert (runs_, good, bad) == (rates(groups[key])[0], *rates(groups[key])[2:4])
        assert mean == (round(statistics.fmean(values), 9) if values else None)


@settings(settings.get_profile("analytics"))
@given(rows=runs(), late=st.sampled_from([timedelta(0), EDGE, timedelta(hours=9.5), timedelta(days=1) - EDGE]))
def test_rolling_and_weekly(answers, population, rows, late):
    rolling, weekly = answers(
        {AgentExecution: rows},
        select_rolling_failure_rate(**scope | {"since": SINCE + late}),
        select_week_over_week(workspace_id=HERE, since=SINCE - timedelta(days=14), until=UNTIL),
    )
    day = timedelta(days=1)
    for start, outcomes, failures, rate in rolling:
        end = min(start + day, UNTIL)
        _, ended, _, bad, _ = rates(within(rows, start, end))
        assert (outcomes, failures) == (ended, bad)
        _, ended, _, bad, _ = rates(within(rows, start - 6 * day, end))
        assert rate == share(bad, ended)
    assert len(rolling) == 8
    starts = [SINCE + 7 * day * number for number in (-2, -1, 0, 1)]
    counts = [rates(within(rows, start, min(start + 7 * day, UNTIL))) for start in starts]
    before = [None, *(count[0] for count in counts)]
    for row, start, count, previous in zip(weekly, starts, counts, before, strict=False):
        change = None if previous is None else count[0] - previous
        relative = None if previous is None else share(change, previous)
        assert row == (start, min(start + 7 * day, UNTIL), count[0], change, relative, share(count[3], count[1]))


@settings(settings.get_profile("analytics"))
@given(rows=runs())
def test_concurrency(answers, population, rows):
    window = {"workspace_id": HERE, "since": SINCE, "until": UNTIL, "now": NOW}
    (buckets,) = answers({AgentExecution: rows}, select_concurrency(**window, bucket=Bucket.DAY))
    spans = [
        (row["started_at"], row["completed_at"] or NOW)
        for row in rows
        if row["workspace_id"] == HERE and row["started_at"] and row["started_at"] < NOW
    ]

    def under_way(instant):
        return sum(start <= instant < end for start, end in spans)

    marks = sorted({SINCE, *(edge for span in spans for edge in span if SINCE < edge < UNTIL)})
    for start, end, peak, mean in buckets:
        inner = [start, *(mark for mark in marks if start < mark < end), end]
        assert peak == max(under_way(mark) for mark in inner[:-1])
        area = sum(under_way(left) * (right - left).total_seconds() for left, right in pairwise(inner))
        assert abs(mean - area / (end - start).total_seconds()) < 1e-8
