"""Registering agents."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from controlplane import clock
from controlplane.agents.lifecycle import AGENT, MATURITY
from controlplane.agents.queries import lock_workspace, select_agent, select_agent_by_identity, select_membership
from controlplane.errors import NotFoundError
from controlplane.lifecycle import begin
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
    one workspace take turns, so of two at once for one new agent the second is an update.

    Raises:
        InvalidValueError: a name is empty or too long, a capability is not a text.
        NotFoundError: there is no such workspace, or the owner is not one of its members.
    """
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
    _take_turn(session, workspace_id)
    _check_owner(session, workspace_id, owner_id)
    query = select_agent_by_identity(workspace_id=workspace_id, **identity)
    agent = session.execute(query, execution_options={"populate_existing": True}).scalar_one_or_none()
    if agent is None:
        return _begin(session, workspace_id=workspace_id, **identity, **metadata)
    for field, value in metadata.items():  # what is equal is not written
        setattr(agent, field, value)
    session.flush()
    return agent


def get_agent(session: Session, *, workspace_id: uuid.UUID, agent_id: uuid.UUID) -> Agent:
    """Return one agent of the workspace as the database has it now, or raise NotFoundError."""
    query = select_agent(workspace_id=workspace_id, agent_id=agent_id)
    agent = session.execute(query, execution_options={"populate_existing": True}).scalar_one_or_none()
    if agent is None:
        raise NotFoundError(record="agent", id=agent_id)
    return agent


def _take_turn(session: Session, workspace_id: uuid.UUID) -> None:
    if session.scalar(lock_workspace(workspace_id=workspace_id)) is None:
        raise NotFoundError(record="workspace", id=workspace_id)


def _check_owner(session: Session, workspace_id: uuid.UUID, owner_id: uuid.UUID | None) -> None:
    if owner_id is None:
        return
    if session.scalar(select_membership(workspace_id=workspace_id, user_id=owner_id)) is None:
        raise NotFoundError(record="owner", id=owner_id)


def _begin(session: Session, **facts: Any) -> Agent:
    at = clock.now()
    agent = Agent(
        maturity_level=Maturity.STUDENT,
        confidence_score=INITIAL_CONFIDENCE,
        status=AgentStatus.ACTIVE,
        created_at=at,
        updated_at=at,
        **facts,
    )
    begin(session, AGENT, agent)
    begin(session, MATURITY, agent)
    return agent
