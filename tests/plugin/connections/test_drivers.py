"""The driver that the application asked for is the one that its engines and the plugin's fixtures use."""

from __future__ import annotations

import pytest

SYNC = """
import os, pytest, sqlalchemy as sa
from shop_schema import workspace

own = sa.create_engine(os.environ["DATABASE_URL"])

@pytest.mark.parametrize("n", range(3))
def test_driver(n, engine):
    assert engine.driver == own.driver == "{driver}"
    with own.begin() as connection:
        assert connection.execute(workspace.insert().values(name="a")).inserted_primary_key == (1,)
    with engine.connect() as connection:
        assert connection.scalars(sa.select(workspace.c.name)).all() == ["a"]
"""
ASYNC = """
import os, pytest, sqlalchemy as sa
from sqlalchemy.ext.asyncio import create_async_engine
from shop_schema import workspace

own = create_async_engine(os.environ["DATABASE_URL"])

@pytest.mark.parametrize("n", range(3))
async def test_driver(n, async_engine):
    assert async_engine.driver == own.driver == "{driver}"
    async with own.begin() as connection:
        assert (await connection.execute(workspace.insert().values(name="a"))).inserted_primary_key == (1,)
    async with async_engine.connect() as connection:
        assert (await connection.scalars(sa.select(workspace.c.name))).all() == ["a"]

async def test_after():
    async with own.connect() as connection:
        assert (await connection.scalars(sa.select(workspace.c.name))).all() == []
"""


@pytest.mark.parametrize(
    ("setting", "source"),
    [
        ("postgresql+psycopg", SYNC),
        ("postgresql+psycopg2", SYNC),
        ("postgresql+psycopg", ASYNC),
        ("postgresql+asyncpg", ASYNC),
        ("sqlite+pysqlite", SYNC),
        ("sqlite+aiosqlite", ASYNC),
    ],
)
def test_application_and_fixtures_use_the_driver(make_project, setting, source):
    dialect, _, driver = setting.partition("+")
    project = make_project(dialect)
    path = project.pytester.path / "pytest.ini"
    settings = f"query_snapshot_isolation = connections\nquery_snapshot_url_variables = DATABASE_URL={setting}\n"
    path.write_text(f"{path.read_text()}\n{settings}")
    project.test(source.format(driver=driver))
    result = project.run()
    result.assert_outcomes(passed=source.count("range(3)") * 3 + source.count("test_after"))
