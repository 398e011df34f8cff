"""Every question of a workspace that holds one record of each kind: at the first and just after the last instant.

The records are all of the midnight with which the leap day of 2024 begins, and took no time. The other workspace
holds the same at the same instant.
"""

from __future__ import annotations

import inspect
from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa

from controlplane.analytics.questions.critical_paths import select_critical_paths
from controlplane.analytics.questions.executions import select_failures_by_error_type
from controlplane.analytics.questions.failures import select_step_errors, select_workflow_failures
from controlplane.analytics.questions.record_lists import select_stuck_executions, select_stuck_workflow_executions
from controlplane.analytics.questions.registry import QUESTIONS
from controlplane.analytics.sql.distribution import STATISTICS
from controlplane.models import AgentExecution, WorkflowExecution, WorkflowStepExecution

pytestmark = pytest.mark.seed("one_of_each")

INSTANT, EDGE = datetime(2024, 2, 29, tzinfo=UTC), timedelta(microseconds=1)
OPTIONS = {
    "select_state_funnel": {"record_kind": "proposal"},
    "select_unmoved_records": {"record_kind": "proposal", "statuses": ("executed",)},
}
EVERY = (
    *(question.builder for question in QUESTIONS),
    select_critical_paths,
)
WINDOWED = [builder for builder in EVERY if "since" in inspect.signature(builder).parameters]
# whose one record has to be another than the seed's, which ended well
FAILED, RUNNING = {"status": "failed", "error_type": "OSError"}, {"status": "running", "completed_at": None}
OTHERWISE = {
    select_failures_by_error_type: (AgentExecution, FAILED),
    select_workflow_failures: (WorkflowExecution, FAILED),
    select_step_errors: (WorkflowStepExecution, FAILED),
    select_stuck_executions: (AgentExecution, RUNNING),
    select_stuck_workflow_executions: (WorkflowExecution, RUNNING),
}


# questions that return no rows without records; the others return rows of zeros
LISTS = frozenset(
    {
        "select_active_canvases",
        "select_approval_latency",
        "select_approval_rate_by_reviewer",
        "select_blocked_triggers_by_agent",
        "select_branch_frequencies",
        "select_canvas_actions",
        "select_canvas_actions_by_type",
        "select_critical_paths",
        "select_durations_by_agent",
        "select_failures_by_error_type",
        "select_graduation_readiness",
        "select_hottest_breakpoints",
        "select_interventions_by_agent",
        "select_leaderboard",
        "select_most_changed_variables",
        "select_newest_executions",
        "select_queue_and_run_time",
        "select_slowest_steps",
        "select_state_funnel",
        "select_step_errors",
        "select_stuck_executions",
        "select_stuck_workflow_executions",
        "select_time_in_state",
        "select_time_to_resolution",
        "select_top_workflows",
        "select_trace_durations",
        "select_training_outcomes_by_category",
        "select_transition_counts",
        "select_unmoved_records",
        "select_waits",
        "select_workflow_failures",
    }
)


@pytest.fixture
def ask_of(session, ask):
    def asked(builder, **options):
        if builder in OTHERWISE:
            model, values = OTHERWISE[builder]
            session.execute(sa.update(model).values(**values))
        return ask(builder, **OPTIONS.get(builder.__name__, {}), **options).all()

    return asked


@pytest.mark.parametrize("builder", EVERY)
def test_the_record_at_the_first_instant_counts(ask_of, golden, builder):
    options = {"since": INSTANT, "until": INSTANT + EDGE} if builder in WINDOWED else {}
    if builder.__name__ == "select_active_canvases":
        del options["until"]
    rows = ask_of(builder, **options)
    assert rows == golden.rows
    cells = [(name, value) for row in rows for name, value in row._mapping.items()]
    # one record: no count above 1, a share is all or nothing, a percentile what the one record took
    assert {value for name, value in cells if name not in OTHER_NUMBERS and isinstance(value, int)} <= {0, 1}
    assert {value for name, value in cells if "share" in name or name == "success_rate"} <= {0, 1, None}
    assert {value for name, value in cells if name in STATISTICS[1:]} <= {0, None}


# stars and limits are not counts; a wait lasts until now
OTHER_NUMBERS = ("sequence", "rank", "episodes_needed")


@pytest.mark.parametrize("builder", [builder for builder in WINDOWED if builder.__name__ not in LISTS])
def test_the_record_just_after_the_window_does_not(ask_of, golden, builder):
    rows = ask_of(builder, since=INSTANT - EDGE, until=INSTANT)
    assert rows == golden.rows
    assert counts_above_zero(rows) == []


@pytest.mark.parametrize("builder", [builder for builder in WINDOWED if builder.__name__ in LISTS])
def test_the_record_just_after_the_window_is_not_listed(ask_of, builder):
    if builder.__name__ == "select_active_canvases":
        assert ask_of(builder, since=INSTANT + EDGE) == []
    else:
        assert ask_of(builder, since=INSTANT - EDGE, until=INSTANT) == []


@pytest.mark.parametrize("builder", WINDOWED)
def test_nor_does_it_just_before_the_window(ask_of, builder):
    options = {"since": INSTANT + EDGE, "until": INSTANT + 2 * EDGE}
    if builder.__name__ in ("select_active_canvases", "select_rolling_failure_rate"):  # until now; by whole days
        options = {"since": INSTANT + timedelta(days=7)}
    assert counts_above_zero(ask_of(builder, **options)) == []


def counts_above_zero(rows):
    cells = [(name, value) for row in rows for name, value in row._mapping.items()]
    return [(name, value) for name, value in cells if isinstance(value, int) and value > 0]


UNBOUND = [builder for builder in EVERY if builder not in WINDOWED]


@pytest.mark.parametrize("builder", [builder for builder in UNBOUND if builder.__name__ not in LISTS])
def test_of_a_workspace_without_records(ask_of, world, golden, builder):
    rows = ask_of(builder, workspace_id=world.nobody)
    assert rows == golden.rows
    assert counts_above_zero(rows) == []


@pytest.mark.parametrize("builder", [builder for builder in UNBOUND if builder.__name__ in LISTS])
def test_nothing_is_listed_of_a_workspace_without_records(ask_of, world, builder):
    assert ask_of(builder, workspace_id=world.nobody) == []
