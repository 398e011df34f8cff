"""Where two rules meet: timeouts of what waits, failures beside running steps, undoing of items, held errors."""

from __future__ import annotations

import uuid

import pytest
from sqlalchemy import select

from controlplane import actions, governance
from controlplane.errors import IllegalTransitionError, InvalidValueError, LeaseLostError
from controlplane.execution import cancel, claim, complete, pause, perform, resume, signal
from controlplane.execution.engine.claim import complete_and_claim
from controlplane.execution.engine.config import Failure, Lease, Success
from controlplane.models import (
    Agent,
    AgentExecution,
    BlockedTrigger,
    Proposal,
    WorkflowExecution,
    WorkflowStatus,
    WorkflowStepExecution,
)

pytestmark = pytest.mark.seed("agents")
MARA = uuid.UUID(int=0xB0004)
INVOICER, AUDITOR, GREETER = (f"000000000000000000000000000a000{number}" for number in (1, 2, 3))


@pytest.fixture(autouse=True)
def calls():
    made = []

    def note(parameters, *, idempotency_key):
        made.append((parameters, idempotency_key))
        return parameters

    def refuse(parameters, *, idempotency_key):
        raise ValueError("no")

    with actions.registered(note=note, refuse=refuse, search=note):
        yield made


def steps(session, execution):
    step = WorkflowStepExecution
    query = select(step).where(step.execution_id == execution.id)
    rows = session.scalars(query.order_by(step.position, step.role.desc(), step.item, step.attempt))
    return [f"{row.step_key} {row.role} {row.item} {row.status}" for row in rows]


def child_of(session, run):
    return session.scalars(select(WorkflowExecution).where(WorkflowExecution.parent_execution_id == run.id)).one()


def test_a_child_that_takes_too_long_is_cancelled(flow, session, clock):
    flow.save("name: child\nsteps: [{key: w, kind: wait, signal: never}]")
    run = flow.run("name: parent\nsteps: [{key: c, kind: workflow, workflow: child, timeout: 60}]")
    clock.advance(seconds=30)
    flow.drive()
    assert run.status is WorkflowStatus.WAITING
    clock.advance(seconds=31)
    flow.drive()
    assert (run.status, run.error_type) == (WorkflowStatus.FAILED, "StepTimeoutError")
    assert child_of(session, run).status is WorkflowStatus.CANCELLED


def test_a_map_that_takes_too_long_ends_its_items(flow, session, clock):
    flow.save("name: child\nsteps: [{key: w, kind: wait, signal: never}]")
    text = (
        "name: m\nsteps: [{key: e, kind: map, over: [1, 2], timeout: 60, body: {kind: workflow, workflow: child}}]"
    )
    run = flow.run(text)
    clock.advance(seconds=61)
    flow.drive(run)
    assert (run.status, run.error_type) == (WorkflowStatus.FAILED, "StepTimeoutError")
    assert steps(session, run) == ["e step 0 failed", "e item 0 cancelled", "e item 1 cancelled"]


def test_pausing_a_parent_holds_its_child_and_resuming_lets_both_go(flow, session, clock):
    flow.save("name: child\nsteps: [{key: w, kind: wait, seconds: 5}]")
    run = flow.run("name: parent\nsteps: [{key: c, kind: workflow, workflow: child}]")
    pause(session, run, actor_id=MARA)
    assert child_of(session, run).status is WorkflowStatus.PAUSED
    clock.advance(seconds=10)
    resume(session, run, actor_id=MARA)
    flow.drive()
    assert run.status is WorkflowStatus.COMPLETED


PAIR = """
name: pair
steps:
  - {key: a, kind: task, action: note, parameters: {n: 1},
     compensation: {action: note, parameters: {undo: "${output.n}"}}}
  - {key: b, kind: task, action: note}
  - {key: c, kind: task, action: note, depends_on: [a, b]}
"""


def test_a_step_that_runs_while_another_fails_may_end_and_is_undone(flow, session, calls):
    run = flow.start(PAIR)
    first, second = (claim(session, execution_id=run.id, engine=flow.engine) for _ in range(2))
    failure = Failure(error_type="ValueError", message="no")
    complete(session, lease=second, result=failure, engine=flow.engine)
    session.refresh(run)
    assert run.status is WorkflowStatus.COMPENSATING
    complete(session, lease=first, result=Success(output={"n": 1}), engine=flow.engine)
    flow.drive(run)
    assert (run.status, calls) == (WorkflowStatus.FAILED, [({"undo": 1}, f"{run.id}:a:0:undo")])


def test_a_failure_while_paused_is_held_until_the_execution_is_resumed(flow, session):
    run = flow.start("name: one\nsteps: [{key: a, kind: task, action: refuse}]")
    lease = claim(session, execution_id=run.id, engine=flow.engine)
    pause(session, run, actor_id=MARA)
    complete(session, lease=lease, result=perform(lease, policy=flow.engine.http), engine=flow.engine)
    session.refresh(run)
    assert (run.status, run.error_type) == (WorkflowStatus.PAUSED, "ValueError")
    resume(session, run, actor_id=MARA)
    assert run.status is WorkflowStatus.FAILED


def test_each_item_of_a_map_is_undone(flow, session, calls):
    text = """
    name: items
    steps:
      - key: each
        kind: map
        over: [1, 2]
        body: {kind: task, action: note, parameters: {n: "${item}"},
               compensation: {action: note, parameters: {undo: "${output.n}", at: "${index}"}}}
      - {key: last, kind: task, action: refuse, depends_on: [each]}
    """
    run = flow.run(text)
    assert run.status is WorkflowStatus.FAILED
    assert [parameters for parameters, _ in calls[2:]] == [{"undo": 2, "at": 1}, {"undo": 1, "at": 0}]
    assert steps(session, run)[1:5:2] == ["each item 0 compensated", "each compensation 0 completed"]


def test_compensation_with_missing_reference_fails_and_others_run(flow, calls):
    text = """
    name: broken
    steps:
      - {key: a, kind: task, action: note, compensation: {action: note, parameters: {undo: a}}}
      - {key: b, kind: task, action: note, depends_on: [a],
         compensation: {action: note, parameters: {x: "${output.x}"}}}
      - {key: c, kind: task, action: refuse, depends_on: [b]}
    """
    run = flow.run(text)
    assert run.status is WorkflowStatus.FAILED
    assert [parameters for parameters, _ in calls[2:]] == [{"undo": "a"}]


def test_a_result_for_a_cancelled_execution_is_refused(flow, session):
    run = flow.start(PAIR)
    lease = claim(session, execution_id=run.id, engine=flow.engine)
    cancel(session, run, actor_id=MARA)
    with pytest.raises(LeaseLostError):
        complete(session, lease=lease, result=Success(output=None), engine=flow.engine)
    assert steps(session, run)[0] == "a step 0 cancelled"


def test_a_step_whose_worker_is_lost_too_often_fails(flow, session, clock):
    flow = type(flow)(session, clock, max_deliveries=3)
    run = flow.start("name: poison\nsteps: [{key: a, kind: task, action: note}]")
    for _ in range(3):
        assert isinstance(claim(session, execution_id=run.id, engine=flow.engine), Lease)
        clock.advance(minutes=1)
    claim(session, execution_id=run.id, engine=flow.engine)
    session.refresh(run)
    assert (run.status, run.error_type) == (WorkflowStatus.FAILED, "WorkerLostError")


AGENT = f"""
name: agency
steps: [{{key: act, kind: agent, agent: "{INVOICER}", action: search}}]
"""


@pytest.mark.parametrize("name", ["Invoicer", INVOICER, str(uuid.UUID(INVOICER)), f"{{{uuid.UUID(INVOICER)}}}"])
def test_agent_step_names_its_agent_or_gives_its_id(flow, session, name):
    run = flow.run(AGENT.replace(INVOICER, name))
    assert run.status is WorkflowStatus.COMPLETED
    assert session.scalars(select(AgentExecution.agent_id)).all() == [uuid.UUID(INVOICER)]


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("invoicer", "no agent of the workspace has this name or id"),
        ("Relic", "the agent is deleted"),
        ("Twin", "more than one has this name: use the id"),
        ("x" * 201, "at most 200 characters"),
    ],
)
def test_agent_step_fails_without_one_usable_agent_of_the_name(flow, session, name, message):
    for number in (2, 3):
        session.get_one(Agent, uuid.UUID(int=0xA0000 + number)).name = "Twin"
    session.flush()
    run = flow.run(AGENT.replace(INVOICER, name))
    assert (run.status, run.error_type) == (WorkflowStatus.FAILED, "RefusedError")
    assert message in run.error_message


def test_deleted_agent_does_not_hide_another_of_its_name(flow, session):
    session.get_one(Agent, uuid.UUID(int=0xA0007)).name = "Invoicer"  # Phantom, deleted
    session.flush()
    assert flow.run(AGENT.replace(INVOICER, "Invoicer")).status is WorkflowStatus.COMPLETED


def test_an_error_inside_governance_refuses(flow, session, calls, monkeypatch):
    def broken(*_args, **_options):
        raise RuntimeError("the rules are on fire")

    monkeypatch.setattr(governance, "admit_action", broken)
    run = flow.run(AGENT)
    assert (run.status, run.error_type, calls) == (WorkflowStatus.FAILED, "RefusedError", [])
    assert "the rules are on fire" in run.error_message


def test_governance_is_asked_again_for_every_attempt(flow, session, clock):
    text = AGENT.replace("action: search", "action: refuse, retry: {attempts: 2, delay: 1, on: [ValueError]}")
    run = flow.run(text)
    clock.advance(seconds=1)
    flow.drive()
    assert run.status is WorkflowStatus.FAILED
    assert [str(one.status) for one in session.scalars(select(AgentExecution))] == ["failed", "failed"]


def test_cancelling_ends_the_agents_run(flow, session):
    run = flow.start(AGENT)
    claim(session, execution_id=run.id, engine=flow.engine)
    cancel(session, run, actor_id=MARA)
    assert [str(one.status) for one in session.scalars(select(AgentExecution))] == ["cancelled"]


@pytest.mark.parametrize("way", ["cancel", "timeout"])
def test_undecided_request_is_withdrawn_with_its_step(flow, session, clock, way):
    text = AGENT.replace(INVOICER, GREETER).replace("action: search", "action: search, timeout: 60")
    run = flow.run(text)
    if way == "cancel":
        cancel(session, run, actor_id=MARA)
    else:
        clock.advance(seconds=61)
        flow.drive()
    assert str(session.scalars(select(Proposal)).one().status) == "cancelled"
    assert str(session.scalars(select(BlockedTrigger)).one().resolution_outcome) == "cancelled"
    assert run.status is (WorkflowStatus.CANCELLED if way == "cancel" else WorkflowStatus.FAILED)


def test_unclaimed_trigger_is_withdrawn_with_its_step(flow, session):
    run = flow.run(AGENT.replace(INVOICER, AUDITOR))
    cancel(session, run, actor_id=MARA)
    assert str(session.scalars(select(BlockedTrigger)).one().resolution_outcome) == "cancelled"


def test_execution_is_cancelled_before_its_agent_step_may_start(flow, session):
    text = """
    name: both
    steps:
      - {key: a, kind: task, action: note}
      - {key: w, kind: wait, signal: go}
      - {key: act, kind: agent, action: search, agent: AUDITOR, depends_on: [a, w]}
    """
    run = flow.run(text.replace("AUDITOR", f'"{AUDITOR}"'))
    act = session.scalars(select(WorkflowStepExecution).filter_by(step_key="act")).one()
    assert act.status == "pending"
    cancel(session, run, actor_id=MARA)
    session.refresh(act)
    assert (run.status, act.status) == (WorkflowStatus.CANCELLED, "skipped")


def test_wait_whose_row_was_stored_before_it_began_ends_at_its_time(flow, session, clock):
    text = """
    name: later
    steps:
      - {key: a, kind: task, action: note}
      - {key: go, kind: wait, signal: go}
      - {key: w, kind: wait, seconds: 60, depends_on: [a, go]}
    """
    run = flow.run(text)
    session.expire_all()
    signal(session, run, name="go", actor_id=MARA)
    flow.drive()
    session.expire_all()
    clock.advance(seconds=61)
    flow.drive(run)
    assert run.status is WorkflowStatus.COMPLETED


def test_child_that_was_paused_with_its_parent_is_resumed_with_it(flow, session):
    flow.save("name: child\nsteps: [{key: w, kind: wait, signal: go}]")
    run = flow.run("name: parent\nsteps: [{key: c, kind: workflow, workflow: child}]")
    child = session.scalars(select(WorkflowExecution).filter_by(parent_execution_id=run.id)).one()
    pause(session, run, actor_id=MARA)
    session.refresh(child)
    assert child.status is WorkflowStatus.PAUSED
    resume(session, run, actor_id=MARA)
    session.refresh(child)
    assert child.status is WorkflowStatus.RUNNING


@pytest.mark.parametrize(
    "text", ["a\x00b", "\\\\\x00", "\ud800"], ids=["nul", "nul-after-backslashes", "surrogate"]
)
def test_an_output_that_no_database_takes_fails_its_step(flow, text):
    with actions.registered(odd=lambda _parameters, *, idempotency_key: {"text": text}):
        run = flow.run("name: odd\nsteps: [{key: a, kind: task, action: odd}]")
    assert (run.status, run.error_type) == (WorkflowStatus.FAILED, "InvalidValueError")


def test_a_text_that_only_looks_like_a_nul_is_an_output(flow):
    with actions.registered(odd=lambda _parameters, *, idempotency_key: "\\u0000"):
        run = flow.run("name: odd\nsteps: [{key: a, kind: task, action: odd}]\noutputs: {x: '${steps.a.output}'}")
    assert run.outputs == {"x": "\\u0000"}


def test_error_message_with_any_characters_is_stored(flow):
    def odd(_parameters, *, idempotency_key):
        raise ValueError("a\x00b\ud800")

    with actions.registered(odd=odd):
        run = flow.run("name: odd\nsteps: [{key: a, kind: task, action: odd}]")
    assert run.error_message == "a\ufffdb?"


def test_an_output_that_is_not_json_fails_its_step(flow):
    with actions.registered(odd=lambda _parameters, *, idempotency_key: {1, 2}):
        run = flow.run("name: odd\nsteps: [{key: a, kind: task, action: odd}]")
    assert (run.status, run.error_type) == (WorkflowStatus.FAILED, "InvalidValueError")


def test_outputs_that_refer_to_nothing_pause_and_resume_with_a_variable(flow, session):
    text = "name: o\nvars: {x: {}}\nsteps: [{key: a, kind: task, action: note}]\noutputs: {y: '${vars.x.y}'}"
    run = flow.run(text)
    assert run.status is WorkflowStatus.PAUSED
    with pytest.raises(InvalidValueError, match="variables can't be"):
        resume(session, run, actor_id=MARA, variables={"x": {1, 2}})
    resume(session, run, actor_id=MARA, variables={"x": {"y": 1}})
    flow.drive()
    assert (run.status, run.outputs) == (WorkflowStatus.COMPLETED, {"y": 1})


def test_a_saved_variable_that_refers_to_nothing_fails_the_step(flow):
    run = flow.run("name: s\nsteps: [{key: a, kind: task, action: note, save: {x: '${output.x}'}}]")
    assert (run.status, run.error_type) == (WorkflowStatus.FAILED, "MissingReferenceError")
    assert run.failed_step == "a"


def test_a_step_may_be_skipped_by_its_own_condition(flow, session):
    text = """
    name: when
    steps:
      - {key: a, kind: task, action: note, when: "input.n > 3"}
      - {key: b, kind: task, action: note, depends_on: [a]}
    """
    run = flow.run(text, input_data={"n": 1})
    assert (run.status, steps(session, run)) == (
        WorkflowStatus.COMPLETED,
        ["a step 0 skipped", "b step 0 skipped"],
    )


def test_step_reads_the_user_of_its_execution(flow):
    text = """
    name: who
    outputs: {all: "${execution.workflow} ${execution.version} ${execution.user_id} ${execution.agent_id}"}
    steps: [{key: a, kind: task, action: note, parameters: {id: "${execution.id}"}}]
    """
    flow.save(text.replace("key: a", "key: b"))
    run = flow.run(text)
    assert run.outputs == {"all": "who 2 null null"}


def test_a_variable_that_is_missing_at_the_start_pauses_before_anything_begins(flow, session):
    run = flow.run('name: v\nvars: {x: "${input.x}"}\nsteps: [{key: a, kind: task, action: note}]')
    assert (run.status, run.started_at) == (WorkflowStatus.PAUSED, None)
    resume(session, run, actor_id=MARA, input_data={"x": 1})
    flow.drive()
    assert (run.status, run.variables) == (WorkflowStatus.COMPLETED, {"x": 1})


def test_expired_lease_is_valid_until_step_is_claimed(flow, session, clock):
    """A lease shorter than the step, without renewal: the step still ends once."""
    run = flow.start("name: long\nsteps: [{key: a, kind: task, action: slow}]")
    made = []

    def slow(_parameters, *, idempotency_key):
        made.append(idempotency_key)
        clock.advance(minutes=5)

    with actions.registered(slow=slow):
        flow.drive()
    assert (run.status, len(made)) == (WorkflowStatus.COMPLETED, 1)


def test_two_workers_whose_leases_are_too_short_take_the_step_from_each_other_only_so_often(flow, session, clock):
    """Each finds the lease of the other run out, and none ends in time: no livelock, the step fails."""
    run = flow.start("name: long\nsteps: [{key: a, kind: task, action: note}]")
    leases = []
    while isinstance(lease := claim(session, execution_id=run.id, engine=flow.engine), Lease):
        leases.append(lease)
        clock.advance(minutes=5)
    session.refresh(run)
    assert (run.status, run.error_type, len(leases)) == (WorkflowStatus.FAILED, "WorkerLostError", 5)
    for lease in leases:
        with pytest.raises(LeaseLostError):
            complete(session, lease=lease, result=Success(output=1), engine=flow.engine)


@pytest.mark.parametrize("given", [{}, {"input_data": {"n": 2}}, {"variables": {"x": 2}}])
def test_an_execution_that_waits_or_runs_is_not_resumed(flow, session, given):
    waiting = flow.run("name: w\nsteps: [{key: a, kind: wait, signal: never}]", input_data={"n": 1})
    running = flow.start("name: r\nsteps: [{key: a, kind: task, action: note}]")
    claim(session, execution_id=running.id, engine=flow.engine)
    for run in (waiting, running):
        session.refresh(run)
        before = (run.status, run.input_data, run.variables, run.log_sequence)
        with pytest.raises(IllegalTransitionError):
            resume(session, run, actor_id=MARA, **given)
        session.refresh(run)
        assert (run.status, run.input_data, run.variables, run.log_sequence) == before


def test_cancelling_a_parent_lets_the_compensations_of_its_child_end(flow, calls, session):
    flow.save("""
    name: child
    steps:
      - {key: a, kind: task, action: note, compensation: {action: note, parameters: {undo: a}}}
      - {key: b, kind: condition, depends_on: [a], branches: [{name: x, when: "input.missing.x"}]}
    """)
    parent = flow.start("{name: parent, steps: [{key: call, kind: workflow, workflow: child}]}")
    claim(session, execution_id=parent.id, engine=flow.engine)
    child = session.scalars(
        select(WorkflowExecution).where(WorkflowExecution.parent_execution_id == parent.id)
    ).one()
    lease = claim(session, execution_id=child.id, engine=flow.engine)
    done = perform(lease, policy=flow.engine.http)
    undo = complete_and_claim(session, lease=lease, result=done, engine=flow.engine)
    assert undo.role == "compensation"
    cancel(session, parent, actor_id=MARA, reason="enough")
    complete(session, lease=undo, result=perform(undo, policy=flow.engine.http), engine=flow.engine)
    flow.drive(child)
    session.expire_all()
    assert (str(parent.status), str(child.status)) == ("cancelled", "failed")
