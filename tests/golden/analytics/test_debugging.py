"""Debugging of one week."""

from __future__ import annotations

import uuid

import pytest

from controlplane.analytics.questions.debugging import (
    select_debug_sessions_by_status,
    select_hottest_breakpoints,
    select_most_changed_variables,
    select_trace_durations,
)

pytestmark = pytest.mark.seed("debug_history")


def test_sessions_by_status(ask, golden):
    rows = ask(select_debug_sessions_by_status).all()
    assert rows == golden
    assert [(row.status, row.sessions, row.owners) for row in rows] == [
        ("active", 1, 1),
        ("paused", 1, 1),
        ("completed", 2, 2),
        ("cancelled", 0, 0),
    ]


def test_an_owner_of_several_sessions_counts_once(ask, golden):
    rows = ask(select_debug_sessions_by_status, since=None, until=None).all()
    assert rows == golden.rows
    assert [(row.sessions, row.owners) for row in rows if row.status == "active"] == [(2, 1)]


def test_sessions_by_status_of_the_neighbour(ask, world, golden):
    assert ask(select_debug_sessions_by_status, workspace_id=world.neighbour).all() == golden.rows


def test_the_hottest_breakpoints(ask, golden):
    rows = ask(select_hottest_breakpoints, limit=10).all()
    assert rows == golden.rows
    assert [(row.step_key, row.hits, row.share) for row in rows] == [
        ("fetch", 7, pytest.approx(7 / 16)),
        ("decide", 3, pytest.approx(3 / 16)),
        ("decide", 3, pytest.approx(3 / 16)),
        ("hello", 3, pytest.approx(3 / 16)),
    ]


def test_the_hottest_breakpoint_of_one_workflow(ask, golden):
    rows = ask(select_hottest_breakpoints, limit=1, workflow_id=uuid.UUID(int=0xC0002)).all()
    assert rows == golden
    assert (rows[0].step_key, rows[0].share) == ("hello", 1)


def test_the_hottest_breakpoints_of_the_neighbour(ask, world, golden):
    assert ask(select_hottest_breakpoints, limit=10, workspace_id=world.neighbour).all() == golden.rows


def test_trace_durations(ask, golden):
    rows = ask(select_trace_durations).all()
    assert rows == golden.rows
    assert [(row.workflow, row.step_key, row.samples, row.mean) for row in rows] == [
        ("Onboarding", "hello", 3, 7),  # one of them as a child of Billing
        ("Billing", "fetch", 4, 4.5),  # two that name no workflow, and a child's in a session on Onboarding
        ("billing elsewhere", "fetch", 1, 4.5),  # an import: as long, so by name
        ("Billing", "decide", 1, 0),
        ("Billing", "send", 1, 0),  # as long in one workflow: by step
    ]


def test_trace_durations_over_all_history(ask, golden):
    assert ask(select_trace_durations, since=None, until=None).all() == golden


def test_trace_durations_of_the_neighbour(ask, world, golden):
    assert ask(select_trace_durations, workspace_id=world.neighbour).all() == golden.rows


def test_the_most_changed_variables(ask, golden):
    rows = ask(select_most_changed_variables, limit=10).all()
    assert rows == golden
    assert [(row.name, row.changes, row.sessions, row.people, row.first_settings) for row in rows] == [
        ("total", 3, 2, 2, 1),
        ("limit", 2, 1, 1, 1),
        ("Total", 1, 1, 1, 0),
    ]


def test_the_most_changed_variable_over_all_history(ask, golden):
    # `limit` has as many changes now, and comes first by name
    rows = ask(select_most_changed_variables, limit=1, since=None, until=None).all()
    assert rows == golden.rows
    assert (rows[0].name, rows[0].changes) == ("limit", 3)


def test_variables_changed_as_often_are_listed_by_name(ask, golden):
    rows = ask(select_most_changed_variables, limit=10, since=None, until=None).all()
    assert rows == golden.rows
    assert [(row.name, row.changes) for row in rows] == [("limit", 3), ("total", 3), ("Total", 1)]


def test_changed_variables_of_the_neighbour(ask, world, golden):
    assert ask(select_most_changed_variables, limit=10, workspace_id=world.neighbour).all() == golden.rows
