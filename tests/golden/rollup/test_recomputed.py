"""Figures of the goldens beside this file, from the rows of the seed in plain Python, without any builder."""

from __future__ import annotations

import uuid
from collections import Counter, defaultdict
from datetime import UTC, datetime, timedelta
from itertools import accumulate, pairwise

import pytest
import sqlalchemy as sa

from controlplane.analytics import rollup
from controlplane.analytics.rollup import concurrency_by_day
from controlplane.analytics.sql.buckets import Bucket
from controlplane.models import AgentExecution, ExecutionDay, ExecutionDayLevel
from tests.golden.rollup.test_levels import end_on_saturday

HERE = uuid.UUID(int=1)
DAY, WEEK = timedelta(days=1), timedelta(days=7)
NOW = datetime(2026, 1, 11, 23, tzinfo=UTC)
pytestmark = pytest.mark.seed("executions")


def midnight(instant):
    return instant.replace(hour=0, minute=0, second=0, microsecond=0)


def runs(session):
    table = AgentExecution.__table__
    return [row for row in session.execute(sa.select(table)).all() if row.workspace_id == HERE]


def level(rows, since, until, now):
    """Return the most rows under way at once in [since, until), and the microseconds of all of them together."""
    spans = []
    for row in rows:
        if row.started_at is None:
            continue
        start, end = max(row.started_at, since), min(row.completed_at or now, until, max(now, row.started_at))
        if start < end:
            spans.append((start, end))
    changes = sorted([(end, -1) for _, end in spans] + [(start, 1) for start, _ in spans])
    peak = max(accumulate(step for _, step in changes), default=0)
    return peak, sum((end - start) // timedelta(microseconds=1) for start, end in spans)


def test_daily_totals_are_those_of_the_rows(session):
    rollup.refresh(session, workspace_id=HERE)
    kept = {
        (row.day, row.agent_id, row.status): (row.runs, row.timed, row.seconds)
        for row in session.execute(sa.select(ExecutionDay.__table__))
    }
    expected = defaultdict(lambda: (0, 0, 0.0))
    for run in runs(session):
        key = midnight(run.created_at), run.agent_id, run.status
        number, timed, seconds = expected[key]
        is_timed = run.duration_seconds is not None
        expected[key] = number + 1, timed + is_timed, seconds + (run.duration_seconds or 0.0)
    assert kept == {key: pytest.approx(value) for key, value in expected.items()}
    assert Counter(day for day, _, _ in kept)[datetime(2026, 1, 5, tzinfo=UTC)] == 4


def test_daily_levels_are_those_of_the_rows(session):
    rollup.refresh(session, workspace_id=HERE)
    kept = {row.day: (row.peak, row.busy) for row in session.execute(sa.select(ExecutionDayLevel.__table__)).all()}
    built = max(kept) + DAY
    assert kept == {day: level(runs(session), day, day + DAY, built) for day in kept}
    assert kept[datetime(2026, 1, 5, tzinfo=UTC)] == (2, 2_023_874_999)


def edges(bucket, since, until):
    """Return the borders of the buckets; weeks begin on Monday, and the window cuts the first and the last."""
    found = [since]
    while found[-1] < until:
        begin = midnight(found[-1])
        begin -= timedelta(days=begin.weekday()) if bucket is Bucket.WEEK else timedelta()
        found.append(min(begin + (DAY if bucket is Bucket.DAY else WEEK), until))
    return pairwise(found)


@pytest.mark.parametrize("is_changed", [False, True])
@pytest.mark.parametrize(
    ("bucket", "since", "until", "now"),
    [
        (Bucket.DAY, datetime(2026, 1, 5, tzinfo=UTC), datetime(2026, 1, 12, tzinfo=UTC), NOW),
        (Bucket.WEEK, datetime(2026, 1, 5, tzinfo=UTC), datetime(2026, 1, 12, tzinfo=UTC), NOW),
        (Bucket.WEEK, datetime(2025, 12, 31, tzinfo=UTC), *[datetime(2026, 1, 21, 6, tzinfo=UTC)] * 2),
    ],
    ids=["days", "week", "weeks"],
)
def test_concurrency_from_levels_is_that_of_the_rows(session, bucket, since, until, now, is_changed):
    rollup.refresh(session, workspace_id=HERE)
    if is_changed:
        end_on_saturday(session)
    asked = {"workspace_id": HERE, "since": since, "until": until, "now": now, "bucket": bucket}
    found = session.execute(concurrency_by_day.select_concurrency(**asked)).all()
    expected = []
    for start, end in edges(bucket, since, until):
        peak, busy = level(runs(session), start, end, now)
        expected.append((start, end, peak, pytest.approx(busy / ((end - start) / timedelta(microseconds=1)))))
    assert [tuple(row) for row in found] == expected
