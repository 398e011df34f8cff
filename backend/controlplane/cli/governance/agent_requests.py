"""More of `controlplane agent`: checks of permissions, triggers, outcomes."""

from __future__ import annotations

from dataclasses import asdict

import typer

from controlplane import governance
from controlplane.cli.context import get_settings, parse_pairs
from controlplane.cli.options import AS_JSON
from controlplane.cli.output import report
from controlplane.cli.references import find_agent
from controlplane.governance import Impact
from controlplane.models import TriggerSource

AGENT = typer.Argument(help="The name of an agent, its id, or the beginning of its id.")


def register_commands(app: typer.Typer) -> None:
    """Add the commands."""
    for command in (check, trigger, outcome):
        app.command()(command)


def check(
    context: typer.Context,
    agent: str = AGENT,
    action: str = typer.Argument(help="The name of the action."),
    as_json: bool = AS_JSON,
) -> None:
    """Show whether an agent may take an action now, and why; nothing is written."""
    settings = get_settings(context)
    _ = settings.engine  # registers the actions, which declare levels
    with settings.opened() as opened:
        found = find_agent(opened.session, workspace_id=opened.workspace_id, text=agent)
        made = governance.check_permission(
            opened.session, workspace_id=opened.workspace_id, agent_id=found.id, action=action
        )
    decision = "refused" if not made.allowed else "allowed after approval" if made.requires_approval else "allowed"
    report(f"{decision}: {made.reason}", as_json=as_json, data=asdict(made))


def trigger(
    context: typer.Context,
    agent: str = AGENT,
    trigger_type: str = typer.Argument(help="The type of the trigger, such as the name of the task."),
    source: TriggerSource = typer.Option(TriggerSource.MANUAL, help="The source of the trigger."),
    data: list[str] = typer.Option([], "--context", help="name=value or a JSON object; repeatable."),
    priority: int = typer.Option(0, min=0, max=9, help="In the queue for a supervisor, the highest first."),
    supervise: bool = typer.Option(False, help="You are present to supervise the run."),
    as_json: bool = AS_JSON,
) -> None:
    """Trigger an agent: governance executes, proposes, supervises, queues or trains, by its maturity."""
    with get_settings(context).opened() as opened:
        made = governance.admit_trigger(
            opened.session,
            workspace_id=opened.workspace_id,
            agent_id=find_agent(opened.session, workspace_id=opened.workspace_id, text=agent).id,
            source=source,
            trigger_type=trigger_type,
            context=parse_pairs("context", data),
            priority=priority,
            actor_id=opened.user_id,
            supervisor_id=opened.user_id if supervise else None,
        )
        records = {
            name: None if (record := getattr(made, name)) is None else str(record.id)
            for name in ("execution", "trigger", "proposal", "supervision")
        }
    facts = {"decision": made.decision, "may_run": made.may_run, "reason": made.reason, **records}
    ids = "".join(f", {name} {record}" for name, record in records.items() if record)
    report(f"{made.decision or 'refused'}: {made.reason}{ids}", as_json=as_json, data=facts)


def outcome(
    context: typer.Context,
    agent: str = AGENT,
    success: bool = typer.Option(..., "--success/--failure", help="Whether the work succeeded."),
    impact: Impact = typer.Option(Impact.LOW, help="The impact of the work: how far it moves the confidence."),
    as_json: bool = AS_JSON,
) -> None:
    """Report an outcome of an agent's work, which moves its confidence, and its maturity with it."""
    with get_settings(context).opened() as opened:
        found = find_agent(opened.session, workspace_id=opened.workspace_id, text=agent)
        made = governance.record_outcome(
            opened.session,
            workspace_id=opened.workspace_id,
            agent_id=found.id,
            success=success,
            impact=impact,
            actor_id=opened.user_id,
        )
        text = f"confidence {found.confidence_score:.2f} {made.after}"
        report(text, as_json=as_json, data={**asdict(made), "confidence_score": found.confidence_score})
