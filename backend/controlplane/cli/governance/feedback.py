"""`controlplane feedback`: what people think of an agent's work."""

from __future__ import annotations

from typing import Any

import typer

from controlplane import governance
from controlplane.cli.context import Opened, get_settings
from controlplane.cli.options import AS_JSON, MOST_ROWS
from controlplane.cli.output import short, show, show_status
from controlplane.cli.records import show_record, show_records
from controlplane.cli.references import find, find_agent, find_agent_id
from controlplane.governance.queries.feedback import select_feedback_history
from controlplane.models import AgentExecution, AgentFeedback, FeedbackStatus

app = typer.Typer(no_args_is_help=True, help="Give feedback on agents, and decide on the feedback of others.")
FEEDBACK = typer.Argument(help="The id of a feedback, or its unambiguous beginning.")
COLUMNS = {
    "feedback": lambda one: short(one.id),
    "agent": lambda one: one.agent.name,
    "rating": lambda one: one.rating,
    "status": lambda one: one.status,
    "correction": lambda one: one.user_correction,
    "comment": lambda one: one.comment,
    "created": lambda one: one.created_at,
}


@app.command("list")
def list_feedback(
    context: typer.Context,
    agent: str | None = typer.Option(None, help="Only feedback on this agent."),
    status: FeedbackStatus | None = typer.Option(None, help="Only feedback of this status."),
    limit: int = typer.Option(50, min=1, max=MOST_ROWS, help="The most rows to list."),
    as_json: bool = AS_JSON,
) -> None:
    """List the feedback, the newest first."""
    with get_settings(context).opened() as opened:
        agent_id = find_agent_id(opened, agent)
        query = select_feedback_history(
            workspace_id=opened.workspace_id, agent_id=agent_id, status=status, limit=limit
        )
        show_records(opened.session.scalars(query).all(), columns=COLUMNS, as_json=as_json)


@app.command()
def give(
    context: typer.Context,
    agent: str = typer.Argument(help="The name of an agent, its id, or the beginning of its id."),
    rating: int | None = typer.Option(None, help="From 1 to 5."),
    correction: str | None = typer.Option(None, help="The correct output."),
    comment: str | None = typer.Option(None, help="A comment, apart from a correction: praise, for example."),
    category: str | None = typer.Option(None, help="A category of your own."),
    output: str | None = typer.Option(None, help="The output that the feedback is about."),
    execution: str | None = typer.Option(
        None, help="The id of the agent run that the feedback is about, or its beginning."
    ),
    as_json: bool = AS_JSON,
) -> None:
    """Give feedback on an agent."""
    with get_settings(context).opened() as opened:
        ids: dict[str, Any] = {"workspace_id": opened.workspace_id}
        run = None if execution is None else find(opened.session, AgentExecution, text=execution, **ids)
        made = governance.submit_feedback(
            opened.session,
            agent_id=find_agent(opened.session, text=agent, **ids).id,
            user_id=opened.user_id,
            rating=rating,
            user_correction=correction,
            original_output=output,
            comment=comment,
            category=category,
            execution_id=None if run is None else run.id,
            **ids,
        )
        _report(made, as_json=as_json)


@app.command()
def adjudicate(
    context: typer.Context,
    feedback: str = FEEDBACK,
    accept: bool = typer.Option(..., "--accept/--reject", help="Whether the feedback counts."),
    reason: str | None = typer.Option(None, help="Reason, stored with the decision."),
    as_json: bool = AS_JSON,
) -> None:
    """Accept or reject feedback that waits for a decision."""
    with get_settings(context).opened() as opened:
        found = _find(opened, feedback)
        governance.adjudicate(opened.session, found, accept=accept, actor_id=opened.user_id, reason=reason)
        _report(found, as_json=as_json)


def _find(opened: Opened, text: str) -> AgentFeedback:
    return find(opened.session, AgentFeedback, workspace_id=opened.workspace_id, text=text, name="feedback")


def _report(feedback: AgentFeedback, *, as_json: bool) -> None:
    if as_json:
        show_record(feedback, as_json=True)
    else:
        show(f"feedback {feedback.id} ", end="")
        show_status(feedback.status)
