"""How many runs, how well, what failed; the seed is one week with a run on each of its edges."""

from __future__ import annotations

from datetime import timedelta

import pytest

from controlplane.analytics.questions.executions import (
    select_executions_by_agent,
    select_executions_by_status,
    select_executions_by_trigger,
    select_failures_by_error_type,
    select_success_rate,
    select_success_rate_by_agent,
)

pytestmark = pytest.mark.seed("executions")
MICROSECOND = timedelta(microseconds=1)


def test_runs_by_status(ask, golden):
    rows = ask(select_executions_by_status).all()
    assert rows == golden
    assert [row.runs for row in rows] == [1, 2, 1, 8, 6, 1, 1]  # counted in the seed


def test_runs_by_status_over_all_history(ask, golden):
    assert ask(select_executions_by_status, since=None, until=None) == golden.rows


def test_runs_by_status_of_one_agent(ask, world, golden):
    assert ask(select_executions_by_status, agent_id=world.agent(1)) == golden.rows


def test_runs_by_status_in_an_empty_window(ask, world, golden):
    assert ask(select_executions_by_status, until=world.monday) == golden.rows


def test_runs_by_status_of_the_neighbour(ask, world, golden):
    assert ask(select_executions_by_status, workspace_id=world.neighbour) == golden.rows


def test_an_agent_of_the_neighbour_has_no_runs_here(ask, world):
    rows = ask(select_executions_by_status, agent_id=world.agent(9)).all()
    assert rows == ask(select_executions_by_status, until=world.monday).all()
    assert {row.runs for row in rows} == {0}


def test_a_run_exactly_at_since_counts(ask, world):
    rows = ask(select_executions_by_status, until=world.monday + MICROSECOND).all()
    assert sum(row.runs for row in rows) == 1


def test_a_run_exactly_at_until_does_not_count(ask, world):
    last = world.next_monday - MICROSECOND
    rows = ask(select_executions_by_status, since=last).all()
    assert sum(row.runs for row in rows) == 1  # the one a microsecond before


def test_runs_by_trigger(ask, golden):
    rows = ask(select_executions_by_trigger).all()
    assert rows == golden
    assert sum(row.runs for row in rows) == 20


def test_runs_by_trigger_of_one_agent(ask, world, golden):
    assert ask(select_executions_by_trigger, agent_id=world.agent(3)) == golden.rows


def test_runs_by_trigger_in_an_unknown_workspace(ask, world, golden):
    assert ask(select_executions_by_trigger, workspace_id=world.nobody) == golden.rows


def test_runs_by_agent(ask, golden):
    rows = ask(select_executions_by_agent).all()
    assert rows == golden
    # the deleted agent that ran is listed, the one that never did is not; one without runs is
    assert [(row.agent, row.runs) for row in rows] == [
        ("Invoicer", 6),
        ("Greeter", 5),
        ("Auditor", 4),
        ("Archivist", 2),
        ("Relic", 2),
        ("auditor", 1),
        ("Novice", 0),
    ]


def test_runs_by_agent_in_an_empty_window(ask, world, golden):
    assert ask(select_executions_by_agent, until=world.monday) == golden.rows


def test_runs_by_agent_in_an_unknown_workspace(ask, world):
    assert ask(select_executions_by_agent, workspace_id=world.nobody).all() == []


def test_success_rate(ask, golden):
    rows = ask(select_success_rate).all()
    assert rows == golden
    assert rows[0].success_rate == pytest.approx(8 / 15)


def test_success_rate_without_an_outcome_is_null(ask, world, golden):
    rows = ask(select_success_rate, agent_id=world.agent(3)).all()
    assert rows == golden.rows
    assert tuple(rows[0]) == (5, 0, 0, 0, None)


def test_success_rate_in_an_empty_window(ask, world, golden):
    assert ask(select_success_rate, until=world.monday) == golden.rows


def test_success_rate_of_an_agent_that_only_failed(ask, world, golden):
    rows = ask(select_success_rate, agent_id=world.agent(2)).all()
    assert rows == golden.rows
    assert rows[0].success_rate == 0


def test_success_rate_by_agent(ask, golden):
    rows = ask(select_success_rate_by_agent).all()
    assert rows == golden
    assert [(row.agent, row.success_rate) for row in rows] == [
        ("auditor", 1),
        ("Invoicer", pytest.approx(5 / 6)),
        ("Archivist", 0.5),
        ("Relic", 0.5),
        ("Auditor", 0),
        ("Greeter", None),
        ("Novice", None),
    ]


def test_success_rate_by_agent_from_one_instant_on(ask, world, golden):
    assert ask(select_success_rate_by_agent, since=world.next_monday, until=None) == golden.rows


def test_success_rate_by_agent_of_the_neighbour(ask, world, golden):
    assert ask(select_success_rate_by_agent, workspace_id=world.neighbour) == golden.rows


def test_failures_by_error_type(ask, golden):
    rows = ask(select_failures_by_error_type).all()
    assert rows == golden
    assert [(row.error_type, row.failures) for row in rows] == [
        ("ValueError", 2),
        (None, 2),
        ("OSError", 1),
        ("TimeoutError", 1),
        ("valueError", 1),
    ]


def test_failures_by_error_type_over_all_history(ask, golden):
    assert ask(select_failures_by_error_type, since=None, until=None) == golden.rows


def test_failures_by_error_type_of_one_agent(ask, world, golden):
    assert ask(select_failures_by_error_type, agent_id=world.agent(2)) == golden.rows


def test_failures_when_nothing_failed(ask, world):
    assert ask(select_failures_by_error_type, agent_id=world.agent(3)).all() == []
