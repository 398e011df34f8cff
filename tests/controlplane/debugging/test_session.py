"""A debug session: stops, steps, variables, traces, errors, its end."""

from __future__ import annotations

import uuid
from random import Random

import pytest
from sqlalchemy import select

from controlplane import actions
from controlplane.errors import IllegalTransitionError, InvalidValueError, NotAuthorizedError, NotFoundError
from controlplane.execution import get_execution, resume
from controlplane.models import (
    Breakpoint,
    DebugStatus,
    ExecutionTrace,
    WorkflowExecution,
    WorkflowExecutionLog,
    WorkflowStatus,
    WorkflowStepExecution,
)

pytestmark = pytest.mark.seed("users")
VIEWER = uuid.UUID("000000000000000000000000000b0005")
STRANGER = uuid.UUID("000000000000000000000000000b0006")
OTHER = uuid.UUID("000000000000000000000000000b0003")

CHAIN = """
name: chain
vars: {total: 0}
outputs: {total: "${vars.total}"}
steps:
  - {key: one, kind: task, action: add, parameters: {a: "${vars.total}", b: 1}, save: {total: "${output}"}}
  - {key: two, kind: task, action: add, depends_on: one, parameters: {a: "${vars.total}", b: 10},
     save: {total: "${output}", late: true}}
  - {key: three, kind: task, action: add, depends_on: two, parameters: {a: "${vars.total}", b: 100},
     save: {total: "${output}"}}
"""
INNER = """
name: inner
steps:
  - {key: deep, kind: task, action: add, parameters: {a: 1, b: 1}}
  - {key: deeper, kind: task, action: add, depends_on: deep, parameters: {a: 2, b: 2}}
"""
OUTER = """
name: outer
steps:
  - {key: before, kind: task, action: add, parameters: {a: 1, b: 2}}
  - {key: call, kind: workflow, workflow: inner, depends_on: before}
  - {key: after, kind: task, action: add, depends_on: call, parameters: {a: 3, b: 4}}
"""
FAILING = """
name: failing
vars: {by: 0}
steps:
  - {key: first, kind: task, action: add, parameters: {a: 1, b: 1},
     compensation: {action: add, parameters: {a: 0, b: 0}}}
  - {key: share, kind: task, action: divide, depends_on: first, parameters: {by: "${vars.by}"},
     retry: {attempts: 2, delay: 0, on: [ZeroDivisionError]}}
"""
MAPPED = """
name: mapped
steps:
  - key: each
    kind: map
    over: [1, 2, 3]
    body: {kind: task, action: add, parameters: {a: "${item}", b: "${index}"}}
"""


@pytest.fixture(autouse=True)
def _actions():
    def add(parameters, *, idempotency_key):
        return parameters["a"] + parameters["b"]

    def divide(parameters, *, idempotency_key):
        return 100 / parameters["by"]

    with actions.registered(add=add, divide=divide):
        yield


def execution(desk):
    run = get_execution(desk.session, workspace_id=desk.WORKSPACE, execution_id=desk.watched.execution_id)
    desk.session.refresh(run)
    return run


def done(desk):
    step = WorkflowStepExecution
    query = select(step.step_key).where(step.status == "completed").order_by(step.completed_at, step.item)
    return list(desk.session.scalars(query))


def test_entry_stops_before_the_first_step(desk):
    desk.launch(CHAIN)
    assert desk.where() == ("entry", "one")
    assert (execution(desk).status, done(desk)) == (WorkflowStatus.PAUSED, [])


def test_without_stops_it_runs_to_its_end_and_the_session_with_it(desk):
    desk.launch(CHAIN, stop_on_entry=False)
    assert desk.where() is DebugStatus.COMPLETED
    assert execution(desk).outputs == {"total": 111}
    assert desk.watched.ended_at is not None


def test_stepping_over_stops_before_every_step(desk):
    desk.launch(CHAIN)
    assert [desk.resume("over") for _ in range(3)] == [("step", "two"), ("step", "three"), DebugStatus.COMPLETED]


def test_going_on_runs_to_the_next_breakpoint_and_passes_it_once(desk):
    desk.launch(CHAIN)
    point = desk.breakpoint("three")
    assert desk.resume() == ("breakpoint", "three")
    assert desk.watched.breakpoint_id == point.id
    assert desk.resume() is DebugStatus.COMPLETED
    desk.session.refresh(point)
    assert point.hit_count == 1


def test_a_disabled_breakpoint_is_passed(desk):
    desk.launch(CHAIN)
    point = desk.breakpoint("two", enabled=False)
    assert desk.resume() is DebugStatus.COMPLETED
    assert point.hit_count == 0


def test_a_condition_decides_and_may_read_steps_that_the_step_does_not(desk):
    desk.launch(CHAIN)
    no = desk.breakpoint("two", condition="vars.total > 5")
    yes = desk.breakpoint("three", condition="steps.one.output == 1 and vars.total == 11")
    assert desk.resume() == ("breakpoint", "three")
    desk.session.refresh(no)
    desk.session.refresh(yes)
    assert (no.hit_count, yes.hit_count) == (0, 1)


def test_a_condition_that_can_not_be_evaluated_stops_and_says_why(desk):
    desk.launch(CHAIN)
    desk.breakpoint("two", condition="vars.nothing > 5")
    assert desk.resume() == ("breakpoint", "two")
    assert "unknown: 'nothing'" in execution(desk).pause_reason


def test_a_condition_may_read_the_error_of_a_step_that_was_allowed_to_fail(desk):
    tolerant = """
    name: tolerant
    steps:
      - {key: share, kind: task, action: divide, parameters: {by: 0}, continue_on_error: true}
      - {key: then, kind: task, action: add, depends_on: share, parameters: {a: 1, b: 1}}
    """
    desk.launch(tolerant, stop_on_error=False)
    desk.breakpoint("then", condition="steps.share.error.type == 'ZeroDivisionError'")
    assert desk.resume() == ("breakpoint", "then")
    assert desk.on("variables")["steps"]["share"]["error"]["type"] == "ZeroDivisionError"


def test_a_hit_limit_stops_that_many_times(desk):
    desk.launch(MAPPED)
    point = desk.breakpoint("each", condition="item > 0", hit_limit=2)
    assert [desk.resume(), desk.resume(), desk.resume()] == [
        ("breakpoint", "each"),
        ("breakpoint", "each"),
        DebugStatus.COMPLETED,
    ]
    desk.session.refresh(point)
    assert (point.hit_count, desk.watched.stopped_item) == (2, None)


def test_a_breakpoint_on_a_map_stops_before_the_map_not_before_its_items(desk):
    desk.launch(MAPPED, stop_on_entry=False)
    assert desk.where() is DebugStatus.COMPLETED
    desk.breakpoint("each")
    desk.launch(MAPPED, stop_on_entry=False)
    assert desk.where() == ("breakpoint", "each")
    assert desk.resume() is DebugStatus.COMPLETED


def test_a_logpoint_writes_to_the_log_and_does_not_stop(desk):
    desk.launch(CHAIN)
    desk.breakpoint("two", log_message="total ${vars.total}, ${vars.nothing} and $${x}")
    desk.breakpoint("three", log_message="never", condition="vars.total < 0")
    desk.breakpoint("three", log_message="broken", condition="vars.nothing")
    assert desk.resume() is DebugStatus.COMPLETED
    log = WorkflowExecutionLog
    rows = desk.session.execute(
        select(log.step_key, log.level, log.message).where(log.event == "logpoint").order_by(log.sequence)
    ).all()
    assert [tuple(row) for row in rows] == [
        ("two", "info", "total 1, <${vars.nothing} is not defined.> and ${x}"),
        ("three", "warning", "The expression 'vars.nothing' can't be evaluated: unknown: 'nothing'."),
    ]
    sequences = list(desk.session.scalars(select(log.sequence).order_by(log.sequence)))
    assert sequences == list(range(1, len(sequences) + 1))


def test_logpoint_of_items_names_each_item(desk):
    desk.launch(MAPPED)
    desk.breakpoint("each", log_message="item ${item}")
    assert desk.resume() is DebugStatus.COMPLETED
    log = WorkflowExecutionLog
    lines = select(log.message, log.context).where(log.event == "logpoint").order_by(log.sequence)
    assert [tuple(line) for line in desk.session.execute(lines)] == [
        (f"item {number}", {"role": "item", "item": number - 1}) for number in (1, 2, 3)
    ]


def test_stepping_into_over_and_out_of_a_child_workflow(desk):
    desk.save(INNER)
    desk.launch(OUTER)
    assert desk.resume("into") == ("step", "call")
    assert desk.resume("into") == ("step", "deep")
    frames = desk.on("call_stack")
    assert [(frame.workflow, frame.step_key, frame.depth) for frame in frames] == [
        ("inner", "deep", 1),
        ("outer", "call", 0),
    ]
    assert desk.resume("over") == ("step", "deeper")
    assert desk.resume("out") == ("step", "after")
    assert desk.resume("out") is DebugStatus.COMPLETED


def test_stepping_over_a_child_workflow_runs_all_of_it(desk):
    desk.save(INNER)
    desk.launch(OUTER)
    assert [desk.resume("over"), desk.resume("over")] == [("step", "call"), ("step", "after")]
    assert done(desk) == ["before", "deep", "deeper", "call"]


def test_a_breakpoint_in_a_child_stops_the_session_of_its_parent(desk):
    inner = desk.save(INNER)
    desk.launch(OUTER)
    desk.breakpoint("deeper", workflow_id=inner.workflow_id)
    assert desk.resume() == ("breakpoint", "deeper")
    assert desk.on("variables")["steps"]["deep"] == {"status": "completed", "output": 2, "error": None}
    assert desk.resume() is DebugStatus.COMPLETED


def test_a_changed_variable_is_recorded_and_the_run_uses_it(desk):
    desk.launch(CHAIN)
    desk.resume("over")
    changed = desk.on("set_variable", name="total", value=1000)
    assert (changed.was_set, changed.old_value, changed.new_value, changed.step_key) == (True, 1, 1000, "two")
    added = desk.on("set_variable", name="fresh", value=None)
    assert (added.was_set, added.old_value, added.sequence) == (False, None, 2)
    assert desk.on("variables")["vars"] == {"total": 1000, "fresh": None}
    desk.resume()
    assert execution(desk).outputs == {"total": 1110}


@pytest.mark.parametrize(("name", "value"), [("a-b", 1), ("", 1), ("x", float("nan")), ("x", object())])
def test_a_variable_needs_a_name_and_json(desk, name, value):
    desk.launch(CHAIN)
    with pytest.raises(InvalidValueError):
        desk.on("set_variable", name=name, value=value)


def test_variables_change_only_while_it_is_paused(desk):
    desk.launch(CHAIN, stop_on_entry=False)
    with pytest.raises(InvalidValueError, match="only while it is paused"):
        desk.on("set_variable", name="total", value=1)


def test_traces_show_input_output_and_changes(desk):
    desk.launch(CHAIN, stop_on_entry=False)
    shown = [(t.sequence, t.step_key, t.status, t.input["parameters"], t.output) for t in desk.on("traces")]
    assert shown == [
        (1, "one", "completed", {"a": 0, "b": 1}, 1),
        (2, "two", "completed", {"a": 1, "b": 10}, 11),
        (3, "three", "completed", {"a": 11, "b": 100}, 111),
    ]
    two = desk.on("traces", step_key="two")[0]
    assert (two.variables_before, two.variables_after) == ({"total": 1}, {"total": 11, "late": True})
    assert two.diff == {"added": {"late": True}, "changed": {"total": {"old": 1, "new": 11}}, "removed": {}}
    assert two.duration_seconds is not None


def test_every_attempt_and_item_has_its_trace(desk):
    desk.launch(MAPPED, stop_on_entry=False)
    assert [(t.step_key, t.item, t.output) for t in desk.on("traces")] == [
        *(("each", 0, 1), ("each", 1, 3), ("each", 2, 5), ("each", 0, [1, 3, 5])),
    ]


def test_an_error_stops_before_the_retry_so_that_a_changed_variable_mends_it(desk):
    desk.launch(FAILING, stop_on_entry=False)
    assert desk.where() == ("error", "share")
    desk.on("set_variable", name="by", value=4)
    assert desk.resume() is DebugStatus.COMPLETED
    assert execution(desk).status is WorkflowStatus.COMPLETED
    assert [(t.step_key, t.attempt, t.status, t.error_type) for t in desk.on("traces")] == [
        ("first", 1, "completed", None),
        ("share", 1, "failed", "ZeroDivisionError"),
        ("share", 2, "completed", None),
    ]


def test_an_error_that_ends_the_run_stops_before_anything_is_undone(desk):
    desk.launch(FAILING, stop_on_entry=False)
    assert desk.resume() == ("error", "share")
    assert execution(desk).status is WorkflowStatus.PAUSED
    assert desk.on("traces")[-1].step_key == "share"
    assert desk.resume() is DebugStatus.COMPLETED
    assert (execution(desk).status, execution(desk).failed_step) == (WorkflowStatus.FAILED, "share")
    assert desk.on("traces")[-1].step_key == "first"  # its compensation


def test_errors_pass_unless_asked_for(desk):
    desk.launch(FAILING, stop_on_entry=False, stop_on_error=False)
    assert desk.where() is DebugStatus.COMPLETED
    assert execution(desk).status is WorkflowStatus.FAILED


def test_pausing_stops_before_the_next_step(desk, clock):
    desk.launch(
        """
        name: waiting
        steps:
          - {key: one, kind: wait, seconds: 60}
          - {key: two, kind: task, action: add, depends_on: one, parameters: {a: 1, b: 1}}
        """,
        stop_on_entry=False,
    )
    assert desk.where() is DebugStatus.ACTIVE
    desk.on("pause")
    clock.advance(seconds=60)
    desk.drive()
    assert desk.where() == ("pause", "two")
    with pytest.raises(InvalidValueError, match="must be active"):
        desk.on("pause")
    assert desk.resume() is DebugStatus.COMPLETED


def test_a_running_execution_can_be_attached_to(desk):
    run = desk.start(CHAIN)
    desk.watched = desk.verb("attach", execution_id=run.id, stop_on_entry=True)
    desk.drive()
    assert desk.where() == ("entry", "one")
    with pytest.raises(InvalidValueError, match="being debugged already"):
        desk.verb("attach", execution_id=run.id)


def test_an_ended_execution_can_not(desk):
    run = desk.run(CHAIN)
    with pytest.raises(InvalidValueError, match="it has ended"):
        desk.verb("attach", execution_id=run.id)


def test_attach_refuses_execution_of_another_workspace(desk):
    with pytest.raises(NotFoundError):
        desk.verb("attach", execution_id=uuid.uuid4())


@pytest.mark.parametrize("user", [VIEWER, STRANGER])
def test_viewers_and_strangers_debug_nothing(desk, user):
    run = desk.start(CHAIN)
    with pytest.raises(NotAuthorizedError):
        desk.verb("attach", execution_id=run.id, user_id=user)
    with pytest.raises(NotAuthorizedError):
        desk.verb("add_breakpoint", workflow_id=run.workflow_id, step_key="one", user_id=user)


def test_finishing_lets_the_execution_run_on_unwatched(desk):
    desk.launch(CHAIN)
    desk.on("finish", engine=desk.engine)
    desk.drive()
    assert desk.where() is DebugStatus.COMPLETED
    assert execution(desk).status is WorkflowStatus.COMPLETED
    assert desk.on("traces") == []


def test_cancelling_takes_the_execution_along(desk):
    desk.launch(CHAIN)
    desk.on("cancel", engine=desk.engine)
    assert desk.where() is DebugStatus.CANCELLED
    assert execution(desk).status is WorkflowStatus.CANCELLED
    with pytest.raises(IllegalTransitionError):
        desk.on("resume", engine=desk.engine)


def test_going_on_twice_is_refused(desk):
    desk.launch(CHAIN)
    desk.on("resume", engine=desk.engine)
    with pytest.raises(InvalidValueError, match="waits for a person or a worker"):
        desk.on("resume", engine=desk.engine)


def test_an_unknown_mode_is_refused(desk):
    desk.launch(CHAIN)
    with pytest.raises(InvalidValueError, match="continue, over, into, out"):
        desk.on("resume", engine=desk.engine, mode="sideways")


def test_resuming_past_the_debugger_leaves_the_session_paused_and_it_stops_again(desk):
    desk.launch(CHAIN)
    resume(desk.session, execution(desk), actor_id=desk.USER, engine=desk.engine)
    desk.drive()
    assert desk.where() == ("entry", "one")
    assert execution(desk).pause_reason == "debugger: the session is paused"
    assert desk.resume() is DebugStatus.COMPLETED


def test_parallel_steps_stop_one_after_the_other(desk):
    desk.launch(
        """
        name: wide
        steps:
          - {key: a, kind: task, action: add, parameters: {a: 1, b: 1}}
          - {key: b, kind: task, action: add, parameters: {a: 1, b: 1}}
          - {key: c, kind: join, depends_on: [a, b]}
        """
    )
    assert [desk.resume("over") for _ in range(3)] == [("step", "b"), ("step", "c"), DebugStatus.COMPLETED]


@pytest.mark.parametrize(
    "options",
    [
        {"step_key": "nope"},
        {"step_key": ""},
        {"step_key": "one", "condition": "1 +"},
        {"step_key": "one", "condition": "env.HOME == 1"},
        {"step_key": "one", "condition": "item == 1"},
        {"step_key": "one", "condition": ""},
        {"step_key": "one", "log_message": "${vars."},
        {"step_key": "one", "hit_limit": 0},
        {"step_key": "one", "hit_limit": 1.5},
        {"step_key": "one", "hit_limit": True},
    ],
)
def test_a_breakpoint_that_can_not_work_is_refused(desk, options):
    desk.launch(CHAIN)
    with pytest.raises(InvalidValueError) as refusal:
        desk.breakpoint(**options)
    assert refusal.value.facts["field"] in options
    assert desk.session.scalars(select(Breakpoint)).all() == []


def test_breakpoints_change_and_go(desk):
    desk.launch(CHAIN)
    point = desk.breakpoint("two", hit_limit=1)
    assert desk.resume() == ("breakpoint", "two")
    desk.verb("change_breakpoint", breakpoint_id=point.id, hit_count=0, condition="vars.total == 1")
    assert (point.hit_count, point.condition) == (0, "vars.total == 1")
    for wrong in ({"hit_count": 3}, {"step_key": "one"}, {"condition": "1 +"}, {"enabled": "yes"}):
        with pytest.raises(InvalidValueError):
            desk.verb("change_breakpoint", breakpoint_id=point.id, **wrong)
    desk.verb("remove_breakpoint", breakpoint_id=point.id)
    assert desk.session.scalars(select(Breakpoint)).all() == []
    assert desk.where() == ("breakpoint", "two")


def test_sharing_goes_from_viewer_over_operator_to_owner(desk):
    desk.launch(CHAIN)
    with pytest.raises(NotAuthorizedError, match="not shared"):
        desk.on("traces", user_id=OTHER)
    desk.on("share", with_user_id=OTHER, permission="viewer")
    assert desk.on("traces", user_id=OTHER) == []
    for verb, options in (
        ("resume", {"engine": desk.engine}),
        ("set_variable", {"name": "x", "value": 1}),
        ("pause", {}),
    ):
        with pytest.raises(NotAuthorizedError, match="needs operator"):
            desk.on(verb, user_id=OTHER, **options)
    desk.on("share", with_user_id=OTHER, permission="operator")
    desk.on("set_variable", user_id=OTHER, name="x", value=1)
    for verb, options in (
        ("finish", {"engine": desk.engine}),
        ("share", {"with_user_id": VIEWER, "permission": "viewer"}),
    ):
        with pytest.raises(NotAuthorizedError, match="needs owner"):
            desk.on(verb, user_id=OTHER, **options)
    desk.on("share", with_user_id=OTHER, permission="owner")
    desk.on("share", user_id=OTHER, with_user_id=VIEWER, permission="viewer")
    desk.on("unshare", with_user_id=OTHER)
    with pytest.raises(NotAuthorizedError, match="not shared"):
        desk.on("finish", user_id=OTHER, engine=desk.engine)


def test_an_unknown_permission_a_stranger_and_the_owner_are_refused(desk):
    desk.launch(CHAIN)
    with pytest.raises(InvalidValueError, match="viewer, operator, owner"):
        desk.on("share", with_user_id=OTHER, permission="root")
    with pytest.raises(NotAuthorizedError, match="not a member"):
        desk.on("share", with_user_id=STRANGER, permission="viewer")
    with pytest.raises(InvalidValueError, match="stay an owner"):
        desk.on("share", with_user_id=desk.USER, permission="viewer")
    with pytest.raises(InvalidValueError, match="stay an owner"):
        desk.on("unshare", with_user_id=desk.USER)
    with pytest.raises(NotFoundError):
        desk.on("unshare", with_user_id=OTHER)


def test_another_workspace_sees_nothing_of_a_session(desk):
    desk.launch(CHAIN)
    for verb in ("traces", "call_stack", "variables", "profile", "changes", "export_session"):
        with pytest.raises(NotFoundError):
            desk.on(verb, workspace_id=uuid.UUID(int=2))


def test_the_profile_adds_up_the_durations_of_each_step(desk):
    desk.launch(FAILING, stop_on_entry=False)
    desk.on("set_variable", name="by", value=4)
    desk.resume()
    seconds = {}
    for trace in desk.on("traces"):
        seconds.setdefault(trace.step_key, []).append(trace.duration_seconds)
    rows = desk.on("profile")
    assert {row.step_key for row in rows} == {"first", "share"}
    for row in rows:
        took = seconds[row.step_key]
        assert (row.workflow, row.attempts, row.min_seconds, row.max_seconds) == (
            "failing",
            len(took),
            min(took),
            max(took),
        )
        assert row.total_seconds == pytest.approx(sum(took))
        assert row.average_seconds == pytest.approx(sum(took) / len(took))
    assert rows[0].total_seconds >= rows[1].total_seconds
    assert [row.step_key for row in desk.on("profile", slowest=1)] == [rows[0].step_key]


def test_execution_without_debug_session_writes_no_trace(desk):
    desk.run(CHAIN)
    assert desk.session.scalars(select(ExecutionTrace)).all() == []
    assert desk.session.scalars(select(WorkflowExecution)).one().debugged is False


WHOLE = """
name: whole
vars: {total: 0}
outputs: {total: "${vars.total}", mapped: "${steps.each.output}", joined: "${steps.end.output}"}
steps:
  - {key: one, kind: task, action: add, parameters: {a: 1, b: 2}, save: {total: "${output}"}}
  - key: size
    kind: condition
    depends_on: one
    branches: [{name: big, when: vars.total > 2, then: [large]}]
    default: [small]
  - {key: large, kind: task, action: add, parameters: {a: "${vars.total}", b: 10}, save: {total: "${output}"}}
  - {key: small, kind: task, action: add, parameters: {a: 0, b: 0}}
  - key: each
    kind: map
    over: [1, 2]
    body: {kind: task, action: add, parameters: {a: "${item}", b: "${index}"}}
  - {key: call, kind: workflow, workflow: inner, depends_on: one}
  - {key: bad, kind: task, action: divide, parameters: {by: 0}, continue_on_error: true}
  - {key: end, kind: join, depends_on: [large, small, each, call, bad]}
"""


def outcome(desk, run):
    desk.session.refresh(run)
    step = WorkflowStepExecution
    query = select(step.step_key, step.role, step.item, step.status, step.output).where(
        step.execution_id == run.id
    )
    rows = desk.session.execute(query.order_by(step.position, step.role.desc(), step.item, step.attempt))
    return run.status, run.outputs, run.variables, [tuple(row) for row in rows]


@pytest.mark.parametrize("seed", range(8))
def test_watching_changes_nothing_however_one_steps(desk, seed):
    random = Random(seed)
    inner = desk.save(INNER)
    plain = outcome(desk, desk.run(WHOLE))
    assert plain[0] is WorkflowStatus.COMPLETED
    desk.launch(WHOLE, stop_on_entry=random.random() < 0.5, stop_on_error=random.random() < 0.5)
    for key in ("one", "size", "small", "each", "call", "end"):
        if random.random() < 0.3:
            desk.breakpoint(key, log_message=random.choice([None, "at ${vars.total}"]))
    if random.random() < 0.5:
        desk.breakpoint("deeper", workflow_id=inner.workflow_id)
    for _ in range(40):
        if desk.where() is DebugStatus.COMPLETED:
            break
        desk.resume(random.choice(["continue", "over", "into", "out"]))
    assert outcome(desk, execution(desk)) == plain
