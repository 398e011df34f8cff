"""The command `controlplane`: a front of the services, without logic of its own."""

from __future__ import annotations

import atexit
import gc
import sys
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any, NoReturn

import typer

from controlplane.cli.lazy import LazyGroup
from controlplane.errors import ControlPlaneError

__all__ = ["app", "main"]

EXIT_REFUSED = 2
# the base class of errors in the use of a command; recent versions of Typer have a private copy of Click
_USAGE_ERRORS: Any = next(kind for kind in typer.BadParameter.__mro__ if kind.__name__ == "ClickException")

app = typer.Typer(
    name="controlplane",
    cls=LazyGroup,
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode="rich",
    epilog="These options may also stand after the command. Exit codes: 0 done, 1 the execution failed or was "
    "cancelled, 2 the command was refused, 3 the execution is paused or waits for a person.",
)


def _show_version(is_asked: bool) -> None:
    if is_asked:
        try:
            shown = version("controlplane")
        except PackageNotFoundError:
            shown = "(not installed)"
        typer.echo(f"controlplane {shown}")
        raise typer.Exit


# Over 50 lines: Typer reads each option from a parameter.
@app.callback()
def _settings(
    context: typer.Context,
    database_url: str = typer.Option(
        "sqlite:///controlplane.sqlite",
        envvar="CONTROLPLANE_DATABASE_URL",
        help="The database: sqlite:///file or postgresql://user@host/name.",
    ),
    workspace: str = typer.Option("default", envvar="CONTROLPLANE_WORKSPACE", help="The name of the workspace."),
    user: str = typer.Option(
        "operator@localhost",
        envvar="CONTROLPLANE_USER",
        help="The e-mail of the acting user, whose membership and role are checked. Not authenticated: anyone "
        "with database access can act as any user.",
    ),
    actions: list[str] = typer.Option(
        [], envvar="CONTROLPLANE_ACTIONS", help="A Python file or module that registers actions; repeatable."
    ),
    allow_host: list[str] = typer.Option(
        [],
        envvar="CONTROLPLANE_ALLOW_HOST",
        help="A host that http steps may reach, with its port unless that is the one of the scheme: "
        "api.example.com, *.example.com, localhost:8080; repeatable.",
    ),
    allow_network: list[str] = typer.Option(
        [],
        envvar="CONTROLPLANE_ALLOW_NETWORK",
        help="A private network that http steps may reach: 127.0.0.0/8; repeatable.",
    ),
    secrets: Path | None = typer.Option(
        None,
        envvar="CONTROLPLANE_SECRETS",
        help="A file that locates the secrets of http steps: workspace: {name: {env: VARIABLE}} or {file: PATH}.",
    ),
    lease: float = typer.Option(
        30.0,
        min=0.1,
        max=86_400,
        envvar="CONTROLPLANE_LEASE",
        help="Seconds for which a worker holds a step, renewed while it works; then the step of a lost worker is "
        "delivered again.",
    ),
    max_deliveries: int = typer.Option(
        5,
        min=1,
        max=1_000,
        envvar="CONTROLPLANE_MAX_DELIVERIES",
        help="How often a step or an approved action is delivered whose worker is lost each time.",
    ),
    _version: bool = typer.Option(
        False, "--version", is_eager=True, callback=_show_version, help="Print the version and exit."
    ),
) -> None:
    """Run durable workflows, debug them while they run, govern the agents in them, and report on both."""
    from controlplane.cli.context import Settings, set_settings  # noqa: PLC0415  --help and --version need neither

    set_settings(
        context,
        Settings(
            database_url=database_url,
            workspace=workspace,
            user=user,
            actions=tuple(actions),
            allow_hosts=tuple(allow_host),
            allow_networks=tuple(allow_network),
            secrets=secrets,
            lease=lease,
            max_deliveries=max_deliveries,
        ),
    )


def main() -> None:
    """Run the command; a known error, or a wrong use of the command, is one line, and exit code 2."""
    gc.disable()  # imports create many objects that live until the end; `LazyGroup` enables it after them
    atexit.register(gc.freeze)  # what is left is not searched for garbage when the process ends
    try:
        code = app(standalone_mode=False)  # Typer itself would draw a box round an error, of several lines
    except _USAGE_ERRORS as error:
        # without any argument, help has been printed
        if problem := " ".join(_message(error).split()):
            _refuse(problem)
        sys.exit(EXIT_REFUSED)
    except (ControlPlaneError, OSError) as error:
        _refuse(error)
    finally:  # a caller within a process collects garbage again, that of the verb included
        gc.enable()
        gc.unfreeze()
    sys.exit(code or 0)


def _message(error: Any) -> str:
    """Return the problem, and how to get help about the command."""
    problem: str = error.format_message()
    command = error.ctx.command_path if problem and getattr(error, "ctx", None) is not None else None
    return f"{problem} Try '{command} --help'." if command else problem


def _refuse(error: object) -> NoReturn:
    from controlplane.cli.output import show_error  # noqa: PLC0415  --help needs no output

    show_error(error)
    sys.exit(EXIT_REFUSED)
