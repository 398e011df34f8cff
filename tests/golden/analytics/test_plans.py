"""How each windowed or filtered question is run: by an index, never by reading a growing table from end to end."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
import sqlalchemy as sa

from controlplane.analytics import (
    canvases,
    concurrency,
    critical_paths,
    debugging,
    durations,
    executions,
    lifecycles,
    listings,
    maturity,
    oversight,
    proposals,
    series,
    steps,
    triggers,
    workflows,
)
from controlplane.analytics.buckets import Bucket
from controlplane.models import AgentExecution

HOUR = timedelta(hours=1)
DAILY = {"bucket": Bucket.DAY}
GROWING = (
    *("agent_execution", "workflow_execution", "workflow_step_execution", "lifecycle_event", "proposal"),
    *("blocked_trigger", "supervision_session", "agent_feedback", "canvas_audit", "execution_trace"),
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
    (listings.select_newest_executions, {"limit": 10}),
    (listings.select_execution_time_range, {}),
    (listings.select_stuck_executions, {"longer_than": HOUR}),
    (series.select_runs_over_time, DAILY),
    (series.select_rolling_failure_rate, {}),
    (series.select_week_over_week, {}),
    (concurrency.select_concurrency_steps, {}),
    (concurrency.select_concurrency, DAILY),
    (workflows.select_workflow_performance, {}),
    (workflows.select_top_workflows, {"limit": 10}),
    (workflows.select_queue_and_run_time, {}),
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
    (proposals.select_proposal_funnel, {}),
    (proposals.select_approval_latency, {}),
    (proposals.select_approval_rate_by_reviewer, {}),
    (oversight.select_interventions_by_agent, {}),
    (oversight.select_feedback_by_agent, {}),
    (oversight.select_rating_distribution, {}),
    (lifecycles.select_time_in_state, {"record_kind": "proposal"}),
    (lifecycles.select_transition_counts, {"record_kind": "proposal"}),
    (lifecycles.select_state_funnel, {"record_kind": "proposal"}),
    (lifecycles.select_unmoved_records, {"record_kind": "proposal", "statuses": ("pending",)}),
    (canvases.select_canvas_actions_by_type, {}),
    (canvases.select_canvas_actions, {"limit": 10}),
    (canvases.select_active_canvases, {}),
    (debugging.select_trace_durations, {}),
)


@pytest.mark.parametrize(("builder", "options"), QUESTIONS, ids=lambda each: getattr(each, "__name__", ""))
def test_reads_by_an_index(session, world, golden, builder, options):
    known = {
        "workspace_id": world.workspace,
        "since": world.monday,
        "until": world.next_monday,
        "now": world.next_monday,
    }
    takes = builder.__kwdefaults__ or {}
    names = builder.__code__.co_varnames[: builder.__code__.co_kwonlyargcount]
    assert set(takes) <= set(names)
    statement = builder(**{name: value for name, value in known.items() if name in names} | options)
    if session.connection().dialect.name == "sqlite":
        # PostgreSQL weighs the pages that rolled-back tests leave in its tables: the shape is not the query's own
        assert statement == golden.plan
    assert scanned(session, statement) == []


def scanned(session, statement):
    """Name the growing tables that the plan reads from end to end."""
    connection = session.connection()
    sqlite = connection.dialect.name == "sqlite"
    if not sqlite:
        connection.exec_driver_sql("SET LOCAL enable_seqscan = off")
    compiled = statement.compile(dialect=connection.dialect, compile_kwargs={"render_postcompile": True})
    values = compiled.construct_params()
    for name, process in compiled._bind_processors.items():
        if name in values:  # a list in an IN is several by now
            values[name] = process(values[name])
    prefix = "EXPLAIN QUERY PLAN" if sqlite else "EXPLAIN (COSTS OFF)"
    given = tuple(values[name] for name in compiled.positiontup) if sqlite else values
    lines = [row[-1] for row in connection.exec_driver_sql(f"{prefix} {compiled}", given)]
    ends = r"^SCAN (\w+)" if sqlite else r"(?<!Index )(?<!Only )Seq Scan on (\w+)"
    return [table for line in lines for table in re.findall(ends, line) if table in GROWING]


def test_the_check_would_notice_a_scan(session):
    everything = sa.select(sa.func.count(AgentExecution.error_message))
    assert scanned(session, everything) == ["agent_execution"]
