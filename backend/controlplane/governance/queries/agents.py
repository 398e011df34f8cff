"""The agent that a decision is about."""

from __future__ import annotations

from typing import TYPE_CHECKING

from controlplane.agents.queries import select_agent

if TYPE_CHECKING:
    import uuid

    from sqlalchemy import Select

    from controlplane.models import Agent


def select_agent_for_change(*, workspace_id: uuid.UUID, agent_id: uuid.UUID) -> Select[Agent]:
    """Select one agent and keep others from changing it; rows that refer to it can still be inserted."""
    return select_agent(workspace_id=workspace_id, agent_id=agent_id).with_for_update(key_share=True)
