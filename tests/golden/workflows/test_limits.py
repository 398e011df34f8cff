"""Rules at their limits: how deep, until when, and the rarely taken arrows of an execution."""

from __future__ import annotations

import uuid
from dataclasses import replace

import pytest
from sqlalchemy import select

from controlplane import actions
from controlplane.execution import cancel, claim, pause
from controlplane.models import WorkflowExecution, WorkflowExecutionLog, WorkflowStepExecution

pytestmark = pytest.mark.seed("agents")
TINA = uuid.UUID(int=0xB0003)
WAITING = """
name: patient
steps:
  - {key: hold, kind: wait, signal: never}
  - {key: next, kind: task, action: echo, depends_on: [hold]}
"""
TASK = """
name: busy
steps:
  - {key: work, kind: task, action: echo, parameters: {n: 1}}
"""
APPROVAL = """
name: approval
steps:
  - {key: ask, kind: approval, timeout: 60, on_timeout: %s, on_reject: [no]}
  - {key: yes, kind: task, action: echo, depends_on: [ask]}
  - {key: no, kind: task, action: echo}
"""


def nested(level):
    return f"""
    name: level_{level}
    steps:
      - {{key: down, kind: workflow, workflow: level_{level + 1}}}
    """


@pytest.mark.parametrize("allowed", [2, 3])
def test_depth_of_children_is_limited(flow, session, golden, allowed):
    flow.engine = flow.runtime.engine = replace(flow.engine, max_depth=allowed)
    flow.save(TASK.replace("busy", "level_3"))
    for level in (2, 1):
        flow.save(nested(level))
    run = flow.run(nested(0))
    query = select(
        WorkflowExecution.depth,
        WorkflowExecution.status,
        WorkflowExecution.error_type,
        WorkflowExecution.error_message,
    )
    found = session.execute(query.order_by(WorkflowExecution.depth)).all()
    session.refresh(run)
    is_enough = allowed >= 3
    assert str(run.status) == ("completed" if is_enough else "failed")
    assert [row.depth for row in found] == list(range(allowed + 1))
    assert found == golden.rows


@pytest.mark.parametrize(
    ("ending", "status", "steps"),
    [
        ("approve", "completed", {"ask": "completed", "yes": "completed", "no": "skipped"}),
        ("fail", "failed", {"ask": "failed"}),
    ],
)
def test_approval_that_times_out_ends_as_the_definition_says(flow, session, golden, clock, ending, status, steps):
    run = flow.run(APPROVAL % ending)
    clock.advance(seconds=60)
    with golden.step("a minute later"):
        flow.drive(run)
    query = select(WorkflowStepExecution.step_key, WorkflowStepExecution.status)
    ended = {row.step_key: str(row.status) for row in session.execute(query)}
    assert (str(run.status), ended | {}) == (status, ended | steps)
    assert session == golden.changes


def test_approval_does_not_time_out_a_moment_too_early(flow, clock):
    run = flow.run(APPROVAL % "approve")
    clock.advance(seconds=50)  # each reading of the clock is a second later
    flow.drive(run)
    assert str(run.status) == "waiting"


def test_pending_execution_is_cancelled(flow, session, golden):
    run = flow.start(TASK)
    with golden.step("cancel"):
        cancel(session, run, actor_id=TINA, reason="too late")
    with golden.step("drive in vain"):
        flow.drive(run)
    assert session == golden.changes


def test_running_execution_is_cancelled(flow, session, golden):
    run = flow.start(TASK)
    claim(session, execution_id=run.id, engine=flow.engine)
    session.refresh(run)
    assert str(run.status) == "running"
    with golden.step("cancel"):
        cancel(session, run, actor_id=TINA, reason="too late")
    assert session == golden.changes


def test_waiting_execution_is_paused(flow, session, golden):
    run = flow.run(WAITING)
    assert str(run.status) == "waiting"
    with golden.step("pause"):
        pause(session, run, actor_id=TINA, reason="audit")
    assert str(run.status) == "paused"
    assert session == golden.changes


def test_error_of_a_task_that_is_not_retryable_is_not_retried(flow, session, golden):
    calls = []

    def broken(parameters, *, idempotency_key):
        calls.append(idempotency_key)
        raise ValueError("the amount is negative")

    text = """
    name: strict
    steps:
      - {key: pay, kind: task, action: broken, retry: {attempts: 5, delay: 0}}
    """
    with actions.registered(broken=broken):
        run = flow.run(text)
    query = select(WorkflowExecutionLog.sequence, WorkflowExecutionLog.event, WorkflowExecutionLog.message)
    log = session.execute(query.order_by(WorkflowExecutionLog.sequence)).all()
    assert (str(run.status), len(calls)) == ("failed", 1)
    assert log == golden.rows


def test_live_debug_session_is_cancelled(desk, session, golden):
    desk.launch(WAITING, stop_on_entry=False)
    assert str(desk.where()) == "active"
    with golden.step("cancel"):
        desk.on("cancel", engine=desk.engine)
    assert str(desk.where()) == "cancelled"
    assert session == golden.changes


def test_time_in_which_the_debugger_stood_in_a_child_is_not_the_step_s(desk, clock, golden):
    """The call runs some seconds and stands 100 s in its child: those are not in the profile."""

    def slow(parameters, *, idempotency_key):
        clock.advance(seconds=3)
        return {}

    desk.save(TASK.replace("echo", "slow").replace("busy", "inner"))
    outer = """
    name: outer
    steps:
      - {key: call, kind: workflow, workflow: inner}
    """
    with actions.registered(slow=slow):
        desk.launch(outer)
        assert desk.resume("into") == ("step", "work")
        clock.advance(seconds=100)
        desk.resume()
    rows = desk.on("profile")
    call = next(trace for trace in desk.on("traces") if trace.step_key == "call")
    wall = (call.completed_at - call.started_at).total_seconds()
    assert 100 <= wall - call.duration_seconds < 110  # each reading of the clock is a second later
    assert {row.step_key: row.total_seconds for row in rows} == {"call": call.duration_seconds, "work": 4}
    assert rows == golden.rows
