"""How each windowed or filtered question is run: by an index, never by reading a growing table from end to end."""

from __future__ import annotations

import inspect
import re
import uuid
from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa

from controlplane.analytics.questions import (
    canvases,
    concurrency,
    critical_paths,
    debugging,
    durations,
    executions,
    failures,
    lifecycles,
    record_lists,
    series,
    steps,
    workflows,
)
from controlplane.analytics.questions.governance import human_review, maturity, proposals, triggers
from controlplane.analytics.sql.buckets import Bucket
from controlplane.models import AgentExecution
from pytest_query_snapshot.goldens.formats.plan import in_words

HERE, MONDAY, WEEK = uuid.UUID(int=1), datetime(2026, 1, 5, tzinfo=UTC), timedelta(days=7)
HOUR = timedelta(hours=1)
DAILY = {"bucket": Bucket.DAY}
AGENT, WORKFLOW = {"agent_id": uuid.UUID(int=7)}, {"workflow_id": uuid.UUID(int=7)}
NARROW = {"agent_id", "execution_id", "canvas_id"}
EVER = {"since": None, "until": None}
# a stay can begin before any window, and a canvas's actions are counted from its first
WHOLE_HISTORY = (lifecycles.select_time_in_state, canvases.select_active_canvases)
# who would miss an index; on one of the databases another may do as well
MISSED = {
    "ix_agent_execution_window": ("durations_by_agent", "success_rate_by_agent", "runs_over_time"),
    "ix_agent_execution_agent": ("leaderboard", "durations-by-agent_id"),
    "ix_agent_execution_status": ("failures_by_error_type",),
    "ix_agent_execution_under_way": ("concurrency",),
    "ix_agent_execution_agent_id_created_at": (
        "newest_executions-by-agent_id",
        "failures_by_error_type-by-agent_id",
        "runs_over_time-by-agent_id",
    ),
    "ix_workflow_execution_window": ("workflow_performance", "top_workflows", "queue_and_run_time"),
    "ix_lifecycle_event_workspace_id_record_kind_at": ("transition_counts", "maturity_changes"),
    "ix_blocked_trigger_window": ("blocked_triggers_by_source", "blocked_triggers_by_agent"),
    "ix_proposal_workspace_id_created_at_reviewed_at": ("proposal_funnel",),
    "ix_canvas_audit_workspace_id_at_action": ("canvas_actions", "canvas_actions_by_type"),
    "ix_supervision_session_agent": ("interventions_by_agent", "graduation_readiness"),
}
GROWING = (
    *("agent_execution", "workflow_execution", "workflow_step_execution", "lifecycle_event", "proposal"),
    *("blocked_trigger", "supervision_session", "agent_feedback", "canvas_audit", "execution_trace"),
    *("training_session", "intervention"),
)
QUESTIONS = (
    (executions.select_executions_by_status, {}),
    (executions.select_executions_by_trigger, {}),
    (executions.select_executions_by_agent, {}),
    (executions.select_success_rate, {}),
    (executions.select_success_rate_by_agent, {}),
    (executions.select_failures_by_error_type, {}),
    (durations.select_durations, {}),
    (durations.select_durations_by_agent, {}),
    (durations.select_waits, {}),
    (record_lists.select_newest_executions, {"limit": 10}),
    (record_lists.select_execution_time_range, {}),
    (record_lists.select_stuck_executions, {"longer_than": HOUR}),
    (series.select_runs_over_time, DAILY),
    (series.select_rolling_failure_rate, {}),
    (series.select_week_over_week, {}),
    (concurrency.select_concurrency, DAILY),
    (workflows.select_workflow_performance, {}),
    (workflows.select_top_workflows, {"limit": 10}),
    (workflows.select_queue_and_run_time, {}),
    (workflows.select_workflow_executions_by_status, {}),
    (series.select_workflow_runs_over_time, DAILY),
    (failures.select_workflow_failures, {}),
    (failures.select_step_errors, {"limit": 10}),
    (record_lists.select_stuck_workflow_executions, {"longer_than": HOUR}),
    (steps.select_step_performance, {}),
    (steps.select_slowest_steps, {"limit": 10}),
    (steps.select_branch_frequencies, {}),
    (critical_paths.select_critical_paths, {}),
    (maturity.select_maturity_changes, DAILY),
    (maturity.select_graduation_readiness, {}),
    (maturity.select_leaderboard, {"limit": 10}),
    (triggers.select_blocked_triggers_by_agent, {}),
    (triggers.select_blocked_triggers_by_source, {}),
    (triggers.select_blocked_triggers_by_decision, {}),
    (triggers.select_time_to_resolution, {}),
    (triggers.select_resolution_outcomes, {}),
    (proposals.select_proposal_funnel, {}),
    (proposals.select_approval_latency, {}),
    (proposals.select_approval_rate_by_reviewer, {}),
    (human_review.select_interventions_by_agent, {}),
    (human_review.select_interventions_by_type, {}),
    (human_review.select_supervision_outcomes, {}),
    (human_review.select_feedback_by_agent, {}),
    (human_review.select_feedback_by_status, {}),
    (human_review.select_rating_distribution, {}),
    (lifecycles.select_time_in_state, {"record_kind": "proposal"}),
    (lifecycles.select_transition_counts, {"record_kind": "proposal"}),
    (lifecycles.select_state_funnel, {"record_kind": "proposal"}),
    (lifecycles.select_unmoved_records, {"record_kind": "proposal", "statuses": ("pending",)}),
    (canvases.select_canvas_actions_by_type, {}),
    (canvases.select_canvas_actions, {"limit": 10}),
    (canvases.select_active_canvases, {}),
    (human_review.select_training_outcomes_by_category, {}),
    (debugging.select_debug_sessions_by_status, {}),
    (debugging.select_hottest_breakpoints, {"limit": 10}),
    (debugging.select_most_changed_variables, {"limit": 10}),
    (debugging.select_trace_durations, {}),
    (maturity.select_agents_by_maturity_and_status, {}),
    (executions.select_executions_by_status, AGENT),
    (executions.select_success_rate, AGENT),
    (executions.select_failures_by_error_type, AGENT),
    (durations.select_durations, AGENT),
    (record_lists.select_newest_executions, AGENT | {"limit": 10}),
    (record_lists.select_execution_time_range, AGENT),
    (series.select_runs_over_time, AGENT | DAILY),
    (executions.select_executions_by_trigger, AGENT),
    (series.select_rolling_failure_rate, AGENT),
    (series.select_week_over_week, AGENT),
    (record_lists.select_stuck_executions, AGENT | {"longer_than": HOUR}),
    (workflows.select_workflow_executions_by_status, WORKFLOW),
    (series.select_workflow_runs_over_time, WORKFLOW | DAILY),
    (failures.select_workflow_failures, WORKFLOW),
    (failures.select_step_errors, WORKFLOW | {"limit": 10}),
    (record_lists.select_stuck_workflow_executions, WORKFLOW | {"longer_than": HOUR}),
    (steps.select_step_performance, WORKFLOW),
    (steps.select_slowest_steps, WORKFLOW | {"limit": 10}),
    (steps.select_branch_frequencies, WORKFLOW),
    (critical_paths.select_critical_paths, WORKFLOW),
    (debugging.select_hottest_breakpoints, WORKFLOW | {"limit": 10}),
    (critical_paths.select_critical_paths, {"execution_id": uuid.UUID(int=7), "since": None, "until": None}),
    # over all history every row is counted, and an index gives the percentiles
    (durations.select_durations, EVER),
    (durations.select_durations_by_agent, EVER),
    (durations.select_waits, EVER),
)


def filled(builder, options):
    """Build a statement of the first workspace and week, with what it needs besides."""
    known = {"workspace_id": HERE, "since": MONDAY, "until": MONDAY + WEEK, "now": MONDAY + WEEK}
    takes = inspect.signature(builder).parameters
    return builder(**{name: value for name, value in known.items() if name in takes} | options)


def name_of(builder, options):
    """Name a question as a golden: the builder, and what narrows it."""
    narrowed = [
        f"by-{name}" for name in ("agent_id", "workflow_id", "execution_id", "canvas_id") if name in options
    ]
    return "-".join([builder.__name__.removeprefix("select_"), *narrowed, *(["ever"] if options == EVER else [])])


STATEMENTS = {name_of(builder, options): filled(builder, options) for builder, options in QUESTIONS}
SELECTIVE = tuple(
    name_of(builder, options)
    for builder, options in QUESTIONS
    if ("since" in inspect.signature(builder).parameters and builder not in WHOLE_HISTORY and options != EVER)
    or NARROW & set(options)
)
# of people's debugging there is little, and so there is of levels in this world: PostgreSQL reads them all at once
FEW = (
    *(debugging.select_debug_sessions_by_status, debugging.select_most_changed_variables),
    maturity.select_maturity_changes,
)
WINDOWED = tuple(
    name_of(builder, options)
    for builder, options in QUESTIONS
    if "until" in inspect.signature(builder).parameters
    and options.get("since", MONDAY)
    and builder not in (*WHOLE_HISTORY, *FEW)
    and not {*NARROW, "workflow_id"} & set(options)  # an id may find fewer rows than a window
)


EVERYTHING = sa.select(sa.func.count(AgentExecution.error_message))
CASES = (
    *((name, statement, None) for name, statement in STATEMENTS.items()),
    *((name, STATEMENTS[name], index) for index, names in MISSED.items() for name in names),
    ("everything", EVERYTHING, None),
)


# PostgreSQL 15 reads these by another index than 18 does
BY_VERSION = frozenset(
    {
        "durations_by_agent-ever",
        "executions_by_trigger",
        "failures_by_error_type-by-agent_id",
        "feedback_by_agent",
        "interventions_by_agent",
        "rating_distribution",
        "waits",
    }
)


@pytest.mark.parametrize("name", STATEMENTS)
def test_plan_of_question(request, planned, golden, name):
    if name in BY_VERSION:
        request.getfixturevalue("same_planner")
    assert planned(CASES)[name, None] == golden.plan


@pytest.mark.parametrize("name", SELECTIVE)
def test_no_growing_table_is_read_whole(planned, name):
    assert read_whole(planned(CASES)[name, None]) == []


@pytest.mark.parametrize("name", WINDOWED)
def test_window_bounds_the_range_read_from_an_index(planned, name):
    assert bounded_by_time(planned(CASES)[name, None])


def bounded_by_time(plan):
    """Say whether some table is searched from one instant to another: as SQLite writes it, or PostgreSQL."""
    searches = re.findall(r"SEARCH .*|Index Cond: .*", plan.text)
    return any(re.search(r"\b(at|\w+_at)( >=? |>)", search) for search in searches)


def read_whole(plan):
    """Name the growing tables that a plan reads from end to end, by an index or not."""
    ways = (line.split(": ", 1) for line in in_words(plan.text).splitlines() if ": " in line)
    return [table for table, way in ways if table in GROWING and way.startswith("every row")]


@pytest.mark.parametrize("index", MISSED)
def test_a_lost_index_changes_a_plan(planned, same_planner, index):
    plans = planned(CASES)
    assert any(plans[name, index] != plans[name, None] for name in MISSED[index])


def test_the_check_notices_a_scan(planned):
    assert read_whole(planned(CASES)["everything", None]) == ["agent_execution"]
