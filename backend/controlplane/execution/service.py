"""The verbs of executions that people and other services use; each is one unit of work on the locked execution.

Actors must belong to the execution's workspace and be at least members: values are checked first, then the
person, then the record.
"""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from controlplane import agents, governance
from controlplane.actions import names
from controlplane.errors import IllegalTransitionError
from controlplane.execution import queries
from controlplane.execution.definition import unregistered_actions
from controlplane.execution.engine.complete import (
    cancel_execution,
    end_wait,
    fail_execution,
    pause_execution,
)
from controlplane.execution.engine.config import EngineConfig, Failure
from controlplane.execution.engine.create import checked_input, open_execution
from controlplane.execution.engine.unit_of_work import UnitOfWork
from controlplane.execution.lifecycle import WORKFLOW
from controlplane.execution.steps.wait import signal_output
from controlplane.execution.versions import get_version, load_plan
from controlplane.governance import Permission
from controlplane.lookup import get_one
from controlplane.models import (
    StepKind,
    StepStatus,
    TriggerSource,
    WorkflowExecution,
    WorkflowSignal,
    WorkflowStatus,
)
from controlplane.validation import json_value, text

if TYPE_CHECKING:
    import uuid

    from sqlalchemy.orm import Session

log = logging.getLogger(__name__)


def start(
    session: Session,
    *,
    workspace_id: uuid.UUID,
    workflow: str,
    version: int | None = None,
    input_data: dict[str, Any] | None = None,
    user_id: uuid.UUID | None = None,
    agent_id: uuid.UUID | None = None,
    triggered_by: TriggerSource = TriggerSource.MANUAL,
    engine: EngineConfig | None = None,
) -> WorkflowExecution:
    """Create an execution of a workflow, by default of its newest version; workers execute it.

    Without `user_id` the application starts it, for a schedule or an event. Actions that this process has not
    registered are logged as warnings: a worker elsewhere may have them.

    Raises:
        NotAuthorizedError: the person is not a member of the workspace, or is a viewer.
        NotFoundError: the workspace has no such workflow, version or agent.
        InvalidValueError: the input is not a JSON object, or has what the definition does not declare.
    """
    if user_id is not None:
        governance.authorize(
            session, workspace_id=workspace_id, user_id=user_id, permission=Permission.RUN_WORKFLOW
        )
    found = get_version(session, workspace_id=workspace_id, name=workflow, version=version)
    if agent_id is not None:
        agents.get_agent(session, workspace_id=workspace_id, agent_id=agent_id)
    engine = engine or EngineConfig()
    made = open_execution(
        session,
        version=found,
        engine=engine,
        input_data=input_data or {},
        user_id=user_id,
        agent_id=agent_id,
        triggered_by=triggered_by,
    )
    definition = load_plan(session, engine=engine, version_id=found.id).definition
    for problem in unregistered_actions(definition, actions=names()):
        log.warning("workflow %s: %s", workflow, problem)
    return made


def get_execution(session: Session, *, workspace_id: uuid.UUID, execution_id: uuid.UUID) -> WorkflowExecution:
    """Return one execution of the workspace, or raise NotFoundError."""
    query = select(WorkflowExecution).where(
        WorkflowExecution.id == execution_id, WorkflowExecution.workspace_id == workspace_id
    )
    return get_one(session, query, record="workflow_execution", id=execution_id)


def pause(
    session: Session, execution: WorkflowExecution, *, actor_id: uuid.UUID, reason: str = "requested by a user"
) -> None:
    """Hold an execution, and its children: no step begins; what runs may end.

    Raises:
        IllegalTransitionError: it is paused, compensating, or has ended.
        NotAuthorizedError: the person is not a member of the workspace, or is a viewer.
    """
    why = text("reason", reason, limit=2_000)
    _authorize(session, execution, actor_id)
    _pause(session, execution, actor_id=actor_id, reason=why)


def _pause(session: Session, execution: WorkflowExecution, *, actor_id: uuid.UUID, reason: str) -> None:
    unit = _unit_of_work(session, execution, actor_id=actor_id)
    pause_execution(unit, reason)
    unit.save()
    for child in _children(session, execution.id):
        if child.status in (WorkflowStatus.PENDING, WorkflowStatus.RUNNING, WorkflowStatus.WAITING):
            _pause(session, child, actor_id=actor_id, reason=PARENT_PAUSED)


PARENT_PAUSED = "its parent is paused"


def resume(
    session: Session,
    execution: WorkflowExecution,
    *,
    actor_id: uuid.UUID,
    input_data: dict[str, Any] | None = None,
    variables: dict[str, Any] | None = None,
    engine: EngineConfig | None = None,
) -> None:
    """Resume a paused execution; `input_data` and `variables` add to its own (missing values).

    Raises:
        IllegalTransitionError: it is not paused.
        InvalidValueError: the input or the variables are not JSON, or not what the definition declares.
        NotAuthorizedError: the person is not a member of the workspace, or is a viewer.
    """
    given = json_value("variables", variables or {})
    _authorize(session, execution, actor_id)
    _resume(session, execution, actor_id=actor_id, input_data=input_data or {}, variables=given, engine=engine)


def _resume(
    session: Session,
    execution: WorkflowExecution,
    *,
    actor_id: uuid.UUID,
    input_data: dict[str, Any],
    variables: dict[str, Any],
    engine: EngineConfig | None,
) -> None:
    unit = _unit_of_work(session, execution, actor_id=actor_id, engine=engine)
    record = unit.execution
    to = WorkflowStatus.RUNNING if record.started_at is not None else WorkflowStatus.PENDING
    if record.status is not WorkflowStatus.PAUSED:  # one that waits may run on as well, but not by this verb
        raise IllegalTransitionError(record=WORKFLOW.kind, id=record.id, from_status=record.status, to_status=to)
    if input_data:
        record.input_data = checked_input(unit.plan.definition, {**record.input_data, **input_data})
    if variables:
        record.variables = {**record.variables, **variables}
    unit.move_execution(to)
    record.pause_reason = None
    context: dict[str, Any] = {"input": sorted(input_data)} if input_data else {}
    context |= {"variables": variables} if variables else {}  # a replay needs the values
    unit.log("execution_resumed", "resumed", **context)
    unit.make_due()
    if record.error_type is not None:  # the debugger held it at the error
        failure = Failure(error_type=record.error_type, message=record.error_message or "")
        fail_execution(unit, failure, step_key=record.failed_step)
    unit.save()
    for child in _children(session, record.id):
        if child.status is WorkflowStatus.PAUSED and child.pause_reason == PARENT_PAUSED:
            _resume(session, child, actor_id=actor_id, input_data={}, variables={}, engine=engine)


def cancel(
    session: Session,
    execution: WorkflowExecution,
    *,
    actor_id: uuid.UUID,
    reason: str = "requested by a user",
    engine: EngineConfig | None = None,
) -> None:
    """End an execution and everything in it now; the result of a step in flight will be refused.

    Raises:
        IllegalTransitionError: it is compensating, or has ended.
        NotAuthorizedError: the person is not a member of the workspace, or is a viewer.
    """
    why = text("reason", reason, limit=2_000)
    _authorize(session, execution, actor_id)
    unit = _unit_of_work(session, execution, actor_id=actor_id, engine=engine)
    cancel_execution(unit, reason=why)
    unit.save()


def signal(
    session: Session,
    execution: WorkflowExecution,
    *,
    name: str,
    actor_id: uuid.UUID,
    payload: Any = None,
    engine: EngineConfig | None = None,
) -> WorkflowSignal:
    """Send a signal: the step that waits for it resumes, now or when it starts.

    Raises:
        InvalidValueError: the name is not a text, or the payload is not JSON.
        NotAuthorizedError: the person is not a member of the workspace, or is a viewer.
    """
    signal_name, content = text("name", name), json_value("payload", payload)
    _authorize(session, execution, actor_id)
    unit = _unit_of_work(session, execution, actor_id=actor_id, engine=engine)
    record = WorkflowSignal(
        workspace_id=execution.workspace_id,
        execution_id=execution.id,
        name=signal_name,
        payload=content,
        sent_by=actor_id,
        sent_at=unit.now,
    )
    session.add(record)
    unit.log("signal_received", f"signal {record.name} received", signal=record.name)
    waiting = unit.fetch(queries.select_open(execution_id=unit.execution.id, statuses=(StepStatus.WAITING,)))
    for attempt in waiting:
        if attempt.kind is StepKind.WAIT and attempt.input.get("signal") == record.name:
            record.taken_at, record.taken_by_step = unit.now, attempt.step_key
            end_wait(unit, attempt, output=signal_output(record.name, record.payload), outcome="signal")
            break
    session.flush()
    unit.save()
    return record


def _authorize(session: Session, execution: WorkflowExecution, actor_id: uuid.UUID) -> None:
    governance.authorize(
        session, workspace_id=execution.workspace_id, user_id=actor_id, permission=Permission.OPERATE
    )


def _unit_of_work(
    session: Session,
    execution: WorkflowExecution,
    *,
    actor_id: uuid.UUID,
    engine: EngineConfig | None = None,
) -> UnitOfWork:
    return UnitOfWork(session, engine=engine or EngineConfig(), execution_id=execution.id, actor_id=actor_id)


def _children(session: Session, execution_id: uuid.UUID) -> list[WorkflowExecution]:
    query = queries.select_children(execution_id=execution_id)
    return list(session.execute(query).scalars())
