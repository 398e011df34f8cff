"""What the debugger shows: where it stands, what is in scope, what each step did, and two runs side by side."""

from __future__ import annotations

from dataclasses import asdict

import pytest

from controlplane import actions

pytestmark = pytest.mark.seed("users")

INNER = """
name: inner
vars: {depth: 1}
steps:
  - {key: first, kind: task, action: half, parameters: {of: "${input.n}"}, save: {half: "${output}"}}
  - {key: second, kind: task, action: half, depends_on: first, parameters: {of: "${vars.half}"},
     save: {half: "${output}", depth: "${vars.depth}"}}
"""
OUTER = """
name: outer
vars: {limit: 10}
steps:
  - {key: start, kind: task, action: half, parameters: {of: 24}, save: {n: "${output}"}}
  - {key: call, kind: workflow, workflow: inner, depends_on: start, input: {n: "${vars.n}"}}
  - key: size
    kind: condition
    depends_on: call
    branches: [{name: big, when: vars.n > vars.limit, then: [large]}]
    default: [small]
  - {key: large, kind: task, action: half, parameters: {of: 100}, save: {kind: large}}
  - {key: small, kind: task, action: half, parameters: {of: 1}, save: {kind: small}}
outputs: {kind: "${vars.kind}"}
"""


@pytest.fixture(autouse=True)
def _actions():
    def half(parameters, *, idempotency_key):
        return parameters["of"] // 2

    with actions.registered(half=half):
        yield


@pytest.fixture
def stopped(desk):
    """A session that is stopped inside the child, before its second step."""
    desk.save(INNER)
    desk.launch(OUTER)
    assert desk.resume("over") == ("step", "call")
    assert desk.resume("into") == ("step", "first")
    assert desk.resume("over") == ("step", "second")
    return desk


def test_the_call_stack_goes_from_the_stop_to_the_outermost_workflow(stopped, golden):
    assert [asdict(frame) for frame in stopped.on("call_stack")] == golden.rows


def test_the_variables_are_those_of_the_execution_that_is_stopped(stopped, golden):
    assert [stopped.on("variables")] == golden.rows


def test_after_stepping_out_they_are_those_of_the_caller(stopped, golden):
    assert stopped.resume("out") == ("step", "size")
    assert [asdict(frame) for frame in stopped.on("call_stack")] == golden("stack").rows
    assert [stopped.on("variables")] == golden("variables").rows


def test_traces_list_input_output_and_changes(stopped, golden):
    stopped.resume()
    shown = ("sequence", "workflow", "step_key", "status", "input", "output", "diff", "duration_seconds")
    traces = stopped.on("traces")
    assert [{name: getattr(trace, name) for name in shown} for trace in traces] == golden.rows
    assert [trace.sequence for trace in stopped.on("traces", step_key="call")] == [4]


def test_a_profile_adds_up_attempts_slowest_first(stopped, golden):
    stopped.resume()
    assert stopped.on("profile") == golden.rows
    assert [row.step_key for row in stopped.on("profile", slowest=1)] == ["call"]


def test_a_fork_is_compared_with_the_run_it_came_from(stopped, golden):
    stopped.resume()
    run = stopped.watched.execution_id
    fork = stopped.verb(
        "replay", execution_id=run, from_step="size", engine=stopped.engine, variables={"limit": 100}
    )
    stopped.drive()
    compared = asdict(stopped.compare(run, fork.id))
    assert compared.pop("steps") == golden("steps").rows
    assert [compared] == golden("whole").rows


def test_a_replay_from_the_call_runs_a_child_of_its_own(stopped, session, golden):
    stopped.resume()
    run = stopped.watched.execution_id
    with golden.step("replay from the call"):
        again = stopped.verb("replay", execution_id=run, from_step="call", engine=stopped.engine)
        stopped.drive()
    assert all(step.same for step in stopped.compare(run, again.id).steps if step.step_key != "call")
    assert session == golden.changes
