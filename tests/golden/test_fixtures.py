"""The fixtures of the golden tests that assert something themselves."""

from __future__ import annotations

import uuid

import pytest
import sqlalchemy as sa

from controlplane.models import Agent, Workspace

pytestmark = pytest.mark.seed("agents")


def test_writes_nothing_sees_an_insert(session, writes_nothing):
    with pytest.raises(AssertionError), writes_nothing():
        session.execute(sa.insert(Workspace).values(name="Another"))


def test_writes_nothing_sees_what_the_session_holds_back(session, writes_nothing):
    agent = session.scalars(sa.select(Agent).limit(1)).one()
    with pytest.raises(AssertionError), writes_nothing():
        agent.description = "changed"


def test_writes_nothing_sees_a_change_that_is_undone(session, writes_nothing):
    def change_and_undo():
        with session.begin_nested() as savepoint:
            session.execute(sa.update(Agent).values(description="changed"))
            savepoint.rollback()

    with pytest.raises(AssertionError), writes_nothing():
        change_and_undo()


def test_writes_nothing_allows_reading_and_an_update_without_a_match(session, writes_nothing):
    with writes_nothing():
        session.execute(sa.select(Agent))
        session.execute(sa.update(Agent).where(Agent.id == uuid.UUID(int=0)).values(description="changed"))


def test_locks_counts_the_statements_that_lock(session, locks):
    with locks(1):
        session.execute(sa.select(Agent.id).with_for_update(key_share=True))
        session.execute(sa.select(Agent.id))


def test_locks_fails_where_a_lock_is_missing(session, locks):
    if session.get_bind().dialect.name != "postgresql":
        pytest.skip("SQLite has no row locks")
    with pytest.raises(AssertionError, match=r"golden\.budget"), locks(2):
        session.execute(sa.select(Agent.id).with_for_update(key_share=True))
