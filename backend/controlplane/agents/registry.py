"""Registering agents."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from controlplane import clock
from controlplane.agents.lifecycle import AGENT, MATURITY
from controlplane.agents.queries import (
    lock_workspace,
    select_agent,
    select_agent_by_identity,
    select_agents_named,
    select_membership,
)
from controlplane.errors import InvalidValueError, NotFoundError
from controlplane.lifecycle import begin
from controlplane.lookup import get_one
from controlplane.models import Agent, AgentStatus, Maturity
from controlplane.validation import text, texts

if TYPE_CHECKING:
    import uuid
    from collections.abc import Sequence

    from sqlalchemy.orm import Session

DESCRIPTION_LIMIT = 10_000
INITIAL_CONFIDENCE = 0.4


def register(
    session: Session,
    *,
    workspace_id: uuid.UUID,
    name: str,
    category: str,
    module_path: str,
    class_name: str,
    description: str = "",
    capabilities: Sequence[str] = (),
    owner_id: uuid.UUID | None = None,
) -> Agent:
    """Register an agent, or update the metadata of the one with this category, module and class.

    A new agent is an active student with confidence 0.4. A known one keeps its maturity, confidence and status:
    only its name, description, capabilities and owner change, and only what differs is written. Registrations in
    one workspace take turns, so of two concurrent ones for one new agent the second is an update.

    Raises:
        InvalidValueError: a name is empty or too long, a capability is not a text.
        NotFoundError: the workspace does not exist, or the owner is not one of its members.
    """
    identity, metadata = _checked(
        name=name,
        category=category,
        module_path=module_path,
        class_name=class_name,
        description=description,
        capabilities=capabilities,
        owner_id=owner_id,
    )
    agent = _find(session, workspace_id, identity, owner_id)
    if agent is None:
        first: dict[str, Any] = {"maturity_level": Maturity.STUDENT, "confidence_score": INITIAL_CONFIDENCE}
        return _begin(session, workspace_id=workspace_id, **identity, **metadata, **first)
    for field, value in metadata.items():  # an equal value is not written
        setattr(agent, field, value)
    session.flush()
    return agent


def import_new(
    session: Session,
    *,
    workspace_id: uuid.UUID,
    maturity_level: Maturity,
    confidence_score: float,
    actor_id: uuid.UUID,
    reason: str,
    name: str,
    category: str,
    module_path: str,
    class_name: str,
    description: str = "",
    capabilities: Sequence[str] = (),
    owner_id: uuid.UUID | None = None,
) -> Agent:
    """Register a new agent with the maturity and confidence that it had in another system.

    For governance, which has checked who imports it and that level and confidence fit.

    Raises:
        InvalidValueError: as `register`; or an agent of this category, module and class is registered already.
        NotFoundError: the workspace does not exist, or the owner is not one of its members.
    """
    identity, metadata = _checked(
        name=name,
        category=category,
        module_path=module_path,
        class_name=class_name,
        description=description,
        capabilities=capabilities,
        owner_id=owner_id,
    )
    if _find(session, workspace_id, identity, owner_id) is not None:
        shown = f"{category} {module_path}.{class_name}"
        raise InvalidValueError(field="agent", value=shown, rule="it is registered already")
    earned: dict[str, Any] = {"maturity_level": maturity_level, "confidence_score": confidence_score}
    return _begin(
        session,
        workspace_id=workspace_id,
        actor_id=actor_id,
        reason=reason,
        **identity,
        **metadata,
        **earned,
    )


def _checked(
    *,
    name: str,
    category: str,
    module_path: str,
    class_name: str,
    description: str,
    capabilities: Sequence[str],
    owner_id: uuid.UUID | None,
) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return the identity of an agent and its metadata as they will be stored."""
    identity = {
        "category": text("category", category, limit=100),
        "module_path": text("module_path", module_path),
        "class_name": text("class_name", class_name),
    }
    metadata: dict[str, Any] = {
        "name": text("name", name),
        "description": text("description", description, limit=DESCRIPTION_LIMIT) if description else "",
        "capabilities": texts("capabilities", capabilities),
        "owner_id": owner_id,
    }
    return identity, metadata


def _find(
    session: Session, workspace_id: uuid.UUID, identity: dict[str, str], owner_id: uuid.UUID | None
) -> Agent | None:
    """Lock the workspace, check the owner, and return the agent of this identity if it is registered."""
    if not hold_workspace(session, workspace_id=workspace_id):
        raise NotFoundError(record="workspace", id=workspace_id)
    _check_owner(session, workspace_id, owner_id)
    query = select_agent_by_identity(workspace_id=workspace_id, **identity)
    return session.execute(query, execution_options={"populate_existing": True}).scalar_one_or_none()


def get_agent(session: Session, *, workspace_id: uuid.UUID, agent_id: uuid.UUID) -> Agent:
    """Return one agent of the workspace as the database has it now, or raise NotFoundError."""
    query = select_agent(workspace_id=workspace_id, agent_id=agent_id)
    return get_one(session, query, record="agent", id=agent_id, fresh=True)


def find_agent(session: Session, *, workspace_id: uuid.UUID, name: str) -> Agent | None:
    """Return the agent that a name stands for, or None; a deleted one only if no other has the name.

    Raises:
        InvalidValueError: more than one agent has the name, or no agent can have it.
    """
    query = select_agents_named(workspace_id=workspace_id, name=text("agent", name))
    found = session.scalars(query).all()
    usable = [agent for agent in found if agent.status is not AgentStatus.DELETED] or found
    if len(usable) > 1:
        raise InvalidValueError(field="agent", value=name, rule="more than one has this name: use the id")
    return usable[0] if usable else None


def hold_workspace(session: Session, *, workspace_id: uuid.UUID) -> bool:
    """Lock a workspace until the transaction ends, and return whether there is one.

    Changes of the names of its agents and of its members wait for each other; rows that refer to it do not.
    """
    return session.scalar(lock_workspace(workspace_id=workspace_id)) is not None


def _check_owner(session: Session, workspace_id: uuid.UUID, owner_id: uuid.UUID | None) -> None:
    if owner_id is None:
        return
    if session.scalar(select_membership(workspace_id=workspace_id, user_id=owner_id)) is None:
        raise NotFoundError(record="owner", id=owner_id)


def _begin(
    session: Session, *, actor_id: uuid.UUID | None = None, reason: str | None = None, **facts: Any
) -> Agent:
    at = clock.now()
    agent = Agent(status=AgentStatus.ACTIVE, created_at=at, updated_at=at, **facts)
    begin(session, AGENT, agent, actor_id=actor_id, reason=reason)
    begin(session, MATURITY, agent, actor_id=actor_id, reason=reason)
    return agent
