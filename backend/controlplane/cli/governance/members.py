"""`controlplane member`: the people of the workspace, by e-mail."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import typer

from controlplane import governance
from controlplane.cli.context import get_settings
from controlplane.cli.output import show, show_json, show_table
from controlplane.cli.references import find_user
from controlplane.cli.workflows.executions import AS_JSON
from controlplane.governance.queries.members import select_members
from controlplane.models import Role

if TYPE_CHECKING:
    from collections.abc import Callable

    from controlplane.cli.context import Opened

app = typer.Typer(no_args_is_help=True, help="Add, remove and suspend members of the workspace; set their roles.")
EMAIL = typer.Argument(help="The e-mail of the person.")
REASON = typer.Option("asked for on the command line", help="Reason, stored with the change.")


@app.command("list")
def list_members(context: typer.Context, as_json: bool = AS_JSON) -> None:
    """List the members, with role, specialty and status."""
    with get_settings(context).opened() as opened:
        query = select_members(workspace_id=opened.workspace_id)
        rows = opened.session.execute(query).all()
    if as_json:
        show_json([row._asdict() for row in rows])
    else:
        headings = ("e-mail", "name", "role", "specialty", "status")
        show_table(headings, [(row.email, row.name, row.role, row.specialty, row.status) for row in rows])


@app.command()
def add(
    context: typer.Context,
    email: str = EMAIL,
    name: str | None = typer.Option(
        None, help="The name of a new person; default: the part of the e-mail before the @."
    ),
    role: Role | None = typer.Option(None, help="The role of a new person; default: member."),
    specialty: str | None = typer.Option(None, help="The specialty of a new person."),
    reason: str = REASON,
) -> None:
    """Add a person to the workspace; an e-mail that is not known yet is a new person."""
    with get_settings(context).opened() as opened:
        made = governance.add_member(
            opened.session,
            workspace_id=opened.workspace_id,
            email=email,
            name=name,
            role=role,
            specialty=specialty,
            actor_id=opened.user_id,
            reason=reason,
        )
        show(f"{made.email} {made.role}")


@app.command()
def remove(context: typer.Context, email: str = EMAIL, reason: str = REASON) -> None:
    """Remove a person from the workspace; what they did stays theirs."""
    _change(context, email, governance.remove_member, reason=reason)


@app.command()
def suspend(context: typer.Context, email: str = EMAIL, reason: str = REASON) -> None:
    """Suspend a member: they may do nothing in the workspace until they are reinstated."""
    _change(context, email, governance.suspend_member, reason=reason)


@app.command()
def reinstate(context: typer.Context, email: str = EMAIL, reason: str = REASON) -> None:
    """End the suspension of a member."""
    _change(context, email, governance.reinstate_member, reason=reason)


@app.command("role")
def change_role(
    context: typer.Context,
    email: str = EMAIL,
    role: Role = typer.Argument(help="owner, admin, team_lead, member or viewer."),
    reason: str = REASON,
) -> None:
    """Change the role of a member."""
    _change(context, email, governance.change_role, reason=reason, role=role)


@app.command()
def specialty(
    context: typer.Context,
    email: str = EMAIL,
    field: str | None = typer.Argument(None, help="The category of the agents they know; none without it."),
    reason: str = REASON,
) -> None:
    """Change the specialty of a member: their feedback on agents of this category counts at once."""
    _change(context, email, governance.change_specialty, reason=reason, specialty=field)


def _change(context: typer.Context, email: str, verb: Callable[..., object], **options: Any) -> None:
    with get_settings(context).opened() as opened:
        verb(
            opened.session,
            workspace_id=opened.workspace_id,
            user_id=find_user(opened.session, email=email).id,
            actor_id=opened.user_id,
            **options,
        )
        show(f"{email} {_standing(opened, email=email)}")


def _standing(opened: Opened, *, email: str) -> str:
    rows = opened.session.execute(select_members(workspace_id=opened.workspace_id))
    return next((f"{row.role} {row.status}" for row in rows if row.email == email), "")
