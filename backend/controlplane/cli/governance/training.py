"""`controlplane training`: the trainings of students."""

from __future__ import annotations

import typer

from controlplane import governance
from controlplane.cli.context import Opened, get_settings
from controlplane.cli.governance.agents import score as shown_score
from controlplane.cli.options import AS_JSON, MOST_ROWS
from controlplane.cli.output import short, show_status
from controlplane.cli.records import show_record, show_records
from controlplane.cli.references import find, find_agent_id
from controlplane.governance.queries.training import select_training_history
from controlplane.models import TrainingSession, TrainingStatus

app = typer.Typer(
    no_args_is_help=True, help="Start, complete and list trainings; approving a proposal schedules one."
)
TRAINING = typer.Argument(help="The id of a training, or its unambiguous beginning.")
COLUMNS = {
    "training": lambda one: short(one.id),
    "agent": lambda one: one.agent.name,
    "status": lambda one: one.status,
    "score": lambda one: shown_score(one.performance_score),
    "boost": lambda one: shown_score(one.confidence_boost),
    "started": lambda one: one.started_at,
    "completed": lambda one: one.completed_at,
}


@app.command("list")
def list_trainings(
    context: typer.Context,
    agent: str | None = typer.Option(None, help="Only trainings of this agent."),
    status: TrainingStatus | None = typer.Option(None, help="Only trainings of this status."),
    limit: int = typer.Option(50, min=1, max=MOST_ROWS, help="The most rows to list."),
    as_json: bool = AS_JSON,
) -> None:
    """List the trainings, the newest first."""
    with get_settings(context).opened() as opened:
        agent_id = find_agent_id(opened, agent)
        query = select_training_history(
            workspace_id=opened.workspace_id, agent_id=agent_id, status=status, limit=limit
        )
        show_records(opened.session.scalars(query).all(), columns=COLUMNS, as_json=as_json)


@app.command()
def start(context: typer.Context, training: str = TRAINING, as_json: bool = AS_JSON) -> None:
    """Start a scheduled training."""
    with get_settings(context).opened() as opened:
        found = _find(opened, training)
        governance.start_training(opened.session, found, actor_id=opened.user_id)
        _report(found, as_json=as_json)


@app.command()
def complete(
    context: typer.Context,
    training: str = TRAINING,
    score: float = typer.Option(help="How well the agent did, from 0 to 1."),
    done: int = typer.Option(0, min=0, max=MOST_ROWS, help="Tasks completed."),
    total: int = typer.Option(0, min=0, max=MOST_ROWS, help="Tasks in all."),
    errors: int = typer.Option(0, min=0, max=MOST_ROWS, help="Errors made."),
    feedback: str | None = typer.Option(None, help="Feedback of the supervisor."),
    as_json: bool = AS_JSON,
) -> None:
    """Complete a training: its score raises the confidence of the agent, once."""
    with get_settings(context).opened() as opened:
        found = _find(opened, training)
        governance.complete_training(
            opened.session,
            found,
            actor_id=opened.user_id,
            score=score,
            tasks_completed=done,
            tasks_total=total,
            errors_count=errors,
            feedback=feedback,
        )
        _report(found, as_json=as_json)


@app.command()
def cancel(
    context: typer.Context,
    training: str = TRAINING,
    reason: str = typer.Option(help="Reason, stored with the change."),
    as_json: bool = AS_JSON,
) -> None:
    """Cancel a training that has not ended."""
    with get_settings(context).opened() as opened:
        found = _find(opened, training)
        governance.cancel_training(opened.session, found, actor_id=opened.user_id, reason=reason)
        _report(found, as_json=as_json)


@app.command()
def fail(
    context: typer.Context,
    training: str = TRAINING,
    reason: str = typer.Option(help="Reason, stored with the change."),
    as_json: bool = AS_JSON,
) -> None:
    """Fail a training in progress: the confidence of the agent stays."""
    with get_settings(context).opened() as opened:
        found = _find(opened, training)
        governance.fail_training(opened.session, found, actor_id=opened.user_id, reason=reason)
        _report(found, as_json=as_json)


def _find(opened: Opened, text: str) -> TrainingSession:
    return find(opened.session, TrainingSession, workspace_id=opened.workspace_id, text=text, name="training")


def _report(training: TrainingSession, *, as_json: bool) -> None:
    if as_json:
        show_record(training, as_json=True)
    else:
        show_status(training.status)
