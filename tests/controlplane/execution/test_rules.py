"""Rules of the engine that only show when two things meet."""

from __future__ import annotations

import uuid
from datetime import timedelta

import pytest
from sqlalchemy import select

from controlplane import actions, agents
from controlplane.execution import cancel, claim, complete, pause, resume, signal
from controlplane.execution.engine.claim import _resume_overdue
from controlplane.execution.engine.config import (
    Failure,
    Lease,
    Stopped,
    Success,
)
from controlplane.execution.engine.unit_of_work import UnitOfWork
from controlplane.execution.queries import renew_lease, select_overdue
from controlplane.execution.versions import select_newest_versions
from controlplane.models import (
    AgentExecution,
    StepStatus,
    WorkflowExecution,
    WorkflowSignal,
    WorkflowStatus,
    WorkflowStepExecution,
)
from controlplane.runtime.driver import drive

pytestmark = pytest.mark.seed("agents")
MARA, INVOICER = uuid.UUID(int=0xB0004), uuid.UUID(int=0xA0001)
ONE = "name: one\nsteps: [{key: a, kind: task, action: note}]"


@pytest.fixture(autouse=True)
def _note():
    with actions.registered(note=lambda parameters, *, idempotency_key: parameters):
        yield


def statuses(session, run):
    step = WorkflowStepExecution
    query = select(step.step_key, step.attempt, step.status).where(step.execution_id == run.id)
    rows = session.execute(query.order_by(step.position, step.role.desc(), step.item, step.attempt))
    return [f"{row.step_key} {row.attempt} {row.status}" for row in rows]


def overdue(flow, clock):
    """An attempt whose lease has run out, in the unit of work that finds it, with its lease."""
    run = flow.start(ONE)
    lease = claim(flow.session, execution_id=run.id, engine=flow.engine)
    clock.advance(minutes=5)
    unit = UnitOfWork(flow.session, engine=flow.engine, execution_id=run.id)
    (attempt,) = unit.fetch(select_overdue(execution_id=run.id, now=unit.now))
    return unit, attempt, lease


def test_a_lease_that_was_renewed_at_the_last_moment_is_not_taken_over(flow, session, clock):
    unit, attempt, lease = overdue(flow, clock)
    until = unit.now + timedelta(seconds=30)
    session.connection().execute(renew_lease(step_id=lease.step_id, token=lease.token, until=until))
    assert _resume_overdue(unit, attempt, "other") is None
    unit.save()
    complete(session, lease=lease, result=Success(output=1), engine=flow.engine)


def test_lease_is_renewed_only_by_its_holder(flow, session, clock):
    unit, _, lease = overdue(flow, clock)
    until = unit.now + timedelta(seconds=30)
    statement = renew_lease(step_id=lease.step_id, token=uuid.uuid4(), until=until)
    assert session.connection().execute(statement).rowcount == 0


@pytest.mark.parametrize(("timeout", "seconds", "first"), [(600, 10, 10), (60, 3600, 60)])
def test_next_poll_is_the_earliest_due_time(flow, timeout, seconds, first):
    run = flow.run(f"name: w\ntimeout: {timeout}\nsteps: [{{key: a, kind: wait, seconds: {seconds}}}]")
    assert run.wake_at - run.started_at == timedelta(seconds=first)


def test_a_child_that_paused_by_itself_is_not_resumed_with_its_parent(flow, session):
    flow.save('name: child\nsteps: [{key: a, kind: task, action: note, parameters: {n: "${input.n}"}}]')
    run = flow.run("name: parent\nsteps: [{key: c, kind: workflow, workflow: child}]")
    child = session.scalars(select(WorkflowExecution).where(WorkflowExecution.parent_execution_id == run.id)).one()
    pause(session, run, actor_id=MARA)
    resume(session, run, actor_id=MARA)
    session.refresh(child)
    assert (child.status, child.pause_reason) == (WorkflowStatus.PAUSED, "${input.n} is not defined.")


TWO_WAITS = "name: two\nsteps: [{key: a, kind: wait, signal: go}, {key: b, kind: wait, signal: go%s}]"


def test_one_signal_resumes_one_step(flow, session):
    run = flow.run(TWO_WAITS % "")
    signal(session, run, name="go", actor_id=MARA)
    flow.drive()
    assert statuses(session, run) == ["a 1 completed", "b 1 waiting"]


def test_a_signal_that_was_taken_is_not_taken_again(flow, session):
    run = flow.run(TWO_WAITS % ", depends_on: [a]")
    signal(session, run, name="go", actor_id=MARA)
    flow.drive()
    assert statuses(session, run) == ["a 1 completed", "b 1 waiting"]


def test_the_oldest_of_several_early_signals_is_taken_first(flow, session):
    run = flow.start(TWO_WAITS % ", depends_on: [a]")
    for number in (1, 2):
        signal(session, run, name="go", payload=number, actor_id=MARA)
    flow.drive()
    taken = session.scalars(select(WorkflowSignal).order_by(WorkflowSignal.sent_at)).all()
    assert [(one.payload, one.taken_by_step) for one in taken] == [(1, "a"), (2, "b")]


def test_a_wait_for_a_time_that_is_past_does_not_wait(flow, session):
    run = flow.start("name: w\nsteps: [{key: a, kind: wait, seconds: 0}]")
    assert claim(session, execution_id=run.id, engine=flow.engine) == Stopped(status=WorkflowStatus.COMPLETED)


def test_an_item_that_may_fail_leaves_a_hole_in_the_list(flow):
    def odd(parameters, *, idempotency_key):
        if parameters["n"] == 2:
            raise ValueError("even")
        return parameters["n"]

    body = '{kind: task, action: odd, parameters: {n: "${item}"}, continue_on_error: true}'
    each = f"steps: [{{key: each, kind: map, over: [1, 2, 3], body: {body}}}]"
    text = f'name: m\n{each}\noutputs: {{all: "${{steps.each.output}}"}}'
    with actions.registered(odd=odd):
        assert flow.run(text).outputs == {"all": [1, None, 3]}


def test_an_item_that_is_tried_again_is_the_same_item(flow, session):
    seen = []

    def flaky(parameters, *, idempotency_key):
        seen.append((parameters["n"], idempotency_key.rpartition(":")[2]))
        if len(seen) == 1:
            raise ConnectionError("nobody")
        return parameters["n"]

    body = '{kind: task, action: flaky, parameters: {n: "${item}"}, retry: {attempts: 2, delay: 0}}'
    with actions.registered(flaky=flaky):
        run = flow.run(f"name: m\nsteps: [{{key: each, kind: map, over: [7], body: {body}}}]")
    assert (run.status, seen) == (WorkflowStatus.COMPLETED, [(7, "0"), (7, "0")])


def test_a_step_that_fails_while_others_are_undone_is_not_tried_again(flow, session):
    text = """
    name: both
    steps:
      - {key: a, kind: task, action: note, retry: {attempts: 3, delay: 0}}
      - {key: b, kind: task, action: note}
    """
    run = flow.start(text)
    first, second = (claim(session, execution_id=run.id, engine=flow.engine) for _ in range(2))
    complete(session, lease=second, result=Failure(error_type="E", message="no"), engine=flow.engine)
    broken = Failure(error_type="ConnectionError", message="no", retryable=True)
    complete(session, lease=first, result=broken, engine=flow.engine)
    flow.drive(run)
    assert run.status is WorkflowStatus.FAILED
    assert statuses(session, run) == ["a 1 failed", "b 1 failed"]


def test_ended_agent_run_is_not_changed_by_step(flow, session):
    run = flow.start("name: g\nsteps: [{key: a, kind: agent, action: note}]", agent_id=INVOICER)
    lease = claim(session, execution_id=run.id, engine=flow.engine)
    agent_run = session.query(AgentExecution).one()
    agents.cancel(session, agent_run, actor_id=MARA, reason="enough")
    complete(session, lease=lease, result=Success(output=1), engine=flow.engine)
    session.refresh(agent_run)
    assert str(agent_run.status) == "cancelled"
    assert statuses(session, run) == ["a 1 failed"], "its late result is refused"


def test_driver_that_lost_its_lease_continues_with_other_work(flow, session):
    run = flow.start(ONE)

    def give_up(_parameters, *, idempotency_key):
        cancel(session, run, actor_id=MARA)
        session.commit()

    with actions.registered(note=give_up):
        ended = drive(flow.runtime._transaction, execution_id=run.id, engine=flow.engine)
    assert ended == Stopped(status=WorkflowStatus.CANCELLED)
    assert statuses(session, run) == ["a 1 cancelled"]


def test_a_paused_parent_stays_so_when_its_child_ends(flow, session):
    flow.save("name: child\nsteps: [{key: w, kind: wait, signal: go}]")
    run = flow.run("name: parent\nsteps: [{key: c, kind: workflow, workflow: child}]")
    child = session.scalars(select(WorkflowExecution).where(WorkflowExecution.parent_execution_id == run.id)).one()
    pause(session, run, actor_id=MARA)
    cancel(session, child, actor_id=MARA)
    session.refresh(run)
    assert (run.status, run.wake_at) == (WorkflowStatus.PAUSED, None)


def test_a_late_execution_ends_at_the_instant_of_its_deadline(flow, session, clock):
    run = flow.run("name: late\ntimeout: 60\nsteps: [{key: a, kind: wait, signal: never}]")
    clock.set(run.deadline_at)
    assert isinstance(claim(session, execution_id=run.id, engine=flow.engine), Stopped)
    session.refresh(run)
    assert (run.status, run.error_type) == (WorkflowStatus.FAILED, "ExecutionTimeoutError")


def test_failure_fits_its_columns():
    failure = Failure.of(type("E" * 300, (Exception,), {})("m" * 20_000))
    assert (failure.error_type, failure.message) == ("E" * 200, "m" * 10_000)


def test_lease_describes_its_step(flow, session):
    lease = claim(session, execution_id=flow.start(ONE).id, engine=flow.engine)
    assert isinstance(lease, Lease)
    assert (lease.step_key, lease.attempt, lease.record.status) == ("a", 1, StepStatus.RUNNING)


def test_newest_versions_are_listed_by_the_code_points_of_their_names(flow, session):
    for name in ("b", "a", "B", "b"):
        flow.save(f"name: {name}\nsteps: [{{key: s, kind: wait, seconds: {len(name)}}}]")
    flow.save("name: b\nsteps: [{key: s, kind: wait, seconds: 2}]")
    rows = session.execute(select_newest_versions(workspace_id=flow.WORKSPACE)).all()
    assert [(row.name, row.version) for row in rows] == [("B", 1), ("a", 1), ("b", 2)]
