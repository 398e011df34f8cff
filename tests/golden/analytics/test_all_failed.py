"""A week in which everything failed: no success, no approval withdrawn, no duration of what was not completed."""

from __future__ import annotations

import pytest

from controlplane.analytics.questions import executions, failures, record_lists, steps, workflows
from controlplane.analytics.questions.concurrency import select_concurrency
from controlplane.analytics.questions.critical_paths import select_critical_paths
from controlplane.analytics.questions.durations import select_durations, select_durations_by_agent, select_waits
from controlplane.analytics.questions.governance import human_review, proposals, triggers
from controlplane.analytics.questions.governance.maturity import select_graduation_readiness, select_leaderboard
from controlplane.analytics.questions.series import (
    select_rolling_failure_rate,
    select_runs_over_time,
    select_week_over_week,
    select_workflow_runs_over_time,
)
from controlplane.analytics.sql.distribution import STATISTICS

pytestmark = pytest.mark.seed("all_failed")

OF_SUCCESSES = (  # nothing to measure
    select_durations,
    select_durations_by_agent,
    steps.select_slowest_steps,
    steps.select_branch_frequencies,
    workflows.select_workflow_performance,
)
EVERY = (
    *OF_SUCCESSES,
    *(select_runs_over_time, select_workflow_runs_over_time, select_rolling_failure_rate, select_week_over_week),
    *(select_concurrency, select_critical_paths, select_waits),
    *(select_graduation_readiness, select_leaderboard),
    *(executions.select_executions_by_status, executions.select_executions_by_trigger),
    *(executions.select_executions_by_agent, executions.select_failures_by_error_type),
    *(executions.select_success_rate, executions.select_success_rate_by_agent),
    *(failures.select_workflow_failures, failures.select_step_errors),
    *(record_lists.select_newest_executions, record_lists.select_execution_time_range),
    *(record_lists.select_stuck_executions, record_lists.select_stuck_workflow_executions),
    *(workflows.select_workflow_executions_by_status, workflows.select_top_workflows),
    *(workflows.select_queue_and_run_time, steps.select_step_performance),
    *(proposals.select_proposal_funnel, proposals.select_approval_latency),
    *(proposals.select_approval_rate_by_reviewer, triggers.select_resolution_outcomes),
    *(human_review.select_training_outcomes_by_category, human_review.select_supervision_outcomes),
)

UNLISTED = (
    *(select_durations_by_agent, steps.select_slowest_steps, steps.select_branch_frequencies),
    *(record_lists.select_stuck_executions, record_lists.select_stuck_workflow_executions),
)
# questions that ignore how runs ended, whose rows other weeks pin, and the durations of no run
ALIKE = (
    *(select_critical_paths, select_waits, executions.select_executions_by_trigger),
    *(record_lists.select_execution_time_range, workflows.select_top_workflows),
    *(workflows.select_queue_and_run_time, proposals.select_approval_latency, select_durations),
)


@pytest.mark.parametrize("builder", UNLISTED)
def test_nothing_is_listed_that_has_to_be_completed_or_under_way(ask, builder):
    assert ask(builder).all() == []


@pytest.mark.parametrize("builder", [builder for builder in EVERY if builder not in (*UNLISTED, *ALIKE)])
def test_of_everything_that_failed(ask, golden, builder):
    assert ask(builder).all() == golden.rows


@pytest.mark.parametrize("builder", EVERY)
def test_no_row_counts_a_success(ask, builder):
    for row in (each._mapping for each in ask(builder)):
        assert row.get("success_rate") in (0, None)
        assert row.get("failure_rate") in (1, None)
        assert row.get("successes", 0) == 0
        assert row.get("failures") in (row.get("runs", row.get("failures")), None)
        assert row.get("completed", 0) == 0


@pytest.mark.parametrize("builder", OF_SUCCESSES)
def test_failed_runs_are_not_measured(ask, builder):
    spreads = [[row._mapping[name] for name in STATISTICS[1:]] for row in ask(builder)]
    assert {value for spread in spreads for value in spread} <= {None}
