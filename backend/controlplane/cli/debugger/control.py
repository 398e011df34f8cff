"""More commands of the debugger: listing breakpoints, pausing and ending sessions."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import typer
from sqlalchemy import select

from controlplane import debugging
from controlplane.cli.context import get_settings
from controlplane.cli.debugger.session import SESSION, debug_session
from controlplane.cli.options import AS_JSON
from controlplane.cli.output import report_quietly, short, show_json, show_table
from controlplane.cli.records import as_data
from controlplane.cli.references import find, find_user
from controlplane.collation import code_points
from controlplane.debugging.queries import select_breakpoints, select_grants
from controlplane.models import Breakpoint, DebugSession, User, Workflow

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from sqlalchemy.orm import Session

    from controlplane.cli.context import Opened

BREAKPOINT = typer.Argument(help="The id of a breakpoint, or its unambiguous beginning.")


def register_commands(app: typer.Typer) -> None:
    """Add the commands."""
    for command in (breakpoints, enable, disable, pause, end, cancel, shares, unshare):
        app.command()(command)


def breakpoints(context: typer.Context, as_json: bool = AS_JSON) -> None:
    """List the breakpoints of all workflows, with their hits."""
    with get_settings(context).opened() as opened:
        if as_json:
            show_json([{"workflow": name, **as_data(point)} for name, point in _points(opened)])
            return
        rows = []
        for name, point in _points(opened):
            state = "yes" if point.enabled else "no"
            cells = (point.condition, point.hit_count, point.hit_limit, state, point.log_message)
            only = "all" if point.session_id is None else short(point.session_id)
            rows.append((short(point.id), name, point.step_key, *cells, only))
    show_table(("breakpoint", "workflow", "step", "if", "hits", "limit", "enabled", "log", "session"), rows)


def enable(context: typer.Context, breakpoint_id: str = BREAKPOINT, as_json: bool = AS_JSON) -> None:
    """Enable a breakpoint; its hits are counted from zero."""
    _change(context, breakpoint_id, as_json=as_json, enabled=True, hit_count=0)


def disable(context: typer.Context, breakpoint_id: str = BREAKPOINT, as_json: bool = AS_JSON) -> None:
    """Disable a breakpoint without removing it."""
    _change(context, breakpoint_id, as_json=as_json, enabled=False)


def pause(context: typer.Context, session_id: str = SESSION, as_json: bool = AS_JSON) -> None:
    """Pause a running session before its next step."""
    with debug_session(context, session_id) as (session, ids):
        debugging.pause(session, **ids)
        _report(session, ids, as_json=as_json)


def end(context: typer.Context, session_id: str = SESSION, as_json: bool = AS_JSON) -> None:
    """End a session; its execution continues without the debugger, driven by a worker."""
    _end(context, session_id, debugging.finish, as_json=as_json)


def cancel(context: typer.Context, session_id: str = SESSION, as_json: bool = AS_JSON) -> None:
    """End a session together with its execution."""
    _end(context, session_id, debugging.cancel, as_json=as_json)


def shares(context: typer.Context, session_id: str = SESSION, as_json: bool = AS_JSON) -> None:
    """List the users that a session is shared with."""
    with debug_session(context, session_id) as (session, ids):
        query = select_grants(workspace_id=ids["workspace_id"], session_id=ids["session_id"])
        rows = [(session.get_one(User, one.user_id).email, one.permission) for one in session.scalars(query)]
    if as_json:
        show_json([{"email": email, "permission": permission} for email, permission in rows])
    else:
        show_table(("user", "permission"), rows)


def unshare(
    context: typer.Context,
    session_id: str = SESSION,
    email: str = typer.Argument(help="User to remove."),
    as_json: bool = AS_JSON,
) -> None:
    """Stop sharing a session with a user."""
    with debug_session(context, session_id) as (session, ids):
        debugging.unshare(session, with_user_id=find_user(session, email=email).id, **ids)
    report_quietly(as_json=as_json, data={"email": email, "permission": None})


def _end(context: typer.Context, session_id: str, verb: Callable[..., Any], *, as_json: bool) -> None:
    with debug_session(context, session_id) as (session, ids):
        verb(session, engine=get_settings(context).engine, **ids)
        _report(session, ids, as_json=as_json)


def _report(session: Session, ids: dict[str, Any], *, as_json: bool) -> None:
    found = session.get_one(DebugSession, ids["session_id"], populate_existing=True)
    report_quietly(as_json=as_json, data=as_data(found))


def _change(context: typer.Context, text: str, *, as_json: bool, **changes: Any) -> None:
    with get_settings(context).opened() as opened:
        found = find(opened.session, Breakpoint, workspace_id=opened.workspace_id, text=text)
        debugging.change_breakpoint(
            opened.session,
            workspace_id=opened.workspace_id,
            user_id=opened.user_id,
            breakpoint_id=found.id,
            **changes,
        )
        opened.session.refresh(found)
        report_quietly(as_json=as_json, data=as_data(found))


def _points(opened: Opened) -> Iterator[tuple[str, Any]]:
    """Yield the breakpoints of each workflow, by its name."""
    query = (
        select(Workflow)
        .where(Workflow.workspace_id == opened.workspace_id)
        .order_by(code_points(Workflow.name), Workflow.id)
    )
    for workflow in opened.session.scalars(query).all():
        points = select_breakpoints(workspace_id=opened.workspace_id, workflow_id=workflow.id)
        for point in opened.session.scalars(points):
            yield workflow.name, point
