"""Decisions on approval steps: by people with the role for it, or by an autonomous agent."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from controlplane import agents, governance
from controlplane.errors import NotAuthorizedError, NotFoundError
from controlplane.execution import queries
from controlplane.execution.definition import ApprovalStep
from controlplane.execution.engine.complete import end_wait
from controlplane.execution.engine.config import EngineConfig
from controlplane.execution.engine.unit_of_work import UnitOfWork
from controlplane.governance import Permission, Risk
from controlplane.governance.authorization import has_permission
from controlplane.governance.review.autonomous_review import reason_against_review
from controlplane.models import StepKind, StepStatus
from controlplane.validation import number, text

if TYPE_CHECKING:
    import uuid

    from sqlalchemy.orm import Session

    from controlplane.execution.engine.records import AttemptRecord
    from controlplane.models import User, WorkflowExecution

LIMIT = 10_000


def approve(
    session: Session,
    execution: WorkflowExecution,
    *,
    step_key: str,
    actor_id: uuid.UUID,
    comment: str = "",
    engine: EngineConfig | None = None,
) -> None:
    """Approve a waiting approval step.

    Raises:
        NotAuthorizedError: not one of the step's roles; if it names none, less than a team lead.
        NotFoundError: no approval step of this key waits: it has not started, or is already decided.
    """
    person = _member(session, execution, actor_id)
    unit = UnitOfWork(session, engine=engine or EngineConfig(), execution_id=execution.id, actor_id=actor_id)
    attempt = _waiting(unit, step_key)
    _authorize(unit, attempt, person)
    _decide(unit, attempt, outcome=ApprovalStep.APPROVED, comment=comment, by=str(actor_id))


def reject(
    session: Session,
    execution: WorkflowExecution,
    *,
    step_key: str,
    actor_id: uuid.UUID,
    comment: str,
    engine: EngineConfig | None = None,
) -> None:
    """Refuse a waiting approval step: its reject branch is taken. A comment must say why. Raises as `approve`."""
    why = text("comment", comment, limit=LIMIT)
    person = _member(session, execution, actor_id)
    unit = UnitOfWork(session, engine=engine or EngineConfig(), execution_id=execution.id, actor_id=actor_id)
    attempt = _waiting(unit, step_key)
    _authorize(unit, attempt, person)
    _decide(unit, attempt, outcome=ApprovalStep.REJECTED, comment=why, by=str(actor_id))


def decide_by_agent(
    session: Session,
    execution: WorkflowExecution,
    *,
    step_key: str,
    reviewer_agent_id: uuid.UUID,
    approved: bool,
    analysis: float,
    reasoning: str,
    engine: EngineConfig | None = None,
) -> None:
    """Let an autonomous agent decide; `analysis` (0..1) is how sure it is.

    What follows an approval can be anything, so the thresholds are those of high risk; and a review
    needs an agent, so the execution must have an acting agent.

    Raises:
        NotAuthorizedError: this agent may not decide, or the step is for certain roles; a person must.
        NotFoundError: no approval step of this key waits, or the workspace has no such agent.
    """
    sure, why = number("analysis", analysis, low=0, high=1), text("reasoning", reasoning, limit=LIMIT)
    unit = UnitOfWork(
        session, engine=engine or EngineConfig(), execution_id=execution.id, actor_agent_id=reviewer_agent_id
    )
    attempt = _waiting(unit, step_key)
    reason = _reason_for_approval(unit, attempt, reviewer_agent_id, sure)
    if reason is not None:
        raise NotAuthorizedError(actor=reviewer_agent_id, action=f"decide on {step_key}", reason=reason)
    outcome = ApprovalStep.APPROVED if approved else ApprovalStep.REJECTED
    _decide(unit, attempt, outcome=outcome, comment=why, by=str(reviewer_agent_id), analysis=sure)


def _reason_for_approval(
    unit: UnitOfWork, attempt: AttemptRecord, reviewer_agent_id: uuid.UUID, analysis: float
) -> str | None:
    execution, step = unit.execution, unit.plan.step(attempt.step_key)
    if isinstance(step, ApprovalStep) and step.roles:
        return f"it is for {' or '.join(step.roles)} to decide"
    if execution.agent_id is None:
        return "no agent acts in this execution"
    reviewer = agents.get_agent(unit.session, workspace_id=execution.workspace_id, agent_id=reviewer_agent_id)
    author = agents.get_agent(unit.session, workspace_id=execution.workspace_id, agent_id=execution.agent_id)
    return reason_against_review(reviewer, author, risk=Risk.HIGH, analysis=analysis)


def _member(session: Session, execution: WorkflowExecution, actor_id: uuid.UUID) -> User:
    """Return the person if they may operate executions at all, before the step is disclosed."""
    return governance.authorize(
        session, workspace_id=execution.workspace_id, user_id=actor_id, permission=Permission.OPERATE
    )


def _authorize(unit: UnitOfWork, attempt: AttemptRecord, person: User) -> None:
    step = unit.plan.step(attempt.step_key)
    roles = step.roles if isinstance(step, ApprovalStep) else ()
    if person.role in roles or (not roles and has_permission(person.role, Permission.REVIEW)):
        return
    reason = f"it is for {' or '.join(roles) or 'a team lead'} to decide, not for a {person.role}"
    raise NotAuthorizedError(actor=person.id, action=f"decide on {attempt.step_key}", reason=reason)


def _decide(
    unit: UnitOfWork, attempt: AttemptRecord, *, outcome: str, comment: str, by: str, **facts: Any
) -> None:
    output = {"decision": outcome, "by": by, "comment": comment, **facts}
    message = f"{attempt.step_key} {outcome}"
    unit.log(f"step_{outcome}", message, attempt=attempt, by=by, comment=comment, **facts)
    end_wait(unit, attempt, output=output, outcome=outcome)
    unit.save()


def _waiting(unit: UnitOfWork, step_key: str) -> AttemptRecord:
    query = queries.select_step(execution_id=unit.execution.id, step_key=step_key, status=StepStatus.WAITING)
    for attempt in unit.fetch(query):
        if attempt.kind is StepKind.APPROVAL:
            return attempt
    raise NotFoundError(record="waiting approval", id=step_key)
