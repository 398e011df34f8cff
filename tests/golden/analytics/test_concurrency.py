"""Concurrent runs, computed from the seed independently."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from controlplane.analytics.questions.concurrency import select_concurrency
from controlplane.analytics.sql.buckets import Bucket

pytestmark = pytest.mark.seed("executions")


def utc(*parts):
    return datetime(*parts, tzinfo=UTC)


def test_run_that_began_before_the_window_is_under_way_in_it(ask, golden):
    window = {"since": utc(2026, 1, 5), "until": utc(2026, 1, 5, 1)}
    rows = ask(select_concurrency, **window, bucket=Bucket.FIVE_MINUTES, now=utc(2026, 2, 1)).all()
    assert rows == golden.rows
    # 08 began a microsecond before; 01 lies within it
    assert max(row.peak for row in rows) == 2


def test_runs_that_begin_and_end_together(ask, golden):
    window = {"since": utc(2026, 1, 7, 10), "until": utc(2026, 1, 7, 10, 5)}
    rows = ask(select_concurrency, **window, bucket=Bucket.FIVE_MINUTES, now=utc(2026, 2, 1)).all()
    assert rows == golden.rows
    assert [row.peak for row in rows] == [2]


def test_nothing_is_under_way_after_now(ask, golden):
    window = {"since": utc(2026, 1, 9), "until": utc(2026, 1, 10)}
    rows = ask(select_concurrency, **window, bucket=Bucket.HOUR, now=utc(2026, 1, 9, 12)).all()
    assert rows == golden.rows
    assert {row.peak for row in rows[12:]} == {0}


def test_peak_and_mean_per_day(ask, golden):
    rows = ask(select_concurrency, bucket=Bucket.DAY, now=utc(2026, 1, 11, 23)).all()
    assert rows == golden
    assert [row.peak for row in rows] == [2, 1, 2, 1, 3, 3, 3]
    # 22 and 23 all Sunday until `now`, 25 from 22:00
    assert rows[-1].mean_running == pytest.approx((2 * 23 + 1) / 24)


def test_peak_per_hour_of_the_neighbour(ask, world, golden):
    window = {"since": utc(2026, 1, 6), "until": utc(2026, 1, 6, 6)}
    rows = ask(
        select_concurrency, **window, bucket=Bucket.HOUR, now=world.next_monday, workspace_id=world.neighbour
    ).all()
    assert rows == golden.rows
    assert [row.peak for row in rows] == [3, 3, 3, 3, 2, 2]


def test_peaks_where_nothing_runs(ask, world, golden):
    rows = ask(select_concurrency, bucket=Bucket.DAY, now=world.next_monday, workspace_id=world.nobody).all()
    assert rows == golden.rows
    assert {(row.peak, row.mean_running) for row in rows} == {(0, 0)}
