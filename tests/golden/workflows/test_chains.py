"""Steps one after the other: what each third of the state machine writes, and how values travel."""

from __future__ import annotations

import uuid

import pytest
from sqlalchemy import select

from controlplane.execution import Stopped, claim, complete, perform
from controlplane.execution.queries import select_logs
from controlplane.models import WorkflowExecution, WorkflowStatus

pytestmark = pytest.mark.seed("users")
ATELIER, MARA = uuid.UUID(int=1), uuid.UUID(int=0xB0004)

CHAIN = """
name: chain
steps:
  - {key: first, kind: task, action: double, parameters: {n: 1}}
  - {key: second, kind: task, action: double, parameters: {n: "${steps.first.output.n}"}, depends_on: [first]}
  - {key: third, kind: task, action: double, parameters: {n: "${steps.second.output.n}"}, depends_on: [second]}
outputs: {n: "${steps.third.output.n}"}
"""


@pytest.mark.usefixtures("one_insert_per_table")
def test_claim_perform_complete(flow, session, golden):
    with golden.step("save"), golden.budget(exactly=4):
        flow.save("name: simple\nsteps: [{key: only, kind: task, action: double, parameters: {n: 21}}]")
    with golden.step("start"), golden.budget(exactly=7):
        run = flow.start("name: simple\nsteps: [{key: only, kind: task, action: double, parameters: {n: 21}}]")
    with golden.step("claim"), golden.budget(exactly=6):
        lease = claim(session, execution_id=run.id, engine=flow.engine)
    with golden.step("perform"), golden.budget(exactly=0):
        result = perform(lease, policy=flow.engine.http)
    with golden.step("complete"), golden.budget(exactly=4):
        complete(session, lease=lease, result=result, engine=flow.engine)
    with golden.step("claim again"), golden.budget(exactly=5):
        assert claim(session, execution_id=run.id, engine=flow.engine) == Stopped(status=WorkflowStatus.COMPLETED)
    assert session == golden.changes


@pytest.mark.max_queries(41)
def test_a_chain(flow, session, golden):
    run = flow.start(CHAIN, user_id=MARA)
    with golden.step("run"):
        flow.drive()
    assert run.outputs == {"n": 8}
    assert session == golden.changes


def test_log_has_every_event_in_order(flow, session, golden):
    run = flow.run(CHAIN)
    logs = session.execute(select_logs(workspace_id=ATELIER, execution_id=run.id)).scalars().all()
    names = ("sequence", "level", "event", "step_key", "message")
    rows = [{name: getattr(row, name) for name in names} for row in logs]
    assert [row["sequence"] for row in rows] == list(range(1, 10))
    assert rows == golden.rows


def test_variables_keep_their_types_and_are_rendered_into_texts(flow, session, golden):
    text = """
    name: variables
    inputs: {who: nobody, list: null, nothing: null}
    vars: {greeting: "hello ${input.who}", given: "${input.list}"}
    steps:
      - key: all
        kind: task
        action: echo
        parameters: {lone: "${vars.given}", part: "${vars.greeting}, have ${vars.given}", none: "${input.nothing}"}
        save: {kept: "${output.lone[1]}", text: "the second is ${output.lone[1]}"}
      - {key: then, kind: task, action: echo, depends_on: [all], parameters: {kept: "${vars.kept}"}}
    outputs: {kept: "${steps.then.output.kept}", text: "${vars.text}", status: "${steps.all.status}"}
    """
    run = flow.start(text, input_data={"list": [1, {"deep": True}], "nothing": None})
    with golden.step("run"):
        flow.drive()
    assert run.outputs == {"kept": {"deep": True}, "text": 'the second is {"deep": true}', "status": "completed"}
    assert session == golden.changes


def test_an_edit_makes_a_version_and_a_running_execution_keeps_its_own(flow, session, golden):
    run = flow.start(CHAIN)
    with golden.step("edit"):
        flow.save(CHAIN.replace("n: 1}", "n: 100}"))
    with golden.step("save the same again"):
        flow.save(CHAIN.replace("n: 1}", "n: 100}"))
    flow.drive()
    newer = flow.run(CHAIN.replace("n: 1}", "n: 100}"))
    assert (run.outputs, newer.outputs) == ({"n": 8}, {"n": 800})
    assert session == golden.changes


def test_the_duration_counts_from_the_start_to_the_end(flow, session, golden, clock):
    run = flow.start("name: nap\nsteps: [{key: nap, kind: wait, seconds: 90}]")
    flow.drive()
    clock.advance(seconds=90)
    with golden.step("wake"):
        flow.drive()
    run = session.execute(select(WorkflowExecution).where(WorkflowExecution.id == run.id)).scalar_one()
    assert run.duration_seconds == (run.completed_at - run.started_at).total_seconds() >= 90
    assert session == golden.changes
