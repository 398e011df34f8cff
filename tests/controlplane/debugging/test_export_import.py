"""Sessions taken out and in again; executions replayed and compared."""

from __future__ import annotations

import copy
import json
import uuid

import pytest
from sqlalchemy import select

from controlplane import actions
from controlplane.errors import IllegalTransitionError, InvalidValueError, NotAuthorizedError, NotFoundError
from controlplane.execution import get_execution
from controlplane.models import Breakpoint, DebugSession, DebugVariable, ExecutionTrace, WorkflowStatus

pytestmark = pytest.mark.seed("users")
VIEWER = uuid.UUID("000000000000000000000000000b0005")

BRANCHED = """
name: branched
vars: {limit: 10}
steps:
  - {key: fetch, kind: task, action: note, parameters: {n: 5}}
  - key: size
    kind: condition
    depends_on: fetch
    branches: [{name: big, when: steps.fetch.output.n > vars.limit, then: [large]}]
    default: [small]
  - {key: large, kind: task, action: note, parameters: {is: large}, save: {kind: large}}
  - {key: small, kind: task, action: note, parameters: {is: small}, save: {kind: small}}
  - {key: beside, kind: task, action: note, parameters: {is: beside}}
  - {key: end, kind: join, depends_on: [large, small, beside]}
outputs: {kind: "${vars.kind}"}
"""


@pytest.fixture
def calls():
    made = []

    def note(parameters, *, idempotency_key):
        made.append((idempotency_key.split(":")[1], parameters))
        return parameters

    with actions.registered(note=note):
        yield made


def launched(desk):
    desk.launch(BRANCHED)
    desk.breakpoint("small", condition="vars.limit > 3", hit_limit=5)
    desk.breakpoint("end", log_message="kind ${vars.kind}")
    desk.on("set_variable", name="limit", value=7)
    desk.resume()
    desk.resume()
    return desk.on("export_session")


def test_an_exported_session_comes_back_as_it_was(desk, calls):
    exported = launched(desk)
    assert [row["name"] for row in exported["variables"]] == ["limit"]
    assert [row["step_key"] for row in exported["breakpoints"]] == ["small", "end"]
    assert [row["hit_count"] for row in exported["breakpoints"]] == [1, 1]
    assert [row["condition"] for row in exported["breakpoints"]] == ["vars.limit > 3", None]
    assert [row["hit_limit"] for row in exported["breakpoints"]] == [5, None]
    assert [row["log_message"] for row in exported["breakpoints"]] == [None, "kind ${vars.kind}"]
    assert [row["enabled"] for row in exported["breakpoints"]] == [True, True]
    assert {row["step_key"] for row in exported["traces"]} == {"fetch", "size", "small", "beside", "end"}
    text = json.dumps(exported)
    for point in desk.session.scalars(select(Breakpoint)).all():
        desk.verb("remove_breakpoint", breakpoint_id=point.id)
    desk.watched = desk.verb("import_session", data=json.loads(text))
    assert desk.on("export_session") == exported
    assert desk.where() == "completed"


def test_importing_sets_no_breakpoint_twice(desk, calls):
    exported = launched(desk)
    desk.verb("import_session", data=exported)
    assert len(desk.session.scalars(select(Breakpoint)).all()) == 2


def test_breakpoint_of_a_session_is_imported_beside_the_same_one_of_everybody(desk, calls):
    desk.launch(BRANCHED)
    desk.breakpoint("end")
    desk.breakpoint("end", session_id=desk.watched.id)
    made = desk.verb("import_session", data=desk.on("export_session"))
    points = desk.session.scalars(select(Breakpoint.session_id).order_by(Breakpoint.created_at)).all()
    assert points == [None, desk.watched.id, made.id]


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("format", 2),
        ("traces", {}),
        ("traces", ["x"]),
        ("traces.0.step_key", None),
        ("traces.0.status", "odd"),
        ("traces.0.started_at", "yesterday"),
        ("traces.0.duration_seconds", -1),
        ("traces.0.variables_before", [1]),
        ("variables.0.name", 7),
        ("breakpoints.0.step_key", "nope"),
        ("breakpoints.0.condition", "1 +"),
        ("breakpoints.0.hit_count", -1),
        ("workflow", None),
        ("name", ["x"]),
    ],
)
def test_data_that_are_no_session_are_refused_and_nothing_is_stored(desk, calls, path, value):
    exported = launched(desk)
    counted = [
        len(desk.session.scalars(select(model)).all()) for model in (DebugSession, DebugVariable, ExecutionTrace)
    ]
    damaged = at = copy.deepcopy(exported)
    *steps, last = (int(part) if part.isdigit() else part for part in path.split("."))
    for step in steps:
        at = at[step]
    at[last] = value
    damaged["breakpoints"].reverse()
    damaged["breakpoints"][0]["log_message"] = "another"
    with pytest.raises(InvalidValueError):
        desk.verb("import_session", data=damaged)
    after = [
        len(desk.session.scalars(select(model)).all()) for model in (DebugSession, DebugVariable, ExecutionTrace)
    ]
    assert after == counted
    assert len(desk.session.scalars(select(Breakpoint)).all()) == 2


def test_an_imported_session_has_ended(desk, calls):
    desk.watched = desk.verb("import_session", data=launched(desk))
    for verb in ("resume", "finish", "cancel"):
        with pytest.raises(IllegalTransitionError):
            desk.on(verb, engine=desk.engine)
    with pytest.raises(InvalidValueError):
        desk.on("set_variable", name="limit", value=1)
    assert desk.on("call_stack") == []
    assert desk.on("variables") == {"input": {}, "vars": {}, "steps": {}}
    assert {row.workflow for row in desk.on("profile")} == {"branched"}


def test_importing_needs_a_member_and_the_workflow(desk, calls):
    exported = launched(desk)
    with pytest.raises(NotAuthorizedError):
        desk.verb("import_session", data=exported, user_id=VIEWER)
    with pytest.raises(NotFoundError):
        desk.verb("import_session", data=exported | {"workflow": "gone"})
    with pytest.raises(InvalidValueError):
        desk.verb("import_session", data=[1])


def test_a_replay_runs_the_step_and_what_follows_and_keeps_the_rest(desk, calls):
    desk.launch(BRANCHED, stop_on_entry=False)
    assert [name for name, _ in calls] == ["fetch", "small", "beside"]
    calls.clear()
    again = desk.verb("replay", execution_id=desk.watched.execution_id, from_step="size", engine=desk.engine)
    desk.drive()
    desk.session.refresh(again)
    assert [name for name, _ in calls] == ["small"]
    assert (again.status, again.outputs, again.replay_of_id) == (
        WorkflowStatus.COMPLETED,
        {"kind": "small"},
        desk.watched.execution_id,
    )
    compared = desk.compare(desk.watched.execution_id, again.id)
    assert all(step.same for step in compared.steps)
    assert compared.outputs == {"added": {}, "changed": {}, "removed": {}}


def test_a_fork_takes_the_other_branch_and_the_comparison_shows_it(desk, calls):
    desk.launch(BRANCHED, stop_on_entry=False)
    fork = desk.verb(
        "replay",
        execution_id=desk.watched.execution_id,
        from_step="size",
        engine=desk.engine,
        variables={"limit": 1},
    )
    desk.drive()
    compared = desk.compare(desk.watched.execution_id, fork.id)
    different = {step.step_key: (step.left_status, step.right_status) for step in compared.steps if not step.same}
    assert different == {
        "size": ("completed", "completed"),
        "large": ("skipped", "completed"),
        "small": ("completed", "skipped"),
        "end": ("completed", "completed"),
    }
    assert compared.variables["changed"] == {
        "limit": {"old": 10, "new": 1},
        "kind": {"old": "small", "new": "large"},
    }
    assert compared.outputs["changed"] == {"kind": {"old": "small", "new": "large"}}
    assert (compared.left_status, compared.right_status) == ("completed", "completed")


def test_a_replay_uses_the_variables_that_were_recorded_at_the_step(desk, calls):
    desk.launch(BRANCHED)
    desk.resume("over")
    desk.on("set_variable", name="limit", value=2)
    desk.resume()
    run = get_execution(desk.session, workspace_id=desk.WORKSPACE, execution_id=desk.watched.execution_id)
    again = desk.verb("replay", execution_id=run.id, from_step="size", engine=desk.engine)
    desk.drive()
    desk.session.refresh(again)
    assert again.outputs == {"kind": "large"}


def test_a_replay_from_the_first_step_runs_everything(desk, calls):
    desk.launch(BRANCHED, stop_on_entry=False)
    calls.clear()
    desk.verb("replay", execution_id=desk.watched.execution_id, from_step="fetch", engine=desk.engine)
    desk.drive()
    assert [name for name, _ in calls] == ["fetch", "small"]


def test_a_replay_can_be_watched_and_replayed_again(desk, calls):
    desk.launch(BRANCHED, stop_on_entry=False)
    again = desk.verb("replay", execution_id=desk.watched.execution_id, from_step="small", engine=desk.engine)
    desk.watched = desk.verb("attach", execution_id=again.id, stop_on_entry=True)
    desk.drive()
    assert desk.where() == ("entry", "small")
    assert desk.resume("over") == ("step", "end")
    assert desk.resume("over") == "completed"
    desk.verb("replay", execution_id=again.id, from_step="small", engine=desk.engine)


def test_a_failed_run_is_replayed_from_its_failure(desk):
    broken = [True]

    def fragile(parameters, *, idempotency_key):
        if broken[0]:
            raise ValueError("broken")
        return 1

    with actions.registered(fragile=fragile, note=lambda parameters, *, idempotency_key: parameters):
        desk.launch(
            """
            name: fragile
            steps:
              - key: a
                kind: map
                over: [1, 2]
                body: {kind: task, action: note, parameters: {n: "${item}"}, compensation: {action: note}}
              - {key: b, kind: task, action: fragile, depends_on: a, parameters: {n: "${steps.a.output[1].n}"}}
            """,
            stop_on_entry=False,
            stop_on_error=False,
        )
        broken[0] = False
        again = desk.verb("replay", execution_id=desk.watched.execution_id, from_step="b", engine=desk.engine)
        desk.drive()
    desk.session.refresh(again)
    assert again.status is WorkflowStatus.COMPLETED
    compared = desk.compare(desk.watched.execution_id, again.id)
    assert [(step.step_key, step.left_status, step.right_status, step.same_output) for step in compared.steps] == [
        ("a", "completed", "completed", True),
        ("b", "failed", "completed", False),
    ]


def test_replay_is_refused_where_the_record_does_not_lead_to_the_step(desk, calls):
    watched = desk.run(BRANCHED).id
    with pytest.raises(InvalidValueError, match="do not lead to it"):
        desk.verb("replay", execution_id=watched, from_step="large", engine=desk.engine)
    with pytest.raises(InvalidValueError, match="has no such step"):
        desk.verb("replay", execution_id=watched, from_step="none", engine=desk.engine)
    with pytest.raises(InvalidValueError):
        desk.verb("replay", execution_id=watched, from_step="size", engine=desk.engine, variables={"x": {1}})
    with pytest.raises(NotAuthorizedError):
        desk.verb("replay", execution_id=watched, from_step="size", engine=desk.engine, user_id=VIEWER)
    with pytest.raises(NotFoundError):
        desk.verb("replay", execution_id=uuid.uuid4(), from_step="size", engine=desk.engine)


def test_a_step_that_one_execution_has_not_come_to_is_null_on_its_side(desk, calls):
    done, begun = desk.run(BRANCHED), desk.start(BRANCHED)
    for left, right in ((done, begun), (begun, done)):
        compared = desk.compare(left.id, right.id)
        large = next(step for step in compared.steps if step.step_key == "large")
        missing, there = ("left", "right") if left is begun else ("right", "left")
        assert (getattr(large, f"{missing}_status"), getattr(large, f"{missing}_output")) == (None, None)
        assert getattr(large, f"{there}_status") == "skipped"
        assert (large.same_input, large.same_output, large.same) == (False, False, False)


def test_executions_of_two_workflows_are_not_compared(desk, calls):
    one = desk.run(BRANCHED)
    two = desk.run(BRANCHED.replace("name: branched", "name: other"))
    with pytest.raises(InvalidValueError, match="same workflow"):
        desk.compare(one.id, two.id)
