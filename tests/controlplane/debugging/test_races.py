"""Several connections at once: one of them wins, and nothing is counted twice."""

from __future__ import annotations

import threading
import uuid

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from controlplane import actions, debugging
from controlplane.clock import now
from controlplane.database import create_engine
from controlplane.debugging.queries import count_hit
from controlplane.errors import ControlPlaneError, TransitionError
from controlplane.execution import Engine, load_definition, save_workflow
from controlplane.models import Breakpoint, DebugSession, LifecycleEvent, Role, User, Workspace, WorkspaceMember
from controlplane.runtime import InlineRuntime

WORKSPACE, USER = uuid.UUID(int=1), uuid.UUID(int=2)
ENGINE = Engine(observer=debugging.Debugger())
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


def test_going_on_at_once_goes_on_once(engine, watched):
    def work(session):
        debugging.go_on(session, session_id=watched, engine=ENGINE, **IDS)

    results = at_once(engine, 4, work)
    assert results.count(None) == 1
    assert all(isinstance(one, TransitionError) for one in results if one is not None)
    with Session(engine) as session:
        events = session.scalars(
            sa.select(LifecycleEvent.to_status)
            .where(LifecycleEvent.record_id == watched)
            .order_by(LifecycleEvent.sequence)
        ).all()
    assert events == ["active", "paused", "active"]


def test_going_on_and_cancelling_at_once_never_do_both_halves(engine, watched):
    verbs = iter([debugging.go_on, debugging.cancel] * 2)
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
