"""Schemas as projects have them: names of schemas, several bases, migrations."""

from __future__ import annotations

import pytest

BILLING = """
import sqlalchemy as sa
metadata = sa.MetaData()
customer = sa.Table(
    "customer", metadata, sa.Column("id", sa.Integer, primary_key=True), sa.Column("name", sa.Text)
)
invoice = sa.Table(
    "invoice", metadata,
    sa.Column("id", sa.Integer, primary_key=True), sa.Column("total", sa.Integer), schema="billing",
)
"""
BOTH = """
from sqlalchemy import func, insert, select, text
from shop_schema import customer, invoice

def test_writes(session):
    session.execute(insert(customer).values(name="a"))
    session.execute(insert(invoice).values(total=3))
    session.commit()
    assert session.scalar(select(invoice.c.total)) == 3

def test_is_undone(session):
    assert session.scalar(select(func.count()).select_from(invoice)) == 0
"""


@pytest.fixture(params=["sqlite", "postgresql"])
def project(request, make_project):
    return make_project(request.param)


def test_schema_of_a_table_is_made_seeded_and_undone(project):
    project.pytester.makepyfile(shop_schema=BILLING)
    project.seed("one", "INSERT INTO billing.invoice (id, total) VALUES (7, 70);")
    project.test(
        BOTH
        + """
import pytest

@pytest.mark.seed("one")
@pytest.mark.parametrize("again", [1, 2])
def test_seeded(session, again):
    assert session.execute(select(invoice)).all() == [(7, 70)]
    session.execute(text("DELETE FROM billing.invoice"))
    session.commit()
"""
    )
    project.run().assert_outcomes(passed=4)


def test_schema_translate_map_of_the_engine(project):
    project.pytester.makepyfile(shop_schema=BILLING)
    project.pytester.makeconftest(
        """
import pytest

@pytest.fixture(scope="session")
def query_snapshot_engine_options():
    return {"execution_options": {"schema_translate_map": {"billing": "tenant_1", None: "shared"}}}
"""
    )
    project.test(
        BOTH
        + """
def test_names(session):
    assert session.execute(text("SELECT * FROM tenant_1.invoice, shared.customer")).all() == []
"""
    )
    project.run().assert_outcomes(passed=3)


def test_several_bases_by_one_setting(project):
    project.pytester.makepyfile(
        other_schema="""
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column
class Base(DeclarativeBase): pass
class Note(Base):
    __tablename__ = "note"
    id: Mapped[int] = mapped_column(primary_key=True)
"""
    )
    project.test(
        """
from other_schema import Note
from shop_schema import workspace

def test_it(session, isolated_database):
    session.add(Note())
    session.commit()
    assert session.query(workspace).all() == []
    assert sorted(isolated_database.metadata.tables) == ["agent", "note", "workspace"]
"""
    )
    project.run("-o", "query_snapshot_metadata=shop_schema:metadata other_schema:Base").assert_outcomes(passed=1)


def test_seeds_bring_the_ddl_of_a_schema_without_tables(make_project):
    project = make_project("sqlite")
    project.pytester.makepyfile(shop_schema="import sqlalchemy as sa\nmetadata = sa.MetaData()\n")
    project.seed("all", "CREATE TABLE t (x INTEGER); INSERT INTO t VALUES (1);")
    project.test(
        """
import pytest
from sqlalchemy import text
def test_without(session): assert session.execute(text("SELECT * FROM sqlite_schema")).all() == []
@pytest.mark.seed("all")
def test_with(session): assert session.scalar(text("SELECT x FROM t")) == 1
"""
    )
    project.run().assert_outcomes(passed=2)


SYNC_ENV = """
import logging.config
from alembic import context
from sqlalchemy import engine_from_config, pool

config = context.config
logging.config.fileConfig(config.config_file_name)

def run_migrations_online():
    connectable = engine_from_config(
        config.get_section(config.config_ini_section, {}), prefix="sqlalchemy.", poolclass=pool.NullPool
    )
    with connectable.connect() as connection:
        context.configure(connection=connection, target_metadata=None)
        with context.begin_transaction():
            context.run_migrations()

run_migrations_online()
"""
ASYNC_ENV = """
import asyncio
from alembic import context
from sqlalchemy import pool
from sqlalchemy.ext.asyncio import async_engine_from_config

def do_run_migrations(connection):
    context.configure(connection=connection, target_metadata=None)
    with context.begin_transaction():
        context.run_migrations()

async def run_async_migrations():
    connectable = async_engine_from_config(
        context.config.get_section(context.config.config_ini_section, {}), poolclass=pool.NullPool
    )
    async with connectable.connect() as connection:
        await connection.run_sync(do_run_migrations)
    await connectable.dispose()

asyncio.run(run_async_migrations())
"""
ATTRIBUTE_ENV = """
from alembic import context
connection = context.config.attributes["connection"]
context.configure(connection=connection, target_metadata=None)
with context.begin_transaction():
    context.run_migrations()
"""
MIGRATION = """
import sqlalchemy as sa
from alembic import op
revision = "1"
down_revision = None

def upgrade():
    op.create_table("customer", sa.Column("id", sa.Integer, primary_key=True), sa.Column("name", sa.Text))
    op.execute("CREATE VIEW named AS SELECT name FROM customer")
"""
ALEMBIC_INI = """
[alembic]
script_location = migrations
sqlalchemy.url = postgresql://nobody@nowhere.invalid/production
[loggers]
keys = root
[handlers]
keys =
[formatters]
keys =
[logger_root]
level = WARNING
handlers =
"""


@pytest.mark.parametrize(
    ("env", "metadata", "declared"),
    [
        (SYNC_ENV, "", ["alembic_version", "customer"]),
        (ASYNC_ENV, "", ["alembic_version", "customer"]),
        (ATTRIBUTE_ENV, "shop_schema:metadata", ["agent", "workspace"]),
    ],
    ids=["sync", "async", "attribute"],
)
def test_migrations_build_the_schema_with_env_py_as_it_is(project, env, metadata, declared):
    folder = project.pytester.path / "migrations"
    (folder / "versions").mkdir(parents=True)
    (folder / "env.py").write_text(env)
    (folder / "versions" / "one.py").write_text(MIGRATION)
    (project.pytester.path / "alembic.ini").write_text(ALEMBIC_INI)
    project.test(
        f"""
import logging
from sqlalchemy import text

kept = logging.getLogger("kept")

def test_it(session, isolated_database, caplog):
    session.execute(text("INSERT INTO customer (name) VALUES ('a')"))
    session.commit()
    assert session.scalar(text("SELECT name FROM named")) == "a"
    assert sorted(isolated_database.metadata.tables) == {declared}
    kept.warning("heard")
    assert "heard" in caplog.text

def test_next(session):
    assert session.execute(text("SELECT * FROM named")).all() == []
"""
    )
    result = project.run("-o", f"query_snapshot_metadata={metadata}", "-o", "query_snapshot_alembic=alembic.ini")
    result.assert_outcomes(passed=2)
