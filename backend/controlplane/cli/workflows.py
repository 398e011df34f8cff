"""Commands on executions: init, run, status, logs, pause, resume, cancel, approve, reject, signal."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer
from rich.table import Table

from controlplane import execution as verbs
from controlplane import setup
from controlplane.actions import names
from controlplane.cli.context import FAILED_RUN, OUT, RESTING, Settings, given, parse_pairs, show_json
from controlplane.execution.definition import validate_definition
from controlplane.execution.queries import select_executions, select_logs, select_steps
from controlplane.models import WorkflowStatus
from controlplane.runtime.follow import drive_to_rest, watch

if TYPE_CHECKING:
    import uuid
    from collections.abc import Callable

    from sqlalchemy.orm import Session

    from controlplane.models import WorkflowExecution, WorkflowExecutionLog

STYLES = {"completed": "green", "failed": "red", "cancelled": "red", "paused": "yellow", "waiting": "cyan"}
EXECUTION = typer.Argument(help="The id of an execution, or its unambiguous beginning.")
INPUT = typer.Option([], "--input", "-i", help="name=value (JSON or text), or a JSON object; repeatable.")


def add_to(app: typer.Typer) -> None:
    """Add the commands."""
    for command in (init, run, status, logs, pause, resume, cancel, approve, reject, signal):
        app.command()(command)


def init(context: typer.Context) -> None:
    """Create the tables, the workspace and its operator; on an existing database, bring them up to date."""
    settings = given(context)
    setup.initialise(settings.database, workspace=settings.workspace, user=settings.user)
    OUT.print(f"ready: workspace {settings.workspace}, operator {settings.user}", highlight=False)


def run(
    context: typer.Context,
    file: Path = typer.Argument(exists=True, dir_okay=False, help="A workflow in YAML or JSON."),
    input_data: list[str] = INPUT,
    workers: int = typer.Option(4, min=1, help="How many steps may run at once."),
    as_json: bool = typer.Option(False, "--json", help="Print the outcome as JSON and nothing else."),
    detach: bool = typer.Option(False, help="Only start it: a worker drives it."),
) -> None:
    """Store the workflow, start an execution, and drive it until it ends or waits for somebody."""
    settings = given(context)
    definition = verbs.load_definition(file)
    engine = settings.engine
    validate_definition(definition, actions=names())
    with settings.session() as session:
        workspace_id, user_id = settings.workspace_id(session), settings.user_id(session)
        verbs.save_workflow(session, workspace_id=workspace_id, definition=definition, user_id=user_id)
        made = verbs.start(
            session,
            workspace_id=workspace_id,
            workflow=definition.name,
            input_data=parse_pairs("input", input_data),
            user_id=user_id,
            engine=engine,
        )
        execution_id = made.id
    if not as_json:
        OUT.print(f"execution {execution_id}", highlight=False)
    if not detach:
        drive(settings, execution_id, workers=workers, quiet=as_json)
    finish(settings, execution_id, as_json=as_json, detached=detach)


def drive(settings: Settings, execution_id: uuid.UUID, *, workers: int = 4, quiet: bool = False) -> None:
    """Drive an execution until it rests; show its log as it grows."""
    lines = drive_to_rest(settings.database, execution_id, engine=settings.engine, workers=workers)
    for line in lines:
        if not quiet:
            print_line(line)


def finish(settings: Settings, execution_id: uuid.UUID, *, as_json: bool = False, detached: bool = False) -> None:
    """Say how it ended, in words and as exit code."""
    with settings.session() as session:
        found = settings.execution(session, str(execution_id))
        if as_json:
            show_json(summary(found))
        elif not detached:
            OUT.print(found.status, style=STYLES.get(found.status, ""), end="")
            OUT.print(_reason(found), highlight=False, markup=False)
        code = 0 if found.status is WorkflowStatus.COMPLETED or detached else RESTING
        ended_badly = found.status in (WorkflowStatus.FAILED, WorkflowStatus.CANCELLED)
    raise typer.Exit(FAILED_RUN if ended_badly else code)


def _reason(found: WorkflowExecution) -> str:
    if found.status is WorkflowStatus.COMPLETED:
        return f" {found.outputs}" if found.outputs else ""
    facts = (found.error_type, found.error_message, found.pause_reason)
    return "".join(f" {fact}" for fact in facts if fact)


def summary(found: WorkflowExecution) -> dict[str, Any]:
    """Return an execution for programs."""
    names_ = ("id", "status", "outputs", "error_type", "error_message", "failed_step", "pause_reason")
    return {name: getattr(found, name) for name in (*names_, "created_at", "started_at", "completed_at")}


def status(
    context: typer.Context,
    execution: str | None = typer.Argument(None, help="An execution; without one, the newest are listed."),
    as_json: bool = typer.Option(False, "--json", help="Print JSON."),
    limit: int = typer.Option(20, min=1, help="How many to list."),
) -> None:
    """List the newest executions, or show the steps of one."""
    settings = given(context)
    with settings.session() as session:
        if execution is None:
            _list(settings, session, limit=limit, as_json=as_json)
        else:
            _show(settings, session, execution, as_json=as_json)


def _list(settings: Settings, session: Session, *, limit: int, as_json: bool) -> None:
    query = select_executions(workspace_id=settings.workspace_id(session), limit=limit)
    found = list(session.scalars(query))
    if as_json:
        show_json([summary(one) for one in found])
        return
    table = Table("execution", "workflow", "status", "started", "seconds", box=None)
    for one in found:
        seconds = "" if one.duration_seconds is None else f"{one.duration_seconds:.1f}"
        started = "" if one.started_at is None else f"{one.started_at:%Y-%m-%d %H:%M:%S}"
        table.add_row(str(one.id)[:8], one.workflow.name, _styled(one.status), started, seconds)
    OUT.print(table)


def _show(settings: Settings, session: Session, text: str, *, as_json: bool) -> None:
    found = settings.execution(session, text)
    steps = list(session.scalars(select_steps(workspace_id=found.workspace_id, execution_id=found.id)))
    if as_json:
        facts = ("step_key", "kind", "role", "item", "attempt", "status", "outcome", "error_type", "output")
        show_json(summary(found) | {"steps": [{fact: getattr(s, fact) for fact in facts} for s in steps]})
        return
    OUT.print(f"{found.workflow.name} version {found.version.version}: ", end="", highlight=False)
    OUT.print(_styled(found.status) + _reason(found), highlight=False)
    table = Table("step", "kind", "attempt", "status", "outcome", "seconds", "error", box=None)
    for step in steps:
        name = step.step_key if step.role == "step" else f"{step.step_key} ({step.role} {step.item})"
        seconds = "" if step.duration_seconds is None else f"{step.duration_seconds:.2f}"
        cells = (step.outcome or "", seconds, step.error_message or "")
        table.add_row(name, str(step.kind), str(step.attempt), _styled(step.status), *cells)
    OUT.print(table)


def _styled(text: str) -> str:
    style = STYLES.get(text)
    return f"[{style}]{text}[/]" if style else str(text)


def logs(
    context: typer.Context,
    execution: str = EXECUTION,
    follow: bool = typer.Option(False, "--follow", "-f", help="Go on until the execution rests."),
    as_json: bool = typer.Option(False, "--json", help="Print one JSON object a line."),
) -> None:
    """Show the log of an execution."""
    settings = given(context)
    with settings.session() as session:
        found = settings.execution(session, execution)
        query = select_logs(workspace_id=found.workspace_id, execution_id=found.id)
        for line in [] if follow else session.scalars(query):
            print_line(line, as_json=as_json)
        execution_id = found.id
    for line in watch(settings.database, execution_id) if follow else ():
        print_line(line, as_json=as_json)


def print_line(line: WorkflowExecutionLog, *, as_json: bool = False) -> None:
    """Print one line of a log."""
    if as_json:
        facts = ("sequence", "timestamp", "level", "event", "step_key", "message", "context")
        show_json({fact: getattr(line, fact) for fact in facts})
        return
    style = {"error": "red", "warning": "yellow"}.get(line.level, "")
    detail = " ".join(f"{name}={value}" for name, value in line.context.items())
    OUT.print(f"{line.sequence:>4}  {line.timestamp:%H:%M:%S}  {line.message}", style=style, markup=False, end="")
    OUT.print(f"  {detail}" if detail else "", style="dim", markup=False, highlight=False)


def pause(
    context: typer.Context,
    execution: str = EXECUTION,
    reason: str = typer.Option("by hand", help="What the log says."),
) -> None:
    """Hold an execution and its children; steps that run may end."""
    _act(
        context, execution, lambda session, found, user: verbs.pause(session, found, actor_id=user, reason=reason)
    )


def resume(
    context: typer.Context,
    execution: str = EXECUTION,
    input_data: list[str] = INPUT,
    variables: list[str] = typer.Option([], "--set", help="name=value: a variable to set; repeatable."),
) -> None:
    """Go on with a paused execution, with what was missing; a worker drives it."""
    settings = given(context)

    def go_on(session: Session, found: WorkflowExecution, user: uuid.UUID) -> None:
        verbs.resume(
            session,
            found,
            actor_id=user,
            input_data=parse_pairs("input", input_data),
            variables=parse_pairs("set", variables),
            engine=settings.engine,
        )

    _act(context, execution, go_on)


def cancel(
    context: typer.Context,
    execution: str = EXECUTION,
    reason: str = typer.Option("by hand", help="What the log says."),
) -> None:
    """End an execution and its children now."""
    engine = given(context).engine
    _act(
        context,
        execution,
        lambda session, found, user: verbs.cancel(session, found, actor_id=user, reason=reason, engine=engine),
    )


def approve(
    context: typer.Context,
    execution: str = EXECUTION,
    step: str = typer.Argument(help="The key of the approval step."),
    comment: str = typer.Option("", help="What to say with it."),
) -> None:
    """Approve a waiting step."""
    options: dict[str, Any] = {"step_key": step, "comment": comment, "engine": given(context).engine}
    _act(context, execution, lambda session, found, user: verbs.approve(session, found, actor_id=user, **options))


def reject(
    context: typer.Context,
    execution: str = EXECUTION,
    step: str = typer.Argument(help="The key of the approval step."),
    comment: str = typer.Option(help="Why."),
) -> None:
    """Reject a waiting step: its reject branch is taken."""
    options: dict[str, Any] = {"step_key": step, "comment": comment, "engine": given(context).engine}
    _act(context, execution, lambda session, found, user: verbs.reject(session, found, actor_id=user, **options))


def signal(
    context: typer.Context,
    execution: str = EXECUTION,
    name: str = typer.Argument(help="The name of the signal."),
    payload: list[str] = typer.Option([], help="name=value or a JSON object; repeatable."),
) -> None:
    """Send a signal to an execution; the step that waits for it goes on."""
    options: dict[str, Any] = {
        "name": name,
        "payload": parse_pairs("payload", payload) or None,
        "engine": given(context).engine,
    }
    _act(context, execution, lambda session, found, user: verbs.signal(session, found, actor_id=user, **options))


def _act(
    context: typer.Context, text: str, verb: Callable[[Session, WorkflowExecution, uuid.UUID], object]
) -> None:
    settings = given(context)
    with settings.session() as session:
        found = settings.execution(session, text)
        verb(session, found, settings.user_id(session))
        session.refresh(found)
        OUT.print(_styled(found.status), highlight=False)
