"""Supervising a run: begun or taken from the queue, corrected, paused, terminated, completed, failed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from controlplane import clock
from controlplane.agents import get_agent
from controlplane.errors import NotFoundError, RefusedError
from controlplane.governance.authorization import Duty, authorize
from controlplane.governance.autonomy import change_confidence
from controlplane.governance.constants import PROSE, REASON
from controlplane.governance.lifecycle import SUPERVISION, TRIGGER
from controlplane.governance.queries.supervision import select_supervision
from controlplane.governance.queries.triggers import select_next_in_queue
from controlplane.governance.triggers import get_trigger, give_back, resolve
from controlplane.lifecycle import begin, transition
from controlplane.models import (
    AgentStatus,
    BlockedTrigger,
    Intervention,
    InterventionType,
    Maturity,
    ResolutionOutcome,
    SupervisionSession,
    SupervisionStatus,
    TriggerStatus,
)
from controlplane.notifications import wake_waiting_for
from controlplane.validation import json_object, member, optional_text, text, whole

if TYPE_CHECKING:
    import uuid

    from sqlalchemy.orm import Session

    from controlplane.models import Agent

STATUS_AFTER = {
    InterventionType.PAUSE: SupervisionStatus.PAUSED,
    InterventionType.CORRECT: SupervisionStatus.RUNNING,
    InterventionType.TERMINATE: SupervisionStatus.INTERRUPTED,
}


def boost_for(rating: int, interventions: int) -> float:
    """Return what a completed supervision adds: by rating 0 to 0.1, less 0.01 an intervention (up to 0.05)."""
    return round(max(0.0, (rating - 1) / 40 - min(0.05, 0.01 * interventions)), 3)


def get_supervision(session: Session, *, workspace_id: uuid.UUID, supervision_id: uuid.UUID) -> SupervisionSession:
    """Return one supervision of the workspace as the session sees it, or raise NotFoundError."""
    query = select_supervision(workspace_id=workspace_id, supervision_id=supervision_id)
    supervision = session.execute(query).scalar_one_or_none()
    if supervision is None:
        raise NotFoundError(record=SUPERVISION.kind, id=supervision_id)
    return supervision


def start_supervision(
    session: Session,
    *,
    workspace_id: uuid.UUID,
    agent_id: uuid.UUID,
    supervisor_id: uuid.UUID,
    context: dict[str, Any] | None = None,
) -> SupervisionSession:
    """Begin to watch a supervised agent run.

    Raises:
        InvalidValueError: a context that is not a JSON object.
        NotAuthorizedError: less than a team lead of the workspace.
        NotFoundError: the workspace has no such agent.
        RefusedError: the agent is not active, or not supervised.
    """
    facts = json_object("context", {} if context is None else context)
    authorize(session, workspace_id=workspace_id, user_id=supervisor_id, duty=Duty.SUPERVISE)
    agent = get_agent(session, workspace_id=workspace_id, agent_id=agent_id)
    if agent.status is not AgentStatus.ACTIVE or agent.maturity_level is not Maturity.SUPERVISED:
        reason = f"supervision is for active supervised agents, it is {agent.status} and {agent.maturity_level}"
        raise RefusedError(agent_id=agent.id, action="be supervised", reason=reason)
    return watch(session, agent, supervisor_id=supervisor_id, context=facts)


def claim_next(
    session: Session, *, workspace_id: uuid.UUID, supervisor_id: uuid.UUID
) -> SupervisionSession | None:
    """Take the head of the queue and begin to supervise it; None when nothing waits.

    Two supervisors at once get two different triggers.

    Raises:
        NotAuthorizedError: less than a team lead of the workspace.
    """
    authorize(session, workspace_id=workspace_id, user_id=supervisor_id, duty=Duty.SUPERVISE)
    session.flush()
    query = select_next_in_queue(workspace_id=workspace_id, now=clock.now())
    trigger = session.scalars(query, execution_options={"populate_existing": True}).one_or_none()
    if trigger is None:
        return None
    transition(
        session,
        TRIGGER,
        trigger,
        to=TriggerStatus.IN_PROGRESS,
        actor_id=supervisor_id,
        attempts=BlockedTrigger.attempts + 1,
    )
    agent = get_agent(session, workspace_id=workspace_id, agent_id=trigger.agent_id)
    context = dict(trigger.trigger_context)
    supervision = watch(session, agent, supervisor_id=supervisor_id, context=context, trigger=trigger)
    wake_waiting_for(session, trigger, now=supervision.started_at)
    return supervision


def watch(
    session: Session,
    agent: Agent,
    *,
    supervisor_id: uuid.UUID,
    context: dict[str, Any],
    trigger: BlockedTrigger | None = None,
) -> SupervisionSession:
    """Begin a supervision without asking who may; for the verbs that did."""
    supervision = SupervisionSession(
        workspace_id=agent.workspace_id,
        agent_id=agent.id,
        trigger_id=trigger.id if trigger else None,
        supervisor_id=supervisor_id,
        trigger_context=context,
        status=SupervisionStatus.RUNNING,
        started_at=clock.now(),
    )
    begin(session, SUPERVISION, supervision, actor_id=supervisor_id)
    return supervision


def intervene(
    session: Session,
    supervision: SupervisionSession,
    *,
    kind: InterventionType,
    guidance: str,
    actor_id: uuid.UUID,
) -> Intervention:
    """Step in: pause, correct (it runs on) or terminate (the session is interrupted, its trigger closed).

    Raises:
        InvalidValueError: an unknown kind, or no guidance.
        NotAuthorizedError: less than a team lead of the session's workspace.
        TransitionError: it is not running.
    """
    act, words = member("kind", kind, InterventionType), text("guidance", guidance, limit=PROSE)
    authorize(session, workspace_id=supervision.workspace_id, user_id=actor_id, duty=Duty.SUPERVISE)
    at = clock.now()
    ended: dict[str, Any] = {"completed_at": at} if act is InterventionType.TERMINATE else {}
    transition(
        session,
        SUPERVISION,
        supervision,
        to=STATUS_AFTER[act],
        only_from=SupervisionStatus.RUNNING,
        actor_id=actor_id,
        reason=f"{act}: {words}"[:REASON],
        intervention_count=SupervisionSession.intervention_count + 1,
        **ended,
    )
    intervention = Intervention(
        workspace_id=supervision.workspace_id,
        session_id=supervision.id,
        sequence=supervision.intervention_count,
        intervention_type=act,
        guidance=words,
        supervisor_id=actor_id,
        at=at,
    )
    session.add(intervention)
    if act is InterventionType.TERMINATE:
        _keep_duration(supervision)
        _resolve_trigger(session, supervision, outcome=ResolutionOutcome.INTERRUPTED, actor_id=actor_id)
    session.flush()
    return intervention


def resume_supervision(session: Session, supervision: SupervisionSession, *, actor_id: uuid.UUID) -> None:
    """Let a paused run go on."""
    authorize(session, workspace_id=supervision.workspace_id, user_id=actor_id, duty=Duty.SUPERVISE)
    transition(
        session,
        SUPERVISION,
        supervision,
        to=SupervisionStatus.RUNNING,
        only_from=SupervisionStatus.PAUSED,
        actor_id=actor_id,
    )


def complete_supervision(
    session: Session,
    supervision: SupervisionSession,
    *,
    actor_id: uuid.UUID,
    rating: int,
    feedback: str | None = None,
) -> None:
    """Complete a supervision: confidence rises by rating less interventions; at 0.9 the agent is autonomous.

    Raises:
        InvalidValueError: a rating out of 1..5.
        NotAuthorizedError: less than a team lead of the session's workspace.
        TransitionError: it is not running.
    """
    stars = whole("rating", rating, low=1, high=5)
    words = optional_text("feedback", feedback, limit=PROSE)
    _end(
        session,
        supervision,
        to=SupervisionStatus.COMPLETED,
        actor_id=actor_id,
        rating=stars,
        feedback=words,
    )
    boost = boost_for(stars, supervision.intervention_count)  # counted under the lock of the transition
    supervision.confidence_boost = boost
    session.flush()
    _resolve_trigger(session, supervision, outcome=ResolutionOutcome.EXECUTED, actor_id=actor_id)
    change_confidence(
        session,
        workspace_id=supervision.workspace_id,
        agent_id=supervision.agent_id,
        by=boost,
        reason=f"supervision completed with a rating of {stars}",
        actor_id=actor_id,
    )


def fail_supervision(
    session: Session, supervision: SupervisionSession, *, actor_id: uuid.UUID, reason: str
) -> None:
    """End a supervised run that broke; its trigger is queued again, or given up after the third attempt.

    Raises: as `complete_supervision`; InvalidValueError without a reason.
    """
    why = text("reason", reason, limit=REASON)
    _end(session, supervision, to=SupervisionStatus.FAILED, actor_id=actor_id, reason=why)
    session.flush()
    if supervision.trigger_id is not None:
        trigger = get_trigger(session, workspace_id=supervision.workspace_id, trigger_id=supervision.trigger_id)
        give_back(session, trigger, reason=why, actor_id=actor_id)


def _end(
    session: Session,
    supervision: SupervisionSession,
    *,
    to: SupervisionStatus,
    actor_id: uuid.UUID,
    reason: str | None = None,
    **facts: Any,
) -> None:
    authorize(session, workspace_id=supervision.workspace_id, user_id=actor_id, duty=Duty.SUPERVISE)
    transition(
        session,
        SUPERVISION,
        supervision,
        to=to,
        actor_id=actor_id,
        reason=reason,
        completed_at=clock.now(),
        **facts,
    )
    _keep_duration(supervision)


def _keep_duration(supervision: SupervisionSession) -> None:
    if supervision.completed_at is not None:
        passed = supervision.completed_at - supervision.started_at
        supervision.duration_seconds = passed.total_seconds()


def _resolve_trigger(
    session: Session, supervision: SupervisionSession, *, outcome: ResolutionOutcome, actor_id: uuid.UUID
) -> None:
    if supervision.trigger_id is not None:
        trigger = get_trigger(session, workspace_id=supervision.workspace_id, trigger_id=supervision.trigger_id)
        resolve(session, trigger, outcome=outcome, actor_id=actor_id)
