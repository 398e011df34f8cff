"""`controlplane backup`, `archive`, `import`: rows in files."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime
from pathlib import Path

import typer

from controlplane import archiving
from controlplane.cli.context import connecting, get_settings
from controlplane.cli.options import AS_JSON
from controlplane.cli.output import report

app = typer.Typer()


@app.command()
def backup(
    context: typer.Context,
    file: Path = typer.Argument(dir_okay=False, help="The file to write; .gz compresses it."),
    as_json: bool = AS_JSON,
) -> None:
    """Write every row of the database to a file, while work continues."""
    settings = get_settings(context)
    settings.check_schema()
    rows = archiving.backup(settings.database, path=file)
    report(f"{rows} rows written to {file}", as_json=as_json, data={"rows": rows, "file": str(file)})


@app.command()
def archive(
    context: typer.Context,
    before: datetime = typer.Option(help="Executions that ended before this instant, UTC."),
    to: Path = typer.Option(dir_okay=False, help="The file to write; .gz compresses it."),
    as_json: bool = AS_JSON,
) -> None:
    """Move ended executions, with logs, traces and events, into a file that `import` reads again."""
    with get_settings(context).opened() as opened:
        found = archiving.archive(
            opened.session,
            workspace_id=opened.workspace_id,
            user_id=opened.user_id,
            before=before,
            path=to,
        )
    text = f"{found.executions} executions and {found.runs} agent runs, {found.rows} rows, moved to {to}"
    report(text, as_json=as_json, data={**asdict(found), "file": str(to)})


@app.command("import")
def import_rows(
    context: typer.Context,
    file: Path = typer.Argument(exists=True, dir_okay=False, help="A backup or an archive."),
    as_json: bool = AS_JSON,
) -> None:
    """Read a backup into an empty database, or an archive into the one that it came from."""
    settings = get_settings(context)
    with connecting(settings.database):
        rows = archiving.restore(settings.database, path=file)
    report(f"{rows} rows read from {file}", as_json=as_json, data={"rows": rows, "file": str(file)})
