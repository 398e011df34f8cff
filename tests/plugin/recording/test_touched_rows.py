"""A state that is read by the rows that were touched is the one that is read in full."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import replace

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from pytest_query_snapshot.databases.savepoint.transaction_rows import TransactionMark, TransactionTouchedRows
from pytest_query_snapshot.databases.servers import provisioning
from pytest_query_snapshot.databases.sqlite_touched_rows import SQLiteMark, SQLiteTouchedRows
from pytest_query_snapshot.recording.tables.changes import changes_between
from pytest_query_snapshot.recording.tables.patched_rows import PatchedRows
from pytest_query_snapshot.recording.tables.snapshots import StateReader, TableState
from pytest_query_snapshot.values.id_aliases import IdColumns
from pytest_query_snapshot.values.masks import Masks
from pytest_query_snapshot.values.table import Column

ROWS = 1_100
SCHEMA = (
    "CREATE TABLE keyed (id INTEGER PRIMARY KEY, name TEXT UNIQUE, n INTEGER)",
    "CREATE TABLE worded (id TEXT PRIMARY KEY, n INTEGER)",
    "CREATE TABLE paired (a INTEGER, b TEXT, n INTEGER, PRIMARY KEY (a, b))",
    "CREATE TABLE child (id INTEGER PRIMARY KEY, keyed_id INTEGER REFERENCES keyed ON DELETE CASCADE)",
    "CREATE TABLE keyless (n INTEGER)",
)
ONLY_SQLITE = (
    "CREATE TABLE backwards (id INTEGER PRIMARY KEY DESC, n INTEGER)",
    "CREATE TABLE clustered (id INTEGER PRIMARY KEY, n INTEGER) WITHOUT ROWID",
    "CREATE TABLE taken (rowid INTEGER PRIMARY KEY, oid TEXT, n INTEGER)",
)
SEEDS = (
    ("keyed", "i, 'name ' || i, i"),
    ("worded", "'word ' || i, i"),
    ("paired", "i, 'b', i"),
    ("child", "i, i"),
    ("keyless", "i"),
)
MORE_SEEDS = (("backwards", "5000 - i, i"), ("clustered", "i, i"), ("taken", "i, 'o', i"))
numbers = st.integers(-5, ROWS + 50)
texts = st.sampled_from(["x", "y" * 9000])
statements = st.one_of(
    st.builds("UPDATE keyed SET n = {} WHERE id BETWEEN {} AND {}".format, numbers, numbers, numbers),
    st.builds("UPDATE keyed SET name = '{}{}' WHERE id = {}".format, texts, numbers, numbers),
    st.builds("UPDATE keyed SET id = {} WHERE id = {}".format, st.integers(ROWS + 1, ROWS + 9), numbers),
    st.builds("DELETE FROM keyed WHERE id = {}".format, numbers),
    st.builds("INSERT INTO keyed VALUES ({}, 'new {}', 0)".format, numbers, numbers),
    st.builds("UPDATE worded SET n = {} WHERE n = {}".format, numbers, numbers),
    st.builds("DELETE FROM worded WHERE n BETWEEN {} AND {}".format, numbers, numbers),
    st.builds("UPDATE paired SET b = 'c' WHERE a = {}".format, numbers),
    st.builds("INSERT INTO keyless VALUES ({})".format, numbers),
    st.sampled_from(["DELETE FROM child", "SAVEPOINT a", "ROLLBACK TO a"]),
)  # fmt: skip
others = st.sampled_from(["backwards", "clustered", "taken"])
sqlite_statements = st.one_of(
    statements,
    st.builds("INSERT OR REPLACE INTO keyed VALUES ({}, 'name {}', 1)".format, numbers, numbers),
    st.builds("DELETE FROM {} WHERE n = {}".format, others, numbers),
    st.builds("UPDATE {} SET n = {} WHERE n < 3".format, others, numbers),
    st.sampled_from(["ALTER TABLE worded ADD COLUMN more TEXT", "CREATE INDEX later ON paired (n)"]),
)


def fill(connection, tables):
    for table, values in tables:
        connection.exec_driver_sql(
            f"INSERT INTO {table} WITH RECURSIVE c(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM c "
            f"WHERE i < {ROWS}) SELECT {values} FROM c"
        )


def executed(connection, statement):
    """Execute a statement unless it is refused, without losing the transaction."""
    if statement.startswith(("SAVEPOINT", "ROLLBACK")):
        connection.exec_driver_sql(statement)
        return
    connection.exec_driver_sql("SAVEPOINT one")
    try:
        connection.exec_driver_sql(statement)
    except sa.exc.DBAPIError:
        connection.exec_driver_sql("ROLLBACK TO one")
    connection.exec_driver_sql("RELEASE SAVEPOINT one")


def reader():
    return StateReader((), IdColumns(), masks=Masks())


def plain(state):
    return {
        name: (table.columns, table.key, dict(table.rows), dict(table.counts)) for name, table in state.items()
    }


@contextmanager
def undone(connection, *, begin="SAVEPOINT test", end="ROLLBACK TO test"):
    connection.exec_driver_sql(begin)
    connection.exec_driver_sql("SAVEPOINT a")
    try:
        yield connection.connection.driver_connection
    finally:
        connection.exec_driver_sql(end)


@pytest.fixture
def sqlite():
    engine = sa.create_engine("sqlite://", poolclass=sa.StaticPool)
    sa.event.listen(engine, "connect", lambda raw, _: setattr(raw, "isolation_level", None))
    with engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA foreign_keys = ON")
        for table in (*SCHEMA, *ONLY_SQLITE):
            connection.exec_driver_sql(table)
        fill(connection, (*SEEDS, *MORE_SEEDS))
        yield connection
    engine.dispose()


@pytest.fixture(scope="module")
def postgresql(postgresql_server):
    server = sa.make_url(postgresql_server.url)
    url = provisioning.create(server, "touched_rows")
    engine = sa.create_engine(url.set(drivername="postgresql+psycopg"))
    with engine.connect() as connection:
        for table in SCHEMA:
            connection.exec_driver_sql(table)
        fill(connection, SEEDS)
        yield connection
    engine.dispose()


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(writes=st.lists(sqlite_statements, min_size=1, max_size=6))
@example(writes=["DELETE FROM backwards WHERE n = 5"])
def test_state_by_pages_is_the_state_in_full(sqlite, writes):
    with undone(sqlite, begin="BEGIN", end="ROLLBACK") as raw:
        patching = reader()
        before = patching.read(sqlite)
        mark = SQLiteMark.of(raw, ("main",))
        for statement in writes:
            executed(sqlite, statement)
        found = patching.read(sqlite, since=before, touched=SQLiteTouchedRows(mark, raw))
        assert plain(found) == plain(reader().read(sqlite))


@pytest.mark.parametrize(
    "writes",
    [
        # the end of a long text lies on a page of its own, which the page of the row only names
        ["UPDATE worded SET n = replace(n, 'z', 'x') WHERE id = 'long'"],
        ["DROP TABLE child", "DROP TABLE keyless", SCHEMA[4], SCHEMA[3], "INSERT INTO child VALUES (1, 1)"],
        # not a page of either table differs, only that of the schema
        [f"ALTER TABLE {old} RENAME TO {new}" for old, new in (("first", "other"), ("second", "first"))],
    ],
    ids=["overflow", "tables that change places", "tables that change names"],
)
def test_state_after_a_change_that_pages_do_not_show_is_read_in_full(sqlite, writes):
    sqlite.exec_driver_sql("INSERT INTO worded VALUES ('long', printf('%09000dz', 1))")
    for table, step in (("first", 1), ("second", 2)):
        sqlite.exec_driver_sql(f"CREATE TABLE {table} (id INTEGER PRIMARY KEY, n INTEGER)")
        fill(sqlite, [(table, f"i, i * {step}")])
    with undone(sqlite, begin="BEGIN", end="ROLLBACK") as raw:
        patching = reader()
        before = patching.read(sqlite)
        mark = SQLiteMark.of(raw, ("main",))
        for statement in writes:
            executed(sqlite, statement)
        found = patching.read(sqlite, since=before, touched=SQLiteTouchedRows(mark, raw))
        assert plain(found) == plain(reader().read(sqlite))


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(writes=st.lists(statements, min_size=1, max_size=6))
def test_state_by_transaction_numbers_is_the_state_in_full(postgresql, writes):
    with undone(postgresql) as raw:
        patching = reader()
        before = patching.read(postgresql)
        mark = TransactionMark.of(raw, patching.large_tables(before))
        for statement in writes:
            executed(postgresql, statement)
        found = patching.read(postgresql, since=before, touched=TransactionTouchedRows(mark))
        assert plain(found) == plain(reader().read(postgresql))


@pytest.mark.parametrize(
    "statement",
    ["ALTER TYPE mood RENAME VALUE 'glad' TO 'happy'", "ALTER TABLE moody ALTER feeling TYPE text"],
)
def test_rows_that_read_otherwise_after_ddl_are_read_again(postgresql, statement):
    with undone(postgresql) as raw:
        postgresql.exec_driver_sql("CREATE TYPE mood AS ENUM ('glad')")
        postgresql.exec_driver_sql("CREATE TABLE moody (id int PRIMARY KEY, feeling mood)")
        fill(postgresql, [("moody", "i, 'glad'")])
        patching = reader()
        before = patching.read(postgresql)
        mark = TransactionMark.of(raw, patching.large_tables(before))
        postgresql.exec_driver_sql("SAVEPOINT later")
        postgresql.exec_driver_sql(statement)
        found = patching.read(postgresql, since=before, touched=TransactionTouchedRows(mark))
        assert plain(found) == plain(reader().read(postgresql))


def test_untouched_rows_are_not_read(sqlite):
    raw, patching = sqlite.connection.driver_connection, reader()
    before = patching.read(sqlite)
    mark = SQLiteMark.of(raw, ("main",))
    sqlite.exec_driver_sql("UPDATE keyed SET n = -1 WHERE id IN (3, 700)")
    found = patching.read(sqlite, since=before, touched=SQLiteTouchedRows(mark, raw))
    assert sorted(found["keyed"].rows.written) == [(3,), (700,)]
    assert found["worded"] is before["worded"]


def unpatched(state):
    return replace(state, rows=dict(state.rows))


keys = st.integers(0, 6).map(lambda number: (number,))
rows = st.dictionaries(keys, st.integers(0, 3))


@given(base=rows, first=rows, gone=st.frozensets(keys), second=rows)
def test_changes_of_patched_rows_are_those_of_plain_ones(base, first, gone, second):
    base, first, second = ({key: (*key, value) for key, value in each.items()} for each in (base, first, second))
    gone = [key for key in gone if key in base and key not in first]
    patches = [PatchedRows(base, first, gone), PatchedRows(base, second, ())]
    columns = (Column("id", None), Column("n", None))
    states = [TableState(columns, (0,), each, {}) for each in (base, *patches)]
    for before in states:
        for after in states:
            patched = changes_between(before, after)
            plainly = changes_between(
                *(TableState(columns, (0,), dict(each.rows), {}) for each in (before, after))
            )
            assert sorted(patched.signed()) == sorted(plainly.signed())
            assert (before.rows == after.rows) == (dict(before.rows) == dict(after.rows))
            assert len(after.rows) == len(dict(after.rows))


@pytest.mark.parametrize("mode", ["savepoint", "connections"])
@pytest.mark.parametrize("dialect_name", ["sqlite", "postgresql"])
def test_step_after_set_up_in_the_same_transaction_shows_its_rows(make_project, dialect_name, mode):
    project = make_project(dialect_name)
    rows = ", ".join(f"({number}, 'a')" for number in range(1, ROWS))
    project.seed("many", f"INSERT INTO workspace (id, name) VALUES {rows};")
    project.test(
        """
        import pytest
        from shop_schema import workspace

        @pytest.fixture
        def work(engine):
            with engine.connect() as connection:
                connection.execute(workspace.insert().values(id=5000, name="set-up"))
                yield connection

        @pytest.mark.seed("many")
        def test_change(work, golden):
            with golden.step("change"):
                work.execute(workspace.update().where(workspace.c.id == 7).values(name="b"))
                work.execute(workspace.delete().where(workspace.c.id == 8))
            assert work == golden.changes
        """
    )
    project.run(f"--isolation={mode}", "--snapshot-update").assert_outcomes(passed=1)
    text = (project.pytester.path / "__snapshots__/test_it/test_change.state.md").read_text()
    assert "~ workspace#7: name 'a' -> 'b'\n- workspace#8: name='a'\n" in text
    assert "set-up" not in text
