"""Facts that every end of a supervision records: its duration, and the outcome of its trigger."""

from __future__ import annotations

from typing import TYPE_CHECKING

from controlplane.agents import resolve_trigger
from controlplane.governance.triggers import get_trigger
from controlplane.models import (
    ResolutionOutcome,
    SupervisionSession,
    TriggerStatus,
)

if TYPE_CHECKING:
    import uuid

    from sqlalchemy.orm import Session


def record_duration(supervision: SupervisionSession) -> None:
    """Set the duration of a supervision that has ended."""
    if supervision.completed_at is not None:
        passed = supervision.completed_at - supervision.started_at
        supervision.duration_seconds = passed.total_seconds()


def resolve_trigger_of(
    session: Session,
    supervision: SupervisionSession,
    *,
    outcome: ResolutionOutcome,
    actor_id: uuid.UUID | None = None,
) -> None:
    """Resolve the trigger of a supervision, unless it is resolved."""
    if supervision.trigger_id is not None:
        trigger = get_trigger(session, workspace_id=supervision.workspace_id, trigger_id=supervision.trigger_id)
        if trigger.status is not TriggerStatus.RESOLVED:
            resolve_trigger(session, trigger, outcome=outcome, actor_id=actor_id)
