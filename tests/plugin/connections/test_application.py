"""An application with engines of its own, and fixtures of wider scopes that write."""

from __future__ import annotations

import psycopg
import pytest
import sqlalchemy as sa

from pytest_query_snapshot.databases.servers.server import connect_arguments

TESTS = """
import pytest, shop_app

@pytest.mark.parametrize("n", range({tests}))
def test_add(n):
    assert shop_app.names() == []
    shop_app.add("a")
    assert shop_app.names() == ["a"]
"""
WIDE = """
import pytest, shop_app

@pytest.fixture(scope="session", autouse=True)
def initial():
    shop_app.add("initial")
    yield
    assert "initial" in shop_app.names()

@pytest.fixture(scope="class")
def more():
    shop_app.add("more")

class TestMore:
    @pytest.mark.parametrize("n", range(2))
    def test_both(self, more, n):
        assert shop_app.names() == ["initial", "more"]
        shop_app.add("x")

@pytest.mark.parametrize("n", range(2))
def test_initial_alone(n):
    assert shop_app.names() == ["initial"]
    shop_app.add("x")

@pytest.mark.seed("seeded")
@pytest.mark.parametrize("n", range(2))
def test_seed_on_top(n):
    assert shop_app.names() == ["initial", "seeded"]
    shop_app.add("x")

def test_initial_again():
    assert shop_app.names() == ["initial"]
"""
LATE = """
import pytest, shop_app

@pytest.fixture(scope="session")
def late():
    {work}

@pytest.fixture
def prepared(request):
    {before}
    request.getfixturevalue("late")

@pytest.mark.seed("seeded")
@pytest.mark.parametrize("n", range(2))
def test_add(prepared, n):
    assert shop_app.names() == {names}
    shop_app.add("x")
"""
OTHER_TABLE = """
    with shop_app.engine.begin() as connection:
        connection.exec_driver_sql("INSERT INTO agent (workspace_id, name) VALUES (100, 'late')")"""
OWN_SCHEMA = """
import pytest, sqlalchemy as sa, shop_app
from shop_schema import metadata

@pytest.fixture(scope="session", autouse=True)
def tables():
    metadata.create_all(shop_app.engine)
    yield
    metadata.drop_all(shop_app.engine)

@pytest.mark.parametrize("n", range(3))
def test_add(n):
    assert shop_app.names() == []
    shop_app.add("a")
"""
OWN_SCHEMA_EACH_TEST = OWN_SCHEMA.replace('scope="session", autouse=True', "autouse=True")


def test_url_is_there_when_conftest_imports_the_application(application):
    application.test(TESTS.format(tests=3))
    application.run().assert_outcomes(passed=3)


def test_workers_have_a_database_each(application):
    application.test(TESTS.format(tests=12))
    result = application.pytester.runpytest_subprocess(*application.database, "-n2")
    result.assert_outcomes(passed=12)


def test_rows_of_wider_fixtures_stay_as_long_as_the_fixture(application):
    application.seed("seeded", "INSERT INTO workspace (id, name) VALUES (100, 'seeded');")
    application.test(WIDE)
    application.run().assert_outcomes(passed=7)


@pytest.mark.parametrize(
    ("work", "before", "names"),
    [
        ("pass", "pass", ["seeded"]),
        ('shop_app.add("late")', "pass", ["late", "seeded"]),
        ("pass", 'shop_app.add("before")', ["before", "seeded"]),
    ],
)
def test_seeds_and_work_stay_when_a_wider_fixture_is_set_up_late(application, work, before, names):
    application.seed("seeded", "INSERT INTO workspace (id, name) VALUES (100, 'seeded');")
    application.test(LATE.format(work=work, before=before, names=names))
    application.run().assert_outcomes(passed=2)


def test_wider_fixture_that_writes_after_the_test_is_refused(application):
    application.seed("seeded", "INSERT INTO workspace (id, name) VALUES (100, 'seeded');")
    application.test(LATE.format(work=OTHER_TABLE, before='shop_app.add("before")', names=["before", "seeded"]))
    result = application.run()
    result.assert_outcomes(errors=1, passed=1)
    result.stdout.fnmatch_lines(["*the fixture late outlives the test*name late as an argument of the test*"])


@pytest.mark.parametrize("source", [OWN_SCHEMA, OWN_SCHEMA_EACH_TEST], ids=["session", "function"])
def test_schema_may_be_made_by_a_fixture_of_the_project(application, source):
    path = application.pytester.path / "pytest.ini"
    path.write_text(path.read_text().replace("query_snapshot_metadata = shop_schema:metadata", ""))
    application.test(source)
    application.run().assert_outcomes(passed=3)


def test_statement_for_the_whole_server_is_refused_with_its_line(application):
    if not application.database:
        pytest.skip("SQLite has no server")
    application.test("""
import shop_app
def test_role():
    with shop_app.engine.begin() as connection:
        connection.exec_driver_sql("/* x */ CREATE ROLE intruder")
""")
    result = application.run()
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(["*RefusedError: test_it.py:4: CREATE ROLE: it belongs to the whole server*"])


ALONE = """
import pytest, shop_app, sqlalchemy as sa

@pytest.mark.parametrize("is_raw", [True, False])
def test_in_use(is_raw):
    with shop_app.engine.connect() as connection:
        run = connection.connection.cursor().execute if is_raw else connection.exec_driver_sql
        run("PRAGMA journal_mode = DELETE")

def test_new():
    own = sa.create_engine(shop_app.engine.url)

    @sa.event.listens_for(own, "connect")
    def connect(raw, record):
        raw.execute("PRAGMA journal_mode = DELETE")

    own.connect()

def test_other_file():
    other = sa.create_engine("sqlite:///other.db")
    with other.connect() as connection:
        assert connection.exec_driver_sql("PRAGMA journal_mode = MEMORY").scalar() == "memory"

def test_last():
    shop_app.add("x")
"""


@pytest.mark.parametrize("project", ["sqlite"], indirect=True)
def test_pragma_that_needs_the_file_alone_is_refused_with_its_line(application):
    application.test(ALONE)
    result = application.run()
    result.assert_outcomes(passed=2, failed=3)
    lines = [f"*RefusedError: test_it.py:{line}: PRAGMA journal_mode = delete*" for line in (7, 7, 14)]
    result.stdout.fnmatch_lines(lines)


def test_marker_runs_one_test_on_real_connections(application):
    path = application.pytester.path / "pytest.ini"
    path.write_text(path.read_text().replace("query_snapshot_isolation = connections", ""))
    application.test("""
import pytest, shop_app, sqlalchemy as sa
from shop_schema import workspace

@pytest.mark.isolation("connections")
@pytest.mark.parametrize("n", range(2))
def test_application(n):
    assert shop_app.names() == []
    shop_app.add("a")

def test_savepoint(session):
    session.execute(workspace.insert().values(name="b"))
    session.commit()
    assert session.scalars(sa.select(workspace.c.name)).all() == ["b"]

@pytest.mark.isolation("connections")
def test_session(session):
    session.execute(workspace.insert().values(name="b"))
    session.commit()
    assert shop_app.names() == ["b"]
""")
    application.run().assert_outcomes(passed=4)


def test_role_without_superuser_falls_back_to_templates(application):
    if not application.database:
        pytest.skip("SQLite has no roles")
    given = sa.make_url(application.database[0].partition("=")[2])
    with psycopg.connect(**connect_arguments(given), autocommit=True) as raw:
        raw.execute("CREATE ROLE weak LOGIN CREATEDB")
        raw.execute("CREATE TABLE of_others (id serial)")
        raw.execute(f'ALTER DATABASE "{given.database}" OWNER TO weak')
        raw.execute("GRANT ALL ON SCHEMA public TO weak")
    application.test(TESTS.format(tests=3))
    url = given.set(username="weak").render_as_string(hide_password=False)
    result = application.pytester.runpytest_inprocess(f"--database-url={url}")
    result.assert_outcomes(passed=3)
    result.stdout.fnmatch_lines(["query-snapshot: the role weak is not a superuser*ALTER ROLE weak SUPERUSER*"])
    with psycopg.connect(**connect_arguments(given), autocommit=True) as raw:
        raw.execute("REASSIGN OWNED BY weak TO postgres")
        raw.execute("DROP OWNED BY weak")
        raw.execute("DROP ROLE weak")
