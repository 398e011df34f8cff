"""Registering an agent that has earned its trust in another system."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from controlplane import agents
from controlplane.errors import InvalidValueError
from controlplane.governance.authorization import Permission, authorize
from controlplane.governance.constants import REASON
from controlplane.governance.maturity import FLOORS, for_confidence, rank
from controlplane.models import Maturity
from controlplane.validation import member, number, text

if TYPE_CHECKING:
    import uuid

    from sqlalchemy.orm import Session

    from controlplane.models import Agent


def import_agent(
    session: Session,
    *,
    workspace_id: uuid.UUID,
    maturity_level: Maturity,
    actor_id: uuid.UUID,
    reason: str,
    confidence_score: float | None = None,
    **metadata: Any,
) -> Agent:
    """Register a new agent with the maturity and confidence it had elsewhere; `metadata` as for `agents.register`.

    Without a confidence it gets the least one of its level. The maturity may be lower than the confidence stands
    for, as that of a trained student is, but not higher: the next outcome would undo it. The first events of the
    agent hold the actor and the reason.

    Raises:
        InvalidValueError: an unknown level, a confidence out of 0..1 or too low for the level, no reason, or bad
            metadata; or the agent is registered already.
        NotAuthorizedError: less than an admin of the workspace.
        NotFoundError: the owner is not a member of the workspace.
    """
    level, why = member("maturity_level", maturity_level, Maturity), text("reason", reason, limit=REASON)
    if confidence_score is None:
        confidence = FLOORS[level] or agents.INITIAL_CONFIDENCE
    else:
        confidence = round(number("confidence_score", confidence_score, low=0, high=1), 4)
    if rank(for_confidence(confidence)) < rank(level):
        rule = f"a maturity of {level} takes a confidence of at least {FLOORS[level]}"
        raise InvalidValueError(field="confidence_score", value=confidence, rule=rule)
    authorize(session, workspace_id=workspace_id, user_id=actor_id, permission=Permission.IMPORT_AGENT)
    return agents.import_new(
        session,
        workspace_id=workspace_id,
        maturity_level=level,
        confidence_score=confidence,
        actor_id=actor_id,
        reason=why,
        **metadata,
    )
