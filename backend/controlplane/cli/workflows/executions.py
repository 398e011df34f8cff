"""`controlplane status` and `logs`: what executions do."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Any

import typer

from controlplane.cli.context import get_settings
from controlplane.cli.options import AS_JSON, MOST_ROWS
from controlplane.cli.output import show, show_json, show_status, show_table
from controlplane.cli.references import find
from controlplane.errors import NotFoundError
from controlplane.execution.queries import select_executions, select_logs, select_steps
from controlplane.models import WorkflowExecution, WorkflowStatus

if TYPE_CHECKING:
    from controlplane.cli.context import Opened
    from controlplane.models import WorkflowExecutionLog

app = typer.Typer()
EXECUTION = typer.Argument(help="The id of an execution, its unambiguous beginning, or `last` for the newest.")
LAST = "last"


def find_execution(opened: Opened, text: str) -> WorkflowExecution:
    """Return the execution that an id or its unambiguous beginning names; `last` is the newest."""
    if text == LAST:
        query = select_executions(workspace_id=opened.workspace_id, limit=1)
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
    names = ("id", "status", "outputs", "error_type", "error_message", "failed_step", "pause_reason")
    return {name: getattr(found, name) for name in (*names, "created_at", "started_at", "completed_at")}


@app.command()
def status(
    context: typer.Context,
    execution: str | None = typer.Argument(None, help="An execution; without one, the newest are listed."),
    as_json: bool = AS_JSON,
    limit: int = typer.Option(20, min=1, max=MOST_ROWS, help="The most rows to list."),
    critical_path: bool = typer.Option(False, help="Of one execution: the chain of steps that held up its end."),
) -> None:
    """List the newest executions, or show the steps of one."""
    with get_settings(context).opened() as opened:
        if critical_path:
            _show_critical_path(opened, find_execution(opened, execution or LAST), as_json=as_json)
        elif execution is None:
            _list(opened, limit=limit, as_json=as_json)
        else:
            _show(opened, find_execution(opened, execution), as_json=as_json)


def _list(opened: Opened, *, limit: int, as_json: bool) -> None:
    query = select_executions(workspace_id=opened.workspace_id, limit=limit)
    found: list[WorkflowExecution] = list(opened.session.scalars(query))
    if as_json:
        show_json([summary(one) for one in found])
        return
    headings = ("execution", "workflow", "status", "started", "seconds")
    rows = [
        (_short(one.id), one.workflow.name, one.status, one.started_at, _seconds(one.duration_seconds, 1))
        for one in found
    ]
    show_table(headings, rows)


def _short(key: uuid.UUID) -> str:
    return str(key)[:8]


def _seconds(value: float | None, digits: int) -> str:
    return "" if value is None else f"{value:.{digits}f}"


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
        took = _seconds(step.duration_seconds, 2)
        rows.append((name, step.kind, step.attempt, step.status, step.outcome, took, step.error_message))
    show_table(headings, rows)


def _show_critical_path(opened: Opened, found: WorkflowExecution, *, as_json: bool) -> None:
    from controlplane.analytics.questions.critical_paths import select_critical_paths  # noqa: PLC0415  large

    query = select_critical_paths(workspace_id=found.workspace_id, execution_id=found.id)
    facts = ("step_key", "started_at", "completed_at", "held_seconds")
    rows = [{fact: getattr(row, fact) for fact in facts} for row in opened.session.execute(query)][::-1]
    if as_json:
        show_json(rows)
    else:
        cells = [(*list(row.values())[:-1], _seconds(row["held_seconds"], 2)) for row in rows]
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
