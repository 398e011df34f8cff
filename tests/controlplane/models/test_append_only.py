"""Append-only rows can't be changed or deleted, by the ORM or by SQL."""

from __future__ import annotations

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from controlplane import migrations, setup
from controlplane.append_only_triggers import restore_protection, unprotected_tables
from controlplane.cli.context import Settings
from controlplane.database import create_engine
from controlplane.errors import AppendOnlyError, SchemaError
from controlplane.models import (
    APPEND_ONLY,
    Agent,
    Base,
    CanvasAction,
    CanvasAudit,
    Intervention,
    InterventionType,
    LifecycleEvent,
    LogLevel,
    SupervisionSession,
    User,
    WorkflowExecution,
    WorkflowExecutionLog,
    Workspace,
)

TRAILS = pytest.mark.parametrize("name", APPEND_ONLY)
SEEDS = ("canvases", "lifecycle_history", "workflow_history", "debug_history")
pytestmark = pytest.mark.seed(*SEEDS)


@pytest.fixture
def histories(session, clock):
    """Add the rows that no seed has."""
    person, agent, run = (session.scalars(sa.select(kind)).first() for kind in (User, Agent, WorkflowExecution))
    shared = {"workspace_id": run.workspace_id, "sequence": 1}
    actors = {"agent_id": agent.id, "supervisor_id": person.id}
    supervised = SupervisionSession(workspace_id=run.workspace_id, started_at=clock(), **actors)
    session.add(supervised)
    session.flush()
    note = {"level": LogLevel.INFO, "event": "note", "message": "m", "timestamp": clock()}
    act = {"intervention_type": InterventionType.PAUSE, "guidance": "g", "supervisor_id": person.id, "at": clock()}
    session.add(WorkflowExecutionLog(execution_id=run.id, **note, **shared))
    session.add(Intervention(session_id=supervised.id, **act, **shared))
    session.commit()


def rows(session, table):
    return session.execute(sa.select(table).order_by(table.c.id)).all()


@TRAILS
@pytest.mark.parametrize("change", ["update", "delete"])
@pytest.mark.usefixtures("histories")
def test_statements_can_not_change_a_trail(session, name, change):
    table = Base.metadata.tables[name]
    before = rows(session, table)
    statement = sa.delete(table) if change == "delete" else sa.update(table).values(id=table.c.id)
    assert before
    with pytest.raises(AppendOnlyError, match=f"^{name} can't be changed") as caught:
        session.execute(statement)
    assert caught.value.record == name
    session.rollback()
    assert rows(session, table) == before


def test_a_changed_object_can_not_be_flushed(session):
    session.scalars(sa.select(CanvasAudit)).first().action = CanvasAction.CLOSE
    with pytest.raises(AppendOnlyError):
        session.flush()


def test_a_row_can_not_be_deleted_with_its_parent(session):
    with pytest.raises(sa.exc.IntegrityError, match=r"(?i)foreign key"):
        session.execute(sa.text("DELETE FROM canvas"))


def test_rows_are_added_as_ever(session):
    event = session.scalars(sa.select(LifecycleEvent)).first()
    values = {column.name: getattr(event, column.name) for column in LifecycleEvent.__table__.columns}
    session.add(LifecycleEvent(**values | {"id": None, "sequence": 99}))
    session.flush()
    added = session.scalars(sa.select(LifecycleEvent).where(LifecycleEvent.sequence == 99)).one()
    assert added.to_status == event.to_status


def test_other_database_errors_are_unchanged(session):
    with pytest.raises(sa.exc.IntegrityError):
        session.execute(sa.insert(Workspace).values(id=session.scalar(sa.select(Workspace.id)), name="twice"))


def test_a_table_can_not_be_emptied_at_once(scratch_database):
    engine = scratch_database.engine()
    statements = ["REPLACE INTO canvas_audit SELECT * FROM canvas_audit"]
    if engine.dialect.name == "postgresql":
        statements = ["TRUNCATE canvas_audit", "TRUNCATE workflow CASCADE"]
    else:
        engine.dispose()
        engine = create_engine(engine.url)
    for statement in statements:
        with pytest.raises(AppendOnlyError), Session(engine) as session:
            session.execute(sa.text(statement))
    engine.dispose()


def test_every_table_of_a_trail_is_protected(session):
    sqlite = "SELECT tbl_name FROM sqlite_master WHERE type = 'trigger'"
    postgresql = "SELECT DISTINCT tgrelid::regclass::text FROM pg_trigger WHERE NOT tgisinternal"
    found = session.scalars(sa.text(sqlite if session.get_bind().dialect.name == "sqlite" else postgresql))
    assert set(found) == set(APPEND_ONLY)


DAMAGE = {
    "dropped": {
        "sqlite": ["DROP TRIGGER lifecycle_event_keeps_DELETE"],
        "postgresql": ["DROP TRIGGER keeps_rows ON lifecycle_event"],
    },
    "replaced": {
        "sqlite": [
            "DROP TRIGGER lifecycle_event_keeps_UPDATE",
            """CREATE TRIGGER lifecycle_event_keeps_UPDATE BEFORE UPDATE ON lifecycle_event WHEN 0
               BEGIN SELECT RAISE(ABORT, 'append-only: lifecycle_event'); END""",
        ],
        "postgresql": [
            """CREATE OR REPLACE TRIGGER keeps_rows BEFORE UPDATE ON lifecycle_event
               FOR EACH ROW EXECUTE FUNCTION refuse_change()""",
        ],
    },
    "disabled": {
        "sqlite": ["DROP TRIGGER lifecycle_event_keeps_UPDATE"],
        "postgresql": ["ALTER TABLE lifecycle_event DISABLE TRIGGER keeps_table"],
    },
}


@pytest.fixture
def upgraded(scratch_database):
    """A database that the migrations made."""
    engine = scratch_database.engine()
    with engine.begin() as connection:
        Base.metadata.drop_all(connection)
        migrations.upgrade(connection)
    yield engine
    engine.dispose()


@pytest.mark.parametrize("damage", DAMAGE.values(), ids=DAMAGE)
def test_damaged_trigger_is_named_and_recreated_by_upgrade(upgraded, damage):
    with upgraded.begin() as connection:
        assert unprotected_tables(connection) == ()
        for statement in damage[upgraded.dialect.name]:
            connection.exec_driver_sql(statement)
        assert unprotected_tables(connection) == ("lifecycle_event",)
    assert setup.upgrade(upgraded).notes == ("recreated the append-only triggers of lifecycle_event",)
    with upgraded.begin() as connection:
        assert unprotected_tables(connection) == ()
    assert setup.upgrade(upgraded).notes == ()


def test_changed_function_unprotects_every_table(upgraded):
    if upgraded.dialect.name == "sqlite":
        pytest.skip("SQLite's triggers call no function")
    with upgraded.begin() as connection:
        connection.exec_driver_sql(
            """CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql
               AS $$ BEGIN RETURN NEW; END $$"""
        )
        assert unprotected_tables(connection) == APPEND_ONLY
        restore_protection(connection, APPEND_ONLY)
        assert unprotected_tables(connection) == ()


def test_command_refuses_a_database_whose_trail_is_unprotected(upgraded):
    with upgraded.begin() as connection:
        for statement in DAMAGE["dropped"][upgraded.dialect.name]:
            connection.exec_driver_sql(statement)
    named = dict.fromkeys(("workspace", "user"), "x") | {"actions": (), "allow_hosts": (), "allow_networks": ()}
    url = upgraded.url.render_as_string(hide_password=False)
    settings = Settings(database_url=url, **named)
    with pytest.raises(SchemaError, match=r"lifecycle_event are missing or changed: run `controlplane upgrade`"):
        settings.check_schema()
    settings.database.dispose()
