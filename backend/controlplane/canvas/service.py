"""The verbs of a canvas; each leaves one row in its trail."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from controlplane import clock
from controlplane.canvas.lifecycle import CANVAS, merge_patch
from controlplane.canvas.queries import revise_canvas, select_canvas
from controlplane.canvas.rights import NO_AUTHOR, Author, require_right
from controlplane.errors import CanvasClosedError, LostRaceError
from controlplane.lifecycle import begin, transition
from controlplane.lookup import get_one
from controlplane.models import Canvas, CanvasAction, CanvasAudit, CanvasStatus
from controlplane.validation import json_value, text

if TYPE_CHECKING:
    import uuid

    from sqlalchemy import CursorResult
    from sqlalchemy.orm import Session


def present(
    session: Session,
    *,
    workspace_id: uuid.UUID,
    type: str,  # noqa: A002  the column's name
    content: Any,
    component: str | None = None,
    owner_id: uuid.UUID | None = None,
    author: Author = NO_AUTHOR,
) -> Canvas:
    """Show a new canvas; its owner is the person who acts unless another is named.

    Raises:
        InvalidValueError: an empty or over-long type or component, or content that is not JSON.
        NotAuthorizedError: the person is not a member of the workspace, or is a viewer.
        RefusedError: governance does not let the agent.
    """
    at = clock.now()
    canvas = Canvas(
        workspace_id=workspace_id,
        type=text("type", type, limit=100),
        component=None if component is None else text("component", component),
        content=json_value("content", content),
        status=CanvasStatus.OPEN,
        revision=1,
        owner_id=owner_id or author.user_id,
        agent_id=author.agent_id,
        workflow_execution_id=author.workflow_execution_id,
        created_at=at,
        updated_at=at,
    )
    require_right(
        session, workspace_id=workspace_id, author=author, action=CanvasAction.PRESENT, shows=canvas.type
    )
    begin(session, CANVAS, canvas, **author.actor)
    _audit(session, canvas, CanvasAction.PRESENT, content, author)
    return canvas


def update(
    session: Session, *, workspace_id: uuid.UUID, canvas_id: uuid.UUID, changes: Any, author: Author = NO_AUTHOR
) -> Canvas:
    """Change the content of an open canvas by a JSON Merge Patch (RFC 7396); the trail keeps the patch.

    Raises:
        CanvasClosedError: it is closed; nothing is written.
        InvalidValueError: the changes are not JSON.
        NotAuthorizedError, RefusedError: as `present`.
        NotFoundError: the workspace has no such canvas.
    """
    json_value("changes", changes)
    require_right(session, workspace_id=workspace_id, author=author, action=CanvasAction.UPDATE)
    canvas = _open_canvas(session, workspace_id, canvas_id)
    _revise(session, canvas, content=merge_patch(canvas.content, changes))
    _audit(session, canvas, CanvasAction.UPDATE, changes, author)
    return canvas


def submit(
    session: Session, *, workspace_id: uuid.UUID, canvas_id: uuid.UUID, data: Any, author: Author = NO_AUTHOR
) -> Canvas:
    """Send data back through an open canvas: kept in the trail, the content stays as it is.

    Raises as `update` does.
    """
    json_value("data", data)
    require_right(session, workspace_id=workspace_id, author=author, action=CanvasAction.SUBMIT)
    canvas = _open_canvas(session, workspace_id, canvas_id)
    _revise(session, canvas)
    _audit(session, canvas, CanvasAction.SUBMIT, data, author)
    return canvas


def close(
    session: Session, *, workspace_id: uuid.UUID, canvas_id: uuid.UUID, author: Author = NO_AUTHOR
) -> Canvas:
    """End a canvas: it takes nothing more. Closing twice is an IllegalTransitionError."""
    require_right(session, workspace_id=workspace_id, author=author, action=CanvasAction.CLOSE)
    canvas = get_canvas(session, workspace_id=workspace_id, canvas_id=canvas_id, lock=True)
    at = clock.now()
    transition(
        session,
        CANVAS,
        canvas,
        to=CanvasStatus.CLOSED,
        **author.actor,
        revision=canvas.revision + 1,
        updated_at=at,
        closed_at=at,
    )
    _audit(session, canvas, CanvasAction.CLOSE, None, author)
    return canvas


def get_canvas(session: Session, *, workspace_id: uuid.UUID, canvas_id: uuid.UUID, lock: bool = False) -> Canvas:
    """Return one canvas of the workspace as the database has it now, or raise NotFoundError."""
    query = select_canvas(workspace_id=workspace_id, canvas_id=canvas_id, lock=lock)
    return get_one(session, query, record="canvas", id=canvas_id, fresh=True)


def _open_canvas(session: Session, workspace_id: uuid.UUID, canvas_id: uuid.UUID) -> Canvas:
    canvas = get_canvas(session, workspace_id=workspace_id, canvas_id=canvas_id, lock=True)
    if canvas.status is not CanvasStatus.OPEN:
        raise CanvasClosedError(id=canvas_id)
    return canvas


def _revise(session: Session, canvas: Canvas, **values: Any) -> None:
    statement = revise_canvas(
        workspace_id=canvas.workspace_id,
        canvas_id=canvas.id,
        revision=canvas.revision,
        now=clock.now(),
        **values,
    )
    if cast("CursorResult[Any]", session.execute(statement)).rowcount != 1:
        raise LostRaceError(
            record="canvas", id=canvas.id, from_status=canvas.status, to_status=f"revision {canvas.revision + 1}"
        )
    session.refresh(canvas)


def _audit(session: Session, canvas: Canvas, action: CanvasAction, content: Any, author: Author) -> None:
    """Add a row to the trail; its number is the canvas's revision, which the row lock makes unique."""
    session.add(
        CanvasAudit(
            workspace_id=canvas.workspace_id,
            canvas_id=canvas.id,
            sequence=canvas.revision,
            action=action,
            content=content,
            user_id=author.user_id,
            agent_id=author.agent_id,
            workflow_execution_id=author.workflow_execution_id,
            step_key=author.step_key,
            at=canvas.updated_at,
        )
    )
    session.flush()
