"""Steps that take too long: what they give later is dropped, and only so many may be left behind."""

from __future__ import annotations

import threading
import time

import pytest
from sqlalchemy import text

from controlplane import actions
from controlplane.errors import AbandonedStepsError, StepTimeoutError
from controlplane.execution import HttpPolicy, claim, perform
from controlplane.execution.engine.config import Success
from controlplane.execution.engine.timeouts import TimeoutThreads
from controlplane.models import Base, WorkflowStatus

pytestmark = [pytest.mark.seed("users"), pytest.mark.timeout(60)]
SLOW = (
    'name: slow\nsteps: [{key: s, kind: task, action: slow, timeout: 0.05%s}]\noutputs: {n: "${steps.s.output}"}'
)


class Held:
    """An action whose first calls hang until they are let go."""

    def __init__(self, calls=1):
        self.left, self.gate, self.returned = calls, threading.Event(), threading.Semaphore(0)

    def __call__(self, _parameters, *, idempotency_key):
        self.left -= 1
        if self.left < 0:
            return "in time"
        self.gate.wait(30)
        self.returned.release()
        return "too late"


def everything(session):
    tables = Base.metadata.sorted_tables
    return [sorted(map(str, session.execute(text(f"SELECT * FROM {table.name}")))) for table in tables]


def test_a_result_that_comes_too_late_never_lands(flow, session):
    held = Held()
    with actions.registered(slow=held):
        run = flow.run(SLOW % "")
        before = everything(session)
        held.gate.set()
        assert held.returned.acquire(timeout=10)
        flow.drive(run)
    assert (run.status, run.error_type) == (WorkflowStatus.FAILED, "StepTimeoutError")
    assert everything(session) == before


def test_step_is_performed_without_threads_and_secrets_of_a_worker(flow, session):
    """A program of its own that performs leases need not have any."""
    request = "{key: r, kind: http, url: 'http://elsewhere.example/'}"
    run = flow.start(f"name: two\nsteps: [{{key: s, kind: task, action: quick, timeout: 5}}, {request}]")
    with actions.registered(quick=lambda _parameters, *, idempotency_key: "done"):
        results = [
            perform(claim(session, execution_id=run.id, engine=flow.engine), policy=HttpPolicy()) for _ in "sr"
        ]
    assert results[0] == Success(output="done")
    assert results[1].error_type == "ForbiddenHostError"


def test_of_a_late_attempt_and_its_retry_the_retry_counts(flow, session):
    held = Held()
    with actions.registered(slow=held):
        run = flow.run(SLOW % ", retry: {attempts: 2, delay: 0}")
        held.gate.set()
        assert held.returned.acquire(timeout=10)
    assert (run.status, run.outputs) == (WorkflowStatus.COMPLETED, {"n": "in time"})


def test_abandoned_threads_are_counted_and_bounded():
    threads, held, called = TimeoutThreads(limit=2), Held(calls=2), []
    late = {"call": lambda: held({}, idempotency_key=""), "seconds": 0.02, "name": "late"}
    for _ in range(2):
        with pytest.raises(StepTimeoutError):
            threads.call(**late)
    assert threads.abandoned == 2
    with pytest.raises(AbandonedStepsError, match="2 steps that timed out still run in this worker") as refused:
        threads.call(lambda: called.append(1), seconds=1, name="next")
    assert refused.value.retryable
    assert called == []
    held.gate.set()
    end = time.monotonic() + 10
    while threads.abandoned:
        assert time.monotonic() < end
        time.sleep(0.01)
    assert threads.call(lambda: "again", seconds=1, name="next") == "again"


def test_a_worker_that_is_clogged_refuses_the_step_with_a_typed_error(flow, session):
    flow.engine.threads.limit = 1
    held = Held()
    with actions.registered(slow=held):
        first, second = flow.run(SLOW % ""), flow.run(SLOW % "")
        held.gate.set()
    assert (first.error_type, second.error_type) == ("StepTimeoutError", "AbandonedStepsError")


def test_an_action_that_asks_for_its_deadline_ends_by_itself(flow):
    ended = threading.Event()

    def patient(_parameters, *, idempotency_key):
        deadline = actions.deadline()
        assert 0 < deadline.remaining <= 0.05
        try:
            while True:
                deadline.check()
                time.sleep(0.005)
        finally:
            ended.set()

    with actions.registered(slow=patient):
        run = flow.run(SLOW % "")
    assert run.error_type == "StepTimeoutError"
    assert ended.wait(10)


def test_step_without_timeout_has_no_deadline():
    actions.deadline().check()
    assert actions.deadline().remaining == float("inf")


def test_the_error_of_a_step_in_its_thread_is_the_step_s(flow):
    def wrong(_parameters, *, idempotency_key):
        raise KeyError("x")

    with actions.registered(slow=wrong):
        assert flow.run(SLOW % "").error_type == "KeyError"
