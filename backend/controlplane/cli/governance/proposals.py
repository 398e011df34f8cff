"""`controlplane proposal`: actions and trainings that wait for a review."""

from __future__ import annotations

from typing import Any

import typer

from controlplane import clock, governance
from controlplane.cli.context import Opened, get_settings, parse_pairs, refuse_together
from controlplane.cli.options import AS_JSON, MOST_ROWS
from controlplane.cli.output import report, short, show_status
from controlplane.cli.records import as_data, show_record, show_records
from controlplane.cli.references import find, find_agent, find_agent_id
from controlplane.errors import InvalidValueError
from controlplane.governance.queries.proposals import select_pending_proposals, select_proposals
from controlplane.models import Proposal, ProposalStatus, ProposalType
from controlplane.runtime.approved_actions import run_approved

app = typer.Typer(no_args_is_help=True, help="Review what agents propose: actions and trainings.")
PROPOSAL = typer.Argument(help="The id of a proposal, or its unambiguous beginning.")
COLUMNS = {
    "proposal": lambda one: short(one.id),
    "type": lambda one: one.proposal_type,
    "agent": lambda one: one.agent.name,
    "title": lambda one: one.title,
    "status": lambda one: one.status,
    "created": lambda one: one.created_at,
}


@app.command("list")
def list_proposals(
    context: typer.Context,
    agent: str | None = typer.Option(None, help="Only proposals of this agent."),
    status: ProposalStatus | None = typer.Option(None, help="Only proposals of this status."),
    pending: bool = typer.Option(False, help="Only proposals that can still be decided, the oldest first."),
    limit: int = typer.Option(50, min=1, max=MOST_ROWS, help="The most rows to list."),
    as_json: bool = AS_JSON,
) -> None:
    """List the proposals, the newest first."""
    refuse_together("pending", pending, status=status)
    with get_settings(context).opened() as opened:
        ids: dict[str, Any] = {
            "workspace_id": opened.workspace_id,
            "agent_id": find_agent_id(opened, agent),
            "limit": limit,
        }
        query = (
            select_pending_proposals(now=clock.now(), **ids) if pending else select_proposals(status=status, **ids)
        )
        show_records(opened.session.scalars(query).all(), columns=COLUMNS, as_json=as_json)


@app.command("action")
def propose_action(
    context: typer.Context,
    agent: str = typer.Argument(help="The name of an agent, its id, or the beginning of its id."),
    action: str = typer.Argument(help="The name of the action."),
    parameters: list[str] = typer.Option([], "--set", help="name=value: a parameter of the action; repeatable."),
    title: str | None = typer.Option(None, help="The title; default: agent and action."),
    reasoning: str | None = typer.Option(None, help="Why the agent should do this."),
    as_json: bool = AS_JSON,
) -> None:
    """Propose that an agent takes an action; a reviewer decides within a week."""
    with get_settings(context).opened() as opened:
        found = find_agent(opened.session, workspace_id=opened.workspace_id, text=agent)
        made = governance.propose_action(
            opened.session,
            workspace_id=opened.workspace_id,
            agent_id=found.id,
            title=title or f"{found.name}: {action}",
            action=action,
            parameters=parse_pairs("set", parameters),
            reasoning=reasoning,
            proposer_id=opened.user_id,
        )
        report(f"proposal {made.id}", as_json=as_json, data=as_data(made))


@app.command("training")
def propose_training(
    context: typer.Context,
    agent: str = typer.Argument(help="The name of an agent, its id, or the beginning of its id."),
    gap: list[str] = typer.Option([], help="A capability that the agent lacks; repeatable."),
    title: str | None = typer.Option(None, help="The title; default: the name of the agent."),
    reasoning: str | None = typer.Option(None, help="Why the agent should be trained."),
    as_json: bool = AS_JSON,
) -> None:
    """Propose to train an agent; its duration is estimated from past trainings."""
    with get_settings(context).opened() as opened:
        found = find_agent(opened.session, workspace_id=opened.workspace_id, text=agent)
        made = governance.propose_training(
            opened.session,
            workspace_id=opened.workspace_id,
            agent_id=found.id,
            title=title or f"Train {found.name}",
            capability_gaps=gap,
            reasoning=reasoning,
            proposer_id=opened.user_id,
        )
        text = f"proposal {made.id}, estimated {made.estimated_hours:g} h"
        report(text, as_json=as_json, data=as_data(made))


@app.command("show")
def show_proposal(context: typer.Context, proposal: str = PROPOSAL, as_json: bool = AS_JSON) -> None:
    """Show a proposal: the action, the reasoning, the review, the result."""
    with get_settings(context).opened() as opened:
        found = _find(opened, proposal)
        show_record(found, as_json=as_json, agent=found.agent.name)


@app.command()
def approve(
    context: typer.Context,
    proposal: str = PROPOSAL,
    comment: str | None = typer.Option(None, help="Comment, stored with the decision."),
    change: list[str] = typer.Option([], "--set", help="name=value: changes the proposed action; repeatable."),
    hours: float | None = typer.Option(None, help="Of a training: the planned hours; default: the estimate."),
    hours_per_day: float | None = typer.Option(
        None, help="Of a training: the planned hours of a day; default: 8."
    ),
    as_json: bool = AS_JSON,
) -> None:
    """Approve a proposal: its action runs, or its training is scheduled."""
    settings = get_settings(context)
    _ = settings.engine  # registers the actions, of which the approved one runs
    with settings.opened() as opened:
        found = _find(opened, proposal)
        ids = {"workspace_id": opened.workspace_id, "proposal_id": found.id}
        is_action = found.proposal_type is ProposalType.ACTION
        if found.proposal_type is ProposalType.TRAINING:
            _refuse_options("training", set=change or None)
            plan: dict[str, Any] = {} if hours_per_day is None else {"hours_per_day": hours_per_day}
            governance.approve_training(
                opened.session,
                found,
                actor_id=opened.user_id,
                hours=hours,
                **plan,
                comments=comment,
            )
        else:
            _refuse_options("action", hours=hours, hours_per_day=hours_per_day)
            governance.approve(
                opened.session,
                found,
                actor_id=opened.user_id,
                comments=comment,
                modifications=parse_pairs("set", change) or None,
            )
    if is_action:
        run_approved(settings.session, max_deliveries=settings.max_deliveries, **ids)
    with settings.opened() as opened:
        _report(opened, _find(opened, str(ids["proposal_id"])), as_json=as_json)


@app.command()
def reject(
    context: typer.Context,
    proposal: str = PROPOSAL,
    reason: str = typer.Option(help="Reason, stored with the decision."),
    as_json: bool = AS_JSON,
) -> None:
    """Reject a proposal."""
    with get_settings(context).opened() as opened:
        found = _find(opened, proposal)
        governance.reject(opened.session, found, actor_id=opened.user_id, reason=reason)
        _report(opened, found, as_json=as_json)


@app.command()
def cancel(
    context: typer.Context,
    proposal: str = PROPOSAL,
    reason: str = typer.Option(help="Reason, stored with the change."),
    as_json: bool = AS_JSON,
) -> None:
    """Withdraw a proposal that waits for its review."""
    with get_settings(context).opened() as opened:
        found = _find(opened, proposal)
        governance.cancel_proposal(opened.session, found, actor_id=opened.user_id, reason=reason)
        _report(opened, found, as_json=as_json)


def _refuse_options(kind: str, **options: object) -> None:
    for name, value in options.items():
        if value is not None:
            shown = name.replace("_", "-")
            raise InvalidValueError(field=shown, value=value, rule=f"it has no effect on a proposed {kind}")


def _find(opened: Opened, text: str) -> Proposal:
    return find(opened.session, Proposal, workspace_id=opened.workspace_id, text=text)


def _report(opened: Opened, proposal: Proposal, *, as_json: bool) -> None:
    opened.session.refresh(proposal)
    if as_json:
        show_record(proposal, as_json=True)
    else:
        show_status(proposal.status)
