"""The worker's sweeper: what waits for a person expires though no caller remembers it."""

from __future__ import annotations

import uuid
from contextlib import contextmanager
from datetime import timedelta
from functools import partial

import pytest
from sqlalchemy import select

from controlplane import actions, governance
from controlplane.execution import EngineConfig, claim
from controlplane.governance.overdue import list_overdue_workspaces
from controlplane.models import BlockedTrigger, Proposal, SupervisionSession, WorkflowStepExecution
from controlplane.runtime.housekeeping import run_housekeeping

pytestmark = pytest.mark.seed("agents")
ATELIER, TINA, MARA = uuid.UUID(int=1), uuid.UUID(int=0xB0003), uuid.UUID(int=0xB0004)
AUDITOR, GREETER = uuid.UUID(int=0xA0002), uuid.UUID(int=0xA0003)
AGENT = "name: agency\nsteps: [{key: act, kind: agent, action: search}]"
TASK = "name: one\nsteps: [{key: a, kind: task, action: search}]"


@pytest.fixture(autouse=True)
def _search():
    with actions.registered(search=lambda parameters, *, idempotency_key: 1):
        yield


@pytest.fixture
def sweep(session):
    @contextmanager
    def transaction():
        yield session
        session.commit()

    return partial(run_housekeeping, transaction)


def statuses(session, model):
    session.expire_all()
    return [str(status) for status in session.scalars(select(model.status).order_by(model.id))]


def test_proposal_and_its_execution_expire(flow, session, clock, sweep):
    run = flow.run(AGENT, agent_id=GREETER)
    clock.advance(days=6)
    sweep()
    assert statuses(session, Proposal) == ["pending"]
    clock.advance(days=2)
    sweep()
    flow.drive()
    assert statuses(session, Proposal) == ["expired"]
    assert (str(run.status), run.error_type) == ("failed", "RefusedError")


def test_queued_trigger_expires(flow, session, clock, sweep):
    run = flow.run(AGENT, agent_id=AUDITOR, user_id=MARA)
    clock.advance(hours=25)
    sweep()
    flow.drive()
    [trigger] = session.scalars(select(BlockedTrigger))
    assert (trigger.status, trigger.resolution_outcome) == ("resolved", "expired")
    assert str(run.status) == "failed"


def test_paused_supervision_expires_with_its_run(flow, session, clock, sweep):
    run = flow.start(AGENT, agent_id=AUDITOR, user_id=TINA)
    claim(session, execution_id=run.id, engine=flow.engine)
    supervision = session.scalars(select(SupervisionSession)).one()
    governance.intervene(session, supervision, kind="pause", guidance="x", actor_id=TINA)
    clock.advance(hours=23)
    sweep()
    assert statuses(session, SupervisionSession) == ["paused"]
    clock.advance(hours=2)
    sweep()
    flow.drive()
    assert statuses(session, SupervisionSession) == ["interrupted"]
    assert (str(run.status), run.error_type) == ("failed", "RunEndedError")


def test_supervision_of_a_run_under_way_does_not_expire(flow, session, clock, sweep):
    run = flow.start(AGENT, agent_id=AUDITOR, user_id=TINA)
    claim(session, execution_id=run.id, engine=flow.engine)
    clock.advance(hours=48)
    sweep()
    assert statuses(session, SupervisionSession) == ["running"]


def test_supervision_that_never_ran_expires(session, clock, sweep):
    governance.start_supervision(session, workspace_id=ATELIER, agent_id=AUDITOR, supervisor_id=TINA)
    clock.advance(hours=25)
    sweep()
    assert statuses(session, SupervisionSession) == ["interrupted"]


@pytest.mark.parametrize(("limit", "deliveries"), [(None, 5), (2, 2)])
def test_poison_step_is_given_up_after_its_deliveries(flow, session, clock, limit, deliveries):
    """A worker that dies with the step each time: it takes the lease and never comes back."""
    engine = EngineConfig() if limit is None else EngineConfig(max_deliveries=limit)
    run = flow.start(TASK)
    for _ in range(deliveries):
        assert claim(session, execution_id=run.id, engine=engine).step_key == "a"
        clock.advance(minutes=1)
    claim(session, execution_id=run.id, engine=engine)
    session.expire_all()
    step = session.scalars(select(WorkflowStepExecution)).one()
    assert (str(run.status), run.error_type, step.deliveries) == ("failed", "WorkerLostError", deliveries)
    assert f"was lost {deliveries} times" in run.error_message


def test_queued_trigger_is_escalated_when_half_of_its_time_is_over(flow, session, clock, sweep):
    flow.run(AGENT, agent_id=AUDITOR, user_id=MARA)
    clock.advance(hours=11)
    sweep()
    [trigger] = session.scalars(select(BlockedTrigger))
    assert trigger.priority == 0
    clock.advance(hours=2)
    flow.run(AGENT, agent_id=AUDITOR, user_id=MARA)
    sweep()
    session.expire_all()
    queue = session.scalars(select(BlockedTrigger).order_by(BlockedTrigger.created_at))
    assert [each.priority for each in queue] == [9, 0]


def test_proposal_and_resolved_trigger_are_not_escalated(flow, session, clock, sweep):
    flow.run(AGENT, agent_id=GREETER)
    flow.run(AGENT, agent_id=AUDITOR, user_id=MARA)
    clock.advance(hours=25)
    sweep()
    assert list(session.scalars(select(BlockedTrigger.priority))) == [0, 0]


def queue_a_trigger(flow, session):
    flow.run(AGENT, agent_id=AUDITOR, user_id=MARA)
    return session.scalars(select(BlockedTrigger)).one().created_at


def escalate_a_trigger(flow, session):
    begun = queue_a_trigger(flow, session)
    session.scalars(select(BlockedTrigger)).one().priority = 9
    return begun


def propose(flow, session):
    flow.run(AGENT, agent_id=GREETER)
    return session.scalars(select(Proposal)).one().created_at


def supervise(flow, session):
    made = governance.start_supervision(session, workspace_id=ATELIER, agent_id=AUDITOR, supervisor_id=TINA)
    return made.started_at


@pytest.mark.parametrize(
    ("begin", "waits"),
    [
        (propose, timedelta(days=7)),
        (queue_a_trigger, timedelta(hours=12)),
        (escalate_a_trigger, timedelta(hours=24)),
        (supervise, timedelta(hours=24)),
    ],
)
def test_workspace_is_overdue_from_the_end_of_the_waiting_time(flow, session, clock, begin, waits):
    end = begin(flow, session) + waits
    session.flush()
    clock.set(end - timedelta(microseconds=1))
    assert list_overdue_workspaces(session) == []
    clock.set(end)
    assert list_overdue_workspaces(session) == [ATELIER]


def test_look_that_finds_nothing_opens_no_transaction_that_writes(session):
    @contextmanager
    def reading():
        yield session

    def writing():
        raise AssertionError("it would keep others from writing")

    run_housekeeping(writing, reading=reading)


def test_worker_that_stops_runs_no_approved_action(flow, session, sweep):
    flow.run(AGENT, agent_id=GREETER)
    proposal = session.scalars(select(Proposal)).one()
    governance.approve(session, proposal, actor_id=TINA)
    session.commit()
    sweep(stop=lambda: True)
    assert statuses(session, Proposal) == ["approved"]
    sweep()
    assert statuses(session, Proposal) == ["executed"]
