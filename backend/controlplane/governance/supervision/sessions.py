"""Supervising a run: start or take from the queue, correct, pause, terminate, complete, fail.

A supervision names the run that it watches, and its verbs act on that run: see `supervised_run`. The run's end
ends the supervision (`agents.supervised`); a supervisor may rate it afterwards.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from controlplane import clock
from controlplane.agents import SUPERVISION, TRIGGER, get_agent, get_execution, resolve_trigger
from controlplane.errors import InvalidValueError, NotFoundError, RefusedError, TransitionError
from controlplane.governance.authorization import Duty, authorize
from controlplane.governance.autonomy import change_confidence
from controlplane.governance.constants import PROSE, REASON, SUPERVISION_WAITS
from controlplane.governance.queries.overdue import select_overdue_supervisions
from controlplane.governance.queries.supervision import (
    select_guidance,
    select_open_supervision_of,
    select_supervision,
)
from controlplane.governance.queries.triggers import select_next_in_queue
from controlplane.governance.supervision.supervised_run import (
    UNDER_WAY,
    check_in_time,
    fail_run,
    lock_run,
    pause_run,
    resume_run,
    terminate_run,
)
from controlplane.governance.triggers import get_trigger, give_back
from controlplane.lifecycle import begin, record_change, transition
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

    from controlplane.models import Agent, AgentExecution

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
    execution_id: uuid.UUID | None = None,
) -> SupervisionSession:
    """Begin to watch a supervised agent; `execution_id` is the run of it to watch, if it has one.

    Raises:
        InvalidValueError: a context that is not a JSON object; a run of another agent, ended, or watched already.
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
    execution = None
    if execution_id is not None:
        execution = get_execution(session, workspace_id=workspace_id, execution_id=execution_id)
        _check_watchable(session, agent, execution)
    supervision = watch(session, agent, supervisor_id=supervisor_id, context=facts)
    if execution is not None:
        link_run(session, supervision, execution)
    return supervision


def _check_watchable(session: Session, agent: Agent, execution: AgentExecution) -> None:
    session.refresh(execution, with_for_update={"key_share": True})
    query = select_open_supervision_of(workspace_id=agent.workspace_id, execution_id=execution.id)
    rule = None
    if execution.agent_id != agent.id:
        rule = "it must be a run of the agent"
    elif execution.status not in UNDER_WAY:
        rule = f"it has ended: {execution.status}"
    elif session.scalars(query).first() is not None:
        rule = "it is watched already"
    if rule is not None:
        raise InvalidValueError(field="execution_id", value=str(execution.id), rule=rule)


def link_run(session: Session, supervision: SupervisionSession, execution: AgentExecution) -> None:
    """Name the run that a supervision watches; for the code that starts the run."""
    supervision.execution_id = execution.id
    session.flush()


def supervision_of_trigger(session: Session, trigger: BlockedTrigger) -> SupervisionSession | None:
    """Return the open supervision of a trigger that a supervisor has taken from the queue."""
    query = select_open_supervision_of(workspace_id=trigger.workspace_id, trigger_id=trigger.id)
    return session.scalars(query, execution_options={"populate_existing": True}).first()


def guidance_for(session: Session, *, workspace_id: uuid.UUID, execution_id: uuid.UUID) -> tuple[str, ...]:
    """Return the guidance that supervisors have given about a run, in order."""
    return tuple(session.scalars(select_guidance(workspace_id=workspace_id, execution_id=execution_id)))


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
    """Pause, correct or terminate the run that is watched.

    `correct` hands the guidance to the run: its action reads it by `actions.guidance()`. `pause` pauses the run,
    and `terminate` cancels it: a result that comes later is refused. A step of a workflow that was paused is
    performed again when the supervision is resumed, under the same idempotency key; a terminated one fails.

    Raises:
        InvalidValueError: an unknown kind, or no guidance.
        NotAuthorizedError: less than a team lead of the session's workspace.
        TransitionError: the supervision is not running, or its run has ended: it is too late.
    """
    act, words = member("kind", kind, InterventionType), text("guidance", guidance, limit=PROSE)
    authorize(session, workspace_id=supervision.workspace_id, user_id=actor_id, duty=Duty.SUPERVISE)
    run = lock_run(session, supervision)
    check_in_time(run, act)
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
    if run is not None and act is InterventionType.TERMINATE:
        terminate_run(session, run, reason=words, actor_id=actor_id, now=at)
    elif run is not None and act is InterventionType.PAUSE:
        pause_run(session, run, reason=words, actor_id=actor_id)
    return intervention


def resume_supervision(session: Session, supervision: SupervisionSession, *, actor_id: uuid.UUID) -> None:
    """Resume a paused run; a step of a workflow is performed again, with the guidance."""
    authorize(session, workspace_id=supervision.workspace_id, user_id=actor_id, duty=Duty.SUPERVISE)
    run = lock_run(session, supervision)
    transition(
        session,
        SUPERVISION,
        supervision,
        to=SupervisionStatus.RUNNING,
        only_from=SupervisionStatus.PAUSED,
        actor_id=actor_id,
    )
    at = clock.now()
    if run is not None:
        resume_run(session, run, actor_id=actor_id, now=at)
    elif supervision.trigger_id is not None:
        trigger = get_trigger(session, workspace_id=supervision.workspace_id, trigger_id=supervision.trigger_id)
        wake_waiting_for(session, trigger, now=at)


def complete_supervision(
    session: Session,
    supervision: SupervisionSession,
    *,
    actor_id: uuid.UUID,
    rating: int,
    feedback: str | None = None,
) -> None:
    """Complete a supervision: confidence rises by rating less interventions; at 0.9 the agent is autonomous.

    One that ended with its run is completed already, without a rating; this rates it, once.

    Raises:
        InvalidValueError: a rating out of 1..5.
        NotAuthorizedError: less than a team lead of the session's workspace.
        TransitionError: it is not running, nor completed by its run and not rated yet.
    """
    stars = whole("rating", rating, low=1, high=5)
    words = optional_text("feedback", feedback, limit=PROSE)
    authorize(session, workspace_id=supervision.workspace_id, user_id=actor_id, duty=Duty.SUPERVISE)
    if not _rate_ended(session, supervision, stars=stars, words=words, actor_id=actor_id):
        _end(
            session,
            supervision,
            to=SupervisionStatus.COMPLETED,
            actor_id=actor_id,
            rating=stars,
            feedback=words,
        )
        _resolve_trigger(session, supervision, outcome=ResolutionOutcome.EXECUTED, actor_id=actor_id)
    boost = boost_for(stars, supervision.intervention_count)  # counted under the lock of the transition
    supervision.confidence_boost = boost
    session.flush()
    change_confidence(
        session,
        workspace_id=supervision.workspace_id,
        agent_id=supervision.agent_id,
        by=boost,
        reason=f"supervision completed with a rating of {stars}",
        actor_id=actor_id,
    )


def _rate_ended(
    session: Session, supervision: SupervisionSession, *, stars: int, words: str | None, actor_id: uuid.UUID
) -> bool:
    """Rate a supervision that its run has completed; return whether it was one."""
    if supervision.execution_id is None:
        return False
    lock_run(session, supervision)
    session.refresh(supervision, with_for_update={"key_share": True})
    if supervision.status is not SupervisionStatus.COMPLETED or supervision.rating is not None:
        return False
    supervision.rating, supervision.feedback = stars, words
    session.flush()
    record_change(
        session,
        record_kind=SUPERVISION.kind,
        record_id=supervision.id,
        workspace_id=supervision.workspace_id,
        from_status=SupervisionStatus.COMPLETED,
        to_status=SupervisionStatus.COMPLETED,
        actor_id=actor_id,
        reason=f"rated {stars} after its run had ended",
    )
    return True


def fail_supervision(
    session: Session, supervision: SupervisionSession, *, actor_id: uuid.UUID, reason: str
) -> None:
    """End a supervised run that broke; its trigger is queued again, or given up after the third attempt.

    A run under way fails with it, and its late result is refused. The trigger of a run that a step of a workflow
    waits for is not queued again: the step fails, and its own retries decide.

    Raises: as `complete_supervision`; InvalidValueError without a reason.
    """
    why = text("reason", reason, limit=REASON)
    authorize(session, workspace_id=supervision.workspace_id, user_id=actor_id, duty=Duty.SUPERVISE)
    run = lock_run(session, supervision)
    _end(session, supervision, to=SupervisionStatus.FAILED, actor_id=actor_id, reason=why)
    session.flush()
    if run is not None:
        fail_run(session, run, reason=why, actor_id=actor_id, now=clock.now())
    if run is not None and run.step is not None:
        _resolve_trigger(session, supervision, outcome=ResolutionOutcome.FAILED, actor_id=actor_id)
    elif supervision.trigger_id is not None:
        trigger = get_trigger(session, workspace_id=supervision.workspace_id, trigger_id=supervision.trigger_id)
        give_back(session, trigger, reason=why, actor_id=actor_id)


def expire_supervisions(session: Session, *, workspace_id: uuid.UUID) -> int:
    """Interrupt the supervisions that are paused, or whose run never began, for a day; return how many.

    A paused run is cancelled with its supervision. One that another transaction changes is left for the next time.
    """
    at = clock.now()
    query = select_overdue_supervisions(workspace_id=workspace_id, begun_before=at - SUPERVISION_WAITS)
    count = 0
    for supervision in session.scalars(query).all():
        seen, run = supervision.status, lock_run(session, supervision)
        if run is not None and seen is SupervisionStatus.RUNNING:
            continue  # its run has just begun
        try:
            transition(
                session,
                SUPERVISION,
                supervision,
                to=SupervisionStatus.INTERRUPTED,
                only_from=seen,
                reason="it waited too long for its supervisor",
                completed_at=at,
            )
        except TransitionError:
            continue  # a supervisor has just acted
        count += 1
        _keep_duration(supervision)
        _resolve_trigger(session, supervision, outcome=ResolutionOutcome.EXPIRED)
        session.flush()
        if run is not None and run.execution.status in UNDER_WAY:
            terminate_run(session, run, reason="its supervisor did not resume it in time", now=at)
    return count


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
    session: Session,
    supervision: SupervisionSession,
    *,
    outcome: ResolutionOutcome,
    actor_id: uuid.UUID | None = None,
) -> None:
    if supervision.trigger_id is not None:
        trigger = get_trigger(session, workspace_id=supervision.workspace_id, trigger_id=supervision.trigger_id)
        if trigger.status is not TriggerStatus.RESOLVED:
            resolve_trigger(session, trigger, outcome=outcome, actor_id=actor_id)
