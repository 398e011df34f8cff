"""Workers killed at every boundary of claim, perform and complete: nothing is lost, nothing is done twice."""

from __future__ import annotations

import json
import random
import subprocess
import sys
import time
from collections import Counter
from itertools import pairwise
from pathlib import Path

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from controlplane.execution.lifecycle import ENDED
from controlplane.models import (
    LifecycleEvent,
    WorkflowExecution,
    WorkflowExecutionLog,
    WorkflowStatus,
    WorkflowStepExecution,
)
from controlplane.runtime.procrastinate import ProcrastinateRuntime

pytestmark = [pytest.mark.kill, pytest.mark.seed("users"), pytest.mark.timeout(1200)]

BOUNDARIES = [
    *("before claim", "after claim", "before perform", "during perform", "after perform"),
    *("before complete", "after complete", "before commit", "after commit"),
]
KILLS = 6 * len(BOUNDARIES)
WORKFLOW = """
name: killed
steps:
  - {key: a, kind: task, action: note, parameters: {n: 1}, save: {seen: "${output.n}"}}
  - {key: fork, kind: parallel, depends_on: [a], branches: [b, c]}
  - {key: b, kind: task, action: note, parameters: {n: "${vars.seen}", seconds: 0.03}}
  - {key: c, kind: task, action: note, parameters: {n: 2}}
  - {key: both, kind: join, depends_on: [b, c]}
  - {key: each, kind: map, depends_on: [both], over: [1, 2, 3],
     body: {kind: task, action: note, parameters: {n: "${item}"}}}
  - {key: last, kind: task, action: note, depends_on: [each], parameters: {all: "${steps.each.output}"}}
outputs: {all: "${steps.last.output.all}"}
"""


class Workers:
    """Workers of one database: forked, killed by their fate, and when they died."""

    def __init__(self, kind, url, effects):
        self.order = {"kind": kind, "url": url, "effects": str(effects)}
        self.ended: dict[int, float] = {}
        script = Path(__file__).with_name("kill_worker.py")
        self.server = subprocess.Popen(
            [sys.executable, str(script)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )

    def fork(self, *, boundary="", count=0, seconds=60.0):
        order = self.order | {"boundary": boundary, "count": count, "seconds": seconds}
        self.server.stdin.write(json.dumps(order) + "\n")
        self.server.stdin.flush()
        return self._read("pid")

    def wait_for_one(self):
        return self._read("ended")

    def _read(self, wanted):
        while True:
            told = json.loads(self.server.stdout.readline())
            if "ended" in told:
                self.ended[told["ended"]] = told["at"]
            if wanted in told:
                return told[wanted]

    def close(self):
        self.server.stdin.close()
        for line in self.server.stdout:
            told = json.loads(line)
            self.ended[told["ended"]] = told["at"]
        self.server.stdout.close()
        self.server.wait()


def check_effects(effects, deaths):
    """No key is performed by two workers at the same time."""
    calls: dict[str, list[list[float]]] = {}
    lines = [json.loads(line) for line in effects.read_text().splitlines()]
    deaths = deaths | {told["pid"]: told["at"] for told in lines if told["what"] == "killed"}
    for told in lines:
        if told["what"] == "killed":
            continue
        if told["what"] == "start":
            calls.setdefault(told["key"], []).append([told["at"], deaths.get(told["pid"], float("inf"))])
        else:
            calls[told["key"]][-1][1] = told["at"]
    for key, spans in calls.items():
        for (_, end), (begin, _) in pairwise(spans):
            assert end <= begin + 0.01, f"{key} ran twice at once"  # a death is seen up to 10 ms late
    return calls


def check_rows(database, count):
    """Every execution has ended well, each step completed once, and state, events and log agree."""
    with Session(database) as session:
        runs = session.scalars(select(WorkflowExecution)).all()
        assert Counter(run.status for run in runs) == {WorkflowStatus.COMPLETED: count}
        assert all(run.outputs == {"all": [{"n": 1}, {"n": 2}, {"n": 3}]} for run in runs)
        assert all(run.open_steps == 0 and run.wake_at is None for run in runs)
        steps = session.scalars(select(WorkflowStepExecution)).all()
        assert Counter(str(step.status) for step in steps) == {"completed": 10 * count}
        ended = session.execute(
            select(LifecycleEvent.record_id).where(
                LifecycleEvent.record_kind == "workflow_step_execution", LifecycleEvent.to_status == "completed"
            )
        ).all()
        assert Counter(row.record_id for row in ended) == {step.id: 1 for step in steps}
        log = WorkflowExecutionLog
        lines: dict[object, list[int]] = {run.id: [] for run in runs}
        for row in session.execute(select(log.execution_id, log.sequence).order_by(log.sequence)):
            lines[row.execution_id].append(row.sequence)
        assert {run.id: list(range(1, run.log_sequence + 1)) for run in runs} == lines
        completed = session.execute(select(log.execution_id).where(log.event == "step_completed")).all()
        assert Counter(row.execution_id for row in completed) == {run.id: 10 for run in runs}


def all_ended(database):
    with Session(database) as session:
        return not session.scalars(
            select(WorkflowExecution.id).where(WorkflowExecution.status.not_in(ENDED)).limit(1)
        ).first()


def keep_busy(shop, runs, *, at_least=8):
    """Start executions so that there is always something to be killed in."""
    with Session(shop.database) as session:
        query = select(WorkflowExecution.id).where(WorkflowExecution.status.not_in(ENDED))
        open_runs = len(session.scalars(query).all())
    runs.extend(shop.start(WORKFLOW) for _ in range(at_least - open_runs))


def finish(shop, workers, runs, effects):
    end = time.monotonic() + 300
    while not all_ended(shop.database):
        assert time.monotonic() < end, "executions that never end"
        time.sleep(0.05)
    check_rows(shop.database, len(runs))
    workers.close()
    calls = check_effects(effects, workers.ended)
    assert len(calls) == 7 * len(runs)


def test_restarted_worker_continues_after_killed_one(shop, tmp_path):
    dice, effects, runs = random.Random(1), tmp_path / "effects", []
    workers = Workers("threads", shop.url, effects)
    for kill in range(KILLS):
        keep_busy(shop, runs)
        workers.fork(boundary=BOUNDARIES[kill % len(BOUNDARIES)], count=dice.randint(1, 6))
        workers.wait_for_one()
    workers.fork()
    finish(shop, workers, runs, effects)


def needs_postgresql(shop):
    if shop.database.dialect.name != "postgresql":
        pytest.skip("Procrastinate lives in PostgreSQL")


def test_three_looks_and_two_procrastinate_workers_run_every_step_once(shop, tmp_path):
    needs_postgresql(shop)
    runtime, effects = ProcrastinateRuntime(shop.database), tmp_path / "effects"
    runtime.prepare()
    runtime.prepare()  # by the second worker that starts
    runs = [shop.start(WORKFLOW) for _ in range(5)]
    for _ in range(3):
        with runtime.transaction():
            pass
    workers = Workers("procrastinate", shop.url, effects)
    for _ in range(2):
        workers.fork()
    finish(shop, workers, runs, effects)
    started = [json.loads(line)["key"] for line in effects.read_text().splitlines() if '"start"' in line]
    assert len(started) == len(set(started)) == 7 * len(runs)


def test_the_surviving_procrastinate_worker_takes_over(shop, tmp_path):
    needs_postgresql(shop)
    ProcrastinateRuntime(shop.database).prepare()
    dice, effects, runs = random.Random(2), tmp_path / "effects", []
    workers = Workers("procrastinate", shop.url, effects)
    keep_busy(shop, runs)
    for kill in range(KILLS):
        boundary = BOUNDARIES[kill % len(BOUNDARIES)]
        workers.fork(boundary=boundary, count=dice.randint(1, 6))
        keep_busy(shop, runs)
        if kill:
            workers.wait_for_one()
    workers.fork()
    finish(shop, workers, runs, effects)
