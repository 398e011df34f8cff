"""Registering agents."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from controlplane import clock
from controlplane.agents.lifecycle import AGENT, MATURITY
from controlplane.agents.queries import select_agent, select_agent_by_identity
from controlplane.errors import InvalidValueError, NotFoundError
from controlplane.lifecycle import begin
from controlplane.models import Agent, AgentStatus, Maturity, Workspace
from controlplane.validation import json_value, text

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
    only its name, description, capabilities and owner change, and only what differs is written.

    Raises:
        InvalidValueError: a name is empty or too long, a capability is not a text.
        NotFoundError: there is no such workspace.
    """
    identity = {
        "category": text("category", category, limit=100),
        "module_path": text("module_path", module_path),
        "class_name": text("class_name", class_name),
    }
    metadata: dict[str, Any] = {
        "name": text("name", name),
        "description": text("description", description, limit=DESCRIPTION_LIMIT) if description else "",
        "capabilities": _capabilities(capabilities),
        "owner_id": owner_id,
    }
    if session.scalar(select(Workspace.id).where(Workspace.id == workspace_id)) is None:
        raise NotFoundError(record="workspace", id=workspace_id)
    query = select_agent_by_identity(workspace_id=workspace_id, **identity)
    agent = session.execute(query).scalar_one_or_none()
    if agent is None:
        at = clock.now()
        agent = Agent(
            workspace_id=workspace_id,
            maturity_level=Maturity.STUDENT,
            confidence_score=INITIAL_CONFIDENCE,
            status=AgentStatus.ACTIVE,
            created_at=at,
            updated_at=at,
            **identity,
            **metadata,
        )
        begin(session, AGENT, agent)
        begin(session, MATURITY, agent)
    else:
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


def _capabilities(values: Sequence[str]) -> list[str]:
    if isinstance(values, str):
        raise InvalidValueError(field="capabilities", value=values, rule="it must be a list of texts")
    return list(json_value("capabilities", [text("capabilities", value) for value in values]))
