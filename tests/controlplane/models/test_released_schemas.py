"""Databases of released versions, filled, are upgraded without loss."""

from __future__ import annotations

import ast
import json
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from controlplane import migrations
from controlplane.models import Base, WorkflowSignal, Workspace
from tests.controlplane.models.test_migrations import catalogue

RELEASED = Path(__file__).parent / "released"
ROWS = {"first": ("first",), "0.1.0": ("first", "0.1.0")}


def test_migrations_import_nothing_that_changes():
    for path in (migrations.HERE / "versions").glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import | ast.ImportFrom) else []
            modules = [getattr(node, "module", None) or "", *names]
            assert not [name for name in modules if name.startswith("controlplane")], path.name


def run(engine, name):
    """Run a file of SQL."""
    text = (RELEASED / name).read_text()
    raw = engine.raw_connection()
    if engine.dialect.name == "sqlite":
        raw.executescript(text)
    else:
        raw.cursor().execute(text)
    raw.commit()
    raw.close()


@pytest.fixture(params=ROWS)
def released(request, scratch_database):
    """A database as a released version left it, every table with rows."""
    engine = scratch_database.engine()
    Base.metadata.drop_all(engine)
    run(engine, f"{request.param}.{engine.dialect.name}.sql")
    for rows in ROWS[request.param]:
        run(engine, f"{rows}.rows.sql")
    yield engine
    engine.dispose()


def contents(connection):
    """Return every row of every table, with the storage class of each value where there is one."""
    found = {}
    for table in sorted(sa.inspect(connection).get_table_names()):
        if table == "alembic_version":
            continue
        columns = [column["name"] for column in sa.inspect(connection).get_columns(table)]
        shown = ", ".join(f'"{name}"' for name in columns)
        if connection.dialect.name == "sqlite":
            shown += "".join(f', typeof("{name}")' for name in columns)
        rows = connection.exec_driver_sql(f'SELECT {shown} FROM "{table}"').all()
        assert rows, f"{table} is empty"
        found[table] = columns, sorted(map(tuple, rows), key=repr)
    return found


@pytest.mark.filterwarnings("ignore:Skipped unsupported reflection of expression-based index")
def test_upgrade_of_released_schema_equals_fresh_schema(released, scratch_database):
    with released.begin() as connection:
        migrations.upgrade(connection)
        upgraded = catalogue(connection)
    with released.begin() as connection:
        migrations.downgrade(connection)
        Base.metadata.create_all(connection)
        assert upgraded == catalogue(connection)


@pytest.mark.filterwarnings("ignore:Skipped unsupported reflection of expression-based index")
def test_upgrade_keeps_every_row_and_storage_class(released):
    with released.connect() as connection:
        before = contents(connection)
    with released.begin() as connection:
        migrations.upgrade(connection)
    with released.connect() as connection:
        for table, (columns, rows) in before.items():
            shown = ", ".join(f'"{name}"' for name in columns)
            after = connection.exec_driver_sql(f'SELECT {shown} FROM "{table}"').all()
            expected = [row[: len(columns)] for row in rows]
            if table == "workflow_signal" and released.dialect.name == "sqlite":
                expected = [tuple(str(v) if isinstance(v, int | float) else v for v in row) for row in expected]
            assert sorted(map(tuple, after), key=repr) == sorted(expected, key=repr)


def test_upgrade_stores_json_as_text(released):
    with released.begin() as connection:
        notes = migrations.upgrade(connection)
    if released.dialect.name == "sqlite":
        with released.connect() as connection:
            for table in Base.metadata.sorted_tables:
                for column in table.columns:
                    if type(column.type).__name__ == "TrackedJSON":
                        query = f'SELECT DISTINCT typeof("{column.name}") FROM "{table.name}"'
                        assert set(connection.exec_driver_sql(query).scalars()) <= {"text", "null"}
    with Session(released) as session:
        found = {one.name: one.payload for one in session.scalars(sa.select(WorkflowSignal))}
    assert (found["whole"], found["half"], found["long"]) == (6, 2.5, 9007199254740993)
    assert found["nested"] == {"a": [6.0, 12345678901234567890123]}
    assert all("rounded" in note for note in notes)


def test_upgrade_counts_rounded_json_numbers(scratch_database):
    engine = scratch_database.engine()
    if engine.dialect.name != "sqlite":
        pytest.skip("PostgreSQL never rounded")
    Base.metadata.drop_all(engine)
    run(engine, "first.sqlite.sql")
    run(engine, "first.rows.sql")
    with engine.begin() as connection:
        connection.exec_driver_sql(
            "UPDATE workflow_signal SET payload = '12345678901234567890123' WHERE name = 'long'"
        )
        connection.exec_driver_sql("UPDATE workflow_execution_log SET context = '7.0'")
    with engine.begin() as connection:
        (note,) = migrations.upgrade(connection)
        kept = connection.exec_driver_sql("SELECT payload FROM workflow_signal WHERE name = 'long'").scalar_one()
    assert note.startswith("5 JSON values that SQLite had turned into numbers are text again; 1 of them had been")
    assert json.loads(kept) == 1.2345678901234568e22
    engine.dispose()


def test_upgrade_renames_workspaces_of_one_name(scratch_database):
    engine = scratch_database.engine()
    Base.metadata.drop_all(engine)
    with engine.begin() as connection:
        migrations.upgrade(connection, "0015")
        for number, name in enumerate(["a", "a", "a (2)", "b", "a"]):
            connection.execute(sa.text(f"INSERT INTO workspace VALUES ('{number:032x}', '{name}')"))
        notes = migrations.upgrade(connection)
    with Session(engine) as session:
        names = session.scalars(sa.select(Workspace.name).order_by(Workspace.id)).all()
    assert names == ["a", "a (3)", "a (2)", "b", "a (4)"]
    assert notes == ("a second workspace named a is now a (3)", "a second workspace named a is now a (4)")
    engine.dispose()
