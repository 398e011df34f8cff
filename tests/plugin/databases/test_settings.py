"""Settings that name a schema, and what is said when they don't."""

from __future__ import annotations

import psycopg
import pytest
import sqlalchemy as sa

from pytest_query_snapshot.databases.servers.server import connect_arguments

TEST = """
from sqlalchemy import text
def test_it(session):
    assert session.scalar(text("SELECT count(*) FROM workspace")) == 0
"""


@pytest.fixture(params=["sqlite", "postgresql"])
def either(request, make_project):
    return make_project(request.param)


@pytest.fixture
def project(make_project):
    return make_project("sqlite")


def setting(project, value: str) -> None:
    path = project.pytester.path / "pytest.ini"
    path.write_text(path.read_text().replace("shop_schema:metadata", value))


@pytest.mark.parametrize(
    ("value", "said"),
    [
        ("", 'no schema for the tests\' database: set query_snapshot_metadata = "myproject.models:Base.metadata"'),
        ("no_such_module:metadata", "No module named 'no_such_module'"),
        ("shop_schema:no_such_name", "no_such_name"),
        ("shop_schema:workspace", "is a Table, not MetaData"),
        ("shop_schema", "is a module, not MetaData"),
    ],
)
def test_metadata_that_is_missing_or_wrong(project, value, said):
    setting(project, value)
    project.test(TEST)
    result = project.run()
    result.assert_outcomes(errors=1)
    result.stdout.fnmatch_lines([f"*{said}*"])
    assert (
        "database_plugin.py" not in result.stdout.str()
    )  # no frames of the plugin between the user and the message


def test_schema_by_a_function_with_views_and_raw_ddl(either):
    setting(either, "")
    either.pytester.makeconftest(
        """
import pytest

@pytest.fixture(scope="session")
def query_snapshot_schema():
    def build(connection):
        connection.exec_driver_sql("CREATE TABLE workspace (id INTEGER PRIMARY KEY, name TEXT)")
        connection.exec_driver_sql("CREATE VIEW named AS SELECT name FROM workspace WHERE name IS NOT NULL")
        connection.commit()
        connection.exec_driver_sql("INSERT INTO workspace VALUES (1, 'one')")
    return build
"""
    )
    either.test(
        """
import pytest
from sqlalchemy import text

@pytest.mark.parametrize("again", [1, 2])
def test_it(session, isolated_database, again):
    assert session.scalars(text("SELECT name FROM named")).all() == ["one"]
    assert list(isolated_database.metadata.tables) == ["workspace"]
    session.execute(text("DELETE FROM workspace"))
    session.commit()
"""
    )
    either.run().assert_outcomes(passed=2)


def test_schema_that_fails_to_build_fails_each_test_and_leaves_nothing(either):
    either.pytester.makeconftest(
        """
import pytest

@pytest.fixture(scope="session")
def query_snapshot_schema():
    def build(connection):
        connection.exec_driver_sql("CREATE TABLE workspace (id INTEGER PRIMARY KEY)")
        connection.exec_driver_sql("CREATE TABLE workspace (id INTEGER PRIMARY KEY)")
    return build
"""
    )
    either.test(TEST + "\ndef test_again(session): pass\n")
    result = either.run()
    result.assert_outcomes(errors=2)
    result.stdout.fnmatch_lines(["*workspace*already exists*"])


def test_options_of_the_engine(either):
    either.pytester.makeconftest(
        """
import pytest

@pytest.fixture(scope="session")
def query_snapshot_engine_options():
    return {"json_serializer": lambda value: '"always this"', "execution_options": {"mark": 1}}
"""
    )
    either.test(
        """
import sqlalchemy as sa
def test_it(engine):
    assert engine.get_execution_options()["mark"] == 1
    with engine.connect() as connection:
        assert connection.scalar(sa.select(sa.cast(sa.literal({"a": 1}, sa.JSON), sa.Text))) == '"always this"'
"""
    )
    either.run().assert_outcomes(passed=1)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--database-url=mysql://x/y"], "--database-url mysql: only sqlite and postgresql can roll back"),
        (["--database-url=nonsense"], "*--database-url 'nonsense'*write sqlite:///file.db or postgresql://"),
        (
            ["--database-url=sqlite://", "--database=postgresql"],
            "--database postgresql contradicts --database-url",
        ),
    ],
)
def test_url_that_can_not_work(project, arguments, said):
    project.test(TEST)
    result = project.run(*arguments)
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines([f"ERROR: {said}*"])


@pytest.mark.parametrize("workers", [(), ("-n", "1")])
def test_server_without_programs(project, monkeypatch, tmp_path, workers):
    monkeypatch.setenv("PG_BIN", str(tmp_path))
    project.test(TEST)
    result = project.pytester.runpytest_subprocess("--database=postgresql", *workers)
    assert result.ret != pytest.ExitCode.OK
    assert f"PG_BIN={tmp_path} has no initdb and postgres in it" in result.stdout.str() + result.stderr.str()
    assert "INTERNALERROR" not in result.stdout.str() + result.stderr.str()
    assert "Exception ignored" not in result.stderr.str()  # a worker that nobody ends


def test_other_drivers_of_the_same_database_are_taken_as_the_sync_one(project):
    project.test(TEST)
    project.run("--database-url=sqlite+aiosqlite://").assert_outcomes(passed=1)


def test_workers_get_copies_of_the_given_database_and_drop_them(project, postgresql_url):
    where = connect_arguments(sa.make_url(postgresql_url))
    with psycopg.connect(**where, autocommit=True) as raw:
        raw.execute("CREATE TABLE migrated (id int)")
        raw.execute("INSERT INTO migrated VALUES (7)")
        before = raw.execute("SELECT datname FROM pg_database ORDER BY 1").fetchall()
    project.test(
        """
import os, signal
import pytest
from sqlalchemy import text

@pytest.mark.parametrize("number", range(6))
def test_it(session, number):
    assert session.scalar(text("SELECT id FROM migrated")) == 7
    session.execute(text("INSERT INTO workspace (id) VALUES (1)"))
    session.commit()
    assert "query_snapshot" in session.scalar(text("SELECT current_database()"))
    if number == 2:
        os.kill(os.getpid(), signal.SIGKILL)
"""
    )
    result = project.pytester.runpytest_subprocess(f"--database-url={postgresql_url}", "-n", "2")
    result.assert_outcomes(passed=5, failed=1)
    with psycopg.connect(**where, autocommit=True) as raw:
        assert raw.execute("SELECT datname FROM pg_database ORDER BY 1").fetchall() == before
        assert raw.execute("SELECT * FROM migrated").fetchall() == [(7,)]


@pytest.mark.skipif(pytest.version_tuple < (9,), reason="[tool.pytest] is of pytest 9")
@pytest.mark.parametrize(
    "line", ["query_snapshot_metadata = 3", "query_snapshot_mask = 'a.b'", "query_snapshot_dir = []"]
)
def test_a_setting_of_the_wrong_type_ends_the_run_before_it_begins(project, pytester, line):
    (pytester.path / "pytest.ini").unlink()
    pytester.makepyprojecttoml(f"[tool.pytest]\n{line}\n")
    project.test("def test_nothing(): pass")
    result = project.run()
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines([f"ERROR: *config option '{line.partition(' ')[0]}' expects a *"])


def test_a_server_that_can_not_be_reached_is_said_in_one_line(pytester, project):
    project.test("def test_it(session): pass")
    result = pytester.runpytest_inprocess("--database-url=postgresql://somebody:secret@127.0.0.1:1/shop")
    result.assert_outcomes(errors=1)
    text = result.stdout.str() + result.stderr.str()
    assert "can't connect to postgresql://somebody:***@127.0.0.1:1/shop" in text
    assert "secret" not in text
    assert "Traceback" not in text
