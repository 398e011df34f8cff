"""The one mechanism behind every change of state, on a plain engine."""

from __future__ import annotations

import uuid

import pytest
from sqlalchemy import literal, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from controlplane.agents import EXECUTION, register, request, resume, start
from controlplane.database import create_engine
from controlplane.errors import IllegalTransitionError, LostRaceError, NotFoundError
from controlplane.lifecycle import service, transition
from controlplane.lifecycle.queries import advance_status
from controlplane.models import (
    AgentExecution,
    Base,
    ExecutionStatus,
    LifecycleEvent,
    Role,
    TriggerSource,
    User,
    Workspace,
)


@pytest.fixture
def session(tmp_path):
    engine = create_engine(f"sqlite:///{tmp_path}/plain.sqlite")
    Base.metadata.create_all(engine)
    with Session(engine) as session:
        yield session
    engine.dispose()


@pytest.fixture
def execution(session):
    workspace = Workspace(name="w")
    session.add(workspace)
    session.flush()
    agent = register(session, workspace_id=workspace.id, name="a", category="c", module_path="m", class_name="k")
    return request(session, workspace_id=workspace.id, agent_id=agent.id, triggered_by=TriggerSource.MANUAL)


def events(session):
    query = select(LifecycleEvent.sequence, LifecycleEvent.from_status, LifecycleEvent.to_status)
    query = query.where(LifecycleEvent.record_kind == EXECUTION.kind)
    return [tuple(row) for row in session.execute(query.order_by(LifecycleEvent.sequence))]


def test_each_transition_leaves_the_next_event(session, execution):
    start(session, execution)
    assert events(session) == [(1, None, "pending"), (2, "pending", "running")]


def test_an_arrow_that_the_table_lacks_writes_nothing(session, execution):
    with pytest.raises(IllegalTransitionError, match=r"from pending to completed"):
        transition(session, EXECUTION, execution, to=ExecutionStatus.COMPLETED)
    assert events(session) == [(1, None, "pending")]


def test_a_verb_for_one_arrow_refuses_the_others_to_the_same_status(session, execution):
    with pytest.raises(IllegalTransitionError, match=r"from pending to running"):
        resume(session, execution)
    assert execution.started_at is None


def test_a_stale_record_loses_the_race(session, execution):
    session.execute(
        update(AgentExecution).values(status=ExecutionStatus.CANCELLED),
        execution_options={"synchronize_session": False},
    )
    with pytest.raises(LostRaceError) as caught:
        start(session, execution)
    assert (caught.value.from_status, caught.value.to_status) == ("pending", "running")
    assert events(session) == [(1, None, "pending")]


def test_the_update_itself_is_guarded_by_the_legal_sources(session, execution):
    statement = advance_status(
        EXECUTION,
        record_id=execution.id,
        workspace_id=execution.workspace_id,
        sources=(ExecutionStatus.RUNNING,),
        to=ExecutionStatus.COMPLETED,
        values={},
    )
    assert session.execute(statement).rowcount == 0


def test_another_workspace_has_no_such_record(session, execution):
    stranger = AgentExecution(id=execution.id, workspace_id=uuid.uuid4(), status=ExecutionStatus.PENDING)
    with pytest.raises(NotFoundError):
        transition(session, EXECUTION, stranger, to=ExecutionStatus.RUNNING)


def test_the_event_names_the_status_that_the_database_had(session, execution):
    start(session, execution)
    session.execute(
        update(AgentExecution).values(status=ExecutionStatus.PAUSED),
        execution_options={"synchronize_session": False},
    )
    transition(session, EXECUTION, execution, to=ExecutionStatus.CANCELLED)
    assert events(session)[-1] == (3, "paused", "cancelled")


def test_guarded_update_refuses_without_a_lock(session, execution, monkeypatch):
    start(session, execution)
    monkeypatch.setattr(service, "select_status", lambda *_, **__: select(literal("pending")))
    with pytest.raises(LostRaceError):
        transition(session, EXECUTION, execution, to=ExecutionStatus.RUNNING)
    assert len(events(session)) == 2


def test_an_event_has_one_actor_at_most(session, execution):
    person = User(email="a@b.example", name="A", role=Role.ADMIN)
    session.add(person)
    session.flush()
    with pytest.raises(IntegrityError, match="one_actor"):
        start(session, execution, actor_id=person.id, actor_agent_id=execution.agent_id)


def test_transition_into_its_own_status_says_that_the_record_is_there():
    error = IllegalTransitionError(record="debug_session", id=1, from_status="active", to_status="active")
    assert str(error) == "debug_session 1 is already active."
