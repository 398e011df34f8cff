"""Wide workflows, and long ones."""

from __future__ import annotations

import json
import uuid

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from controlplane import actions
from controlplane.execution import cancel, parse_definition, save_workflow, start
from controlplane.models import StepStatus, WorkflowExecutionLog, WorkflowStatus, WorkflowStepExecution
from controlplane.runtime import InlineRuntime

pytestmark = [pytest.mark.seed("users"), pytest.mark.timeout(120)]
MARA = uuid.UUID(int=0xB0004)
WIDTH = 1_500
LENGTH = 2_000
MOST_ITEMS = 10_000


def count(session, run, status):
    step = WorkflowStepExecution
    return session.scalar(
        select(func.count()).where(step.execution_id == run.id, step.status == status, step.step_key != "end")
    )


def wide(kind):
    """A fan-out of steps that end in one join."""
    names = [f"s{number}" for number in range(WIDTH)]
    return {
        "name": "wide",
        "steps": [
            {"key": "fork", "kind": "parallel", "branches": names},
            *({"key": name, "kind": kind} for name in names),
            {"key": "end", "kind": "join", "depends_on": names},
        ],
    }


def test_many_steps_can_wait_at_once_and_be_cancelled(flow, session):
    definition = parse_definition(wide("approval"))
    save_workflow(session, workspace_id=flow.WORKSPACE, definition=definition)
    run = start(session, workspace_id=flow.WORKSPACE, workflow="wide", engine=flow.engine)
    flow.drive()
    while run.status is WorkflowStatus.RUNNING:
        flow.drive(run)
    assert (run.status, count(session, run, StepStatus.WAITING)) == (WorkflowStatus.WAITING, WIDTH)
    cancel(session, run, actor_id=MARA, engine=flow.engine)
    assert (run.status, count(session, run, StepStatus.CANCELLED)) == (WorkflowStatus.CANCELLED, WIDTH)


def test_a_map_over_too_many_items_fails_and_one_over_many_runs(flow, session):
    text = "name: m\nsteps: [{key: each, kind: map, over: '${input.items}', body: {kind: task, action: note}}]"
    run = flow.run(text, input_data={"items": [0] * (MOST_ITEMS + 1)})
    assert (run.status, run.error_type) == (WorkflowStatus.FAILED, "InvalidValueError")
    run = flow.start(text, input_data={"items": [0] * 300})
    with actions.registered(note=lambda _parameters, *, idempotency_key: 1):
        flow.drive()
    assert (run.status, count(session, run, StepStatus.COMPLETED)) == (WorkflowStatus.COMPLETED, 301)


def test_thousands_of_steps_one_after_the_other(shop):
    """What ten thousand cost is measured in tests/bench; here each runs once, in order, and leaves every line."""
    keys = [f"s{number}" for number in range(LENGTH)]
    steps = [{"key": key, "kind": "task", "action": "count", "parameters": {"key": key}} for key in keys]
    for step, before in zip(steps[1:], keys, strict=False):
        step["depends_on"] = [before]
    calls = []

    def count(parameters, *, idempotency_key):
        calls.append((parameters["key"], idempotency_key.rpartition(":")[2]))

    with actions.registered(count=count):
        run = shop.start(json.dumps({"name": "long", "steps": steps}))
        with Session(shop.database) as session:
            InlineRuntime(session).run(run)
    assert shop.status(run) is WorkflowStatus.COMPLETED
    assert calls == [(key, key) for key in keys]
    assert {step.status for step in shop.steps(run)} == {StepStatus.COMPLETED}
    log = WorkflowExecutionLog
    with Session(shop.database) as session:
        lines = session.execute(
            select(log.sequence, log.event).where(log.execution_id == run).order_by(log.sequence)
        )
        events = [row.event for row in lines]
    assert events == [
        "execution_created",
        "execution_started",
        *["step_started", "step_completed"] * LENGTH,
        "execution_completed",
    ]
