"""`controlplane workflow`: the definitions that a workspace keeps."""

from __future__ import annotations

import json
from pathlib import Path

import typer

from controlplane.cli.context import get_settings
from controlplane.cli.options import AS_JSON, MOST_ROWS
from controlplane.cli.output import show, show_json, show_table
from controlplane.cli.workflows.run import FILE
from controlplane.execution import load_definition, save_workflow
from controlplane.execution.versions import get_version, select_newest_versions

app = typer.Typer(
    no_args_is_help=True, help="List the workflows of the workspace, show and save their definitions."
)


@app.command("list")
def list_workflows(context: typer.Context, as_json: bool = AS_JSON) -> None:
    """List the workflows, with their newest version."""
    with get_settings(context).opened() as opened:
        query = select_newest_versions(workspace_id=opened.workspace_id)
        rows = [dict(row._mapping) for row in opened.session.execute(query)]  # noqa: SLF001  the public name of it
    if as_json:
        show_json(rows)
        return
    show_table(
        ("workflow", "version", "created"), [(row["name"], row["version"], row["created_at"]) for row in rows]
    )


@app.command("show")
def show_workflow(
    context: typer.Context,
    name: str = typer.Argument(help="The name of the workflow."),
    version: int | None = typer.Option(None, min=1, max=MOST_ROWS, help="A version; without it, the newest."),
    as_json: bool = AS_JSON,
) -> None:
    """Show the definition of a workflow."""
    with get_settings(context).opened() as opened:
        found = get_version(opened.session, workspace_id=opened.workspace_id, name=name, version=version)
        if as_json:
            show_json({"workflow": name, "version": found.version, "definition": found.definition})
            return
        show(f"{name} version {found.version}")
        for line in json.dumps(found.definition, indent=2, ensure_ascii=False).splitlines():
            show(line)


@app.command("save")
def save(context: typer.Context, file: Path = FILE, as_json: bool = AS_JSON) -> None:
    """Store a workflow, or the next version of it if anything changed, without starting it."""
    definition = load_definition(file)
    with get_settings(context).opened() as opened:
        found = save_workflow(
            opened.session, workspace_id=opened.workspace_id, definition=definition, user_id=opened.user_id
        )
        version = found.version
    if as_json:
        show_json({"workflow": definition.name, "version": version})
    else:
        show(f"{definition.name} version {version}")
