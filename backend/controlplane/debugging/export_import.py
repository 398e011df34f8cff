"""Taking a session out as JSON, and in again: breakpoints, changed variables, traces."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import insert, select

from controlplane import clock
from controlplane.clock import as_utc
from controlplane.debugging import queries
from controlplane.debugging.access import open_session, require_member, store_session
from controlplane.debugging.breakpoints import add_breakpoint
from controlplane.debugging.lifecycle import diff_variables
from controlplane.errors import InvalidValueError
from controlplane.lookup import get_one
from controlplane.models import (
    DebugPermission,
    DebugSession,
    DebugStatus,
    DebugVariable,
    ExecutionTrace,
    StepStatus,
    Workflow,
)
from controlplane.validation import json_value, member, number, text

if TYPE_CHECKING:
    import uuid
    from collections.abc import Mapping

    from sqlalchemy.orm import Session

FORMAT = 1
MAX_ROWS = 100_000

_POINT = ("step_key", "condition", "hit_limit", "hit_count", "enabled", "log_message")
_CHANGE = ("name", "was_set", "old_value", "new_value", "step_key", "changed_at")
_TRACE = (
    *("workflow", "step_key", "item", "attempt", "status", "input", "output", "error_type", "error_message"),
    *("variables_before", "variables_after", "started_at", "completed_at", "duration_seconds"),
)


def export_session(
    session: Session, *, workspace_id: uuid.UUID, session_id: uuid.UUID, user_id: uuid.UUID
) -> dict[str, Any]:
    """Return a session as JSON; lists are in their order, ids and people stay behind. Viewers may."""
    found = open_session(
        session,
        workspace_id=workspace_id,
        session_id=session_id,
        user_id=user_id,
        needs=DebugPermission.VIEWER,
        action="export the session",
    )
    ids: dict[str, Any] = {"workspace_id": workspace_id, "session_id": session_id}
    workflow = session.get_one(Workflow, found.workflow_id)
    points = queries.select_breakpoints(
        workspace_id=workspace_id, workflow_id=found.workflow_id, session_id=session_id
    )
    return {
        "format": FORMAT,
        "workflow": workflow.name,
        "name": found.name,
        "stop_on_entry": found.stop_on_entry,
        "stop_on_error": found.stop_on_error,
        "breakpoints": [
            _plain(row, _POINT) | {"of_session": row.session_id is not None} for row in session.scalars(points)
        ],
        "variables": [_plain(row, _CHANGE) for row in session.scalars(queries.select_changes(**ids))],
        "traces": [_plain(row, _TRACE) for row in session.scalars(queries.select_traces(**ids))],
    }


def import_session(
    session: Session, *, workspace_id: uuid.UUID, user_id: uuid.UUID, data: Mapping[str, Any]
) -> DebugSession:
    """Store an exported session as one that has ended, on the workflow of its name, owned by who brings it.

    Breakpoints that the workflow has already are not set twice; those of the session alone stop no other.
    Differences are recomputed from the traces.

    Raises:
        InvalidValueError: the data are not an exported session; nothing of it is stored.
        NotAuthorizedError: the person is not a member of the workspace, or is a viewer.
        NotFoundError: the workspace has no workflow of that name.
    """
    require_member(session, workspace_id=workspace_id, user_id=user_id, action="import a session", may_change=True)
    if not isinstance(json_value("data", data), dict) or data.get("format") != FORMAT:
        raise InvalidValueError(field="format", value=_of(data, "format"), rule=f"it must be {FORMAT}")
    query = select(Workflow).where(
        Workflow.workspace_id == workspace_id, Workflow.name == text("workflow", data.get("workflow"))
    )
    workflow = get_one(session, query, record="workflow", id=data.get("workflow"))
    changes = [_change(row, place) for place, row in _rows(data, "variables")]
    traces = [_trace(row, place) for place, row in _rows(data, "traces")]
    with session.begin_nested():
        made = _store(session, workflow, user_id, data, changes=changes, traces=traces)
        _import_points(session, workflow, made, data)
    return made


def _store(
    session: Session,
    workflow: Workflow,
    user_id: uuid.UUID,
    data: Mapping[str, Any],
    *,
    changes: list[dict[str, Any]],
    traces: list[dict[str, Any]],
) -> DebugSession:
    now = clock.now()
    made = DebugSession(
        workspace_id=workflow.workspace_id,
        workflow_id=workflow.id,
        execution_id=None,
        name=text("name", data["name"]) if data.get("name") else "",
        owner_id=user_id,
        status=DebugStatus.COMPLETED,
        stop_on_entry=data.get("stop_on_entry") is True,
        stop_on_error=data.get("stop_on_error") is True,
        trace_count=len(traces),
        created_at=now,
        ended_at=now,
    )
    store_session(session, made, reason="imported")
    common = {"workspace_id": workflow.workspace_id, "session_id": made.id}
    if changes:
        rows = [common | row | {"changed_by": user_id} for row in changes]
        session.execute(insert(DebugVariable), rows)
    if traces:
        session.execute(insert(ExecutionTrace), [common | row for row in traces])
    return made


def _import_points(session: Session, workflow: Workflow, made: DebugSession, data: Mapping[str, Any]) -> None:
    query = queries.select_breakpoints(workspace_id=workflow.workspace_id, workflow_id=workflow.id)
    there = [_identity(_plain(row, _POINT)) for row in session.scalars(query) if row.session_id is None]
    for place, row in _rows(data, "breakpoints"):
        hits = int(number(f"{place}.hit_count", row.get("hit_count", 0), low=0, high=1e9))
        is_own = row.get("of_session") is True
        if not is_own and _identity(row) in there:
            continue
        point = add_breakpoint(
            session,
            workspace_id=workflow.workspace_id,
            workflow_id=workflow.id,
            user_id=made.owner_id,
            session_id=made.id if is_own else None,
            step_key=text(f"{place}.step_key", row.get("step_key")),
            condition=row.get("condition"),
            hit_limit=row.get("hit_limit"),
            log_message=row.get("log_message"),
            enabled=row.get("enabled") is not False,
        )
        point.hit_count = hits
        session.flush()


def _identity(row: Mapping[str, Any]) -> tuple[Any, ...]:
    return tuple(row.get(name) for name in ("step_key", "condition", "hit_limit", "log_message"))


def _rows(data: Mapping[str, Any], name: str) -> list[tuple[str, Mapping[str, Any]]]:
    rows = data.get(name, [])
    if not isinstance(rows, list) or len(rows) > MAX_ROWS or not all(isinstance(row, dict) for row in rows):
        raise InvalidValueError(
            field=name, value=type(rows).__name__, rule=f"it must be a list of up to {MAX_ROWS} objects"
        )
    return [(f"{name}[{index}]", row) for index, row in enumerate(rows)]


def _change(row: Mapping[str, Any], place: str) -> dict[str, Any]:
    return {
        "sequence": _number_of(place),
        "name": text(f"{place}.name", row.get("name")),
        "was_set": row.get("was_set") is True,
        "old_value": row.get("old_value"),
        "new_value": row.get("new_value"),
        "step_key": _text(row, place, "step_key"),
        "changed_at": _instant(row, place, "changed_at") or clock.now(),
    }


def _trace(row: Mapping[str, Any], place: str) -> dict[str, Any]:
    before, after = _mapping(row, place, "variables_before"), _mapping(row, place, "variables_after")
    duration = row.get("duration_seconds")
    return {
        "sequence": _number_of(place),
        "workflow": _text(row, place, "workflow"),
        "step_key": text(f"{place}.step_key", row.get("step_key")),
        "item": int(number(f"{place}.item", row.get("item", 0), low=0, high=1e9)),
        "attempt": int(number(f"{place}.attempt", row.get("attempt", 1), low=1, high=1e9)),
        "status": member(f"{place}.status", row.get("status"), StepStatus),
        "input": row.get("input"),
        "output": row.get("output"),
        "error_type": _text(row, place, "error_type"),
        "error_message": _text(row, place, "error_message", limit=100_000),
        "variables_before": before,
        "variables_after": after,
        "diff": diff_variables(before, after),
        "started_at": _instant(row, place, "started_at"),
        "completed_at": _instant(row, place, "completed_at"),
        "duration_seconds": duration
        if duration is None
        else number(f"{place}.duration_seconds", duration, low=0, high=1e12),
    }


def _number_of(place: str) -> int:
    return int(place.partition("[")[2].rstrip("]")) + 1


def _text(row: Mapping[str, Any], place: str, name: str, *, limit: int = 200) -> str | None:
    return None if row.get(name) is None else text(f"{place}.{name}", row[name], limit=limit)


def _mapping(row: Mapping[str, Any], place: str, name: str) -> dict[str, Any]:
    value = row.get(name, {})
    if not isinstance(value, dict):
        raise InvalidValueError(field=f"{place}.{name}", value=value, rule="it must be an object")
    return value


def _instant(row: Mapping[str, Any], place: str, name: str) -> datetime | None:
    value = row.get(name)
    if value is None:
        return None
    try:
        return as_utc(datetime.fromisoformat(value))
    except (ValueError, TypeError):
        raise InvalidValueError(field=f"{place}.{name}", value=value, rule="it must be an instant") from None


def _plain(row: Any, names: tuple[str, ...]) -> dict[str, Any]:
    found = {name: getattr(row, name) for name in names}
    return {name: value.isoformat() if isinstance(value, datetime) else value for name, value in found.items()}


def _of(data: Any, name: str) -> Any:
    return data.get(name) if isinstance(data, dict) else type(data).__name__
