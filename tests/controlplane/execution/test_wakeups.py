"""A wake-up is committed or rolled back with its transaction, in every runtime."""

from __future__ import annotations

import uuid

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from controlplane import actions
from controlplane.database import create_engine
from controlplane.errors import NotFoundError
from controlplane.execution import load_definition, save_workflow, signal, start
from controlplane.models import WorkflowExecution
from controlplane.runtime import InlineRuntime, ThreadRuntime

pytestmark = [pytest.mark.seed("users"), pytest.mark.timeout(60)]
WORKSPACE, MARA = uuid.UUID(int=1), uuid.UUID(int=0xB0004)
TASK = "name: task\nsteps: [{key: a, kind: task, action: note}]"
WAIT = "name: wait\nsteps: [{key: w, kind: wait, signal: go}]"


@pytest.fixture
def database(scratch_database):
    engine = create_engine(scratch_database.url)
    with Session(engine) as session, session.begin():
        for text in (TASK, WAIT):
            save_workflow(session, workspace_id=WORKSPACE, definition=load_definition(text))
    with actions.registered(note=lambda parameters, *, idempotency_key: 1):
        yield engine
    engine.dispose()


def begin(session, name="task"):
    return start(session, workspace_id=WORKSPACE, workflow=name).id


def begin_and_fail(session):
    begin(session)
    begin(session, "unknown")


def statuses(session):
    session.rollback()
    return {
        row.id: str(row.status) for row in session.execute(select(WorkflowExecution.id, WorkflowExecution.status))
    }


def test_execution_of_a_rolled_back_transaction_is_not_driven(database):
    with Session(database) as session:
        begin(session)
        session.rollback()
        kept = begin(session)
        session.commit()
        InlineRuntime(session).run()
        assert statuses(session) == {kept: "completed"}


def test_execution_of_a_rolled_back_savepoint_is_not_driven(database):
    with Session(database) as session:
        with session.begin_nested() as savepoint:
            begin(session)
            savepoint.rollback()
        kept = begin(session)
        session.commit()
        InlineRuntime(session).run()
        assert statuses(session) == {kept: "completed"}


def test_execution_of_a_kept_savepoint_inside_another_is_driven(database):
    with Session(database) as session:
        with session.begin_nested():
            first = begin(session)
            with session.begin_nested() as inner:
                begin(session)
                inner.rollback()
            with session.begin_nested():
                second = begin(session)
        session.commit()
        InlineRuntime(session).run()
        assert statuses(session) == {first: "completed", second: "completed"}


def test_execution_that_another_session_started_is_driven(database):
    with Session(database) as other, other.begin():
        started = begin(other)
    with Session(database) as session:
        InlineRuntime(session).run()
        assert statuses(session) == {started: "completed"}


def test_signal_of_a_rolled_back_transaction_wakes_nothing(database):
    with Session(database) as session:
        run = begin(session, "wait")
        InlineRuntime(session).run()
        for commit in (False, True):
            signal(session, session.get_one(WorkflowExecution, run), name="go", actor_id=MARA)
            if commit:
                session.commit()
            else:
                session.rollback()
            InlineRuntime(session).run()
            assert statuses(session) == {run: "completed" if commit else "waiting"}


def test_session_keeps_nothing_beside_its_transaction(database):
    with Session(database) as session:
        begin(session)
        assert session.info == {}


def test_threads_drive_only_committed_executions(database):
    with ThreadRuntime(database, poll=60) as runtime:
        with runtime.transaction() as session:
            with session.begin_nested() as savepoint:
                begin(session)
                savepoint.rollback()
            kept = begin(session)
        with pytest.raises(NotFoundError), runtime.transaction() as session:
            begin_and_fail(session)
        with Session(database) as session:
            while statuses(session) != {kept: "completed"}:
                assert set(statuses(session)) == {kept}
