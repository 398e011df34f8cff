"""Each kind of step, driven to its end in one session."""

from __future__ import annotations

import time
import uuid

import pytest
from sqlalchemy import select

from controlplane import actions
from controlplane.errors import InvalidDefinitionError
from controlplane.execution import approve, cancel, pause, reject, resume, signal
from controlplane.models import (
    CanvasAudit,
    WorkflowExecution,
    WorkflowExecutionLog,
    WorkflowStatus,
    WorkflowStep,
    WorkflowStepExecution,
)

pytestmark = pytest.mark.seed("users")
MARA = uuid.UUID(int=0xB0004)
LEAD = uuid.UUID("000000000000000000000000000b0001")


class Flaky:
    """An action that fails its first times and remembers every call."""

    def __init__(self) -> None:
        self.calls = []
        self.failures = 0

    def __call__(self, parameters, *, idempotency_key):
        self.calls.append((parameters, idempotency_key))
        if len(self.calls) <= self.failures:
            raise ConnectionError("not yet")
        return parameters


@pytest.fixture
def flaky():
    action = Flaky()
    with actions.registered(echo=action, boom=boom):
        yield action


def boom(parameters, *, idempotency_key):
    raise ValueError("it can't be done")


@pytest.fixture
def steps(session):
    def read(execution):
        step = WorkflowStepExecution
        query = select(step.step_key, step.item, step.attempt, step.status).where(
            step.execution_id == execution.id
        )
        rows = session.execute(query.order_by(step.position, step.role.desc(), step.item, step.attempt))
        return [f"{r.step_key}[{r.item}]#{r.attempt} {r.status}" for r in rows]

    return read


def events(session, execution):
    log = WorkflowExecutionLog
    query = select(log.event, log.step_key).where(log.execution_id == execution.id).order_by(log.sequence)
    return [f"{event} {key}" if key else event for event, key in session.execute(query)]


def test_a_chain_hands_outputs_and_variables_on(flow, flaky):
    run = flow.run(
        """
        name: chain
        vars: {greeting: "hello ${input.name}"}
        outputs: {said: "${vars.said}", number: "${steps.two.output.n}"}
        steps:
          - {key: one, kind: task, action: echo, parameters: {n: 1}}
          - {key: two, kind: task, action: echo, depends_on: [one], parameters: {n: "${steps.one.output.n}"},
             save: {said: "${vars.greeting} ${output.n}"}}
        """,
        input_data={"name": "Ada"},
    )
    assert run.status is WorkflowStatus.COMPLETED
    assert run.outputs == {"said": "hello Ada 1", "number": 1}


BRANCHES = """
name: branches
steps:
  - {key: check, kind: condition, branches: [{name: big, when: "input.n > 10", then: [large]}], default: [small]}
  - {key: large, kind: task, action: echo, parameters: {size: large}}
  - {key: small, kind: task, action: echo, parameters: {size: small}}
  - {key: after_small, kind: task, action: echo, depends_on: [small], parameters: {}}
  - {key: both, kind: join, depends_on: [large, after_small]}
outputs: {joined: "${steps.both.output}"}
"""


def test_the_branch_not_taken_is_skipped_and_the_join_runs(flow, flaky, steps):
    run = flow.run(BRANCHES, input_data={"n": 11})
    assert steps(run) == [
        "check[0]#1 completed",
        "large[0]#1 completed",
        "small[0]#1 skipped",
        "after_small[0]#1 skipped",
        "both[0]#1 completed",
    ]
    assert run.outputs == {"joined": {"large": {"size": "large"}}}


def test_a_broken_condition_fails_its_step(flow, flaky):
    run = flow.run(BRANCHES, input_data={"n": "many"})
    assert (run.status, run.error_type, run.failed_step) == (WorkflowStatus.FAILED, "ExpressionError", "check")


def test_a_retryable_error_is_tried_again_after_its_delay_with_the_same_key(flow, flaky, clock, steps):
    flaky.failures = 1
    run = flow.run(
        """
        name: retry
        steps: [{key: a, kind: task, action: echo, parameters: {}, retry: {attempts: 3, delay: 60}}]
        """
    )
    assert (run.status, steps(run)) == (WorkflowStatus.RUNNING, ["a[0]#1 failed", "a[0]#2 pending"])
    clock.advance(seconds=60)
    flow.drive()
    assert (run.status, steps(run)) == (WorkflowStatus.COMPLETED, ["a[0]#1 failed", "a[0]#2 completed"])
    assert len({key for _, key in flaky.calls}) == 1


def test_an_error_that_is_not_retryable_is_not_tried_again(flow, flaky, steps):
    run = flow.run("name: x\nsteps: [{key: a, kind: task, action: boom, retry: {attempts: 3}}]")
    assert (run.status, steps(run), run.error_type) == (WorkflowStatus.FAILED, ["a[0]#1 failed"], "ValueError")


def test_failure_compensates_completed_steps_in_reverse_order(flow, flaky, steps):
    run = flow.run(
        """
        name: undo
        steps:
          - {key: a, kind: task, action: echo, parameters: {n: 1},
             compensation: {action: echo, parameters: {undo: "${output.n}"}}}
          - {key: b, kind: task, action: echo, parameters: {n: 2}, depends_on: [a],
             compensation: {action: echo, parameters: {undo: "${output.n}"}}}
          - {key: c, kind: task, action: boom, depends_on: [b]}
          - {key: d, kind: task, action: echo, depends_on: [c]}
        """
    )
    assert run.status is WorkflowStatus.FAILED
    assert [parameters for parameters, _ in flaky.calls] == [{"n": 1}, {"n": 2}, {"undo": 2}, {"undo": 1}]
    assert steps(run) == [
        "a[0]#1 compensated",
        "a[0]#1 completed",
        "b[0]#1 compensated",
        "b[0]#1 completed",
        "c[0]#1 failed",
    ]


def test_optional_step_failure_does_not_stop_others(flow, flaky):
    run = flow.run(
        """
        name: tolerant
        steps:
          - {key: a, kind: task, action: boom, continue_on_error: true}
          - {key: b, kind: task, action: echo, depends_on: [a], parameters: {why: "${steps.a.error.type}"}}
        outputs: {why: "${steps.b.output.why}"}
        """
    )
    assert (run.status, run.outputs) == (WorkflowStatus.COMPLETED, {"why": "ValueError"})


def test_map_collects_in_order_within_its_concurrency(flow, flaky, steps):
    run = flow.run(
        """
        name: mapped
        steps:
          - key: each
            kind: map
            over: "${input.names}"
            concurrency: 1
            body: {kind: task, action: echo, parameters: {hello: "${item}", at: "${index}"}, when: "item != 'bob'"}
        outputs: {all: "${steps.each.output}"}
        """,
        input_data={"names": ["ada", "bob", "cy"]},
    )
    assert run.outputs == {"all": [{"hello": "ada", "at": 0}, None, {"hello": "cy", "at": 2}]}


def test_an_item_that_fails_fails_the_map(flow, flaky, steps):
    run = flow.run("name: m\nsteps: [{key: each, kind: map, over: [1, 2], body: {kind: task, action: boom}}]")
    assert (run.status, run.error_message) == (WorkflowStatus.FAILED, "item 0: it can't be done")
    assert steps(run) == ["each[0]#1 failed", "each[0]#1 failed", "each[1]#1 skipped"]


def test_a_missing_reference_pauses_and_the_missing_input_resumes(flow, flaky, session):
    run = flow.run('name: x\nsteps: [{key: a, kind: task, action: echo, parameters: {n: "${input.n}"}}]')
    assert (run.status, run.pause_reason) == (WorkflowStatus.PAUSED, "${input.n} is not defined.")
    resume(session, run, actor_id=MARA, input_data={"n": None})
    flow.drive()
    assert run.status is WorkflowStatus.COMPLETED
    assert flaky.calls[0][0] == {"n": None}


APPROVAL = """
name: approval
steps:
  - {key: ask, kind: approval, title: "pay ${input.n}?", on_reject: [sorry], timeout: 3600}
  - {key: pay, kind: task, action: echo, depends_on: [ask]}
  - {key: sorry, kind: task, action: echo}
"""


@pytest.mark.parametrize("decision", ["approve", "reject", "timeout"])
@pytest.mark.usefixtures("flaky")
def test_an_approval_takes_its_branch(flow, session, steps, clock, decision):
    run = flow.run(APPROVAL, input_data={"n": 5})
    assert run.status is WorkflowStatus.WAITING
    if decision == "approve":
        approve(session, run, step_key="ask", actor_id=LEAD, engine=flow.engine)
    elif decision == "reject":
        reject(session, run, step_key="ask", actor_id=LEAD, comment="no", engine=flow.engine)
    else:
        clock.advance(hours=1)
    flow.drive(run)
    taken, skipped = ("pay", "sorry") if decision == "approve" else ("sorry", "pay")
    assert run.status is WorkflowStatus.COMPLETED
    assert {f"{taken}[0]#1 completed", f"{skipped}[0]#1 skipped"} < set(steps(run))


def test_a_wait_ends_at_its_time(flow, flaky, clock, session):
    run = flow.run("name: w\nsteps: [{key: w, kind: wait, seconds: 60}]")
    assert run.status is WorkflowStatus.WAITING
    flow.drive(run)
    assert run.status is WorkflowStatus.WAITING
    clock.advance(seconds=60)
    flow.drive()
    assert run.status is WorkflowStatus.COMPLETED


SIGNAL = """
name: s
steps: [{key: w, kind: wait, signal: paid}]
outputs: {got: "${steps.w.output.payload}"}
"""


@pytest.mark.parametrize("early", [True, False])
def test_a_signal_is_not_lost_when_it_comes_early(flow, session, early):
    run = flow.start(SIGNAL)
    if early:
        signal(session, run, actor_id=MARA, name="paid", payload=5, engine=flow.engine)
    flow.drive()
    if not early:
        signal(session, run, actor_id=MARA, name="paid", payload=5, engine=flow.engine)
        flow.drive()
    assert (run.status, run.outputs) == (WorkflowStatus.COMPLETED, {"got": 5})


CHILD = """
name: child
steps: [{key: a, kind: task, action: echo, parameters: {n: "${input.n}"}}]
outputs: {n: "${steps.a.output.n}"}
"""
PARENT = """
name: parent
steps:
  - {key: c, kind: workflow, workflow: child, input: {n: 7}}
  - {key: d, kind: task, action: echo, depends_on: [c]}
outputs: {n: "${steps.c.output.n}"}
"""


def test_a_child_gives_its_outputs(flow, flaky):
    flow.save(CHILD)
    run = flow.run(PARENT)
    assert (run.status, run.outputs) == (WorkflowStatus.COMPLETED, {"n": 7})


def test_workflows_call_workflows_only_so_deep(flow, flaky, session):
    run = flow.run("name: self\nsteps: [{key: c, kind: workflow, workflow: self}]")
    assert (run.status, run.error_type) == (WorkflowStatus.FAILED, "ChildFailedError")
    assert session.query(WorkflowExecution).count() == 9


def test_cancelling_ends_the_children_too(flow, session, steps):
    flow.save("name: child\nsteps: [{key: w, kind: wait, signal: never}]")
    run = flow.run(PARENT)
    cancel(session, run, actor_id=MARA, engine=flow.engine)
    statuses = {execution.status for execution in session.scalars(select(WorkflowExecution))}
    assert (statuses, steps(run)) == ({WorkflowStatus.CANCELLED}, ["c[0]#1 cancelled"])


def test_pause_holds_steps_and_resume_continues(flow, flaky, session):
    run = flow.run("name: p\nsteps: [{key: w, kind: wait, seconds: 5}]")
    pause(session, run, actor_id=MARA, reason="lunch")
    flow.clock.advance(seconds=10)
    flow.drive(run)
    assert run.status is WorkflowStatus.PAUSED
    resume(session, run, actor_id=MARA)
    flow.drive()
    assert run.status is WorkflowStatus.COMPLETED


def test_a_step_that_takes_too_long_times_out(flow):
    with actions.registered(slow=lambda parameters, *, idempotency_key: time.sleep(5)):
        run = flow.run("name: t\nsteps: [{key: a, kind: task, action: slow, timeout: 0.05}]")
    assert (run.status, run.error_type) == (WorkflowStatus.FAILED, "StepTimeoutError")


def test_an_execution_that_takes_too_long_times_out(flow, clock, steps):
    run = flow.run("name: t\ntimeout: 60\nsteps: [{key: a, kind: wait, signal: never}]")
    clock.advance(seconds=61)
    flow.drive()
    assert (run.status, run.error_type) == (WorkflowStatus.FAILED, "ExecutionTimeoutError")
    assert steps(run) == ["a[0]#1 cancelled"]


def test_a_canvas_is_presented_updated_and_closed(flow, session):
    run = flow.run(
        """
        name: canvas
        steps:
          - {key: show, kind: canvas, action: present, type: form, content: {a: 1}}
          - {key: change, kind: canvas, action: update, depends_on: [show], content: {b: 2},
             canvas: "${steps.show.output.canvas_id}"}
          - {key: close, kind: canvas, action: close, depends_on: [change],
             canvas: "${steps.show.output.canvas_id}"}
        outputs: {last: "${steps.change.output.content}"}
        """
    )
    assert (run.status, run.outputs) == (WorkflowStatus.COMPLETED, {"last": {"a": 1, "b": 2}})
    assert [str(row.action) for row in session.scalars(select(CanvasAudit).order_by(CanvasAudit.sequence))] == [
        "present",
        "update",
        "close",
    ]


def test_steps_that_completed_at_one_instant_are_undone_from_the_last(flow):
    """Both complete in one claim, `late` last although it began first and stands first."""
    undone = []

    def undo(parameters, *, idempotency_key):
        undone.append(parameters["step"])

    def fail(parameters, *, idempotency_key):
        raise ValueError

    text = """
    name: instant
    steps:
      - {key: tick, kind: wait, seconds: 60}
      - {key: late, kind: wait, seconds: 60, compensation: {action: undo, parameters: {step: late}}}
      - {key: soon, kind: wait, seconds: 0, depends_on: tick,
         compensation: {action: undo, parameters: {step: soon}}}
      - {key: bad, kind: task, action: fail, depends_on: [late, soon]}
    """
    with actions.registered(undo=undo, fail=fail):
        run = flow.run(text)
        flow.clock.advance(seconds=61)
        flow.drive(run)
    assert undone == ["late", "soon"]


def test_start_warns_of_actions_that_are_not_registered(flow, flaky, caplog):
    parts = ("kind: agent, action: wander", "kind: agent, action: echo", "kind: task, action: nothing")
    steps = [f"{{key: {key}, {part}}}" for key, part in zip("abc", parts, strict=True)]
    flow.start(f"name: odd\nsteps: [{', '.join(steps)}]")
    assert [message.split(" is registered: ")[0] for message in caplog.messages] == [
        "workflow odd: step 'c': no action 'nothing'",
        "workflow odd: step 'a': no action 'wander'",
    ]


def test_failed_map_skips_its_own_items_alone(flow, flaky, steps):
    run = flow.run(
        """
        name: m
        steps:
          - {key: each, kind: map, over: [1, 2], concurrency: 1, continue_on_error: true,
             body: {kind: task, action: boom}}
          - {key: ask, kind: approval}
        """
    )
    assert steps(run) == ["each[0]#1 failed", "each[0]#1 failed", "each[1]#1 skipped", "ask[0]#1 waiting"]


def test_saved_step_keeps_its_limits(flow, session):
    flow.save("name: s\nsteps: [{key: a, kind: task, action: echo, timeout: 5, retry: {attempts: 3, delay: 2}}]")
    row = session.scalars(select(WorkflowStep)).one()
    assert (row.timeout_seconds, row.retry_policy["attempts"], row.retry_policy["delay"]) == (5, 3, 2)


def test_map_over_a_number_fails_with_the_rule(flow, flaky):
    text = 'name: m\nsteps: [{key: each, kind: map, over: "${input.n}", body: {kind: task, action: boom}}]'
    run = flow.run(text, input_data={"n": 5})
    assert (run.error_type, run.error_message) == (
        "InvalidValueError",
        "over must be a list of up to 10000: int",
    )


def test_problem_in_the_body_of_a_map_names_its_place(flow):
    text = "name: m\nsteps: [{key: each, kind: map, over: [1], body: {kind: task, action: a, timeout: soon}}]"
    with pytest.raises(InvalidDefinitionError, match=r"body\.timeout"):
        flow.save(text)
