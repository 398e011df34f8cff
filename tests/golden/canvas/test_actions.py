"""What each action on a canvas writes."""

from __future__ import annotations

import uuid

import pytest

from controlplane import canvas
from controlplane.canvas import Author
from controlplane.errors import (
    CanvasClosedError,
    IllegalTransitionError,
    InvalidValueError,
    NotAuthorizedError,
    NotFoundError,
)

pytestmark = pytest.mark.seed("canvases")

HERE, ELSEWHERE = uuid.UUID(int=1), uuid.UUID(int=2)
CLOSED, OPEN = uuid.UUID(int=0xE0001), uuid.UUID(int=0xE0002)
TINA, MARA, VERA, NILS = (Author(user_id=uuid.UUID(int=number)) for number in (0xB0003, 0xB0004, 0xB0005, 0xB0006))


def test_present_update_submit_and_close(session, golden):
    with golden.step("present"), golden.budget(exactly=4):
        shown = canvas.present(
            session,
            workspace_id=HERE,
            type="form",
            component="OrderForm",
            content={"n": 1, "old": [1]},
            author=TINA,
        )
    ids = {"workspace_id": HERE, "canvas_id": shown.id}
    with golden.step("update"), golden.budget(exactly=5):
        canvas.update(
            session, changes={"n": 2, "old": None, "new": {"deep": None, "kept": True}}, author=TINA, **ids
        )
    with golden.step("submit"), golden.budget(exactly=5):
        canvas.submit(session, data={"amount": 12.5}, author=MARA, **ids)
    with golden.step("close"), golden.budget(exactly=7):
        canvas.close(session, author=TINA, **ids)
    assert shown.content == {"n": 2, "new": {"kept": True}}
    assert session == golden.changes


@pytest.mark.max_queries(15)
def test_content_may_be_any_json(session, golden):
    for content in (None, [1, "two", None], "text", 7.5, False):
        with golden.step(f"present {content!r}"):
            canvas.present(session, workspace_id=HERE, type="chart", content=content)
    assert session == golden.changes


def deep(levels):
    value = []
    for _ in range(levels):
        value = [value]
    return value


REFUSED = {
    "update-closed": (canvas.update, {"canvas_id": CLOSED, "changes": {}}, CanvasClosedError),
    "submit-closed": (canvas.submit, {"canvas_id": CLOSED, "data": 1}, CanvasClosedError),
    "close-twice": (canvas.close, {"canvas_id": CLOSED}, IllegalTransitionError),
    "update-not-json": (canvas.update, {"canvas_id": OPEN, "changes": {"x": float("inf")}}, InvalidValueError),
    "present-without-type": (canvas.present, {"type": " ", "content": {}}, InvalidValueError),
    "present-a-type-too-long": (canvas.present, {"type": "x" * 101, "content": {}}, InvalidValueError),
    "present-a-type-that-is-no-text": (canvas.present, {"type": 7, "content": {}}, InvalidValueError),
    "present-an-empty-component": (
        canvas.present,
        {"type": "form", "component": "", "content": {}},
        InvalidValueError,
    ),
    "present-not-json": (canvas.present, {"type": "form", "content": {1: 2}}, InvalidValueError),
    "present-too-deep": (canvas.present, {"type": "form", "content": deep(100_000)}, InvalidValueError),
    "present-a-nul": (canvas.present, {"type": "form", "content": "a\x00"}, InvalidValueError),
    "submit-not-json": (canvas.submit, {"canvas_id": OPEN, "data": {1, 2}}, InvalidValueError),
    "present-by-a-viewer": (canvas.present, {"type": "form", "content": {}, "author": VERA}, NotAuthorizedError),
    "update-by-a-viewer": (canvas.update, {"canvas_id": OPEN, "changes": {}, "author": VERA}, NotAuthorizedError),
    "submit-by-a-stranger": (canvas.submit, {"canvas_id": OPEN, "data": 1, "author": NILS}, NotAuthorizedError),
    "close-by-a-stranger": (canvas.close, {"canvas_id": OPEN, "author": NILS}, NotAuthorizedError),
    "update-elsewhere": (
        canvas.update,
        {"canvas_id": OPEN, "changes": {}, "workspace_id": ELSEWHERE},
        NotFoundError,
    ),
    "submit-elsewhere": (canvas.submit, {"canvas_id": OPEN, "data": 1, "workspace_id": ELSEWHERE}, NotFoundError),
    "elsewhere": (canvas.close, {"canvas_id": OPEN, "workspace_id": ELSEWHERE}, NotFoundError),
    "unknown": (canvas.submit, {"canvas_id": uuid.UUID(int=0xEFFFF), "data": 1}, NotFoundError),
}


@pytest.mark.parametrize(("verb", "options", "error"), REFUSED.values(), ids=REFUSED)
@pytest.mark.max_queries(2)
def test_refused_call_writes_nothing(session, writes_nothing, verb, options, error):
    with writes_nothing(), pytest.raises(error):
        verb(session, **({"workspace_id": HERE} | options))
