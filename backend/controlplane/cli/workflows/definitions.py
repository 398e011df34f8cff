"""`controlplane validate` and `schema`: the format of workflow definitions; neither needs a database."""

from __future__ import annotations

from pathlib import Path

import typer

from controlplane.actions import names
from controlplane.cli.context import get_settings
from controlplane.cli.engine import import_actions
from controlplane.cli.options import AS_JSON
from controlplane.cli.output import show, show_json, show_warnings
from controlplane.cli.workflows.run import FILE
from controlplane.execution import load_definition
from controlplane.execution.definition import unregistered_agent_actions, validate_definition
from controlplane.execution.definition.schema import definition_schema

app = typer.Typer()


@app.command()
def validate(context: typer.Context, file: Path = FILE, as_json: bool = AS_JSON) -> None:
    """Check a workflow without storing it; with --actions, its actions must be registered."""
    settings = get_settings(context)
    definition = load_definition(file)
    for name in settings.actions:
        import_actions(name)
    validate_definition(definition, actions=names() if settings.actions else None)
    warnings = unregistered_agent_actions(definition, actions=names()) if settings.actions else []
    show_warnings(warnings)
    if as_json:
        keys = [step.key for step in definition.steps]
        show_json({"workflow": definition.name, "steps": keys, "warnings": warnings})
    else:
        show(f"{definition.name} is valid: {len(definition.steps)} steps")


@app.command()
def schema() -> None:
    """Print the JSON Schema of workflow definitions, for editors."""
    show_json(definition_schema())
