"""An id in a golden says which row it is: the wrong row of two that hold the same does not pass."""

from __future__ import annotations

import uuid

import pytest

from pytest_query_snapshot.goldens.classify import classify_golden
from pytest_query_snapshot.recording.tables.patched_rows import PatchedRows
from pytest_query_snapshot.recording.tables.snapshots import State, TableState
from pytest_query_snapshot.values.id_aliases import IdAliases
from pytest_query_snapshot.values.table import Column

SCHEMA = """
import sqlalchemy as sa

metadata = sa.MetaData()
workspace = sa.Table(
    "workspace", metadata, sa.Column("id", sa.KIND, primary_key=True), sa.Column("name", sa.Text)
)
agent = sa.Table(
    "agent", metadata,
    sa.Column("id", sa.KIND, primary_key=True),
    sa.Column("workspace_id", sa.ForeignKey("workspace.id")),
    sa.Column("name", sa.Text),
)
"""
SEED = """
INSERT INTO workspace (id, name) VALUES ({3}, 'Same'), ({5}, 'Same'), ({8}, 'Same');
INSERT INTO agent (id, workspace_id) VALUES ({1}, {3}), ({2}, {5}), ({4}, {5});
"""
TESTS = """
import os
import pytest
import sqlalchemy as sa
from own_schema import agent, workspace
from uuid import UUID

*numbers, unused = IDS
row, gone = numbers[2:] if os.environ.get("WRONG") else numbers[:2]
work = {
    "update": sa.update(workspace).where(workspace.c.id == row).values(name="b"),
    "delete": sa.delete(agent).where(agent.c.id == gone),
    "reference": sa.insert(agent).values(id=unused, workspace_id=row, name="c"),
    "rows": sa.select(workspace.c.id).where(workspace.c.id == row),
    "rows left": sa.delete(agent).where(agent.c.id == gone),
    "statement": sa.select(workspace.c.name).where(workspace.c.id == row),
}

@pytest.mark.seed("same")
@pytest.mark.parametrize("what", work)
def test_row(engine, golden, what):
    with engine.begin() as connection:
        result = connection.execute(work[what])
        if what == "rows left":
            result = connection.execute(sa.select(agent.c.id))
        if what.startswith("rows"):
            assert result == golden.rows
            return
    assert engine == (golden.sql if what == "statement" else golden.state)
"""
NUMBERS = range(10)
CHOSEN = [uuid.UUID(int=number << 8) for number in range(10)]
DRAWN = [uuid.UUID(int=number << 96 | 7 * number, version=4) for number in range(10)]


def write(project, ids):
    """Write a project whose rows have these keys; its seed names them as SQLAlchemy stores them on SQLite."""
    is_number = isinstance(ids[0], int)
    project.pytester.makepyfile(own_schema=SCHEMA.replace("KIND", "Integer" if is_number else "Uuid"))
    project.seed("same", SEED.format(*ids if is_number else (f"'{each.hex}'" for each in ids)))
    project.test(TESTS.replace("IDS", repr([ids[number] for number in (3, 1, 5, 2, 9)])))


@pytest.mark.parametrize("mode", ["savepoint", "connections"])
@pytest.mark.parametrize("dialect_name", ["sqlite", "postgresql"])
@pytest.mark.parametrize(
    "ids", [NUMBERS, CHOSEN, DRAWN], ids=["numbers", "chosen", "drawn and written into the seed"]
)
def test_the_wrong_row_fails(make_project, monkeypatch, dialect_name, mode, ids):
    monkeypatch.delenv("CI", raising=False)
    project = make_project(dialect_name)
    write(project, ids)
    options = ("-o", f"query_snapshot_isolation={mode}", "-o", "query_snapshot_metadata=own_schema:metadata")
    project.run("--snapshot-update", *options).assert_outcomes(passed=6)
    monkeypatch.setenv("WRONG", "yes")
    project.run(*options).assert_outcomes(failed=6)
    (golden,) = project.pytester.path.glob("__snapshots__/test_it/*reference*.state.md")
    assert "\n+ agent#4: workspace_id=workspace#1, name='c'\n" in golden.read_text()


def table(*keys, rows=None):
    columns = (Column("id", "integer", owner="team"),)
    return TableState(columns, (0,), {(key,): (key,) for key in keys} if rows is None else rows, {})


def test_ids_of_states_are_merged_by_kind():
    start = table(3, 5)
    later = table(rows=PatchedRows(start.rows, {(4,): (4,), (5,): (5,)}, removed=[(3,)]))
    states = {"team": start, "same": start, "later": later, "drawn": table(DRAWN[1]), "text": table("a")}
    assert State(states).ids() == {"team": [3, 4, 5]}
    assert State({"drawn": table(DRAWN[2], CHOSEN[1], DRAWN[1])}).ids(frozenset(DRAWN[:2])) == {
        "team": [CHOSEN[1], DRAWN[1]]
    }


@pytest.mark.parametrize(
    ("kind", "text", "label"),
    [
        (
            "state",
            "## it\n\n### team\n\n```diff\n~ team#1: name 'a' -> 'b'\n```\n\nunchanged: (none).\n",
            "state-changed",
        ),
        ("rows", "order: none\n\n| id integer | name text |\n|---|---|\n| team#1 | a |\n", "cell-changed"),
        ("rows", "order: none\n\n| id integer |\n|---|\n| team#1 |\n", "row-removed"),
    ],
)
def test_other_row_is_a_change_and_no_form(kind, text, label):
    changes = classify_golden(text, text.replace("team#1", "team#2"), kind=kind)
    assert changes[0].label == label
    assert "team#1" in changes[0].old


def test_other_row_shows_beside_other_changes():
    """A row that is another one is not accepted with the cause of the other changes."""
    state = "## it\n\n### team\n\n```diff\n~ team#1: name 'a' -> 'b'\n+ {}\n```\n\nunchanged: (none).\n"
    old, new = state.format("team#5: name='n'"), state.format("team#5: name='n', size=1").replace("#1", "#2")
    assert [change.new for change in classify_golden(old, new, kind="state")] == [
        "~ team#2: name 'a' -> 'b'",
        "+ team#5: name='n', size=1",
    ]
    head = "order: none\n\n| id integer | name text | size integer |\n|---|---|---|\n"
    rows = f"{head}| team#1 | a | 1 |\n| team#3 | b | {{}} |\n"
    old, new = rows.format(1), rows.format(2).replace("#1", "#2")
    assert [change.new for change in classify_golden(old, new, kind="rows")] == ["team#2", "2"]


IDS = {"team": [3, 5, 8], "place": [uuid.UUID(int=4), uuid.UUID(int=6)]}


def test_ids_of_other_rows_follow_those_at_the_start():
    identities = IdAliases(started=lambda: IDS)
    statements = IdAliases(identities)
    assert statements.alias_for(("team", 5), "team") == "team#2"
    assert statements.alias_for(("team", 6), "team") == "team#s1"
    assert identities.alias_for(("team", 9), "team") == "team#4"
    assert identities.alias_for(uuid.UUID(int=5), "place") == "place#3"
    assert identities.alias_for(("user", 9), "user") == "user#1"


def test_uuid_is_called_by_its_table_wherever_it_stands():
    assert IdAliases(started=lambda: IDS).alias_for(uuid.UUID(int=6), "record") == "place#2"


def test_ids_that_have_a_name_keep_it_and_others_are_numbered_by_appearance():
    identities = IdAliases()
    assert identities.alias_for(("team", 8), "team") == "team#1"
    identities.rank(IDS)
    assert [identities.alias_for(("team", value), "team") for value in (8, 5, 3)] == ["team#1", "team#2", "team#3"]
    assert identities.alias_for(uuid.UUID(int=6), "place") == "place#2"


@pytest.mark.parametrize("mode", ["savepoint", "connections"])
def test_ids_drawn_in_each_run_change_no_golden(make_project, mode):
    project = make_project("sqlite")
    project.pytester.makepyfile(
        own_schema=SCHEMA.replace("KIND", "Uuid"),
        conftest="""
from uuid import uuid4
from own_schema import workspace
from pytest_query_snapshot import seed

@seed("drawn")
def drawn(session):
    session.execute(workspace.insert(), [{"id": uuid4(), "name": name} for name in "abc"])
""",
    )
    project.test(
        """
import pytest
from own_schema import workspace

@pytest.mark.seed("drawn")
def test_row(session, golden):
    assert session.execute(workspace.select()) == golden.rows
    session.execute(workspace.update().where(workspace.c.name == "b").values(name="z"))
    assert session == golden.state
"""
    )
    options = ("-o", f"query_snapshot_isolation={mode}", "-o", "query_snapshot_metadata=own_schema:metadata")
    project.run("--snapshot-update", *options).assert_outcomes(passed=1)
    assert "~ workspace#2: name 'b' -> 'z'" in next(project.pytester.path.rglob("*.state.md")).read_text()
    for _ in range(3):
        project.run(*options).assert_outcomes(passed=1)


MAKING = """
import os
from uuid import uuid4
import pytest
import sqlalchemy as sa
from own_schema import metadata, workspace

wrong = bool(os.environ.get("WRONG"))

@pytest.fixture
def engine(engine, tmp_path):
    if "MODE" != "none":
        return engine
    own = sa.create_engine(f"sqlite:///{tmp_path}/own.db")
    metadata.create_all(own)
    return own

def test_rows(engine, golden):
    ids = MADE
    with engine.begin() as connection:
        connection.execute(workspace.insert(), [{"id": each, "name": "Same"} for each in ids])
        assert connection.execute(sa.select(workspace.c.id).where(workspace.c.id == ids[wrong])) == golden.rows

def test_state(engine, golden):
    ids = MADE
    with engine.begin() as connection:
        connection.execute(workspace.insert(), [{"id": each, "name": name} for each, name in zip(ids, "ab")])
    with golden.step("rename"), engine.begin() as connection:
        connection.execute(workspace.update().where(workspace.c.id == ids[wrong]).values(name="z"))
        connection.execute(workspace.update().where(workspace.c.id == ids[wrong]).values(name="a"))
    assert engine == golden.state

def test_statements(engine, golden):
    ids = MADE
    with engine.begin() as connection:
        connection.execute(workspace.insert(), [{"id": each, "name": "Same"} for each in ids])
        engine == golden("set-up").sql
        connection.execute(workspace.delete().where(workspace.c.id == ids[wrong]))
    assert engine == golden.sql
"""


NEW_NUMBERS, NEW_UUIDS = ("Integer", "[2, 4]"), ("Uuid", "[uuid4(), uuid4()]")


@pytest.mark.parametrize(
    ("made", "mode"),
    [
        (NEW_NUMBERS, "savepoint"),
        (NEW_NUMBERS, "connections"),
        (NEW_UUIDS, "savepoint"),
        (NEW_UUIDS, "connections"),
        (NEW_UUIDS, "none"),
    ],
    ids=lambda value: value if isinstance(value, str) else value[0],
)
def test_wrong_row_of_those_that_the_test_made_fails(make_project, monkeypatch, made, mode):
    """Rows that the test inserted itself differ by their keys, or by the order in which they were inserted."""
    project = make_project("sqlite")
    kind, ids = made
    project.pytester.makepyfile(own_schema=SCHEMA.replace("KIND", kind))
    project.test(MAKING.replace("MADE", ids).replace("MODE", mode))
    isolation = () if mode == "none" else ("-o", f"query_snapshot_isolation={mode}")
    options = (*isolation, "-o", "query_snapshot_metadata=own_schema:metadata")
    project.run("--snapshot-update", *options).assert_outcomes(passed=3)
    project.run(*options).assert_outcomes(passed=3)
    monkeypatch.setenv("WRONG", "yes")
    project.run(*options).assert_outcomes(failed=3)
