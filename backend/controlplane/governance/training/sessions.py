"""Training a student: approved, scheduled, begun, and completed, failed or cancelled."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from controlplane import clock
from controlplane.agents import get_agent
from controlplane.errors import InvalidValueError, RefusedError
from controlplane.governance.authorization import Permission, authorize
from controlplane.governance.autonomy import change_confidence
from controlplane.governance.constants import PROSE, REASON
from controlplane.governance.lifecycle import PROPOSAL, TRAINING
from controlplane.governance.queries.training import select_training
from controlplane.governance.review.proposals import check_not_expired, close, get_proposal
from controlplane.governance.triggers import resolve_waiting_for
from controlplane.lifecycle import begin, transition
from controlplane.lookup import get_one
from controlplane.models import (
    AgentStatus,
    Maturity,
    ProposalStatus,
    ProposalType,
    ResolutionOutcome,
    TrainingSession,
    TrainingStatus,
)
from controlplane.validation import number, optional_text, text, texts, whole

if TYPE_CHECKING:
    import uuid
    from collections.abc import Sequence

    from sqlalchemy.orm import Session

    from controlplane.models import Proposal

LONGEST_HOURS = 10_000.0
MOST_TASKS = 1_000_000
HOURS_PER_DAY = 8.0


def boost_for(score: float) -> float:
    """Return what a completed training adds to confidence; each bound belongs to the better grade. Pure."""
    grades = ((0.3, 0.05), (0.5, 0.10), (0.7, 0.15))
    return next((boost for bound, boost in grades if score < bound), 0.20)


def get_training(session: Session, *, workspace_id: uuid.UUID, training_id: uuid.UUID) -> TrainingSession:
    """Return one training of the workspace as the session sees it, or raise NotFoundError."""
    query = select_training(workspace_id=workspace_id, training_id=training_id)
    return get_one(session, query, record=TRAINING.kind, id=training_id)


def approve_training(
    session: Session,
    proposal: Proposal,
    *,
    actor_id: uuid.UUID,
    hours: float | None = None,
    hours_per_day: float = HOURS_PER_DAY,
    starts_at: datetime | None = None,
    comments: str | None = None,
) -> TrainingSession:
    """Approve a proposed training and schedule its one session, supervised by who approves.

    `hours` overrides the estimate; it ends when that many have passed at `hours_per_day`.

    Raises:
        ExpiredError: it waited too long.
        InvalidValueError: it proposes an action, or hours out of range.
        NotAuthorizedError: less than a team lead of the proposal's workspace.
        RefusedError: the agent is not an active student.
        TransitionError: it is not pending any more.
    """
    planned = _hours_for(proposal, hours)
    per_day = number("hours_per_day", hours_per_day, low=0.25, high=24)
    comment = optional_text("comments", comments, limit=PROSE)
    authorize(session, workspace_id=proposal.workspace_id, user_id=actor_id, permission=Permission.TRAIN)
    check_not_expired(proposal)
    _check_student(session, proposal)
    at = clock.now()
    transition(
        session,
        PROPOSAL,
        proposal,
        to=ProposalStatus.APPROVED,
        actor_id=actor_id,
        reason=comment,
        reviewer_id=actor_id,
        reviewed_at=at,
        review_comments=comment,
    )
    begins = clock.as_utc(starts_at) if starts_at else at
    return _schedule(
        session,
        proposal,
        supervisor_id=actor_id,
        planned_hours=planned,
        hours_per_day=per_day,
        created_at=at,
        scheduled_at=begins,
        scheduled_end_at=begins + timedelta(days=planned / per_day),
    )


def _hours_for(proposal: Proposal, hours: float | None) -> float:
    """Return how long a proposed training will take: as given, else as estimated."""
    if proposal.proposal_type is not ProposalType.TRAINING:
        rule = "only a training can be scheduled; approve an action with approve"
        raise InvalidValueError(field="proposal_type", value=proposal.proposal_type, rule=rule)
    planned = proposal.estimated_hours if hours is None else hours
    return number("hours", planned, low=0.25, high=LONGEST_HOURS)


def _check_student(session: Session, proposal: Proposal) -> None:
    agent = get_agent(session, workspace_id=proposal.workspace_id, agent_id=proposal.agent_id)
    if agent.status is not AgentStatus.ACTIVE or agent.maturity_level is not Maturity.STUDENT:
        reason = f"training is for active students, it is {agent.status} and {agent.maturity_level}"
        raise RefusedError(agent_id=agent.id, action="be trained", reason=reason)


def _schedule(session: Session, proposal: Proposal, *, supervisor_id: uuid.UUID, **plan: Any) -> TrainingSession:
    training = TrainingSession(
        workspace_id=proposal.workspace_id,
        proposal_id=proposal.id,
        agent_id=proposal.agent_id,
        supervisor_id=supervisor_id,
        status=TrainingStatus.SCHEDULED,
        capability_gaps_remaining=list(proposal.capability_gaps),
        **plan,
    )
    begin(session, TRAINING, training, actor_id=supervisor_id)
    return training


def start_training(session: Session, training: TrainingSession, *, actor_id: uuid.UUID) -> None:
    """Begin a scheduled training: the duration counts from here."""
    authorize(session, workspace_id=training.workspace_id, user_id=actor_id, permission=Permission.TRAIN)
    transition(
        session, TRAINING, training, to=TrainingStatus.IN_PROGRESS, actor_id=actor_id, started_at=clock.now()
    )


def complete_training(
    session: Session,
    training: TrainingSession,
    *,
    actor_id: uuid.UUID,
    score: float,
    tasks_completed: int = 0,
    tasks_total: int = 0,
    errors_count: int = 0,
    capabilities_developed: Sequence[str] = (),
    capability_gaps_remaining: Sequence[str] = (),
    feedback: str | None = None,
) -> None:
    """Complete a training: confidence rises by the grade, and a student at 0.5 becomes an intern, never more.

    The proposal is closed as executed and the trigger that led here as trained.

    Raises:
        InvalidValueError: a score out of 0..1, more tasks completed than there were, a negative count.
        NotAuthorizedError: less than a team lead of the training's workspace.
        TransitionError: it is not in progress.
    """
    performance = number("score", score, low=0, high=1)
    boost = boost_for(performance)
    total = whole("tasks_total", tasks_total, low=0, high=MOST_TASKS)
    facts: dict[str, Any] = {
        "tasks_total": total,
        "tasks_completed": whole("tasks_completed", tasks_completed, low=0, high=total),
        "errors_count": whole("errors_count", errors_count, low=0, high=MOST_TASKS),
        "capabilities_developed": texts("capabilities_developed", capabilities_developed),
        "capability_gaps_remaining": texts("capability_gaps_remaining", capability_gaps_remaining),
        "supervisor_feedback": optional_text("feedback", feedback, limit=PROSE),
    }
    authorize(session, workspace_id=training.workspace_id, user_id=actor_id, permission=Permission.TRAIN)
    facts |= {"performance_score": performance, "confidence_boost": boost}
    _end(session, training, to=TrainingStatus.COMPLETED, actor_id=actor_id, **facts)
    _count(session, training, score=performance, boost=boost, actor_id=actor_id)


def _count(
    session: Session, training: TrainingSession, *, score: float, boost: float, actor_id: uuid.UUID
) -> None:
    """Apply a completed training: close its proposal, and raise the agent's confidence, up to an intern."""
    _settle(
        session,
        training,
        to=ProposalStatus.EXECUTED,
        outcome=ResolutionOutcome.TRAINED,
        result={"score": score, "boost": boost},
        actor_id=actor_id,
    )
    change = change_confidence(
        session,
        workspace_id=training.workspace_id,
        agent_id=training.agent_id,
        by=boost,
        reason=f"training completed with a score of {score:g}",
        highest=Maturity.INTERN,
        actor_id=actor_id,
    )
    training.promoted = change.promoted
    session.flush()


def cancel_training(session: Session, training: TrainingSession, *, actor_id: uuid.UUID, reason: str) -> None:
    """Cancel a training that has not ended; its proposal ends as execution_failed, its trigger as cancelled."""
    _give_up(
        session,
        training,
        to=TrainingStatus.CANCELLED,
        outcome=ResolutionOutcome.CANCELLED,
        actor_id=actor_id,
        reason=reason,
    )


def fail_training(session: Session, training: TrainingSession, *, actor_id: uuid.UUID, reason: str) -> None:
    """Fail a training; its proposal ends as execution_failed, its trigger as failed."""
    _give_up(
        session,
        training,
        to=TrainingStatus.FAILED,
        outcome=ResolutionOutcome.FAILED,
        actor_id=actor_id,
        reason=reason,
    )


def _give_up(
    session: Session,
    training: TrainingSession,
    *,
    to: TrainingStatus,
    outcome: ResolutionOutcome,
    actor_id: uuid.UUID,
    reason: str,
) -> None:
    why = text("reason", reason, limit=REASON)
    authorize(session, workspace_id=training.workspace_id, user_id=actor_id, permission=Permission.TRAIN)
    _end(session, training, to=to, actor_id=actor_id, reason=why)
    _settle(
        session,
        training,
        to=ProposalStatus.EXECUTION_FAILED,
        outcome=outcome,
        result={"error": why},
        actor_id=actor_id,
    )


def _end(
    session: Session,
    training: TrainingSession,
    *,
    to: TrainingStatus,
    actor_id: uuid.UUID,
    reason: str | None = None,
    **facts: Any,
) -> None:
    at = clock.now()
    transition(session, TRAINING, training, to=to, actor_id=actor_id, reason=reason, completed_at=at, **facts)
    if training.started_at is not None:  # known for certain only now, under the lock of the transition
        training.duration_seconds = (at - training.started_at).total_seconds()


def _settle(
    session: Session,
    training: TrainingSession,
    *,
    to: ProposalStatus,
    outcome: ResolutionOutcome,
    result: dict[str, Any],
    actor_id: uuid.UUID,
) -> None:
    """Close the proposal that asked for the training, and the trigger that waited for it."""
    proposal = get_proposal(session, workspace_id=training.workspace_id, proposal_id=training.proposal_id)
    close(session, proposal, to=to, result=result, actor_id=actor_id)
    resolve_waiting_for(session, proposal, outcome=outcome, actor_id=actor_id)
