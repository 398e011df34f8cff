"""The agent that a decision is about."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import Select, select

from controlplane.models import Agent

if TYPE_CHECKING:
    import uuid


def select_agent_for_change(*, workspace_id: uuid.UUID, agent_id: uuid.UUID) -> Select[Agent]:
    """Select one agent and keep others from changing it; rows that refer to it can still be inserted."""
    query = select(Agent).where(Agent.workspace_id == workspace_id, Agent.id == agent_id)
    return query.with_for_update(key_share=True)
