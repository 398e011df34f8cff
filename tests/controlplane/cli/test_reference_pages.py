"""The reference pages name commands and options that exist, and their Python runs."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest
import typer

from controlplane import actions
from controlplane.cli import app
from controlplane.execution.definition.schema import definition_schema

PAGES = Path(__file__).parents[3] / "backend/docs/reference/controlplane"
CONSOLE = [
    line.removeprefix("$ ")
    for page in sorted(PAGES.glob("*.md"))
    for block in re.findall(r"```console\n(.*?)```", page.read_text(), re.DOTALL)
    for line in block.splitlines()
    if line.startswith("$ ")
]
INLINE = sorted(
    {
        found
        for page in PAGES.glob("*.md")
        for found in re.findall(r"`(controlplane [a-z][^`]*)`", page.read_text())
    }
)


def test_the_commands_of_a_console_run_in_order(terminal, monkeypatch):
    monkeypatch.chdir(terminal.folder)
    terminal.write("name: g\nsteps: [{key: a, kind: task, action: greet, parameters: {name: x}}]", "greeting.yaml")
    assert len(CONSOLE) > 5
    for line in CONSOLE:
        terminal(*shlex.split(line.partition(" > ")[0])[1:])


@pytest.mark.parametrize("line", INLINE)
def test_a_command_named_in_the_text_exists(line):
    command = typer.main.get_command(app)
    words = shlex.split(line)[1:]
    while words and hasattr(command, "list_commands"):
        command = command.get_command(None, words.pop(0))
        assert command is not None, line
    options = {option for parameter in command.params for option in parameter.opts}
    assert {word for word in words if word.startswith("--")} <= options


def test_every_field_of_a_definition_is_in_the_reference():
    schema = definition_schema()
    page = (PAGES / "steps.md").read_text(encoding="utf-8")
    fields = {
        *schema["properties"],
        *(name for kind in schema["$defs"].values() for name in kind.get("properties", {})),
    }
    kinds = {one["$ref"].rpartition("/")[2] for one in schema["$defs"]["step"]["oneOf"]}
    assert [name for name in sorted(fields) if not re.search(rf"`{name}`|\b{name}:", page)] == []
    assert kinds <= set(re.findall(r"^## (\w+)$", page, re.MULTILINE))


def test_the_python_of_the_pages_runs():
    for page in PAGES.glob("*.md"):
        for block in re.findall(r"```python\n(.*?)```", page.read_text(), re.DOTALL):
            with actions.registered():
                exec(block, {})
                assert actions.names()
