"""Looking: the call stack, the variables, what each step did and how long it took. Viewers may."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from controlplane.debugging import queries
from controlplane.debugging.access import open_session
from controlplane.debugging.observer import step_result
from controlplane.models import DebugPermission

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
    found = _look(session, workspace_id, session_id, user_id)
    at, step_key = found.stopped_execution_id or found.execution_id, found.stopped_step
    frames: list[Frame] = []
    while at is not None:
        row = session.execute(queries.select_frame(workspace_id=workspace_id, execution_id=at)).first()
        if row is None:
            break
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
    found = _look(session, workspace_id, session_id, user_id)
    at = found.stopped_execution_id or found.execution_id
    if at is None:
        return {"input": {}, "vars": {}, "steps": {}}
    row = session.execute(queries.select_frame(workspace_id=workspace_id, execution_id=at)).first()
    results = session.execute(queries.select_results(workspace_id=workspace_id, execution_id=at))
    return {
        "input": row.input_data if row else {},
        "vars": row.variables if row else {},
        "steps": {result.step_key: step_result(result) for result in results},
    }


def traces(
    session: Session,
    *,
    workspace_id: uuid.UUID,
    session_id: uuid.UUID,
    user_id: uuid.UUID,
    step_key: str | None = None,
) -> Sequence[ExecutionTrace]:
    """Return what each attempt took, gave and changed, in the order in which they ended."""
    _look(session, workspace_id, session_id, user_id)
    query = queries.select_traces(workspace_id=workspace_id, session_id=session_id, step_key=step_key)
    return session.scalars(query, execution_options={"populate_existing": True}).all()


def changes(
    session: Session, *, workspace_id: uuid.UUID, session_id: uuid.UUID, user_id: uuid.UUID
) -> Sequence[DebugVariable]:
    """Return the variables that people changed, with old and new value, oldest first."""
    _look(session, workspace_id, session_id, user_id)
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
    _look(session, workspace_id, session_id, user_id)
    query = queries.select_profile(workspace_id=workspace_id, session_id=session_id, slowest=slowest)
    return session.execute(query).all()


def _look(session: Session, workspace_id: uuid.UUID, session_id: uuid.UUID, user_id: uuid.UUID) -> DebugSession:
    return open_session(
        session,
        workspace_id=workspace_id,
        session_id=session_id,
        user_id=user_id,
        needs=DebugPermission.VIEWER,
        action="look into the session",
    )
