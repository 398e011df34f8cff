"""Feedback on an agent's work, and how far it counts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from controlplane import clock
from controlplane.agents import get_agent, get_execution
from controlplane.errors import InvalidValueError, NotAuthorizedError
from controlplane.governance.authorization import Permission, authorize, has_permission
from controlplane.governance.autonomy import change_confidence
from controlplane.governance.constants import PROSE, REASON
from controlplane.governance.lifecycle import FEEDBACK
from controlplane.governance.maturity import Impact, step
from controlplane.governance.queries.feedback import select_feedback
from controlplane.lifecycle import begin, transition
from controlplane.lookup import get_one
from controlplane.models import AgentFeedback, FeedbackStatus, Role
from controlplane.validation import optional_text, whole

if TYPE_CHECKING:
    import uuid

    from sqlalchemy.orm import Session

    from controlplane.models import Agent, User

NEUTRAL = 3


def is_trusted(reviewer: User, agent: Agent) -> bool:
    """Return whether a word counts now: an owner's, an admin's, a specialist's of the agent's category. Pure."""
    if reviewer.role in (Role.OWNER, Role.ADMIN):
        return True
    if not has_permission(reviewer.role, Permission.GIVE_FEEDBACK):
        return False  # the role wins over the specialty
    return reviewer.specialty is not None and reviewer.specialty.casefold() == agent.category.casefold()


def change_for(*, rating: int | None, corrects: bool, impact: Impact) -> float:
    """Return how far feedback moves confidence: up for 4 and 5, down for 1 and 2, not for 3. Pure.

    A correction without a rating says that the work was wrong; a comment without one moves nothing.
    """
    if rating == NEUTRAL or (rating is None and not corrects):
        return 0.0
    return step(success=rating is not None and rating > NEUTRAL, impact=impact)


def get_feedback(session: Session, *, workspace_id: uuid.UUID, feedback_id: uuid.UUID) -> AgentFeedback:
    """Return one feedback of the workspace as the session sees it, or raise NotFoundError."""
    query = select_feedback(workspace_id=workspace_id, feedback_id=feedback_id)
    return get_one(session, query, record=FEEDBACK.kind, id=feedback_id)


def submit_feedback(
    session: Session,
    *,
    workspace_id: uuid.UUID,
    agent_id: uuid.UUID,
    user_id: uuid.UUID,
    rating: int | None = None,
    user_correction: str | None = None,
    original_output: str | None = None,
    input_context: str | None = None,
    execution_id: uuid.UUID | None = None,
    comment: str | None = None,
    category: str | None = None,
) -> AgentFeedback:
    """Rate, correct or comment on an agent's work; `category` is the author's own sorting of feedback.

    A trusted reviewer's feedback is accepted immediately and counts in full. Any other counts a little and waits
    to be adjudicated.

    Raises:
        InvalidValueError: no rating, correction or comment, a rating out of 1..5, another agent's execution.
        NotAuthorizedError: no member of the workspace, or only a viewer.
        NotFoundError: the workspace has no such agent or execution.
    """
    texts = {
        "user_correction": user_correction,
        "original_output": original_output,
        "input_context": input_context,
    }
    facts = _checked(rating=rating, category=category, comment=comment, **texts)
    user = authorize(session, workspace_id=workspace_id, user_id=user_id, permission=Permission.GIVE_FEEDBACK)
    agent = get_agent(session, workspace_id=workspace_id, agent_id=agent_id)
    if execution_id is not None:
        _check_run(session, agent, execution_id)
    trusted, at = is_trusted(user, agent), clock.now()
    decision: dict[str, Any] = {"adjudicated_at": at, "adjudicator_id": user_id} if trusted else {}
    feedback = AgentFeedback(
        workspace_id=workspace_id,
        agent_id=agent_id,
        execution_id=execution_id,
        user_id=user_id,
        status=FeedbackStatus.ACCEPTED if trusted else FeedbackStatus.PENDING,
        created_at=at,
        **decision,
        **facts,
    )
    begin(session, FEEDBACK, feedback, actor_id=user_id)
    _count(session, feedback, impact=Impact.HIGH if trusted else Impact.LOW, actor_id=user_id)
    return feedback


def _checked(*, rating: int | None, category: str | None, **texts: str | None) -> dict[str, Any]:
    """Return the content of a feedback as it will be stored; it must rate, correct or comment."""
    facts: dict[str, Any] = {"rating": None if rating is None else whole("rating", rating, low=1, high=5)}
    facts |= {name: optional_text(name, value, limit=PROSE) for name, value in texts.items()}
    facts["category"] = optional_text("category", category, limit=100)
    if facts["rating"] is None and facts["user_correction"] is None and facts["comment"] is None:
        raise InvalidValueError(field="rating", value=None, rule="without a correction or comment it is required")
    return facts


def _check_run(session: Session, agent: Agent, execution_id: uuid.UUID) -> None:
    execution = get_execution(session, workspace_id=agent.workspace_id, execution_id=execution_id)
    if execution.agent_id != agent.id:
        raise InvalidValueError(field="execution_id", value=execution_id, rule="it must be the agent's")


def adjudicate(
    session: Session, feedback: AgentFeedback, *, accept: bool, actor_id: uuid.UUID, reason: str | None = None
) -> None:
    """Decide on pending feedback: accepted it counts in full, rejected not at all.

    Raises:
        NotAuthorizedError: not a trusted reviewer of the agent in its workspace.
        TransitionError: it is decided already.
    """
    why = optional_text("reason", reason, limit=REASON)
    user = authorize(
        session, workspace_id=feedback.workspace_id, user_id=actor_id, permission=Permission.ADJUDICATE_FEEDBACK
    )
    agent = get_agent(session, workspace_id=feedback.workspace_id, agent_id=feedback.agent_id)
    if not is_trusted(user, agent):
        reason = f"it takes an owner, an admin or a specialist of {agent.category}"
        raise NotAuthorizedError(actor=actor_id, action=Permission.ADJUDICATE_FEEDBACK, reason=reason)
    transition(
        session,
        FEEDBACK,
        feedback,
        to=FeedbackStatus.ACCEPTED if accept else FeedbackStatus.REJECTED,
        actor_id=actor_id,
        reason=why,
        adjudicated_at=clock.now(),
        adjudicator_id=actor_id,
    )
    _count(session, feedback, impact=Impact.HIGH if accept else None, actor_id=actor_id)


def _count(session: Session, feedback: AgentFeedback, *, impact: Impact | None, actor_id: uuid.UUID) -> None:
    """Let feedback count with this impact (None: not at all), taking back what it has counted so far."""
    corrects = feedback.user_correction is not None
    due = 0.0 if impact is None else change_for(rating=feedback.rating, corrects=corrects, impact=impact)
    change = change_confidence(
        session,
        workspace_id=feedback.workspace_id,
        agent_id=feedback.agent_id,
        by=due - feedback.confidence_change,
        reason=f"feedback {feedback.status}",
        actor_id=actor_id,
    )
    feedback.confidence_change = round(feedback.confidence_change + change.by, 4)
    session.flush()
