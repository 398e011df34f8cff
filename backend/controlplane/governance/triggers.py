"""Blocked triggers: written at admission, resolved with their proposal, queued for supervisors."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from controlplane import clock
from controlplane.agents import TRIGGER, resolve_trigger
from controlplane.governance.constants import ESCALATED_AFTER, QUEUE_ATTEMPTS, QUEUED_TRIGGER_WAITS
from controlplane.governance.queries.triggers import (
    escalate_waiting,
    select_open_triggers_of_proposal,
    select_overdue_triggers,
    select_trigger,
)
from controlplane.lifecycle import begin, transition
from controlplane.lookup import get_one
from controlplane.models import BlockedTrigger, ResolutionOutcome, RoutingDecision, TriggerStatus

if TYPE_CHECKING:
    import uuid
    from typing import Unpack

    from sqlalchemy import CursorResult
    from sqlalchemy.orm import Session

    from controlplane.lifecycle import Actor
    from controlplane.models import Agent, Proposal, TriggerSource


def get_trigger(session: Session, *, workspace_id: uuid.UUID, trigger_id: uuid.UUID) -> BlockedTrigger:
    """Return one blocked trigger of the workspace, or raise NotFoundError."""
    query = select_trigger(workspace_id=workspace_id, trigger_id=trigger_id)
    return get_one(session, query, record=TRIGGER.kind, id=trigger_id)


def block(
    session: Session,
    agent: Agent,
    *,
    source: TriggerSource,
    trigger_type: str,
    context: dict[str, Any],
    decision: RoutingDecision,
    reason: str,
    proposal: Proposal | None = None,
    priority: int = 0,
    actor_id: uuid.UUID | None = None,
) -> BlockedTrigger:
    """Record a trigger that was not run; one to supervise waits in the queue for 24 hours."""
    at = clock.now()
    queued = decision is RoutingDecision.SUPERVISION
    trigger = BlockedTrigger(
        workspace_id=agent.workspace_id,
        agent_id=agent.id,
        maturity_level=agent.maturity_level,
        confidence_score=agent.confidence_score,
        trigger_source=source,
        trigger_type=trigger_type,
        trigger_context=context,
        routing_decision=decision,
        block_reason=reason,
        status=TriggerStatus.WAITING,
        proposal_id=proposal.id if proposal else None,
        priority=priority,
        expires_at=at + QUEUED_TRIGGER_WAITS if queued else None,
        created_at=at,
    )
    begin(session, TRIGGER, trigger, actor_id=actor_id, reason=reason)
    return trigger


def resolve_waiting_for(
    session: Session, proposal: Proposal, *, outcome: ResolutionOutcome, **actor: Unpack[Actor]
) -> None:
    """Close every trigger that waits for a proposal."""
    query = select_open_triggers_of_proposal(workspace_id=proposal.workspace_id, proposal_id=proposal.id)
    for trigger in session.scalars(query).all():
        resolve_trigger(session, trigger, outcome=outcome, **actor)


def requeue(session: Session, trigger: BlockedTrigger, *, reason: str, actor_id: uuid.UUID | None) -> None:
    """Queue a trigger whose supervision failed again, or resolve it as failed after the third attempt."""
    if trigger.attempts < QUEUE_ATTEMPTS:
        transition(session, TRIGGER, trigger, to=TriggerStatus.WAITING, actor_id=actor_id, reason=reason)
    else:
        resolve_trigger(session, trigger, outcome=ResolutionOutcome.FAILED, reason=reason, actor_id=actor_id)


def escalate_triggers(session: Session, *, workspace_id: uuid.UUID) -> int:
    """Raise queued triggers that have waited for half of their time to the highest priority; return how many."""
    statement = escalate_waiting(workspace_id=workspace_id, before=clock.now() - ESCALATED_AFTER)
    return cast("CursorResult[Any]", session.execute(statement)).rowcount


def expire_triggers(session: Session, *, workspace_id: uuid.UUID) -> int:
    """Close the queued triggers that were not claimed in time; return how many."""
    overdue = session.scalars(select_overdue_triggers(workspace_id=workspace_id, now=clock.now())).all()
    for trigger in overdue:
        resolve_trigger(session, trigger, outcome=ResolutionOutcome.EXPIRED)
    return len(overdue)
