"""`controlplane init`, `upgrade`, `downgrade`: the schema of the database."""

from __future__ import annotations

import typer

from controlplane import setup
from controlplane.cli.context import get_settings, is_missing_file, usable
from controlplane.cli.output import show
from controlplane.migrations.state import SchemaState, SchemaVersion, schema_error

app = typer.Typer()


@app.command()
def init(context: typer.Context) -> None:
    """Create the tables, the workspace and its operator; on an existing database, bring them up to date."""
    settings = get_settings(context)
    with usable(settings.database, any_error=True):
        change = setup.initialise(settings.database, workspace=settings.workspace, user=settings.user)
    for note in change.notes:
        show(note)
    show(f"ready: workspace {settings.workspace}, operator {settings.user}")


@app.command()
def upgrade(context: typer.Context) -> None:
    """Bring the schema of a database that an earlier version made up to date."""
    settings = get_settings(context)
    if is_missing_file(settings.database.url):
        raise schema_error(settings.database.url, SchemaVersion(SchemaState.EMPTY))
    with usable(settings.database, any_error=True):
        change = setup.upgrade(settings.database)
    for note in change.notes:
        show(note)
    show(f"revision {change.after}" + (f", was {change.before}" if change.before != change.after else ""))


@app.command()
def downgrade(
    context: typer.Context,
    revision: str = typer.Argument(help="The revision to go back to, such as 0015."),
) -> None:
    """Take the schema back to an earlier revision; refused when that would drop data."""
    settings = get_settings(context)
    with usable(settings.database, any_error=True):
        change = setup.downgrade(settings.database, revision=revision)
    show(f"revision {change.after}, was {change.before}")
