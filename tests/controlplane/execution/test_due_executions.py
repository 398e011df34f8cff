"""A decision makes the execution due that waits for it, in its own transaction."""

from __future__ import annotations

import uuid
from contextlib import nullcontext

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from controlplane import actions, clock, governance
from controlplane.database import create_engine
from controlplane.execution import cancel, claim, load_definition, save_workflow, signal, start
from controlplane.execution.queries import select_due_executions
from controlplane.models import BlockedTrigger, Proposal, WorkflowExecution, WorkflowStatus
from controlplane.notifications import make_due_unless_locked, set_execution_due
from controlplane.runtime import InlineRuntime, run_all_approved

pytestmark = pytest.mark.seed("agents")
WORKSPACE, TINA, MARA = uuid.UUID(int=1), uuid.UUID(int=0xB0003), uuid.UUID(int=0xB0004)
AUDITOR, GREETER = uuid.UUID(int=0xA0002), uuid.UUID(int=0xA0003)
PARENT = "name: parent\nsteps: [{key: c, kind: workflow, workflow: child, continue_on_error: true}]"
CHILD = "name: child\nsteps: [{key: w, kind: wait, signal: go}]"
AGENT = "name: agency\nsteps: [{key: act, kind: agent, action: search}]"


@pytest.fixture(autouse=True)
def _search():
    with actions.registered(search=lambda _parameters, *, idempotency_key: 1):
        yield


def due(session):
    """Return the executions that a sweeper finds."""
    return session.scalars(select_due_executions(now=clock.now(), limit=10)).all()


def sweep(flow):
    """Drive what a sweeper finds, until it finds nothing."""
    while found := due(flow.session):
        flow.runtime.run(*found)


def a_proposal(flow):
    run = flow.run(AGENT, agent_id=GREETER)
    return run, flow.session.query(Proposal).one()


def test_execution_is_due_for_other_workers_while_another_of_its_steps_can_start(flow, session):
    steps = "[{key: a, kind: task, action: search}, {key: b, kind: task, action: search}]"
    run = flow.start(f"name: both\nsteps: {steps}")
    leases = [claim(session, execution_id=run.id, engine=flow.engine)]
    assert due(session) == [run.id]
    leases += [claim(session, execution_id=run.id, engine=flow.engine)]
    assert due(session) == []
    assert [(lease.step_key, lease.more) for lease in leases] == [("a", True), ("b", False)]


def test_a_child_that_ends_makes_its_parent_due(flow, session):
    flow.save(CHILD)
    run = flow.run(PARENT)
    child = session.scalars(select(WorkflowExecution).where(WorkflowExecution.parent_execution_id == run.id)).one()
    assert due(session) == []
    signal(session, child, name="go", actor_id=MARA)
    assert due(session) == [child.id]
    flow.runtime.run(child.id)
    assert run.status is WorkflowStatus.COMPLETED


def test_a_cancelled_child_makes_its_parent_due(flow, session):
    flow.save(CHILD)
    run = flow.run(PARENT)
    child = session.scalars(select(WorkflowExecution).where(WorkflowExecution.parent_execution_id == run.id)).one()
    cancel(session, child, actor_id=MARA)
    assert due(session) == [run.id]
    flow.drive()
    assert run.status is WorkflowStatus.COMPLETED


def test_an_approved_proposal_makes_its_execution_due(flow, session):
    run, proposal = a_proposal(flow)
    assert due(session) == []
    governance.approve(session, proposal, actor_id=TINA)
    assert due(session) == [], "what was approved is not done yet"
    assert run_all_approved(lambda: nullcontext(session)) == 1
    assert due(session) == [run.id]
    sweep(flow)
    assert run.status is WorkflowStatus.COMPLETED


def test_a_rejected_proposal_makes_its_execution_due(flow, session):
    run, proposal = a_proposal(flow)
    governance.reject(session, proposal, actor_id=TINA, reason="no")
    assert due(session) == [run.id]
    sweep(flow)
    assert run.error_type == "RefusedError"


def test_a_proposal_that_expires_makes_its_execution_due(flow, session, clock):
    run, _ = a_proposal(flow)
    clock.advance(days=8)
    session.get_one(WorkflowExecution, run.id).wake_at = clock.current.replace(year=2030)  # not by looking again
    session.flush()
    governance.expire_proposals(session, workspace_id=WORKSPACE)
    assert due(session) == [run.id]
    sweep(flow)
    assert run.error_type == "RefusedError"


def test_claimed_trigger_makes_its_execution_due(flow, session):
    run = flow.run(AGENT, agent_id=AUDITOR)
    governance.claim_next(session, workspace_id=WORKSPACE, supervisor_id=TINA)
    assert due(session) == [run.id]
    sweep(flow)
    assert run.status is WorkflowStatus.COMPLETED


def test_only_the_execution_that_waits_for_the_decision_wakes(flow, session):
    first, second = (flow.run(AGENT, agent_id=GREETER) for _ in range(2))
    proposals = session.scalars(select(Proposal).order_by(Proposal.created_at)).all()
    governance.approve(session, proposals[1], actor_id=TINA)
    run_all_approved(lambda: nullcontext(session))
    assert due(session) == [second.id]
    assert first.status is WorkflowStatus.WAITING


def test_cancelled_execution_is_not_due_after_its_withdrawals(flow, session):
    run, _ = a_proposal(flow)
    cancel(session, run, actor_id=MARA)
    assert due(session) == []
    assert (run.wake_at, session.query(BlockedTrigger).one().resolved) == (None, True)


@pytest.mark.timeout(60)
def test_an_execution_in_work_is_not_waited_for(scratch_database):
    """Who decides holds the proposal, who works holds the execution: neither may wait for the other's."""
    database = create_engine(scratch_database.url)
    if database.dialect.name == "sqlite":
        assert "SKIP LOCKED" not in str(set_execution_due(execution_id=MARA, now=clock.now()).compile(database))
        database.dispose()
        return  # one transaction at a time writes there
    with Session(database) as session, session.begin():
        save_workflow(session, workspace_id=WORKSPACE, definition=load_definition(CHILD))
        run = start(session, workspace_id=WORKSPACE, workflow="child").id
    with Session(database) as session:
        InlineRuntime(session).run(run)
    with Session(database) as worker, Session(database) as person:
        worker.execute(
            select(WorkflowExecution.id).where(WorkflowExecution.id == run).with_for_update(key_share=True)
        )
        assert make_due_unless_locked(person, run, now=clock.now()) is False
        worker.rollback()
        assert make_due_unless_locked(person, run, now=clock.now()) is True
    database.dispose()
