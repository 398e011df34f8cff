"""The members of a workspace: added, removed, suspended, given another role or specialty.

A person has one role and one specialty in every workspace they belong to. Who changes either must be allowed to do
so in all of these workspaces: otherwise an admin of one could make a person an owner of another.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from controlplane import clock
from controlplane.agents import hold_workspace
from controlplane.errors import InvalidValueError, LastOwnerError, NotAuthorizedError, NotFoundError
from controlplane.governance.authorization import Permission, authorize
from controlplane.governance.constants import REASON
from controlplane.governance.lifecycle import MEMBERSHIP
from controlplane.governance.queries.members import (
    lock_workspaces_of,
    select_membership,
    select_other_owner,
)
from controlplane.lifecycle import begin, record_change, transition
from controlplane.models import MembershipStatus, Role, User, WorkspaceMember
from controlplane.validation import member, optional_text, text

if TYPE_CHECKING:
    import uuid

    from sqlalchemy.orm import Session

EMAIL = 320
ROLE_CHANGES = "user_account.role"
"""The record kind of the lifecycle events that a change of role writes, one in each workspace of the person."""


def add_member(
    session: Session,
    *,
    workspace_id: uuid.UUID,
    email: str,
    actor_id: uuid.UUID,
    name: str | None = None,
    role: Role | None = None,
    specialty: str | None = None,
    reason: str | None = None,
) -> User:
    """Make a person a member of the workspace; an unknown e-mail is a new person (a member unless `role` differs).

    A known person keeps their name, role and specialty, which change by verbs of their own.

    Raises:
        InvalidValueError: no e-mail address, an unknown role, or a role that a known person does not have.
        IllegalTransitionError: the person is an active or suspended member already.
        NotAuthorizedError: less than an admin of the workspace; or less than an owner, to add an owner.
    """
    address, why = _email(email), optional_text("reason", reason, limit=REASON)
    wanted = None if role is None else member("role", role, Role)
    called = address.partition("@")[0][:200] if name is None else text("name", name)
    field = optional_text("specialty", specialty)
    hold_workspace(session, workspace_id=workspace_id)
    actor = authorize(session, workspace_id=workspace_id, user_id=actor_id, permission=Permission.MANAGE_PEOPLE)
    person = session.scalars(select(User).where(User.email == address)).one_or_none()
    if person is None:
        person = User(email=address, name=called, role=wanted or Role.MEMBER, specialty=field)
    elif wanted not in (None, person.role):
        rule = f"the person has the role {person.role} already; use change_role"
        raise InvalidValueError(field="role", value=str(wanted), rule=rule)
    _only_owners_manage_owners(actor, person.role)
    session.add(person)
    session.flush()
    _join(session, workspace_id, person, actor_id=actor_id, reason=why)
    return person


def _join(
    session: Session, workspace_id: uuid.UUID, person: User, *, actor_id: uuid.UUID, reason: str | None
) -> None:
    query = select_membership(workspace_id=workspace_id, user_id=person.id)
    found = session.scalars(query, execution_options={"populate_existing": True}).one_or_none()
    if found is None:
        found = WorkspaceMember(
            workspace_id=workspace_id,
            user_id=person.id,
            joined_at=clock.now(),
            status=MembershipStatus.ACTIVE,
        )
        begin(session, MEMBERSHIP, found, actor_id=actor_id, reason=reason)
        return
    transition(
        session,
        MEMBERSHIP,
        found,
        to=MembershipStatus.ACTIVE,
        only_from=MembershipStatus.REMOVED,
        actor_id=actor_id,
        reason=reason,
        joined_at=clock.now(),
    )


def remove_member(
    session: Session, *, workspace_id: uuid.UUID, user_id: uuid.UUID, actor_id: uuid.UUID, reason: str
) -> None:
    """End a membership; what the person did stays theirs, and they can be added again.

    Raises:
        IllegalTransitionError: it has ended already.
        InvalidValueError: no reason.
        LastOwnerError: the workspace would be left without an active owner.
        NotAuthorizedError: less than an admin of the workspace; or less than an owner, to remove an owner.
        NotFoundError: the person was never a member of the workspace.
    """
    _move(session, workspace_id, user_id, to=MembershipStatus.REMOVED, actor_id=actor_id, reason=reason)


def suspend_member(
    session: Session, *, workspace_id: uuid.UUID, user_id: uuid.UUID, actor_id: uuid.UUID, reason: str
) -> None:
    """Take every right in the workspace from a member until they are reinstated. Raises as `remove_member`."""
    _move(session, workspace_id, user_id, to=MembershipStatus.SUSPENDED, actor_id=actor_id, reason=reason)


def reinstate_member(
    session: Session, *, workspace_id: uuid.UUID, user_id: uuid.UUID, actor_id: uuid.UUID, reason: str
) -> None:
    """End a suspension. Raises as `remove_member`."""
    _move(
        session,
        workspace_id,
        user_id,
        to=MembershipStatus.ACTIVE,
        only_from=MembershipStatus.SUSPENDED,
        actor_id=actor_id,
        reason=reason,
    )


def _move(
    session: Session,
    workspace_id: uuid.UUID,
    user_id: uuid.UUID,
    *,
    to: MembershipStatus,
    actor_id: uuid.UUID,
    reason: str,
    only_from: MembershipStatus | None = None,
) -> None:
    why = text("reason", reason, limit=REASON)
    hold_workspace(session, workspace_id=workspace_id)
    actor = authorize(session, workspace_id=workspace_id, user_id=actor_id, permission=Permission.MANAGE_PEOPLE)
    found, person = _membership(session, workspace_id, user_id)
    _only_owners_manage_owners(actor, person.role)
    if person.role is Role.OWNER and found.status is MembershipStatus.ACTIVE:
        _require_remaining_owner(session, workspace_id, person)
    transition(session, MEMBERSHIP, found, to=to, only_from=only_from, actor_id=actor_id, reason=why)


def change_role(
    session: Session, *, workspace_id: uuid.UUID, user_id: uuid.UUID, role: Role, actor_id: uuid.UUID, reason: str
) -> None:
    """Give a member another role, in every workspace they belong to; one lifecycle event in each.

    Raises:
        InvalidValueError: an unknown role, the one they have, or no reason.
        LastOwnerError: a workspace would be left without an active owner.
        NotAuthorizedError: less than an admin of one of the workspaces; less than an owner, to make or unmake one.
        NotFoundError: the person is not a member of the workspace.
    """
    wanted, why = member("role", role, Role), text("reason", reason, limit=REASON)
    person, workspaces = _open_person(session, workspace_id, user_id, actor_id, (wanted,))
    before = person.role
    if before is wanted:
        raise InvalidValueError(field="role", value=str(wanted), rule="it is the one that the person has")
    if before is Role.OWNER:
        for each in workspaces:
            _require_remaining_owner(session, each, person)
    person.role = wanted
    session.flush()
    _record(session, workspaces, person, kind=ROLE_CHANGES, change=(before, wanted), actor_id=actor_id, reason=why)


def change_specialty(
    session: Session,
    *,
    workspace_id: uuid.UUID,
    user_id: uuid.UUID,
    specialty: str | None,
    actor_id: uuid.UUID,
    reason: str,
) -> None:
    """Give a member another specialty (None: none), in every workspace they belong to.

    The event's status is the person's role, its reason holds the old and the new specialty.

    Raises:
        InvalidValueError: an empty or over-long specialty, or no reason.
        NotAuthorizedError: less than an admin of one of the workspaces; or less than an owner, for an owner.
        NotFoundError: the person is not a member of the workspace.
    """
    wanted, why = optional_text("specialty", specialty), text("reason", reason, limit=REASON)
    person, workspaces = _open_person(session, workspace_id, user_id, actor_id, ())
    before, person.specialty = person.specialty, wanted
    session.flush()
    shown = f"specialty {before or 'none'} -> {wanted or 'none'}: {why}"
    change = (person.role, person.role)
    _record(session, workspaces, person, kind=ROLE_CHANGES, change=change, actor_id=actor_id, reason=shown)


def _open_person(
    session: Session, workspace_id: uuid.UUID, user_id: uuid.UUID, actor_id: uuid.UUID, roles: tuple[Role, ...]
) -> tuple[User, list[uuid.UUID]]:
    """Lock the workspaces of a person, and return both if the actor manages people in all of them."""
    workspaces = list(session.scalars(lock_workspaces_of(user_id=user_id)))
    actor_in = partial(authorize, session, user_id=actor_id, permission=Permission.MANAGE_PEOPLE)
    actor = actor_in(workspace_id=workspace_id)
    found, person = _membership(session, workspace_id, user_id)
    if found.status is MembershipStatus.REMOVED:
        raise NotFoundError(record="member", id=user_id)
    for each in workspaces:
        if each != workspace_id:
            actor_in(workspace_id=each)
    _only_owners_manage_owners(actor, person.role, *roles)
    return person, workspaces


def _membership(session: Session, workspace_id: uuid.UUID, user_id: uuid.UUID) -> tuple[WorkspaceMember, User]:
    query = select_membership(workspace_id=workspace_id, user_id=user_id)
    fresh: Any = {"populate_existing": True}
    found = session.scalars(query, execution_options=fresh).one_or_none()
    if found is None:
        raise NotFoundError(record="member", id=user_id)
    return found, session.get_one(User, user_id, populate_existing=True)


def _only_owners_manage_owners(actor: User, *roles: Role) -> None:
    if Role.OWNER in roles and actor.role is not Role.OWNER:
        raise NotAuthorizedError(
            actor=actor.id, action=Permission.MANAGE_PEOPLE, reason="only an owner manages owners"
        )


def _require_remaining_owner(session: Session, workspace_id: uuid.UUID, person: User) -> None:
    """Raise LastOwnerError if an active owner is the only one; the workspace is locked."""
    if session.scalar(select_other_owner(workspace_id=workspace_id, user_id=person.id)) is not None:
        return
    found = session.scalars(select_membership(workspace_id=workspace_id, user_id=person.id)).one()
    if found.status is MembershipStatus.ACTIVE:
        raise LastOwnerError(workspace_id=workspace_id, user_id=person.id)


def _record(
    session: Session,
    workspaces: list[uuid.UUID],
    person: User,
    *,
    kind: str,
    change: tuple[Role, Role],
    actor_id: uuid.UUID,
    reason: str,
) -> None:
    for workspace_id in workspaces:
        record_change(
            session,
            record_kind=kind,
            record_id=person.id,
            workspace_id=workspace_id,
            from_status=change[0],
            to_status=change[1],
            actor_id=actor_id,
            reason=reason,
        )


def _email(value: str) -> str:
    address = text("email", value, limit=EMAIL)
    name, _, domain = address.rpartition("@")
    if not name or not domain or any(character.isspace() for character in address):
        raise InvalidValueError(field="email", value=address, rule="it must be an e-mail address")
    return address
