"""What stands on the left of a golden names what is compared; everything else is refused."""

from __future__ import annotations

import pytest

HEAD = """
import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session, scoped_session, sessionmaker
from shop_schema import agent, metadata, workspace

OTHER = sa.create_engine("sqlite://", poolclass=sa.StaticPool)
metadata.create_all(OTHER)

def add(session, name):
    session.execute(sa.insert(workspace).values(name=name))
    session.commit()
"""


@pytest.fixture
def run(make_project, monkeypatch):
    monkeypatch.delenv("CI", raising=False)
    project = make_project("sqlite")

    def run_test(body, *args):
        project.test(HEAD + body)
        return project.run("--snapshot-update", *args)

    run_test.path = project.pytester.path
    return run_test


def golden(run, name):
    return (run.path / "__snapshots__" / "test_it" / name).read_text(encoding="utf-8")


REFUSED = [
    ('"text"', "sql", "sqlalchemy.text"),
    ("[1]", "sql", "hand over the session"),
    ("None", "sql", "hand over the session"),
    ('"anything"', "state", "hand over the session"),
    ("sa.select(agent)", "state", "hand over the session"),
    ("[1]", "changes", "hand over the session"),
    ("1", "plan", "hand over the query"),
    ('"anything"', "schema", "hand over the metadata"),
    ("sa.MetaData()", "schema", "import the modules of its tables"),
    ('sa.text(" ")', "sql", "it is empty"),
    ("session", "rows", "golden.state or golden.sql"),
    ("sa.select(agent)", "rows", "execute it"),
    ("session.execute(sa.insert(workspace).values(name='a'))", "rows", "returns no rows"),
]


@pytest.mark.parametrize(("left", "kind", "message"), REFUSED)
def test_left_side_that_says_nothing_is_refused_with_what_to_hand_over(run, left, kind, message):
    result = run(f"def test(session, golden):\n    assert {left} == golden.{kind}\n")
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines([f"E  *LeftSideError*{message}*"])
    result.stdout.no_fnmatch_line("*goldens/*.py:*")


def test_masked_array_on_the_left_is_refused(run):
    result = run(
        "def test(golden):\n    np = pytest.importorskip('numpy')\n"
        "    assert np.ma.array([1], mask=[True]) == golden.rows\n"
    )
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(["*compares its cells one by one; write `golden.rows == array`*"])


LEFT = {
    "session": "s",
    "scoped session": "scoped_session(sessionmaker(OTHER))",
    "engine": "OTHER",
    "connection": "s.connection()",
}


@pytest.mark.parametrize("left", LEFT.values(), ids=LEFT)
def test_left_side_names_its_database(run, left):
    result = run(
        "def test(session, golden):\n    with Session(OTHER) as s:\n        add(s, 'Acme')\n"
        f"        assert {left} == golden.state\n"
    )
    result.assert_outcomes(passed=1)
    assert "+ workspace#1: name='Acme'" in golden(run, "test.state.md")
    assert "INSERT INTO workspace" in golden(run, "test.sqlite.sql")


@pytest.mark.parametrize("kind", ["sql", "state"])
def test_another_engines_work_is_never_taken_for_nothing(run, kind):
    result = run(
        "def test(session, golden):\n    with Session(OTHER) as s: add(s, 'Acme')\n"
        f"    assert session == golden.{kind}\n"
    )
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(["E  *OtherDatabaseError: nothing was *on the database of the tests*sqlite://*"])


def test_rows_take_the_statements_of_every_database_and_name_each(run):
    result = run(
        "def test(session, golden):\n"
        "    rows = session.scalars(sa.select(workspace.c.id)).all()\n"
        "    with OTHER.connect() as other: rows = other.scalars(sa.select(agent.c.id)).all()\n"
        "    assert rows == golden\n"
    )
    result.assert_outcomes(passed=1)
    lines = (line.strip() for line in golden(run, "test.sqlite.sql").splitlines())
    assert [line for line in lines if line.startswith(("-- database", "FROM"))] == [
        "-- database: tests",
        "FROM workspace;",
        "-- database: sqlite",
        "FROM agent;",
    ]


def test_result_from_before_the_recording_is_refused(run):
    result = run(
        "@pytest.fixture\ndef result(session): return session.execute(sa.select(agent))\n"
        "def test(result, golden): assert result == golden\n"
    )
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(["E  *UnrecordedResultError*"])


COMPILED = """
STATEMENTS = {
    "select": sa.select(agent).where(agent.c.name.in_(["a", "b"]), agent.c.id == 3).limit(2),
    "insert": sa.insert(workspace).values(name="a"),
    "update": sa.update(workspace).values(name="b"),
    "ddl": sa.schema.CreateTable(agent),
    "text": sa.text("SELECT 1 FROM agent WHERE name = :name").bindparams(name="x"),
}

@pytest.mark.parametrize("name", STATEMENTS)
def test(golden, name):
    assert STATEMENTS[name] == golden.sql
"""


def test_statement_is_compiled_for_every_dialect_without_a_database(run):
    path = run.path / "pytest.ini"
    path.write_text(
        path.read_text() + "\nquery_snapshot_compile_dialects = sqlite postgresql mysql mssql oracle\n"
    )
    run(COMPILED).assert_outcomes(passed=5)
    run(COMPILED).assert_outcomes(passed=5)
    files = {each.name for each in (run.path / "__snapshots__" / "test_it").iterdir()}
    dialects = ("sqlite", "postgresql", "mysql", "mssql", "oracle")
    names = ("ddl", "insert", "select", "text", "update")
    assert files == {f"test[{name}].{dialect}.sql" for name in names for dialect in dialects}
    assert "IN (... 2" in golden(run, "test[select].postgresql.sql")
    assert "TOP" in golden(run, "test[select].mssql.sql")
    changed = run(COMPILED.replace('["a", "b"]', '["a", "c"]'), "--snapshot-details")
    changed.assert_outcomes(passed=5)
    changed.stdout.fnmatch_lines(["*5 updated*"])


def test_unknown_compile_dialect_stops_the_run(run):
    path = run.path / "pytest.ini"
    path.write_text(path.read_text() + "\nquery_snapshot_compile_dialects = orcale\n")
    result = run(COMPILED)
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines(["*orcale; known are sqlite*"])


@pytest.mark.parametrize("left", ["engine", "connection"])
def test_async_form_that_compares_by_itself_is_explained(run, left):
    result = run(
        "async def test(async_engine, golden):\n    async with async_engine.connect() as connection:\n"
        f"        assert {'async_engine' if left == 'engine' else left} == golden.sql\n"
    )
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines([f"E  *hand over its sync_{left}, or write golden.sql == ..*"])


def test_expression_that_makes_a_condition_of_equality_is_explained(run):
    result = run("def test(golden): assert sa.func.count() == golden.sql\n")
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(["E  *a count makes a condition of ==: select it, or write golden.sql == ..*"])
