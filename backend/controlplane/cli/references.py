"""Records by name, by e-mail, or by id: in every usual spelling, or its beginning."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Any, TypeVar

import sqlalchemy as sa

from controlplane import agents
from controlplane.errors import InvalidValueError, NotFoundError
from controlplane.models import Agent, User, Workflow

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from controlplane.cli.context import Opened

R = TypeVar("R")
_HEXADECIMAL = frozenset("0123456789abcdef")
_DIGITS = 32


def read_beginning(field: str, text: str) -> str:
    """Return the digits of an id or of its beginning, however it is written.

    With and without hyphens, in capitals, in braces or quotes, as `urn:uuid:`.
    """
    digits = text.strip().strip("'\"").lower().removeprefix("urn:").removeprefix("uuid:")
    digits = digits.strip("{}").replace("-", "")
    if not digits or set(digits) - _HEXADECIMAL or len(digits) > _DIGITS:
        raise InvalidValueError(field=field, value=text, rule="it must be an id or the beginning of one")
    return digits


def select_like(model: type[R], *, workspace_id: uuid.UUID, beginning: str) -> sa.Select[Any]:
    """Select at most two records whose ids begin like this: two, so that the caller sees an ambiguity."""
    low, high = (uuid.UUID(beginning.ljust(_DIGITS, digit)) for digit in "0f")
    table: Any = model
    return (
        sa.select(model)
        .where(table.workspace_id == workspace_id, table.id.between(low, high))
        .order_by(table.id)
        .limit(2)
    )


def find(session: Session, model: type[R], *, workspace_id: uuid.UUID, text: str, name: str | None = None) -> R:
    """Return the record that an id or its unambiguous beginning names; `name` is what messages call it.

    Raises:
        InvalidValueError: the text is not the beginning of an id, or of more than one.
        NotFoundError: the workspace has no such record.
    """
    called = name or str(getattr(model, "__tablename__", model.__name__)).replace("_", " ")
    query = select_like(model, workspace_id=workspace_id, beginning=read_beginning(called, text))
    found: list[R] = list(session.scalars(query))
    if len(found) > 1:
        raise InvalidValueError(field=called, value=text, rule="more than one begins like this")
    if not found:
        raise NotFoundError(record=called, id=text)
    return found[0]


def find_user(session: Session, *, email: str) -> User:
    """Return the user with this e-mail address."""
    found = session.scalars(sa.select(User).where(User.email == email)).first()
    if found is None:
        raise NotFoundError(record="user", id=email)
    return found


def find_agent(session: Session, *, workspace_id: uuid.UUID, text: str) -> Agent:
    """Return the agent with this name, or else with this id or beginning of one."""
    named = agents.find_agent(session, workspace_id=workspace_id, name=text)
    if named is not None:
        return named
    try:
        return find(session, Agent, workspace_id=workspace_id, text=text)
    except InvalidValueError as error:
        if error.facts["rule"].startswith("more"):
            raise
        raise NotFoundError(record="agent", id=text) from None


def find_agent_id(opened: Opened, text: str | None) -> uuid.UUID | None:
    """Return the id of the agent that an option names; None without the option."""
    return None if text is None else find_agent(opened.session, workspace_id=opened.workspace_id, text=text).id


def find_workflow(session: Session, *, workspace_id: uuid.UUID, name: str) -> Workflow:
    """Return the workflow with this name."""
    query = sa.select(Workflow).where(Workflow.workspace_id == workspace_id, Workflow.name == name)
    found = session.scalars(query).first()
    if found is None:
        raise NotFoundError(record="workflow", id=name)
    return found
