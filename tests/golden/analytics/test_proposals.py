"""Proposals of one week: how far they came, how long they waited, who decided."""

from __future__ import annotations

import pytest

from controlplane.analytics.questions.governance.proposals import (
    select_approval_latency,
    select_approval_rate_by_reviewer,
    select_proposal_funnel,
)

pytestmark = pytest.mark.seed("governance_history")
EVERY = (select_proposal_funnel, select_approval_latency, select_approval_rate_by_reviewer)


def test_the_funnel(ask, golden):
    rows = ask(select_proposal_funnel).all()
    assert rows == golden
    action, training = (row._mapping for row in rows)
    assert (action["created"], action["approved"], action["rejected"], action["pending"]) == (9, 3, 3, 1)
    assert (action["executed"], action["execution_failed"], action["cancelled"], action["expired"]) == (1, 1, 1, 1)
    assert action["approval_rate"] == 0.5
    assert (training["created"], training["approved"], training["approval_rate"]) == (4, 4, 1)


def test_approval_latency(ask, golden):
    rows = ask(select_approval_latency).all()
    assert rows == golden
    assert [(row.proposal_type, row.samples, row.median) for row in rows] == [
        ("action", 6, (60 + 90) / 2),  # 0 30 60 90 120 600
        ("training", 4, 5400),
    ]


def test_approval_rate_by_reviewer(ask, golden):
    rows = ask(select_approval_rate_by_reviewer).all()
    assert rows == golden
    assert [(row.reviewer, row.decisions, row.approvals) for row in rows] == [
        ("Adam", 3, 2),
        ("Olga", 3, 3),
        ("Tina", 2, 1),
        ("Invoicer", 2, 1),  # an agent: after the people with as many decisions
    ]


@pytest.mark.parametrize("builder", EVERY)
def test_over_all_history(ask, golden, builder):
    assert ask(builder, since=None, until=None).all() == golden.rows


@pytest.mark.parametrize("builder", EVERY)
def test_of_the_neighbour(ask, world, golden, builder):
    assert ask(builder, workspace_id=world.neighbour).all() == golden.rows
