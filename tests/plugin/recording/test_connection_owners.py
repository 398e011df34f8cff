"""The connection of SQLAlchemy that a driver's own one belongs to."""

from __future__ import annotations

import sqlite3

import sqlalchemy as sa

from pytest_query_snapshot.recording.connection_owners import ConnectionOwners


class Driver(sqlite3.Connection):
    """A connection that can be referenced weakly, as those are that report to a recorder."""


def test_connection_in_the_place_of_an_ownerless_one_has_its_own_owner():
    owners = ConnectionOwners(set())
    first, second = (sqlite3.connect(":memory:", factory=Driver) for _ in range(2))
    assert owners.of(first) is None
    owners._ownerless[id(second)] = owners._ownerless.pop(id(first))  # as if it had got the number
    first.close()
    del first
    engine = sa.create_engine("sqlite://", creator=lambda: second, poolclass=sa.pool.StaticPool)
    with engine.connect() as connection:
        assert owners.of(second) is connection


def test_ownerless_connection_is_sought_once_in_a_test(monkeypatch):
    owners, sought = ConnectionOwners(set()), []
    monkeypatch.setattr(
        "pytest_query_snapshot.recording.connection_owners.objects_of", lambda *_: sought.append(1) or []
    )
    driver = sqlite3.connect(":memory:", factory=Driver)
    assert [owners.of(driver), owners.of(driver)] == [None, None]
    owners.forget()
    owners.of(driver)
    assert len(sought) == 2
    driver.close()
