"""What a test leaves behind: open transactions, locks, threads, late writes, settings of pooled connections."""

from __future__ import annotations

import pytest

HEAD = """
import threading, time
import pytest, sqlalchemy as sa
from sqlalchemy.orm import Session
from shop_schema import agent, workspace

KEPT = []

@pytest.fixture(scope="session")
def own(database_url):
    return sa.create_engine(database_url)

def names(own):
    with own.connect() as connection:
        return connection.scalars(sa.select(workspace.c.name)).all()
"""
OPEN = """
def test_leaves(own):
    connection = own.connect()
    connection.execute(workspace.insert().values(name="uncommitted"))
    KEPT.append(connection)

def test_next(own):
    assert names(own) == []
    KEPT.pop().invalidate()
    with own.begin() as connection:
        connection.execute(workspace.insert().values(name="b"))
"""
RAW = """
def test_leaves(own):
    raw = own.raw_connection()
    raw.cursor().execute("INSERT INTO workspace (name) VALUES ('uncommitted')")
    KEPT.append(raw)

def test_next(own):
    assert names(own) == []
    KEPT.pop().invalidate()
"""
SCOPED = """
from sqlalchemy.orm import scoped_session, sessionmaker
registry = scoped_session(sessionmaker())

@pytest.mark.parametrize("n", range(3))
def test_never_closed(own, n):
    if not registry.registry.has():
        registry.configure(bind=own)
    assert registry.scalars(sa.select(workspace.c.name)).all() == []
    registry.execute(workspace.insert().values(name="a"))
    registry.commit()
    assert registry.scalars(sa.select(workspace.c.name)).all() == ["a"]
"""
LATE = """
STARTED, GO, DONE = threading.Event(), threading.Event(), threading.Event()

def test_leaves(own):
    def write():
        GO.wait(10)
        with own.begin() as connection:
            connection.execute(workspace.insert().values(name="late"))
        DONE.set()
    KEPT.append(threading.Thread(target=write, name="late-writer"))
    KEPT[0].start()

def test_next(own):
    GO.set()
    DONE.wait(10)

def test_last(own):
    assert names(own) == []
"""
BETWEEN = """
def test_writes_later(own, request):
    def write():
        with own.begin() as connection:
            connection.execute(workspace.insert().values(name="late"))
    request.config.late = write

def test_next(own):
    assert names(own) == []
"""
BETWEEN_CONFTEST = """
import pytest

@pytest.hookimpl(tryfirst=True)
def pytest_runtest_logfinish(nodeid, location):
    late = CONFIG.__dict__.pop("late", None)
    if late is not None:
        late()

def pytest_configure(config):
    global CONFIG
    CONFIG = config
"""
SETTINGS = """
def test_sets(own):
    with own.connect() as connection:
        connection.exec_driver_sql(SET)
        connection.commit()

def test_next(own):
    with own.connect() as connection:
        assert connection.exec_driver_sql(SHOW).scalar() != WRONG
"""
LOCK = """
def test_locks(own):
    with own.connect() as connection:
        connection.exec_driver_sql("SELECT pg_advisory_lock(1)")
        connection.commit()

def test_next(own):
    with own.connect() as connection, own.connect() as other:
        for each in (connection, other):
            assert each.exec_driver_sql("SELECT pg_try_advisory_xact_lock(1)").scalar()
            each.rollback()
"""
LAST_ID = """
@pytest.mark.parametrize("n", range(3))
def test_inserts(own, n):
    with own.begin() as connection:
        assert connection.exec_driver_sql("SELECT last_insert_rowid()").scalar() == 0
        connection.execute(workspace.insert().values(name="a"))
"""
FIRST_READ = """
@pytest.mark.parametrize("writes", [True, False, True, False])
def test_counters(own, writes):
    with own.begin() as connection:
        if writes:
            connection.execute(workspace.insert().values(name="a"))
        else:
            assert connection.exec_driver_sql("SELECT changes()").scalar() == 0
"""
DDL = """
def test_changes_structure(own):
    with own.begin() as connection:
        connection.exec_driver_sql("CREATE TABLE fresh (id int)")
        connection.exec_driver_sql("ALTER TABLE workspace ADD COLUMN more text")
        connection.execute(workspace.insert().values(name="a"))

def test_next(own):
    assert names(own) == []
    with own.connect() as connection:
        assert sorted(sa.inspect(connection).get_table_names()) == ["agent", "workspace"]
        assert len(sa.inspect(connection).get_columns("workspace")) == 2
"""


def test_transaction_left_open_is_ended_and_named(project):
    project.test(HEAD + OPEN)
    result = project.run()
    result.assert_outcomes(passed=2)
    result.stdout.fnmatch_lines(
        ["query-snapshot: test_it.py::test_leaves left a transaction open (*; it was ended"]
    )
    if project.database:
        result.stdout.fnmatch_lines(["*idle in transaction, last statement: INSERT INTO workspace*"])


def test_transaction_of_a_raw_connection_is_ended(project):
    project.test(HEAD + RAW)
    result = project.run()
    result.assert_outcomes(passed=2)
    result.stdout.fnmatch_lines(["*test_leaves left a transaction open*"])


def test_scoped_session_that_is_never_closed_stays_usable(project):
    project.test(HEAD + SCOPED)
    project.run().assert_outcomes(passed=3)


def test_thread_that_writes_in_the_next_test_is_named_and_undone(project):
    project.test(HEAD + LATE)
    result = project.run()
    result.assert_outcomes(passed=3)
    result.stdout.fnmatch_lines(["*test_leaves left the thread 'late-writer' running*"])


def test_write_between_two_tests_is_undone_and_names_the_first(project):
    project.pytester.makeconftest(BETWEEN_CONFTEST)
    project.test(HEAD + BETWEEN)
    result = project.run()
    result.assert_outcomes(passed=2)
    result.stdout.fnmatch_lines(["*test_writes_later wrote after its end*"])


def test_settings_of_pooled_connections_do_not_reach_the_next_test(project):
    facts = ("PRAGMA query_only = 1", "PRAGMA query_only", 1)
    if project.database:
        facts = ("SET search_path TO nowhere", "SHOW search_path", "nowhere")
    setup = "SET, SHOW, WRONG = {!r}, {!r}, {!r}\n".format(*facts)
    project.test(HEAD + setup + SETTINGS)
    project.run().assert_outcomes(passed=2)


def test_advisory_lock_of_a_pooled_connection_does_not_reach_the_next_test(project):
    if not project.database:
        pytest.skip("SQLite has none")
    project.test(HEAD + LOCK)
    project.run().assert_outcomes(passed=2)


def test_last_row_id_of_a_pooled_connection_does_not_reach_the_next_test(project):
    if project.database:
        pytest.skip("PostgreSQL has none")
    project.test(HEAD + LAST_ID)
    project.run().assert_outcomes(passed=3)


def test_first_read_of_a_counter_that_an_earlier_test_has_moved_is_refused(project):
    if project.database:
        pytest.skip("PostgreSQL has none")
    project.test(HEAD + FIRST_READ)
    result = project.run()
    result.assert_outcomes(passed=3, failed=1)
    result.stdout.fnmatch_lines(["*RefusedError: test_it.py:*: a counter of the connection: an earlier test*"])
    result.stdout.fnmatch_lines(["FAILED test_it.py::test_counters?False0?*"])


def test_ddl_is_undone(project):
    project.test(HEAD + DDL)
    project.run().assert_outcomes(passed=2)


BLIND = """
@pytest.mark.parametrize("statement", ["DROP EXTENSION plpgsql CASCADE", "ALTER EVENT TRIGGER {}_end DISABLE"])
def test_blinds(own, statement):
    with own.begin() as connection:
        connection.exec_driver_sql(statement.format("query_snapshot_keeper"))

def test_changes_structure(own):
    with own.begin() as connection:
        connection.exec_driver_sql("ALTER TABLE workspace ADD COLUMN more text")

def test_next(own):
    with own.connect() as connection:
        assert len(sa.inspect(connection).get_columns("workspace")) == 2
"""


def test_ddl_is_undone_after_a_test_that_dropped_what_finds_it(project):
    if not project.database:
        pytest.skip("SQLite has no event triggers")
    project.test(HEAD + BLIND)
    project.run("-p", "no:randomly").assert_outcomes(passed=4)


OTHER_CLIENT = """
import psycopg, sqlalchemy as sa

def other_client(url, statement):
    # not postgres: another test in this process may hold it as its isolated database
    url = sa.make_url(url).set(drivername="postgresql", database="template1").render_as_string(hide_password=False)
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(statement)

def test_meanwhile(engine, database_url):
    other_client(database_url, "CREATE DATABASE of_another_client TEMPLATE template0")
    with engine.begin() as connection:
        connection.exec_driver_sql("INSERT INTO workspace (name) VALUES ('x')")

def test_later(engine, database_url):
    other_client(database_url, "DROP DATABASE of_another_client")
"""


def test_change_of_a_shared_server_by_another_client_is_named_and_fails_no_test(make_project):
    project = make_project("postgresql")
    project.test(OTHER_CLIENT)
    result = project.run("--isolation=connections")
    result.assert_outcomes(passed=2)
    result.stdout.fnmatch_lines(
        ["*::test_meanwhile: a database of the server was changed while it ran, by it or by another client"]
    )
