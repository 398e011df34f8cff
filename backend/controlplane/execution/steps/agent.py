"""Steps in which an agent takes an action: governance decides about every attempt.

An error inside governance is a refusal. A proposed action waits for the decision on its proposal, a supervised one
without a supervisor waits in governance's queue. The supervision names the run of the attempt, and ends with it.
"""

from __future__ import annotations

import json
import uuid
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy.exc import DBAPIError

from controlplane import agents, governance
from controlplane.errors import InvalidValueError, NotAuthorizedError, TransitionError
from controlplane.execution.engine.config import Failure
from controlplane.execution.steps.common import (
    Dispatch,
    Done,
    Entry,
    Hold,
    StepOutcome,
    timed_out,
)
from controlplane.governance import Decision, Duty, Outcome
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
    from controlplane.execution.engine.records import Attempt
    from controlplane.execution.engine.unit_of_work import UnitOfWork

POLL_INTERVAL = timedelta(seconds=30)
"""The interval in which a step checks for a decision."""
SUMMARY = 10_000


def enter_agent(entry: Entry) -> StepOutcome:
    """Ask governance, and do as it says."""
    try:
        with entry.turn.savepoint():
            decision = _decide(entry)
    except DBAPIError:
        raise  # the database failed, not the agent: the whole claim is tried again
    except Exception as error:  # noqa: BLE001  fail closed
        message = f"governance could not decide: {type(error).__name__}: {error}"
        return Failure(error_type="RefusedError", message=message, outcome=Outcome.BLOCKED)
    if decision.may_run:
        return _perform(entry, decision)
    given = {
        **entry.input,
        "proposal_id": decision.proposal and str(decision.proposal.id),
        "trigger_id": decision.trigger and str(decision.trigger.id),
    }
    if decision.outcome is Outcome.BLOCKED or decision.trigger is None:
        entry.attempt.input = given
        return Failure(error_type="RefusedError", message=decision.reason, outcome=decision.outcome)
    return Hold(
        why=f"{decision.outcome}: {decision.reason}",
        wake_at=_next_look(entry),
        values={"input": given, "outcome": str(decision.outcome)},
    )


def _decide(entry: Entry) -> Decision:
    run = entry.turn.run
    agent_id = run.agent_id if entry.input["agent"] is None else _agent_id(entry.input["agent"])
    if agent_id is None:
        raise InvalidValueError(field="agent", value=None, rule="the step or the execution must name one")
    return governance.decide(
        entry.turn.session,
        workspace_id=run.workspace_id,
        agent_id=agent_id,
        action=entry.step.action,
        source=TriggerSource.WORKFLOW_ENGINE,
        parameters=entry.input["parameters"],
        supervisor_id=_supervisor(entry.turn),
    )


def _agent_id(value: Any) -> uuid.UUID:
    try:
        return uuid.UUID(value)
    except (ValueError, AttributeError, TypeError):
        raise InvalidValueError(field="agent", value=value, rule="it must be the id of an agent") from None


def _supervisor(turn: UnitOfWork) -> uuid.UUID | None:
    """Return the supervisor who is present: the person who started this run, if they may supervise."""
    run = turn.run
    if run.user_id is None or run.triggered_by is not TriggerSource.MANUAL:
        return None
    try:
        governance.authorize(turn.session, workspace_id=run.workspace_id, user_id=run.user_id, duty=Duty.SUPERVISE)
    except NotAuthorizedError:
        return None
    return run.user_id


def _perform(entry: Entry, decision: Decision) -> Dispatch:
    """Start the agent's own run, whose end is that of this attempt."""
    watched = decision.supervision
    execution = decision.execution or _request(entry, agent_id=watched.agent_id if watched else None)
    if watched is not None:
        link_run(entry.turn.session, watched, execution)
    agents.start(entry.turn.session, execution)
    return Dispatch(agent_execution_id=execution.id, outcome=str(decision.outcome))


def _request(entry: Entry, *, agent_id: uuid.UUID | None) -> AgentExecution:
    if agent_id is None:
        raise InvalidValueError(field="agent", value=None, rule="an agent is required")
    return agents.request(
        entry.turn.session,
        workspace_id=entry.turn.run.workspace_id,
        agent_id=agent_id,
        triggered_by=TriggerSource.WORKFLOW_ENGINE,
        input_summary=entry.step.action,
    )


def wake_agent(entry: Entry) -> StepOutcome | None:
    """Look whether what the step waits for has been decided."""
    turn, given = entry.turn, entry.input
    if given["proposal_id"] is not None:
        proposal = turn.session.get(Proposal, uuid.UUID(given["proposal_id"]), populate_existing=True)
        entered = _proposal_result(proposal)
    else:
        trigger = turn.session.get(BlockedTrigger, uuid.UUID(given["trigger_id"]), populate_existing=True)
        entered = _queue_result(entry, trigger)
    limit = _limit(entry)
    if entered is None and limit is not None and limit <= turn.now:
        _withdraw(turn, given, reason="the step that waits for it timed out")
        return timed_out(entry.step.timeout)
    if entered is None:
        turn.postpone(entry.attempt, _next_look(entry))
    return entered


def _proposal_result(proposal: Proposal | None) -> StepOutcome | None:
    if proposal is None or proposal.status in (ProposalStatus.PENDING, ProposalStatus.APPROVED):
        return None
    result = proposal.execution_result or {}
    if proposal.status is ProposalStatus.EXECUTED:
        return Done(output=result.get("result"), outcome=str(Outcome.PROPOSED))
    if proposal.status is ProposalStatus.EXECUTION_FAILED:
        return Failure(
            error_type=str(result.get("error_type")), message=str(result.get("error")), outcome=Outcome.PROPOSED
        )
    message = f"The proposal was {proposal.status}: {proposal.review_comments or 'no comment'}"
    return Failure(error_type="RefusedError", message=message, outcome=Outcome.PROPOSED)


def _queue_result(entry: Entry, trigger: BlockedTrigger | None) -> StepOutcome | None:
    if trigger is None or trigger.status is TriggerStatus.WAITING:
        return None
    if trigger.status is TriggerStatus.IN_PROGRESS or trigger.resolution_outcome is ResolutionOutcome.EXECUTED:
        watched = supervision_of_trigger(entry.turn.session, trigger)
        if watched is not None and watched.status is SupervisionStatus.PAUSED:
            return None
        execution = _request(entry, agent_id=trigger.agent_id)
        if watched is not None:
            link_run(entry.turn.session, watched, execution)
        agents.start(entry.turn.session, execution)
        return Dispatch(agent_execution_id=execution.id, outcome=str(Outcome.SUPERVISED))
    message = f"No supervisor let it run: {trigger.resolution_outcome}"
    return Failure(error_type="RefusedError", message=message, outcome=Outcome.SUPERVISED)


def ended_early(turn: UnitOfWork, attempt: Attempt) -> Failure | None:
    """Return the failure of an attempt whose run was ended by a person while it was performed, or None."""
    if attempt.agent_execution_id is None:
        return None
    execution = turn.session.get_one(AgentExecution, attempt.agent_execution_id, populate_existing=True)
    if execution.status in (ExecutionStatus.RUNNING, ExecutionStatus.PAUSED):
        return None
    message = f"The run was ended: {execution.status}"
    if execution.error_message is not None:
        message += f": {execution.error_message}"
    return Failure(error_type="RunEndedError", message=message)


def end_agent_run(
    turn: UnitOfWork, attempt: Attempt, *, output: Any = None, failure: Failure | None = None
) -> None:
    """End the agent's run with its attempt: completed, failed, or (with neither) cancelled."""
    if attempt.agent_execution_id is None:
        return
    session = turn.session
    execution = agents.get_execution(
        session, workspace_id=turn.run.workspace_id, execution_id=attempt.agent_execution_id
    )
    if execution.status is not ExecutionStatus.RUNNING:
        return  # it has been ended by a person
    if failure is not None:
        agents.fail(session, execution, error_type=failure.error_type, error_message=failure.message)
    else:
        summary = json.dumps(output, ensure_ascii=False, sort_keys=True)[:SUMMARY]
        agents.complete(session, execution, output_summary=summary)


def cancel_agent_run(turn: UnitOfWork, attempt: Attempt, *, reason: str) -> None:
    """Give up, together with the attempt, the agent's run, or what people were asked to decide."""
    session, workspace_id = turn.session, turn.run.workspace_id
    if attempt.agent_execution_id is not None:
        execution = agents.get_execution(
            session, workspace_id=workspace_id, execution_id=attempt.agent_execution_id
        )
        if execution.status in (ExecutionStatus.RUNNING, ExecutionStatus.PAUSED):
            agents.cancel(session, execution, **turn.actor, reason=reason)
    elif attempt.input is not None and attempt.input.get("trigger_id") is not None:
        _withdraw(turn, attempt.input, reason=reason)


def _withdraw(turn: UnitOfWork, given: dict[str, Any], *, reason: str) -> None:
    """Withdraw an undecided proposal, or an unclaimed trigger: it must not run any more."""
    session, workspace_id = turn.session, turn.run.workspace_id
    try:
        with session.begin_nested():
            if given["proposal_id"] is not None:
                proposal = governance.get_proposal(
                    session, workspace_id=workspace_id, proposal_id=uuid.UUID(given["proposal_id"])
                )
                withdraw(session, proposal, reason=reason, **turn.actor)
            else:
                trigger = governance.get_trigger(
                    session, workspace_id=workspace_id, trigger_id=uuid.UUID(given["trigger_id"])
                )
                agents.resolve_trigger(session, trigger, outcome=ResolutionOutcome.CANCELLED, **turn.actor)
    except TransitionError:
        pass  # decided concurrently: that decision stands


def _limit(entry: Entry) -> datetime | None:
    started, timeout = entry.attempt.started_at, entry.step.timeout
    return None if timeout is None or started is None else started + timedelta(seconds=timeout)


def _next_look(entry: Entry) -> datetime:
    look, timeout = entry.turn.now + POLL_INTERVAL, entry.step.timeout
    started = entry.attempt.started_at or entry.turn.now
    return look if timeout is None else min(look, started + timedelta(seconds=timeout))
