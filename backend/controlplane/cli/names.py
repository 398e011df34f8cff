"""E-mails of people and names of agents for the ids that records and errors hold."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from controlplane.cli.core_tables import AGENT, USER, WORKSPACE
from controlplane.cli.output import short
from controlplane.errors import LastOwnerError, NotAuthorizedError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from sqlalchemy import ColumnClause
    from sqlalchemy.orm import Session

    from controlplane.errors import ControlPlaneError

NAMED = (LastOwnerError, NotAuthorizedError)
"""The errors whose facts are people, agents and workspaces."""
_PART = 500  # ids in one statement


def emails(session: Session, ids: Iterable[uuid.UUID | None]) -> dict[uuid.UUID, str]:
    """Return the e-mail of each of these people."""
    return _read(session, USER.c.id, USER.c.email, ids)


def agent_names(session: Session, ids: Iterable[uuid.UUID | None]) -> dict[uuid.UUID, str]:
    """Return the name of each of these agents."""
    return _read(session, AGENT.c.id, AGENT.c.name, ids)


def name_columns(
    session: Session, records: Sequence[Any], *, user: str, agent: str
) -> dict[str, Callable[[Any], str]]:
    """Return the columns `user` and `agent` of a table, by the attributes of the records that hold their ids."""
    people = emails(session, (getattr(record, user) for record in records))
    agents = agent_names(session, (getattr(record, agent) for record in records))
    return {
        "user": lambda record: people.get(getattr(record, user), short(getattr(record, user))),
        "agent": lambda record: agents.get(getattr(record, agent), short(getattr(record, agent))),
    }


def _read(
    session: Session, key: ColumnClause[Any], name: ColumnClause[Any], ids: Iterable[uuid.UUID | None]
) -> dict[uuid.UUID, str]:
    wanted = sorted({one for one in ids if one is not None})
    found: dict[uuid.UUID, str] = {}
    for start in range(0, len(wanted), _PART):
        query = select(key, name).where(key.in_(wanted[start : start + _PART]))
        found |= {row[0]: row[1] for row in session.execute(query)}
    return found


def with_names(session: Session, error: ControlPlaneError) -> ControlPlaneError:
    """Return the error with names in the place of the ids of people, agents and workspaces."""
    ids = [fact for fact in error.facts.values() if isinstance(fact, uuid.UUID)]
    if not ids:
        return error
    with session.no_autoflush:
        names = _read(session, WORKSPACE.c.id, WORKSPACE.c.name, ids)
        names |= agent_names(session, ids) | emails(session, ids)
    shown = {
        name: names.get(fact, fact) if isinstance(fact, uuid.UUID) else fact for name, fact in error.facts.items()
    }
    return type(error)(**shown)
