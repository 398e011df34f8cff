"""The actor of a transition."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypedDict

if TYPE_CHECKING:
    import uuid


class Actor(TypedDict, total=False):
    """A person, an agent, or neither (the engine, an expiry). Passed as keywords: `**actor`."""

    actor_id: uuid.UUID | None
    actor_agent_id: uuid.UUID | None
