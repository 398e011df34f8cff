"""The verbs and where their code is: a verb imports what it needs, and nothing that another one needs."""

from __future__ import annotations

import gc
import importlib
import os
import sys
from typing import Any

import typer
from typer.core import TyperGroup

from controlplane.errors import ControlPlaneError

# In the order in which help lists them. A module's `app` holds one or more of these commands.
COMMANDS = {
    "init": "operations.database",
    "upgrade": "operations.database",
    "downgrade": "operations.database",
    "backup": "operations.archives",
    "archive": "operations.archives",
    "import": "operations.archives",
    "validate": "workflows.definitions",
    "schema": "workflows.definitions",
    "run": "workflows.run",
    "worker": "operations.workers",
    "status": "workflows.status",
    "logs": "workflows.executions",
    "pause": "workflows.control",
    "resume": "workflows.control",
    "cancel": "workflows.control",
    "approve": "workflows.control",
    "reject": "workflows.control",
    "signal": "workflows.control",
    "replay": "workflows.replay",
    "report": "operations.reports",
    "audit": "governance.audit",
}
GROUPS = {
    "workflow": "workflows.versions",
    "debug": "debugger.commands",
    "action": "governance.action_catalogue",
    "agent": "governance.agents",
    "proposal": "governance.proposals",
    "training": "governance.training",
    "supervision": "governance.supervision",
    "feedback": "governance.feedback",
    "trigger": "governance.triggers",
    "canvas": "workflows.canvases",
    "member": "governance.members",
    "rollup": "operations.rollups",
}
CLOSED_PIPE = 141
"""The exit code that shells give for a command whose reader went away."""
# The options of the command itself; each takes a value, and may stand after the verb as well.
ANYWHERE = (
    *("--database-url", "--workspace", "--user", "--actions", "--allow-host", "--allow-network", "--secrets"),
    *("--lease", "--max-deliveries"),
)


class LazyGroup(TyperGroup):
    """Loads the module of a verb when the verb is used."""

    def list_commands(self, ctx: Any) -> list[str]:  # noqa: ARG002  the signature is Click's
        """Return the names of all commands."""
        return [*COMMANDS, *GROUPS]

    def get_command(self, ctx: Any, cmd_name: str) -> Any:  # noqa: ARG002
        """Return one command, or None."""
        name = COMMANDS.get(cmd_name) or GROUPS.get(cmd_name)
        if name is None:
            return None
        module = importlib.import_module(f"controlplane.cli.{name}")
        if not gc.isenabled():
            gc.freeze()
            gc.enable()
        group: Any = typer.main.get_group(module.app)
        if cmd_name in COMMANDS:
            return group.commands[cmd_name]
        group.name = cmd_name
        return group

    def invoke(self, ctx: Any) -> Any:
        """Run the verb; an error of the database's driver, wherever it was raised, becomes one of ours."""
        try:
            return super().invoke(ctx)
        except BrokenPipeError as error:  # a reader such as `head` has seen enough: no 1, as of a failed execution
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # else the last flush fails as well
            raise typer.Exit(CLOSED_PIPE) from error
        except (ControlPlaneError, OSError):
            raise
        except Exception as error:
            from controlplane.cli.context import own_error  # noqa: PLC0415  loads SQLAlchemy

            raised = own_error(ctx, error)
            if raised is error:
                raise
            raise raised from error

    def parse_args(self, ctx: Any, args: list[str]) -> Any:
        """Read the command's own options wherever they stand."""
        return super().parse_args(ctx, move_to_front(args))


def move_to_front(words: list[str]) -> list[str]:
    """Return the words with the options of ANYWHERE before the verb; after a bare `--` nothing is an option."""
    front: list[str] = []
    rest: list[str] = []
    position = 0
    while position < len(words) and words[position] != "--":
        word = words[position]
        taken = front if word.partition("=")[0] in ANYWHERE else rest
        has_value = word in ANYWHERE and words[position + 1 : position + 2] != ["--"]
        length = 2 if has_value else 1
        taken += words[position : position + length]
        position += length
    return front + rest + words[position:]
