"""Setting, changing and removing breakpoints. They belong to a workflow, and stop every session on it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from controlplane import clock
from controlplane.debugging import queries
from controlplane.debugging.access import require_member
from controlplane.debugging.observer import of_items, paths_of
from controlplane.errors import ExpressionError, InvalidReferenceError, InvalidValueError, NotFoundError
from controlplane.models import Breakpoint, StepKind, Workflow
from controlplane.validation import number, text

if TYPE_CHECKING:
    import uuid

    from sqlalchemy.orm import Session

ROOTS = ("input", "vars", "steps", "execution", "item", "index")
MAX_HITS = 1_000_000_000


def add_breakpoint(
    session: Session,
    *,
    workspace_id: uuid.UUID,
    workflow_id: uuid.UUID,
    user_id: uuid.UUID,
    step_key: str,
    condition: str | None = None,
    hit_limit: int | None = None,
    log_message: str | None = None,
    enabled: bool = True,
) -> Breakpoint:
    """Set a breakpoint before a step of a workflow's newest version; with a message it is a logpoint.

    On a map it stops before the map; if its condition or message refers to `item` or `index`, before the items.

    Raises:
        InvalidValueError: the workflow has no such step, the condition is broken or reads what is not there,
            or the limit is not a whole number from 1.
        NotAuthorizedError: the person is not a member of the workspace, or is a viewer.
        NotFoundError: the workspace has no such workflow.
    """
    _require_rights(session, workspace_id, user_id)
    query = select(Workflow.id).where(Workflow.workspace_id == workspace_id, Workflow.id == workflow_id)
    if session.execute(query).first() is None:
        raise NotFoundError(record="workflow", id=workflow_id)
    point = Breakpoint(
        workspace_id=workspace_id,
        workflow_id=workflow_id,
        step_key=text("step_key", step_key),
        condition=condition,
        hit_limit=_limit(hit_limit),
        hit_count=0,
        enabled=enabled,
        log_message=log_message,
        created_by=user_id,
        created_at=clock.now(),
    )
    _check(session, point)
    session.add(point)
    session.flush()
    return point


def change_breakpoint(
    session: Session,
    *,
    workspace_id: uuid.UUID,
    breakpoint_id: uuid.UUID,
    user_id: uuid.UUID,
    **changes: Any,
) -> Breakpoint:
    """Change `condition`, `hit_limit`, `log_message` or `enabled`; `hit_count=0` restarts the count."""
    _require_rights(session, workspace_id, user_id)
    point = _get(session, workspace_id, breakpoint_id)
    for name, value in changes.items():
        if name not in ("condition", "hit_limit", "log_message", "enabled", "hit_count"):
            raise InvalidValueError(field=name, value=value, rule="a breakpoint has no such field to change")
    changes |= {"hit_limit": _limit(changes["hit_limit"])} if "hit_limit" in changes else {}
    if changes.get("hit_count", 0) != 0:
        raise InvalidValueError(field="hit_count", value=changes["hit_count"], rule="it can only be reset to 0")
    if not isinstance(changes.get("enabled", True), bool):
        raise InvalidValueError(field="enabled", value=changes["enabled"], rule="it must be true or false")
    checked = Breakpoint(
        workspace_id=workspace_id,
        workflow_id=point.workflow_id,
        step_key=point.step_key,
        condition=changes.get("condition", point.condition),
        log_message=changes.get("log_message", point.log_message),
    )
    _check(session, checked)
    for name, value in changes.items():
        setattr(point, name, value)
    session.flush()
    return point


def remove_breakpoint(
    session: Session, *, workspace_id: uuid.UUID, breakpoint_id: uuid.UUID, user_id: uuid.UUID
) -> None:
    """Remove a breakpoint; a session that is stopped at it stays stopped."""
    _require_rights(session, workspace_id, user_id)
    point = _get(session, workspace_id, breakpoint_id)
    session.execute(queries.forget_breakpoint(workspace_id=workspace_id, breakpoint_id=breakpoint_id))
    session.delete(point)
    session.flush()


def _require_rights(session: Session, workspace_id: uuid.UUID, user_id: uuid.UUID) -> None:
    require_member(session, workspace_id=workspace_id, user_id=user_id, action="set breakpoints", may_change=True)


def _get(session: Session, workspace_id: uuid.UUID, breakpoint_id: uuid.UUID) -> Breakpoint:
    query = select(Breakpoint).where(Breakpoint.workspace_id == workspace_id, Breakpoint.id == breakpoint_id)
    point = session.execute(query, execution_options={"populate_existing": True}).scalar_one_or_none()
    if point is None:
        raise NotFoundError(record="breakpoint", id=breakpoint_id)
    return point


def _limit(value: Any) -> int | None:
    if value is None:
        return None
    if not isinstance(value, int):
        raise InvalidValueError(field="hit_limit", value=value, rule="it must be a whole number")
    return int(number("hit_limit", value, low=1, high=MAX_HITS))


def _check(session: Session, point: Breakpoint) -> None:
    """Raise InvalidValueError unless the step is there and what the breakpoint reads can be."""
    query = queries.select_step_kind(
        workspace_id=point.workspace_id, workflow_id=point.workflow_id, step_key=point.step_key
    )
    kind = session.execute(query).scalar_one_or_none()
    if kind is None:
        raise InvalidValueError(field="step_key", value=point.step_key, rule="the workflow has no such step")
    for field, value in (("condition", point.condition), ("log_message", point.log_message)):
        if value is not None:
            text(field, value, limit=2_000)
    try:
        paths = paths_of(point.condition, point.log_message)
    except ExpressionError as error:
        raise InvalidValueError(field="condition", value=point.condition, rule=str(error)) from error
    except InvalidReferenceError as error:
        raise InvalidValueError(field="log_message", value=point.log_message, rule=str(error)) from error
    unknown = [path[0] for path in paths if path[0] not in ROOTS]
    if unknown:
        raise InvalidValueError(field="condition", value=unknown[0], rule=f"known are {', '.join(ROOTS)}")
    if of_items(point) and kind is not StepKind.MAP:
        raise InvalidValueError(field="step_key", value=point.step_key, rule="only a map has items")
