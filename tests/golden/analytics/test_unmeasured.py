"""A week of which nothing was measured: counts stay; means, percentiles, rates and instants are null or absent."""

from __future__ import annotations

import pytest

from controlplane.analytics.questions import (
    debugging,
    durations,
    executions,
    record_lists,
    series,
    steps,
    workflows,
)
from controlplane.analytics.questions.concurrency import select_concurrency
from controlplane.analytics.questions.critical_paths import select_critical_paths
from controlplane.analytics.questions.failures import select_step_errors, select_workflow_failures
from controlplane.analytics.questions.governance import human_review, proposals, triggers

pytestmark = pytest.mark.seed("unmeasured")

ABSENT = (  # without a time there is nothing to list
    *(durations.select_durations_by_agent, durations.select_waits, workflows.select_queue_and_run_time),
    *(steps.select_slowest_steps, select_critical_paths, triggers.select_time_to_resolution),
    *(proposals.select_approval_latency, proposals.select_approval_rate_by_reviewer),
    *(record_lists.select_stuck_executions, record_lists.select_stuck_workflow_executions),
)
NULL = {  # what a question says of it
    durations.select_durations: {"mean", "minimum", "median", "p95", "p99", "maximum"},
    executions.select_failures_by_error_type: set(),  # last seen when it was asked for
    series.select_runs_over_time: {"mean_seconds"},
    series.select_workflow_runs_over_time: {"mean_seconds"},
    workflows.select_workflow_performance: {"mean", "minimum", "median", "p95", "p99", "maximum"},
    select_workflow_failures: set(),
    select_step_errors: {"last_seen"},
    steps.select_step_performance: {"mean_seconds"},
    steps.select_branch_frequencies: {"branch"},
    triggers.select_blocked_triggers_by_agent: set(),
    triggers.select_resolution_outcomes: {"share"},
    human_review.select_training_outcomes_by_category: {"mean_score", "mean_hours"},
    human_review.select_supervision_outcomes: {"mean_rating", "mean_seconds"},
    human_review.select_feedback_by_agent: {"mean_rating"},
    human_review.select_feedback_by_status: {"mean_rating"},
    human_review.select_rating_distribution: {"mean_rating"},
    record_lists.select_newest_executions: {"started_at", "duration_seconds"},
    debugging.select_hottest_breakpoints: {"last_hit_at"},
}


@pytest.mark.parametrize("builder", ABSENT)
def test_nothing_is_listed(ask, builder):
    rows = ask(builder).all()
    assert rows == []


# their rows are pinned where nothing was resolved and no run completed at all
AS_OF_NOTHING = (durations.select_durations, triggers.select_resolution_outcomes)


@pytest.mark.parametrize("builder", NULL)
def test_unmeasured_columns_are_null(ask, builder):
    rows = ask(builder).all()
    assert rows
    assert {row._mapping[name] for row in rows for name in NULL[builder]} <= {None}


def test_nothing_is_under_way(ask):
    assert {row.peak for row in ask(select_concurrency)} == {0}


@pytest.mark.parametrize("builder", [builder for builder in NULL if builder not in AS_OF_NOTHING])
def test_counts_beside_unmeasured_columns(ask, golden, builder):
    assert ask(builder).all() == golden.rows
