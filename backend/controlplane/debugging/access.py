"""Access to a debug session: a viewer reads, an operator drives, an owner shares and ends."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select

from controlplane import clock
from controlplane.debugging.lifecycle import DEBUG, includes
from controlplane.debugging.queries import select_grant, select_session
from controlplane.errors import InvalidValueError, NotAuthorizedError
from controlplane.lifecycle import begin
from controlplane.lookup import get_one
from controlplane.models import (
    DebugGrant,
    DebugPermission,
    DebugSession,
    MembershipStatus,
    Role,
    User,
    WorkspaceMember,
)
from controlplane.validation import member

if TYPE_CHECKING:
    import uuid

    from sqlalchemy.orm import Session


def open_session(
    session: Session,
    *,
    workspace_id: uuid.UUID,
    session_id: uuid.UUID,
    user_id: uuid.UUID,
    needs: DebugPermission,
    action: str,
) -> DebugSession:
    """Return a debug session for a user who may do `action` with it.

    Raises:
        NotFoundError: the workspace has no such session.
        NotAuthorizedError: the person has no share in it, or not enough of one.
    """
    query = select_session(workspace_id=workspace_id, session_id=session_id)
    found: DebugSession = get_one(session, query, record="debug_session", id=session_id, fresh=True)
    held = permission_of(session, debug_session=found, user_id=user_id)
    if not includes(held, needs):
        reason = f"it needs {needs}, they are {held}" if held else "the session is not shared with them"
        raise NotAuthorizedError(actor=user_id, action=action, reason=reason)
    return found


def permission_of(session: Session, *, debug_session: DebugSession, user_id: uuid.UUID) -> DebugPermission | None:
    """Return a person's permission in a session, or None."""
    query = select_grant(workspace_id=debug_session.workspace_id, session_id=debug_session.id, user_id=user_id)
    grant = session.execute(query).scalar_one_or_none()
    return None if grant is None else grant.permission


def share(
    session: Session,
    *,
    workspace_id: uuid.UUID,
    session_id: uuid.UUID,
    user_id: uuid.UUID,
    with_user_id: uuid.UUID,
    permission: DebugPermission,
) -> DebugGrant:
    """Grant a user a permission in a session, or change it. Only an owner may.

    Raises:
        InvalidValueError: an unknown permission, or the owner of the session would lose theirs.
        NotAuthorizedError: the actor is not an owner, or the user is not a member of the workspace.
    """
    wanted = member("permission", permission, DebugPermission)
    found = open_session(
        session,
        workspace_id=workspace_id,
        session_id=session_id,
        user_id=user_id,
        needs=DebugPermission.OWNER,
        action="share the session",
    )
    require_member(session, workspace_id=workspace_id, user_id=with_user_id, action="see the session")
    _require_owner_stays(found, with_user_id, wanted)
    query = select_grant(workspace_id=workspace_id, session_id=session_id, user_id=with_user_id)
    grant = session.execute(query).scalar_one_or_none()
    if grant is None:
        grant = _grant(found, user_id=with_user_id, permission=wanted, granted_by=user_id)
        session.add(grant)
    else:
        grant.permission = wanted
        grant.granted_by = user_id
    session.flush()
    return grant


def unshare(
    session: Session,
    *,
    workspace_id: uuid.UUID,
    session_id: uuid.UUID,
    user_id: uuid.UUID,
    with_user_id: uuid.UUID,
) -> None:
    """Revoke a user's permission; only an owner may, and never that of the session's owner."""
    found = open_session(
        session,
        workspace_id=workspace_id,
        session_id=session_id,
        user_id=user_id,
        needs=DebugPermission.OWNER,
        action="unshare the session",
    )
    _require_owner_stays(found, with_user_id, None)
    query = select_grant(workspace_id=workspace_id, session_id=session_id, user_id=with_user_id)
    grant = get_one(session, query, record="debug_grant", id=with_user_id)
    session.delete(grant)
    session.flush()


def store_session(session: Session, made: DebugSession, *, reason: str | None = None) -> DebugSession:
    """Store a new debug session, and that whom it belongs to is its owner."""
    begin(session, DEBUG, made, actor_id=made.owner_id, reason=reason)
    session.add(_grant(made, user_id=made.owner_id, permission=DebugPermission.OWNER, granted_by=None))
    session.flush()
    return made


def _grant(
    debug_session: DebugSession,
    *,
    user_id: uuid.UUID,
    permission: DebugPermission,
    granted_by: uuid.UUID | None,
) -> DebugGrant:
    return DebugGrant(
        workspace_id=debug_session.workspace_id,
        session_id=debug_session.id,
        user_id=user_id,
        permission=permission,
        granted_by=granted_by,
        created_at=clock.now(),
    )


def require_member(
    session: Session, *, workspace_id: uuid.UUID, user_id: uuid.UUID, action: str, may_change: bool = False
) -> Role:
    """Return the role of a member of the workspace; raise NotAuthorizedError for others (and for viewers)."""
    query = (
        select(User.role)
        .join(WorkspaceMember, WorkspaceMember.user_id == User.id)
        .where(
            WorkspaceMember.workspace_id == workspace_id,
            WorkspaceMember.status == MembershipStatus.ACTIVE,
            User.id == user_id,
        )
    )
    role: Role | None = session.execute(query).scalar_one_or_none()
    if role is None:
        raise NotAuthorizedError(actor=user_id, action=action, reason="they are not a member of the workspace")
    if may_change and role is Role.VIEWER:
        raise NotAuthorizedError(actor=user_id, action=action, reason="viewers can't change anything")
    return role


def _require_owner_stays(
    debug_session: DebugSession, user_id: uuid.UUID, permission: DebugPermission | None
) -> None:
    if user_id == debug_session.owner_id and permission is not DebugPermission.OWNER:
        rule = "the owner of the session must stay an owner"
        raise InvalidValueError(field="permission", value=str(permission), rule=rule)
