"""What a statement leaves on a pooled connection, in any spelling and by any way, does not reach the next test."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from pytest_query_snapshot.databases.connections.counters import Counters
from pytest_query_snapshot.databases.connections.pooled_connections import PooledConnections
from pytest_query_snapshot.databases.connections.session_state import leaves_something
from pytest_query_snapshot.errors import RefusedError

FUNCTIONS = r"""
CREATE FUNCTION enter(name text) RETURNS void LANGUAGE sql AS $$ SELECT set_config('app.tenant', name, false) $$;
CREATE FUNCTION through(name text) RETURNS void LANGUAGE plpgsql AS $$ BEGIN PERFORM enter(name); END $$;
CREATE FUNCTION dynamic() RETURNS SETOF text LANGUAGE plpgsql AS $$
  BEGIN RETURN QUERY EXECUTE 'SELECT set_' || 'config(''app.tenant'', ''x'', false)'; END $$;
"""
TRIGGER = r"""
CREATE FUNCTION writes() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN SET app.tenant = 1; RETURN NEW; END $$;
CREATE TRIGGER stamps BEFORE INSERT ON workspace FOR EACH ROW EXECUTE FUNCTION writes();
"""
POSTGRESQL = [
    "SET app.tenant = 'x'",
    "/* /* nested */ */ SET app.tenant = 'x'",
    "SELECT 1; SET app.tenant = 'x'",
    "SELECT \"set_config\"('app.tenant', 'x', false)",
    "SELECT \"pg_catalog\".set_config('app.tenant', 'x', false)",
    "DO $$ BEGIN SET app.tenant = 1; END $$",
    "DO $$ BEGIN EXECUTE 'SET app.tenant = 1'; END $$",
    "SELECT enter('x')",
    "SELECT through('x')",
    "SELECT dynamic()",
    "SELECT pg_try_advisory_lock(7)",
    "SELECT pg_advisory_lock_shared(7)",
    "CREATE OR REPLACE TEMP VIEW v AS SELECT 1",
    "CREATE TABLE pg_temp.x (a int)",
    "SELECT 1 AS a INTO LOCAL TEMP x",
    "PREPARE p AS SELECT 1",
    "SELECT 1; PREPARE p AS SELECT 1",
    "DECLARE c CURSOR WITH HOLD FOR SELECT 1",
    "LISTEN x",
    "SELECT 1; LISTEN x",
    "SET ROLE pg_read_all_data",
    "SET SESSION CHARACTERISTICS AS TRANSACTION READ ONLY",
    "RESET TimeZone",
]
SQLITE = [
    "PRAGMA query_only = 1",
    "PRAGMA main.case_sensitive_like(1)",
    "/* x */ ATTACH ':memory:' AS other",
    "CREATE TEMP TABLE x (a int)",
    "create temporary view x as select 1",
    "SELECT 1; PRAGMA query_only = 1",
]
HEAD = """
import asyncio
import pytest, sqlalchemy as sa
from sqlalchemy.ext.asyncio import create_async_engine

STATE = (
    "SELECT nullif(current_setting('app.tenant', true), ''), current_setting('TimeZone'), "
    "current_setting('default_transaction_read_only'), current_user = session_user, "
    "(SELECT count(*) FROM pg_locks WHERE locktype = 'advisory'), "
    "(SELECT count(*) FROM pg_class WHERE relnamespace = pg_my_temp_schema()), "
    "(SELECT count(*) FROM pg_prepared_statements WHERE from_sql), "
    "(SELECT count(*) FROM pg_cursors WHERE is_holdable), "
    "(SELECT count(*) FROM pg_listening_channels())"
)
CLEAN = (None, "Europe/Berlin", "off", True, 0, 0, 0, 0, 0)
"""
OWN = """
@pytest.fixture(scope="session")
def own(database_url):
    engine = sa.create_engine(database_url, pool_size=1, max_overflow=0)
    yield engine
    engine.dispose()
"""
EACH_WAY = """
@pytest.mark.parametrize("leaves", [True, False])
@pytest.mark.parametrize("statement", STATEMENTS)
@pytest.mark.parametrize("way", [through_sqlalchemy, past_sqlalchemy])
def test_next(own, way, statement, leaves):
    with own.connect() as connection:
        if leaves:
            way(connection, statement)
            connection.commit()
        else:
            check(connection)
"""
SYNC = """
@pytest.fixture(scope="session")
def own(database_url):
    options = {"options": "-c TimeZone=UTC"}
    engine = sa.create_engine(database_url, pool_size=1, max_overflow=0, connect_args=options)
    sa.event.listen(engine, "connect", begin)
    yield engine
    engine.dispose()

def begin(connection, _record):
    connection.autocommit = True
    connection.cursor().execute("SET TimeZone = 'Europe/Berlin'")
    connection.autocommit = False

def through_sqlalchemy(connection, statement):
    connection.exec_driver_sql(statement)

def past_sqlalchemy(connection, statement):
    connection.connection.cursor().execute(statement)

def check(connection):
    assert connection.exec_driver_sql(STATE).one() == CLEAN
"""
RAW_ONLY = """
@pytest.mark.parametrize("leaves", [True, False])
def test_next(own, leaves):
    raw = own.raw_connection()
    cursor = raw.cursor()
    if leaves:
        cursor.execute("SET app.tenant = 'x'")
        raw.commit()
    else:
        cursor.execute("SELECT nullif(current_setting('app.tenant', true), '')")
        assert cursor.fetchone() == (None,)
    raw.close()
"""
KEPT_OPEN = """
KEPT = []

def test_leaves(own):
    KEPT.append(own.connect())
    KEPT[0].exec_driver_sql("SET app.tenant = 'x'")
    KEPT[0].commit()

def test_next(own):
    KEPT.pop().close()
    with own.connect() as connection:
        setting = "SELECT nullif(current_setting('app.tenant', true), '')"
        assert connection.exec_driver_sql(setting).scalar() is None
"""
ASYNC = """
@pytest.fixture(scope="session")
def loop():
    runner = asyncio.Runner()
    yield runner
    runner.close()

@pytest.fixture(scope="session")
def own(database_url, loop):
    url = sa.make_url(database_url).set(drivername="postgresql+DRIVER")
    engine = create_async_engine(url, pool_size=1, max_overflow=0)
    yield engine
    loop.run(engine.dispose())

@pytest.mark.parametrize("leaves", [True, False])
@pytest.mark.parametrize("is_raw", [True, False])
def test_next(own, loop, is_raw, leaves):
    async def run():
        async with own.connect() as connection:
            if leaves and is_raw:
                raw = (await connection.get_raw_connection()).driver_connection
                await raw.execute("SET app.tenant = 'x'")
                if hasattr(raw, "commit"):
                    await raw.commit()
            elif leaves:
                await connection.execute(sa.text("SET app.tenant = 'x'"))
                await connection.commit()
            else:
                setting = "SELECT nullif(current_setting('app.tenant', true), '')"
                assert await connection.scalar(sa.text(setting)) is None
    loop.run(run())
"""
ASYNC_LOCK = """
def test_takes_a_lock(own, loop):
    async def run():
        async with own.connect() as connection:
            await connection.execute(sa.text("SELECT pg_advisory_lock(7)"))
            await connection.commit()
    loop.run(run())

def test_that_the_lock_is_free(own, database_url):
    other = sa.create_engine(database_url)
    with other.connect() as connection:
        assert connection.scalar(sa.text("SELECT pg_try_advisory_xact_lock(7)"))
    other.dispose()
"""
OF_DRIVER = """
import psycopg

KEPT = []

def connect(database_url):
    url = sa.make_url(database_url)
    return psycopg.connect(dbname=url.database, user=url.username, host=url.query["host"])

def test_closes(database_url):
    with connect(database_url) as connection:
        connection.execute("SET app.tenant = 'closed'")

def test_keeps(database_url):
    KEPT.append(connect(database_url))
    KEPT[0].execute("SET app.tenant = 'kept'")
    KEPT[0].commit()

def test_refused(database_url):
    with connect(database_url) as connection, pytest.raises(Exception, match="belongs to the whole server"):
        connection.execute("CREATE ROLE somebody")

def test_next():
    KEPT.pop().close()
"""
OF_POOL = """
import psycopg_pool

@pytest.fixture(scope="session")
def pool(database_url):
    dsn = sa.make_url(database_url).set(drivername="postgresql").render_as_string(hide_password=False)

    def configure(connection):
        connection.execute("SET app.tenant = 'configured'")
        connection.commit()

    with psycopg_pool.ConnectionPool(dsn, min_size=1, max_size=1, open=True, configure=configure) as made:
        yield made

PROCESSES = []

@pytest.mark.parametrize("sets", [True, True, False, False])
def test_sets(pool, sets):
    with pool.connection() as connection:
        tenant = connection.execute("SELECT current_setting('app.tenant')").fetchone()
        assert tenant == ("configured",)
        if sets:
            connection.execute("SET app.tenant = 'left'")
        PROCESSES.append(connection.info.backend_pid)

def test_connection_stays_after_tests_that_set_nothing():
    assert len(set(PROCESSES[:3])) == 3
    assert PROCESSES[2] == PROCESSES[3]
"""
LASTVAL = """
@pytest.mark.parametrize("n", range(3))
def test_counter(own, n):
    with own.begin() as connection:
        with pytest.raises(sa.exc.DBAPIError, match="lastval is not yet defined"), connection.begin_nested():
            connection.exec_driver_sql("SELECT lastval()")
        connection.exec_driver_sql("SELECT nextval('counter')")
        assert connection.exec_driver_sql("SELECT lastval()").scalar() == 1
"""
SQLITE_LEAVES = """
def through_sqlalchemy(connection, statement):
    for each in statement.split("; "):
        connection.exec_driver_sql(each)

def past_sqlalchemy(connection, statement):
    connection.connection.cursor().executescript(statement)

def check(connection):
    assert connection.exec_driver_sql("PRAGMA query_only").scalar() == 0
    assert connection.exec_driver_sql("SELECT 'A' LIKE 'a'").scalar() == 1
    attached = connection.exec_driver_sql("PRAGMA database_list").all()
    assert {row.name for row in attached} <= {"main", "temp"}
    assert connection.exec_driver_sql("SELECT count(*) FROM sqlite_temp_master").scalar() == 0
"""


@pytest.fixture
def on_postgresql(project):
    if not project.database:
        pytest.skip("SQLite has other statements")
    return project


def _with_code(project, code):
    """Add objects to the schema of a project."""
    project.pytester.makeconftest(
        f"""
import sqlalchemy as sa
import pytest
from shop_schema import metadata

@pytest.fixture(scope="session")
def query_snapshot_schema():
    def build(connection):
        metadata.create_all(connection)
        connection.exec_driver_sql({code!r})
    return build
"""
    )


def test_statement_leaves_nothing_for_the_next_test(on_postgresql):
    _with_code(on_postgresql, FUNCTIONS)
    on_postgresql.test(f"STATEMENTS = {POSTGRESQL!r}\n{HEAD}{SYNC}{EACH_WAY}")
    on_postgresql.run("-p", "no:randomly").assert_outcomes(passed=4 * len(POSTGRESQL))


def test_trigger_that_sets_something_leaves_nothing_for_the_next_test(on_postgresql):
    _with_code(on_postgresql, TRIGGER)
    statement = "INSERT INTO workspace (name) VALUES ('x')"
    on_postgresql.test(f"STATEMENTS = {[statement]!r}\n{HEAD}{SYNC}{EACH_WAY}")
    on_postgresql.run("-p", "no:randomly").assert_outcomes(passed=4)


@pytest.mark.parametrize("code", [RAW_ONLY, KEPT_OPEN], ids=["raw only", "kept open"])
def test_setting_leaves_nothing_where_no_connection_of_sqlalchemy_ends_it(on_postgresql, code):
    on_postgresql.test(HEAD + OWN + code)
    on_postgresql.run().assert_outcomes(passed=2)


@pytest.mark.parametrize("driver", ["asyncpg", "psycopg"])
def test_setting_of_an_async_driver_leaves_nothing(on_postgresql, driver):
    on_postgresql.test(HEAD + ASYNC.replace("DRIVER", driver) + ASYNC_LOCK)
    on_postgresql.run("-p", "no:randomly").assert_outcomes(passed=6)


def test_setting_on_a_connection_that_no_engine_has_opened_is_named(on_postgresql):
    on_postgresql.test(HEAD + OF_DRIVER)
    result = on_postgresql.run("-p", "no:randomly")
    result.assert_outcomes(passed=4)
    result.stdout.fnmatch_lines(["*test_keeps left something on a connection that no engine has opened (SET app*"])
    result.stdout.no_fnmatch_line("*test_closes left something*")


def test_setting_in_a_pool_of_psycopg_leaves_nothing(on_postgresql):
    on_postgresql.test(HEAD + OF_POOL)
    result = on_postgresql.run("-p", "no:randomly")
    result.assert_outcomes(passed=5)
    result.stdout.no_fnmatch_line("*left something*")


def test_counter_of_a_sequence_does_not_reach_the_next_test(on_postgresql):
    _with_code(on_postgresql, "CREATE SEQUENCE counter")
    on_postgresql.test(HEAD + OWN + LASTVAL)
    on_postgresql.run().assert_outcomes(passed=3)


def test_statement_leaves_nothing_for_the_next_test_on_sqlite(project):
    if project.database:
        pytest.skip("PostgreSQL has other statements")
    project.test(f"STATEMENTS = {SQLITE!r}\n{HEAD}{OWN}{SQLITE_LEAVES}{EACH_WAY}")
    project.run().assert_outcomes(passed=4 * len(SQLITE))


BY_PYTHON = """
import sqlite3

SETTINGS = {
    "row_factory": lambda raw: setattr(raw, "row_factory", sqlite3.Row),
    "text_factory": lambda raw: setattr(raw, "text_factory", bytes),
    "isolation_level": lambda raw: setattr(raw, "isolation_level", "EXCLUSIVE"),
    "function": lambda raw: raw.create_function("one", 0, lambda: 1),
    "aggregate": lambda raw: raw.create_aggregate("one", 0, list),
    "collation": lambda raw: raw.create_collation("one", lambda a, b: 0),
    "authorizer": lambda raw: raw.set_authorizer(lambda *_: sqlite3.SQLITE_OK),
    "trace": lambda raw: raw.set_trace_callback(print),
    "progress": lambda raw: raw.set_progress_handler(lambda: 0, 1000),
    "nothing": lambda raw: raw.execute("SELECT 1").fetchone(),
}
SEEN = []

@pytest.fixture(scope="session")
def own(database_url):
    engine = sa.create_engine(database_url, pool_size=1, max_overflow=0)

    @sa.event.listens_for(engine, "connect")
    def prepare(raw, record):  # what each connection has is no test's
        raw.row_factory = None
        raw.create_function("own", 0, lambda: 1)

    yield engine
    engine.dispose()

@pytest.mark.parametrize("sets", [True, False])
@pytest.mark.parametrize("name", SETTINGS)
def test_next(own, name, sets):
    with own.connect() as connection:
        raw = connection.connection.dbapi_connection
        assert connection.exec_driver_sql("SELECT own()").scalar() == 1
        if sets:
            SETTINGS[name](raw)
            SEEN.append(raw)
        else:
            assert (raw is SEEN[-1]) == (name == "nothing")

@pytest.mark.parametrize("sets", [True, False])
def test_async(database_url, loop, async_own, sets):
    async def work():
        async with async_own.connect() as connection:
            raw = (await connection.get_raw_connection()).driver_connection
            if sets:
                await raw.create_function("one", 0, lambda: 1)
                SEEN.append(raw)
            else:
                assert raw is not SEEN[-1]
    loop.run_until_complete(work())

@pytest.fixture(scope="session")
def loop():
    made = asyncio.new_event_loop()
    yield made
    made.close()

@pytest.fixture(scope="session")
def async_own(database_url, loop):
    engine = create_async_engine(database_url.replace("sqlite:", "sqlite+aiosqlite:"), pool_size=1, max_overflow=0)
    yield engine
    loop.run_until_complete(engine.dispose())
"""


def test_setting_by_python_does_not_reach_the_next_test_on_sqlite(project):
    if project.database:
        pytest.skip("PostgreSQL has other drivers")
    project.test(HEAD + BY_PYTHON)
    project.run("-p", "no:randomly").assert_outcomes(passed=22)


SEVERAL = """
@pytest.fixture(scope="session")
def own(database_url):
    engine = sa.create_engine(database_url)
    yield engine
    engine.dispose()

def identity(own):
    with own.connect() as connection:
        return id(connection.connection.dbapi_connection)

def test_uses_two(own):
    with own.connect() as one, own.connect() as other:
        assert one.scalar(sa.text("SELECT 1")) == other.scalar(sa.text("SELECT 1"))

def test_next(own):
    assert identity(own) == identity(own)
"""


def test_pool_gives_the_same_connection_again_as_in_a_run_of_one_test(project):
    project.test(HEAD + SEVERAL)
    project.run().assert_outcomes(passed=2)


def test_statement_may_move_the_counter_that_it_reads():
    counters, info, statement = Counters(), {}, "INSERT INTO workspace (id) VALUES (lastval())"
    assert counters.executes(info, statement, dialect_name="postgresql")
    counters.end_test()
    with pytest.raises(RefusedError, match="an earlier test has moved it"):
        counters.executes(info, statement, dialect_name="postgresql")


@pytest.mark.parametrize(
    ("statement", "leaves"),
    [("PRAGMA query_only = 1", True), ("PRAGMA query_only", False), ("INSERT INTO workspace VALUES (1)", False)],
)
def test_statement_of_sqlite_that_leaves_something(statement, leaves):
    assert leaves_something(statement, "sqlite") is leaves


@pytest.mark.parametrize("belongs", [True, False])
def test_connection_to_another_database_is_left_alone(belongs):
    pooled, engine = (
        PooledConnections(lambda _connection: belongs, check=lambda _statement: None),
        sa.create_engine("sqlite://"),
    )
    pooled.start()
    try:
        with engine.connect() as connection:
            driver = connection.connection.dbapi_connection
            assert pooled.hears(driver, "PRAGMA query_only = 1", dialect_name="sqlite") is belongs
    finally:
        pooled.stop()
        engine.dispose()
