"""Canvases of one week."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime

import pytest

from controlplane.analytics.questions.canvases import (
    select_active_canvases,
    select_canvas_actions,
    select_canvas_actions_by_type,
)
from controlplane.models import CanvasAudit

pytestmark = pytest.mark.seed("canvas_history")


def canvas(number):
    return uuid.UUID(int=0xCA000 + number)


def test_actions_by_type(ask, golden):
    rows = ask(select_canvas_actions_by_type).all()
    assert rows == golden
    assert [(row.type, row.canvases, row.actions) for row in rows] == [
        ("form", 2, 7),
        ("Chart", 1, 1),
        ("chart", 1, 1),
    ]


def test_actions_by_type_in_an_empty_window(ask, world):
    assert ask(select_canvas_actions_by_type, until=world.monday).all() == []


def test_actions_by_type_of_the_neighbour(ask, world, golden):
    assert ask(select_canvas_actions_by_type, workspace_id=world.neighbour).all() == golden.rows


def test_actions_by_canvas(ask, golden):
    rows = ask(select_canvas_actions, limit=10).all()
    assert rows == golden
    assert [(row.canvas_id, row.actions, row.users) for row in rows] == [
        (canvas(1), 4, 2),
        (canvas(2), 3, 1),
        (canvas(3), 1, 0),
        (canvas(4), 1, 1),
    ]


def test_the_two_busiest_canvases_over_all_history(ask, golden):
    assert ask(select_canvas_actions, limit=2, since=None, until=None).all() == golden.rows


def test_active_canvases(ask, world, golden):
    rows = ask(select_active_canvases, now=world.next_monday).all()
    assert rows == golden.rows
    # the closed one and those idle since before Monday are not active
    assert [(row.canvas_id, row.idle_seconds) for row in rows] == [
        (canvas(4), 0),
        (canvas(3), 0.000001),
        (canvas(1), 604740),
    ]


def test_canvases_idle_since_the_same_instant_are_listed_by_id(ask, add, world, golden):
    act = {"sequence": 2, "action": "update", "content": {}, "at": world.next_monday}
    add(CanvasAudit, {"id": 0xCBF01}, canvas_id=canvas(3), **act)
    rows = ask(select_active_canvases, now=world.next_monday).all()
    assert rows == golden.rows
    assert [(row.canvas_id, row.idle_seconds) for row in rows[:2]] == [(canvas(3), 0), (canvas(4), 0)]


def test_canvases_active_since_an_instant(ask, world, golden):
    edge = datetime(2026, 1, 11, 23, 59, 59, 999999, tzinfo=UTC)
    rows = ask(select_active_canvases, now=world.next_monday, since=edge).all()
    assert rows == golden.rows
    assert [row.canvas_id for row in rows] == [canvas(4), canvas(3)]


def test_all_open_canvases(ask, world, golden):
    assert ask(select_active_canvases, now=world.next_monday, since=None).all() == golden
