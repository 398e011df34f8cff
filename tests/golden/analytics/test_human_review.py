"""Training, supervision and feedback of one week."""

from __future__ import annotations

import pytest

from controlplane.analytics.questions.governance.human_review import (
    select_feedback_by_agent,
    select_interventions_by_agent,
    select_rating_distribution,
    select_training_outcomes_by_category,
)

pytestmark = pytest.mark.seed("governance_history")
EVERY = (
    select_training_outcomes_by_category,
    select_interventions_by_agent,
    select_feedback_by_agent,
    select_rating_distribution,
)


def test_training_outcomes(ask, golden):
    rows = ask(select_training_outcomes_by_category).all()
    assert rows == golden
    of = {row.category: row for row in rows}
    assert (of["support"].sessions, of["support"].completed, of["support"].cancelled) == (3, 2, 1)
    assert of["support"].mean_score == pytest.approx(0.8)  # the other completed one has no score
    assert of["support"].promotion_rate == 1
    assert of["records"].mean_hours == 1
    assert (of["finance"].completed, of["finance"].promotion_rate) == (0, None)


def test_interventions(ask, golden):
    rows = ask(select_interventions_by_agent).all()
    assert rows == golden
    assert [(row.agent, row.sessions, row.interventions, row.untouched) for row in rows] == [
        ("Auditor", 3, 4, 1),
        ("Archivist", 1, 1, 0),
        ("Relic", 2, 0, 2),
    ]


def test_feedback_by_agent(ask, golden):
    rows = ask(select_feedback_by_agent).all()
    assert rows == golden
    assert [(row.agent, row.feedback, row.mean_rating) for row in rows] == [
        ("Invoicer", 3, 4.5),
        ("Relic", 2, 4.5),
        ("Auditor", 1, 1),
        ("Archivist", 0, None),
        ("Greeter", 1, None),
        ("Novice", 0, None),
        ("auditor", 0, None),
    ]


def test_the_distribution_of_ratings(ask, golden):
    rows = ask(select_rating_distribution).all()
    assert rows == golden
    assert tuple(rows[0]) == (7, 5, pytest.approx(3.8), 1, 0, 0, 2, 2)


@pytest.mark.parametrize("builder", EVERY)
def test_over_all_history(ask, golden, builder):
    assert ask(builder, since=None, until=None).all() == golden.rows


@pytest.mark.parametrize("builder", EVERY)
def test_of_the_neighbour(ask, world, golden, builder):
    assert ask(builder, workspace_id=world.neighbour).all() == golden.rows
