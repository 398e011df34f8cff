"""What became of supervisions, feedback and blocked triggers in one week, by kind of end."""

from __future__ import annotations

import pytest

from controlplane.analytics.questions.governance.human_review import (
    select_feedback_by_status,
    select_interventions_by_type,
    select_supervision_outcomes,
)
from controlplane.analytics.questions.governance.triggers import select_resolution_outcomes

pytestmark = pytest.mark.seed("causes")
EVERY = (
    select_feedback_by_status,
    select_interventions_by_type,
    select_supervision_outcomes,
    select_resolution_outcomes,
)


@pytest.mark.parametrize("builder", EVERY)
def test_of_one_week(ask, golden, builder):
    assert ask(builder).all() == golden


@pytest.mark.parametrize("builder", EVERY)
def test_of_the_neighbour(ask, world, golden, builder):
    assert ask(builder, workspace_id=world.neighbour).all() == golden.rows


@pytest.mark.parametrize("builder", EVERY)
def test_over_all_history(ask, golden, builder):
    assert ask(builder, since=None, until=None).all() == golden.rows


def test_feedback_by_status_counts_corrections(ask):
    rows = [tuple(row) for row in ask(select_feedback_by_status)]
    assert rows == [("pending", 3, 1, 3), ("accepted", 3, 1, pytest.approx(13 / 3)), ("rejected", 1, 1, None)]


def test_interventions_by_type(ask):
    rows = [tuple(row) for row in ask(select_interventions_by_type)]
    assert rows == [("pause", 2, pytest.approx(2 / 3)), ("correct", 1, pytest.approx(1 / 3)), ("terminate", 0, 0)]


def test_supervisions_by_status(ask):
    rows = {row.status: tuple(row[1:]) for row in ask(select_supervision_outcomes)}
    assert rows["completed"] == (4, 4, pytest.approx(11 / 3), 30)
    assert rows["interrupted"] == (1, 1, None, 90)
    assert rows["paused"] == (0, 0, None, None)


def test_triggers_by_how_they_ended(ask):
    rows = {row.resolution_outcome: row.triggers for row in ask(select_resolution_outcomes)}
    ended = ("trained", "executed", "rejected", "expired", "cancelled")
    assert rows == dict.fromkeys(rows, 0) | dict.fromkeys(ended, 1)
