"""Plan goldens: what they say in words, and that a lost index fails them, whatever the rows, on both databases."""

from __future__ import annotations

import sqlite3

import pytest
import sqlalchemy as sa

from pytest_query_snapshot.databases.plans import plan_of
from pytest_query_snapshot.goldens.formats.plan import agrees_by_words, classify_plan, in_words, render
from pytest_query_snapshot.values.id_aliases import IdAliases

SQLITE = {
    "SEARCH run USING INDEX ix_run (a=?)": "run: only rows found by ix_run",
    "SEARCH run USING COVERING INDEX ix_run (a=?)": "run: only rows found by ix_run, from the index alone",
    "SEARCH run USING INTEGER PRIMARY KEY (rowid=?)": "run: only rows found by its primary key",
    "SEARCH run USING AUTOMATIC COVERING INDEX (a=?)": (
        "run: only rows found by an index made for this query, from the index alone"
    ),
    "SCAN run": "run: every row",
    "SCAN run USING INDEX ix_run": "run: every row, in the order of ix_run",
    "CO-ROUTINE made\n  SCAN run\nSCAN made": "run: every row",
    "SCAN 4 CONSTANT ROWS": "no table is read",
    "SCAN CONSTANT ROW": "no table is read",
    "SCAN edge VIRTUAL TABLE INDEX 1:": "no table is read",
    "SEARCH run USING PRIMARY KEY (a=?)": "run: only rows found by its primary key",
    "SEARCH run EXISTS USING INDEX ix_run (a=? AND ANY(b)) LEFT-JOIN": "run: only rows found by ix_run",
    "CO-ROUTINE made of it\n  SCAN run\nSCAN made of it": "run: every row",
    "SCAN run\nSEARCH team USING INDEX ix_t (id=?)\nSCAN run": "run: every row\nteam: only rows found by ix_t",
}
POSTGRESQL = {
    "Seq Scan on run\n  Filter: (a = 1)": "run: every row",
    "Index Scan using ix_run on run\n  Index Cond: (a = 1)": "run: only rows found by ix_run",
    "Index Only Scan using ix_run on run r\n  Index Cond: (a = 1)": (
        "run: only rows found by ix_run, from the index alone"
    ),
    "Index Scan Backward using ix_run on run": "run: every row, in the order of ix_run",
    "Limit\n  ->  Index Scan using ix_a on run\n  ->  Index Scan using ix_b on team\n        Index Cond: (b)": (
        "run: every row, in the order of ix_a\nteam: only rows found by ix_b"
    ),
    "Bitmap Heap Scan on run\n  ->  Bitmap Index Scan on ix_run\n        Index Cond: (a = 1)": (
        "run: only rows found by ix_run"
    ),
    'Index Scan using "ix of it" on "a ""b""" r\n  Index Cond: (a)': '"a ""b""": only rows found by "ix of it"',
    'Bitmap Heap Scan on "a run"\n  ->  Bitmap Index Scan on "ix of it"\n        Index Cond: (a = 1)': (
        '"a run": only rows found by "ix of it"'
    ),
    'Seq Scan on "a run" r': '"a run": every row',
    "Result": "no table is read",
}


@pytest.mark.parametrize(("plan", "words"), [*SQLITE.items(), *POSTGRESQL.items()])
def test_a_plan_in_words(plan, words):
    assert in_words(plan) == words


@pytest.mark.parametrize(
    "key", ["INTEGER PRIMARY KEY)", "TEXT PRIMARY KEY)", "INT, PRIMARY KEY (a, b)) WITHOUT ROWID"]
)
@pytest.mark.parametrize("name", ["run", "a run", "order-items", "run (old)", "Größe", "USING INDEX", "SCAN run"])
def test_words_and_classes_show_a_lost_index_of_any_table(name, key):
    connection = sqlite3.connect(":memory:", cached_statements=0)
    connection.execute(f'CREATE TABLE "{name}" (b INT, c INT, a {key}')
    query = f'EXPLAIN QUERY PLAN SELECT * FROM "{name}" WHERE c = 1'
    plans = []
    for index in (f'CREATE INDEX "{name} by c" ON "{name}" (c)', f'DROP INDEX "{name} by c"'):
        connection.execute(index)
        plans.append("\n".join(line for *_, line in connection.execute(query)))
    words = [in_words(plan).removesuffix(", from the index alone") for plan in plans]
    assert words == [f"{name}: only rows found by {name} by c", f"{name}: every row"]
    goldens = [golden_of(plan, "sqlite 3.40") for plan in plans]
    assert {change.label for change in classify_plan(*goldens)} == {"index-removed", "full-scan-added"}
    (by_key,) = connection.execute(query.replace("c = 1", "a = 1 AND b = 1")).fetchall()
    assert in_words(by_key[-1]).startswith(f"{name}: only rows found by ")


def test_plan_is_new_after_an_index_is_dropped_on_the_same_connection():
    with sa.create_engine("sqlite://").connect() as connection:
        connection.exec_driver_sql("CREATE TABLE run (a INT)")
        connection.exec_driver_sql("CREATE INDEX by_a ON run (a)")
        by_index = plan_of(connection, "SELECT * FROM run WHERE a = 1")
        connection.exec_driver_sql("DROP INDEX by_a")
        assert "by_a" in by_index.text
        assert "by_a" not in plan_of(connection, "SELECT * FROM run WHERE a = 1").text


def golden_of(plan, planner):
    return render(plan, IdAliases(), planner=planner)


def agrees(old, new, *, planners=("sqlite 3.40", "sqlite 3.53")):
    return agrees_by_words(golden_of(old, planners[0]), golden_of(new, planners[1]))


BY_INDEX = "SEARCH run USING INDEX ix_run (a=?)"


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("MATERIALIZE made\n  SCAN run\nSCAN made", "CO-ROUTINE made\n  SCAN run\nSCAN made"),
        (BY_INDEX, "SEARCH run USING COVERING INDEX ix_run (a=?)"),
        (BY_INDEX, "SEARCH run EXISTS USING INDEX ix_run (a=?)"),
        ("SCAN run", "SEARCH run USING AUTOMATIC COVERING INDEX (a=?)"),
        (f"SCAN run\n{BY_INDEX}", BY_INDEX),
    ],
)
def test_plans_of_two_planners_agree_by_words(old, new):
    assert agrees(old, new)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (BY_INDEX, "SCAN run"),
        (BY_INDEX, "SEARCH run USING INDEX ix_other (a=?)"),
        (BY_INDEX, f"{BY_INDEX}\nSCAN team"),
        (f"{BY_INDEX}\nSCAN team", BY_INDEX),
    ],
)
def test_plans_of_two_planners_disagree_by_words(old, new):
    assert not agrees(old, new)


def test_plans_of_one_planner_are_not_compared_by_words():
    assert not agrees(BY_INDEX, BY_INDEX, planners=("sqlite 3.40", "sqlite 3.40"))


TESTS = """
import os
import sqlite3

import pytest
import sqlalchemy as sa
from shop_schema import agent
from pytest_query_snapshot.databases.plans import plan_of

ONE = sa.select(agent.c.name).where(agent.c.workspace_id == 1)

def make_index(connection):
    if "WITHOUT" not in os.environ:
        connection.exec_driver_sql("CREATE INDEX ix_agent_workspace ON agent (workspace_id)")

def add_agents(connection):
    connection.exec_driver_sql("INSERT INTO workspace (id, name) VALUES (1, 'Acme'), (2, 'Globex')")
    rows = [{"id": n, "workspace_id": 1 + (n > 3), "name": f"{n:0>200}"} for n in range(int(os.environ["ROWS"]))]
    connection.execute(sa.insert(agent), rows)

def test_few_rows(session, golden):
    make_index(session.connection())
    add_agents(session.connection())
    assert ONE == golden.plan
    assert "SELECT name FROM agent WHERE workspace_id = 1" == golden.plan("text")

def test_pinned(scratch_database, golden):
    with scratch_database.engine().connect() as connection:
        make_index(connection)
        add_agents(connection)
        connection.exec_driver_sql("ANALYZE")
        if connection.dialect.name == "sqlite":
            connection.exec_driver_sql("DELETE FROM sqlite_stat1")
            connection.exec_driver_sql("INSERT INTO sqlite_stat1 VALUES ('agent', 'ix_agent_workspace', '1000 5')")
            connection.exec_driver_sql("ANALYZE sqlite_schema")
        plan = plan_of(connection, ONE)
    assert plan == golden.plan
"""
FOUND = "agent: only rows found by ix_agent_workspace\n\n"


@pytest.fixture(params=["sqlite", "postgresql"])
def project(request, make_project, monkeypatch):
    monkeypatch.delenv("CI", raising=False)
    monkeypatch.setenv("ROWS", "2000")
    project = make_project(request.param)
    project.dialect = request.param
    project.test(TESTS)
    project.run("--snapshot-update").assert_outcomes(passed=2)
    return project


def goldens(pytester):
    folder = pytester.path / "__snapshots__" / "test_it"
    return {path.name: path.read_text(encoding="utf-8") for path in sorted(folder.iterdir())}


def test_the_words_stand_above_the_plan(project, pytester):
    written = goldens(pytester)
    assert set(written) == {
        f"{name}.{project.dialect}.plan.txt" for name in ("test_few_rows", "test_few_rows-text", "test_pinned")
    }
    version = sqlite3.sqlite_version.rpartition(".")[0]
    if project.dialect == "postgresql":
        version = next(iter(written.values())).partition("\n")[0].rpartition(" ")[2]
        assert 14 <= int(version) < 30
    assert all(text.startswith(f"planner: {project.dialect} {version}\n") for text in written.values())
    assert all(text.partition("\n\n")[2].startswith(FOUND) for text in written.values())
    assert all(text.count("ix_agent_workspace") > 1 for text in written.values())
    project.run().assert_outcomes(passed=2)


def test_a_lost_index_fails(project, monkeypatch):
    monkeypatch.setenv("WITHOUT", "1")
    result = project.run()
    result.assert_outcomes(failed=2)
    result.stdout.fnmatch_lines(["*-agent: only rows found by ix_agent_workspace*", "*+agent: every row*"])


def test_without_statistics_the_number_of_rows_decides_nothing(project, monkeypatch):
    monkeypatch.setenv("ROWS", "4")
    project.run("-k", "few_rows").assert_outcomes(passed=1)


def test_pinned_statistics_decide(project, monkeypatch):
    monkeypatch.setenv("ROWS", "4")  # ANALYZE tells PostgreSQL; SQLite still believes what was written
    result = project.run("-k", "pinned")
    if project.dialect == "sqlite":
        result.assert_outcomes(passed=1)
    else:
        result.assert_outcomes(failed=1)
        result.stdout.fnmatch_lines(["*+agent: every row*"])


def test_a_golden_of_another_planner_is_compared_by_words(project, pytester, monkeypatch):
    (golden,) = pytester.path.glob("__snapshots__/test_it/test_few_rows.*.plan.txt")
    text = golden.read_text()
    planner = text.partition("\n")[0]
    golden.write_text(text.replace(planner, "planner: other 1").rstrip() + " in another way\n")
    result = project.run("-k", "few_rows")
    result.assert_outcomes(passed=1)
    result.stdout.fnmatch_lines(["*1 golden of another planner version compared by the tables and indexes*"])
    monkeypatch.setenv("WITHOUT", "index")
    project.run("-k", "few_rows").assert_outcomes(failed=1)


@pytest.mark.parametrize("dialect_name", ["sqlite", "postgresql"])
def test_plan_is_read_on_the_database_of_real_connections(make_project, dialect_name):
    project = make_project(dialect_name)
    project.test(
        """
        import sqlalchemy as sa
        from shop_schema import agent

        def test_it(engine, golden):
            assert sa.select(agent).where(agent.c.name == "ada") == golden.plan
        """
    )
    project.run("--isolation=connections", "--snapshot-update").assert_outcomes(passed=1)
    (plan,) = (project.pytester.path / "__snapshots__/test_it").glob("test_it.*.plan.txt")
    assert "agent: only rows found by" in plan.read_text("utf-8")


@pytest.mark.parametrize(
    "plans", [("SCAN run\n", "planner: sqlite 3\n\nrun: every row\n\nSCAN run\n"), ("SCAN run\n",) * 2]
)
def test_plan_without_its_planner_never_agrees_by_words(plans):
    assert not agrees_by_words(*plans)
    assert not agrees_by_words(*reversed(plans))
