"""Small projects in the isolation mode `connections`, on SQLite and on PostgreSQL."""

from __future__ import annotations

import importlib

import pytest

# C extensions, which do not survive being imported by one inner session after another
for name in (
    "asyncpg",
    "psycopg2",
    "pytest_query_snapshot.databases.connections.run",
    "pytest_query_snapshot.databases.connections.sqlite",
    "pytest_query_snapshot.databases.connections.postgresql.keeper",
):
    importlib.import_module(name)


@pytest.fixture(params=["sqlite", "postgresql"])
def project(request, make_project):
    """Make a project whose run is in the mode; its server, if any, is shared by all tests here."""
    made = make_project(request.param)
    path = made.pytester.path / "pytest.ini"
    path.write_text(f"{path.read_text()}\nquery_snapshot_isolation = connections\n")
    return made


collect_ignore = ["many"]
