"""Authorization: membership of the workspace, and the least role for each permission."""

from __future__ import annotations

from enum import StrEnum
from types import MappingProxyType
from typing import TYPE_CHECKING

from controlplane.errors import NotAuthorizedError
from controlplane.governance.queries.members import select_member
from controlplane.models import Role, User

if TYPE_CHECKING:
    import uuid
    from collections.abc import Mapping

    from sqlalchemy.orm import Session


class Permission(StrEnum):
    """Permissions that a role can have."""

    TRIGGER = "trigger an agent"
    REPORT_OUTCOME = "report an outcome"
    GIVE_FEEDBACK = "give feedback"
    ADJUDICATE_FEEDBACK = "adjudicate feedback"
    PROPOSE = "propose"
    REVIEW = "review a proposal"
    TRAIN = "train an agent"
    SUPERVISE = "supervise an agent"
    CHANGE_STATUS = "change the status of an agent"
    SET_MATURITY = "set the maturity of an agent"
    RUN_WORKFLOW = "run a workflow"
    OPERATE = "operate an execution"
    USE_CANVAS = "act on a canvas"
    MANAGE_PEOPLE = "manage the members of a workspace"
    IMPORT_AGENT = "import an agent"
    SET_ACTION_LEVEL = "set the level of an action"
    ARCHIVE = "archive executions"
    MANAGE_BREAKPOINTS = "change a breakpoint of another user"


LEAST_ROLE: Mapping[Permission, Role] = MappingProxyType(
    {
        Permission.TRIGGER: Role.MEMBER,
        Permission.REPORT_OUTCOME: Role.MEMBER,
        Permission.GIVE_FEEDBACK: Role.MEMBER,
        Permission.ADJUDICATE_FEEDBACK: Role.MEMBER,  # and trusted: see feedback.is_trusted
        Permission.PROPOSE: Role.MEMBER,
        Permission.REVIEW: Role.TEAM_LEAD,
        Permission.TRAIN: Role.TEAM_LEAD,
        Permission.SUPERVISE: Role.TEAM_LEAD,
        Permission.CHANGE_STATUS: Role.ADMIN,
        Permission.SET_MATURITY: Role.ADMIN,
        Permission.RUN_WORKFLOW: Role.MEMBER,  # and to change one: who runs it can run another
        Permission.OPERATE: Role.MEMBER,
        Permission.USE_CANVAS: Role.MEMBER,
        Permission.MANAGE_PEOPLE: Role.ADMIN,  # of owners: Role.OWNER, see people
        Permission.IMPORT_AGENT: Role.ADMIN,
        Permission.SET_ACTION_LEVEL: Role.ADMIN,
        Permission.ARCHIVE: Role.ADMIN,
        Permission.MANAGE_BREAKPOINTS: Role.ADMIN,
    }
)
_FROM_MOST_TO_LEAST: tuple[Role, ...] = tuple(Role)


def has_permission(role: Role, permission: Permission) -> bool:
    """Return whether a role has a permission."""
    return _FROM_MOST_TO_LEAST.index(role) <= _FROM_MOST_TO_LEAST.index(LEAST_ROLE[permission])


def authorize(session: Session, *, workspace_id: uuid.UUID, user_id: uuid.UUID, permission: Permission) -> User:
    """Return the person if they are an active member and their role, as the database has it now, is enough.

    Raises:
        NotAuthorizedError: they don't, or it isn't; None is never authorised.
    """
    user = require_member(session, workspace_id=workspace_id, user_id=user_id, action=permission)
    if not has_permission(user.role, permission):
        reason = f"the least role is {LEAST_ROLE[permission]}, not {user.role}"
        raise NotAuthorizedError(actor=user_id, action=permission, reason=reason)
    return user


def is_authorized(
    session: Session, *, workspace_id: uuid.UUID, user_id: uuid.UUID, permission: Permission
) -> bool:
    """Return whether `authorize` would return the person."""
    try:
        authorize(session, workspace_id=workspace_id, user_id=user_id, permission=permission)
    except NotAuthorizedError:
        return False
    return True


def require_member(session: Session, *, workspace_id: uuid.UUID, user_id: uuid.UUID, action: str) -> User:
    """Return the person if they are an active member of the workspace, in any role.

    Raises:
        NotAuthorizedError: they are not.
    """
    query = select_member(workspace_id=workspace_id, user_id=user_id)
    user = session.execute(query, execution_options={"populate_existing": True}).scalar_one_or_none()
    if user is None:
        raise NotAuthorizedError(actor=user_id, action=action, reason="not a member of this workspace")
    return user
