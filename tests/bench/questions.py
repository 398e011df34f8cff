"""The questions that are measured at scale: all of them about runs, over all history and over one day."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

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
from controlplane.analytics.rollup import concurrency_by_day
from controlplane.analytics.rollup import questions as daily_sums
from controlplane.analytics.sql.buckets import Bucket
from tests.bench.worlds import END, HERE

if TYPE_CHECKING:
    from controlplane.analytics.sql.portable import Rows

DAY = datetime(2025, 12, 10, tzinfo=UTC)
ONE_DAY = {"workspace_id": HERE, "since": DAY, "until": DAY + timedelta(days=1)}
EVER = {"workspace_id": HERE}


def full(since: datetime) -> dict[str, Rows]:
    """Ask about all history of a world that begins at `since`."""
    whole = {"workspace_id": HERE, "since": since, "until": END}
    return {
        "by status": select_executions_by_status(**EVER),
        "by trigger": select_executions_by_trigger(**EVER),
        "by agent": select_executions_by_agent(**EVER),
        "success rate": select_success_rate(**EVER),
        "success rate by agent": select_success_rate_by_agent(**EVER),
        "durations": select_durations(**EVER),
        "durations by agent": select_durations_by_agent(**EVER),
        "waits by trigger": select_waits(**EVER),
        "failures by type": select_failures_by_error_type(**EVER),
        "leaderboard": select_leaderboard(**EVER, limit=10),
        "runs per day": select_runs_over_time(**whole, bucket=Bucket.DAY),
        "rolling failure rate": select_rolling_failure_rate(**whole),
        "week over week": select_week_over_week(**whole),
        "concurrency per day": select_concurrency(**whole, now=END, bucket=Bucket.DAY),
        "newest 20": select_newest_executions(**EVER, limit=20),
        "stuck": select_stuck_executions(**EVER, now=END, longer_than=timedelta(hours=1)),
        "time range": select_execution_time_range(**EVER),
    }


def from_sums(since: datetime) -> dict[str, Rows]:
    """Ask about all history once more, from what is kept per day."""
    whole = {"workspace_id": HERE, "since": since, "until": END}
    return {
        "by status": daily_sums.select_executions_by_status(**whole),
        "by agent": daily_sums.select_executions_by_agent(**whole),
        "success rate": daily_sums.select_success_rate(**whole),
        "success rate by agent": daily_sums.select_success_rate_by_agent(**whole),
        "runs per day": daily_sums.select_runs_over_time(**whole, bucket=Bucket.DAY),
        "rolling failure rate": daily_sums.select_rolling_failure_rate(**whole),
        "week over week": daily_sums.select_week_over_week(**whole),
        "leaderboard": daily_sums.select_leaderboard(**EVER, limit=10),
        "concurrency per day": concurrency_by_day.select_concurrency(**whole, now=END, bucket=Bucket.DAY),
    }


DAILY: dict[str, Rows] = {
    "by status": select_executions_by_status(**ONE_DAY),
    "by trigger": select_executions_by_trigger(**ONE_DAY),
    "by agent": select_executions_by_agent(**ONE_DAY),
    "success rate": select_success_rate(**ONE_DAY),
    "success rate by agent": select_success_rate_by_agent(**ONE_DAY),
    "durations": select_durations(**ONE_DAY),
    "durations by agent": select_durations_by_agent(**ONE_DAY),
    "waits by trigger": select_waits(**ONE_DAY),
    "failures by type": select_failures_by_error_type(**ONE_DAY),
    "runs per hour": select_runs_over_time(**ONE_DAY, bucket=Bucket.HOUR),
    "concurrency per hour": select_concurrency(**ONE_DAY, now=END, bucket=Bucket.HOUR),
}
