"""Small projects in the isolation mode `connections`, on SQLite and on PostgreSQL."""

from __future__ import annotations

import importlib

import pytest

# C extensions, which do not survive being imported by one inner session after another
for name in (
    "pytest_query_snapshot.databases.connections.run",
    "pytest_query_snapshot.databases.connections.sqlite",
    "pytest_query_snapshot.databases.connections.postgresql.keeper",
):
    importlib.import_module(name)


APP = """
import os, sqlalchemy as sa
from shop_schema import workspace
engine = sa.create_engine(os.environ["DATABASE_URL"])

def add(name):
    with engine.begin() as connection:
        connection.execute(workspace.insert().values(name=name))

def names():
    with engine.connect() as connection:
        return connection.scalars(sa.select(workspace.c.name).order_by(workspace.c.name)).all()
"""
CONFTEST = """
import shop_app  # makes its engine before any plugin fixture runs
"""


@pytest.fixture(params=["sqlite", "postgresql"])
def project(request, make_project):
    """Make a project whose run is in the mode; its server, if any, is shared by all tests here."""
    made = make_project(request.param)
    path = made.pytester.path / "pytest.ini"
    path.write_text(f"{path.read_text()}\nquery_snapshot_isolation = connections\n")
    return made


@pytest.fixture
def application(project):
    """Make a project whose application makes its engine when the conftest file imports it."""
    path = project.pytester.path / "pytest.ini"
    path.write_text(f"{path.read_text()}\nquery_snapshot_url_variables = DATABASE_URL\n")
    project.pytester.makepyfile(shop_app=APP)
    project.pytester.makeconftest(CONFTEST)
    return project


collect_ignore = ["many"]
