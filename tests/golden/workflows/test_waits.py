"""Paused, resumed, cancelled, signalled, decided on: what people do to executions."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime

import pytest

from controlplane.errors import IllegalTransitionError, NotAuthorizedError, NotFoundError
from controlplane.execution import approve, cancel, decide_by_agent, pause, reject, resume, signal

pytestmark = pytest.mark.seed("agents")
TINA, MARA = uuid.UUID(int=0xB0003), uuid.UUID(int=0xB0004)
INVOICER, AUDITOR, GREETER = (uuid.UUID(int=0xA0001 + number) for number in range(3))


def test_a_missing_input_pauses_and_its_coming_resumes(flow, session, golden):
    run = flow.start('name: ask\nsteps: [{key: a, kind: task, action: echo, parameters: {n: "${input.n}"}}]')
    with golden.step("run"):
        flow.drive()
    assert run.pause_reason == "${input.n} is not defined."
    with golden.step("resume"):
        resume(session, run, actor_id=MARA, input_data={"n": 7})
    with golden.step("run on"):
        flow.drive()
    assert str(run.status) == "completed"
    assert session == golden.changes


def test_pause_and_resume_by_a_person(flow, session, golden):
    run = flow.start("name: two\nsteps: [{key: a, kind: task, action: echo}]")
    with golden.step("pause"):
        pause(session, run, actor_id=MARA, reason="wait for the others")
    with golden.step("drive in vain"):
        flow.drive(run)
    with golden.step("pause again"), pytest.raises(IllegalTransitionError):
        pause(session, run, actor_id=MARA)
    with golden.step("resume"):
        resume(session, run, actor_id=MARA)
    flow.drive()
    assert str(run.status) == "completed"
    assert session == golden.changes


def test_cancel_ends_waiting_and_pending_steps(flow, session, golden):
    text = """
    name: given_up
    steps:
      - {key: wait, kind: wait, signal: never}
      - {key: other, kind: approval}
      - {key: end, kind: join, depends_on: [wait, other]}
    """
    run = flow.run(text)
    with golden.step("cancel"):
        cancel(session, run, actor_id=TINA, reason="not needed any more")
    with golden.step("cancel again"), pytest.raises(IllegalTransitionError):
        cancel(session, run, actor_id=TINA)
    with golden.step("drive in vain"):
        flow.drive(run)
    assert session == golden.changes


def test_a_wait_until_an_instant(flow, session, golden, clock):
    run = flow.start(
        'name: until\nsteps: [{key: w, kind: wait, until: "${input.at}"}]',
        input_data={"at": "2026-03-02T12:00:00+02:00"},
    )
    with golden.step("wait"):
        flow.drive()
    clock.set(datetime(2026, 3, 2, 9, 59, 50, tzinfo=UTC))
    with golden.step("too early"):
        flow.drive(run)
    clock.set(datetime(2026, 3, 2, 10, 0, tzinfo=UTC))
    with golden.step("ten o'clock"):
        flow.drive(run)
    assert str(run.status) == "completed"
    assert session == golden.changes


@pytest.mark.parametrize("early", [True, False], ids=["before-the-wait", "during-the-wait"])
def test_a_signal(flow, session, golden, early):
    run = flow.start('name: paid\nsteps: [{key: w, kind: wait, signal: "paid ${input.n}"}]', input_data={"n": 5})
    if not early:
        flow.drive()
    with golden.step("another signal"):
        signal(session, run, name="paid 6", actor_id=MARA, engine=flow.engine)
    with golden.step("signal"):
        signal(session, run, name="paid 5", payload={"by": "card"}, actor_id=MARA, engine=flow.engine)
    with golden.step("drive"):
        flow.drive(run)
    assert str(run.status) == "completed"
    assert session == golden.changes


APPROVAL = """
name: approval
steps:
  - {key: ask, kind: approval, title: "pay ${input.n}?", details: {to: "${input.to}"}, on_reject: [sorry],
     timeout: 3600}
  - {key: pay, kind: task, action: echo, depends_on: [ask], parameters: {by: "${steps.ask.output.by}"}}
  - {key: sorry, kind: task, action: echo, parameters: {why: "${steps.ask.output.comment}"}}
"""
GIVEN = {"n": 5, "to": "Nils"}


@pytest.mark.usefixtures("one_insert_per_table")
def test_an_approval_granted(flow, session, golden):
    run = flow.start(APPROVAL, input_data=GIVEN)
    with golden.step("ask"), golden.budget(exactly=11):
        flow.drive()
    with golden.step("a member may not"), pytest.raises(NotAuthorizedError):
        approve(session, run, step_key="ask", actor_id=MARA, engine=flow.engine)
    with golden.step("approve"), golden.budget(exactly=10):
        approve(session, run, step_key="ask", actor_id=TINA, comment="go", engine=flow.engine)
    with golden.step("approve twice"), pytest.raises(NotFoundError):
        approve(session, run, step_key="ask", actor_id=TINA, engine=flow.engine)
    with golden.step("run on"), golden.budget(exactly=14):
        flow.drive()
    assert session == golden.changes


def test_an_approval_rejected(flow, session, golden):
    run = flow.run(APPROVAL, input_data=GIVEN)
    with golden.step("reject"):
        reject(session, run, step_key="ask", actor_id=TINA, comment="too much", engine=flow.engine)
    with golden.step("run on"):
        flow.drive()
    assert session == golden.changes


def test_an_approval_timed_out_takes_the_reject_branch(flow, session, golden, clock):
    run = flow.run(APPROVAL, input_data=GIVEN)
    clock.advance(hours=1)
    with golden.step("an hour later"):
        flow.drive(run)
    assert str(run.status) == "completed"
    assert session == golden.changes


def test_approvals_in_parallel_branches_are_decided_one_by_one(flow, session, golden):
    text = """
    name: both
    steps:
      - {key: fork, kind: parallel, branches: [legal, money]}
      - {key: legal, kind: approval}
      - {key: money, kind: approval, roles: [owner, team_lead]}
      - {key: sign, kind: task, action: echo, depends_on: [legal, money]}
    """
    run = flow.start(text)
    with golden.step("ask"):
        flow.drive()
    with golden.step("money"):
        approve(session, run, step_key="money", actor_id=TINA, engine=flow.engine)
        flow.drive()
    with golden.step("legal"):
        reject(session, run, step_key="legal", actor_id=TINA, comment="no", engine=flow.engine)
        flow.drive()
    assert str(run.status) == "completed"
    assert session == golden.changes


def test_an_autonomous_agent_decides(flow, session, golden):
    run = flow.run(APPROVAL, input_data=GIVEN, agent_id=AUDITOR)
    judged = {"step_key": "ask", "approved": True, "reasoning": "as ordered", "engine": flow.engine}
    with golden.step("not sure enough"), pytest.raises(NotAuthorizedError):
        decide_by_agent(session, run, reviewer_agent_id=INVOICER, analysis=0.9, **judged)
    with golden.step("not of the field"), pytest.raises(NotAuthorizedError):
        decide_by_agent(session, run, reviewer_agent_id=GREETER, analysis=0.99, **judged)
    with golden.step("approve"):
        decide_by_agent(session, run, reviewer_agent_id=INVOICER, analysis=0.97, **judged)
    flow.drive()
    assert str(run.status) == "completed"
    assert session == golden.changes
