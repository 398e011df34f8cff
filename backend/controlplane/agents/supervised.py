"""The supervision of a run: it names the run, and ends with it, however the run ends."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

from controlplane import clock
from controlplane.agents.lifecycle import SUPERVISION, TRIGGER
from controlplane.agents.queries import select_open_supervision
from controlplane.lifecycle import transition
from controlplane.models import (
    BlockedTrigger,
    ExecutionStatus,
    ResolutionOutcome,
    SupervisionStatus,
    TriggerStatus,
)
from controlplane.notifications import make_waiting_step_due

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Unpack

    from sqlalchemy.orm import Session

    from controlplane.lifecycle import Actor
    from controlplane.models import AgentExecution

ENDS: Mapping[ExecutionStatus, tuple[SupervisionStatus, ResolutionOutcome]] = MappingProxyType(
    {
        ExecutionStatus.COMPLETED: (SupervisionStatus.COMPLETED, ResolutionOutcome.EXECUTED),
        ExecutionStatus.FAILED: (SupervisionStatus.FAILED, ResolutionOutcome.FAILED),
        ExecutionStatus.TIMEOUT: (SupervisionStatus.FAILED, ResolutionOutcome.FAILED),
        ExecutionStatus.CANCELLED: (SupervisionStatus.INTERRUPTED, ResolutionOutcome.CANCELLED),
    }
)
"""The end of a supervision and of its trigger, by the end of the run."""


def end_supervision(session: Session, execution: AgentExecution, **actor: Unpack[Actor]) -> None:
    """End the open supervision of a run that has just ended, and the trigger that led to it."""
    query = select_open_supervision(workspace_id=execution.workspace_id, execution_id=execution.id)
    supervision = session.scalars(query, execution_options={"populate_existing": True}).one_or_none()
    if supervision is None:
        return
    status, outcome = ENDS[execution.status]
    at = execution.completed_at or clock.now()
    transition(
        session,
        SUPERVISION,
        supervision,
        to=status,
        reason=f"its run ended: {execution.status}",
        completed_at=at,
        duration_seconds=max((at - supervision.started_at).total_seconds(), 0.0),
        **actor,
    )
    if supervision.trigger_id is not None:
        trigger = session.get_one(BlockedTrigger, supervision.trigger_id, populate_existing=True)
        if trigger.status is not TriggerStatus.RESOLVED:
            resolve_trigger(session, trigger, outcome=outcome, **actor)


def resolve_trigger(
    session: Session,
    trigger: BlockedTrigger,
    *,
    outcome: ResolutionOutcome,
    reason: str | None = None,
    **actor: Unpack[Actor],
) -> None:
    """Close a blocked trigger, and make the step due that waits for it; the default reason is the outcome."""
    at = clock.now()
    transition(
        session,
        TRIGGER,
        trigger,
        to=TriggerStatus.RESOLVED,
        reason=reason or outcome,
        resolved=True,
        resolved_at=at,
        resolution_outcome=outcome,
        **actor,
    )
    make_waiting_step_due(session, trigger, now=at)
