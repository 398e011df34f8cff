"""`controlplane action`: the registered actions with the level that governance gives them."""

from __future__ import annotations

from dataclasses import asdict

import typer

from controlplane import governance
from controlplane.cli.context import get_settings
from controlplane.cli.options import AS_JSON, REASON
from controlplane.cli.output import report, show_json, show_table

app = typer.Typer(no_args_is_help=True, help="List actions with their levels; set levels for the workspace.")


@app.command("list")
def list_actions(context: typer.Context, as_json: bool = AS_JSON) -> None:
    """List the actions that --actions registers, and those that the workspace has set a level for."""
    settings = get_settings(context)
    _ = settings.engine  # registers the actions
    with settings.opened() as opened:
        found = governance.list_actions(opened.session, workspace_id=opened.workspace_id, user_id=opened.user_id)
    if as_json:
        show_json([asdict(one) for one in found])
    else:
        show_table(("action", "level", "origin"), [(one.action, one.level, one.origin) for one in found])


@app.command("level")
def set_level(
    context: typer.Context,
    action: str = typer.Argument(help="The name of the action."),
    level: int | None = typer.Option(
        None, min=1, max=4, help="1 to 4; without it, the level of the workspace is removed."
    ),
    reason: str = REASON,
    as_json: bool = AS_JSON,
) -> None:
    """Set the level of an action for the workspace; it overrides name and registration."""
    settings = get_settings(context)
    _ = settings.engine
    with settings.opened() as opened:
        made = governance.set_action_level(
            opened.session,
            workspace_id=opened.workspace_id,
            action=action,
            level=level,
            actor_id=opened.user_id,
            reason=reason,
        )
        report(f"{made.action} {made.level} {made.origin}", as_json=as_json, data=asdict(made))
