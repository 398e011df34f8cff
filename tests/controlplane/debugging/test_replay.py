"""Replays of executions that were not debugged: recorded variables, mended versions, changed inputs."""

from __future__ import annotations

import json
import uuid
from dataclasses import replace
from types import SimpleNamespace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select, update

from controlplane import actions, governance
from controlplane.debugging import traces
from controlplane.debugging.recorded_variables import recorded_variables
from controlplane.debugging.replay import _recording
from controlplane.errors import (
    IllegalTransitionError,
    InvalidDefinitionError,
    InvalidValueError,
    NotFoundError,
    ValueTooLargeError,
)
from controlplane.execution import resume
from controlplane.models import (
    SupervisionSession,
    WorkflowExecution,
    WorkflowExecutionLog,
    WorkflowStatus,
    WorkflowStepExecution,
)

pytestmark = pytest.mark.seed("users")

CHAIN = """
name: chain
vars: {total: "${input.start}", note: first}
outputs: {total: "${vars.total}"}
steps:
  - {key: one, kind: task, action: note, parameters: {total: 5}, save: {total: "${output.total}"}}
  - {key: two, kind: task, action: note, depends_on: one, parameters: {total: "${vars.total}"},
     save: {total: 9, note: "${vars.note}"}}
  - {key: last, kind: task, action: note, depends_on: two, parameters: {n: "${vars.total}", i: "${input.start}"}}
"""


@pytest.fixture
def calls():
    made = []

    def note(parameters, *, idempotency_key):
        made.append((idempotency_key.split(":")[1], parameters))
        if parameters.get("broken"):
            raise ValueError("broken")
        return parameters

    with actions.registered(note=note):
        yield made


def again(desk, run, from_step=None, **options):
    """Replay, drive and return the copy."""
    made = desk.verb("replay", execution_id=run.id, from_step=from_step, engine=desk.engine, **options)
    desk.drive()
    desk.session.refresh(made)
    return made


def test_replay_of_an_execution_without_debugger_begins_with_recorded_variables(desk, calls):
    run = desk.run(CHAIN, input_data={"start": 1})
    calls.clear()
    copy = again(desk, run, "two")
    assert calls == [("two", {"total": 5}), ("last", {"n": 9, "i": 1})]
    assert (copy.status, copy.outputs, copy.debugged) == (WorkflowStatus.COMPLETED, {"total": 9}, False)
    assert all(step.same for step in desk.compare(run.id, copy.id).steps)


def test_replay_from_the_start_runs_every_step(desk, calls):
    run = desk.run(CHAIN, input_data={"start": 1})
    calls.clear()
    copy = again(desk, run)
    assert [name for name, _ in calls] == ["one", "two", "last"]
    assert (copy.replay_of_id, copy.outputs) == (run.id, {"total": 9})


def test_replay_with_changed_input_and_variables_uses_both(desk, calls):
    run = desk.run(CHAIN, input_data={"start": 1})
    calls.clear()
    copy = again(desk, run, "two", input_data={"start": 3}, variables={"total": 4})
    assert calls == [("two", {"total": 4}), ("last", {"n": 9, "i": 3})]
    compared = desk.compare(run.id, copy.id)
    assert compared.inputs["changed"] == {"start": {"old": 1, "new": 3}}


def test_replay_uses_recorded_results_and_not_what_its_session_remembers(desk, calls, session):
    run = desk.run(CHAIN, input_data={"start": 1})
    remembered = {step.step_key: step for step in session.scalars(select(WorkflowStepExecution))}
    step = WorkflowStepExecution
    write = update(step).values(output={"total": 6}).where(step.step_key == "one")
    session.execute(write, execution_options={"synchronize_session": False})
    assert remembered["one"].output["total"] == 5, "the session remembers another output"
    copy = again(desk, run, "two")
    kept = select(step.output).filter_by(execution_id=copy.id, step_key="one")
    assert session.scalar(kept) == {"total": 6}


@pytest.mark.seed("agents")
def test_run_of_a_replayed_step_ended_long_ago(desk, session):
    """The copy of a step names the same run: an intervention is too late, and finds one of the two."""
    text = """
    name: agency
    steps:
      - {key: act, kind: agent, action: search}
      - {key: after, kind: task, action: search, depends_on: act}
    """
    with actions.registered(search=lambda parameters, *, idempotency_key: 1):
        run = desk.run(text, agent_id=uuid.UUID(int=0xA0002), user_id=uuid.UUID(int=0xB0003))
        assert again(desk, run, "after").status is WorkflowStatus.COMPLETED
    supervision = session.scalars(select(SupervisionSession)).one()
    with pytest.raises(IllegalTransitionError):
        governance.intervene(session, supervision, kind="terminate", guidance="x", actor_id=uuid.UUID(int=0xB0003))


def test_step_that_a_mended_version_passes_is_skipped_though_it_was_completed(desk, calls):
    text = """
    name: ways
    steps:
      - {key: way, kind: condition, branches: [{name: up, when: "false", then: [high]}], default: [low]}
      - {key: high, kind: task, action: note}
      - {key: low, kind: task, action: note}
      - {key: end, kind: join, depends_on: [way, high, low]}
    """
    run = desk.run(text)
    mended = desk.save(text.replace("then: [high]", "then: [high, low]").replace("[low]}", "[end]}"))
    copy = again(desk, run, "end", version=mended.version)
    steps = desk.session.execute(
        select(WorkflowStepExecution.step_key, WorkflowStepExecution.status).filter_by(execution_id=copy.id)
    )
    assert dict(tuple(row) for row in steps)["low"] == "skipped"


def test_replay_with_too_large_variables_is_refused(desk, calls):
    run = desk.run(CHAIN, input_data={"start": 1})
    with pytest.raises(ValueTooLargeError, match="the variables"):
        again(desk, run, "two", variables={"note": "x" * 10_000_000})


def test_replay_has_a_deadline_of_its_own(desk, calls, clock):
    run = desk.run(CHAIN + "timeout: 600\n", input_data={"start": 1})
    clock.advance(days=1)
    copy = again(desk, run, "two")
    assert (copy.deadline_at - copy.started_at).total_seconds() == 600


def test_replay_by_a_mended_version_runs_by_the_rule_of_today(desk, calls):
    run = desk.run(CHAIN, input_data={"start": 1})
    run.tolerates_skips = True  # as executions that began before the rule
    desk.save(CHAIN.replace("{n: ", "{m: "))
    assert again(desk, run, "two").tolerates_skips is True
    assert again(desk, run, "two", version=2).tolerates_skips is False


def test_replay_with_a_mended_version_runs_its_steps_from_the_recorded_results(desk, calls):
    run = desk.run(CHAIN.replace("{total: 9, note", "{total: '${output.none}', note"), input_data={"start": 1})
    assert run.status is not WorkflowStatus.COMPLETED
    calls.clear()
    version = desk.save(CHAIN)
    copy = again(desk, run, "two", version=version.version)
    assert [name for name, _ in calls] == ["two", "last"]
    assert (copy.status, copy.version_id, copy.outputs) == (WorkflowStatus.COMPLETED, version.id, {"total": 9})
    compared = desk.compare(run.id, copy.id)
    assert (compared.left_version, compared.right_version) == (1, 2)


def test_replay_applies_a_save_that_the_mended_version_adds_to_a_kept_step(desk, calls):
    run = desk.run(CHAIN, input_data={"start": 1})
    version = desk.save(CHAIN.replace('save: {total: "${output.total}"}', 'save: {extra: "${output}"}'))
    copy = again(desk, run, "two", version=version.version)
    assert copy.variables == {"total": 9, "note": "first", "extra": {"total": 5}}


def test_replay_begins_at_a_step_that_only_the_mended_version_has(desk, calls):
    run = desk.run(CHAIN, input_data={"start": 1})
    calls.clear()
    check = '  - {key: check, kind: task, action: note, depends_on: two, parameters: {v: "${vars.total}"}}\n'
    version = desk.save(
        CHAIN.replace("depends_on: two, parameters: {n", "depends_on: check, parameters: {n") + check
    )
    again(desk, run, "check", version=version.version)
    assert calls == [("check", {"v": 9}), ("last", {"n": 9, "i": 1})]


def test_replay_runs_a_step_again_whose_kind_the_mended_version_changes(desk, calls):
    run = desk.run(CHAIN, input_data={"start": 1})
    version = desk.save(
        CHAIN.replace(
            'kind: task, action: note, parameters: {total: 5}, save: {total: "${output.total}"}',
            "kind: wait, seconds: 0",
        )
    )
    with pytest.raises(InvalidValueError, match="one before it has no recorded result"):
        again(desk, run, "two", version=version.version)


def test_replay_of_an_unknown_version_is_refused(desk, calls):
    run = desk.run(CHAIN, input_data={"start": 1})
    with pytest.raises(NotFoundError):
        again(desk, run, "two", version=7)


def test_replay_leaves_out_an_input_that_the_mended_version_does_not_declare(desk, calls):
    declared = CHAIN.replace("name: chain", "name: chain\ninputs: {start: 1, extra: 2}")
    run = desk.run(declared, input_data={"start": 1, "extra": 3})
    version = desk.save(declared.replace(", extra: 2", ""))
    copy = again(desk, run, "two", version=version.version)
    line = desk.session.scalars(
        select(WorkflowExecutionLog).where(
            WorkflowExecutionLog.execution_id == copy.id, WorkflowExecutionLog.event == "execution_replayed"
        )
    ).one()
    assert (copy.input_data, line.context["left_out"]) == ({"start": 1}, ["extra"])
    with pytest.raises(InvalidValueError, match="the workflow declares start"):
        again(desk, run, "two", version=version.version, input_data={"extra": 1})


def test_replay_of_a_replay_begins_with_the_variables_of_the_first(desk, calls):
    run = desk.run(CHAIN, input_data={"start": 1})
    copy = again(desk, run, "two", variables={"note": "mine"})
    calls.clear()
    third = again(desk, copy, "last")
    assert (calls, third.variables) == ([("last", {"n": 9, "i": 1})], {"total": 9, "note": "mine"})


def test_replay_keeps_the_variables_of_a_branch_that_ended_after_the_step_began(desk, calls):
    run = desk.run(
        """
        name: wide
        steps:
          - {key: slow, kind: wait, seconds: 60}
          - {key: quick, kind: task, action: note, parameters: {a: 1}, save: {quick: "${output.a}"}}
          - {key: end, kind: join, depends_on: [slow, quick]}
        """
    )
    desk.clock.advance(seconds=61)
    desk.drive(run)
    calls.clear()
    copy = desk.verb("replay", execution_id=run.id, from_step="slow", engine=desk.engine)
    assert (copy.variables, calls) == ({"quick": 1}, [])


def test_replay_repeats_what_a_failure_kept_from_running(desk, calls):
    run = desk.run(
        """
        name: pair
        steps:
          - {key: bad, kind: task, action: note, parameters: {broken: "${input.broken}"}}
          - {key: never, kind: task, action: note, parameters: {a: 1}}
        """,
        input_data={"broken": True},
    )
    assert run.status is WorkflowStatus.FAILED
    calls.clear()
    copy = again(desk, run, "bad", input_data={"broken": False})
    assert (copy.status, [name for name, _ in calls]) == (WorkflowStatus.COMPLETED, ["bad", "never"])


UNDONE = """
name: undone
steps:
  - {key: one, kind: task, action: note, compensation: {action: note, parameters: {undo: one}}}
  - {key: each, kind: map, depends_on: one, over: [7, 8],
     body: {kind: task, action: note, compensation: {action: note, parameters: {undo: "${item}"}}}}
  - {key: two, kind: task, action: note, depends_on: each, compensation: {action: note, parameters: {undo: two}}}
  - {key: bad, kind: task, action: note, depends_on: two, parameters: {broken: "${input.broken}"}}
"""


def undone(calls):
    return [parameters["undo"] for _, parameters in calls if "undo" in parameters]


def test_failed_replay_undoes_its_own_steps_and_not_those_it_kept(desk, calls):
    run = desk.run(UNDONE, input_data={"broken": True})
    assert undone(calls) == ["two", 8, 7, "one"]
    calls.clear()
    second = again(desk, run, "two")
    third = again(desk, second, "bad")
    assert (second.status, third.status) == (WorkflowStatus.FAILED, WorkflowStatus.FAILED)
    assert undone(calls) == ["two"]


def test_failed_replay_leaves_the_effects_of_a_completed_execution(desk, calls):
    run = desk.run(UNDONE, input_data={"broken": False})
    assert run.status is WorkflowStatus.COMPLETED
    copy = again(desk, run, "bad", input_data={"broken": True})
    assert (copy.status, undone(calls)) == (WorkflowStatus.FAILED, [])
    copy = again(desk, run, "one", input_data={"broken": True})
    assert (copy.status, undone(calls)) == (WorkflowStatus.FAILED, ["two", 8, 7, "one"])


def test_replay_keeps_a_tolerated_failure_and_a_false_condition(desk, calls):
    run = desk.run(
        """
        name: tolerant
        steps:
          - {key: bad, kind: task, action: note, parameters: {broken: true}, continue_on_error: true}
          - {key: off, kind: task, action: note, when: input.on == 1, parameters: {a: 1}}
          - {key: either, kind: join, depends_on: [bad, off]}
          - {key: last, kind: task, action: note, depends_on: either, parameters: {e: "${steps.bad.error.type}"}}
        """,
        input_data={"on": 0},
    )
    calls.clear()
    copy = again(desk, run, "last")
    assert (copy.status, calls) == (WorkflowStatus.COMPLETED, [("last", {"e": "ValueError"})])


GIVEN = """
name: given
vars: {given: {}, other: 1}
steps:
  - {key: one, kind: task, action: note, parameters: {g: "${vars.given.deep}"}, save: {one: "${output.g}"}}
  - {key: two, kind: task, action: note, depends_on: one, parameters: {g: "${vars.given.deep}"}, save: {given: 0}}
"""


def resumed(desk):
    """Return an execution that a person resumed with the values that it lacked, ended."""
    run = desk.run(GIVEN)
    assert run.status is WorkflowStatus.PAUSED
    resume(desk.session, run, actor_id=desk.USER, variables={"given": {"deep": 7}, "other": 8}, engine=desk.engine)
    desk.drive()
    desk.session.refresh(run)
    assert run.variables == {"given": 0, "other": 8, "one": 7}
    return run


def test_replay_knows_what_people_gave_when_they_resumed(desk, calls):
    run = resumed(desk)
    calls.clear()
    copy = again(desk, run, "two")
    assert (calls, copy.variables) == ([("two", {"g": 7})], {"given": 0, "other": 8, "one": 7})


def reconstructed(desk, run, from_step, *, event, context, given=None):
    """Return the variables at a step, from a log in which an earlier version wrote this context."""
    recording = _recording(desk.session, run, desk.engine)
    log = [
        SimpleNamespace(**{**line._asdict(), **({"context": context} if line.event == event else {})})
        for line in recording.log
    ]
    return recorded_variables(
        replace(recording, log=log),
        from_step=from_step,
        kept=frozenset({"one"}),
        plan=recording.plan,
        input_data=run.input_data,
        execution_id=run.id,
        given=given or {},
    )


def test_an_old_log_that_only_names_a_lost_value_asks_for_it(desk, calls):
    run = resumed(desk)
    named = {"event": "execution_resumed", "context": {"variables": ["given", "other"]}}
    with pytest.raises(InvalidValueError, match="given"):
        reconstructed(desk, run, "two", **named)
    made = reconstructed(desk, run, "two", **named, given={"given": {"deep": 7}})
    assert made == {"given": {"deep": 7}, "other": 8, "one": 7}


def test_replay_of_a_replay_without_recorded_variables_is_refused(desk, calls):
    copy = again(desk, desk.run(CHAIN, input_data={"start": 1}), "two")
    with pytest.raises(InvalidValueError, match="replay its original"):
        reconstructed(desk, copy, "last", event="execution_replayed", context={})


def test_replay_skips_what_the_mended_condition_does_not_choose(desk, calls):
    text = """
    name: chosen
    steps:
      - {key: ask, kind: condition, branches: [{name: a, when: input.n > 1, then: [x]}], default: [y]}
      - {key: x, kind: task, action: note, parameters: {is: x}}
      - {key: y, kind: task, action: note, parameters: {is: y}}
      - {key: late, kind: task, action: note, parameters: {is: late}}
    """
    run = desk.run(text, input_data={"n": 2})
    version = desk.save(
        text.replace("default: [y]", "default: [y, z]") + "  - {key: z, kind: task, action: note}\n"
    )
    calls.clear()
    copy = again(desk, run, "late", version=version.version)
    steps = desk.session.scalars(
        select(WorkflowStepExecution).where(WorkflowStepExecution.execution_id == copy.id)
    )
    assert {row.step_key: str(row.status) for row in steps} == {
        "ask": "completed",
        "x": "completed",
        "y": "skipped",
        "z": "skipped",
        "late": "completed",
    }
    assert [name for name, _ in calls] == ["late"]


def test_replay_by_a_version_that_can_not_start_is_refused(desk, calls):
    run = desk.run(CHAIN, input_data={"start": 1})
    vars(desk.engine.plans.get(run.version_id).definition)["unjoined"] = ("never",)
    with pytest.raises(InvalidDefinitionError):
        again(desk, run, "two")


STEPS = st.lists(
    st.tuples(
        st.sampled_from(["task", "map", "fail", "skip"]),
        st.sampled_from(["a", "b", "c"]),
        st.sampled_from(["a", "b", "c"]),
    ),
    min_size=1,
    max_size=5,
)


def chained(steps) -> dict:
    """Return a definition in which each step saves one variable made of another."""
    made = []
    for number, (kind, name, other) in enumerate(steps):
        save = {name: {"by": f"s{number}", "of": f"${{vars.{other}.by}}"}}
        step = {"key": f"s{number}", "kind": "task", "action": "note", "save": save, "continue_on_error": True}
        step["parameters"] = {"broken": True} if kind == "fail" else {"n": number}
        if kind == "skip":
            step["when"] = "input.start == 2"
        if kind == "map":
            body = {"kind": "task", "action": "note", "parameters": {"n": "${item}"}, "save": save}
            step = {"key": f"s{number}", "kind": "map", "over": [1, 2], "body": body}
        if number:
            step |= {"depends_on": [f"s{number - 1}"], "join": "any"} if steps[number - 1][0] != "skip" else {}
        made.append(step)
    initial = {name: {"by": "start"} for name in "abc"}
    return {"name": "random", "vars": initial, "steps": made}


@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(steps=STEPS)
def test_reconstructed_variables_equal_those_that_the_debugger_traced(desk, calls, steps):
    desk.launch(json.dumps(chained(steps)), input_data={"start": 1}, stop_on_entry=False, stop_on_error=False)
    run = desk.session.get_one(WorkflowExecution, desk.watched.execution_id)
    recording = _recording(desk.session, run, desk.engine)
    everything = frozenset(recording.plan.definition.by_key)
    ids = {"workspace_id": desk.WORKSPACE, "session_id": desk.watched.id, "user_id": desk.USER}
    for trace in traces(desk.session, **ids):
        before = frozenset(key for key in everything if key < trace.step_key)
        if trace.step_key == "s0" or trace.item or recording.plan.definition.by_key[trace.step_key].kind == "map":
            continue
        made = recorded_variables(
            recording,
            from_step=trace.step_key,
            kept=before,
            plan=recording.plan,
            input_data=run.input_data,
            execution_id=run.id,
            given={},
        )
        assert made == trace.variables_before
