"""One execution: found by its id, shown with its steps and its log (`controlplane logs`)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import typer

from controlplane.cli.context import get_settings
from controlplane.cli.output import show, show_json, show_status, show_table
from controlplane.cli.references import find
from controlplane.cli.workflows.status import SUMMARY, seconds
from controlplane.errors import NotFoundError
from controlplane.execution.queries import select_logs, select_newest_execution, select_steps
from controlplane.models import WorkflowExecution, WorkflowStatus

if TYPE_CHECKING:
    from controlplane.cli.context import Opened, Settings
    from controlplane.models import WorkflowExecutionLog

app = typer.Typer()
EXECUTION = typer.Argument(help="The id of an execution, its unambiguous beginning, or `last` for the newest.")
LAST = "last"


def find_execution(opened: Opened, text: str) -> WorkflowExecution:
    """Return the execution that an id or its unambiguous beginning names; `last` is the newest."""
    if text == LAST:
        query = select_newest_execution(workspace_id=opened.workspace_id)
        newest: WorkflowExecution | None = opened.session.scalars(query).first()
        if newest is None:
            raise NotFoundError(record="execution", id=text)
        return newest
    return find(opened.session, WorkflowExecution, workspace_id=opened.workspace_id, text=text, name="execution")


def reason_of(found: WorkflowExecution) -> str:
    """Return the outputs of a completed execution, else why it failed or is paused."""
    if found.status is WorkflowStatus.COMPLETED:
        return f"{found.outputs}" if found.outputs else ""
    facts = (found.error_type, found.error_message, found.pause_reason)
    return " ".join(str(fact) for fact in facts if fact)


def summary(found: WorkflowExecution) -> dict[str, Any]:
    """Return an execution for programs."""
    return {fact: getattr(found, fact) for fact in SUMMARY}


def show_execution(settings: Settings, execution: str, *, as_json: bool) -> None:
    """Print one execution and its steps."""
    with settings.opened() as opened:
        _show(opened, find_execution(opened, execution), as_json=as_json)


def _show(opened: Opened, found: WorkflowExecution, *, as_json: bool) -> None:
    query = select_steps(workspace_id=found.workspace_id, execution_id=found.id)
    steps = list(opened.session.scalars(query))
    if as_json:
        facts = ("step_key", "kind", "role", "item", "attempt", "status", "outcome", "error_type", "output")
        show_json(summary(found) | {"steps": [{fact: getattr(s, fact) for fact in facts} for s in steps]})
        return
    show(f"{found.workflow.name} version {found.version.version}: ", end="")
    show_status(found.status, reason_of(found))
    headings = ("step", "kind", "attempt", "status", "outcome", "seconds", "error")
    rows = []
    for step in steps:
        name = step.step_key if step.role == "step" else f"{step.step_key} ({step.role} {step.item})"
        took = seconds(step.duration_seconds, digits=2)
        rows.append((name, step.kind, step.attempt, step.status, step.outcome, took, step.error_message))
    show_table(headings, rows)


def show_critical_path(settings: Settings, execution: str, *, as_json: bool) -> None:
    """Print the chain of steps that held up the end of an execution."""
    from controlplane.analytics.questions.critical_paths import select_critical_paths  # noqa: PLC0415  large

    facts = ("step_key", "started_at", "completed_at", "held_seconds")
    with settings.opened() as opened:
        found = find_execution(opened, execution)
        query = select_critical_paths(workspace_id=found.workspace_id, execution_id=found.id)
        rows = [{fact: getattr(row, fact) for fact in facts} for row in opened.session.execute(query)][::-1]
    if as_json:
        show_json(rows)
    else:
        cells = [(*list(row.values())[:-1], seconds(row["held_seconds"], digits=2)) for row in rows]
        show_table(("step", "started", "completed", "seconds"), cells)


@app.command()
def logs(
    context: typer.Context,
    execution: str = EXECUTION,
    follow: bool = typer.Option(
        False, "--follow", "-f", help="Follow until the execution ends or waits for a person."
    ),
    as_json: bool = typer.Option(False, "--json", help="Print one JSON object a line."),
) -> None:
    """Show the log of an execution."""
    settings = get_settings(context)
    with settings.opened() as opened:
        found = find_execution(opened, execution)
        query = select_logs(workspace_id=found.workspace_id, execution_id=found.id)
        for line in [] if follow else opened.session.scalars(query):
            print_line(line, as_json=as_json)
        execution_id = found.id
    if follow:
        from controlplane.runtime.follow import follow_log  # noqa: PLC0415  the runtime is only for those who follow

        for line in follow_log(settings.database, execution_id):
            print_line(line, as_json=as_json)


def print_line(line: WorkflowExecutionLog, *, as_json: bool = False) -> None:
    """Print one line of a log."""
    if as_json:
        facts = ("sequence", "timestamp", "level", "event", "step_key", "message", "context")
        show_json({fact: getattr(line, fact) for fact in facts}, indent=None)
        return
    style = {"error": "red", "warning": "yellow"}.get(line.level, "")
    detail = " ".join(f"{name}={value}" for name, value in line.context.items())
    show(f"{line.sequence:>4}  {line.timestamp:%H:%M:%S}  {line.message}", style=style, end="")
    show(f"  {detail}" if detail else "", style="dim")
