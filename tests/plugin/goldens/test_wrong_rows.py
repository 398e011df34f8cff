"""An id in a state golden says which row it is: the wrong row of two that hold the same does not pass."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from pytest_query_snapshot.goldens.formats.changes import Step, render
from pytest_query_snapshot.recording.table_snapshots import StateReader
from pytest_query_snapshot.values.id_aliases import IdAliases, IdColumns
from pytest_query_snapshot.values.masks import Masks

SEED = """
INSERT INTO workspace (id, name) VALUES (3, 'Same'), (5, 'Same'), (8, 'Same');
INSERT INTO agent (id, workspace_id) VALUES (1, 3), (2, 5), (4, 5);
"""
TESTS = """
import os
import pytest
import sqlalchemy as sa
from shop_schema import agent, workspace

ROW = int(os.environ["ROW"])
STATEMENTS = {
    "update": sa.update(workspace).where(workspace.c.id == ROW).values(name="b"),
    "delete": sa.delete(agent).where(agent.c.id == ROW - 1),
    "reference": sa.insert(agent).values(id=100, workspace_id=ROW, name="c"),
}

@pytest.mark.seed("same")
@pytest.mark.parametrize("what", STATEMENTS)
def test_row(engine, golden, what):
    with engine.begin() as connection, golden.step("it"):
        connection.execute(STATEMENTS[what])
    assert engine == golden.state
"""


@pytest.mark.parametrize(
    ("dialect_name", "mode"), [("sqlite", "savepoint"), ("sqlite", "connections"), ("postgresql", "savepoint")]
)
def test_the_wrong_row_fails(make_project, monkeypatch, dialect_name, mode):
    monkeypatch.delenv("CI", raising=False)
    project = make_project(dialect_name)
    project.seed("same", SEED)
    project.test(TESTS)
    isolation = ("-o", f"query_snapshot_isolation={mode}")
    monkeypatch.setenv("ROW", "3")
    project.run("--snapshot-update", *isolation).assert_outcomes(passed=3)
    monkeypatch.setenv("ROW", "5")
    project.run(*isolation).assert_outcomes(failed=3)
    (golden,) = project.pytester.path.glob("__snapshots__/test_it/*reference*.state.md")
    assert "\n+ agent#4: workspace_id=workspace#1, name='c'\n" in golden.read_text()


def test_ids_that_have_a_name_keep_it_and_others_are_numbered_by_appearance():
    identities = IdAliases()
    assert identities.alias_for(("team", 8), "team") == "team#1"
    identities.rank("team", [3, 5, 8])
    assert [identities.alias_for(("team", value), "team") for value in (8, 5, 3)] == ["team#1", "team#2", "team#3"]


def test_statements_after_a_state_call_its_rows_alike():
    identities = IdAliases()
    statements = IdAliases(identities)
    identities.rank("team", [3, 5, 8])
    assert statements.alias_for(("team", 5), "team") == "team#2"
    assert statements.alias_for(("team", 6), "team") == "team#s1"
    assert identities.alias_for(("team", 9), "team") == "team#4"


def test_rows_left_by_others_change_no_number_without_isolation():
    metadata = sa.MetaData()
    team = sa.Table("team", metadata, sa.Column("id", sa.Integer, primary_key=True), sa.Column("name", sa.Text))
    reader = StateReader([team], IdColumns(metadata), masks=Masks())
    with sa.create_engine("sqlite://").connect() as connection:
        metadata.create_all(connection)
        connection.execute(sa.insert(team), [{"id": 3, "name": "a"}, {"id": 5, "name": "a"}])
        before = reader.read(connection)
        connection.execute(sa.update(team).where(team.c.id == 5).values(name="b"))
        step = Step("rename", reader.read(connection))
    assert "~ team#1: " in render(before, [step], IdAliases())
    assert "~ team#2: " in render(before, [step], IdAliases(), is_isolated=True)
