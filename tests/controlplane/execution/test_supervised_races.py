"""A supervisor intervenes while a worker hands in the result: one of the two comes first, and both agree."""

from __future__ import annotations

import contextvars
import threading
import uuid

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from controlplane import actions, governance
from controlplane.database import create_engine
from controlplane.errors import ControlPlaneError
from controlplane.execution import EngineConfig, claim, complete, load_definition, perform, save_workflow, start
from controlplane.models import AgentExecution, SupervisionSession, WorkflowExecution

pytestmark = [pytest.mark.seed("agents"), pytest.mark.timeout(120)]
ATELIER, TINA, AUDITOR = uuid.UUID(int=1), uuid.UUID(int=0xB0003), uuid.UUID(int=0xA0002)
AGENT = "name: agency\nsteps: [{key: act, kind: agent, action: search}]"
ROUNDS = 10
ENDS = {
    "terminate": {("completed", "completed", "completed"), ("interrupted", "cancelled", "failed")},
    "pause": {("completed", "completed", "completed"), ("paused", "paused", "running")},
}


@pytest.fixture
def database(scratch_database):
    engine = create_engine(scratch_database.url)
    with actions.registered(search=lambda parameters, *, idempotency_key: {"found": 1}):
        yield engine
    engine.dispose()


def under_way(database, engine):
    with Session(database) as session, session.begin():
        save_workflow(session, workspace_id=ATELIER, definition=load_definition(AGENT))
        run = start(session, workspace_id=ATELIER, workflow="agency", agent_id=AUDITOR, user_id=TINA)
        return run.id, claim(session, execution_id=run.id, engine=engine)


@pytest.mark.parametrize("kind", sorted(ENDS))
def test_intervention_against_two_workers(database, kind):
    engine = EngineConfig()
    for _ in range(ROUNDS):
        run_id, lease = under_way(database, engine)
        result = perform(lease, policy=engine.http)
        barrier = threading.Barrier(3, timeout=20)
        errors = []

        def act(verb, barrier=barrier, errors=errors):
            barrier.wait()
            try:
                with Session(database) as session, session.begin():
                    verb(session)
            except ControlPlaneError as error:
                errors.append(type(error).__name__)

        def intervene(session, lease=lease):
            watched = session.scalars(
                select(SupervisionSession).where(
                    SupervisionSession.execution_id == lease.record.agent_execution_id
                )
            ).one()
            governance.intervene(session, watched, kind=kind, guidance="x", actor_id=TINA)

        def hand_in(session, lease=lease, result=result):
            complete(session, lease=lease, result=result, engine=engine)

        threads = [
            threading.Thread(target=contextvars.copy_context().run, args=(act, verb))
            for verb in (intervene, hand_in, hand_in)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(timeout=30)
        assert not any(thread.is_alive() for thread in threads)
        assert len(errors) == 2, errors  # one of the three won
        with Session(database) as session, session.begin():
            claim(session, execution_id=run_id, engine=engine)
        with Session(database) as session:
            run = session.get_one(WorkflowExecution, run_id)
            agent_run = session.get_one(AgentExecution, lease.record.agent_execution_id)
            watched = session.scalars(
                select(SupervisionSession).where(SupervisionSession.execution_id == agent_run.id)
            ).one()
            assert tuple(map(str, (watched.status, agent_run.status, run.status))) in ENDS[kind]
