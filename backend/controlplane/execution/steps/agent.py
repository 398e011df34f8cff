"""Steps in which an agent takes an action: governance decides about every attempt.

An error inside governance is a refusal. A proposed action waits for the decision on its proposal, a supervised one
without a supervisor waits in governance's queue. The supervision names the run of the attempt, and ends with it.
"""

from __future__ import annotations

import json
import uuid
from typing import TYPE_CHECKING, Any

from sqlalchemy.exc import DBAPIError

from controlplane import agents, governance
from controlplane.errors import InvalidValueError, TransitionError
from controlplane.execution.engine.config import Failure
from controlplane.execution.steps.outcomes import (
    Completed,
    Dispatch,
    StepContext,
    StepOutcome,
    Wait,
    timed_out,
)
from controlplane.governance import Admission, Outcome
from controlplane.governance.review.proposals import withdraw
from controlplane.governance.supervision.sessions import link_run, supervision_of_trigger
from controlplane.models import (
    AgentExecution,
    BlockedTrigger,
    ExecutionStatus,
    Proposal,
    ProposalStatus,
    ResolutionOutcome,
    SupervisionStatus,
    TriggerSource,
    TriggerStatus,
)

if TYPE_CHECKING:
    from controlplane.execution.engine.records import AttemptRecord
    from controlplane.execution.engine.unit_of_work import UnitOfWork

SUMMARY = 10_000


def start_agent(context: StepContext) -> StepOutcome:
    """Start the action if governance admits it; wait for a decision, or fail."""
    try:
        with context.unit.savepoint():
            decision = _decide(context)
    except DBAPIError:
        raise  # the database failed, not the agent: the whole claim is tried again
    except Exception as error:  # noqa: BLE001  fail closed
        message = f"governance could not decide: {type(error).__name__}: {error}"
        return Failure(error_type="RefusedError", message=message, outcome=Outcome.BLOCKED)
    if decision.may_run:
        return _perform(context, decision)
    given = {
        **context.input,
        "proposal_id": decision.proposal and str(decision.proposal.id),
        "trigger_id": decision.trigger and str(decision.trigger.id),
    }
    if decision.outcome is Outcome.BLOCKED or decision.trigger is None:
        context.attempt.input = given
        return Failure(error_type="RefusedError", message=decision.reason, outcome=decision.outcome)
    return Wait(
        why=f"{decision.outcome}: {decision.reason}",
        wake_at=context.next_poll,
        values={"input": given, "outcome": str(decision.outcome)},
    )


def _decide(context: StepContext) -> Admission:
    execution = context.unit.execution
    named = context.input["agent"]
    agent_id = execution.agent_id if named is None else _agent_id(context.unit, named)
    if agent_id is None:
        raise InvalidValueError(field="agent", value=None, rule="the step or the execution must name one")
    return governance.admit_action(
        context.unit.session,
        workspace_id=execution.workspace_id,
        agent_id=agent_id,
        action=context.step.action,
        source=TriggerSource.WORKFLOW_ENGINE,
        parameters=context.input["parameters"],
        present_id=_starter(context.unit),
    )


def _agent_id(unit: UnitOfWork, value: Any) -> uuid.UUID:
    """Return the id that a step gives, or that of the agent with the name that it gives."""
    if not isinstance(value, str):
        raise InvalidValueError(field="agent", value=value, rule="it must be the name or the id of an agent")
    try:
        return uuid.UUID(value)
    except ValueError:
        agent = agents.find_agent(unit.session, workspace_id=unit.execution.workspace_id, name=value)
    if agent is None:
        raise InvalidValueError(field="agent", value=value, rule="no agent of the workspace has this name or id")
    return agent.id


def _starter(unit: UnitOfWork) -> uuid.UUID | None:
    """Return the person who started this execution: they are present, as a supervisor if they may supervise."""
    execution = unit.execution
    return execution.user_id if execution.triggered_by is TriggerSource.MANUAL else None


def _perform(context: StepContext, decision: Admission) -> Dispatch:
    """Start the agent's own run, whose end is that of this attempt."""
    session, watched, agent_run = context.unit.session, decision.supervision, decision.execution
    if watched is not None:
        agent_run = agents.request_of(session, watched.agent, **_origin(context))
        link_run(session, watched, agent_run)
    if agent_run is None:
        raise InvalidValueError(field="agent", value=None, rule="an admitted action has a run")
    agents.start(session, agent_run)
    return Dispatch(agent_execution_id=agent_run.id, outcome=str(decision.outcome))


def _origin(context: StepContext) -> dict[str, Any]:
    return {"triggered_by": TriggerSource.WORKFLOW_ENGINE, "input_summary": context.step.action}


def resume_agent(context: StepContext) -> StepOutcome | None:
    """Resume the step if its proposal or trigger has been decided."""
    unit, given = context.unit, context.input
    if given["proposal_id"] is not None:
        proposal = unit.session.get(Proposal, uuid.UUID(given["proposal_id"]), populate_existing=True)
        outcome = _proposal_result(proposal)
    else:
        trigger = unit.session.get(BlockedTrigger, uuid.UUID(given["trigger_id"]), populate_existing=True)
        outcome = _queue_result(context, trigger)
    timeout_at = context.timeout_at
    if outcome is None and timeout_at is not None and timeout_at <= unit.now:
        _withdraw(unit, given, reason="the waiting step timed out")
        return timed_out(context.step.timeout)
    if outcome is None:
        unit.postpone(context.attempt, context.next_poll)
    return outcome


def _proposal_result(proposal: Proposal | None) -> StepOutcome | None:
    if proposal is None or proposal.status in (ProposalStatus.PENDING, ProposalStatus.APPROVED):
        return None
    result = proposal.execution_result or {}
    if proposal.status is ProposalStatus.EXECUTED:
        return Completed(output=result.get("result"), outcome=str(Outcome.PROPOSED))
    if proposal.status is ProposalStatus.EXECUTION_FAILED:
        return Failure(
            error_type=str(result.get("error_type")), message=str(result.get("error")), outcome=Outcome.PROPOSED
        )
    message = f"The proposal was {proposal.status}: {proposal.review_comments or 'no comment'}"
    return Failure(error_type="RefusedError", message=message, outcome=Outcome.PROPOSED)


def _queue_result(context: StepContext, trigger: BlockedTrigger | None) -> StepOutcome | None:
    if trigger is None or trigger.status is TriggerStatus.WAITING:
        return None
    if trigger.status is TriggerStatus.IN_PROGRESS or trigger.resolution_outcome is ResolutionOutcome.EXECUTED:
        watched = supervision_of_trigger(context.unit.session, trigger)
        if watched is not None and watched.status is SupervisionStatus.PAUSED:
            return None
        workspace_id = context.unit.execution.workspace_id
        agent_run = agents.request(
            context.unit.session, workspace_id=workspace_id, agent_id=trigger.agent_id, **_origin(context)
        )
        if watched is not None:
            link_run(context.unit.session, watched, agent_run)
        agents.start(context.unit.session, agent_run)
        return Dispatch(agent_execution_id=agent_run.id, outcome=str(Outcome.SUPERVISED))
    message = f"No supervisor approved the run: {trigger.resolution_outcome}"
    return Failure(error_type="RefusedError", message=message, outcome=Outcome.SUPERVISED)


def ended_early(unit: UnitOfWork, attempt: AttemptRecord) -> Failure | None:
    """Return the failure of an attempt whose run was ended by a person while it was performed, or None."""
    if attempt.agent_execution_id is None:
        return None
    agent_run = unit.session.get_one(AgentExecution, attempt.agent_execution_id, populate_existing=True)
    if agent_run.status in (ExecutionStatus.RUNNING, ExecutionStatus.PAUSED):
        return None
    message = f"The run was ended: {agent_run.status}"
    if agent_run.error_message is not None:
        message += f": {agent_run.error_message}"
    return Failure(error_type="RunEndedError", message=message)


def end_agent_run(
    unit: UnitOfWork, attempt: AttemptRecord, *, output: Any = None, failure: Failure | None = None
) -> None:
    """End the agent's run with its attempt: completed, failed, or (with neither) cancelled."""
    if attempt.agent_execution_id is None:
        return
    session = unit.session
    agent_run = agents.get_execution(
        session, workspace_id=unit.execution.workspace_id, execution_id=attempt.agent_execution_id
    )
    if agent_run.status is not ExecutionStatus.RUNNING:
        return  # it has been ended by a person
    if failure is not None:
        agents.fail(session, agent_run, error_type=failure.error_type, error_message=failure.message)
    else:
        summary = json.dumps(output, ensure_ascii=False, sort_keys=True)[:SUMMARY]
        agents.complete(session, agent_run, output_summary=summary)


def cancel_agent_run(unit: UnitOfWork, attempt: AttemptRecord, *, reason: str) -> None:
    """Cancel the agent's run with its attempt, or withdraw its undecided proposal or trigger."""
    session, workspace_id = unit.session, unit.execution.workspace_id
    if attempt.agent_execution_id is not None:
        agent_run = agents.get_execution(
            session, workspace_id=workspace_id, execution_id=attempt.agent_execution_id
        )
        if agent_run.status in (ExecutionStatus.RUNNING, ExecutionStatus.PAUSED):
            agents.cancel(session, agent_run, **unit.actor, reason=reason)
    elif attempt.input is not None and attempt.input.get("trigger_id") is not None:
        _withdraw(unit, attempt.input, reason=reason)


def _withdraw(unit: UnitOfWork, given: dict[str, Any], *, reason: str) -> None:
    """Withdraw an undecided proposal, or an unclaimed trigger: it must not run any more."""
    session, workspace_id = unit.session, unit.execution.workspace_id
    try:
        with session.begin_nested():
            if given["proposal_id"] is not None:
                proposal = governance.get_proposal(
                    session, workspace_id=workspace_id, proposal_id=uuid.UUID(given["proposal_id"])
                )
                withdraw(session, proposal, reason=reason, **unit.actor)
            else:
                trigger = governance.get_trigger(
                    session, workspace_id=workspace_id, trigger_id=uuid.UUID(given["trigger_id"])
                )
                agents.resolve_trigger(session, trigger, outcome=ResolutionOutcome.CANCELLED, **unit.actor)
    except TransitionError:
        pass  # decided concurrently: that decision stands
