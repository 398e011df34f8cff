"""Steps that act on a canvas; the change and the step's end are one transaction."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Any

from controlplane import canvas
from controlplane.canvas import Author
from controlplane.errors import InvalidValueError
from controlplane.execution.steps.outcomes import Completed, StepContext, StepOutcome

if TYPE_CHECKING:
    from controlplane.execution.definition import CanvasStep
    from controlplane.models import Canvas


def start_canvas(context: StepContext) -> StepOutcome:
    """Present, update, submit or close a canvas."""
    step: CanvasStep = context.step
    shown = _act(context, step.action)
    return Completed(
        output={
            "canvas_id": str(shown.id),
            "status": str(shown.status),
            "revision": shown.revision,
            "content": shown.content,
        },
        outcome=step.action,
    )


def _act(context: StepContext, action: str) -> Canvas:
    execution, given, session = context.unit.execution, context.input, context.unit.session
    author = Author(
        user_id=execution.user_id,
        agent_id=execution.agent_id,
        workflow_execution_id=execution.id,
        step_key=context.attempt.step_key,
    )
    if action == "present":
        return canvas.present(
            session,
            workspace_id=execution.workspace_id,
            type=given["type"],
            component=given["component"],
            content=given["content"],
            author=author,
        )
    common: dict[str, Any] = {
        "workspace_id": execution.workspace_id,
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
