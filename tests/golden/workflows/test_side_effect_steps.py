"""Steps that reach beyond their execution: child workflows, canvases, agents under governance."""

from __future__ import annotations

import uuid

import pytest

from controlplane import governance
from controlplane.execution import cancel
from controlplane.governance import get_proposal
from controlplane.models import Proposal

pytestmark = pytest.mark.seed("agents")
ATELIER = uuid.UUID(int=1)
OLGA, TINA, MARA = (uuid.UUID(int=0xB0000 + number) for number in (1, 3, 4))
INVOICER, AUDITOR, GREETER, NOVICE, ARCHIVIST = (uuid.UUID(int=0xA0001 + number) for number in range(5))

CHILD = """
name: child
steps: [{key: inner, kind: task, action: double, parameters: {n: "${input.n}"}}]
outputs: {n: "${steps.inner.output.n}"}
"""
PARENT = """
name: parent
steps:
  - {key: call, kind: workflow, workflow: child, input: {n: 4}}
  - {key: after, kind: task, action: double, parameters: {n: "${steps.call.output.n}"}, depends_on: [call]}
outputs: {n: "${steps.after.output.n}"}
"""


@pytest.mark.usefixtures("one_insert_per_table")
def test_a_child_workflow(flow, session, golden):
    flow.save(CHILD)
    run = flow.start(PARENT, user_id=MARA)
    with golden.step("run"), golden.budget(exactly=60):
        flow.drive()
    assert run.outputs == {"n": 16}
    assert session == golden.changes


def test_a_child_that_fails_fails_its_parent(flow, session, golden):
    flow.save("name: child\nsteps: [{key: inner, kind: task, action: refuse}]")
    run = flow.start(PARENT)
    with golden.step("run"):
        flow.drive()
    assert (str(run.status), run.error_type) == ("failed", "ChildFailedError")
    assert session == golden.changes


def test_cancelling_a_parent_cancels_its_child(flow, session, golden):
    flow.save("name: child\nsteps: [{key: inner, kind: wait, signal: never}]\noutputs: {n: 1}")
    run = flow.run(PARENT)
    with golden.step("cancel"):
        cancel(session, run, actor_id=TINA)
    assert session == golden.changes


def test_a_canvas_is_presented_updated_submitted_and_closed(flow, session, golden):
    text = """
    name: canvas
    vars: {id: null}
    steps:
      - {key: show, kind: canvas, action: present, type: form, component: order, content: {items: 1, note: x},
         save: {id: "${output.canvas_id}"}}
      - {key: change, kind: canvas, action: update, canvas: "${vars.id}", depends_on: [show],
         content: {items: 2, note: null}}
      - {key: send, kind: canvas, action: submit, canvas: "${vars.id}", content: {ok: true}, depends_on: [change]}
      - {key: close, kind: canvas, action: close, canvas: "${vars.id}", depends_on: [send]}
      - {key: late, kind: canvas, action: update, canvas: "${vars.id}", content: {}, depends_on: [close],
         continue_on_error: true}
    outputs: {content: "${steps.send.output.content}", late: "${steps.late.error.type}"}
    """
    run = flow.start(text, user_id=MARA)
    with golden.step("run"):
        flow.drive()
    assert run.outputs == {"content": {"items": 2}, "late": "CanvasClosedError"}
    assert session == golden.changes


AGENT = """
name: agency
steps: [{key: act, kind: agent, action: search, parameters: {q: "${input.q}"}}]
outputs: {found: "${steps.act.output}"}
"""


def agent_run(flow, agent_id, **options):
    return flow.start(AGENT, input_data={"q": "socks"}, agent_id=agent_id, **options)


@pytest.mark.max_queries(48)
def test_an_autonomous_agent_executes(flow, session, golden):
    run = agent_run(flow, INVOICER)
    with golden.step("run"):
        flow.drive()
    assert run.outputs == {"found": {"q": "socks"}}
    assert session == golden.changes


def test_an_intern_proposes_and_the_step_waits_for_the_decision(flow, session, golden, clock):
    run = agent_run(flow, GREETER)
    with golden.step("run"):
        flow.drive()
    proposal = session.query(Proposal).one()
    with golden.step("nobody decides"):
        clock.advance(seconds=30)
        flow.drive()
    with golden.step("approve"):
        decided = get_proposal(session, workspace_id=ATELIER, proposal_id=proposal.id)
        governance.approve(session, decided, actor_id=TINA, modifications={"parameters": {"q": "shoes"}})
    with golden.step("execute"):
        order = governance.claim_approved(session, workspace_id=ATELIER, proposal_id=decided.id)
        governance.record_approved(session, order, governance.execute_approved(order))
    with golden.step("run on"):
        flow.drive()
    assert run.outputs == {"found": {"q": "shoes"}}
    assert session == golden.changes


def test_a_rejected_proposal_fails_the_step(flow, session, golden):
    run = agent_run(flow, GREETER)
    flow.drive()
    proposal = session.query(Proposal).one()
    governance.reject(session, proposal, actor_id=TINA, reason="not now")
    with golden.step("run on"):
        flow.drive()
    assert (str(run.status), run.error_type) == ("failed", "RefusedError")
    assert session == golden.changes


def test_supervised_agent_is_supervised_by_the_starter(flow, session, golden):
    run = agent_run(flow, AUDITOR, user_id=TINA)
    with golden.step("run"):
        flow.drive()
    assert str(run.status) == "completed"
    assert session == golden.changes


def test_a_supervised_agent_waits_for_a_supervisor(flow, session, golden):
    run = agent_run(flow, AUDITOR, user_id=MARA)
    with golden.step("run"):
        flow.drive()
    with golden.step("a supervisor comes"):
        governance.claim_next(session, workspace_id=ATELIER, supervisor_id=TINA)
    with golden.step("run on"):
        flow.drive()
    assert str(run.status) == "completed"
    assert session == golden.changes


@pytest.mark.parametrize(
    "agent_id", [NOVICE, ARCHIVIST, uuid.UUID(int=0xA0009)], ids=["student", "paused", "foreign"]
)
def test_an_agent_that_may_not_act_is_blocked(flow, session, golden, agent_id):
    text = AGENT.replace("kind: agent,", f'kind: agent, agent: "{agent_id}",')
    run = flow.start(text, input_data={"q": "socks"})
    with golden.step("run"):
        flow.drive()
    assert (str(run.status), run.error_type) == ("failed", "RefusedError")
    assert session == golden.changes
