"""The verbs of a debug session: attach or launch, drive, change a variable, end."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from controlplane import clock
from controlplane.debugging import queries
from controlplane.debugging.access import open_session, require_member, store_session
from controlplane.debugging.lifecycle import DEBUG, LIVE, NOT_STOPPED
from controlplane.errors import IllegalTransitionError, InvalidValueError
from controlplane.execution import service as execution_service
from controlplane.execution.definition import is_variable_name
from controlplane.execution.lifecycle import ENDED
from controlplane.lifecycle import transition
from controlplane.lookup import get_one
from controlplane.models import (
    DebugMode,
    DebugPermission,
    DebugSession,
    DebugStatus,
    DebugVariable,
    StopReason,
    WorkflowExecution,
)
from controlplane.validation import json_value, member, text

if TYPE_CHECKING:
    import uuid

    from sqlalchemy.orm import Session

    from controlplane.execution.engine.config import EngineConfig

_open_as_operator = partial(open_session, needs=DebugPermission.OPERATOR)
_open_as_owner = partial(open_session, needs=DebugPermission.OWNER)


def attach(
    session: Session,
    *,
    workspace_id: uuid.UUID,
    execution_id: uuid.UUID,
    user_id: uuid.UUID,
    name: str = "",
    stop_on_entry: bool = False,
    stop_on_error: bool = False,
) -> DebugSession:
    """Begin to watch an execution that has not ended; "entry" is the next step that it comes to.

    Raises:
        InvalidValueError: the execution has ended, or has a live session already.
        NotAuthorizedError: the person is not a member of the workspace, or is a viewer.
        NotFoundError: the workspace has no such execution.
    """
    require_member(
        session, workspace_id=workspace_id, user_id=user_id, action="debug an execution", may_change=True
    )
    query = queries.lock_execution(workspace_id=workspace_id, execution_id=execution_id)
    execution = get_one(session, query, record="workflow_execution", id=execution_id, fresh=True)
    _require_free(session, execution)
    session.execute(queries.watch_execution(execution_id=execution_id))
    session.refresh(execution)
    made = DebugSession(
        workspace_id=workspace_id,
        workflow_id=execution.workflow_id,
        execution_id=execution_id,
        name=text("name", name) if name else "",
        owner_id=user_id,
        status=DebugStatus.ACTIVE,
        stop_on_entry=stop_on_entry,
        stop_on_error=stop_on_error,
        created_at=clock.now(),
    )
    return store_session(session, made)


def launch(
    session: Session,
    *,
    workspace_id: uuid.UUID,
    workflow: str,
    user_id: uuid.UUID,
    engine: EngineConfig,
    version: int | None = None,
    input_data: dict[str, Any] | None = None,
    agent_id: uuid.UUID | None = None,
    name: str = "",
    stop_on_entry: bool = True,
    stop_on_error: bool = True,
) -> DebugSession:
    """Start an execution with a session on it, so that not even its first step runs unseen."""
    execution = execution_service.start(
        session,
        workspace_id=workspace_id,
        workflow=workflow,
        version=version,
        input_data=input_data,
        user_id=user_id,
        agent_id=agent_id,
        engine=engine,
    )
    return attach(
        session,
        workspace_id=workspace_id,
        execution_id=execution.id,
        user_id=user_id,
        name=name,
        stop_on_entry=stop_on_entry,
        stop_on_error=stop_on_error,
    )


def pause(session: Session, *, workspace_id: uuid.UUID, session_id: uuid.UUID, user_id: uuid.UUID) -> DebugSession:
    """Make an active session stop before the next step, wherever that is."""
    found = _open_as_operator(
        session, workspace_id=workspace_id, session_id=session_id, user_id=user_id, action="pause the session"
    )
    _require(found, DebugStatus.ACTIVE, "it must be active to be paused")
    found.stop_reason = StopReason.PAUSE
    session.flush()
    return found


def resume(
    session: Session,
    *,
    workspace_id: uuid.UUID,
    session_id: uuid.UUID,
    user_id: uuid.UUID,
    engine: EngineConfig,
    mode: DebugMode = DebugMode.CONTINUE,
) -> DebugSession:
    """Let a paused session run: on to the next breakpoint, over a step, into a child workflow, or out of one.

    Raises:
        IllegalTransitionError: the session has ended.
        InvalidValueError: the session is not stopped, or an unknown mode.
        NotAuthorizedError: the person may not drive the session.
    """
    wanted = member("mode", mode, DebugMode)
    found = _open_as_operator(
        session, workspace_id=workspace_id, session_id=session_id, user_id=user_id, action="drive the session"
    )
    held = _lock_held(session, found)
    if found.status is DebugStatus.ACTIVE:
        rule = "it must be paused to continue; the execution runs, or waits for a person or a worker"
        raise InvalidValueError(field="status", value=str(found.status), rule=rule)
    transition(
        session,
        DEBUG,
        found,
        to=DebugStatus.ACTIVE,
        actor_id=user_id,
        reason=str(wanted),
        mode=wanted,
        stop_reason=None,
        breakpoint_id=None,
    )
    _release(session, held, user_id=user_id, engine=engine)
    return found


def set_variable(
    session: Session,
    *,
    workspace_id: uuid.UUID,
    session_id: uuid.UUID,
    user_id: uuid.UUID,
    name: str,
    value: Any,
) -> DebugVariable:
    """Change a variable of the execution that is stopped (or set a new one); old and new value are recorded.

    Raises:
        InvalidValueError: the session is not paused, the name is invalid, or the value is not JSON.
        NotAuthorizedError: the person may not drive the session.
    """
    found = _open_as_operator(
        session, workspace_id=workspace_id, session_id=session_id, user_id=user_id, action="change a variable"
    )
    if not is_variable_name(text("name", name, limit=100)):
        raise InvalidValueError(field="name", value=name, rule="it must be letters, digits and underscores")
    json_value("value", value)
    execution = _lock_stopped(session, found)
    before = dict(execution.variables)
    session.execute(queries.change_variables(execution_id=execution.id, variables={**before, name: value}))
    session.refresh(execution)
    changed = session.execute(queries.count_changes(session_id=session_id)).scalar_one()
    record = DebugVariable(
        workspace_id=workspace_id,
        session_id=session_id,
        execution_id=execution.id,
        sequence=changed + 1,
        name=name,
        was_set=name in before,
        old_value=before.get(name),
        new_value=value,
        step_key=found.stopped_step,
        changed_by=user_id,
        changed_at=clock.now(),
    )
    session.add(record)
    session.flush()
    return record


def _lock_stopped(session: Session, debug_session: DebugSession) -> WorkflowExecution:
    """Lock the execution in which a session is stopped; resuming it takes that lock first."""
    rule = "variables can be changed only while it is paused"
    _require(debug_session, DebugStatus.PAUSED, rule)
    at = debug_session.stopped_execution_id or debug_session.id
    query = queries.lock_execution(workspace_id=debug_session.workspace_id, execution_id=at)
    execution: WorkflowExecution = session.scalars(query, execution_options={"populate_existing": True}).one()
    session.refresh(debug_session)
    _require(debug_session, DebugStatus.PAUSED, rule)
    return execution


def finish(
    session: Session,
    *,
    workspace_id: uuid.UUID,
    session_id: uuid.UUID,
    user_id: uuid.UUID,
    engine: EngineConfig,
) -> DebugSession:
    """End a session; what it holds runs on, unwatched. Only an owner may."""
    return _end(
        session,
        workspace_id,
        session_id,
        user_id,
        to=DebugStatus.COMPLETED,
        action="end the session",
        engine=engine,
    )


def cancel(
    session: Session,
    *,
    workspace_id: uuid.UUID,
    session_id: uuid.UUID,
    user_id: uuid.UUID,
    engine: EngineConfig,
) -> DebugSession:
    """Give a session up together with its execution, which is cancelled. Only an owner may."""
    found = _open_as_owner(
        session, workspace_id=workspace_id, session_id=session_id, user_id=user_id, action="cancel the session"
    )
    if found.status not in LIVE:
        raise IllegalTransitionError(
            record=DEBUG.kind, id=session_id, from_status=found.status, to_status=DebugStatus.CANCELLED
        )
    execution = session.get_one(WorkflowExecution, found.execution_id)
    if execution.status not in ENDED:
        execution_service.cancel(
            session, execution, actor_id=user_id, reason="debugging was cancelled", engine=engine
        )
    if found.status in LIVE:  # the engine of the caller has no debugger that would end it
        transition(
            session, DEBUG, found, to=DebugStatus.CANCELLED, actor_id=user_id, ended_at=clock.now(), **NOT_STOPPED
        )
    return found


def _end(
    session: Session,
    workspace_id: uuid.UUID,
    session_id: uuid.UUID,
    user_id: uuid.UUID,
    *,
    to: DebugStatus,
    action: str,
    engine: EngineConfig,
) -> DebugSession:
    found = _open_as_owner(
        session, workspace_id=workspace_id, session_id=session_id, user_id=user_id, action=action
    )
    held = _lock_held(session, found)
    transition(session, DEBUG, found, to=to, actor_id=user_id, ended_at=clock.now(), **NOT_STOPPED)
    _release(session, held, user_id=user_id, engine=engine)
    return found


def _require(debug_session: DebugSession, status: DebugStatus, rule: str) -> None:
    if debug_session.status is not status:
        raise InvalidValueError(field="status", value=str(debug_session.status), rule=rule)


def _require_free(session: Session, execution: WorkflowExecution) -> None:
    if execution.status in ENDED:
        raise InvalidValueError(field="execution", value=str(execution.status), rule="it has ended")
    query = select(DebugSession.id).where(DebugSession.execution_id == execution.id, DebugSession.status.in_(LIVE))
    if session.execute(query).first() is not None:
        raise InvalidValueError(field="execution", value=str(execution.id), rule="it is being debugged already")


def _lock_held(session: Session, debug_session: DebugSession) -> list[uuid.UUID]:
    """Lock what the debugger holds, executions first: the engine, too, locks an execution before the session."""
    if debug_session.execution_id is None:
        return []
    tree: list[uuid.UUID] = [debug_session.execution_id]
    level = tuple(tree)
    while level:
        query = queries.select_children(workspace_id=debug_session.workspace_id, execution_ids=level)
        level = tuple(session.scalars(query).all())
        tree.extend(level)
    query = queries.lock_held(workspace_id=debug_session.workspace_id, execution_ids=tuple(tree))
    return list(session.scalars(query).all())


def _release(session: Session, held: list[uuid.UUID], *, user_id: uuid.UUID, engine: EngineConfig) -> None:
    for execution_id in held:
        execution = session.get_one(WorkflowExecution, execution_id, populate_existing=True)
        execution_service.resume(session, execution, actor_id=user_id, engine=engine)
