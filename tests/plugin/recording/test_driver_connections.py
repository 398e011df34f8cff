"""Connections and pools that drivers make by themselves, beside an engine of the same database."""

from __future__ import annotations

import pytest

POSTGRESQL = """
import asyncpg, psycopg, psycopg_pool, psycopg2.pool, pytest, sqlalchemy as sa

@pytest.fixture
def dsn(database_url):
    return sa.make_url(database_url).set(drivername="postgresql").render_as_string(hide_password=False)

def test_psycopg_pool(dsn, engine, golden):
    with psycopg_pool.ConnectionPool(dsn, min_size=1, open=True) as pool, pool.connection() as one:
        one.execute("INSERT INTO workspace (name) VALUES (%s)", ("pooled",))
    assert engine == golden.state

def test_psycopg2_pool(dsn, engine, golden):
    pool = psycopg2.pool.SimpleConnectionPool(1, 1, dsn)
    with pool.getconn() as one, one.cursor() as cursor:
        cursor.execute("INSERT INTO workspace (name) VALUES (%s)", ("pooled",))
    pool.closeall()
    assert engine == golden.state

async def test_asyncpg_pool(dsn, engine, golden):
    async with asyncpg.create_pool(dsn, min_size=1, max_size=1) as pool:
        await pool.execute("INSERT INTO workspace (name) VALUES ($1)", "pooled")
    assert engine == golden.state

async def test_psycopg_async(dsn, engine, golden):
    async with await psycopg.AsyncConnection.connect(dsn) as one:
        await one.execute("INSERT INTO workspace (name) VALUES (%s)", ("pooled",))
    assert engine == golden.state
"""
SQLITE = """
import sqlite3
import sqlalchemy as sa

def test_sqlite3(database_url, engine, golden):
    one = sqlite3.connect(sa.make_url(database_url).database)
    with one:
        one.execute("INSERT INTO workspace (name) VALUES (?)", ("pooled",))
    one.close()
    assert engine == golden.state

def test_file_of_another_database(tmp_path, engine, golden):
    with engine.connect() as connection:
        connection.exec_driver_sql("SELECT 1").all()
    other = sqlite3.connect(tmp_path / "other.db")
    other.execute("SELECT 2")
    other.close()
    assert engine == golden.sql
"""
FILES = """
from sqlite3 import connect as connect_to_file
import aiosqlite, pytest, sqlalchemy as sa
from shop_schema import metadata

INSERT = "INSERT INTO workspace (name) VALUES (?)"

async def aiosqlite_alone(path):
    async with aiosqlite.connect(path) as one:
        await one.execute(INSERT, ("pooled",))
        await one.commit()

async def imported_name(path):
    one = connect_to_file(path)
    one.execute(INSERT, ("pooled",))
    one.commit()
    one.close()

@pytest.mark.parametrize("write", [aiosqlite_alone, imported_name])
@pytest.mark.parametrize("kind", ["sql", "state"])
async def test(tmp_path, golden, write, kind):
    engine = sa.create_engine(f"sqlite:///{tmp_path}/own.db")
    metadata.create_all(engine)
    with engine.connect():
        pass
    with golden.step("work"):
        await write(tmp_path / "own.db")
    assert engine == getattr(golden, kind)
    engine.dispose()
"""
LEFT = """
import sqlite3
import sqlalchemy as sa

def test_it(database_url, golden):
    one = sqlite3.connect(sa.make_url(database_url).database)
    try:
        assert one == golden.sql
    finally:
        one.close()
"""
POOLED = ("psycopg_pool", "psycopg2_pool", "asyncpg_pool", "psycopg_async")


def _run(project, source, *, passed):
    project.test(source)
    project.run("--isolation=connections", "--snapshot-update").assert_outcomes(passed=passed)
    return project.pytester.path / "__snapshots__/test_it"


def _check_insert(folder, name, dialect_name):
    assert "+ workspace#1: name='pooled'" in (folder / f"test_{name}.state.md").read_text("utf-8")
    sql = (folder / f"test_{name}.{dialect_name}.sql").read_text("utf-8").lower()
    assert "insert into workspace" in sql
    assert "-- 1 = 'pooled'" in sql


def test_statement_of_a_pool_of_the_driver_is_in_both_goldens(make_project):
    folder = _run(make_project("postgresql"), POSTGRESQL, passed=len(POOLED))
    for name in POOLED:
        _check_insert(folder, name, "postgresql")


def test_statement_of_plain_sqlite3_is_in_both_goldens(make_project):
    folder = _run(make_project("sqlite"), SQLITE, passed=2)
    _check_insert(folder, "sqlite3", "sqlite")
    assert "2" not in (folder / "test_file_of_another_database.sqlite.sql").read_text("utf-8")


@pytest.mark.parametrize("write", ["aiosqlite_alone", "imported_name"])
def test_statement_of_a_connection_that_sqlite3_makes_for_another_is_in_both_goldens(make_project, write):
    project = make_project("sqlite")
    project.test(FILES)
    project.run("--isolation=none", "--snapshot-update", "-k", write).assert_outcomes(passed=2, deselected=2)
    folder = project.pytester.path / "__snapshots__/test_it"
    assert "+ workspace#1: name='pooled'" in (folder / f"test[state-{write}].state.md").read_text("utf-8")
    sql = (folder / f"test[sql-{write}].sqlite.sql").read_text("utf-8")
    assert "INSERT INTO workspace" in sql
    assert "-- 1 = 'pooled'" in sql


def test_connection_of_a_driver_on_the_left_is_refused_with_the_way_out(make_project):
    project = make_project("sqlite")
    project.test(LEFT)
    result = project.run("--isolation=connections")
    result.stdout.fnmatch_lines(["*hand over SQLAlchemy's engine of the same database*"])
