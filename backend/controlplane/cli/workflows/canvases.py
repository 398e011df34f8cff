"""`controlplane canvas`: charts, forms and documents that workflows and agents present."""

from __future__ import annotations

import typer

from controlplane.canvas.queries import select_audit_trail, select_canvases
from controlplane.cli.context import Opened, get_settings
from controlplane.cli.names import name_columns
from controlplane.cli.options import AS_JSON, MOST_ROWS
from controlplane.cli.output import short
from controlplane.cli.records import show_record, show_records
from controlplane.cli.references import find
from controlplane.models import Canvas, CanvasAction, CanvasStatus

app = typer.Typer(no_args_is_help=True, help="List canvases, show their content and their trail.")
CANVAS = typer.Argument(help="The id of a canvas, or its unambiguous beginning.")
COLUMNS = {
    "canvas": lambda one: short(one.id),
    "type": lambda one: one.type,
    "component": lambda one: one.component,
    "status": lambda one: one.status,
    "revision": lambda one: one.revision,
    "updated": lambda one: one.updated_at,
}


@app.command("list")
def list_canvases(
    context: typer.Context,
    status: CanvasStatus | None = typer.Option(None, help="Only open or only closed ones."),
    kind: str | None = typer.Option(None, "--type", help="Only canvases of this type."),
    limit: int = typer.Option(50, min=1, max=MOST_ROWS, help="The most rows to list."),
    as_json: bool = AS_JSON,
) -> None:
    """List the canvases, the newest first."""
    with get_settings(context).opened() as opened:
        query = select_canvases(workspace_id=opened.workspace_id, status=status, type=kind, limit=limit)
        show_records(opened.session.scalars(query).all(), columns=COLUMNS, as_json=as_json)


@app.command("show")
def show_canvas(context: typer.Context, canvas: str = CANVAS, as_json: bool = AS_JSON) -> None:
    """Show a canvas with its current content."""
    with get_settings(context).opened() as opened:
        show_record(_find(opened, canvas), as_json=as_json)


@app.command()
def trail(
    context: typer.Context,
    canvas: str = CANVAS,
    action: CanvasAction | None = typer.Option(None, help="Only actions of this kind."),
    as_json: bool = AS_JSON,
) -> None:
    """Show what was done to a canvas, in order."""
    with get_settings(context).opened() as opened:
        query = select_audit_trail(
            workspace_id=opened.workspace_id, canvas_id=_find(opened, canvas).id, action=action
        )
        rows = opened.session.scalars(query).all()
        columns = {
            "action": lambda one: one.action,
            "content": lambda one: one.content,
            **name_columns(opened.session, rows, user="user_id", agent="agent_id"),
            "step": lambda one: one.step_key,
            "at": lambda one: one.at,
        }
        show_records(rows, columns=columns, as_json=as_json)


def _find(opened: Opened, text: str) -> Canvas:
    return find(opened.session, Canvas, workspace_id=opened.workspace_id, text=text)
