"""Two at once: a verb of a person against the completion of a step, on real connections."""

from __future__ import annotations

import threading
import uuid
from contextlib import contextmanager

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from controlplane import actions
from controlplane.errors import ControlPlaneError
from controlplane.execution import (
    EngineConfig,
    approve,
    cancel,
    claim,
    complete,
    load_definition,
    pause,
    perform,
    reject,
    resume,
    save_workflow,
    signal,
)
from controlplane.models import (
    LifecycleEvent,
    StepStatus,
    WorkflowExecution,
    WorkflowExecutionLog,
    WorkflowStatus,
    WorkflowStepExecution,
)
from controlplane.runtime.driver import drive

pytestmark = [pytest.mark.seed("users"), pytest.mark.timeout(120)]
WORKSPACE, TINA, OLGA = uuid.UUID(int=1), uuid.UUID(int=0xB0003), uuid.UUID(int=0xB0001)
ROUNDS = 15
TASK = (
    "name: task\nsteps: [{key: a, kind: task, action: note}, {key: b, kind: task, action: note, depends_on: [a]}]"
)
FAMILY = """
name: family
steps:
  - {key: a, kind: workflow, workflow: kid}
  - {key: b, kind: workflow, workflow: kid}
"""
ASK = """
name: ask
steps:
  - {key: ask, kind: approval, on_reject: [no]}
  - {key: yes, kind: task, action: note, depends_on: [ask]}
  - {key: no, kind: task, action: note}
"""


@pytest.fixture(autouse=True)
def _note():
    with actions.registered(note=lambda _parameters, *, idempotency_key: None):
        yield


class Arena:
    """Lets two callers loose on one execution at the same moment."""

    def __init__(self, shop):
        self.shop = shop
        self.engine = EngineConfig()

    @contextmanager
    def transaction(self):
        with Session(self.shop.database) as session, session.begin():
            yield session

    def execution(self, session, execution_id):
        return session.get_one(WorkflowExecution, execution_id)

    def verb(self, verb, execution_id, *, actor_id=OLGA, **options):
        def call():
            with self.transaction() as session:
                verb(session, self.execution(session, execution_id), actor_id=actor_id, **options)

        return call

    def race(self, *calls):
        """Call each in a thread of its own; return for each what it raised, or None."""
        barrier, raised = threading.Barrier(len(calls)), [None] * len(calls)

        def run(index, call):
            barrier.wait()
            try:
                call()
            except ControlPlaneError as error:
                raised[index] = error

        threads = [threading.Thread(target=run, args=pair) for pair in enumerate(calls)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        return raised

    def leased(self):
        """Start an execution and take its first step."""
        execution_id = self.shop.start(TASK)
        with self.transaction() as session:
            return claim(session, execution_id=execution_id, engine=self.engine)

    def finish(self, lease):
        result = perform(lease, policy=self.engine.http)

        def call():
            with self.transaction() as session:
                complete(session, lease=lease, result=result, engine=self.engine)

        return call

    def check(self, execution_id):
        """Every status is the last event's, sequences have no holes, versions count the changes."""
        with self.transaction() as session:
            run = self.execution(session, execution_id)
            steps = session.scalars(
                select(WorkflowStepExecution).where(WorkflowStepExecution.execution_id == execution_id)
            ).all()
            for record in [run, *steps]:
                query = select(LifecycleEvent).where(LifecycleEvent.record_id == record.id)
                events = session.scalars(query.order_by(LifecycleEvent.sequence)).all()
                assert [event.sequence for event in events] == list(range(1, len(events) + 1))
                assert [e.to_status for e in events[:-1]] == [e.from_status for e in events[1:]]
                assert events[-1].to_status == record.status
            log = WorkflowExecutionLog
            sequences = session.scalars(
                select(log.sequence).where(log.execution_id == execution_id).order_by(log.sequence)
            ).all()
            assert sequences == list(range(1, run.log_sequence + 1))
            return run.status, {step.step_key: step.status for step in steps}


@pytest.fixture
def arena(shop):
    return Arena(shop)


def test_pause_against_complete(arena):
    for _ in range(ROUNDS):
        lease = arena.leased()
        raised = arena.race(arena.finish(lease), arena.verb(pause, lease.execution_id))
        assert raised == [None, None]
        status, steps = arena.check(lease.execution_id)
        assert status is WorkflowStatus.PAUSED
        assert steps == {"a": StepStatus.COMPLETED, "b": StepStatus.PENDING}


def test_cancel_against_complete_has_one_outcome(arena):
    for _ in range(ROUNDS):
        lease = arena.leased()
        refused, nothing = arena.race(arena.finish(lease), arena.verb(cancel, lease.execution_id))
        assert nothing is None
        status, steps = arena.check(lease.execution_id)
        assert status is WorkflowStatus.CANCELLED
        if refused is None:
            assert steps == {"a": StepStatus.COMPLETED, "b": StepStatus.SKIPPED}
        else:
            assert (type(refused).__name__, steps) == ("LeaseLostError", {"a": StepStatus.CANCELLED})


def test_one_of_two_completions_counts(arena):
    for _ in range(ROUNDS):
        lease = arena.leased()
        raised = arena.race(arena.finish(lease), arena.finish(lease))
        assert sorted(type(error).__name__ for error in raised) == ["LeaseLostError", "NoneType"]
        arena.check(lease.execution_id)


def test_two_claims_take_different_steps_or_none(arena):
    for _ in range(ROUNDS):
        execution_id = arena.shop.start(TASK)
        taken = []

        def take(execution_id=execution_id, taken=taken):
            with arena.transaction() as session:
                taken.append(claim(session, execution_id=execution_id, engine=arena.engine))

        arena.race(take, take)
        assert sorted(type(claimed).__name__ for claimed in taken) == ["Idle", "Lease"]


def test_approve_against_reject_has_one_outcome(arena):
    for _ in range(ROUNDS):
        execution_id = arena.shop.start(ASK)
        drive(arena.transaction, execution_id=execution_id, engine=arena.engine)
        raised = arena.race(
            arena.verb(approve, execution_id, step_key="ask", actor_id=TINA),
            arena.verb(reject, execution_id, step_key="ask", actor_id=OLGA, comment="no"),
        )
        assert sorted(type(error).__name__ for error in raised) == ["NoneType", "NotFoundError"]
        drive(arena.transaction, execution_id=execution_id, engine=arena.engine)
        status, steps = arena.check(execution_id)
        assert status is WorkflowStatus.COMPLETED
        ran = "yes" if raised[0] is None else "no"
        assert steps == {"ask": "completed", "yes": "skipped", "no": "skipped"} | {ran: "completed"}


def test_approve_against_cancel_has_one_outcome(arena):
    for _ in range(ROUNDS):
        execution_id = arena.shop.start(ASK)
        drive(arena.transaction, execution_id=execution_id, engine=arena.engine)
        raised = arena.race(
            arena.verb(approve, execution_id, step_key="ask", actor_id=TINA), arena.verb(cancel, execution_id)
        )
        assert raised[1] is None
        status, steps = arena.check(execution_id)
        assert status is WorkflowStatus.CANCELLED
        assert steps["ask"] is (StepStatus.COMPLETED if raised[0] is None else StepStatus.CANCELLED)


def test_a_signal_against_the_wait_for_it_is_never_lost(arena):
    text = "name: wait\nsteps: [{key: w, kind: wait, signal: go}]"
    for _ in range(ROUNDS):
        execution_id = arena.shop.start(text)

        def work(execution_id=execution_id):
            drive(arena.transaction, execution_id=execution_id, engine=arena.engine)

        arena.race(work, arena.verb(signal, execution_id, name="go"))
        work()
        assert arena.check(execution_id)[0] is WorkflowStatus.COMPLETED


def test_pausing_and_resuming_at_once_loses_no_step(arena):
    for _ in range(ROUNDS):
        lease = arena.leased()
        arena.verb(pause, lease.execution_id)()
        arena.race(arena.finish(lease), arena.verb(resume, lease.execution_id))
        drive(arena.transaction, execution_id=lease.execution_id, engine=arena.engine)
        assert arena.check(lease.execution_id)[0] is WorkflowStatus.COMPLETED


def test_two_children_that_end_at_once_wake_their_parent(arena):
    with arena.transaction() as session:
        child = "name: kid\nsteps: [{key: w, kind: wait, signal: go}]"
        save_workflow(session, workspace_id=WORKSPACE, definition=load_definition(child))
    for _ in range(5):
        execution_id = arena.shop.start(FAMILY)
        drive(arena.transaction, execution_id=execution_id, engine=arena.engine)
        with arena.transaction() as session:
            query = select(WorkflowExecution.id).where(WorkflowExecution.parent_execution_id == execution_id)
            kids = session.scalars(query).all()
        for kid in kids:
            drive(arena.transaction, execution_id=kid, engine=arena.engine)
            arena.verb(signal, kid, name="go")()
        arena.race(
            *[lambda kid=kid: drive(arena.transaction, execution_id=kid, engine=arena.engine) for kid in kids]
        )
        drive(arena.transaction, execution_id=execution_id, engine=arena.engine)
        assert arena.check(execution_id)[0] is WorkflowStatus.COMPLETED
