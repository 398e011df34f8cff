"""`controlplane agent`: the agents of the workspace."""

from __future__ import annotations

from typing import TYPE_CHECKING

import typer

from controlplane import agents as verbs
from controlplane import governance
from controlplane.agents.queries import select_agents, select_executions, select_history
from controlplane.cli.context import get_settings
from controlplane.cli.governance.agent_requests import AGENT, register_commands
from controlplane.cli.options import AS_JSON, MOST_ROWS, REASON
from controlplane.cli.output import short, show, show_table
from controlplane.cli.records import show_record, show_records
from controlplane.cli.references import find_agent, find_agent_id, find_user
from controlplane.models import AgentStatus, ExecutionStatus, Maturity

if TYPE_CHECKING:
    from controlplane.models import Agent

app = typer.Typer(no_args_is_help=True, help="Register agents, list them, pause and promote them.")
register_commands(app)


def score(value: float | None) -> str:
    """Return a score as it is listed."""
    return "" if value is None else f"{value:.2f}"


@app.command("list")
def list_agents(
    context: typer.Context,
    maturity: Maturity | None = typer.Option(None, help="Only agents of this maturity."),
    status: AgentStatus | None = typer.Option(None, help="Only agents of this status; default: all but deleted."),
    category: str | None = typer.Option(None, help="Only agents of this category."),
    as_json: bool = AS_JSON,
) -> None:
    """List the agents by name."""
    with get_settings(context).opened() as opened:
        query = select_agents(
            workspace_id=opened.workspace_id, maturity=maturity, status=status, category=category
        )
        columns = {
            "agent": lambda one: str(one.id)[:8],
            "name": lambda one: one.name,
            "category": lambda one: one.category,
            "maturity": lambda one: one.maturity_level,
            "confidence": lambda one: score(one.confidence_score),
            "status": lambda one: one.status,
        }
        show_records(opened.session.scalars(query).all(), columns=columns, as_json=as_json)


@app.command("show")
def show_agent(context: typer.Context, agent: str = AGENT, as_json: bool = AS_JSON) -> None:
    """Show an agent and its history."""
    with get_settings(context).opened() as opened:
        found = find_agent(opened.session, workspace_id=opened.workspace_id, text=agent)
        query = select_history(workspace_id=opened.workspace_id, record_kind="agent", record_id=found.id)
        events = opened.session.scalars(query).all()
        facts = ("at", "from_status", "to_status", "reason")
        if as_json:
            history = [{fact: getattr(event, fact) for fact in facts} for event in events]
            show_record(found, as_json=True, history=history)
            return
        show_record(found, as_json=False)
        show_table(("at", "from", "to", "reason"), [[getattr(event, fact) for fact in facts] for event in events])


@app.command("runs")
def list_runs(
    context: typer.Context,
    agent: str | None = typer.Option(None, help="Only runs of this agent."),
    status: ExecutionStatus | None = typer.Option(None, help="Only runs of this status."),
    limit: int = typer.Option(50, min=1, max=MOST_ROWS, help="The most rows to list."),
    as_json: bool = AS_JSON,
) -> None:
    """List the runs of agents, the newest first."""
    with get_settings(context).opened() as opened:
        query = select_executions(
            workspace_id=opened.workspace_id, agent_id=find_agent_id(opened, agent), status=status, limit=limit
        )
        columns = {
            "run": lambda one: short(one.id),
            "agent": lambda one: one.agent.name,
            "status": lambda one: one.status,
            "triggered by": lambda one: one.triggered_by,
            "created": lambda one: one.created_at,
            "error": lambda one: one.error_message,
        }
        show_records(opened.session.scalars(query).all(), columns=columns, as_json=as_json)


@app.command()
def register(
    context: typer.Context,
    name: str = typer.Argument(help="The name to show."),
    category: str = typer.Option(help="The field of the agent, such as finance."),
    module: str = typer.Option(help="The Python module of its class."),
    class_name: str = typer.Option("", "--class", help="The name of its class; default: its name."),
    description: str = typer.Option("", help="Description."),
    capability: list[str] = typer.Option([], help="A capability; repeatable."),
    owner: str | None = typer.Option(None, help="The e-mail of the person responsible for it."),
    as_json: bool = AS_JSON,
) -> None:
    """Register an agent, or update the metadata of the one with this category, module and class."""
    with get_settings(context).opened() as opened:
        governance.authorize(
            opened.session,
            workspace_id=opened.workspace_id,
            user_id=opened.user_id,
            permission=governance.Permission.CHANGE_STATUS,
        )
        made = verbs.register(
            opened.session,
            workspace_id=opened.workspace_id,
            name=name,
            category=category,
            module_path=module,
            class_name=class_name or name,
            description=description,
            capabilities=capability,
            owner_id=None if owner is None else find_user(opened.session, email=owner).id,
        )
        _report(made, as_json=as_json)


@app.command("import")
def import_agent(
    context: typer.Context,
    name: str = typer.Argument(help="The name to show."),
    category: str = typer.Option(help="The field of the agent, such as finance."),
    module: str = typer.Option(help="The Python module of its class."),
    maturity: Maturity = typer.Option(help="The maturity that it had elsewhere."),
    confidence: float | None = typer.Option(None, help="Its confidence; default: the least of its maturity."),
    class_name: str = typer.Option("", "--class", help="The name of its class; default: its name."),
    reason: str = typer.Option(help="Reason, stored with its first events."),
    as_json: bool = AS_JSON,
) -> None:
    """Register a new agent with the maturity and confidence that it had in another system."""
    with get_settings(context).opened() as opened:
        made = governance.import_agent(
            opened.session,
            workspace_id=opened.workspace_id,
            name=name,
            category=category,
            module_path=module,
            class_name=class_name or name,
            maturity_level=maturity,
            confidence_score=confidence,
            actor_id=opened.user_id,
            reason=reason,
        )
        _report(made, as_json=as_json)


@app.command()
def pause(context: typer.Context, agent: str = AGENT, reason: str = REASON, as_json: bool = AS_JSON) -> None:
    """Pause an agent: it starts nothing until it is active again; its maturity stays."""
    _set_status(context, agent, to=AgentStatus.PAUSED, reason=reason, as_json=as_json)


@app.command()
def activate(context: typer.Context, agent: str = AGENT, reason: str = REASON, as_json: bool = AS_JSON) -> None:
    """Let a paused or stopped agent act again."""
    _set_status(context, agent, to=AgentStatus.ACTIVE, reason=reason, as_json=as_json)


@app.command()
def stop(context: typer.Context, agent: str = AGENT, reason: str = REASON, as_json: bool = AS_JSON) -> None:
    """Stop an agent; it may be activated again, deprecated or deleted."""
    _set_status(context, agent, to=AgentStatus.STOPPED, reason=reason, as_json=as_json)


@app.command()
def deprecate(context: typer.Context, agent: str = AGENT, reason: str = REASON, as_json: bool = AS_JSON) -> None:
    """Take an agent out of use for good; it may only be deleted after this."""
    _set_status(context, agent, to=AgentStatus.DEPRECATED, reason=reason, as_json=as_json)


@app.command()
def delete(context: typer.Context, agent: str = AGENT, reason: str = REASON, as_json: bool = AS_JSON) -> None:
    """Delete an agent for good; its history stays."""
    _set_status(context, agent, to=AgentStatus.DELETED, reason=reason, as_json=as_json)


@app.command()
def promote(
    context: typer.Context,
    agent: str = AGENT,
    to: Maturity = typer.Option(help="The maturity that the agent gets; it may be a lower one."),
    reason: str = REASON,
    as_json: bool = AS_JSON,
) -> None:
    """Set the maturity of an agent, beside the rules that move it."""
    with get_settings(context).opened() as opened:
        found = find_agent(opened.session, workspace_id=opened.workspace_id, text=agent)
        governance.set_maturity(opened.session, found, to=to, actor_id=opened.user_id, reason=reason)
        _report(found, as_json=as_json)


def _set_status(context: typer.Context, text: str, *, to: AgentStatus, reason: str, as_json: bool) -> None:
    with get_settings(context).opened() as opened:
        found = find_agent(opened.session, workspace_id=opened.workspace_id, text=text)
        governance.set_status(opened.session, found, to=to, actor_id=opened.user_id, reason=reason)
        _report(found, as_json=as_json)


def _report(agent: Agent, *, as_json: bool) -> None:
    if as_json:
        show_record(agent, as_json=True)
    else:
        show(f"agent {agent.id} {agent.status} {agent.maturity_level} {score(agent.confidence_score)}")
