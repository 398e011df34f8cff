"""Commands of the debugger: `controlplane debug ...`."""

from __future__ import annotations

import json
import uuid
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer
from rich.table import Table
from sqlalchemy import select

from controlplane import debugging, execution
from controlplane.cli.context import OUT, Settings, given, parse_pairs, show_json
from controlplane.cli.workflows import EXECUTION, INPUT, drive, finish
from controlplane.debugging.queries import select_session, select_sessions
from controlplane.errors import InvalidValueError, NotFoundError
from controlplane.models import DebugMode, DebugPermission, DebugStatus, User, Workflow

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy.orm import Session

    from controlplane.models import DebugSession

app = typer.Typer(no_args_is_help=True, help="Look into executions while they run: breakpoints, stepping, replay.")
SESSION = typer.Argument(help="The id of a debug session, or its unambiguous beginning.")


@contextmanager
def opened(context: typer.Context, text: str) -> Iterator[tuple[Session, dict[str, Any]]]:
    """Open a transaction with the ids that every verb of a session takes."""
    settings = given(context)
    with settings.session() as session:
        workspace_id = settings.workspace_id(session)
        session_id = _session_id(session, workspace_id, text)
        ids = {"workspace_id": workspace_id, "session_id": session_id, "user_id": settings.user_id(session)}
        yield session, ids


def _session_id(session: Session, workspace_id: uuid.UUID, text: str) -> uuid.UUID:
    found: list[uuid.UUID] = [
        one.id
        for one in session.scalars(select_sessions(workspace_id=workspace_id, limit=1_000))
        if str(one.id).startswith(text.lower())
    ]
    if len(found) != 1 or not text:
        raise NotFoundError(record="debug_session", id=text)
    return found[0]


@app.command()
def start(
    context: typer.Context,
    file: Path = typer.Argument(exists=True, dir_okay=False, help="A workflow in YAML or JSON."),
    input_data: list[str] = INPUT,
    stop_at: list[str] = typer.Option([], "--break", "-b", help="A step to stop before; repeatable."),
    entry: bool = typer.Option(True, help="Stop before the first step."),
    errors: bool = typer.Option(True, help="Stop where a step fails."),
) -> None:
    """Start an execution under the debugger, and run to the first stop."""
    settings = given(context)
    definition = execution.load_definition(file)
    with settings.session() as session:
        workspace_id, user_id = settings.workspace_id(session), settings.user_id(session)
        version = execution.save_workflow(
            session, workspace_id=workspace_id, definition=definition, user_id=user_id
        )
        for step in stop_at:
            debugging.add_breakpoint(
                session,
                workspace_id=workspace_id,
                workflow_id=version.workflow_id,
                user_id=user_id,
                step_key=step,
            )
        made = debugging.launch(
            session,
            workspace_id=workspace_id,
            workflow=definition.name,
            user_id=user_id,
            engine=settings.engine,
            input_data=parse_pairs("input", input_data),
            stop_on_entry=entry,
            stop_on_error=errors,
        )
        session_id, execution_id = made.id, made.execution_id
    OUT.print(f"session {session_id}", highlight=False)
    _run_on(settings, str(session_id), execution_id)


@app.command()
def attach(context: typer.Context, execution_id: str = EXECUTION) -> None:
    """Watch an execution that has not ended: it stops before its next step."""
    settings = given(context)
    with settings.session() as session:
        found = settings.execution(session, execution_id)
        made = debugging.attach(
            session,
            workspace_id=found.workspace_id,
            execution_id=found.id,
            user_id=settings.user_id(session),
            stop_on_entry=True,
            stop_on_error=True,
        )
        OUT.print(f"session {made.id}", highlight=False)


@app.command("break")
def add_breakpoint(
    context: typer.Context,
    workflow: str = typer.Argument(help="The name of the workflow."),
    step: str = typer.Argument(help="The key of the step."),
    condition: str | None = typer.Option(None, "--if", help="Stop only where this holds: input.n > 3."),
    hits: int | None = typer.Option(None, min=1, help="Stop only so many times."),
    log: str | None = typer.Option(None, help="Write this to the execution's log and do not stop."),
) -> None:
    """Set a breakpoint on a step of a workflow."""
    settings = given(context)
    with settings.session() as session:
        workspace_id = settings.workspace_id(session)
        query = select(Workflow.id).where(Workflow.workspace_id == workspace_id, Workflow.name == workflow)
        workflow_id = session.scalars(query).first()
        if workflow_id is None:
            raise NotFoundError(record="workflow", id=workflow)
        made = debugging.add_breakpoint(
            session,
            workspace_id=workspace_id,
            workflow_id=workflow_id,
            user_id=settings.user_id(session),
            step_key=step,
            condition=condition,
            hit_limit=hits,
            log_message=log,
        )
        OUT.print(f"breakpoint {made.id}", highlight=False)


@app.command("unbreak")
def remove_breakpoint(context: typer.Context, breakpoint_id: str = typer.Argument(help="Its id.")) -> None:
    """Remove a breakpoint."""
    settings = given(context)
    try:
        found = uuid.UUID(breakpoint_id)
    except ValueError:
        raise InvalidValueError(field="breakpoint", value=breakpoint_id, rule="it must be an id") from None
    with settings.session() as session:
        ids = {"workspace_id": settings.workspace_id(session), "user_id": settings.user_id(session)}
        debugging.remove_breakpoint(session, breakpoint_id=found, **ids)


@app.command()
def sessions(context: typer.Context) -> None:
    """List the debug sessions, the newest first."""
    settings = given(context)
    table = Table("session", "execution", "status", "stopped before", "why", box=None)
    with settings.session() as session:
        for one in session.scalars(select_sessions(workspace_id=settings.workspace_id(session))):
            at = str(one.execution_id)[:8] if one.execution_id else ""
            table.add_row(str(one.id)[:8], at, one.status, one.stopped_step or "", one.stop_reason or "")
    OUT.print(table)


@app.command("continue")
def go_on(
    context: typer.Context,
    session_id: str = SESSION,
    mode: DebugMode = typer.Option(DebugMode.CONTINUE, help="How far: over, into or out of a child workflow."),
) -> None:
    """Let a stopped session run on, to the next stop or the end."""
    settings = given(context)
    with opened(context, session_id) as (session, ids):
        found = debugging.go_on(session, engine=settings.engine, mode=mode, **ids)
        execution_id = found.execution_id
    _run_on(settings, session_id, execution_id)


@app.command()
def step(context: typer.Context, session_id: str = SESSION) -> None:
    """Run one step and stop before the next: the same as continue --mode over."""
    go_on(context, session_id, DebugMode.OVER)


@app.command()
def show(
    context: typer.Context,
    session_id: str = SESSION,
    as_json: bool = typer.Option(False, "--json", help="Print JSON."),
) -> None:
    """Show where a session is stopped: the call stack and the variables."""
    with opened(context, session_id) as (session, ids):
        stack = [asdict(frame) for frame in debugging.call_stack(session, **ids)]
        seen = debugging.variables(session, **ids)
    if as_json:
        show_json({"stack": stack, **seen})
        return
    for depth, frame in enumerate(stack):
        at = frame["step_key"] or "-"
        OUT.print(f"#{depth} {frame['workflow']} version {frame['version']} at {at}", highlight=False)
    for root, values in seen.items():
        for name, value in values.items():
            OUT.print(f"  {root}.{name} = {json.dumps(value, default=str)}", markup=False)


@app.command("set")
def change(
    context: typer.Context,
    session_id: str = SESSION,
    pairs: list[str] = typer.Argument(help="name=value (JSON or text)."),
) -> None:
    """Change variables of the execution that is stopped."""
    with opened(context, session_id) as (session, ids):
        for name, value in parse_pairs("set", pairs).items():
            made = debugging.set_variable(session, name=name, value=value, **ids)
            OUT.print(f"{name}: {json.dumps(made.old_value)} -> {json.dumps(made.new_value)}", markup=False)


@app.command()
def traces(context: typer.Context, session_id: str = SESSION) -> None:
    """Show what each step took and gave."""
    with opened(context, session_id) as (session, ids):
        for one in debugging.traces(session, **ids):
            took = "" if one.duration_seconds is None else f" in {one.duration_seconds:.3f} s"
            OUT.print(f"{one.sequence} {one.step_key}: {one.status}{took}", markup=False)
            for name in ("input", "output", "error_message", "diff"):
                if value := getattr(one, name):
                    OUT.print(f"    {name} {json.dumps(value, default=str)}", markup=False, style="dim")


@app.command()
def profile(context: typer.Context, session_id: str = SESSION) -> None:
    """Show how long the steps took, the slowest first."""
    with opened(context, session_id) as (session, ids):
        rows = debugging.profile(session, **ids)
        table = Table(*(rows[0]._fields if rows else ("nothing was traced",)), box=None)
        for row in rows:
            table.add_row(*(f"{cell:.3f}" if isinstance(cell, float) else str(cell) for cell in row))
    OUT.print(table)


@app.command()
def replay(
    context: typer.Context,
    execution_id: str = EXECUTION,
    from_step: str = typer.Argument(help="The recorded step to begin at."),
    variables: list[str] = typer.Option([], "--set", help="name=value: a variable to change; repeatable."),
) -> None:
    """Run an execution again from a recorded step, and compare the two."""
    settings = given(context)
    with settings.session() as session:
        origin = settings.execution(session, execution_id)
        copy = debugging.replay(
            session,
            workspace_id=origin.workspace_id,
            execution_id=origin.id,
            from_step=from_step,
            user_id=settings.user_id(session),
            engine=settings.engine,
            variables=parse_pairs("set", variables) or None,
        )
        left, right, workspace_id = origin.id, copy.id, origin.workspace_id
    OUT.print(f"execution {right}", highlight=False)
    drive(settings, right)
    with settings.session() as session:
        made = debugging.compare(session, workspace_id=workspace_id, left_id=left, right_id=right)
        for one in made.steps:
            if not one.same:
                values = f"{json.dumps(one.left_output)} -> {json.dumps(one.right_output)}"
                text = f"{one.step_key}: {one.left_status} -> {one.right_status}, {values}"
                OUT.print(text, markup=False, style="yellow")
    finish(settings, right)


@app.command()
def share(
    context: typer.Context,
    session_id: str = SESSION,
    email: str = typer.Argument(help="Whom."),
    permission: DebugPermission = typer.Argument(help="viewer, operator or owner."),
) -> None:
    """Let somebody else look at a session, drive it, or share it on."""
    with opened(context, session_id) as (session, ids):
        other = session.scalars(select(User.id).where(User.email == email)).first()
        if other is None:
            raise NotFoundError(record="user", id=email)
        debugging.share(session, with_user_id=other, permission=permission, **ids)


@app.command("export")
def export_session(
    context: typer.Context,
    session_id: str = SESSION,
    file: Path = typer.Argument(dir_okay=False, help="Where to write it."),
) -> None:
    """Write breakpoints, changed variables and traces of a session to a JSON file."""
    with opened(context, session_id) as (session, ids):
        data = debugging.export_session(session, **ids)
    file.write_text(json.dumps(data, indent=2, ensure_ascii=False, default=str) + "\n", encoding="utf-8")


@app.command("import")
def import_session(
    context: typer.Context, file: Path = typer.Argument(exists=True, dir_okay=False, help="An exported session.")
) -> None:
    """Read an exported session into this workspace."""
    settings = given(context)
    try:
        data = json.loads(file.read_text(encoding="utf-8"))
    except ValueError as error:
        raise InvalidValueError(field="file", value=str(file), rule=f"it must be JSON: {error}") from None
    with settings.session() as session:
        made = debugging.import_session(
            session,
            workspace_id=settings.workspace_id(session),
            user_id=settings.user_id(session),
            data=data,
        )
        OUT.print(f"session {made.id}", highlight=False)


def _run_on(settings: Settings, session_id: str, execution_id: uuid.UUID | None) -> None:
    """Drive a session's execution to its next stop, and say where that is."""
    if execution_id is None:
        return
    drive(settings, execution_id)
    with settings.session() as session:
        workspace_id = settings.workspace_id(session)
        found: DebugSession = session.execute(
            select_session(workspace_id=workspace_id, session_id=_session_id(session, workspace_id, session_id))
        ).scalar_one()
        if found.status is DebugStatus.PAUSED:
            OUT.print(f"stopped at {found.stopped_step}: {found.stop_reason}", style="yellow", highlight=False)
    finish(settings, execution_id)
