"""The members of a workspace."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import Select, select

from controlplane.collation import code_points
from controlplane.models import MembershipStatus, Role, User, Workspace, WorkspaceMember

if TYPE_CHECKING:
    import uuid


def select_member(*, workspace_id: uuid.UUID, user_id: uuid.UUID) -> Select[User]:
    """Select the person if they are an active member of the workspace."""
    return (
        select(User)
        .join(WorkspaceMember, WorkspaceMember.user_id == User.id)
        .where(
            WorkspaceMember.workspace_id == workspace_id,
            WorkspaceMember.status == MembershipStatus.ACTIVE,
            User.id == user_id,
        )
    )


def select_members(
    *, workspace_id: uuid.UUID, statuses: tuple[MembershipStatus, ...] = tuple(MembershipStatus)
) -> Select[uuid.UUID, str, str, Role, str | None, MembershipStatus]:
    """Select the people of a workspace with role, specialty and status of membership, by e-mail."""
    return (
        select(User.id, User.email, User.name, User.role, User.specialty, WorkspaceMember.status)
        .join(WorkspaceMember, WorkspaceMember.user_id == User.id)
        .where(WorkspaceMember.workspace_id == workspace_id, WorkspaceMember.status.in_(statuses))
        .order_by(code_points(User.email), User.id)
    )


def select_membership(*, workspace_id: uuid.UUID, user_id: uuid.UUID) -> Select[WorkspaceMember]:
    """Select a person's membership of the workspace, with any status."""
    member = WorkspaceMember
    return select(member).where(member.workspace_id == workspace_id, member.user_id == user_id)


def lock_workspaces_of(*, user_id: uuid.UUID) -> Select[uuid.UUID]:
    """Select and lock every workspace in which a membership of the person is not removed, in one order."""
    joined = select(WorkspaceMember.workspace_id).where(
        WorkspaceMember.user_id == user_id, WorkspaceMember.status != MembershipStatus.REMOVED
    )
    query = select(Workspace.id).where(Workspace.id.in_(joined)).order_by(Workspace.id)
    return query.with_for_update(key_share=True)


def select_other_owner(*, workspace_id: uuid.UUID, user_id: uuid.UUID) -> Select[uuid.UUID]:
    """Select an active owner of the workspace besides this person, if there is one."""
    return (
        select(User.id)
        .join(WorkspaceMember, WorkspaceMember.user_id == User.id)
        .where(
            WorkspaceMember.workspace_id == workspace_id,
            WorkspaceMember.status == MembershipStatus.ACTIVE,
            User.role == Role.OWNER,
            User.id != user_id,
        )
        .order_by(User.id)
        .limit(1)
    )
