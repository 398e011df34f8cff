"""`controlplane status`: the newest executions, or the steps of one.

The list is read without mapped classes, the workflow engine and the analytics: importing them takes longer.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import typer
from sqlalchemy import Select, select

from controlplane.cli.context import get_settings
from controlplane.cli.core_tables import EXECUTION, WORKFLOW
from controlplane.cli.options import AS_JSON, MOST_ROWS
from controlplane.cli.output import show_json, show_table

if TYPE_CHECKING:
    import uuid

    from controlplane.cli.context import Settings

app = typer.Typer()
SUMMARY = (
    *("id", "status", "outputs", "error_type", "error_message", "failed_step", "pause_reason"),
    *("created_at", "started_at", "completed_at"),
)
"""The facts of an execution for programs."""


@app.command()
def status(
    context: typer.Context,
    execution: str | None = typer.Argument(None, help="An execution; without one, the newest are listed."),
    as_json: bool = AS_JSON,
    limit: int = typer.Option(20, min=1, max=MOST_ROWS, help="The most rows to list."),
    critical_path: bool = typer.Option(False, help="Of one execution: the chain of steps that held up its end."),
) -> None:
    """List the newest executions, or show the steps of one."""
    settings = get_settings(context)
    if execution is None and not critical_path:
        _list(settings, limit=limit, as_json=as_json)
        return
    from controlplane.cli.workflows.executions import LAST, show_critical_path, show_execution  # noqa: PLC0415  large

    show = show_critical_path if critical_path else show_execution
    show(settings, LAST if execution is None else execution, as_json=as_json)


def select_newest(*, workspace_id: uuid.UUID, limit: int) -> Select[Any]:
    """Select the newest executions of a workspace, each with the name of its workflow."""
    return (
        select(EXECUTION, WORKFLOW.c.name.label("workflow"))
        .join(WORKFLOW, WORKFLOW.c.id == EXECUTION.c.workflow_id)
        .where(EXECUTION.c.workspace_id == workspace_id)
        .order_by(EXECUTION.c.created_at.desc(), EXECUTION.c.id)
        .limit(limit)
    )


def _list(settings: Settings, *, limit: int, as_json: bool) -> None:
    with settings.reading() as (connection, workspace_id):
        found = connection.execute(select_newest(workspace_id=workspace_id, limit=limit)).mappings().all()
    if as_json:
        show_json([{fact: one[fact] for fact in SUMMARY} for one in found])
        return
    headings = ("execution", "workflow", "status", "started", "seconds")
    rows = [
        (
            str(one["id"])[:8],
            one["workflow"],
            one["status"],
            one["started_at"],
            seconds(one["duration_seconds"], digits=1),
        )
        for one in found
    ]
    show_table(headings, rows)


def seconds(value: float | None, *, digits: int) -> str:
    """Return a duration with this many digits after the point; blank where it is unknown."""
    return "" if value is None else f"{value:.{digits}f}"
