"""More commands of the debugger: the breakpoints that there are, and how a session pauses and ends."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Any

import typer
from rich.table import Table
from sqlalchemy import select

from controlplane import debugging
from controlplane.cli.context import OUT, given
from controlplane.cli.debugger import SESSION, opened
from controlplane.collation import code_points
from controlplane.debugging.queries import select_breakpoints
from controlplane.errors import InvalidValueError, NotFoundError
from controlplane.models import User, Workflow

if TYPE_CHECKING:
    from collections.abc import Callable

BREAKPOINT = typer.Argument(help="The id of a breakpoint, or its unambiguous beginning.")


def add_to(app: typer.Typer) -> None:
    """Add the commands."""
    for command in (breakpoints, enable, disable, pause, end, cancel, unshare):
        app.command()(command)


def breakpoints(context: typer.Context) -> None:
    """List the breakpoints of all workflows, with their hits."""
    table = Table("breakpoint", "workflow", "step", "if", "hits", "limit", "enabled", "log", box=None)
    for name, point in _points(context):
        limit = "" if point.hit_limit is None else str(point.hit_limit)
        state = "yes" if point.enabled else "no"
        cells = (point.condition or "", str(point.hit_count), limit, state, point.log_message or "")
        table.add_row(str(point.id)[:8], name, point.step_key, *cells)
    OUT.print(table)


def enable(context: typer.Context, breakpoint_id: str = BREAKPOINT) -> None:
    """Let a breakpoint stop again; its hits are counted anew."""
    _change(context, breakpoint_id, enabled=True, hit_count=0)


def disable(context: typer.Context, breakpoint_id: str = BREAKPOINT) -> None:
    """Let executions pass a breakpoint, and keep it."""
    _change(context, breakpoint_id, enabled=False)


def pause(context: typer.Context, session_id: str = SESSION) -> None:
    """Stop a running session before its next step."""
    with opened(context, session_id) as (session, ids):
        debugging.pause(session, **ids)


def end(context: typer.Context, session_id: str = SESSION) -> None:
    """End a session; its execution runs on unwatched, driven by a worker."""
    _end(context, session_id, debugging.finish)


def cancel(context: typer.Context, session_id: str = SESSION) -> None:
    """End a session together with its execution."""
    _end(context, session_id, debugging.cancel)


def unshare(
    context: typer.Context, session_id: str = SESSION, email: str = typer.Argument(help="From whom.")
) -> None:
    """Take a share in a session away."""
    with opened(context, session_id) as (session, ids):
        other = session.scalars(select(User.id).where(User.email == email)).first()
        if other is None:
            raise NotFoundError(record="user", id=email)
        debugging.unshare(session, with_user_id=other, **ids)


def _end(context: typer.Context, session_id: str, verb: Callable[..., Any]) -> None:
    with opened(context, session_id) as (session, ids):
        verb(session, engine=given(context).engine, **ids)


def _change(context: typer.Context, text: str, **changes: Any) -> None:
    settings = given(context)
    breakpoint_id = _breakpoint_id(context, text)
    with settings.session() as session:
        debugging.change_breakpoint(
            session,
            workspace_id=settings.workspace_id(session),
            user_id=settings.user_id(session),
            breakpoint_id=breakpoint_id,
            **changes,
        )


def _breakpoint_id(context: typer.Context, text: str) -> uuid.UUID:
    found: list[uuid.UUID] = [point.id for _, point in _points(context) if str(point.id).startswith(text.lower())]
    if len(found) > 1 or not text:
        raise InvalidValueError(field="breakpoint", value=text, rule="more than one begins like this")
    if not found:
        raise NotFoundError(record="breakpoint", id=text)
    return found[0]


def _points(context: typer.Context) -> list[tuple[str, Any]]:
    settings = given(context)
    found: list[tuple[str, Any]] = []
    with settings.session() as session:
        workspace_id = settings.workspace_id(session)
        query = (
            select(Workflow)
            .where(Workflow.workspace_id == workspace_id)
            .order_by(code_points(Workflow.name), Workflow.id)
        )
        for workflow in session.scalars(query).all():
            points = select_breakpoints(workspace_id=workspace_id, workflow_id=workflow.id)
            found += [(workflow.name, point) for point in session.scalars(points)]
        session.expunge_all()
    return found
