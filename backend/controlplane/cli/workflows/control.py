"""`controlplane pause`, `resume`, `cancel`, `approve`, `reject`, `signal`: verbs on one execution."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import typer

from controlplane import execution as verbs
from controlplane.cli.context import get_settings, parse_pairs
from controlplane.cli.options import AS_JSON, REASON
from controlplane.cli.output import show_json, show_status
from controlplane.cli.workflows.executions import EXECUTION, find_execution, summary
from controlplane.models import WorkflowStatus

if TYPE_CHECKING:
    import uuid
    from collections.abc import Callable

    from sqlalchemy.orm import Session

    from controlplane.models import WorkflowExecution

app = typer.Typer()
_OPEN = {WorkflowStatus.PENDING, WorkflowStatus.RUNNING}
_CONTINUED = "(a worker continues it: controlplane worker)"
INPUT = typer.Option([], "--input", "-i", help="name=value (JSON or text), or a JSON object; repeatable.")


@app.command()
def pause(
    context: typer.Context, execution: str = EXECUTION, reason: str = REASON, as_json: bool = AS_JSON
) -> None:
    """Pause an execution and its children; steps in flight may end."""

    def verb(session: Session, found: WorkflowExecution, user: uuid.UUID) -> None:
        verbs.pause(session, found, actor_id=user, reason=reason)

    _act(context, execution, verb, as_json=as_json)


@app.command()
def resume(
    context: typer.Context,
    execution: str = EXECUTION,
    input_data: list[str] = INPUT,
    variables: list[str] = typer.Option([], "--set", help="name=value: a variable to set; repeatable."),
    as_json: bool = AS_JSON,
) -> None:
    """Resume a paused execution, with the input that was missing; a worker drives it."""
    settings = get_settings(context)

    def verb(session: Session, found: WorkflowExecution, user: uuid.UUID) -> None:
        verbs.resume(
            session,
            found,
            actor_id=user,
            input_data=parse_pairs("input", input_data),
            variables=parse_pairs("set", variables),
            engine=settings.engine,
        )

    _act(context, execution, verb, as_json=as_json)


@app.command()
def cancel(
    context: typer.Context, execution: str = EXECUTION, reason: str = REASON, as_json: bool = AS_JSON
) -> None:
    """Cancel an execution and its children."""
    engine = get_settings(context).engine

    def verb(session: Session, found: WorkflowExecution, user: uuid.UUID) -> None:
        verbs.cancel(session, found, actor_id=user, reason=reason, engine=engine)

    _act(context, execution, verb, as_json=as_json)


@app.command()
def approve(
    context: typer.Context,
    execution: str = EXECUTION,
    step: str = typer.Argument(help="The key of the approval step."),
    comment: str = typer.Option("", help="Comment, stored with the decision."),
    as_json: bool = AS_JSON,
) -> None:
    """Approve a waiting step."""
    options: dict[str, Any] = {"step_key": step, "comment": comment, "engine": get_settings(context).engine}

    def verb(session: Session, found: WorkflowExecution, user: uuid.UUID) -> None:
        verbs.approve(session, found, actor_id=user, **options)

    _act(context, execution, verb, as_json=as_json)


@app.command()
def reject(
    context: typer.Context,
    execution: str = EXECUTION,
    step: str = typer.Argument(help="The key of the approval step."),
    comment: str = typer.Option(help="Comment, stored with the decision."),
    as_json: bool = AS_JSON,
) -> None:
    """Reject a waiting step: its reject branch is taken."""
    options: dict[str, Any] = {"step_key": step, "comment": comment, "engine": get_settings(context).engine}

    def verb(session: Session, found: WorkflowExecution, user: uuid.UUID) -> None:
        verbs.reject(session, found, actor_id=user, **options)

    _act(context, execution, verb, as_json=as_json)


@app.command()
def signal(
    context: typer.Context,
    execution: str = EXECUTION,
    name: str = typer.Argument(help="The name of the signal."),
    payload: list[str] = typer.Option([], help="name=value or a JSON object; repeatable."),
    as_json: bool = AS_JSON,
) -> None:
    """Send a signal to an execution; the step that waits for it continues."""
    options: dict[str, Any] = {
        "name": name,
        "payload": parse_pairs("payload", payload) or None,
        "engine": get_settings(context).engine,
    }

    def verb(session: Session, found: WorkflowExecution, user: uuid.UUID) -> None:
        verbs.signal(session, found, actor_id=user, **options)

    _act(context, execution, verb, as_json=as_json)


def _act(
    context: typer.Context,
    text: str,
    verb: Callable[[Session, WorkflowExecution, uuid.UUID], object],
    *,
    as_json: bool,
) -> None:
    with get_settings(context).opened() as opened:
        found = find_execution(opened, text)
        verb(opened.session, found, opened.user_id)
        opened.session.refresh(found)
        if as_json:
            show_json(summary(found))
        else:
            show_status(found.status, _CONTINUED if found.status in _OPEN else "")
