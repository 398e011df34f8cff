"""`controlplane run`: store a workflow, start it, drive it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from controlplane import execution as verbs
from controlplane.actions import names
from controlplane.cli.context import EXIT_BLOCKED, EXIT_EXECUTION_FAILED, get_settings, parse_pairs
from controlplane.cli.options import MOST_WORKERS
from controlplane.cli.output import show, show_json, show_status
from controlplane.cli.references import find_agent_id
from controlplane.cli.workflows.control import INPUT
from controlplane.cli.workflows.executions import find_execution, print_line, reason_of, summary
from controlplane.execution.definition import validate_definition
from controlplane.models import WorkflowStatus
from controlplane.runtime.follow import run_until_blocked

if TYPE_CHECKING:
    import uuid

    from controlplane.cli.context import Settings

app = typer.Typer()
AGENT = typer.Option(None, help="The agent of agent steps that do not name one: its name or id.")
FILE = typer.Argument(exists=True, dir_okay=False, help="A workflow in YAML or JSON.")


@app.command()
def run(
    context: typer.Context,
    file: Path = FILE,
    input_data: list[str] = INPUT,
    workers: int = typer.Option(4, min=1, max=MOST_WORKERS, help="How many steps may run at the same time."),
    as_json: bool = typer.Option(False, "--json", help="Print the outcome as JSON and nothing else."),
    detach: bool = typer.Option(False, help="Only start it: a worker drives it."),
    agent: str | None = AGENT,
) -> None:
    """Store the workflow, start an execution, and drive it until it ends or waits for a person."""
    settings = get_settings(context)
    definition = verbs.load_definition(file)
    engine = settings.engine
    validate_definition(definition, actions=names())
    with settings.opened() as opened:
        ids: dict[str, Any] = {"workspace_id": opened.workspace_id, "user_id": opened.user_id}
        verbs.save_workflow(opened.session, definition=definition, **ids)
        made = verbs.start(
            opened.session,
            workflow=definition.name,
            input_data=parse_pairs("input", input_data),
            agent_id=find_agent_id(opened, agent),
            engine=engine,
            **ids,
        )
        execution_id = made.id
    if not as_json:
        show(f"execution {execution_id}")
    if not detach:
        drive(settings, execution_id, workers=workers, quiet=as_json)
    finish(settings, execution_id, as_json=as_json, detached=detach)


def drive(settings: Settings, execution_id: uuid.UUID, *, workers: int = 4, quiet: bool = False) -> None:
    """Drive an execution until it ends or waits for a person; show its log as it grows."""
    lines = run_until_blocked(settings.database, execution_id, engine=settings.engine, workers=workers)
    for line in lines:
        if not quiet:
            print_line(line)


def finish(settings: Settings, execution_id: uuid.UUID, *, as_json: bool = False, detached: bool = False) -> None:
    """Report how an execution ended, in words and as exit code."""
    with settings.opened() as opened:
        found = find_execution(opened, str(execution_id))
        if as_json:
            show_json(summary(found))
        elif not detached:
            show_status(found.status, reason_of(found))
        code = exit_code(found.status, detached=detached)
    raise typer.Exit(code)


def exit_code(status: WorkflowStatus, *, detached: bool = False) -> int:
    """Return the exit code of a verb that drove an execution to this status."""
    if status in (WorkflowStatus.FAILED, WorkflowStatus.CANCELLED):
        return EXIT_EXECUTION_FAILED
    return 0 if status is WorkflowStatus.COMPLETED or detached else EXIT_BLOCKED
