"""An empty database made ready: the schema, a workspace, its operator."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select
from sqlalchemy.orm import Session

from controlplane.migrations import upgrade
from controlplane.models import Role, User, Workspace, WorkspaceMember
from controlplane.validation import text

if TYPE_CHECKING:
    import sqlalchemy as sa


def initialise(database: sa.Engine, *, workspace: str, user: str) -> None:
    """Bring the schema up to date, and make the workspace and its owner unless they are there."""
    name, email = text("workspace", workspace), text("user", user, limit=320)
    with database.begin() as connection:
        upgrade(connection)
    with Session(database) as session, session.begin():
        found = session.scalars(select(Workspace).where(Workspace.name == name).limit(1)).first()
        found = found or Workspace(name=name)
        person = session.scalars(select(User).where(User.email == email)).first()
        person = person or User(email=email, name=email.partition("@")[0], role=Role.OWNER)
        session.add_all([found, person])
        session.flush()
        if session.get(WorkspaceMember, (found.id, person.id)) is None:
            session.add(WorkspaceMember(workspace_id=found.id, user_id=person.id))
