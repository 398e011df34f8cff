"""The questions about canvases."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime

import pytest

from controlplane.canvas.queries import revise_canvas, select_audit_trail, select_canvas, select_canvases
from controlplane.models import CanvasAction, CanvasStatus

pytestmark = pytest.mark.seed("canvases")

HERE, ELSEWHERE, NOWHERE = (uuid.UUID(int=number) for number in (1, 2, 3))
FORM = uuid.UUID(int=0xE0001)

CANVASES = {
    "all-last-changed-first": {"workspace_id": HERE},
    "the-last": {"workspace_id": HERE, "limit": 1},
    "open": {"workspace_id": HERE, "status": CanvasStatus.OPEN},
    "forms": {"workspace_id": HERE, "type": "form"},
    "of-an-owner": {"workspace_id": HERE, "owner_id": uuid.UUID(int=0xB0004)},
    "the-other-workspace": {"workspace_id": ELSEWHERE},
}


@pytest.mark.parametrize("options", CANVASES.values(), ids=CANVASES)
def test_canvases(session, golden, options):
    assert session.scalars(select_canvases(**options)) == golden.rows


@pytest.mark.parametrize("options", [{"workspace_id": NOWHERE}, {"workspace_id": HERE, "type": "Form"}])
def test_no_canvases_of_an_empty_workspace_or_of_a_type_in_other_case(session, options):
    assert session.scalars(select_canvases(**options)).all() == []


TRAILS = {
    "whole": {"workspace_id": HERE, "canvas_id": FORM},
    "submissions": {"workspace_id": HERE, "canvas_id": FORM, "action": CanvasAction.SUBMIT},
    "of-another-workspace": {"workspace_id": ELSEWHERE, "canvas_id": FORM},
}


@pytest.mark.parametrize("options", TRAILS.values(), ids=TRAILS)
def test_the_audit_trail_of_a_canvas(session, golden, options):
    assert session.scalars(select_audit_trail(**options)) == golden.rows


def test_one_canvas(session, golden):
    found = session.scalars(select_canvas(workspace_id=HERE, canvas_id=FORM)).all()
    assert found == golden.rows
    assert session.scalars(select_canvas(workspace_id=HERE, canvas_id=FORM, lock=True)).all() == found


STATEMENTS = {
    "canvases": select_canvases(workspace_id=HERE),
    "canvases-by-everything": select_canvases(
        workspace_id=HERE, status=CanvasStatus.OPEN, type="form", owner_id=uuid.UUID(int=0xB0004), limit=2
    ),
    "audit-trail-of-an-action": select_audit_trail(workspace_id=HERE, canvas_id=FORM, action=CanvasAction.SUBMIT),
    "canvas-locked": select_canvas(workspace_id=HERE, canvas_id=FORM, lock=True),
    "revise-canvas": revise_canvas(
        workspace_id=HERE, canvas_id=FORM, revision=3, now=datetime(2026, 3, 2, tzinfo=UTC), content={"n": 2}
    ),
}


@pytest.mark.parametrize("statement", STATEMENTS.values(), ids=STATEMENTS)
def test_statement_is_as_it_was(golden, statement):
    assert statement == golden.sql
