"""`controlplane status` lists executions without mapped classes: its Core tables are those of the models."""

from __future__ import annotations

import json

import pytest
import sqlalchemy as sa

from controlplane.cli import core_tables
from controlplane.cli.workflows.status import select_newest
from controlplane.models import Base, WorkflowExecution, Workspace

TABLES = [each for each in vars(core_tables).values() if isinstance(each, sa.TableClause)]
GREETING = """
name: greeting
steps: [{key: one, kind: task, action: greet, parameters: {name: "${input.name}"}}]
outputs: {said: "${steps.one.output.text}", nothing: null}
"""


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.name)
@pytest.mark.parametrize("dialect", ["sqlite", "postgresql"])
def test_columns_have_the_stored_types_of_the_models(table, dialect):
    compiler = sa.make_url(f"{dialect}://").get_dialect()()
    mapped = Base.metadata.tables[table.name].columns
    stored = {column.name: column.type.compile(compiler) for column in table.columns}
    # a JSON column of the models is text on SQLite, which a Core one reads as well
    expected = {name: mapped[name].type.compile(compiler) for name in stored}
    assert {name: kind if kind != "JSON" else expected[name] for name, kind in stored.items()} == expected


@pytest.mark.seed("workflow_history")
@pytest.mark.parametrize("limit", [1, 3, 1_000])
def test_list_holds_the_newest_executions_of_the_workspace_alone(session, limit):
    for workspace_id in session.scalars(sa.select(Workspace.id)):
        expected = session.scalars(sa.select(WorkflowExecution).filter_by(workspace_id=workspace_id)).all()
        expected = sorted(expected, key=lambda found: found.id.bytes)
        expected = sorted(expected, key=lambda found: found.created_at, reverse=True)[:limit]
        rows = session.execute(select_newest(workspace_id=workspace_id, limit=limit)).mappings().all()
        assert [row["workflow"] for row in rows] == [found.workflow.name for found in expected]
        for name in (column.name for column in core_tables.EXECUTION.c):
            assert [row[name] for row in rows] == [getattr(found, name) for found in expected]


def test_listed_execution_has_the_facts_of_the_shown_one(terminal):
    flow = terminal.write(GREETING)
    terminal("run", flow, "--input", "name=Ada")
    terminal("run", flow, "--input", "name=boom", code=1)
    listed = json.loads(terminal("status", "--json"))
    assert [(one["status"], one["outputs"]) for one in listed] == [
        ("failed", None),
        ("completed", {"said": "hello Ada", "nothing": None}),
    ]
    for one in listed:
        shown = json.loads(terminal("status", one["id"], "--json"))
        assert shown.pop("steps")
        assert shown == one
    table = [line.split()[:3] for line in terminal("status").splitlines()[1:]]
    assert table == [[one["id"][:8], "greeting", one["status"]] for one in listed]


@pytest.mark.parametrize("verb", ["suspend", "remove"])
@pytest.mark.parametrize("command", [["status"], ["agent", "list"]], ids=["core", "mapped"])
def test_inactive_member_does_not_enter_the_workspace(terminal, verb, command):
    terminal("member", "add", "ada@example.com", "--role", "owner")
    terminal("--user", "ada@example.com", *command)
    terminal("member", verb, "ada@example.com")
    assert "they are not a member of it" in terminal.refused("--user", "ada@example.com", *command)


@pytest.mark.parametrize("option", [(), ("--critical-path",)], ids=["steps", "critical path"])
def test_empty_name_of_an_execution_is_not_the_newest(terminal, option):
    terminal("run", terminal.write(GREETING), "--input", "name=Ada")
    assert terminal("status", *option, "last")
    assert "execution" in terminal.refused("status", *option, "")
