"""What only one of the databases, or only one of the drivers, lets an application do."""

from __future__ import annotations

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from pytest_query_snapshot.errors import RefusedError

ADD = sa.text("INSERT INTO item (name) VALUES (:name)")
MANY = [{"name": f"{number:04}"} for number in range(2500)]


@pytest.fixture
def sqlite(isolated_database):
    if isolated_database.dialect_name != "sqlite":
        pytest.skip("about SQLite: run without --database postgresql")
    return isolated_database.engine


@pytest.fixture
def postgresql(isolated_database):
    if isolated_database.dialect_name != "postgresql":
        pytest.skip("about PostgreSQL: run with --database postgresql")
    return isolated_database.engine


def test_executescript_commits_what_is_open_and_each_statement(sqlite, names):
    raw = sqlite.raw_connection()
    cursor = raw.cursor()
    cursor.execute("INSERT INTO item (name) VALUES ('a')")
    cursor.executescript("INSERT INTO item (name) VALUES ('b;'); INSERT INTO item (name) VALUES ('c');")
    raw.rollback()
    raw.close()
    assert names() == ["a", "b;", "c"]


def test_executescript_with_transactions_of_its_own(sqlite, names):
    raw = sqlite.raw_connection()
    raw.cursor().executescript(
        "BEGIN; INSERT INTO item (name) VALUES ('a'); COMMIT;"
        "BEGIN; INSERT INTO item (name) VALUES ('b'); ROLLBACK; INSERT INTO item (name) VALUES ('c')"
    )
    raw.close()
    assert names() == ["a", "c"]


@pytest.mark.parametrize(
    "statement",
    [
        "VACUUM",
        "ATTACH ':memory:' AS other",
        "PRAGMA foreign_keys = OFF",
        "PRAGMA writable_schema = 1",
        "PRAGMA recursive_triggers = ON",
    ],
)
def test_refused_on_sqlite(sqlite, statement):
    with sqlite.connect() as connection, pytest.raises(RefusedError, match=r"test_dialects\.py:\d+: refused"):
        connection.exec_driver_sql(statement)


def test_settings_that_change_no_result_are_passed_over(sqlite):
    with sqlite.connect() as connection:
        connection.exec_driver_sql("PRAGMA journal_mode=WAL")
        connection.exec_driver_sql("PRAGMA foreign_keys=ON")
        assert connection.exec_driver_sql("PRAGMA journal_mode").scalar() == "memory"
        assert connection.exec_driver_sql("PRAGMA table_info(item)").all()


def test_insert_that_ends_the_transaction_is_named(sqlite, isolated_database):
    with sqlite.connect() as connection:
        connection.execute(ADD, {"name": "a"})
        with pytest.raises(RefusedError, match="ROLLBACK"):
            connection.execute(sa.text("INSERT OR ROLLBACK INTO item (name) VALUES ('a')"))


def test_truncate(postgresql, names):
    with postgresql.begin() as connection:
        connection.execute(ADD, {"name": "a"})
    with postgresql.begin() as connection:
        connection.execute(sa.text("TRUNCATE item RESTART IDENTITY CASCADE"))
    assert names() == []


@pytest.mark.parametrize(
    "statement",
    [
        "VACUUM",
        "CREATE DATABASE other",
        "CREATE INDEX CONCURRENTLY i ON item (name)",
        "ALTER SYSTEM SET work_mem = '1MB'",
        "SELECT 1; COMMIT",
        "PREPARE TRANSACTION 'p'",
    ],
)
def test_refused_on_postgresql(postgresql, statement):
    with postgresql.connect() as connection, pytest.raises(RefusedError, match=r"test_dialects\.py:\d+: "):
        connection.exec_driver_sql(statement)


def test_driver_transaction_block_is_refused(postgresql):
    with postgresql.connect() as connection:
        driver = connection.connection.driver_connection
        with pytest.raises(RefusedError, match="transaction of a raw connection"):
            driver.transaction()


def test_error_ends_the_transaction_until_a_rollback(postgresql, names):
    with postgresql.connect() as connection:
        connection.execute(ADD, {"name": "a"})
        with pytest.raises(IntegrityError):
            connection.execute(ADD, {"name": "a"})
        with pytest.raises(sa.exc.DBAPIError, match="current transaction is aborted"):
            connection.execute(sa.text("SELECT 1"))
        connection.commit()  # which PostgreSQL answers with a rollback
        connection.execute(ADD, {"name": "b"})
        connection.commit()
    assert names() == ["b"]


def test_copy(postgresql, names):
    raw = postgresql.raw_connection()
    with raw.cursor() as cursor, cursor.copy("COPY item (id, name) FROM STDIN") as copy:
        copy.write("1\ta\n2\tb\n")
    raw.commit()
    raw.close()
    assert names() == ["a", "b"]


def test_deferred_constraint_fails_at_commit(engine):
    with engine.begin() as connection:
        connection.execute(
            sa.text(
                "CREATE TABLE node (id INTEGER PRIMARY KEY, "
                "parent INTEGER REFERENCES node (id) DEFERRABLE INITIALLY DEFERRED)"
            )
        )
    with engine.connect() as connection:
        connection.execute(sa.text("INSERT INTO node VALUES (1, 2)"))
        connection.execute(sa.text("INSERT INTO node VALUES (2, 1)"))
        connection.commit()
        connection.execute(sa.text("INSERT INTO node VALUES (3, 4)"))
        with pytest.raises(IntegrityError):
            connection.commit()


def test_rows_in_portions(engine, item):
    with Session(engine) as session:
        session.execute(sa.insert(item), MANY)
        session.commit()
        portions = session.scalars(sa.select(item.name).order_by(item.name).execution_options(yield_per=1000))
        assert [len(portion) for portion in portions.partitions()] == [1000, 1000, 500]


async def test_rows_in_portions_for_async_code(async_session, item):
    await async_session.execute(sa.insert(item), MANY)
    found = await async_session.stream_scalars(sa.select(item.name).execution_options(yield_per=1000))
    assert len([name async for name in found]) == 2500


def test_levels_of_isolation_are_taken(engine, names):
    with engine.connect().execution_options(isolation_level="SERIALIZABLE") as connection:
        connection.execute(ADD, {"name": "a"})
        assert connection.get_isolation_level() == "SERIALIZABLE"
        connection.commit()
    assert names() == ["a"]


def test_generated_ids_are_the_same_in_every_test(engine):
    for _ in range(2):
        with engine.connect() as connection:
            assert connection.scalar(sa.text("SELECT count(*) FROM item")) == 0
            connection.execute(ADD, {"name": "a"})
            connection.commit()
            assert connection.scalar(sa.text("SELECT max(id) FROM item")) == 1
            connection.execute(sa.text("DELETE FROM item"))
            connection.commit()
        break


def test_generated_ids_are_the_same_in_every_test_again(engine):
    with engine.begin() as connection:
        connection.execute(ADD, {"name": "a"})
        assert connection.scalar(sa.text("SELECT max(id) FROM item")) == 1
