"""The migrations make the very schema that the models describe, and take it back, on both databases."""

from __future__ import annotations

import re

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext

from controlplane import migrations
from controlplane.errors import AppendOnlyError
from controlplane.models import Base

# everything that makes up a PostgreSQL schema, spelled by PostgreSQL itself
POSTGRESQL_CATALOGUE = """
SELECT 'column', table_name, column_name,
       concat_ws(' ', ordinal_position, data_type, character_maximum_length, is_nullable, column_default)
  FROM information_schema.columns WHERE table_schema = 'public' AND table_name <> 'alembic_version'
UNION ALL
SELECT 'constraint', conrelid::regclass::text, conname, pg_get_constraintdef(oid)
  FROM pg_constraint WHERE connamespace = 'public'::regnamespace AND conrelid::regclass::text <> 'alembic_version'
UNION ALL
SELECT 'index', tablename, indexname, indexdef
  FROM pg_indexes WHERE schemaname = 'public' AND tablename <> 'alembic_version'
UNION ALL
SELECT 'trigger', tgrelid::regclass::text, tgname, pg_get_triggerdef(oid) FROM pg_trigger WHERE NOT tgisinternal
UNION ALL
SELECT 'function', '', proname, pg_get_functiondef(oid) FROM pg_proc WHERE pronamespace = 'public'::regnamespace
ORDER BY 1, 2, 3, 4
"""
SQLITE_CATALOGUE = """
SELECT type, tbl_name, name, sql FROM sqlite_master WHERE tbl_name <> 'alembic_version'
UNION ALL
SELECT 'column', m.name, c.name, c.cid || c.type || c."notnull" || coalesce(c.dflt_value, '') || c.pk
  FROM sqlite_master AS m, pragma_table_xinfo(m.name) AS c WHERE m.type = 'table' AND m.name <> 'alembic_version'
ORDER BY 1, 2, 3
"""
STAMPED = "CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL)"


def catalogue(connection):
    """Return the schema as the database itself tells it; order of constraints and quotes of names say nothing."""
    query = POSTGRESQL_CATALOGUE if connection.dialect.name == "postgresql" else SQLITE_CATALOGUE
    return [
        (
            kind,
            table,
            name,
            sorted(
                filter(
                    None, (part.strip(" \t)") for part in re.split(r"[,\n]", (definition or "").replace('"', "")))
                )
            ),
        )
        for kind, table, name, definition in connection.exec_driver_sql(query)
    ]


@pytest.fixture
def connection(scratch_database):
    """Connect to a database with nothing in it."""
    engine = scratch_database.engine()
    with engine.connect() as connection:
        Base.metadata.drop_all(connection)
        yield connection
    engine.dispose()


# neither reads the index of an expression back from SQLite; the catalogue compares it
@pytest.mark.filterwarnings("ignore:Skipped unsupported reflection of expression-based index")
@pytest.mark.filterwarnings("ignore:autogenerate skipping metadata-specified expression-based index")
def test_migrations_create_the_schema_of_the_models(connection):
    migrations.upgrade(connection)
    migrated = catalogue(connection)
    differences = compare_metadata(MigrationContext.configure(connection), Base.metadata)
    migrations.downgrade(connection)
    Base.metadata.create_all(connection)
    assert migrated == catalogue(connection)
    assert len(migrated) > 100
    assert differences == []


def test_down_and_up_again_is_the_same_schema(connection):
    migrations.upgrade(connection)
    first = catalogue(connection)
    migrations.downgrade(connection)
    assert catalogue(connection) == []
    migrations.upgrade(connection)
    assert catalogue(connection) == first


def test_each_migration_can_be_undone_alone(connection):
    script = migrations.revisions()
    before = {}
    for revision in script:
        before[revision] = catalogue(connection)
        migrations.upgrade(connection, revision)
    for revision in reversed(script):
        migrations.downgrade(connection, "-1")
        assert catalogue(connection) == before[revision]


def test_each_file_is_one_revision_and_they_form_one_line():
    """Alembic would take one of two files with the same revision, and only warn of the other."""
    files = sorted(path.name for path in (migrations.HERE / "versions").glob("0*.py"))
    assert [name.split("_")[0] for name in files] == list(migrations.revisions())


@pytest.mark.seed("debug_sessions")
def test_traces_learn_the_name_of_their_workflow(scratch_database):
    engine = scratch_database.engine()
    known = "SELECT id, workflow FROM execution_trace WHERE execution_id IS NOT NULL ORDER BY id"
    with engine.begin() as connection:
        connection.exec_driver_sql(STAMPED)
        connection.execute(sa.text("INSERT INTO alembic_version VALUES ('0011')"))
        before = connection.exec_driver_sql(known).all()
        migrations.downgrade(connection, "0010")
        migrations.upgrade(connection, "0011")
        assert connection.exec_driver_sql(known).all() == before
        assert {workflow for _, workflow in before} == {"outer"}
    with engine.begin() as connection, pytest.raises(AppendOnlyError):
        connection.exec_driver_sql("UPDATE execution_trace SET workflow = 'other'")
    engine.dispose()


def test_rows_are_kept_by_an_upgrade(connection):
    migrations.upgrade(connection, "0001")
    connection.execute(sa.text(f"INSERT INTO workspace (id, name) VALUES ('{1:032x}', 'Acme')"))
    connection.execute(
        sa.text(
            "INSERT INTO lifecycle_event (id, workspace_id, record_kind, record_id, sequence, to_status, at)"
            f" VALUES ('{2:032x}', '{1:032x}', 'agent', '{3:032x}', 1, 'active', '2026-01-05 09:00:00.000000')"
        )
    )
    migrations.upgrade(connection)
    event = connection.execute(sa.text("SELECT to_status, actor_agent_id FROM lifecycle_event")).one()
    assert tuple(event) == ("active", None)
    assert connection.execute(sa.text("SELECT name FROM workspace")).scalars().all() == ["Acme"]
