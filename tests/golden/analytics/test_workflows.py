"""Workflows of one week: how often, how well, by whom, waiting or running."""

from __future__ import annotations

import statistics

import pytest

from controlplane.analytics.questions.workflows import (
    select_queue_and_run_time,
    select_top_workflows,
    select_workflow_performance,
)

pytestmark = pytest.mark.seed("workflow_history")


def test_performance(ask, golden):
    rows = ask(select_workflow_performance).all()
    assert rows == golden
    assert [(row.workflow, row.runs, row.success_rate) for row in rows] == [
        ("Billing", 6, 0.75),
        ("Onboarding", 6, pytest.approx(1 / 3)),
        ("billing", 1, 1),
        ("Unused", 0, None),
    ]
    assert rows[0].mean == statistics.mean([60, 120, 30])
    assert rows[0].p95 == pytest.approx(statistics.quantiles([60, 120, 30], n=100, method="inclusive")[94])


def test_performance_over_all_history(ask, golden):
    rows = ask(select_workflow_performance, since=None, until=None).all()
    assert rows == golden.rows
    assert rows[0].median == statistics.median([60, 120, 30, 9999])


def test_performance_in_an_empty_window(ask, world, golden):
    assert ask(select_workflow_performance, until=world.monday).all() == golden.rows


def test_performance_of_the_neighbour(ask, world, golden):
    assert ask(select_workflow_performance, workspace_id=world.neighbour).all() == golden.rows


def test_the_top_workflows(ask, golden):
    rows = ask(select_top_workflows, limit=2).all()
    assert rows == golden
    # as many runs each, so by name; a run without a user counts as a run
    assert [(row.workflow, row.runs, row.users) for row in rows] == [("Billing", 6, 3), ("Onboarding", 6, 2)]


def test_the_top_workflows_leave_out_those_without_runs(ask, golden):
    rows = ask(select_top_workflows, limit=10).all()
    assert rows == golden.rows
    assert [row.workflow for row in rows] == ["Billing", "Onboarding", "billing"]


def test_no_workflow_is_on_top_of_an_empty_window(ask, world):
    assert ask(select_top_workflows, limit=10, until=world.monday).all() == []


def test_queue_and_run_time(ask, golden):
    rows = ask(select_queue_and_run_time).all()
    assert rows == golden
    assert [(row.workflow, row.executions, row.mean_wait, row.mean_run) for row in rows] == [
        ("Billing", 4, statistics.mean([5, 15, 10, 0]), statistics.mean([60, 120, 30, 10])),
        ("Onboarding", 3, pytest.approx(2 / 3), pytest.approx(8 / 3)),
        ("billing", 1, 0, 0),
    ]
    assert [row.wait_share for row in rows] == [pytest.approx(30 / 250), pytest.approx(2 / 10), None]


def test_queue_and_run_time_in_an_empty_window(ask, world):
    assert ask(select_queue_and_run_time, until=world.monday).all() == []


def test_queue_and_run_time_of_the_neighbour(ask, world, golden):
    assert ask(select_queue_and_run_time, workspace_id=world.neighbour).all() == golden.rows
