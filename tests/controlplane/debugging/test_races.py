"""Several connections at once: one of them wins, and nothing is counted twice."""

from __future__ import annotations

import threading
import time
import uuid
from datetime import UTC, datetime

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from controlplane import actions, debugging
from controlplane import clock as controlplane_clock
from controlplane.clock import now
from controlplane.database import create_engine
from controlplane.debugging.queries import count_hit
from controlplane.errors import ControlPlaneError, InvalidValueError, TransitionError
from controlplane.execution import EngineConfig, load_definition, save_workflow
from controlplane.models import (
    Breakpoint,
    DebugMode,
    DebugSession,
    DebugStatus,
    DebugVariable,
    ExecutionTrace,
    LifecycleEvent,
    Role,
    User,
    Workspace,
    WorkspaceMember,
)
from controlplane.runtime import InlineRuntime, ThreadRuntime

WORKSPACE, USER = uuid.UUID(int=1), uuid.UUID(int=2)
ENGINE = EngineConfig(observer=debugging.Debugger())
IDS = {"workspace_id": WORKSPACE, "user_id": USER}


@pytest.fixture
def engine(scratch_database):
    engine = create_engine(scratch_database.url)
    with Session(engine) as session, session.begin():
        session.add(Workspace(id=WORKSPACE, name="w"))
        session.add(User(id=USER, email="u@example.com", name="U", role=Role.MEMBER))
        session.flush()
        session.add(WorkspaceMember(workspace_id=WORKSPACE, user_id=USER))
    yield engine
    engine.dispose()


@pytest.fixture
def watched(engine):
    text = "{name: one, steps: [{key: a, kind: task, action: noop}, {key: b, kind: task, action: noop}]}"
    with actions.registered(noop=lambda parameters, *, idempotency_key: None):
        with Session(engine) as session:
            save_workflow(session, workspace_id=WORKSPACE, definition=load_definition(text))
            made = debugging.launch(session, workflow="one", engine=ENGINE, **IDS).id
            session.commit()
            InlineRuntime(session, engine=ENGINE).run()
            session.commit()
        yield made


def at_once(engine, count, work):
    """Run `work(session)` in `count` threads that start together; return what came of each."""
    barrier, results = threading.Barrier(count), []

    def run():
        with Session(engine) as session:
            barrier.wait()
            try:
                results.append(work(session))
                session.commit()
            except ControlPlaneError as error:
                session.rollback()
                results.append(error)

    threads = [threading.Thread(target=run) for _ in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


def test_concurrent_resumes_resume_once(engine, watched):
    def work(session):
        debugging.resume(session, session_id=watched, engine=ENGINE, **IDS)

    results = at_once(engine, 4, work)
    assert results.count(None) == 1
    assert all(isinstance(one, InvalidValueError | TransitionError) for one in results if one is not None)
    with Session(engine) as session:
        events = session.scalars(
            sa.select(LifecycleEvent.to_status)
            .where(LifecycleEvent.record_id == watched)
            .order_by(LifecycleEvent.sequence)
        ).all()
    assert events == ["active", "paused", "active"]


def test_going_on_and_cancelling_at_once_never_do_both_halves(engine, watched):
    verbs = iter([debugging.resume, debugging.cancel] * 2)
    lock = threading.Lock()

    def work(session):
        with lock:
            verb = next(verbs)
        verb(session, session_id=watched, engine=ENGINE, **IDS)

    at_once(engine, 4, work)
    with Session(engine) as session:
        found = session.get_one(DebugSession, watched)
        status = session.execute(sa.text("SELECT status FROM workflow_execution")).scalar_one()
    assert (str(found.status), status) == ("cancelled", "cancelled")


def test_variables_are_fixed_after_session_resumes(engine, watched):
    change = {"session_id": watched, "name": "late", "value": 1, **IDS}
    outcome = []

    def change_it():
        outcome.extend(at_once(engine, 1, lambda session: debugging.set_variable(session, **change)))

    changing = threading.Thread(target=change_it)
    with Session(engine) as going:
        debugging.resume(going, session_id=watched, engine=ENGINE, **IDS)
        changing.start()
        time.sleep(0.3)  # it waits for the lock, or does so in a moment
        going.commit()
    changing.join()
    assert isinstance(outcome[0], InvalidValueError)
    with Session(engine) as session:
        assert session.scalars(sa.select(DebugVariable)).all() == []


def test_the_last_hits_are_not_taken_twice(engine, watched):
    with Session(engine) as session, session.begin():
        workflow_id = session.get_one(DebugSession, watched).workflow_id
        point = debugging.add_breakpoint(session, workflow_id=workflow_id, step_key="b", hit_limit=3, **IDS)
        point_id = point.id
    at = now()

    def work(session):
        return session.execute(count_hit(breakpoint_id=point_id, now=at)).rowcount

    assert sorted(at_once(engine, 8, work)) == [0] * 5 + [1] * 3
    with Session(engine) as session:
        assert session.get_one(Breakpoint, point_id).hit_count == 3


WIDE = """
name: wide
vars: {n: 0}
steps:
  - {key: split, kind: parallel, branches: [left, right, nested]}
  - {key: left, kind: task, action: noop}
  - {key: right, kind: map, over: [1, 2, 3, 4], body: {kind: task, action: noop}}
  - {key: nested, kind: workflow, workflow: one}
  - {key: end, kind: join, depends_on: [left, right, nested]}
"""


def test_a_session_steps_through_an_execution_that_several_workers_drive(engine, watched):
    """Each claim locks an execution and then the session; so do the verbs: there is no deadlock."""
    with (
        controlplane_clock.use(lambda: datetime.now(UTC)),
        ThreadRuntime(engine, engine=ENGINE, workers=4, poll=0.05),
    ):
        with Session(engine) as session, session.begin():
            save_workflow(session, workspace_id=WORKSPACE, definition=load_definition(WIDE))
            made = debugging.launch(session, workflow="wide", engine=ENGINE, **IDS).id
        stops = 0
        for _ in range(60):
            status = settled(engine, made)
            if status is not DebugStatus.PAUSED:
                break
            stops += 1
            with Session(engine) as session, session.begin():
                debugging.resume(session, session_id=made, engine=ENGINE, mode=DebugMode.INTO, **IDS)
    with Session(engine) as session:
        traced = session.scalars(
            sa.select(ExecutionTrace.sequence)
            .where(ExecutionTrace.session_id == made)
            .order_by(ExecutionTrace.sequence)
        ).all()
    assert status is DebugStatus.COMPLETED
    assert traced == list(range(1, 12))  # five steps, four items, two steps of the child
    assert stops >= 5


def settled(engine, session_id, *, seconds=60):
    """Wait until a session is not active, and return its status."""
    end = time.monotonic() + seconds
    while True:
        with Session(engine) as session:
            status = session.get_one(DebugSession, session_id).status
        if status is not DebugStatus.ACTIVE:
            return status
        assert time.monotonic() < end, "the session does not settle"
        time.sleep(0.05)
