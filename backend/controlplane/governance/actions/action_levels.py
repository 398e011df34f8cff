"""Finding, setting and listing the levels of actions in a workspace."""

from __future__ import annotations

from typing import TYPE_CHECKING

from controlplane import actions, clock
from controlplane.errors import InvalidValueError
from controlplane.governance.actions.action_risk import HIGHEST_LEVEL, ActionLevel, key_of, level_of
from controlplane.governance.authorization import Permission, authorize, require_member
from controlplane.governance.constants import REASON
from controlplane.governance.queries.action_levels import select_action_level, select_action_levels
from controlplane.lifecycle import record_change
from controlplane.models import WorkspaceActionLevel
from controlplane.validation import text, whole

if TYPE_CHECKING:
    import uuid

    from sqlalchemy.orm import Session

KIND = "action_level"
"""The record kind of the lifecycle events that a change of a level writes; their statuses are the levels."""
UNSET = "unset"


def level_in(
    session: Session, *, workspace_id: uuid.UUID, action: str, declared: int | None = None
) -> ActionLevel:
    """Return the level of an action in a workspace, as the database and the registry have it now.

    `declared` is the level that the caller declares for an action that is not registered (a verb of a canvas).
    """
    stored = session.scalars(select_action_level(workspace_id=workspace_id, action=key_of(action))).one_or_none()
    own = declared if declared is not None else actions.declared_level(action.strip())
    return level_of(action, declared=own, workspace=None if stored is None else stored.level)


def set_action_level(
    session: Session, *, workspace_id: uuid.UUID, action: str, level: int | None, actor_id: uuid.UUID, reason: str
) -> ActionLevel:
    """Set the level of an action in a workspace; it overrides name and registration. None removes it.

    Raises:
        InvalidValueError: an empty name, a level out of 1..4, no reason, or None where none is set.
        NotAuthorizedError: less than an admin of the workspace.
    """
    name, why = text("action", action), text("reason", reason, limit=REASON)
    wanted = None if level is None else whole("level", level, low=1, high=HIGHEST_LEVEL)
    key = key_of(name)
    if not key:
        raise InvalidValueError(field="action", value=action, rule="it must hold a word")
    authorize(session, workspace_id=workspace_id, user_id=actor_id, permission=Permission.SET_ACTION_LEVEL)
    query = select_action_level(workspace_id=workspace_id, action=key).with_for_update()
    stored = session.scalars(query, execution_options={"populate_existing": True}).one_or_none()
    if stored is None and wanted is None:
        raise InvalidValueError(field="level", value=None, rule="the workspace has not set one")
    before = None if stored is None else str(stored.level)
    if stored is None:
        stored = WorkspaceActionLevel(workspace_id=workspace_id, action=key)
    record_id = _store(session, stored, level=wanted, actor_id=actor_id)
    record_change(
        session,
        record_kind=KIND,
        record_id=record_id,
        workspace_id=workspace_id,
        from_status=before,
        to_status=UNSET if wanted is None else str(wanted),
        actor_id=actor_id,
        reason=f"{key}: {why}"[:REASON],
    )
    return level_in(session, workspace_id=workspace_id, action=name)


def _store(session: Session, stored: WorkspaceActionLevel, *, level: int | None, actor_id: uuid.UUID) -> uuid.UUID:
    if level is None:
        record_id = stored.id
        session.delete(stored)
    else:
        stored.level, stored.set_by, stored.set_at = level, actor_id, clock.now()
        session.add(stored)
        session.flush()
        record_id = stored.id
    session.flush()
    return record_id


def list_actions(session: Session, *, workspace_id: uuid.UUID, user_id: uuid.UUID) -> tuple[ActionLevel, ...]:
    """Return every registered action and every one that the workspace has set a level for, by name.

    Raises:
        NotAuthorizedError: not a member of the workspace.
    """
    require_member(session, workspace_id=workspace_id, user_id=user_id, action="list the levels of actions")
    stored = session.scalars(select_action_levels(workspace_id=workspace_id))
    levels = {record.action: record.level for record in stored}
    registered = actions.names()
    known = {key_of(name) for name in registered}
    names = sorted([*registered, *(name for name in levels if name not in known)])
    return tuple(
        level_of(name, declared=actions.declared_level(name), workspace=levels.get(key_of(name))) for name in names
    )
