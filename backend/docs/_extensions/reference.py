"""Reference pages made from the code: what the code has, the page has, and nothing else."""

from __future__ import annotations

import argparse
import inspect
import re
import subprocess
import sys
import tempfile
from importlib import import_module
from typing import TYPE_CHECKING, Any

from docutils.parsers.rst import Directive
from docutils.statemachine import StringList
from pygments.lexers.special import TextLexer

import pytest_query_snapshot
from pytest_query_snapshot import errors as error_module
from pytest_query_snapshot import hookspecs, plugin
from pytest_query_snapshot.cli import main as command_line
from pytest_query_snapshot.settings import OPTIONS, SETTINGS
from pytest_query_snapshot.sql.diff.change import Action, Change, Kind
from pytest_query_snapshot.sql.diff.meanings import MEANINGS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from docutils import nodes
    from sphinx.application import Sphinx

_MARKER = re.compile(r"@pytest\.mark\.(?P<text>(?P<name>\w+)(?:\([^)]*\))?: .*)")


def settings() -> Iterator[str]:
    """Yield an entry for each setting."""
    for setting in SETTINGS:
        default = setting.default if isinstance(setting.default, str) else ", ".join(setting.default)
        yield from _entry(setting.name, setting.help, default=default, since=setting.since, old=setting.old_name)


def options() -> Iterator[str]:
    """Yield an entry for each option of pytest."""
    for option in OPTIONS:
        name = f"{option.name} {'|'.join(option.choices) or option.metavar}".strip()
        yield from _entry(name, option.help, default=option.default or "", since=option.since, old=option.old_name)


def _entry(name: str, text: str, *, default: str, since: str, old: str) -> Iterator[str]:
    yield f"`{name}`"
    yield f": {escaped(_capitalized(text).rstrip('.'))}."
    facts = [f"Default: `{default}`." if default else "", f"Since {since}.", f"Was `{old}`." if old else ""]
    yield f"  {' '.join(fact for fact in facts if fact)}"
    yield ""


def _capitalized(text: str) -> str:
    """Return a help text with a capital at its start, unless it starts with a value: `savepoint, none: ..`."""
    return text if text.partition(",")[0] in {"savepoint", "off"} else text[:1].upper() + text[1:]


def escaped(text: str) -> str:
    """Return a help text whose angle brackets and options stay as they are."""
    text = re.sub(r"<(\w+)>", r"`<\1>`", text)
    return re.sub(r"(?<![`\w-])(--[a-z][a-z-]+)", r"`\1`", text)


def fixtures() -> Iterator[str]:
    """Yield an entry for each fixture with its docstring."""
    for part in plugin._PARTS:  # noqa: SLF001  the parts of the plugin are listed once
        module = import_module(f"pytest_query_snapshot.hooks.{part}")
        for name, value in (*vars(module).items(), *vars(getattr(module, "Fixtures", object)).items()):
            wrapped = getattr(value, "_get_wrapped_function", None)
            if wrapped is not None and not name.startswith("_"):
                yield f"`{name}`"
                yield from _definition(inspect.getdoc(wrapped()) or "")


def markers() -> Iterator[str]:
    """Yield an entry for each marker, as pytest prints them."""
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, "-m", "pytest", "--markers"]
        listed = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=True).stdout  # noqa: S603
    ours = {"seed", "isolation", "max_queries", "allow_hazards"}
    for match in _MARKER.finditer(listed):
        if match["name"] in ours:
            call, _, text = match["text"].partition(": ")
            yield f"`{call}`"
            yield from _definition(f"{text[:1].upper()}{text[1:].rstrip('.')}.")


def hooks() -> Iterator[str]:
    """Yield an entry for each hook that other plugins can implement."""
    for name, function in inspect.getmembers(hookspecs, inspect.isfunction):
        if name.startswith("pytest_"):
            yield f"`{name}({', '.join(inspect.signature(function).parameters)})`"
            yield from _definition(inspect.getdoc(function) or "")


def commands() -> Iterator[str]:
    """Yield the help of each command."""
    parser = command_line._parser()  # noqa: SLF001  the parser is the source of the help
    subparsers = next(
        action
        for action in parser._actions  # noqa: SLF001
        if isinstance(action, argparse._SubParsersAction)  # noqa: SLF001
    )
    for name, command in subparsers.choices.items():
        yield from (f"### {name}", "", "```text", *command.format_help().splitlines(), "```", "")


def classes() -> Iterator[str]:
    """Yield a table of the kinds of change: the classes of each, and those that are risks."""
    yield from ("| kind | meaning | classes | risks |", "|---|---|---|---|")
    for kind in Kind:
        changes = {change.label: change.risk for change in (Change(kind, action) for action in Action)}
        labels = ", ".join(f"`{label}`" for label in changes)
        risks = ", ".join(f"`{label}`" for label, risk in changes.items() if risk)
        yield f"| `{kind}` | {MEANINGS[kind]} | {labels} | {risks} |"


def errors() -> Iterator[str]:
    """Yield an entry for each error, below the error that it is a kind of."""
    found = [value for _, value in inspect.getmembers(error_module, inspect.isclass)]
    ours = [value for value in found if value.__module__ == error_module.__name__]
    for value in sorted(ours, key=lambda value: ([base.__name__ for base in reversed(value.__mro__)])):
        parent = next((base.__name__ for base in value.__mro__[1:] if base in ours), "Exception")
        yield f"`{value.__name__}`"
        yield from _definition(f"{inspect.getdoc(value) or ''} A kind of `{parent}`.")


def api() -> Iterator[str]:
    """Yield the documentation of each public name."""
    for name in pytest_query_snapshot.__all__:
        value = getattr(pytest_query_snapshot, name)
        if inspect.ismodule(value):
            module = import_module(value.__name__)
            yield from (f"### {name}", "", "```text", *(inspect.getdoc(module) or "").splitlines(), "```", "")
            continue
        kind = "autoclass" if inspect.isclass(value) else "autofunction"
        members = "   :members:" if inspect.isclass(value) else ""
        target = f"pytest_query_snapshot.{name}"
        yield from (f"### {name}", "", "```{eval-rst}", f".. {kind}:: {target}", members, "```", "")


def _definition(text: str) -> Iterator[str]:
    first, *rest = text.splitlines() or [""]
    yield f": {first}"
    yield from (f"  {line}" if line else "" for line in rest)
    yield ""


def directive(lines: Callable[[], Iterable[str]]) -> type[Directive]:
    """Return a directive that stands for the lines that a function yields."""

    class Made(Directive):
        """Parse the lines that a function yields where the directive stands."""

        def run(self) -> list[nodes.Node]:
            from docutils import nodes as made  # noqa: PLC0415

            box = made.container()
            self.state.nested_parse(StringList([*lines()], source="reference"), 0, box, match_titles=1)
            return [*box.children]

    return Made


def setup(app: Sphinx) -> dict[str, Any]:
    """Register the directives."""
    for lines in (settings, options, fixtures, markers, hooks, commands, classes, errors, api):
        app.add_directive(f"query-snapshot-{lines.__name__}", directive(lines))
    app.add_lexer("mermaid", TextLexer)  # pictures for sites that draw them; text here
    return {"parallel_read_safe": True}
