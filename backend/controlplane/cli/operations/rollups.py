"""`controlplane rollup`: daily totals of runs."""

from __future__ import annotations

import typer
from sqlalchemy.orm import Session

from controlplane.analytics import rollup
from controlplane.cli.context import get_settings
from controlplane.cli.options import AS_JSON, MOST_ROWS
from controlplane.cli.output import report

app = typer.Typer(no_args_is_help=True, help="Keep daily totals of runs, for reports over long windows.")


@app.command()
def refresh(
    context: typer.Context,
    limit: int | None = typer.Option(None, min=1, max=MOST_ROWS, help="The most days, the oldest first."),
    as_json: bool = AS_JSON,
) -> None:
    """Compute the totals of changed days; the first time of every day, and record changes from then on."""
    settings = get_settings(context)
    with settings.session() as session:
        workspace_id = settings.workspace_id(session)
    with Session(settings.database) as session:  # a transaction for each day
        days = rollup.refresh(session, workspace_id=workspace_id, limit=limit)
    report(f"{days} days added up", as_json=as_json, data={"days": days})


@app.command()
def disable(context: typer.Context, as_json: bool = AS_JSON) -> None:
    """Delete the totals of all workspaces, and stop recording changes."""
    settings = get_settings(context)
    with settings.session() as session:
        settings.workspace_id(session)  # only who belongs to one
        rollup.disable(session)
    report("no sums are kept", as_json=as_json, data={"kept": False})


@app.command()
def verify(context: typer.Context, as_json: bool = AS_JSON) -> None:
    """Compare the totals with the runs, and correct wrong ones."""
    settings = get_settings(context)
    with settings.opened() as opened:
        workspace_id = opened.workspace_id
    with Session(settings.database) as session:  # a transaction for each day
        found = rollup.verify(session, workspace_id=workspace_id)
    text = f"{found.days} days compared, {found.wrong} mended"
    report(text, as_json=as_json, data={"days": found.days, "wrong": found.wrong})
