"""The command `controlplane`: a front of the services, without logic of its own."""

from __future__ import annotations

import sys

import typer

from controlplane.cli import debug_control, debugger, reports, rollups, workers, workflows
from controlplane.cli.context import ERR, FAILED, Settings, remember
from controlplane.errors import ControlPlaneError, InvalidDefinitionError

app = typer.Typer(
    name="controlplane",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode="rich",
    help="Run workflows that survive crashes, look into them while they run, and report on them.",
    epilog="Exit codes: 0 done, 1 the execution failed or was cancelled, 2 the command was refused, "
    "3 the execution is paused or waits for somebody.",
)


@app.callback()
def _settings(
    context: typer.Context,
    database_url: str = typer.Option(
        "sqlite:///controlplane.sqlite", envvar="CONTROLPLANE_DATABASE_URL", help="Where everything is kept."
    ),
    workspace: str = typer.Option("default", envvar="CONTROLPLANE_WORKSPACE", help="The name of the workspace."),
    user: str = typer.Option(
        "operator@localhost",
        envvar="CONTROLPLANE_USER",
        help="The e-mail of the person who acts: their membership and role decide what they may do. It is "
        "taken at its word, for whoever can open the database can write anything into it.",
    ),
    actions: list[str] = typer.Option(
        [], envvar="CONTROLPLANE_ACTIONS", help="A Python file or module that registers actions; repeatable."
    ),
    allow_host: list[str] = typer.Option(
        [], help="A host that http steps may reach: api.example.com, *.example.com, localhost:8080; repeatable."
    ),
    allow_network: list[str] = typer.Option(
        [], help="A private network that http steps may reach all the same: 127.0.0.0/8; repeatable."
    ),
) -> None:
    """Run workflows that survive crashes, look into them while they run, and report on them."""
    remember(
        context,
        Settings(
            database_url=database_url,
            workspace=workspace,
            user=user,
            actions=tuple(actions),
            allow_hosts=tuple(allow_host),
            allow_networks=tuple(allow_network),
        ),
    )


workflows.add_to(app)
workers.add_to(app)
reports.add_to(app)
debug_control.add_to(debugger.app)
app.add_typer(debugger.app, name="debug")
app.add_typer(rollups.app, name="rollup")


def main() -> None:
    """Run the command; an error that we know is one line, and exit code 2."""
    try:
        app()
    except InvalidDefinitionError as error:
        ERR.print(f"error: {error}", style="red", markup=False, highlight=False)
        sys.exit(FAILED)
    except (ControlPlaneError, OSError) as error:
        ERR.print(f"error: {error}", style="red", markup=False, highlight=False)
        sys.exit(FAILED)
