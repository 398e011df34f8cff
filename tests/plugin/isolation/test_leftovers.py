"""Nothing of a test's connection is met by the next test."""

from __future__ import annotations

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import MissingGreenlet

from pytest_query_snapshot.errors import RefusedError
from pytest_query_snapshot.seeds.files import SeedSet

only_sqlite = pytest.mark.parametrize("dialect", ["sqlite"])


def next_test(database):
    database.end_test()
    database.begin_test(SeedSet(), test="the next test")


@pytest.mark.parametrize(
    ("statement", "question", "nothing"),
    [
        ("SELECT pg_advisory_lock(1)", "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory'", 0),
        ("PREPARE p AS SELECT 1", "SELECT count(*) FROM pg_prepared_statements", 0),
        ("DECLARE c CURSOR WITH HOLD FOR SELECT 1", "SELECT count(*) FROM pg_cursors WHERE name = 'c'", 0),
        ("SET work_mem = '77MB'", "SELECT count(*) FROM pg_settings WHERE setting = '78848'", 0),
        ("SET ROLE pg_monitor", "SELECT current_user = session_user", True),
        ("CREATE TEMP TABLE t (x int)", "SELECT count(*) FROM pg_class WHERE relname = 't'", 0),
        ("ALTER ROLE CURRENT_USER SET work_mem = '77MB'", "SELECT count(*) FROM pg_db_role_setting", 0),
    ],
)
@pytest.mark.parametrize("dialect", ["postgresql"])
def test_state_of_a_postgresql_session_ends_with_its_test(isolated_database, statement, question, nothing):
    with isolated_database.engine.connect() as connection:
        connection.execute(sa.text(statement))
        connection.commit()
    next_test(isolated_database)
    with isolated_database.engine.connect() as connection:
        assert connection.scalar(sa.text(question)) == nothing


@only_sqlite
@pytest.mark.parametrize(
    "statement", ["PRAGMA query_only(1)", "PRAGMA/**/foreign_keys(0)", "PRAGMA main.recursive_triggers = 1"]
)
def test_pragma_is_refused_in_any_spelling(engine, statement):
    with engine.connect() as connection, pytest.raises(RefusedError, match="PRAGMA"):
        connection.exec_driver_sql(statement)


@only_sqlite
def test_function_of_a_connection_ends_with_its_test(isolated_database):
    with isolated_database.engine.connect() as connection:
        connection.connection.driver_connection.create_function("twice", 1, lambda number: 2 * number)
        assert connection.exec_driver_sql("SELECT twice(2)").scalar() == 4
    next_test(isolated_database)
    with isolated_database.engine.connect() as connection, pytest.raises(sa.exc.OperationalError, match="twice"):
        connection.exec_driver_sql("SELECT twice(2)")


@only_sqlite
def test_open_cursor_does_not_lock_tables_of_the_next_test(isolated_database):
    raw = isolated_database.engine.raw_connection()
    left_open = raw.cursor().execute("SELECT * FROM item, (VALUES (1), (2))")
    left_open = raw.cursor().execute("SELECT name FROM sqlite_schema, (VALUES (1), (2))")
    left_open.fetchone()
    next_test(isolated_database)
    with isolated_database.engine.begin() as connection:
        connection.exec_driver_sql("DROP TABLE item")


def test_savepoint_with_a_name_of_the_plugin_is_refused(engine):
    with engine.connect() as connection, pytest.raises(RefusedError, match="query_snapshot_"):
        connection.execute(sa.text('SAVEPOINT "query_snapshot_0"'))


def test_raw_commit_behind_comments_is_refused(engine):
    with engine.connect() as connection, pytest.raises(RefusedError, match="COMMIT"):
        connection.execute(sa.text("COMMIT/*x*/"))


async def test_lazy_work_outside_of_async_code_is_missing_its_greenlet(async_session, item):
    async_session.add(item(name="a"))
    await async_session.commit()
    with pytest.raises(MissingGreenlet):
        async_session.sync_session.scalars(sa.select(item)).all()
    await async_session.rollback()


async def test_expired_attribute_outside_of_async_code_is_missing_its_greenlet(async_session, item):
    one = item(name="a")
    async_session.add(one)
    await async_session.commit()
    with pytest.raises(MissingGreenlet):
        one.name  # noqa: B018  the access is what loads
    await async_session.refresh(one)
    assert one.name == "a"


async def test_events_of_the_isolated_engine_see_async_statements(async_session, engine):
    seen = []
    sa.event.listen(engine, "before_cursor_execute", lambda *given: seen.append(given[2]))
    await async_session.execute(sa.text("SELECT 1"))
    assert seen == ["SELECT 1"]
