"""The modes on real connections show what production shows in every scenario.

`connections` has put everything back afterwards; `none` reads the tables before and after, and disturbs nothing.
"""

from __future__ import annotations

import itertools

import pytest
import sqlalchemy as sa

from pytest_query_snapshot.databases.connections.database import ConnectedDatabase
from pytest_query_snapshot.databases.connections.postgresql.keeper import PostgreSQLKeeper
from pytest_query_snapshot.databases.connections.sqlite import SQLiteKeeper
from pytest_query_snapshot.goldens.observed import Knowledge, ObservedDatabases
from pytest_query_snapshot.goldens.table_states import TableStates
from pytest_query_snapshot.recording.recorder import Recorder
from pytest_query_snapshot.seeds.files import SeedSet
from pytest_query_snapshot.values.masks import Masks

from .scenarios import SCENARIOS

EACH = pytest.mark.parametrize(
    "scenario", [pytest.param(one, id=f"{one.dialect}-{one.name}".replace(" ", "_")) for one in SCENARIOS]
)
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


@pytest.fixture
def scene(scenario, connected):
    """Give the database of a scenario, and put it back."""
    database = connected[scenario.dialect]
    database.begin_test(scenario.name)
    database.load_seeds(SeedSet())
    yield database
    database.end_test()
    assert database.is_as_seeded()


@EACH
def test_connections_show_what_production_shows(scenario, scene):
    assert scenario.run(scene.engine) == scenario.production


@pytest.fixture
def observed():
    """Record and read as the mode `none` does, with no database of the plugin's."""
    recorder = Recorder()
    databases = ObservedDatabases([], Knowledge(masks=Masks(())))
    states = TableStates(databases, recorder, declared=lambda: None)
    recorder.start(before_write=states.before_write)
    states.begin_step("scenario")
    yield databases, states
    recorder.uninstall()


@EACH
def test_none_shows_what_production_shows(scenario, scene, observed):
    databases, states = observed
    assert scenario.run(scene.engine) == scenario.production
    states.end_step("scenario")
    tables, _ = states.timeline([databases.of(scene.engine)], test="", connection=None)
    assert "item" in tables
