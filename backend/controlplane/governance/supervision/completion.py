"""The end of a supervision: completed and rated, failed, or expired."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from controlplane import clock
from controlplane.agents import SUPERVISION
from controlplane.errors import TransitionError
from controlplane.governance.authorization import Permission, authorize
from controlplane.governance.autonomy import change_confidence
from controlplane.governance.constants import PROSE, REASON, SUPERVISION_WAITS
from controlplane.governance.queries.overdue import select_overdue_supervisions
from controlplane.governance.supervision.closing import record_duration, resolve_trigger_of
from controlplane.governance.supervision.supervised_run import (
    UNDER_WAY,
    fail_run,
    lock_run,
    terminate_run,
)
from controlplane.governance.triggers import get_trigger, requeue
from controlplane.lifecycle import record_change, transition
from controlplane.models import (
    ResolutionOutcome,
    SupervisionSession,
    SupervisionStatus,
)
from controlplane.validation import optional_text, text, whole

if TYPE_CHECKING:
    import uuid

    from sqlalchemy.orm import Session


def boost_for(rating: int, interventions: int) -> float:
    """Return what a completed supervision adds: by rating 0 to 0.1, less 0.01 an intervention (up to 0.05)."""
    return round(max(0.0, (rating - 1) / 40 - min(0.05, 0.01 * interventions)), 3)


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
    authorize(session, workspace_id=supervision.workspace_id, user_id=actor_id, permission=Permission.SUPERVISE)
    if not _rate_ended(session, supervision, stars=stars, words=words, actor_id=actor_id):
        _end(
            session,
            supervision,
            to=SupervisionStatus.COMPLETED,
            actor_id=actor_id,
            rating=stars,
            feedback=words,
        )
        resolve_trigger_of(session, supervision, outcome=ResolutionOutcome.EXECUTED, actor_id=actor_id)
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
    """Fail a supervised run; its trigger is queued again, or fails after the third attempt.

    A run under way fails with it, and its late result is refused. The trigger of a run that a step of a workflow
    waits for is not queued again: the step fails, and its own retries decide.

    Raises: as `complete_supervision`; InvalidValueError without a reason.
    """
    why = text("reason", reason, limit=REASON)
    authorize(session, workspace_id=supervision.workspace_id, user_id=actor_id, permission=Permission.SUPERVISE)
    run = lock_run(session, supervision)
    _end(session, supervision, to=SupervisionStatus.FAILED, actor_id=actor_id, reason=why)
    session.flush()
    if run is not None:
        fail_run(session, run, reason=why, actor_id=actor_id, now=clock.now())
    if run is not None and run.step is not None:
        resolve_trigger_of(session, supervision, outcome=ResolutionOutcome.FAILED, actor_id=actor_id)
    elif supervision.trigger_id is not None:
        trigger = get_trigger(session, workspace_id=supervision.workspace_id, trigger_id=supervision.trigger_id)
        requeue(session, trigger, reason=why, actor_id=actor_id)


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
                reason="no supervisor acted in time",
                completed_at=at,
            )
        except TransitionError:
            continue  # a supervisor has just acted
        count += 1
        record_duration(supervision)
        resolve_trigger_of(session, supervision, outcome=ResolutionOutcome.EXPIRED)
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
    record_duration(supervision)
