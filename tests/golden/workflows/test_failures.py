"""Retries, timeouts, what is undone and what is tolerated."""

from __future__ import annotations

import threading

import pytest
from sqlalchemy import select

from controlplane import actions
from controlplane.errors import LeaseLostError
from controlplane.execution import claim, complete, perform
from controlplane.models import WorkflowExecutionLog

pytestmark = pytest.mark.seed("users")

RETRY = """
name: retry
steps:
  - {key: call, kind: task, action: flaky, parameters: {failures: "${input.failures}"},
     retry: {attempts: 3, delay: 60, factor: 10, max_delay: 300}}
"""


@pytest.mark.usefixtures("one_insert_per_table")
def test_a_retry_that_succeeds(flow, session, golden, clock):
    run = flow.start(RETRY, input_data={"failures": 1})
    with golden.step("first attempt"), golden.budget(exactly=16):
        flow.drive()
    clock.advance(seconds=60)
    with golden.step("second attempt"), golden.budget(exactly=13):
        flow.drive()
    assert str(run.status) == "completed"
    assert session == golden.changes


def test_retries_back_off_and_are_exhausted(flow, session, golden, clock):
    run = flow.start(RETRY, input_data={"failures": 9})
    for number, seconds in (("first", 60), ("second", 300), ("third", 0)):
        with golden.step(f"{number} attempt"):
            flow.drive()
        clock.advance(seconds=seconds)
    assert (str(run.status), run.error_type) == ("failed", "ConnectionError")
    assert session == golden.changes


def test_completed_steps_are_compensated_in_reverse_order(flow, session, golden):
    text = """
    name: undo
    steps:
      - {key: reserve, kind: task, action: double, parameters: {n: 1},
         compensation: {action: echo, parameters: {release: "${output.n}"}}}
      - {key: charge, kind: task, action: double, parameters: {n: 5}, depends_on: [reserve],
         compensation: {action: refuse, parameters: {why: "no refunds"}}}
      - {key: pack, kind: task, action: double, parameters: {n: 3}, depends_on: [charge],
         compensation: {action: echo, parameters: {unpack: "${output.n}"}}}
      - {key: ship, kind: task, action: refuse, parameters: {why: "no van"}, depends_on: [pack]}
      - {key: thank, kind: task, action: echo, depends_on: [ship]}
    """
    run = flow.start(text)
    with golden.step("run"):
        flow.drive()
    assert (str(run.status), run.failed_step) == ("failed", "ship")
    assert session == golden.changes


def test_steps_completed_in_one_transaction_are_compensated_in_reverse(flow, session, golden):
    """The canvases complete in the transaction of `first`, at one instant, against definition order."""
    text = """
    name: undo_order
    steps:
      - {key: last, kind: task, action: refuse, depends_on: [third]}
      - {key: second, kind: canvas, action: present, type: form, component: b, content: {}, depends_on: [first],
         compensation: {action: echo, parameters: {undo: 2}}}
      - {key: third, kind: canvas, action: present, type: form, component: c, content: {}, depends_on: [second],
         compensation: {action: echo, parameters: {undo: 3}}}
      - {key: first, kind: task, action: echo, compensation: {action: echo, parameters: {undo: 1}}}
    """
    run = flow.start(text)
    with golden.step("run"):
        flow.drive()
    assert str(run.status) == "failed"
    query = select(WorkflowExecutionLog.message).where(WorkflowExecutionLog.execution_id == run.id)
    lines = session.scalars(query.order_by(WorkflowExecutionLog.sequence)).all()
    begun = [line for line in lines if line.startswith("compensating")]
    assert begun == ["compensating third", "compensating second", "compensating first"]
    assert session == golden.changes


def test_a_failure_that_is_tolerated(flow, session, golden):
    text = """
    name: tolerant
    steps:
      - {key: maybe, kind: task, action: refuse, continue_on_error: true}
      - {key: after, kind: task, action: echo, parameters: {error: "${steps.maybe.error}"}, depends_on: [maybe]}
    outputs: {error: "${steps.after.output.error}"}
    """
    run = flow.start(text)
    with golden.step("run"):
        flow.drive()
    assert run.outputs == {"error": {"type": "ValueError", "message": "it can't be done"}}
    assert session == golden.changes


def test_a_step_times_out(flow, session, golden):
    release = threading.Event()
    run = flow.start("name: slow\nsteps: [{key: sleep, kind: task, action: sleep, timeout: 0.05}]")
    with actions.registered(sleep=lambda _parameters, *, idempotency_key: release.wait(10)), golden.step("run"):
        flow.drive()
    release.set()
    assert (str(run.status), run.error_type) == ("failed", "StepTimeoutError")
    assert session == golden.changes


def test_an_execution_times_out(flow, session, golden, clock):
    run = flow.start("name: late\ntimeout: 60\nsteps: [{key: wait, kind: wait, signal: never}]")
    flow.drive()
    clock.advance(seconds=60)
    with golden.step("a minute later"):
        flow.drive()
    assert (str(run.status), run.error_type) == ("failed", "ExecutionTimeoutError")
    assert session == golden.changes


def test_a_step_whose_worker_is_lost_is_performed_again_and_the_late_result_refused(flow, session, golden, clock):
    run = flow.start("name: lost\nsteps: [{key: only, kind: task, action: double, parameters: {n: 1}}]")
    with golden.step("claim"):
        lost = claim(session, execution_id=run.id, engine=flow.engine)
    clock.advance(minutes=1)
    with golden.step("claimed by another"):
        lease = claim(session, execution_id=run.id, engine=flow.engine, worker="other")
    with golden.step("the first is back"), pytest.raises(LeaseLostError):
        complete(session, lease=lost, result=perform(lost, policy=flow.engine.http), engine=flow.engine)
    with golden.step("complete"):
        complete(session, lease=lease, result=perform(lease, policy=flow.engine.http), engine=flow.engine)
    assert lost.idempotency_key == lease.idempotency_key
    assert session == golden.changes


def test_failure_that_is_not_retryable_is_logged(flow, session):
    run = flow.run("name: x\nsteps: [{key: a, kind: task, action: refuse, retry: {attempts: 5}}]")
    lines = [line.message for line in session.query(WorkflowExecutionLog).filter_by(execution_id=run.id)]
    assert "a is not retried: ValueError is not marked as retryable" in lines


def test_variables_that_double_are_bounded(flow):
    doubles = ", ".join(
        f"{{key: s{n}, kind: task, action: echo, depends_on: [s{n - 1}], "
        'save: {x: {a: "${vars.x}", b: "${vars.x}"}}}'
        for n in range(1, 30)
    )
    text = f"name: doubling\nvars: {{x: {'y' * 1000}}}\nsteps: [{{key: s0, kind: task, action: echo}}, {doubles}]"
    run = flow.run(text)
    assert (str(run.status), run.error_type) == ("failed", "ValueTooLargeError")
