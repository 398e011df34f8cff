"""Append-only rows can't be changed or deleted, by the ORM or by SQL."""

from __future__ import annotations

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from controlplane.database import create_engine
from controlplane.errors import AppendOnlyError
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
