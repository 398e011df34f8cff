"""What each feature of the debugger writes, step by step."""

from __future__ import annotations

import uuid

import pytest

from controlplane import actions
from controlplane.errors import InvalidValueError, NotAuthorizedError

pytestmark = pytest.mark.seed("users")

TINA, VERA, NILS = (uuid.UUID(int=number) for number in (0xB0003, 0xB0005, 0xB0006))

CHAIN = """
name: chain
vars: {total: 0}
outputs: {total: "${vars.total}"}
steps:
  - {key: one, kind: task, action: add, parameters: {a: "${vars.total}", b: 1}, save: {total: "${output}"}}
  - {key: two, kind: task, action: add, depends_on: one, parameters: {a: "${vars.total}", b: 10},
     save: {total: "${output}", late: true}}
"""
INNER = """
name: inner
steps:
  - {key: deep, kind: task, action: add, parameters: {a: 1, b: 1}}
"""
OUTER = """
name: outer
steps:
  - {key: call, kind: workflow, workflow: inner}
  - {key: after, kind: task, action: add, depends_on: call, parameters: {a: 3, b: 4}}
"""
MAPPED = """
name: mapped
steps:
  - key: each
    kind: map
    over: [5, 6, 7]
    body: {kind: task, action: add, parameters: {a: "${item}", b: "${index}"}}
"""
WAITING = """
name: waiting
steps:
  - {key: first, kind: wait, seconds: 60}
  - {key: then, kind: task, action: add, depends_on: first, parameters: {a: 1, b: 1}}
"""
FAILING = """
name: failing
vars: {by: 0}
steps:
  - {key: share, kind: task, action: divide, parameters: {by: "${vars.by}"},
     retry: {attempts: 2, delay: 0, on: [ZeroDivisionError]}}
"""


@pytest.fixture(autouse=True)
def _actions():
    def add(parameters, *, idempotency_key):
        return parameters["a"] + parameters["b"]

    def divide(parameters, *, idempotency_key):
        return 100 / parameters["by"]

    with actions.registered(add=add, divide=divide):
        yield


def test_entry_step_over_and_the_end(desk, session, golden):
    with golden.step("launch and stop on entry"):
        desk.launch(CHAIN)
    with golden.step("step over"):
        assert desk.resume("over") == ("step", "two")
    with golden.step("continue to the end"):
        assert desk.resume() == "completed"
    assert session == golden.changes


def test_a_conditional_breakpoint_and_its_traces(desk, session, golden):
    with golden.step("launch with breakpoints"):
        desk.launch(CHAIN)
        desk.breakpoint("one", condition="vars.total > 0")
        desk.breakpoint("two", condition="vars.total == 1 and steps.one.status == 'completed'")
    with golden.step("continue to the one that holds"):
        assert desk.resume() == ("breakpoint", "two")
    assert session == golden.changes


def test_a_hit_limit_stops_twice_of_three(desk, session, golden):
    with golden.step("launch with a limit"):
        desk.launch(MAPPED)
        desk.breakpoint("each", condition="item > 0", hit_limit=2)
    for number in ("first", "second"):
        with golden.step(f"{number} hit"):
            assert desk.resume() == ("breakpoint", "each")
    with golden.step("past the third item"):
        assert desk.resume() == "completed"
    assert session == golden.changes


def test_a_logpoint_prints_and_a_disabled_breakpoint_is_passed(desk, session, golden):
    with golden.step("launch with a logpoint"):
        desk.launch(CHAIN)
        desk.breakpoint("two", log_message="the total is ${vars.total}, ${vars.gone}")
        desk.breakpoint("two", enabled=False)
    with golden.step("continue to the end"):
        assert desk.resume() == "completed"
    assert session == golden.changes


def test_into_a_child_and_out_of_it(desk, session, golden):
    with golden.step("launch"):
        desk.save(INNER)
        desk.launch(OUTER)
    with golden.step("step into"):
        assert desk.resume("into") == ("step", "deep")
    with golden.step("step out"):
        assert desk.resume("out") == ("step", "after")
    assert session == golden.changes


def test_over_a_child(desk, session, golden):
    with golden.step("launch"):
        desk.save(INNER)
        desk.launch(OUTER)
    with golden.step("step over"):
        assert desk.resume("over") == ("step", "after")
    assert session == golden.changes


def test_a_variable_is_changed_and_the_run_uses_it(desk, session, golden):
    with golden.step("launch"):
        desk.launch(CHAIN)
    with golden.step("change"):
        desk.on("set_variable", name="total", value=40)
    with golden.step("set a new one"):
        desk.on("set_variable", name="note", value={"by": None})
    with golden.step("refuse what is not JSON"), pytest.raises(InvalidValueError):
        desk.on("set_variable", name="total", value=float("nan"))
    with golden.step("continue"):
        desk.resume()
    assert session == golden.changes


def test_an_error_stops_before_its_retry_and_before_the_end(desk, session, golden):
    with golden.step("run into the error"):
        desk.launch(FAILING, stop_on_entry=False)
        assert desk.where() == ("error", "share")
    with golden.step("try again"):
        assert desk.resume() == ("error", "share")
    with golden.step("let it fail"):
        assert desk.resume() == "completed"
    assert session == golden.changes


def test_a_session_pauses_when_asked(desk, session, golden, clock):
    with golden.step("launch and wait"):
        desk.launch(WAITING, stop_on_entry=False)
        assert desk.where() == "active"
    with golden.step("ask for a pause"):
        desk.on("pause")
    with golden.step("the wait is over"):
        clock.advance(minutes=1)
        desk.drive()
        assert desk.where() == ("pause", "then")
    assert session == golden.changes


def test_a_running_execution_is_attached_to(desk, session, golden):
    with golden.step("start"):
        run = desk.start(CHAIN)
    with golden.step("attach"):
        desk.watched = desk.verb("attach", execution_id=run.id, stop_on_entry=True)
    with golden.step("stop at once"):
        desk.drive()
        assert desk.where() == ("entry", "one")
    with golden.step("a viewer attaches nothing"), pytest.raises(NotAuthorizedError):
        desk.verb("attach", execution_id=run.id, user_id=VERA)
    with golden.step("a second session is refused"), pytest.raises(InvalidValueError):
        desk.verb("attach", execution_id=run.id)
    assert session == golden.changes


def test_shares(desk, session, golden):
    with golden.step("launch"):
        desk.launch(CHAIN)
    with golden.step("nobody else may look"), pytest.raises(NotAuthorizedError):
        desk.on("traces", user_id=TINA)
    with golden.step("share with a viewer"):
        desk.on("share", with_user_id=TINA, permission="viewer")
    with golden.step("a viewer does not drive"), pytest.raises(NotAuthorizedError):
        desk.on("resume", user_id=TINA, engine=desk.engine)
    with golden.step("make them an operator"):
        desk.on("share", with_user_id=TINA, permission="operator")
    with golden.step("an operator does not share"), pytest.raises(NotAuthorizedError):
        desk.on("share", user_id=TINA, with_user_id=VERA, permission="viewer")
    with golden.step("an operator does not end"), pytest.raises(NotAuthorizedError):
        desk.on("finish", user_id=TINA, engine=desk.engine)
    with golden.step("an unknown permission is refused"), pytest.raises(InvalidValueError):
        desk.on("share", with_user_id=VERA, permission="root")
    with golden.step("a stranger is refused"), pytest.raises(NotAuthorizedError):
        desk.on("share", with_user_id=NILS, permission="viewer")
    with golden.step("an operator changes a variable"):
        desk.on("set_variable", user_id=TINA, name="total", value=5)
    with golden.step("take the share away"):
        desk.on("unshare", with_user_id=TINA)
    assert session == golden.changes


def test_finish_and_cancel(desk, session, golden):
    with golden.step("launch"):
        desk.launch(CHAIN)
    with golden.step("finish: it runs on unwatched"):
        desk.on("finish", engine=desk.engine)
        desk.drive()
    with golden.step("launch another"):
        desk.launch(CHAIN)
    with golden.step("cancel: the execution too"):
        desk.on("cancel", engine=desk.engine)
    assert session == golden.changes


def test_breakpoints_are_set_changed_and_removed(desk, session, golden):
    with golden.step("launch"):
        desk.launch(CHAIN)
    with golden.step("set"):
        point = desk.breakpoint("two", hit_limit=3)
    with golden.step("stop at it"):
        assert desk.resume() == ("breakpoint", "two")
    with golden.step("change"):
        desk.verb(
            "change_breakpoint", breakpoint_id=point.id, condition="vars.total > 1", hit_count=0, enabled=False
        )
    with golden.step("refuse an unknown step"), pytest.raises(InvalidValueError):
        desk.breakpoint("nope")
    with golden.step("remove"):
        desk.verb("remove_breakpoint", breakpoint_id=point.id)
    assert session == golden.changes


def test_export_and_import(desk, session, golden):
    with golden.step("a session to export"):
        desk.launch(CHAIN)
        desk.breakpoint("two", condition="vars.total == 7")
        desk.on("set_variable", name="total", value=6)
        assert desk.resume() == ("breakpoint", "two")
    exported = desk.on("export_session")
    with golden.step("import it"):
        desk.verb("import_session", data=exported)
    with golden.step("refuse another format"), pytest.raises(InvalidValueError):
        desk.verb("import_session", data=exported | {"format": 2})
    assert session == golden.changes


def test_import_keeps_workflows_apart(desk, golden):
    desk.save(INNER.replace("deep", "after"))
    desk.launch(OUTER, stop_on_entry=False)
    profile = desk.on("profile")
    assert [(row.workflow, row.step_key) for row in profile] == [
        ("outer", "call"),
        ("inner", "after"),
        ("outer", "after"),
    ]
    exported = desk.on("export_session")
    desk.watched = desk.verb("import_session", data=exported)
    assert desk.on("profile") == profile
    assert desk.on("export_session") == exported
    assert exported["traces"] == golden.rows


def test_a_replay_and_a_fork(desk, session, golden):
    with golden.step("the run"):
        desk.launch(CHAIN, stop_on_entry=False)
    run = desk.watched.execution_id
    with golden.step("replay from the second step"):
        again = desk.verb("replay", execution_id=run, from_step="two", engine=desk.engine)
    with golden.step("its end"):
        desk.drive()
    with golden.step("fork with another total"):
        fork = desk.verb("replay", execution_id=run, from_step="two", engine=desk.engine, variables={"total": 100})
        desk.drive()
    same, other = desk.compare(run, again.id), desk.compare(run, fork.id)
    assert [step.same for step in same.steps] == [True, True]
    assert [(step.step_key, step.left_output, step.right_output) for step in other.steps if not step.same] == [
        ("two", 11, 110)
    ]
    assert session == golden.changes
