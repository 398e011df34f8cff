"""The mode `connections` shows what production shows in every scenario, and has put everything back afterwards."""

from __future__ import annotations

import itertools

import pytest
import sqlalchemy as sa

from pytest_query_snapshot.databases.connections.database import ConnectedDatabase
from pytest_query_snapshot.databases.connections.postgresql.keeper import PostgreSQLKeeper
from pytest_query_snapshot.databases.connections.sqlite import SQLiteKeeper
from pytest_query_snapshot.seeds.files import SeedSet

from .scenarios import SCENARIOS

NUMBERS = itertools.count(1)


@pytest.fixture(scope="module")
def connected(postgresql_server, item_metadata):
    server = sa.make_url(postgresql_server.url)
    made = {
        "sqlite": ConnectedDatabase(SQLiteKeeper()),
        "postgresql": ConnectedDatabase(PostgreSQLKeeper(server, f"query_snapshot_scenarios_{next(NUMBERS)}")),
    }
    for database in made.values():
        database.prepare(item_metadata)
    read_a_counter(made["sqlite"])
    yield made
    for database in made.values():
        database.close()


def read_a_counter(database):
    """Read one as a first test: the very first read of a run is refused where an earlier test has written."""
    database.begin_test("first")
    with database.engine.connect() as connection:
        connection.execute(sa.text("SELECT last_insert_rowid()"))
    database.end_test()


@pytest.mark.parametrize(
    "scenario", [pytest.param(one, id=f"{one.dialect}-{one.name}".replace(" ", "_")) for one in SCENARIOS]
)
def test_connections_show_what_production_shows(scenario, connected):
    database = connected[scenario.dialect]
    database.begin_test(scenario.name)
    database.load_seeds(SeedSet())
    try:
        assert scenario.run(database.engine) == scenario.production
    finally:
        database.end_test()
    assert database.is_as_seeded()
