"""Executions driven by threads on a real database."""

from __future__ import annotations

import threading
import time
import uuid
from datetime import timedelta

import pytest

from controlplane import actions
from controlplane.execution import Engine, pause
from controlplane.models import StepStatus, WorkflowStatus
from controlplane.runtime import ThreadRuntime

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
    """An action that notes its calls and how many ran at once."""

    def __init__(self, seconds=0.0):
        self.seconds = seconds
        self.keys = []
        self.most = 0
        self._now = 0
        self._lock = threading.Lock()

    def __call__(self, parameters, *, idempotency_key):
        with self._lock:
            self.keys.append(idempotency_key)
            self._now += 1
            self.most = max(self.most, self._now)
        time.sleep(self.seconds)
        with self._lock:
            self._now -= 1
        return parameters


def test_a_chain_runs_to_its_end(shop):
    with actions.registered(note=Notes()), ThreadRuntime(shop.database, poll=0.05):
        assert shop.wait(shop.start(CHAIN)) is WorkflowStatus.COMPLETED


def test_three_kicks_and_two_workers_run_every_step_once(shop):
    notes = Notes(0.01)
    with actions.registered(note=notes), ThreadRuntime(shop.database, workers=2, poll=0.01) as runtime:
        runs = [shop.start(CHAIN) for _ in range(5)]
        for run in runs * 3:
            runtime.kick(run)
        for run in runs:
            assert shop.wait(run) is WorkflowStatus.COMPLETED
    assert len(notes.keys) == len(set(notes.keys)) == 15


def test_independent_steps_run_at_the_same_time(shop):
    notes = Notes(0.2)
    with actions.registered(note=notes), ThreadRuntime(shop.database, workers=4, poll=0.05):
        shop.wait(shop.start(WIDE, input_data={"items": [1, 2, 3, 4]}))
    assert notes.most == 4


def test_a_lease_shorter_than_the_step_is_renewed(shop):
    notes = Notes(3.0)
    engine = Engine(lease=timedelta(seconds=1.5))
    with actions.registered(note=notes), ThreadRuntime(shop.database, engine=engine, workers=2, poll=0.05):
        run = shop.start(WIDE, input_data={"items": [1]})
        assert shop.wait(run) is WorkflowStatus.COMPLETED
    assert len(notes.keys) == 1


def test_a_result_after_the_execution_was_paused_counts_but_nothing_follows(shop):
    notes = Notes(0.3)
    with actions.registered(note=notes), ThreadRuntime(shop.database, poll=0.02):
        run = shop.start(CHAIN)
        while not notes.keys:
            time.sleep(0.01)
        shop.call(pause, run, actor_id=OLGA, reason="stop")
        time.sleep(0.6)
    assert shop.status(run) is WorkflowStatus.PAUSED
    assert [step.status for step in shop.steps(run)] == [StepStatus.COMPLETED, StepStatus.PENDING]
