"""Tasks of one test that write at the same time, in the mode `none`: the state before both of them is read."""

from __future__ import annotations

import pytest

TASKS = """
import asyncio, sqlalchemy as sa
from sqlalchemy.ext.asyncio import create_async_engine
from shop_schema import metadata, workspace

own = create_async_engine("{url}")

async def add(name):
    async with own.begin() as connection:
        await connection.execute(workspace.insert().values(name=name))

async def test_tables():
    async with own.begin() as connection:
        await connection.run_sync(metadata.create_all)
    await own.dispose()

async def test_tasks(golden):
    with golden.step("both"):
        await asyncio.gather(add("first"), add("second"))
    assert own.sync_engine == golden.changes
    await own.dispose()
"""


@pytest.mark.parametrize("dialect", ["sqlite", "postgresql"])
def test_state_before_tasks_is_read_once(request, make_project, monkeypatch, dialect):
    monkeypatch.delenv("CI", raising=False)
    project = make_project("sqlite")
    url = "sqlite+aiosqlite:///own.db"
    if dialect == "postgresql":
        url = request.getfixturevalue("postgresql_url").replace("+psycopg", "+asyncpg").replace("/?", "/postgres?")
    settings = project.pytester.path / "pytest.ini"
    settings.write_text(settings.read_text().replace("query_snapshot_metadata", "# "))
    project.test(TASKS.format(url=url))
    result = project.run("--isolation=none", "--snapshot-update")
    result.assert_outcomes(passed=2)
    (stored,) = (project.pytester.path / "__snapshots__").rglob("*.state.md")
    text = stored.read_text()
    assert "+ workspace#1: name=" in text  # the key is known to be made up, without any setting
    assert "name='first'" in text
    assert "name='second'" in text
