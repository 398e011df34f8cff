"""Supervisions: start one, or claim the next trigger of the queue.

A supervision names the run that it watches, and its verbs act on that run: see `interventions` and
`supervised_run`. The run's end ends the supervision (`agents.supervised`); a supervisor may rate it afterwards.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from controlplane import clock
from controlplane.agents import SUPERVISION, TRIGGER, get_agent, get_execution
from controlplane.errors import InvalidValueError, RefusedError
from controlplane.governance.authorization import Permission, authorize
from controlplane.governance.queries.supervision import (
    select_guidance,
    select_open_supervision_of,
    select_supervision,
)
from controlplane.governance.queries.triggers import select_next_in_queue
from controlplane.governance.supervision.supervised_run import (
    UNDER_WAY,
)
from controlplane.lifecycle import begin, transition
from controlplane.lookup import get_one
from controlplane.models import (
    AgentStatus,
    BlockedTrigger,
    Maturity,
    SupervisionSession,
    SupervisionStatus,
    TriggerStatus,
)
from controlplane.notifications import make_waiting_step_due
from controlplane.validation import json_object

if TYPE_CHECKING:
    import uuid

    from sqlalchemy.orm import Session

    from controlplane.models import Agent, AgentExecution


def get_supervision(session: Session, *, workspace_id: uuid.UUID, supervision_id: uuid.UUID) -> SupervisionSession:
    """Return one supervision of the workspace as the session sees it, or raise NotFoundError."""
    query = select_supervision(workspace_id=workspace_id, supervision_id=supervision_id)
    return get_one(session, query, record=SUPERVISION.kind, id=supervision_id)


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
    authorize(session, workspace_id=workspace_id, user_id=supervisor_id, permission=Permission.SUPERVISE)
    agent = get_agent(session, workspace_id=workspace_id, agent_id=agent_id)
    if agent.status is not AgentStatus.ACTIVE or agent.maturity_level is not Maturity.SUPERVISED:
        reason = f"supervision is for active supervised agents, it is {agent.status} and {agent.maturity_level}"
        raise RefusedError(agent_id=agent.id, action="be supervised", reason=reason)
    execution = None
    if execution_id is not None:
        execution = get_execution(session, workspace_id=workspace_id, execution_id=execution_id)
        _check_watchable(session, agent, execution)
    supervision = begin_supervision(session, agent, supervisor_id=supervisor_id, context=facts)
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
    """Claim the head of the queue and begin to supervise it; None when the queue is empty.

    Two concurrent supervisors get two different triggers.

    Raises:
        NotAuthorizedError: less than a team lead of the workspace.
    """
    authorize(session, workspace_id=workspace_id, user_id=supervisor_id, permission=Permission.SUPERVISE)
    session.flush()
    query = select_next_in_queue(workspace_id=workspace_id, now=clock.now())
    trigger = session.scalars(query).one_or_none()
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
    supervision = begin_supervision(session, agent, supervisor_id=supervisor_id, context=context, trigger=trigger)
    make_waiting_step_due(session, trigger, now=supervision.started_at)
    return supervision


def begin_supervision(
    session: Session,
    agent: Agent,
    *,
    supervisor_id: uuid.UUID,
    context: dict[str, Any],
    trigger: BlockedTrigger | None = None,
) -> SupervisionSession:
    """Begin a supervision without a permission check; for verbs that have made it."""
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
