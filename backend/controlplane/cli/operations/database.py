"""`controlplane init`, `upgrade`, `downgrade`: the schema of the database."""

from __future__ import annotations

import typer

from controlplane import setup
from controlplane.cli.context import connecting, get_settings
from controlplane.cli.options import AS_JSON
from controlplane.cli.output import report, show

app = typer.Typer()


@app.command()
def init(context: typer.Context, as_json: bool = AS_JSON) -> None:
    """Create the tables, the workspace and its operator; on an existing database, bring them up to date."""
    settings = get_settings(context)
    with connecting(settings.database):
        change = setup.initialise(settings.database, workspace=settings.workspace, user=settings.user)
    data = {"workspace": settings.workspace, "operator": settings.user}
    text = f"ready: workspace {settings.workspace}, operator {settings.user}"
    _report(change, text, as_json=as_json, **data)


@app.command()
def upgrade(context: typer.Context, as_json: bool = AS_JSON) -> None:
    """Bring the schema of a database that an earlier version made up to date."""
    settings = get_settings(context)
    with settings.existing() as database:
        change = setup.upgrade(database)
    was = f", was {change.before}" if change.before != change.after else ""
    _report(change, f"revision {change.after}{was}", as_json=as_json)


@app.command()
def downgrade(
    context: typer.Context,
    revision: str = typer.Argument(help="The revision to go back to, such as 0015."),
    as_json: bool = AS_JSON,
) -> None:
    """Take the schema back to an earlier revision; refused when that would drop data."""
    settings = get_settings(context)
    with settings.existing() as database:
        change = setup.downgrade(database, revision=revision)
    _report(change, f"revision {change.after}, was {change.before}", as_json=as_json)


def _report(change: setup.SchemaChange, text: str, *, as_json: bool, **data: str) -> None:
    for note in () if as_json else change.notes:
        show(note)
    facts = {**data, "revision": change.after, "was": change.before, "notes": list(change.notes)}
    report(text, as_json=as_json, data=facts)
