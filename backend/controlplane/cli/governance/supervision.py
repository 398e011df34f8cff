"""`controlplane supervision`: runs of supervised agents, watched by people."""

from __future__ import annotations

from typing import Any

import typer

from controlplane import governance
from controlplane.cli.context import Opened, get_settings
from controlplane.cli.options import AS_JSON, MOST_ROWS
from controlplane.cli.output import short, show, show_status, show_table
from controlplane.cli.records import as_data, show_record, show_records
from controlplane.cli.references import find, find_agent, find_agent_id, find_user
from controlplane.governance.queries.supervision import select_interventions, select_supervision_history
from controlplane.models import AgentExecution, InterventionType, SupervisionSession, SupervisionStatus

app = typer.Typer(no_args_is_help=True, help="Supervise agents: claim what is queued, intervene, complete.")
SUPERVISION = typer.Argument(help="The id of a supervision, or its unambiguous beginning.")
COLUMNS = {
    "supervision": lambda one: short(one.id),
    "agent": lambda one: one.agent.name,
    "status": lambda one: one.status,
    "interventions": lambda one: one.intervention_count,
    "rating": lambda one: one.rating,
    "started": lambda one: one.started_at,
}


@app.command("list")
def list_supervisions(
    context: typer.Context,
    agent: str | None = typer.Option(None, help="Only supervisions of this agent."),
    supervisor: str | None = typer.Option(None, help="Only those of the supervisor with this e-mail."),
    status: SupervisionStatus | None = typer.Option(None, help="Only supervisions of this status."),
    limit: int = typer.Option(50, min=1, max=MOST_ROWS, help="The most rows to list."),
    as_json: bool = AS_JSON,
) -> None:
    """List the supervisions, the newest first."""
    with get_settings(context).opened() as opened:
        query = select_supervision_history(
            workspace_id=opened.workspace_id,
            agent_id=find_agent_id(opened, agent),
            supervisor_id=None if supervisor is None else find_user(opened.session, email=supervisor).id,
            status=status,
            limit=limit,
        )
        show_records(opened.session.scalars(query).all(), columns=COLUMNS, as_json=as_json)


@app.command("show")
def show_supervision(context: typer.Context, supervision: str = SUPERVISION, as_json: bool = AS_JSON) -> None:
    """Show a supervision and its interventions."""
    with get_settings(context).opened() as opened:
        found = _find(opened, supervision)
        query = select_interventions(workspace_id=opened.workspace_id, supervision_id=found.id)
        interventions = opened.session.scalars(query).all()
        if as_json:
            show_record(found, as_json=True, interventions=[as_data(one) for one in interventions])
            return
        show_record(found, as_json=False)
        rows = [(one.sequence, one.intervention_type, one.guidance, one.at) for one in interventions]
        show_table(("intervention", "type", "guidance", "at"), rows)


@app.command()
def start(
    context: typer.Context,
    agent: str = typer.Argument(help="The name of an agent, its id, or the beginning of its id."),
    run: str | None = typer.Option(None, help="The id of the agent run to watch, or its beginning."),
    as_json: bool = AS_JSON,
) -> None:
    """Start to supervise an agent, or one run of it that has not ended."""
    with get_settings(context).opened() as opened:
        ids: dict[str, Any] = {"workspace_id": opened.workspace_id}
        watched = None if run is None else find(opened.session, AgentExecution, text=run, **ids)
        made = governance.start_supervision(
            opened.session,
            agent_id=find_agent(opened.session, text=agent, **ids).id,
            supervisor_id=opened.user_id,
            execution_id=None if watched is None else watched.id,
            **ids,
        )
        _report(made, as_json=as_json)


@app.command()
def claim(context: typer.Context, as_json: bool = AS_JSON) -> None:
    """Claim the next queued trigger: its agent runs under your supervision."""
    with get_settings(context).opened() as opened:
        made = governance.claim_next(
            opened.session, workspace_id=opened.workspace_id, supervisor_id=opened.user_id
        )
        if made is not None:
            _report(made, as_json=as_json)
        else:
            show("null" if as_json else "no trigger is queued")


@app.command()
def intervene(
    context: typer.Context,
    supervision: str = SUPERVISION,
    kind: InterventionType = typer.Argument(help="pause, correct or terminate."),
    guidance: str = typer.Option(help="Guidance for the agent, or the reason to stop it."),
    as_json: bool = AS_JSON,
) -> None:
    """Pause, correct or terminate the run that is supervised."""
    with get_settings(context).opened() as opened:
        found = _find(opened, supervision)
        governance.intervene(opened.session, found, kind=kind, guidance=guidance, actor_id=opened.user_id)
        _report(found, as_json=as_json)


@app.command()
def resume(context: typer.Context, supervision: str = SUPERVISION, as_json: bool = AS_JSON) -> None:
    """Resume a supervision that an intervention paused."""
    with get_settings(context).opened() as opened:
        found = _find(opened, supervision)
        governance.resume_supervision(opened.session, found, actor_id=opened.user_id)
        _report(found, as_json=as_json)


@app.command()
def complete(
    context: typer.Context,
    supervision: str = SUPERVISION,
    rating: int = typer.Option(help="How well the agent did, from 1 to 5."),
    feedback: str | None = typer.Option(None, help="Feedback of the supervisor."),
    as_json: bool = AS_JSON,
) -> None:
    """Complete a supervision: its rating raises the confidence of the agent, once."""
    with get_settings(context).opened() as opened:
        found = _find(opened, supervision)
        governance.complete_supervision(
            opened.session, found, actor_id=opened.user_id, rating=rating, feedback=feedback
        )
        _report(found, as_json=as_json)


@app.command()
def fail(
    context: typer.Context,
    supervision: str = SUPERVISION,
    reason: str = typer.Option(help="Reason, stored with the change."),
    as_json: bool = AS_JSON,
) -> None:
    """Fail a supervision: its run fails with it, and a queued trigger is queued again, three times at most."""
    with get_settings(context).opened() as opened:
        found = _find(opened, supervision)
        governance.fail_supervision(opened.session, found, actor_id=opened.user_id, reason=reason)
        _report(found, as_json=as_json)


def _find(opened: Opened, text: str) -> SupervisionSession:
    return find(
        opened.session, SupervisionSession, workspace_id=opened.workspace_id, text=text, name="supervision"
    )


def _report(supervision: SupervisionSession, *, as_json: bool) -> None:
    if as_json:
        show_record(supervision, as_json=True)
    else:
        show(f"supervision {supervision.id} ", end="")
        show_status(supervision.status)
