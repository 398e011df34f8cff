"""Interventions of a supervisor in a run: correct, pause, terminate, resume."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from controlplane import clock
from controlplane.agents import SUPERVISION
from controlplane.governance.authorization import Permission, authorize
from controlplane.governance.constants import PROSE, REASON
from controlplane.governance.supervision.closing import record_duration, resolve_trigger_of
from controlplane.governance.supervision.supervised_run import (
    check_in_time,
    correct_run,
    lock_run,
    pause_run,
    resume_run,
    terminate_run,
)
from controlplane.governance.triggers import get_trigger
from controlplane.lifecycle import transition
from controlplane.models import (
    Intervention,
    InterventionType,
    ResolutionOutcome,
    SupervisionSession,
    SupervisionStatus,
)
from controlplane.notifications import make_waiting_step_due
from controlplane.validation import member, text

if TYPE_CHECKING:
    import uuid
    from collections.abc import Callable

    from sqlalchemy.orm import Session


STATUS_AFTER = {
    InterventionType.PAUSE: SupervisionStatus.PAUSED,
    InterventionType.CORRECT: SupervisionStatus.RUNNING,
    InterventionType.TERMINATE: SupervisionStatus.INTERRUPTED,
}
_REACH: dict[InterventionType, Callable[..., None]] = {
    InterventionType.PAUSE: pause_run,
    InterventionType.CORRECT: correct_run,
    InterventionType.TERMINATE: terminate_run,
}


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
        TooLateError: its run has ended.
        TransitionError: the supervision is not running.
    """
    act, words = member("kind", kind, InterventionType), text("guidance", guidance, limit=PROSE)
    authorize(session, workspace_id=supervision.workspace_id, user_id=actor_id, permission=Permission.SUPERVISE)
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
    intervention = _record(session, supervision, kind=act, guidance=words, supervisor_id=actor_id, at=at)
    if act is InterventionType.TERMINATE:
        record_duration(supervision)
        resolve_trigger_of(session, supervision, outcome=ResolutionOutcome.INTERRUPTED, actor_id=actor_id)
    session.flush()
    if run is not None:
        _REACH[act](session, run, reason=words, actor_id=actor_id, now=at)
    return intervention


def _record(session: Session, supervision: SupervisionSession, **facts: Any) -> Intervention:
    """Add an intervention of a supervision, as the number that its transition counted."""
    intervention = Intervention(
        workspace_id=supervision.workspace_id,
        session_id=supervision.id,
        sequence=supervision.intervention_count,
        intervention_type=facts.pop("kind"),
        **facts,
    )
    session.add(intervention)
    return intervention


def resume_supervision(session: Session, supervision: SupervisionSession, *, actor_id: uuid.UUID) -> None:
    """Resume a paused run; a step of a workflow is performed again, with the guidance."""
    authorize(session, workspace_id=supervision.workspace_id, user_id=actor_id, permission=Permission.SUPERVISE)
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
        make_waiting_step_due(session, trigger, now=at)
