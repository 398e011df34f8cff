"""`controlplane member`: the people of the workspace, by e-mail."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import typer

from controlplane import governance
from controlplane.cli.context import get_settings
from controlplane.cli.options import AS_JSON, REASON
from controlplane.cli.output import report, show_json, show_table
from controlplane.cli.references import find_user
from controlplane.governance.queries.members import select_members
from controlplane.models import Role

if TYPE_CHECKING:
    from collections.abc import Callable

    from controlplane.cli.context import Opened
    from controlplane.models import User

app = typer.Typer(no_args_is_help=True, help="Add, remove and suspend members of the workspace; set their roles.")
EMAIL = typer.Argument(help="The e-mail of the person.")


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
    as_json: bool = AS_JSON,
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
        _report(opened, made, as_json=as_json)


@app.command()
def remove(context: typer.Context, email: str = EMAIL, reason: str = REASON, as_json: bool = AS_JSON) -> None:
    """Remove a person from the workspace; what they did stays theirs."""
    _change(context, email, governance.remove_member, reason=reason, as_json=as_json)


@app.command()
def suspend(context: typer.Context, email: str = EMAIL, reason: str = REASON, as_json: bool = AS_JSON) -> None:
    """Suspend a member: they may do nothing in the workspace until they are reinstated."""
    _change(context, email, governance.suspend_member, reason=reason, as_json=as_json)


@app.command()
def reinstate(context: typer.Context, email: str = EMAIL, reason: str = REASON, as_json: bool = AS_JSON) -> None:
    """End the suspension of a member."""
    _change(context, email, governance.reinstate_member, reason=reason, as_json=as_json)


@app.command("role")
def change_role(
    context: typer.Context,
    email: str = EMAIL,
    role: Role = typer.Argument(help="owner, admin, team_lead, member or viewer."),
    reason: str = REASON,
    as_json: bool = AS_JSON,
) -> None:
    """Change the role of a member."""
    _change(context, email, governance.change_role, reason=reason, as_json=as_json, role=role)


@app.command()
def specialty(
    context: typer.Context,
    email: str = EMAIL,
    field: str | None = typer.Argument(None, help="The category of the agents they know; none without it."),
    reason: str = REASON,
    as_json: bool = AS_JSON,
) -> None:
    """Change the specialty of a member: their feedback on agents of this category counts immediately."""
    _change(context, email, governance.change_specialty, reason=reason, as_json=as_json, specialty=field)


def _change(
    context: typer.Context, email: str, verb: Callable[..., object], *, as_json: bool, **options: Any
) -> None:
    with get_settings(context).opened() as opened:
        person = find_user(opened.session, email=email)
        ids = {"workspace_id": opened.workspace_id, "user_id": person.id, "actor_id": opened.user_id}
        verb(opened.session, **ids, **options)
        _report(opened, person, as_json=as_json)


def _report(opened: Opened, person: User, *, as_json: bool) -> None:
    """Print the standing of a person in the workspace, as `member list` has it."""
    rows = opened.session.execute(select_members(workspace_id=opened.workspace_id))
    row = next(row for row in rows if row.id == person.id)
    report(f"{row.email} {row.role} {row.status}", as_json=as_json, data=row._asdict())
