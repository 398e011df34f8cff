"""A database made ready: the schema, a workspace, its operator; and the schema brought to another version."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import select
from sqlalchemy.orm import Session

from controlplane import migrations
from controlplane.append_only_triggers import restore_protection, unprotected_tables
from controlplane.errors import InvalidValueError
from controlplane.migrations.state import SchemaState, SchemaVersion, read_version, revisions, schema_error
from controlplane.models import Role, User, Workspace, WorkspaceMember
from controlplane.validation import text

if TYPE_CHECKING:
    import sqlalchemy as sa

UPGRADABLE = (SchemaState.CURRENT, SchemaState.OLDER)


@dataclass(frozen=True)
class SchemaChange:
    """The result of an upgrade or downgrade; `notes` report repaired data."""

    before: str | None
    after: str | None
    notes: tuple[str, ...] = ()


def initialise(database: sa.Engine, *, workspace: str, user: str) -> SchemaChange:
    """Bring the schema up to date, and make the workspace and its owner unless they are there.

    All of it is one transaction under a lock: of two concurrent calls one waits, and a killed one is repeated.

    Raises:
        SchemaError: the database is another application's, or newer than this code.
    """
    name, email = text("workspace", workspace), text("user", user, limit=320)
    with database.begin() as connection:
        change = _upgrade(connection, allowed=(SchemaState.EMPTY, *UPGRADABLE))
        with Session(connection) as session:
            _create_workspace(session, name=name, email=email)
            session.commit()
    return change


def upgrade(database: sa.Engine) -> SchemaChange:
    """Bring an older schema up to date, under the same lock.

    Raises:
        SchemaError: the database is empty, another application's, or newer than this code.
    """
    with database.begin() as connection:
        return _upgrade(connection, allowed=UPGRADABLE)


def downgrade(database: sa.Engine, *, revision: str) -> SchemaChange:
    """Take the schema back to an earlier revision, unless that would drop data.

    Raises:
        InvalidValueError: the revision is unknown, or data would be lost; nothing is changed.
    """
    if revision not in revisions():
        rule = f"it must be one of {revisions()[0]} to {revisions()[-1]}"
        raise InvalidValueError(field="revision", value=revision, rule=rule)
    with database.begin() as connection:
        migrations.lock(connection)
        version = _expect(connection, allowed=UPGRADABLE)
        if version.found is not None and revision > version.found:
            rule = f"it must be earlier than {version.found}, which the database has"
            raise InvalidValueError(field="revision", value=revision, rule=rule)
        migrations.downgrade(connection, revision, discard=False)
    return SchemaChange(version.found, revision)


def _upgrade(connection: sa.Connection, *, allowed: tuple[SchemaState, ...]) -> SchemaChange:
    migrations.lock(connection)
    version = _expect(connection, allowed=allowed)
    notes = () if version.state is SchemaState.CURRENT else migrations.upgrade(connection)
    if damaged := unprotected_tables(connection):
        restore_protection(connection, damaged)
        notes += (f"recreated the append-only triggers of {', '.join(damaged)}",)
    return SchemaChange(version.found, revisions()[-1], notes)


def _expect(connection: sa.Connection, *, allowed: tuple[SchemaState, ...]) -> SchemaVersion:
    version = read_version(connection)
    if version.state not in allowed:
        raise schema_error(connection.engine.url, version)
    return version


def _create_workspace(session: Session, *, name: str, email: str) -> None:
    found = session.scalars(select(Workspace).where(Workspace.name == name)).first() or Workspace(name=name)
    person = session.scalars(select(User).where(User.email == email)).first()
    person = person or User(email=email, name=email.partition("@")[0], role=Role.OWNER)
    session.add_all([found, person])
    session.flush()
    if session.get(WorkspaceMember, (found.id, person.id)) is None:
        session.add(WorkspaceMember(workspace_id=found.id, user_id=person.id))
