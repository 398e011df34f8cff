"""Set, change and remove breakpoints. They belong to a workflow, and to one session or to all."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from controlplane import clock
from controlplane.debugging import queries
from controlplane.debugging.access import open_session, require_member
from controlplane.debugging.observer import of_items, paths_of
from controlplane.errors import (
    ExpressionError,
    InvalidReferenceError,
    InvalidValueError,
    NotAuthorizedError,
    NotFoundError,
)
from controlplane.governance.authorization import LEAST_ROLE, Permission, has_permission
from controlplane.lookup import get_one
from controlplane.models import Breakpoint, DebugPermission, StepKind, Workflow
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
    session_id: uuid.UUID | None = None,
) -> Breakpoint:
    """Set a breakpoint before a step of a workflow; with a message it is a logpoint.

    It stops every session, or with `session_id` that one alone. The step must be one of the newest version, or
    of a version that is being debugged now. On a map it stops before the map; if its condition or message refers
    to `item` or `index`, before the items.

    Raises:
        InvalidValueError: the workflow has no such step, the condition is broken or reads what is not there,
            or the limit is not a whole number from 1.
        NotAuthorizedError: the person is not a member of the workspace, is a viewer, or may not drive the session.
        NotFoundError: the workspace has no such workflow or session.
    """
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
        session_id=session_id,
    )
    _require_rights(session, point, user_id, is_new=True)
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
    """Change `condition`, `hit_limit`, `log_message` or `enabled`; `hit_count=0` restarts the count.

    Raises:
        InvalidValueError: another field, or a value that a new breakpoint could not have either.
        NotAuthorizedError: the user neither made it, nor owns its session, nor is an owner or admin.
        NotFoundError: the workspace has no such breakpoint.
    """
    point = _get(session, workspace_id, breakpoint_id)
    _require_rights(session, point, user_id, is_new=False)
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
        session_id=point.session_id,
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
    """Remove a breakpoint; a session that is stopped at it stays stopped.

    Raises: as `change_breakpoint`.
    """
    point = _get(session, workspace_id, breakpoint_id)
    _require_rights(session, point, user_id, is_new=False)
    session.execute(queries.forget_breakpoint(workspace_id=workspace_id, breakpoint_id=breakpoint_id))
    session.delete(point)
    session.flush()


def _require_rights(session: Session, point: Breakpoint, user_id: uuid.UUID, *, is_new: bool) -> None:
    """Raise NotAuthorizedError unless the user may set this breakpoint, or change one that is there.

    Members set breakpoints for every session, operators of a session those of the session. A breakpoint is changed
    and removed by its maker, by an owner of its session, and by owners and admins of the workspace.
    """
    action = "set breakpoints"
    role = require_member(
        session, workspace_id=point.workspace_id, user_id=user_id, action=action, may_change=True
    )
    if not is_new and (point.created_by == user_id or has_permission(role, Permission.MANAGE_BREAKPOINTS)):
        return
    if point.session_id is not None:
        needs = DebugPermission.OPERATOR if is_new else DebugPermission.OWNER
        ids = {"workspace_id": point.workspace_id, "session_id": point.session_id}
        open_session(session, **ids, user_id=user_id, needs=needs, action=action)
    elif not is_new:
        reason = f"it takes its maker, or at least the role {LEAST_ROLE[Permission.MANAGE_BREAKPOINTS]}"
        raise NotAuthorizedError(actor=user_id, action=Permission.MANAGE_BREAKPOINTS, reason=reason)


def _get(session: Session, workspace_id: uuid.UUID, breakpoint_id: uuid.UUID) -> Breakpoint:
    query = select(Breakpoint).where(Breakpoint.workspace_id == workspace_id, Breakpoint.id == breakpoint_id)
    return get_one(session, query, record="breakpoint", id=breakpoint_id, fresh=True)


def _limit(value: Any) -> int | None:
    if value is None:
        return None
    if not isinstance(value, int):
        raise InvalidValueError(field="hit_limit", value=value, rule="it must be a whole number")
    return int(number("hit_limit", value, low=1, high=MAX_HITS))


def _check(session: Session, point: Breakpoint) -> None:
    """Raise InvalidValueError unless the step is there and what the breakpoint reads can be."""
    query = queries.select_step_kinds(
        workspace_id=point.workspace_id,
        workflow_id=point.workflow_id,
        step_key=point.step_key,
        session_id=point.session_id,
    )
    kinds = session.scalars(query).all()
    if not kinds:
        rule = "neither the newest version of the workflow nor one that is being debugged has such a step"
        raise InvalidValueError(field="step_key", value=point.step_key, rule=rule)
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
    if of_items(point) and StepKind.MAP not in kinds:
        raise InvalidValueError(field="step_key", value=point.step_key, rule="only a map has items")
