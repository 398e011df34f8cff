"""Approved actions: claim one, execute it, record its result.

Claiming and recording are one transaction each; between them the action is executed in none: it may take long,
and what it did must not depend on a commit that can still fail. A process that dies in between leaves a run
that does not end; after a while it counts as lost and is claimed again, under the same idempotency key. So an
approved action is executed at least once, and its result is recorded exactly once.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from controlplane import actions, clock
from controlplane.agents import EXECUTION, cancel, complete, fail, get_agent, get_execution, start, time_out
from controlplane.errors import LostRaceError, NotFoundError
from controlplane.governance.constants import MAX_DELIVERIES, PROSE, VISIBILITY_TIMEOUT
from controlplane.governance.lifecycle import PROPOSAL
from controlplane.governance.queries.proposals import select_approved, select_proposal_for_change
from controlplane.governance.review.approval import create_pending_run, run_request
from controlplane.governance.review.proposals import close
from controlplane.governance.triggers import resolve_waiting_for
from controlplane.lookup import get_one
from controlplane.models import AgentStatus, ExecutionStatus, ProposalStatus, ProposalType, ResolutionOutcome
from controlplane.validation import storable

if TYPE_CHECKING:
    import uuid
    from typing import Unpack

    from sqlalchemy.orm import Session

    from controlplane.lifecycle import Actor
    from controlplane.models import AgentExecution, Proposal


@dataclass(frozen=True, kw_only=True)
class ApprovedAction:
    """An approved action that this caller has claimed."""

    workspace_id: uuid.UUID
    proposal_id: uuid.UUID
    execution_id: uuid.UUID
    action: str
    parameters: dict[str, Any]

    @property
    def idempotency_key(self) -> str:
        """The key that every attempt to execute it shares."""
        return f"proposal:{self.proposal_id}"


@dataclass(frozen=True, kw_only=True)
class ActionResult:
    """The result of an action, or its error (then `error_type` is set)."""

    result: Any = None
    error_type: str | None = None
    error_message: str = ""


def list_approved(
    session: Session, *, workspace_id: uuid.UUID | None = None, limit: int = 100
) -> list[tuple[uuid.UUID, uuid.UUID]]:
    """Return workspace and id of the approved proposals to claim, oldest first; those of all for a worker."""
    query = select_approved(workspace_id=workspace_id, lost_before=clock.now() - VISIBILITY_TIMEOUT, limit=limit)
    return [(row.workspace_id, row.id) for row in session.execute(query)]


def claim_approved(
    session: Session, *, workspace_id: uuid.UUID, proposal_id: uuid.UUID, max_deliveries: int = MAX_DELIVERIES
) -> ApprovedAction | None:
    """Claim an approved action; None if it was cancelled or is already claimed.

    It fails here, without being executed, if its agent is not active any more, its run was cancelled, or its
    worker was lost in each of `max_deliveries` deliveries.

    Raises:
        NotFoundError: the workspace has no such proposal.
    """
    proposal = _lock(session, workspace_id=workspace_id, proposal_id=proposal_id)
    if proposal.status is not ProposalStatus.APPROVED or proposal.proposal_type is not ProposalType.ACTION:
        return None
    execution, actor = _run_of(session, proposal), _reviewer(proposal)
    if execution.status is ExecutionStatus.PAUSED:
        return None
    if execution.status is ExecutionStatus.RUNNING:
        if not _is_lost(execution):
            return None
        time_out(session, execution, after_seconds=VISIBILITY_TIMEOUT.total_seconds())
        times = proposal.lost_deliveries + 1
        if times >= max_deliveries:
            proposal.lost_deliveries = times
            message = f"Its worker was lost {times} times: the action may end the process that runs it."
            _end(session, proposal, ActionResult(error_type="WorkerLostError", error_message=message))
            return None
        agent = get_agent(session, workspace_id=proposal.workspace_id, agent_id=proposal.agent_id)
        execution = create_pending_run(session, proposal, agent, **actor)
    refusal = _refusal(session, proposal, execution)
    if refusal is not None:
        if execution.status is ExecutionStatus.PENDING:
            cancel(session, execution, reason=refusal)
        _end(session, proposal, ActionResult(error_type="RefusedError", error_message=refusal))
        return None
    start(session, execution, **actor)
    name, parameters = run_request(proposal, proposal.modifications)
    return ApprovedAction(
        workspace_id=workspace_id,
        proposal_id=proposal.id,
        execution_id=execution.id,
        action=name,
        parameters=parameters,
    )


def execute_approved(approved: ApprovedAction) -> ActionResult:
    """Execute the action; an exception of any type is its result."""
    try:
        result = actions.run(
            approved.action, parameters=approved.parameters, idempotency_key=approved.idempotency_key
        )
    except Exception as error:  # noqa: BLE001  the proposal says how it failed
        kind = type(error).__name__
        return ActionResult(error_type=kind[:200], error_message=storable(str(error)).strip()[:PROSE] or kind)
    return ActionResult(result=result)


def record_approved(session: Session, approved: ApprovedAction, result: ActionResult) -> AgentExecution:
    """Record the result: end the run, the proposal and the trigger that waits for it.

    Raises:
        LostRaceError: it took so long that it counted as lost, or its run was cancelled; nothing is written.
        NotFoundError: the workspace has no such proposal.
    """
    proposal = _lock(session, workspace_id=approved.workspace_id, proposal_id=approved.proposal_id)
    execution = get_execution(session, workspace_id=approved.workspace_id, execution_id=approved.execution_id)
    session.refresh(execution)
    actor = _reviewer(proposal)
    if execution.status is not ExecutionStatus.RUNNING:
        to = ExecutionStatus.FAILED if result.error_type else ExecutionStatus.COMPLETED
        raise LostRaceError(
            record=EXECUTION.kind, id=execution.id, from_status=ExecutionStatus.RUNNING, to_status=to
        )
    if result.error_type is None:
        complete(session, execution, **actor)
    else:
        fail(
            session,
            execution,
            error_type=result.error_type,
            error_message=result.error_message,
            **actor,
        )
    _end(session, proposal, result, **actor)
    return execution


def _lock(session: Session, *, workspace_id: uuid.UUID, proposal_id: uuid.UUID) -> Proposal:
    """Return the proposal as the database has it, locked: claiming and recording a result exclude each other."""
    session.flush()
    query = select_proposal_for_change(workspace_id=workspace_id, proposal_id=proposal_id)
    return get_one(session, query, record=PROPOSAL.kind, id=proposal_id, fresh=True)


def _run_of(session: Session, proposal: Proposal) -> AgentExecution:
    if proposal.execution_id is None:
        raise NotFoundError(record=EXECUTION.kind, id=None)
    execution = get_execution(session, workspace_id=proposal.workspace_id, execution_id=proposal.execution_id)
    session.refresh(execution)
    return execution


def _is_lost(execution: AgentExecution) -> bool:
    return execution.started_at is not None and execution.started_at <= clock.now() - VISIBILITY_TIMEOUT


def _refusal(session: Session, proposal: Proposal, execution: AgentExecution) -> str | None:
    """Return why an approved action must not be executed now, or None if it may."""
    if execution.status is not ExecutionStatus.PENDING:
        return f"its run is {execution.status}"
    agent = get_agent(session, workspace_id=proposal.workspace_id, agent_id=proposal.agent_id)
    return None if agent.status is AgentStatus.ACTIVE else f"the agent is {agent.status}"


def _reviewer(proposal: Proposal) -> Actor:
    return {"actor_id": proposal.reviewer_id, "actor_agent_id": proposal.reviewer_agent_id}


def _end(session: Session, proposal: Proposal, result: ActionResult, **actor: Unpack[Actor]) -> None:
    to, outcome = ProposalStatus.EXECUTED, ResolutionOutcome.EXECUTED
    facts = {"result": result.result}
    if result.error_type is not None:
        to, outcome = ProposalStatus.EXECUTION_FAILED, ResolutionOutcome.FAILED
        facts = {"error_type": result.error_type, "error": result.error_message}
    close(session, proposal, to=to, result=facts, **actor)
    resolve_waiting_for(session, proposal, outcome=outcome, **actor)
