"""States of records over one week: how long, from where to where, how far, and which never moved."""

from __future__ import annotations

import pytest

from controlplane.analytics.questions.lifecycles import (
    select_state_funnel,
    select_time_in_state,
    select_transition_counts,
    select_unmoved_records,
)

pytestmark = pytest.mark.seed("lifecycle_history")


def test_time_in_state(ask, golden):
    rows = ask(select_time_in_state).all()
    assert rows == golden
    of = {(row.record_kind, row.status): row for row in rows}
    # pending: 600, 1200, 3600 and a microsecond; not the one before the window, nor the two that never left
    assert of["proposal", "pending"].samples == 4
    assert of["proposal", "pending"].median == 900
    assert of["proposal", "approved"].mean == 15  # 0 and 30
    # two stays of one record, and none of the run that is still running
    assert (of["agent_execution", "running"].samples, of["agent_execution", "running"].maximum) == (3, 30)
    # corrected twice on the way: one stay of a minute
    assert of["supervision_session", "running"][2:4] == (1, 60)


def test_time_in_state_of_one_kind(ask, golden):
    rows = ask(select_time_in_state, record_kind="proposal").all()
    assert rows == golden.rows
    assert {row.record_kind for row in rows} == {"proposal"}


def test_time_in_state_over_all_history(ask, golden):
    assert ask(select_time_in_state, since=None, until=None).all() == golden.rows


def test_time_in_state_in_an_empty_window(ask, world):
    assert ask(select_time_in_state, until=world.monday).all() == []


def test_time_in_state_of_the_neighbour(ask, world, golden):
    assert ask(select_time_in_state, workspace_id=world.neighbour).all() == golden.rows


def test_transitions(ask, golden):
    rows = ask(select_transition_counts).all()
    assert rows == golden
    of = {(row.from_status, row.to_status): row.transitions for row in rows if row.record_kind == "proposal"}
    assert of == {
        (None, "pending"): 6,
        ("approved", "executed"): 1,
        ("approved", "execution_failed"): 1,
        ("pending", "approved"): 2,
        ("pending", "expired"): 1,
        ("pending", "rejected"): 1,
    }


def test_transitions_of_one_kind_over_all_history(ask, golden):
    assert ask(select_transition_counts, record_kind="agent.maturity", since=None, until=None).all() == golden.rows


def test_transitions_of_the_neighbour(ask, world, golden):
    assert ask(select_transition_counts, workspace_id=world.neighbour).all() == golden.rows


def test_the_funnel(ask, golden):
    rows = ask(select_state_funnel, record_kind="proposal").all()
    assert rows == golden
    # of the six made in the week; one was approved at its very end, one is older
    assert [(row.status, row.records) for row in rows] == [
        ("pending", 6),
        ("approved", 3),
        ("executed", 1),
        ("execution_failed", 1),
        ("rejected", 1),
    ]


def test_the_funnel_counts_a_record_once_per_state(ask, golden):
    rows = ask(select_state_funnel, record_kind="agent_execution").all()
    assert rows == golden.rows
    assert {row.status: row.records for row in rows} == {"pending": 2, "running": 2, "paused": 1, "completed": 1}


def test_the_funnel_of_nothing(ask, world):
    assert ask(select_state_funnel, record_kind="proposal", until=world.monday).all() == []


def test_records_that_never_left(ask, world, golden):
    rows = ask(
        select_unmoved_records, record_kind="proposal", statuses=("pending", "approved"), now=world.next_monday
    ).all()
    assert rows == golden
    # equal times by id; the one approved at this very moment has been there for no time
    assert [(row.record_id.int - 0xF1000, row.seconds) for row in rows] == [(4, 345600), (5, 345600), (6, 0)]


def test_records_that_never_left_a_state_they_came_back_to(ask, world, golden):
    rows = ask(
        select_unmoved_records, record_kind="agent_execution", statuses=("running",), now=world.next_monday
    ).all()
    assert rows == golden.rows
    assert [row.record_id.int - 0xF1000 for row in rows] == [0x12]


def test_a_record_that_was_corrected_never_left(ask, world, golden):
    options = {"record_kind": "supervision_session", "statuses": ("running",), "now": world.next_monday}
    rows = ask(select_unmoved_records, **options).all()
    assert rows == golden.rows
    # there since it began on the 9th, not since the correction of the 11th
    assert [(row.record_id.int - 0xF1000, row.entered_at.day) for row in rows] == [(0x22, 9)]


def test_the_longest_unmoved_record(ask, world, golden):
    assert (
        ask(
            select_unmoved_records, record_kind="proposal", statuses=("pending",), now=world.next_monday, limit=1
        ).all()
        == golden.rows
    )
