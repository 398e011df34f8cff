"""What governance held back in one week."""

from __future__ import annotations

import pytest

from controlplane.analytics.questions.governance.triggers import (
    select_blocked_triggers_by_agent,
    select_blocked_triggers_by_decision,
    select_blocked_triggers_by_source,
    select_time_to_resolution,
)

pytestmark = pytest.mark.seed("governance_history")
EVERY = (
    select_blocked_triggers_by_agent,
    select_blocked_triggers_by_source,
    select_blocked_triggers_by_decision,
    select_time_to_resolution,
)


def test_by_agent(ask, golden):
    rows = ask(select_blocked_triggers_by_agent).all()
    assert rows == golden
    assert [(row.agent, row.blocked, row.unresolved) for row in rows] == [
        ("Greeter", 3, 1),
        ("Novice", 2, 1),
        ("Auditor", 1, 0),
        ("Relic", 1, 0),
    ]


def test_by_source(ask, golden):
    rows = ask(select_blocked_triggers_by_source).all()
    assert rows == golden
    triggers = {row.trigger_source: row.triggers for row in rows}
    assert len(triggers) == 10
    assert (triggers["schedule"], triggers["event"], triggers["manual"]) == (2, 2, 0)


def test_by_decision(ask, golden):
    rows = ask(select_blocked_triggers_by_decision).all()
    assert rows == golden
    assert [(row.routing_decision, row.triggers) for row in rows] == [
        ("training", 2),
        ("proposal", 3),
        ("supervision", 2),
        ("execution", 0),
    ]


def test_time_to_resolution(ask, golden):
    rows = ask(select_time_to_resolution).all()
    assert rows == golden
    assert [(row.routing_decision, row.samples, row.median) for row in rows] == [
        ("training", 1, 3600),
        ("proposal", 2, 120),
        ("supervision", 2, 43200),
    ]


@pytest.mark.parametrize("builder", EVERY)
def test_over_all_history(ask, golden, builder):
    assert ask(builder, since=None, until=None).all() == golden.rows


@pytest.mark.parametrize("builder", EVERY)
def test_of_the_neighbour(ask, world, golden, builder):
    assert ask(builder, workspace_id=world.neighbour).all() == golden.rows
