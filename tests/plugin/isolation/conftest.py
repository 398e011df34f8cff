"""A small schema of another shape than the domain's, for what the isolation must hold."""

from __future__ import annotations

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from pytest_query_snapshot.databases.isolation import IsolatedDatabase
from pytest_query_snapshot.databases.servers.scratch import ScratchPlace
from pytest_query_snapshot.databases.target import DatabaseTarget
from pytest_query_snapshot.seeds.files import SeedSet


class Model(DeclarativeBase):
    pass


class Item(Model):
    __tablename__ = "item"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(unique=True)


@pytest.fixture(params=["sqlite", "postgresql"])
def dialect(request):
    return request.param


@pytest.fixture(scope="session")
def choices(postgresql_server):
    server = sa.make_url(postgresql_server.url)
    made = {"sqlite": DatabaseTarget("sqlite", None, None, "tests", given=False)}
    made["postgresql"] = DatabaseTarget("postgresql", server, "isolation", "tests", given=False)
    yield made
    for target in made.values():
        target.guard.end()


@pytest.fixture(scope="session")
def databases(choices):
    """Open both databases, whatever the run itself is on, and prove at the end that neither has changed."""
    opened = {
        name: IsolatedDatabase(target.open(), build_schema=Model.metadata.create_all, metadata=Model.metadata)
        for name, target in choices.items()
    }
    yield opened
    for database in opened.values():
        database.close()


@pytest.fixture
def isolated_database(request, databases, dialect):
    database = databases[dialect]
    database.begin_test(SeedSet(), test=request.node.nodeid)
    yield database
    database.end_test()


@pytest.fixture(scope="session")
def scratch_places(choices):
    places = {name: ScratchPlace(target, Model.metadata.create_all) for name, target in choices.items()}
    yield places
    for place in places.values():
        place.close()


@pytest.fixture
def scratch_database(scratch_places, dialect, tmp_path):
    made = scratch_places[dialect].make(SeedSet(), folder=tmp_path)
    yield made
    made.close()


@pytest.fixture(scope="session")
def item_metadata():
    return Model.metadata


@pytest.fixture
def item():
    return Item


@pytest.fixture
def names(isolated_database):
    """What the table holds now, seen past every session."""

    def read() -> list[str]:
        with isolated_database.unrecorded() as connection:
            return list(connection.scalars(sa.select(Item.name).order_by(Item.name)))

    return read


@pytest.fixture
def nothing_left_from_another_test(names):
    assert names() == []
