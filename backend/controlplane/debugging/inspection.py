"""Looking: the call stack, the variables, what each step did and how long it took. Viewers may."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from controlplane.debugging import queries
from controlplane.debugging.access import open_session
from controlplane.debugging.lifecycle import attempt_key
from controlplane.debugging.observer import step_result
from controlplane.errors import InvalidValueError
from controlplane.execution.expressions.language import compile_expression
from controlplane.models import DebugPermission, DebugStatus, StepRole
from controlplane.validation import text

if TYPE_CHECKING:
    import uuid
    from collections.abc import Sequence

    from sqlalchemy.orm import Session

    from controlplane.models import DebugSession, DebugVariable, ExecutionTrace


@dataclass(frozen=True, kw_only=True)
class Frame:
    """One execution on the call stack; `step_key` is where it stands: stopped, or waiting for the frame inside."""

    execution_id: uuid.UUID
    workflow: str
    version: int
    depth: int
    status: str
    step_key: str | None


def call_stack(
    session: Session, *, workspace_id: uuid.UUID, session_id: uuid.UUID, user_id: uuid.UUID
) -> list[Frame]:
    """Return the frames from where a session is stopped out to the execution that it watches."""
    found = _authorized(session, workspace_id, session_id, user_id)
    at, step_key = found.stopped_execution_id or found.execution_id, found.stopped_step
    frames: list[Frame] = []
    while at is not None:
        row = session.execute(queries.select_frame(workspace_id=workspace_id, execution_id=at)).one()
        frames.append(
            Frame(
                execution_id=row.id,
                workflow=row.workflow,
                version=row.version,
                depth=row.depth,
                status=str(row.status),
                step_key=step_key,
            )
        )
        at, step_key = (None, None) if at == found.execution_id else (row.parent_execution_id, row.called_by)
    return frames


def variables(
    session: Session, *, workspace_id: uuid.UUID, session_id: uuid.UUID, user_id: uuid.UUID
) -> dict[str, Any]:
    """Return what a step could refer to where the session is stopped: input, vars, and every ended step."""
    found = _authorized(session, workspace_id, session_id, user_id)
    at = found.stopped_execution_id or found.execution_id
    if at is None:
        return {"input": {}, "vars": {}, "steps": {}}
    row = session.execute(queries.select_frame(workspace_id=workspace_id, execution_id=at)).one()
    results = session.execute(queries.select_results(workspace_id=workspace_id, execution_id=at))
    return {
        "input": row.input_data,
        "vars": row.variables,
        "steps": {result.step_key: step_result(result) for result in results},
    }


def evaluate(
    session: Session, *, workspace_id: uuid.UUID, session_id: uuid.UUID, user_id: uuid.UUID, expression: str
) -> Any:
    """Return the value of an expression where a session is stopped, as the step at which it stands reads it.

    Raises:
        ExpressionError: it is broken, reads what is not there, or its values don't fit.
        InvalidValueError: the session is not paused.
        NotAuthorizedError: the session is not shared with the user.
    """
    found = _authorized(session, workspace_id, session_id, user_id)
    compiled = compile_expression(text("expression", expression, limit=2_000))
    at = found.stopped_execution_id
    if found.status is not DebugStatus.PAUSED or at is None:
        rule = "expressions are evaluated where a session is stopped"
        raise InvalidValueError(field="status", value=str(found.status), rule=rule)
    seen = variables(session, workspace_id=workspace_id, session_id=session_id, user_id=user_id)
    frame = session.execute(queries.select_frame(workspace_id=workspace_id, execution_id=at)).one()
    facts = {
        "id": str(at),
        "workflow": frame.workflow,
        "version": frame.version,
        "user_id": frame.user_id and str(frame.user_id),
        "agent_id": frame.agent_id and str(frame.agent_id),
    }
    return compiled.evaluate({**seen, "execution": facts, **_own_scope(session, found, at)})


def _own_scope(session: Session, found: DebugSession, execution_id: uuid.UUID) -> dict[str, Any]:
    """Return what only the attempt has in scope at which a session is stopped."""
    for role in (StepRole.ITEM, StepRole.STEP):
        place: dict[str, Any] = {
            "step_key": found.stopped_step,
            "item": found.stopped_item,
            "attempt": found.stopped_attempt,
        }
        if found.allowed_key == attempt_key(execution_id, role=role, **place):
            query = queries.select_scope(execution_id=execution_id, role=role, **place)
            return dict(session.scalars(query).first() or {})
    return {}


def traces(
    session: Session,
    *,
    workspace_id: uuid.UUID,
    session_id: uuid.UUID,
    user_id: uuid.UUID,
    step_key: str | None = None,
) -> Sequence[ExecutionTrace]:
    """Return what each attempt took, gave and changed, in the order in which they ended."""
    _authorized(session, workspace_id, session_id, user_id)
    query = queries.select_traces(workspace_id=workspace_id, session_id=session_id, step_key=step_key)
    return session.scalars(query, execution_options={"populate_existing": True}).all()


def changes(
    session: Session, *, workspace_id: uuid.UUID, session_id: uuid.UUID, user_id: uuid.UUID
) -> Sequence[DebugVariable]:
    """Return the variables that people changed, with old and new value, oldest first."""
    _authorized(session, workspace_id, session_id, user_id)
    return session.scalars(queries.select_changes(workspace_id=workspace_id, session_id=session_id)).all()


def profile(
    session: Session,
    *,
    workspace_id: uuid.UUID,
    session_id: uuid.UUID,
    user_id: uuid.UUID,
    slowest: int | None = None,
) -> Sequence[Any]:
    """Return per step: attempts, total, average, least and greatest seconds; the slowest step first."""
    _authorized(session, workspace_id, session_id, user_id)
    query = queries.select_profile(workspace_id=workspace_id, session_id=session_id, slowest=slowest)
    return session.execute(query).all()


def _authorized(
    session: Session, workspace_id: uuid.UUID, session_id: uuid.UUID, user_id: uuid.UUID
) -> DebugSession:
    return open_session(
        session,
        workspace_id=workspace_id,
        session_id=session_id,
        user_id=user_id,
        needs=DebugPermission.VIEWER,
        action="look into the session",
    )
