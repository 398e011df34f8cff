"""Commands of the debugger: `controlplane debug ...`."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from controlplane import debugging, execution
from controlplane.cli.context import Settings, get_settings, parse_pairs
from controlplane.cli.debugger import control as debug_control
from controlplane.cli.debugger.session import SESSION, debug_session, find_session
from controlplane.cli.options import AS_JSON, MOST_ROWS
from controlplane.cli.output import report, report_quietly, short, show, show_json, show_table
from controlplane.cli.records import as_data, show_records
from controlplane.cli.references import find, find_agent_id, find_user, find_workflow
from controlplane.cli.workflows.control import INPUT
from controlplane.cli.workflows.executions import EXECUTION, find_execution, summary
from controlplane.cli.workflows.replay import replay
from controlplane.cli.workflows.run import AGENT, FILE, drive, exit_code, finish
from controlplane.debugging.queries import select_sessions
from controlplane.errors import InvalidValueError
from controlplane.models import Breakpoint, DebugMode, DebugPermission, DebugStatus

if TYPE_CHECKING:
    import uuid

app = typer.Typer(no_args_is_help=True, help="Look into executions while they run: breakpoints, stepping, replay.")
debug_control.register_commands(app)
COLUMNS = {
    "session": lambda one: short(one.id),
    "execution": lambda one: short(one.execution_id),
    "status": lambda one: one.status,
    "stopped before": lambda one: one.stopped_step,
    "why": lambda one: one.stop_reason,
}


@app.command()
def start(
    context: typer.Context,
    file: Path = FILE,
    input_data: list[str] = INPUT,
    stop_at: list[str] = typer.Option(
        [], "--break", "-b", help="A step to stop before, in this session; repeatable."
    ),
    entry: bool = typer.Option(True, help="Stop before the first step."),
    errors: bool = typer.Option(True, help="Stop where a step fails."),
    agent: str | None = AGENT,
    as_json: bool = AS_JSON,
) -> None:
    """Start an execution under the debugger, and run to the first stop."""
    settings = get_settings(context)
    definition = execution.load_definition(file)
    with settings.opened() as opened:
        ids: dict[str, Any] = {"workspace_id": opened.workspace_id, "user_id": opened.user_id}
        version = execution.save_workflow(opened.session, definition=definition, **ids)
        made = debugging.launch(
            opened.session,
            workflow=definition.name,
            engine=settings.engine,
            input_data=parse_pairs("input", input_data),
            agent_id=find_agent_id(opened, agent),
            stop_on_entry=entry,
            stop_on_error=errors,
            **ids,
        )
        session_id, execution_id = made.id, made.execution_id
        for step in stop_at:
            debugging.add_breakpoint(
                opened.session, workflow_id=version.workflow_id, step_key=step, session_id=session_id, **ids
            )
    if not as_json:
        show(f"session {session_id}")
    _run_on(settings, str(session_id), execution_id, as_json=as_json)


@app.command()
def attach(context: typer.Context, execution_id: str = EXECUTION, as_json: bool = AS_JSON) -> None:
    """Watch an execution that has not ended: it stops before its next step."""
    with get_settings(context).opened() as opened:
        made = debugging.attach(
            opened.session,
            workspace_id=opened.workspace_id,
            execution_id=find_execution(opened, execution_id).id,
            user_id=opened.user_id,
            stop_on_entry=True,
            stop_on_error=True,
        )
        report(f"session {made.id}", as_json=as_json, data=as_data(made))


@app.command("break")
def add_breakpoint(
    context: typer.Context,
    workflow: str = typer.Argument(help="The name of the workflow."),
    step: str = typer.Argument(help="The key of the step."),
    condition: str | None = typer.Option(None, "--if", help="Stop only if this is true: input.n > 3."),
    hits: int | None = typer.Option(None, min=1, max=MOST_ROWS, help="Stop at most this many times."),
    log: str | None = typer.Option(None, help="Write this to the execution's log and do not stop."),
    session_id: str | None = typer.Option(
        None, "--session", help="Stop this debug session alone; without it, every session on the workflow."
    ),
    as_json: bool = AS_JSON,
) -> None:
    """Set a breakpoint on a step of a workflow, for one debug session or for all."""
    with get_settings(context).opened() as opened:
        only = None if session_id is None else find_session(opened, session_id).id
        made = debugging.add_breakpoint(
            opened.session,
            workspace_id=opened.workspace_id,
            workflow_id=find_workflow(opened.session, workspace_id=opened.workspace_id, name=workflow).id,
            user_id=opened.user_id,
            step_key=step,
            condition=condition,
            hit_limit=hits,
            log_message=log,
            session_id=only,
        )
        report(f"breakpoint {made.id}", as_json=as_json, data=as_data(made))


@app.command("unbreak")
def remove_breakpoint(
    context: typer.Context, breakpoint_id: str = debug_control.BREAKPOINT, as_json: bool = AS_JSON
) -> None:
    """Remove a breakpoint that you set; an owner or admin removes any."""
    with get_settings(context).opened() as opened:
        found = find(opened.session, Breakpoint, workspace_id=opened.workspace_id, text=breakpoint_id)
        removed = as_data(found)
        debugging.remove_breakpoint(
            opened.session,
            workspace_id=opened.workspace_id,
            user_id=opened.user_id,
            breakpoint_id=found.id,
        )
    report_quietly(as_json=as_json, data=removed)


@app.command()
def sessions(
    context: typer.Context,
    workflow: str | None = typer.Option(None, help="Only those of this workflow."),
    owner: str | None = typer.Option(None, help="Only those of this user, an e-mail address."),
    status: DebugStatus | None = typer.Option(None, help="Only those in this status."),
    limit: int = typer.Option(50, min=1, max=MOST_ROWS, help="How many to list."),
    as_json: bool = AS_JSON,
) -> None:
    """List the debug sessions, the newest first."""
    with get_settings(context).opened() as opened:
        ids = {"workspace_id": opened.workspace_id}
        query = select_sessions(
            status=status,
            workflow_id=None if workflow is None else find_workflow(opened.session, name=workflow, **ids).id,
            owner_id=None if owner is None else find_user(opened.session, email=owner).id,
            limit=limit,
            **ids,
        )
        show_records(opened.session.scalars(query).all(), columns=COLUMNS, as_json=as_json)


@app.command("continue")
def resume(
    context: typer.Context,
    session_id: str = SESSION,
    mode: DebugMode = typer.Option(DebugMode.CONTINUE, help="How far: over, into or out of a child workflow."),
    as_json: bool = AS_JSON,
) -> None:
    """Continue a stopped session, to the next stop or the end."""
    settings = get_settings(context)
    with debug_session(context, session_id) as (session, ids):
        found = debugging.resume(session, engine=settings.engine, mode=mode, **ids)
        execution_id = found.execution_id
    _run_on(settings, session_id, execution_id, as_json=as_json)


@app.command()
def step(context: typer.Context, session_id: str = SESSION, as_json: bool = AS_JSON) -> None:
    """Run one step and stop before the next: the same as continue --mode over."""
    resume(context, session_id, DebugMode.OVER, as_json)


@app.command("show")
def show_session(
    context: typer.Context,
    session_id: str = SESSION,
    as_json: bool = AS_JSON,
) -> None:
    """Show where a session is stopped: the call stack and the variables."""
    with debug_session(context, session_id) as (session, ids):
        stack = [asdict(frame) for frame in debugging.call_stack(session, **ids)]
        seen = debugging.variables(session, **ids)
    if as_json:
        show_json({"stack": stack, **seen})
        return
    for depth, frame in enumerate(stack):
        at = frame["step_key"] or "-"
        show(f"#{depth} {frame['workflow']} version {frame['version']} at {at}")
    for root, values in seen.items():
        for name, value in values.items():
            show(f"  {root}.{name} = {json.dumps(value, default=str)}")


@app.command("eval")
def evaluate(
    context: typer.Context,
    session_id: str = SESSION,
    expression: str = typer.Argument(help="An expression, as conditions use: steps.fetch.output.n > 3."),
) -> None:
    """Print the value of an expression where a session is stopped, as JSON."""
    with debug_session(context, session_id) as (session, ids):
        show_json(debugging.evaluate(session, expression=expression, **ids))


@app.command("set")
def change(
    context: typer.Context,
    session_id: str = SESSION,
    pairs: list[str] = typer.Argument(help="name=value (JSON or text)."),
    as_json: bool = AS_JSON,
) -> None:
    """Change variables of the execution that is stopped."""
    with debug_session(context, session_id) as (session, ids):
        made = [
            debugging.set_variable(session, name=name, value=value, **ids)
            for name, value in parse_pairs("set", pairs).items()
        ]
        if as_json:
            show_json([as_data(one) for one in made])
            return
        for one in made:
            show(f"{one.name}: {json.dumps(one.old_value)} -> {json.dumps(one.new_value)}")


@app.command()
def traces(context: typer.Context, session_id: str = SESSION, as_json: bool = AS_JSON) -> None:
    """Show the input and output of each step."""
    with debug_session(context, session_id) as (session, ids):
        found = debugging.traces(session, **ids)
        if as_json:
            show_json([as_data(one) for one in found])
            return
        for one in found:
            took = "" if one.duration_seconds is None else f" in {one.duration_seconds:.3f} s"
            show(f"{one.sequence} {one.step_key}: {one.status}{took}")
            for name in ("input", "output", "error_message", "diff"):
                if value := getattr(one, name):
                    show(f"    {name} {json.dumps(value, default=str)}", style="dim")


@app.command()
def profile(context: typer.Context, session_id: str = SESSION, as_json: bool = AS_JSON) -> None:
    """Show how long the steps took, the slowest first."""
    with debug_session(context, session_id) as (session, ids):
        rows = debugging.profile(session, **ids)
    if as_json:
        show_json([row._asdict() for row in rows])
        return
    headings = rows[0]._fields if rows else ("nothing was traced",)
    show_table(headings, [[f"{cell:.3f}" if isinstance(cell, float) else cell for cell in row] for row in rows])


app.command()(replay)


@app.command()
def share(
    context: typer.Context,
    session_id: str = SESSION,
    email: str = typer.Argument(help="User to share with."),
    permission: DebugPermission = typer.Argument(help="viewer, operator or owner."),
    as_json: bool = AS_JSON,
) -> None:
    """Share a session with another user, to look at it, drive it, or share it in turn."""
    with debug_session(context, session_id) as (session, ids):
        other = find_user(session, email=email).id
        debugging.share(session, with_user_id=other, permission=permission, **ids)
    report_quietly(as_json=as_json, data={"email": email, "permission": permission})


@app.command("export")
def export_session(
    context: typer.Context,
    session_id: str = SESSION,
    file: Path = typer.Argument(dir_okay=False, help="The file to write."),
    as_json: bool = AS_JSON,
) -> None:
    """Write breakpoints, changed variables and traces of a session to a JSON file."""
    with debug_session(context, session_id) as (session, ids):
        data = debugging.export_session(session, **ids)
    file.write_text(json.dumps(data, indent=2, ensure_ascii=False, default=str) + "\n", encoding="utf-8")
    report_quietly(as_json=as_json, data={"file": str(file)})


@app.command("import")
def import_session(
    context: typer.Context,
    file: Path = typer.Argument(exists=True, dir_okay=False, help="An exported session."),
    as_json: bool = AS_JSON,
) -> None:
    """Read an exported session into this workspace."""
    settings = get_settings(context)
    try:
        data = json.loads(file.read_text(encoding="utf-8"))
    except ValueError as error:
        raise InvalidValueError(field="file", value=str(file), rule=f"it must be JSON: {error}") from None
    with settings.opened() as opened:
        made = debugging.import_session(
            opened.session, workspace_id=opened.workspace_id, user_id=opened.user_id, data=data
        )
        report(f"session {made.id}", as_json=as_json, data=as_data(made))


def _run_on(settings: Settings, session_id: str, execution_id: uuid.UUID | None, *, as_json: bool) -> None:
    """Drive a session's execution to its next stop, and show where that is."""
    if execution_id is not None:
        drive(settings, execution_id, quiet=as_json)
    with settings.opened() as opened:
        found = find_session(opened, session_id)
        if as_json:
            driven = None if execution_id is None else find_execution(opened, str(execution_id))
            show_json(as_data(found) | {"execution": driven and summary(driven)})
            raise typer.Exit(0 if driven is None else exit_code(driven.status))
        if found.status is DebugStatus.PAUSED and execution_id is not None:
            show(f"stopped at {found.stopped_step}: {found.stop_reason}", style="yellow")
    if execution_id is not None:
        finish(settings, execution_id)
