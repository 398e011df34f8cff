"""Seeds that are CSV, JSON or Python."""

from __future__ import annotations

import pytest

from pytest_query_snapshot.seeds.tables import statements_of_csv, statements_of_json

HEAD = """
import pytest
from sqlalchemy import text
"""
ROWS = (
    HEAD
    + """
@pytest.mark.seed({seeds})
@pytest.mark.parametrize("again", [1, 2])
def test_it(session, again):
    found = session.execute(text("SELECT id, name FROM workspace ORDER BY id")).all()
    assert found == {rows}
    session.execute(text("DELETE FROM workspace"))
    session.commit()
"""
)
ADDED = [(1, 'one, "two"'), (2, None), (3, "")]


def write(project, name, text):
    path = project.pytester.path / "fixtures_sql" / name
    path.parent.mkdir(exist_ok=True)
    path.write_text(text, encoding="utf-8")


def test_csv_fills_the_table_of_its_name(project):
    write(project, "workspace.csv", 'id,name\n1,"one, ""two"""\n2,\n3,""\n')
    project.test(ROWS.format(seeds='"workspace"', rows=ADDED))
    project.run().assert_outcomes(passed=2)


@pytest.mark.parametrize(
    "text",
    [
        '[{"id": 1, "name": "one, \\"two\\""}, {"id": 2, "name": null}, {"id": 3, "name": ""}]',
        '{"workspace": [{"id": 1, "name": "one, \\"two\\""}, {"id": 2}, {"id": 3, "name": ""}], "agent": []}',
    ],
)
def test_json_fills_the_tables_that_it_names(project, text):
    write(project, "workspace.json", text)
    project.test(ROWS.format(seeds='"workspace"', rows=ADDED))
    project.run().assert_outcomes(passed=2)


def test_error_in_a_row_names_the_line_of_the_file(project):
    write(project, "workspace.csv", "id,name\n1,a\n\n1,b\n")
    write(project, "agent.json", '[\n  {"id": 1, "workspace_id": 1},\n  {"id": 1, "workspace_id": 1}\n]')
    write(project, "more.csv", "id,name\n1,a,b\n")
    project.test(
        HEAD
        + """
@pytest.mark.seed("workspace")
def test_csv(session): pass
@pytest.mark.seed("one", "agent")
def test_json(session): pass
@pytest.mark.seed("more")
def test_cells(session): pass
"""
    )
    project.seed("one", "INSERT INTO workspace VALUES (1, 'a');")
    result = project.run()
    result.assert_outcomes(errors=3)
    for line in (
        "workspace.csv:4: *(nothing is loaded)",
        "agent.json:3: *",
        "more.csv:2: has 3 cells for 2 columns*",
    ):
        result.stdout.fnmatch_lines([f"*fixtures_sql/{line}*"])


@pytest.mark.parametrize(("dialect_name", "value"), [("sqlite", 1), ("postgresql", True)])
def test_truths_of_csv_are_truths_of_the_column(make_project, dialect_name, value):
    project = make_project(dialect_name)
    project.pytester.makepyfile(
        shop_schema="""
import sqlalchemy as sa
metadata = sa.MetaData()
sa.Table("flag", metadata, sa.Column("yes", sa.Boolean), sa.Column("word", sa.Text))
"""
    )
    write(project, "flag.csv", "yes,word\ntrue,true\n")
    project.test(
        HEAD
        + f"""
@pytest.mark.seed("flag")
def test_it(session):
    assert session.execute(text("SELECT yes, word FROM flag")).all() == [({value}, "true")]
"""
    )
    project.run().assert_outcomes(passed=1)


PYTHON = """
from shop_schema import workspace
from pytest_query_snapshot import seed
import sqlalchemy as sa

CALLS = []

@seed("two")
def make_two(session):
    CALLS.append("two")
    session.execute(sa.insert(workspace), [{"name": "one"}, {"name": "two"}])
    session.commit()

@seed(requires=["two", "three"])
def everything(session):
    assert session.scalar(sa.select(sa.func.count()).select_from(workspace)) == 3
    session.execute(sa.update(workspace).values(name="all"))

@seed()
def undone(session):
    session.execute(sa.insert(workspace).values(name="kept"))
    session.commit()
    session.execute(sa.insert(workspace).values(name="lost"))
    session.rollback()
    session.execute(sa.insert(workspace).values(name="added"))

@seed()
def broken(session):
    session.execute(sa.insert(workspace).values(name="x"))
    raise LookupError("no such factory")
"""


def test_python_seed_runs_once_for_each_set_and_is_kept(project):
    project.pytester.makeconftest(PYTHON)
    project.seed("three", "INSERT INTO workspace (id, name) VALUES (3, 'three');")
    project.test(
        HEAD
        + """
def names(session):
    return session.execute(text("SELECT name FROM workspace ORDER BY id")).scalars().all()

@pytest.mark.seed("two")
@pytest.mark.parametrize("again", [1, 2, 3])
def test_two(session, again):
    assert names(session) == ["one", "two"]
    assert session.scalar(text("INSERT INTO workspace (name) VALUES ('c') RETURNING id")) == 3
    session.commit()

def test_calls(pytestconfig):
    conftest = next(one for one in pytestconfig.pluginmanager.get_plugins() if hasattr(one, "CALLS"))
    assert conftest.CALLS == ["two"]

@pytest.mark.seed("everything")
def test_requires(session):
    assert names(session) == ["all"] * 3

@pytest.mark.seed("undone")
def test_rolled_back(session):
    assert names(session) == ["kept", "added"]

def test_empty(session):
    assert names(session) == []
"""
    )
    project.run().assert_outcomes(passed=7)


def test_python_seed_that_raises_is_named_and_leaves_nothing(project):
    project.pytester.makeconftest(PYTHON)
    project.test(
        HEAD
        + """
@pytest.mark.seed("broken")
def test_broken(session): pass
def test_next(session): assert session.scalar(text("SELECT count(*) FROM workspace")) == 0
"""
    )
    result = project.run()
    result.assert_outcomes(passed=1, errors=1)
    result.stdout.fnmatch_lines(["*conftest.py:26: seed 'broken' raised LookupError: no such factory (nothing*"])


def test_two_seeds_of_one_name_are_ambiguous(project):
    project.pytester.makeconftest(PYTHON)
    project.seed("two", "SELECT 1;")
    project.test(HEAD + '\n@pytest.mark.seed("two")\ndef test_it(session): pass\n')
    result = project.run()
    result.assert_outcomes(errors=1)
    result.stdout.fnmatch_lines(["*seed 'two' is ambiguous: conftest.py and fixtures_sql/two.sql*"])


def test_csv_without_rows_and_last_line_without_an_end():
    assert list(statements_of_csv("a,b\n", table="t", shown="t.csv", dialect_name="sqlite")) == []
    (only,) = statements_of_csv("a,b\n1,", table="s.t", shown="t.csv", dialect_name="postgresql")
    assert only.text == """INSERT INTO "s"."t" ("a", "b") VALUES ('1', NULL)"""


def test_json_of_nested_values_is_a_text():
    (only,) = statements_of_json(
        """[{"a": {"b": ["it's"]}, "c": 1.5, "d": true}]""", table="t", shown="t.json", dialect_name="sqlite"
    )
    assert only.text.endswith("""VALUES ('{"b": ["it''s"]}', 1.5, TRUE)""")
