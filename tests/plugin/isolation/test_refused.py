"""What one connection can't contain is refused, with the line that did it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Session

from pytest_query_snapshot.errors import (
    OutsideTestError,
    OverlappingTransactionsError,
    RefusedError,
)
from pytest_query_snapshot.seeds.files import SeedSet

pytestmark = pytest.mark.usefixtures("nothing_left_from_another_test")

HERE = Path(__file__).name
ADD = sa.text("INSERT INTO item (name) VALUES (:name)")


def line_of(mark: str) -> int:
    """Find the line of this file that ends with a mark."""
    rows = Path(__file__).read_text(encoding="utf-8").splitlines()
    return next(number for number, row in enumerate(rows, start=1) if row.endswith(f"# {mark}"))


@pytest.mark.parametrize(
    "statement",
    ["COMMIT", "commit;", "/* c */ COMMIT", "-- c\nEND", "ROLLBACK", "ROLLBACK TO elsewhere", "RELEASE elsewhere"],
)
def test_raw_transaction_control(session, statement, names):
    session.execute(ADD, {"name": "a"})
    with pytest.raises(RefusedError, match=rf"{HERE}:{line_of('raw control')}: ") as caught:
        session.execute(sa.text(statement))  # raw control
    assert caught.value.line.endswith(f":{line_of('raw control')}")
    session.commit()
    assert names() == ["a"]


def test_raw_begin_within_a_transaction(session):
    session.execute(ADD, {"name": "a"})
    with pytest.raises(RefusedError, match="BEGIN"):
        session.execute(sa.text("BEGIN"))


def test_begin_as_the_first_word_of_a_transaction_is_the_begin_it_means(engine, names):
    with engine.connect() as connection:
        connection.exec_driver_sql("BEGIN")
        connection.execute(ADD, {"name": "a"})
        connection.commit()
    assert names() == ["a"]


def test_rollback_to_a_savepoint_of_another_connection(session, engine):
    session.execute(sa.text("SAVEPOINT mine"))
    session.rollback()
    with engine.connect() as connection, pytest.raises(RefusedError, match="no savepoint"):
        connection.execute(sa.text("ROLLBACK TO mine"))


def test_raw_cursor(engine):
    raw = engine.raw_connection()
    with pytest.raises(RefusedError, match=f"{HERE}:{line_of('raw cursor')}"):
        raw.cursor().execute("COMMIT")  # raw cursor
    raw.close()


async def test_async_session_says_the_line_too(async_session):
    await async_session.execute(ADD, {"name": "a"})
    with pytest.raises(RefusedError, match=f"{HERE}:{line_of('async')}"):
        await async_session.execute(sa.text("COMMIT"))  # async


def test_connection_is_refused_while_another_one_has_uncommitted_work(session, engine):
    session.execute(ADD, {"name": "a"})  # holder
    with engine.connect() as other, pytest.raises(OverlappingTransactionsError) as caught:
        other.execute(sa.text("SELECT name FROM item"))  # other
    found = [int(number) for number in re.findall(rf"{HERE}:(\d+)", str(caught.value))]
    assert found == [line_of("other"), line_of("holder")]
    assert 'isolation("connections")' in str(caught.value)


def test_reader_is_refused_while_a_later_transaction_has_uncommitted_work(session, engine):
    session.execute(sa.text("SELECT 1"))
    with engine.connect() as writer:
        writer.execute(ADD, {"name": "a"})
        with pytest.raises(OverlappingTransactionsError):
            session.execute(sa.text("SELECT name FROM item"))


def test_commit_of_one_and_work_of_the_other_is_fine(session, engine, names):
    session.execute(sa.text("SELECT 1"))
    with engine.begin() as writer:
        writer.execute(ADD, {"name": "a"})
    session.execute(ADD, {"name": "b"})
    session.rollback()
    assert names() == ["a"]


async def test_overlapping_async_sessions_are_refused(async_engine):
    async with AsyncSession(async_engine) as one, AsyncSession(async_engine) as other:
        await one.execute(ADD, {"name": "a"})
        with pytest.raises(OverlappingTransactionsError):
            await other.execute(ADD, {"name": "b"})


def test_session_kept_from_an_earlier_test(isolated_database):
    kept = Session(isolated_database.engine)
    kept.execute(sa.text("SELECT 1"))
    isolated_database.end_test()
    isolated_database.begin_test(SeedSet(), test="the next test")
    with pytest.raises(OutsideTestError, match="test_session_kept_from_an_earlier_test"):
        kept.execute(sa.text("SELECT 1"))
    kept.close()


def test_engine_used_outside_of_tests(isolated_database):
    isolated_database.end_test()
    with pytest.raises(OutsideTestError, match=f"{HERE}:{line_of('outside')}"):
        isolated_database.engine.connect()  # outside
    isolated_database.begin_test(SeedSet(), test="the next test")


def test_statement_beside_a_session_lock_of_another_connection_runs(engine):
    if engine.dialect.name != "postgresql":
        pytest.skip("SQLite has none")
    with engine.connect() as one, engine.connect() as other:
        one.execute(sa.text("SELECT pg_advisory_lock(1)"))
        one.commit()
        assert other.scalar(sa.text("SELECT 1")) == 1
        with pytest.raises(RefusedError, match="would be granted to this one too"):
            other.execute(sa.text("SELECT pg_try_advisory_lock(1)"))
