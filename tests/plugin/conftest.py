"""Whole pytest sessions of small projects, on SQLite and on one PostgreSQL server shared by all of them."""

from __future__ import annotations

import importlib
import itertools
import pkgutil

import pytest
import sqlalchemy as sa

import pytest_query_snapshot
from pytest_query_snapshot.databases.servers import provisioning
from pytest_query_snapshot.databases.servers.server import PostgreSQLServer

# An inner session forgets the modules that it was the first to import: C extensions don't survive that, and every
# later session would load the others once more and keep some of them.
for name in (
    "asyncpg",
    "psycopg2",
    "sqlalchemy.orm",
    "sqlalchemy.ext.asyncio",
    "sqlalchemy.dialects.postgresql",
    "sqlparse",
    "rich.console",
):
    importlib.import_module(name)
for module in pkgutil.walk_packages(pytest_query_snapshot.__path__, f"{pytest_query_snapshot.__name__}."):
    if not module.name.endswith("__main__"):
        importlib.import_module(module.name)

SCHEMA = """
import sqlalchemy as sa
metadata = sa.MetaData()
workspace = sa.Table(
    "workspace", metadata, sa.Column("id", sa.Integer, primary_key=True), sa.Column("name", sa.Text)
)
agent = sa.Table(
    "agent", metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("workspace_id", sa.ForeignKey("workspace.id"), nullable=False),
    sa.Column("name", sa.Text, unique=True),
)
"""
INI = """
[pytest]
query_snapshot_metadata = shop_schema:metadata
filterwarnings = error
pythonpath = .
asyncio_mode = auto
asyncio_default_fixture_loop_scope = function
addopts = -p no:cacheprovider
"""


class Project:
    """Files of a small project, and runs of pytest on them."""

    def __init__(self, pytester: pytest.Pytester, *database: str) -> None:
        self.pytester = pytester
        self.database = database
        pytester.makefile(".ini", pytest=INI)
        pytester.makepyfile(shop_schema=SCHEMA)

    def seed(self, name: str, text: str | bytes) -> None:
        path = self.pytester.path / "fixtures_sql" / f"{name}.sql"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text if isinstance(text, bytes) else text.encode())

    def test(self, source: str) -> None:
        self.pytester.makepyfile(test_it=source)

    def run(self, *args: str) -> pytest.RunResult:
        return self.pytester.runpytest_inprocess(*self.database, *args)


@pytest.fixture(scope="session")
def postgresql_server():
    server = PostgreSQLServer()
    try:
        server.wait()
        yield server
    finally:
        server.stop()


@pytest.fixture
def pytester(pytester, monkeypatch):
    """Let inner sessions write under CI too, and leave out of them what takes most of the time to start."""
    monkeypatch.delenv("CI", raising=False)
    # since Python 3.13, sqlite3 warns of the engines that the tests of a project leave open
    # rerunfailures leaves a socket open in each session
    plugins = ("hypothesispytest", "faker", "anyio", "rerunfailures")
    options = " ".join(f"-p no:{name}" for name in plugins) + ' -W "ignore:unclosed database:ResourceWarning"'
    monkeypatch.setenv("PYTEST_ADDOPTS", options)
    return pytester


NUMBERS = itertools.count(1)


@pytest.fixture
def postgresql_url(postgresql_server):
    """Give the URL of an empty database."""
    server = sa.make_url(postgresql_server.url)
    name = f"project_{next(NUMBERS)}"
    yield provisioning.create(server, name).render_as_string(hide_password=False)
    provisioning.drop(server, name)


@pytest.fixture
def make_project(request, pytester):
    """Make a project that runs on SQLite or on a PostgreSQL database of its own."""

    def make(dialect_name: str) -> Project:
        if dialect_name == "sqlite":
            return Project(pytester)
        return Project(pytester, f"--database-url={request.getfixturevalue('postgresql_url')}")

    return make
