"""Everything an application may do with transactions is undone; each test also checks that the last one was."""

from __future__ import annotations

import threading

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Session

pytestmark = pytest.mark.usefixtures("nothing_left_from_another_test")

ADD = sa.text("INSERT INTO item (name) VALUES (:name)")


def test_commit_keeps_the_work_within_the_test(session, item, names):
    session.add(item(name="a"))
    session.commit()
    session.add(item(name="b"))
    session.rollback()
    assert names() == ["a"]


def test_nested_transaction_rolls_back_alone(session, item, names):
    session.add(item(name="a"))
    nested = session.begin_nested()
    session.add(item(name="b"))
    session.flush()
    nested.rollback()
    session.commit()
    assert names() == ["a"]


def test_integrity_error_and_carrying_on(session, item, names):
    session.add(item(name="a"))
    session.commit()
    session.add(item(name="a"))
    with pytest.raises(IntegrityError):
        session.commit()
    session.rollback()
    session.add(item(name="b"))
    session.commit()
    assert names() == ["a", "b"]


def test_session_closed_and_used_again(session, item, names):
    session.add(item(name="a"))
    session.commit()
    session.close()
    session.add(item(name="b"))
    session.close()
    assert names() == ["a"]


def test_second_session_sees_what_the_first_committed(session, engine, item):
    session.add(item(name="a"))
    session.commit()
    with Session(engine) as other:
        assert other.scalars(sa.select(item.name)).all() == ["a"]
        other.add(item(name="b"))
        other.commit()
    assert session.scalars(sa.select(item.name).order_by(item.name)).all() == ["a", "b"]


def test_engine_begin(engine, names):
    with engine.begin() as connection:
        connection.execute(ADD, {"name": "a"})
    with pytest.raises(IntegrityError), engine.begin() as connection:
        connection.execute(ADD, [{"name": "b"}, {"name": "a"}])
    assert names() == ["a"]


def test_connection_commit_and_rollback(engine, names):
    with engine.connect() as connection:
        connection.execute(ADD, {"name": "a"})
        connection.commit()
        connection.execute(ADD, {"name": "b"})
        connection.rollback()
        connection.execute(ADD, {"name": "c"})
    assert names() == ["a"]


def test_raw_connection_commit(engine, names):
    raw = engine.raw_connection()
    cursor = raw.cursor()
    cursor.execute("INSERT INTO item (name) VALUES ('a')")
    raw.commit()
    cursor.execute("INSERT INTO item (name) VALUES ('b')")
    raw.rollback()
    raw.close()
    assert names() == ["a"]


def test_driver_connection_is_contained_too(engine, names):
    with engine.connect() as connection:
        driver = connection.connection.driver_connection
        driver.execute("INSERT INTO item (name) VALUES ('a')")
        driver.commit()
    assert names() == ["a"]


def test_thread_with_its_own_session(engine, item, names):
    def work() -> None:
        with Session(engine) as own:
            own.add(item(name="a"))
            own.commit()

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    assert names() == ["a"]


def test_threads_that_write_at_once_take_turns(engine, item, names):
    barrier = threading.Barrier(4)

    def work(number: int) -> None:
        barrier.wait()
        for step in range(10):
            with Session(engine) as own:
                own.add(item(name=f"{number}-{step}"))
                own.flush()
                own.commit()

    threads = [threading.Thread(target=work, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(names()) == 40


def test_ddl(engine):
    with engine.begin() as connection:
        connection.execute(sa.text("CREATE TABLE extra (id INTEGER PRIMARY KEY)"))
        connection.execute(sa.text("ALTER TABLE item ADD COLUMN note TEXT"))
    with engine.connect() as connection:
        assert sa.inspect(connection).has_table("extra")


def test_ddl_of_the_last_test_is_gone(engine):
    inspector = sa.inspect(engine)
    assert inspector.get_table_names() == ["item"]
    assert [column["name"] for column in inspector.get_columns("item")] == ["id", "name"]


def test_dropping_every_table(engine):
    with engine.begin() as connection:
        connection.execute(sa.text("DROP TABLE item"))
    assert sa.inspect(engine).get_table_names() == []
    with engine.begin() as connection:
        connection.execute(sa.text("CREATE TABLE item (id INTEGER PRIMARY KEY, name TEXT)"))


def test_delete_without_where(engine, names):
    with engine.begin() as connection:
        connection.execute(ADD, {"name": "a"})
    with engine.begin() as connection:
        connection.execute(sa.text("DELETE FROM item"))
    assert names() == []


def test_autocommit_level_commits_each_statement(engine, names):
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(ADD, {"name": "a"})
        connection.rollback()
    assert names() == ["a"]


def test_reading_in_one_session_while_another_commits(session, engine, item, names):
    assert session.scalars(sa.select(item)).all() == []
    with engine.begin() as connection:
        connection.execute(ADD, {"name": "a"})
    session.rollback()
    assert names() == ["a"]


async def test_async_session(async_session, item, names):
    async_session.add(item(name="a"))
    await async_session.commit()
    async_session.add(item(name="b"))
    await async_session.rollback()
    assert names() == ["a"]


async def test_async_engine_shares_the_transaction_of_the_sync_one(async_engine, session, item):
    async with async_engine.begin() as connection:
        await connection.execute(ADD, {"name": "a"})
    async with AsyncSession(async_engine) as other:
        result = await other.stream_scalars(sa.select(item.name))
        assert await result.all() == ["a"]
    assert session.scalars(sa.select(item.name)).all() == ["a"]


async def test_async_session_left_open(async_engine, item):
    left_open = AsyncSession(async_engine)
    left_open.add(item(name="a"))
    await left_open.flush()
    del left_open
