"""Databases whose catalog state goldens read, and the golden of what statements change."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from pytest_query_snapshot.databases.servers import provisioning
from pytest_query_snapshot.goldens.formats.changes import Step, render
from pytest_query_snapshot.recording.tables.snapshots import StateReader
from pytest_query_snapshot.values.id_aliases import IdAliases, IdColumns
from pytest_query_snapshot.values.masks import Masks


def written(connection, *statements, metadata=None, reader=None):
    """Return the state golden of what some statements do."""
    metadata = metadata or sa.MetaData()
    reader = reader or StateReader(metadata.tables.values(), IdColumns(metadata), masks=Masks())
    before = reader.read(connection)
    for statement in statements:
        connection.execute(sa.text(statement) if isinstance(statement, str) else statement)
    return render(before, [Step("change", reader.read(connection))], IdAliases())


@pytest.fixture
def sqlite():
    engine = sa.create_engine("sqlite://", poolclass=sa.StaticPool)
    with engine.connect() as connection:
        yield connection
    engine.dispose()


@pytest.fixture(scope="module")
def postgresql_engine(postgresql_server):
    server = sa.make_url(postgresql_server.url)
    url = provisioning.create(server, "state_catalog")
    engine = sa.create_engine(url.set(drivername="postgresql+psycopg"))
    yield engine
    engine.dispose()
    provisioning.drop(server, "state_catalog")


@pytest.fixture
def postgresql(postgresql_engine):
    """Give a connection whose transaction is never committed."""
    with postgresql_engine.connect() as connection:
        yield connection


@pytest.fixture(params=["sqlite", "postgresql"])
def connection(request):
    return request.getfixturevalue(request.param)
