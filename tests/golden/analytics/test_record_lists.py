"""Single runs: the newest with ties in time, the ones that hang, the time range."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from controlplane.analytics.questions.record_lists import (
    select_execution_time_range,
    select_newest_executions,
    select_stuck_executions,
)
from controlplane.models import ExecutionStatus

pytestmark = pytest.mark.seed("executions")
HOUR = timedelta(hours=1)


def test_the_newest_runs(ask, golden):
    rows = ask(select_newest_executions, limit=5).all()
    assert rows == golden.rows
    assert [row.id.int - 0xE0000 for row in rows] == [0x07, 0x06, 0x25, 0x32, 0x31]


def test_the_next_page_begins_within_a_tie(ask, golden):
    # 13 and 14 were asked for in the same microsecond: the page after 14 starts with 13
    page = ask(select_newest_executions, limit=14).all()
    assert page[-1].id.int == 0xE0014
    rows = ask(select_newest_executions, limit=3, before=(page[-1].created_at, page[-1].id)).all()
    assert rows == golden
    assert [row.id.int - 0xE0000 for row in rows] == [0x13, 0x12, 0x02]


def test_the_newest_runs_of_one_agent(ask, world, golden):
    assert ask(select_newest_executions, limit=2, agent_id=world.agent(2)).all() == golden


def test_the_newest_runs_with_a_status(ask, golden):
    unfinished = (ExecutionStatus.RUNNING, ExecutionStatus.PAUSED)
    rows = ask(select_newest_executions, limit=10, statuses=unfinished).all()
    assert rows == golden.rows
    assert [row.id.int - 0xE0000 for row in rows] == [0x25, 0x23, 0x22]


def test_the_newest_runs_of_an_empty_workspace(ask, world):
    assert ask(select_newest_executions, limit=5, workspace_id=world.nobody).all() == []


def test_the_time_range(ask, world, golden):
    rows = ask(select_execution_time_range).all()
    assert rows == golden
    assert rows[0].last_at == world.next_monday


def test_the_time_range_of_one_agent(ask, world, golden):
    assert ask(select_execution_time_range, agent_id=world.agent(5)).all() == golden.rows


def test_the_time_range_without_runs_is_null(ask, world):
    rows = ask(select_execution_time_range, agent_id=world.agent(4)).all()
    assert tuple(rows[0]) == (None, None, 0)


def test_runs_that_hang(ask, world, golden):
    rows = ask(select_stuck_executions, now=world.next_monday, longer_than=HOUR).all()
    assert rows == golden.rows
    # paused and pending ones do not hang, nor does the neighbour's
    assert [(row.id.int - 0xE0000, row.running_seconds) for row in rows] == [(0x22, 226770), (0x25, 7200)]


def test_a_run_that_has_taken_exactly_as_long_does_not_hang(ask, world, golden):
    rows = ask(select_stuck_executions, now=world.next_monday, longer_than=2 * HOUR).all()
    assert rows == golden.rows
    assert [row.id.int - 0xE0000 for row in rows] == [0x22]


def test_a_run_hangs_a_microsecond_later(ask, world, golden):
    now = world.next_monday + timedelta(microseconds=1)
    rows = ask(select_stuck_executions, now=now, longer_than=2 * HOUR, agent_id=world.agent(3)).all()
    assert rows == golden
    assert rows[1].running_seconds == 7200.000001


def test_nothing_hangs_yet(ask, world):
    assert ask(select_stuck_executions, now=datetime(2026, 1, 9), longer_than=HOUR).all() == []  # noqa: DTZ001  naive means UTC
