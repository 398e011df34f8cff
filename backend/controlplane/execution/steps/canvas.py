"""Steps that act on a canvas; the change and the step's end are one transaction."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Any

from controlplane import canvas
from controlplane.canvas import Author
from controlplane.errors import InvalidValueError
from controlplane.execution.steps.common import Done, Entry, StepOutcome

if TYPE_CHECKING:
    from controlplane.execution.definition import CanvasStep
    from controlplane.models import Canvas


def enter_canvas(entry: Entry) -> StepOutcome:
    """Present, update, submit or close a canvas."""
    step: CanvasStep = entry.step
    shown = _act(entry, step.action)
    return Done(
        output={
            "canvas_id": str(shown.id),
            "status": str(shown.status),
            "revision": shown.revision,
            "content": shown.content,
        },
        outcome=step.action,
    )


def _act(entry: Entry, action: str) -> Canvas:
    run, given, session = entry.turn.run, entry.input, entry.turn.session
    author = Author(
        user_id=run.user_id,
        agent_id=run.agent_id,
        workflow_execution_id=run.id,
        step_key=entry.attempt.step_key,
    )
    if action == "present":
        return canvas.present(
            session,
            workspace_id=run.workspace_id,
            type=given["type"],
            component=given["component"],
            content=given["content"],
            author=author,
        )
    common: dict[str, Any] = {
        "workspace_id": run.workspace_id,
        "canvas_id": _canvas_id(given["canvas"]),
        "author": author,
    }
    if action == "update":
        return canvas.update(session, changes=given["content"], **common)
    if action == "submit":
        return canvas.submit(session, data=given["content"], **common)
    return canvas.close(session, **common)


def _canvas_id(value: Any) -> uuid.UUID:
    try:
        return uuid.UUID(value)
    except (ValueError, AttributeError, TypeError):
        raise InvalidValueError(field="canvas", value=value, rule="it must be the id of a canvas") from None
