"""Rights on a canvas: of members of its workspace, and of agents with the maturity that the action needs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from controlplane.errors import RefusedError
from controlplane.governance import Permission, authorize, check_permission
from controlplane.models import CanvasAction

if TYPE_CHECKING:
    import uuid

    from sqlalchemy.orm import Session

    from controlplane.lifecycle import Actor

_PRESENTED = ("chart", "markdown", "form")
CANVAS_LEVEL = 2
"""The level of the actions on a canvas that the table of governance does not name."""
_NAMES = {CanvasAction.UPDATE: "update_canvas", CanvasAction.SUBMIT: "submit_form"}


@dataclass(frozen=True, kw_only=True)
class Author:
    """The actors on a canvas: a person, an agent, a step of a workflow, or several of these together."""

    user_id: uuid.UUID | None = None
    agent_id: uuid.UUID | None = None
    workflow_execution_id: uuid.UUID | None = None
    step_key: str | None = None

    @property
    def actor(self) -> Actor:
        """Return the responsible actor: the person, else the agent."""
        return {"actor_id": self.user_id, "actor_agent_id": None if self.user_id else self.agent_id}


NO_AUTHOR = Author()


def require_right(
    session: Session, *, workspace_id: uuid.UUID, author: Author, action: CanvasAction, shows: str | None = None
) -> None:
    """Raise unless the person may, and governance lets the agent: each that is named, every time.

    Raises:
        NotAuthorizedError: the person is not a member of the workspace, or is a viewer.
        RefusedError: the agent is unknown, inactive, not mature enough, or must not do this without an approval.
    """
    if author.user_id is not None:
        authorize(session, workspace_id=workspace_id, user_id=author.user_id, permission=Permission.USE_CANVAS)
    if author.agent_id is None:
        return
    name = action_name(action, shows)
    permission = check_permission(
        session, workspace_id=workspace_id, agent_id=author.agent_id, action=name, declared=CANVAS_LEVEL
    )
    if permission.requires_approval:
        reason = "it takes an approval" if permission.allowed else permission.reason
        raise RefusedError(agent_id=author.agent_id, action=name, reason=reason)


def action_name(action: CanvasAction, shows: str | None) -> str:
    """Return the name by which governance knows what is done; its table has no name for the others.

    The type that is shown counts only where governance has a level for it: it is free text, and must not make an
    action look more harmless than it is.
    """
    if action is CanvasAction.PRESENT and shows in _PRESENTED:
        return f"present_{shows}"
    return _NAMES.get(action, f"{action}_canvas")
