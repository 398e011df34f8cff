"""Who moves a record."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypedDict

if TYPE_CHECKING:
    import uuid


class Actor(TypedDict, total=False):
    """A person, an agent, or nobody (the engine, an expiry); never both. Handed on as keywords: `**actor`."""

    actor_id: uuid.UUID | None
    actor_agent_id: uuid.UUID | None
