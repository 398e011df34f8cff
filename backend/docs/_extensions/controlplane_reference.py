"""The parts of the control plane's reference that are made from its code: commands, options, levels of actions."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import reference
from typer.main import get_command

from controlplane.cli import app as command_line
from controlplane.governance.actions.action_risk import NAMES_BY_LEVEL

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sphinx.application import Sphinx


def controlplane_options() -> Iterator[str]:
    """Yield an entry for each option that every command takes."""
    for parameter in get_command(command_line).params:
        yield from _parameter(parameter)


def controlplane_commands() -> Iterator[str]:
    """Yield an entry for each command: what it does, its arguments and its options."""
    root: Any = get_command(command_line)
    for name in root.list_commands(None):
        command = root.get_command(None, name)
        if not hasattr(command, "commands"):
            yield from _command(name, command)
            continue
        for inner in command.list_commands(None):
            yield from _command(f"{name} {inner}", command.get_command(None, inner))


def controlplane_action_levels() -> Iterator[str]:
    """Yield a table of the names that have a level."""
    yield from ("| level | actions |", "|---|---|")
    for level, names in enumerate(NAMES_BY_LEVEL, start=1):
        yield f"| {level} | {', '.join(f'`{name}`' for name in names)} |"


def _command(name: str, command: Any) -> Iterator[str]:
    arguments = [each for each in command.params if each.param_type_name == "argument"]
    shown = [each.name.upper() if each.required else f"[{each.name.upper()}]" for each in arguments]
    yield from (f"## {name}", "", " ".join(command.help.split()), "")
    yield from ("```text", " ".join(("controlplane", name, *shown)), "```", "")
    for parameter in command.params:
        yield from _parameter(parameter)


def _parameter(parameter: Any) -> Iterator[str]:
    """Yield an entry of a definition list: the names, the meaning, the default and the variable."""
    if parameter.name in {"help", "version"} and parameter.is_eager:
        return
    names = [*parameter.opts, *parameter.secondary_opts]
    if parameter.param_type_name == "argument":
        names = [parameter.name.upper()]
    yield ", ".join(f"`{name}`" for name in names)
    facts = [reference.escaped(" ".join((parameter.help or "").split()))]
    is_plain = isinstance(parameter.default, str | int | float) and not isinstance(parameter.default, bool)
    if is_plain and "default" not in facts[0]:
        facts.append(f"Default: `{parameter.default}`.")
    if parameter.required and parameter.param_type_name == "option":
        facts.append("Required.")
    if parameter.envvar:
        facts.append(f"Variable: `{parameter.envvar}`.")
    yield f": {' '.join(fact for fact in facts if fact)}"
    yield ""


def setup(app: Sphinx) -> dict[str, Any]:
    """Register the directives."""
    for lines in (controlplane_options, controlplane_commands, controlplane_action_levels):
        app.add_directive(lines.__name__.replace("_", "-"), reference.directive(lines))
    return {"parallel_read_safe": True}
