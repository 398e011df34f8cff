"""Whole sessions: failures, leaks, worker processes, and what a run leaves behind."""

from __future__ import annotations

import sqlite3
import time

import psycopg
import pytest
import sqlalchemy as sa

from pytest_query_snapshot.databases.schema import catalog
from pytest_query_snapshot.databases.servers.server import connect_arguments

HEAD = """
import os, signal, threading, time
import pytest
from sqlalchemy import text

def add(session, name="x"):
    session.execute(text("INSERT INTO workspace (name) VALUES (:name)"), {"name": name})

def count(session):
    return session.scalar(text("SELECT count(*) FROM workspace"))
"""
CLEAN = """
def test_clean(session):
    assert count(session) == 0
"""


@pytest.fixture(params=["sqlite", "postgresql"])
def project(request, make_project):
    return make_project(request.param)


def test_failing_test_is_undone(project):
    project.test(
        HEAD
        + """
def test_fails(session):
    add(session)
    session.commit()
    assert False

def test_breaks_the_transaction(session):
    session.execute(text("SELECT * FROM no_such_table"))
"""
        + CLEAN
    )
    project.run().assert_outcomes(passed=1, failed=2)


def test_test_cut_off_by_a_timeout_is_undone(project):
    project.test(
        HEAD
        + """
@pytest.mark.timeout(0.3, method="signal", func_only=True)
def test_hangs(session, isolated_database):
    add(session)
    session.commit()
    add(session)
    if isolated_database.dialect_name == "postgresql":
        session.execute(text("SELECT pg_sleep(30)"))
    time.sleep(30)
"""
        + CLEAN
    )
    began = time.monotonic()
    result = project.run()
    result.assert_outcomes(passed=1, failed=1)
    result.stdout.fnmatch_lines(["*Timeout*"])
    assert time.monotonic() - began < 15


LEAK = """
def test_leaks(session, isolated_database):
    add(session)
    session.commit()
    real = session.connection().connection.driver_connection.real
    real.execute("COMMIT")  # past everything
"""


@pytest.mark.parametrize("database", ["sqlite", "url", "server"])
def test_leak_is_named_and_the_next_test_is_clean(make_project, database):
    project = make_project("postgresql" if database == "url" else "sqlite")
    project.test(HEAD + LEAK + CLEAN)
    result = project.run(*(["--database=postgresql"] if database == "server" else []))
    result.assert_outcomes(passed=2, errors=1)
    result.stdout.fnmatch_lines(["*test_it.py::test_leaks escaped its isolation*"])
    result.stdout.no_fnmatch_line("query-snapshot: *is not as it was*")
    assert result.ret == pytest.ExitCode.TESTS_FAILED


def test_connection_that_is_lost_between_two_tests_is_named_and_replaced(make_project):
    project = make_project("sqlite")
    project.test(
        HEAD
        + """
import psycopg
from pytest_query_snapshot.databases.servers.server import connect_arguments

def test_writes(session, isolated_database):
    add(session)
    raw = session.connection().connection.driver_connection.real
    globals().update(process=raw.info.backend_pid, url=isolated_database._database._url)

def test_kills():
    with psycopg.connect(**connect_arguments(url), autocommit=True) as other:
        other.execute("SELECT pg_terminate_backend(%s)", (process,))
        while other.execute("SELECT 1 FROM pg_stat_activity WHERE pid = %s", (process,)).fetchone():
            time.sleep(0.01)

def test_next(session):
    pass
"""
        + CLEAN
    )
    result = project.run("--database=postgresql")
    result.assert_outcomes(passed=3, errors=1)
    result.stdout.fnmatch_lines(["*the transaction that held the test before is gone*"])


def test_leak_into_a_database_that_held_rows_stops_the_run(make_project, request):
    project = make_project("postgresql")
    url = connect_arguments(sa.make_url(request.getfixturevalue("postgresql_url")))
    with psycopg.connect(**url, autocommit=True) as raw:
        raw.execute("CREATE TABLE kept (id int)")
    project.test(HEAD + LEAK + CLEAN)
    result = project.run()
    result.assert_outcomes(passed=1, errors=2)
    result.stdout.fnmatch_lines(["*has to be restored first*a test has committed to this database*"])


def test_sequence_of_a_given_database_is_not_set_below_a_committed_row(make_project, request):
    project = make_project("postgresql")
    url = connect_arguments(sa.make_url(request.getfixturevalue("postgresql_url")))
    with psycopg.connect(**url, autocommit=True) as raw:
        raw.execute("CREATE TABLE kept (id serial PRIMARY KEY, name text)")
    project.test(
        HEAD
        + """
import psycopg

def test_others_write(session, isolated_database):
    session.execute(text("INSERT INTO kept (name) VALUES ('mine')"))
    real = session.connection().connection.driver_connection.real
    code = "import psycopg, sys; c = psycopg.connect(sys.argv[1], autocommit=True); " \\
        "c.execute('INSERT INTO kept (name) VALUES (%s)', ['other'])"
    import subprocess, sys
    subprocess.run([sys.executable, "-W", "ignore", "-c", code, real.info.dsn], check=True, timeout=30)
"""
    )
    project.run()
    with psycopg.connect(**url, autocommit=True) as raw:
        (highest,) = raw.execute("SELECT max(id) FROM kept").fetchone()
        assert raw.execute("SELECT nextval('kept_id_seq')").fetchone() == (highest + 1,)


def test_role_that_may_not_read_a_table_gets_a_warning(make_project, request):
    project = make_project("postgresql")
    given = sa.make_url(request.getfixturevalue("postgresql_url"))
    with psycopg.connect(**connect_arguments(given), autocommit=True) as raw:
        raw.execute("CREATE TABLE secret (id serial); CREATE SCHEMA closed; CREATE TABLE closed.t (id int)")
        raw.execute(
            "DROP ROLE IF EXISTS visitor; CREATE ROLE visitor LOGIN; GRANT ALL ON SCHEMA public TO visitor"
        )
    project.test(HEAD + CLEAN)
    result = project.pytester.runpytest_inprocess(
        f"--database-url={given.set(username='visitor').render_as_string(hide_password=False)}"
    )
    with psycopg.connect(**connect_arguments(given), autocommit=True) as raw:
        raw.execute("DROP OWNED BY visitor; DROP ROLE visitor")
    result.assert_outcomes(passed=1)
    result.stdout.fnmatch_lines(
        [
            "*does not cover schema closed: this role can't*",
            "*does not cover public.secret: this role can't*",
            "*this role can't set public.secret_id_seq: *",
        ]
    )


def test_thread_that_outlives_its_test_is_named(project):
    project.test(
        HEAD
        + """
from sqlalchemy.orm import Session
go_on = threading.Event()
done = threading.Event()

def work(engine):
    with Session(engine) as own:
        go_on.wait(10)
        try:
            add(own)
        except Exception:
            pass
        done.set()

def test_starts_a_thread(engine):
    threading.Thread(target=work, args=(engine,), name="straggler", daemon=True).start()

def test_next(session):
    go_on.set()
    assert done.wait(10)
    assert count(session) == 0
"""
    )
    result = project.run()
    result.stdout.fnmatch_lines(["query-snapshot: test_it.py::test_starts_a_thread: thread 'straggler' *"])
    assert result.ret == pytest.ExitCode.TESTS_FAILED


def test_sync_driver_in_place_of_an_async_one_is_noted_once(make_project):
    project = make_project("postgresql")
    project.test(HEAD + "\nasync def test_one(async_session): pass\nasync def test_two(async_session): pass\n")
    result = project.run()
    result.assert_outcomes(passed=2)
    assert result.stdout.str().count("async_engine stood on psycopg's sync connection") == 1


@pytest.mark.parametrize("workers", [(), ("-n", "1")])
def test_leak_into_the_given_database_is_found_at_the_end(make_project, workers):
    project = make_project("postgresql")
    project.test(
        HEAD
        + """
def test_leaks(session, isolated_database):
    import subprocess, sys
    real = session.connection().connection.driver_connection.real
    code = "import psycopg, sys\\n" \\
        "psycopg.connect(sys.argv[1], autocommit=True).execute('CREATE TABLE leaked (id int)')"
    subprocess.run([sys.executable, "-W", "ignore", "-c", code, real.info.dsn], check=True)
"""
    )
    result = project.run(*workers)
    result.stdout.fnmatch_lines(["query-snapshot: database *is not as it was before the first test*"])
    assert result.ret == pytest.ExitCode.TESTS_FAILED


def test_given_postgresql_database_is_left_as_it_was(make_project, request):
    project = make_project("postgresql")
    url = connect_arguments(sa.make_url(request.getfixturevalue("postgresql_url")))
    with psycopg.connect(**url, autocommit=True) as raw:
        raw.execute("CREATE TABLE workspace (id serial PRIMARY KEY, name text)")
        raw.execute("INSERT INTO workspace (name) VALUES ('kept')")
        before = catalog.digest(raw), catalog.sequences(raw)
    project.test(
        HEAD
        + """
def test_sees_the_rows_and_adds(session):
    add(session)
    session.commit()
    session.execute(text("DROP TABLE agent"))
    assert count(session) == 2
"""
    )
    project.run().assert_outcomes(passed=1)
    with psycopg.connect(**url, autocommit=True) as raw:
        assert (catalog.digest(raw), catalog.sequences(raw)) == before


def test_a_test_costs_postgresql_one_message_beside_its_own(make_project):
    project = make_project("postgresql")
    project.test(
        HEAD
        + """
from pytest_query_snapshot.databases.savepoint.postgresql_link import PostgreSQLLink

def test_messages(isolated_database, monkeypatch):
    messages = []
    command, send = PostgreSQLLink.command, PostgreSQLLink.send
    monkeypatch.setattr(PostgreSQLLink, "command", lambda *given: messages.append(given[1]) or command(*given))
    monkeypatch.setattr(PostgreSQLLink, "send", lambda *given: messages.append(given[1]) or send(*given))
    isolated_database.end_test()
    isolated_database.begin_test(isolated_database.seed_set, test="another")
    with isolated_database.engine.connect() as connection:
        connection.execute(text("SELECT 1"))
    assert [message.partition(";")[0] for message in messages] == [
        "ROLLBACK TO SAVEPOINT query_snapshot_seeds_0", "ROLLBACK TO SAVEPOINT query_snapshot_0"
    ]
"""
    )
    project.run().assert_outcomes(passed=1)


CONNECTS = """
import sqlite3
import psycopg
import sqlalchemy as sa
from pytest_query_snapshot.errors import ForeignConnectionError

URL = {url!r}
WAYS = {{
    "engine": lambda: sa.create_engine(URL).connect(),
    "driver": lambda: sqlite3.connect(sa.make_url(URL).database) if URL.startswith("sqlite") else
        psycopg.connect(sa.make_url(URL).set(drivername="postgresql").render_as_string(hide_password=False)),
}}
for name in () if URL.startswith("sqlite") else ("psycopg2", "asyncpg"):
    other = sa.make_url(URL).set(drivername="postgresql+" + name)
    WAYS[name] = lambda url=other: sa.create_engine(url).connect()

@pytest.mark.parametrize("way", list(WAYS))
def test_refused(session, way):
    with pytest.raises(ForeignConnectionError, match=r"test_it\\.py:\\d+: connects to"):
        WAYS[way]()

def test_elsewhere(session):
    sqlite3.connect(":memory:").close()
    sqlite3.connect("other.db").close()
"""


def test_connections_past_the_engine_are_refused(make_project, request):
    project = make_project("postgresql")
    project.test(HEAD + CONNECTS.format(url=request.getfixturevalue("postgresql_url")))
    project.run().assert_outcomes(passed=5)


def test_connections_past_the_engine_to_the_given_file_are_refused(make_project):
    project = make_project("sqlite")
    sqlite3.connect(project.pytester.path / "shop.db").close()
    project.test(HEAD + CONNECTS.format(url="sqlite:///shop.db"))
    project.run("--database-url=sqlite:///shop.db").assert_outcomes(passed=3)
    assert (project.pytester.path / "shop.db").stat().st_size == 0


def test_given_sqlite_file_is_left_as_it_was(make_project):
    project = make_project("sqlite")
    path = project.pytester.path / "shop.db"
    with sqlite3.connect(path) as raw:
        raw.executescript(
            "CREATE TABLE workspace (id INTEGER PRIMARY KEY, name TEXT); INSERT INTO workspace VALUES (1, 'k');"
        )
    raw.close()
    before = path.read_bytes()
    project.test(
        HEAD + "\ndef test_it(session):\n    add(session)\n    session.commit()\n    assert count(session) == 2\n"
    )
    project.run("--database-url=sqlite:///shop.db").assert_outcomes(passed=1)
    assert path.read_bytes() == before
    assert [one.name for one in project.pytester.path.glob("shop.db*")] == ["shop.db"]
