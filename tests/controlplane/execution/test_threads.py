"""Executions driven by threads on a real database."""

from __future__ import annotations

import threading
import time
import uuid
from datetime import timedelta

import pytest
import sqlalchemy as sa

from controlplane import actions
from controlplane.execution import EngineConfig, pause
from controlplane.models import StepStatus, WorkflowExecution, WorkflowStatus
from controlplane.runtime import ThreadRuntime
from controlplane.runtime.outages import Outage

OLGA = uuid.UUID(int=0xB0001)
pytestmark = [pytest.mark.seed("users"), pytest.mark.timeout(60)]

CHAIN = """
name: chain
steps:
  - {key: a, kind: task, action: note, parameters: {n: 1}}
  - {key: b, kind: task, action: note, depends_on: [a], parameters: {n: 2}}
  - {key: c, kind: task, action: note, depends_on: [b], parameters: {n: 3}}
"""
WIDE = """
name: wide
steps:
  - {key: each, kind: map, over: "${input.items}", body: {kind: task, action: note, parameters: {n: "${item}"}}}
"""


class Notes:
    """An action that notes its calls, and does ``work`` in each."""

    def __init__(self, work=lambda: None):
        self.work = work
        self.keys = []

    def __call__(self, parameters, *, idempotency_key):
        self.keys.append(idempotency_key)
        self.work()
        return parameters


def test_a_chain_runs_to_its_end(shop):
    with actions.registered(note=Notes()), ThreadRuntime(shop.database, poll=0.05):
        assert shop.wait(shop.start(CHAIN)) is WorkflowStatus.COMPLETED


def test_three_notifications_and_two_workers_run_every_step_once(shop):
    notes = Notes(lambda: time.sleep(0.01))
    with actions.registered(note=notes), ThreadRuntime(shop.database, workers=2, poll=0.01) as runtime:
        runs = [shop.start(CHAIN) for _ in range(5)]
        for run in runs * 3:
            runtime.notify(run)
        for run in runs:
            assert shop.wait(run) is WorkflowStatus.COMPLETED
    assert len(notes.keys) == len(set(notes.keys)) == 15


def test_independent_steps_run_at_the_same_time(shop):
    all_four = threading.Barrier(4, timeout=30)
    with actions.registered(note=Notes(all_four.wait)), ThreadRuntime(shop.database, workers=4, poll=0.05):
        run = shop.start(WIDE, input_data={"items": [1, 2, 3, 4]})
        assert shop.wait(run) is WorkflowStatus.COMPLETED, "a step that waits for the others in vain fails"


def test_long_execution_gives_way_to_one_that_waits(shop):
    both_are_due = threading.Event()
    chain = [
        f"  - {{key: s{n}, kind: task, action: note, depends_on: [{f's{n - 1}' if n else ''}]}}"
        for n in range(120)
    ]
    notes = Notes(lambda: both_are_due.wait(30))
    with actions.registered(note=notes), ThreadRuntime(shop.database, workers=1, poll=0.05) as runtime:
        long = shop.start("\n".join(["name: long", "steps:", *chain]))
        runtime.notify(long)
        while not notes.keys:
            time.sleep(0.01)
        runtime.notify(long)  # as the sweeper may find it, before the other one
        short = shop.start(CHAIN)
        runtime.notify(short)
        both_are_due.set()
        assert (shop.wait(long), shop.wait(short)) == (WorkflowStatus.COMPLETED, WorkflowStatus.COMPLETED)
    order = [key.split(":")[0] for key in notes.keys]
    assert order[0] == str(long)
    assert order.index(str(short)) <= 50
    assert len(set(notes.keys)) == 123


def test_locked_execution_does_not_stop_the_workers(shop):
    """A second worker does not wait for the row that the first waits for."""
    if shop.database.dialect.name != "postgresql":
        pytest.skip("SQLite locks no rows")
    notes = Notes()
    with shop.database.connect() as other, actions.registered(note=notes):
        locked = shop.start(CHAIN)
        row = sa.select(WorkflowExecution.id).where(WorkflowExecution.id == locked)
        other.execute(row.with_for_update())
        with ThreadRuntime(shop.database, workers=2, poll=0.01) as runtime:
            for _ in range(20):
                runtime.notify(locked)
                assert shop.wait(shop.start(CHAIN), seconds=20) is WorkflowStatus.COMPLETED
            other.rollback()
            assert shop.wait(locked) is WorkflowStatus.COMPLETED


def test_two_workers_do_not_claim_in_one_execution_at_once(shop):
    runtime = ThreadRuntime(shop.database, workers=2)
    first, second = uuid.UUID(int=1), uuid.UUID(int=2)
    runtime.notify(first)
    assert runtime._next() == first
    runtime.notify(first)
    runtime.notify(second)
    assert runtime._next() == second, "the first is due, and a worker is about to claim in it"
    with runtime._transaction_of(first):
        pass
    assert runtime._next() == first


def test_lock_is_awaited_for_a_limited_time(shop):
    query = "SHOW lock_timeout" if shop.database.dialect.name == "postgresql" else "PRAGMA busy_timeout"
    with shop.database.connect() as connection:
        assert connection.scalar(sa.text(query)) in ("30s", 30_000)


def test_loop_of_a_worker_rests_longer_after_each_failure(caplog):
    outage = Outage("it failed", rest=0.5)
    rests = []
    for _ in range(6):
        outage.report(sa.exc.OperationalError("SELECT 1", {}, ConnectionError("the server\nis away")))
        rests.append(outage.rest)
    assert rests == [1, 2, 4, 5, 5, 5]
    outage.end()
    assert outage.rest == 0.5
    assert [record.getMessage() for record in caplog.records] == ["it failed: the server is away"] * 6
    assert not any(record.exc_info for record in caplog.records)
    outage.report(ValueError("a fault of ours"))
    assert caplog.records[-1].exc_info


def test_a_lease_shorter_than_the_step_is_renewed(shop):
    notes = Notes(lambda: time.sleep(5))
    engine = EngineConfig(lease=timedelta(seconds=2.5))
    with actions.registered(note=notes), ThreadRuntime(shop.database, engine=engine, workers=2, poll=0.05):
        run = shop.start(WIDE, input_data={"items": [1]})
        assert shop.wait(run) is WorkflowStatus.COMPLETED
    assert len(notes.keys) == 1


def test_a_result_after_the_execution_was_paused_counts_but_nothing_follows(shop):
    begun, paused = threading.Event(), threading.Event()
    notes = Notes(lambda: (begun.set(), paused.wait(30)))
    with actions.registered(note=notes), ThreadRuntime(shop.database, poll=0.02):
        run = shop.start(CHAIN)
        assert begun.wait(30)
        shop.call(pause, run, actor_id=OLGA, reason="stop")
        paused.set()
        end = time.monotonic() + 30
        while [step.status for step in shop.steps(run)] != [StepStatus.COMPLETED, StepStatus.PENDING]:
            assert time.monotonic() < end, shop.steps(run)
            time.sleep(0.02)
        time.sleep(0.2)
    assert shop.status(run) is WorkflowStatus.PAUSED
    assert len(notes.keys) == 1
