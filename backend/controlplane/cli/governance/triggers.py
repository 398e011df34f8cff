"""`controlplane trigger`: runs that governance did not let start on their own."""

from __future__ import annotations

import typer

from controlplane import clock
from controlplane.cli.context import get_settings, refuse_together
from controlplane.cli.options import AS_JSON, MOST_ROWS
from controlplane.cli.output import short
from controlplane.cli.records import show_record, show_records
from controlplane.cli.references import find, find_agent_id
from controlplane.governance.queries.triggers import select_queue, select_triggers
from controlplane.models import BlockedTrigger, RoutingDecision, TriggerSource

app = typer.Typer(
    no_args_is_help=True, help="List the triggers that wait for a training, a review or a supervisor."
)
COLUMNS = {
    "trigger": lambda one: short(one.id),
    "agent": lambda one: one.agent.name,
    "source": lambda one: one.trigger_source,
    "type": lambda one: one.trigger_type,
    "decision": lambda one: one.routing_decision,
    "status": lambda one: one.status,
    "outcome": lambda one: one.resolution_outcome,
    "created": lambda one: one.created_at,
}


@app.command("list")
def list_triggers(
    context: typer.Context,
    agent: str | None = typer.Option(None, help="Only triggers of this agent."),
    source: TriggerSource | None = typer.Option(None, help="Only triggers from this source."),
    decision: RoutingDecision | None = typer.Option(None, help="Only triggers that were routed like this."),
    resolved: bool | None = typer.Option(None, "--resolved/--open", help="Only resolved or only open ones."),
    queue: bool = typer.Option(False, help="Only what is queued for a supervisor, in the order of the queue."),
    limit: int = typer.Option(50, min=1, max=MOST_ROWS, help="The most rows to list."),
    as_json: bool = AS_JSON,
) -> None:
    """List the blocked triggers, the newest first."""
    refuse_together("queue", queue, agent=agent, source=source, decision=decision, resolved=resolved)
    with get_settings(context).opened() as opened:
        if queue:
            query = select_queue(workspace_id=opened.workspace_id, now=clock.now(), limit=limit)
        else:
            query = select_triggers(
                workspace_id=opened.workspace_id,
                agent_id=find_agent_id(opened, agent),
                source=source,
                decision=decision,
                resolved=resolved,
                limit=limit,
            )
        show_records(opened.session.scalars(query).all(), columns=COLUMNS, as_json=as_json)


@app.command("show")
def show_trigger(
    context: typer.Context,
    trigger: str = typer.Argument(help="The id of a trigger, or its unambiguous beginning."),
    as_json: bool = AS_JSON,
) -> None:
    """Show a blocked trigger: its context, the reason, how it ended."""
    with get_settings(context).opened() as opened:
        found = find(
            opened.session, BlockedTrigger, workspace_id=opened.workspace_id, text=trigger, name="trigger"
        )
        show_record(found, as_json=as_json, agent=found.agent.name)
