"""What each action on a canvas writes."""

from __future__ import annotations

import uuid

import pytest

from controlplane import canvas
from controlplane.canvas import Author
from controlplane.errors import CanvasClosedError, IllegalTransitionError, InvalidValueError, NotFoundError

pytestmark = pytest.mark.seed("canvases")

HERE, ELSEWHERE = uuid.UUID(int=1), uuid.UUID(int=2)
CLOSED, OPEN = uuid.UUID(int=0xE0001), uuid.UUID(int=0xE0002)
TINA = Author(user_id=uuid.UUID(int=0xB0003))


def test_present_update_submit_and_close(session, golden):
    with golden.step("present"):
        shown = canvas.present(
            session,
            workspace_id=HERE,
            type="form",
            component="OrderForm",
            content={"n": 1, "old": [1]},
            author=TINA,
        )
    ids = {"workspace_id": HERE, "canvas_id": shown.id}
    with golden.step("update"):
        canvas.update(
            session, changes={"n": 2, "old": None, "new": {"deep": None, "kept": True}}, author=TINA, **ids
        )
    with golden.step("submit"):
        canvas.submit(session, data={"amount": 12.5}, **ids)
    with golden.step("close"):
        canvas.close(session, author=TINA, **ids)
    assert shown.content == {"n": 2, "new": {"kept": True}}
    assert session == golden.state


def test_content_may_be_any_json(session, golden):
    for content in (None, [1, "two", None], "text", 7.5, False):
        with golden.step(f"present {content!r}"):
            canvas.present(session, workspace_id=HERE, type="chart", content=content)
    assert session == golden.state


REFUSED = {
    "update-closed": (canvas.update, {"canvas_id": CLOSED, "changes": {}}, CanvasClosedError),
    "submit-closed": (canvas.submit, {"canvas_id": CLOSED, "data": 1}, CanvasClosedError),
    "close-twice": (canvas.close, {"canvas_id": CLOSED}, IllegalTransitionError),
    "update-not-json": (canvas.update, {"canvas_id": OPEN, "changes": {"x": float("inf")}}, InvalidValueError),
    "present-without-type": (canvas.present, {"type": " ", "content": {}}, InvalidValueError),
    "elsewhere": (canvas.close, {"canvas_id": OPEN, "workspace_id": ELSEWHERE}, NotFoundError),
    "unknown": (canvas.submit, {"canvas_id": uuid.UUID(int=0xEFFFF), "data": 1}, NotFoundError),
}


@pytest.mark.parametrize(("verb", "options", "error"), REFUSED.values(), ids=REFUSED)
def test_what_is_refused_writes_nothing(session, golden, verb, options, error):
    with golden.step("refused"), pytest.raises(error):
        verb(session, **({"workspace_id": HERE} | options))
    assert session == golden.state
