"""What only one of the databases, or only one of the drivers, lets an application do."""

from __future__ import annotations

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from pytest_query_snapshot.errors import RefusedError

pytestmark = pytest.mark.usefixtures("nothing_left_from_another_test")

ADD = sa.text("INSERT INTO item (name) VALUES (:name)")
MANY = [{"name": f"{number:04}"} for number in range(2500)]


only_sqlite = pytest.mark.parametrize("dialect", ["sqlite"])
only_postgresql = pytest.mark.parametrize("dialect", ["postgresql"])


@only_sqlite
def test_executescript_commits_what_is_open_and_each_statement(engine, names):
    raw = engine.raw_connection()
    cursor = raw.cursor()
    cursor.execute("INSERT INTO item (name) VALUES ('a')")
    cursor.executescript("INSERT INTO item (name) VALUES ('b;'); INSERT INTO item (name) VALUES ('c');")
    raw.rollback()
    raw.close()
    assert names() == ["a", "b;", "c"]


@only_sqlite
def test_executescript_with_transactions_of_its_own(engine, names):
    raw = engine.raw_connection()
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
@only_sqlite
def test_refused_on_sqlite(engine, statement):
    with engine.connect() as connection, pytest.raises(RefusedError, match=r"test_dialects\.py:\d+: refused"):
        connection.exec_driver_sql(statement)


@only_sqlite
def test_settings_that_change_no_result_are_passed_over(engine):
    with engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA journal_mode=WAL")
        connection.exec_driver_sql("PRAGMA foreign_keys=ON")
        assert connection.exec_driver_sql("PRAGMA journal_mode").scalar() == "memory"
        assert connection.exec_driver_sql("PRAGMA table_info(item)").all()


@only_sqlite
def test_insert_that_ends_the_transaction_is_named(engine, isolated_database):
    with engine.connect() as connection:
        connection.execute(ADD, {"name": "a"})
        with pytest.raises(RefusedError, match="ROLLBACK"):
            connection.execute(sa.text("INSERT OR ROLLBACK INTO item (name) VALUES ('a')"))


@only_postgresql
def test_truncate(engine, names):
    with engine.begin() as connection:
        connection.execute(ADD, {"name": "a"})
    with engine.begin() as connection:
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
@only_postgresql
def test_refused_on_postgresql(engine, statement):
    with engine.connect() as connection, pytest.raises(RefusedError, match=r"test_dialects\.py:\d+: "):
        connection.exec_driver_sql(statement)


@only_postgresql
def test_driver_transaction_block_is_refused(engine):
    with engine.connect() as connection:
        driver = connection.connection.driver_connection
        with pytest.raises(RefusedError, match="transaction of a raw connection"):
            driver.transaction()


@only_postgresql
def test_error_ends_the_transaction_until_a_rollback(engine, names):
    with engine.connect() as connection:
        connection.execute(ADD, {"name": "a"})
        with pytest.raises(IntegrityError):
            connection.execute(ADD, {"name": "a"})
        with pytest.raises(sa.exc.DBAPIError, match="current transaction is aborted"):
            connection.execute(sa.text("SELECT 1"))
        connection.commit()  # which PostgreSQL answers with a rollback
        connection.execute(ADD, {"name": "b"})
        connection.commit()
    assert names() == ["b"]


@only_postgresql
def test_copy(engine, names):
    raw = engine.raw_connection()
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


DEFERRED = "CREATE TABLE node (id int PRIMARY KEY, up int REFERENCES node DEFERRABLE INITIALLY DEFERRED)"


@only_postgresql
@pytest.mark.parametrize("again", [1, 2])
def test_check_at_commit_leaves_constraints_of_the_next_test_deferred(engine, again):
    for _ in "ab":
        with engine.begin() as connection:
            connection.execute(sa.text("DROP TABLE IF EXISTS node"))
            connection.execute(sa.text(DEFERRED))
            connection.execute(sa.text("INSERT INTO node VALUES (1, 2)"))
            connection.execute(sa.text("INSERT INTO node VALUES (2, 1)"))


@only_postgresql
def test_constraint_that_a_function_makes_fails_at_commit(engine):
    with engine.connect() as connection:
        connection.execute(sa.text(f"CREATE FUNCTION make() RETURNS void LANGUAGE sql AS $${DEFERRED}$$"))
        connection.execute(sa.text("SELECT make()"))
        connection.execute(sa.text("INSERT INTO node VALUES (1, 2)"))
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


@pytest.mark.parametrize("again", [1, 2])
def test_generated_ids_are_the_same_in_every_test(engine, again):
    with engine.begin() as connection:
        connection.execute(ADD, {"name": "a"})
        assert connection.scalar(sa.text("SELECT max(id) FROM item")) == 1
