"""A supervision reaches the run that it watches: every verb, before the claim, during the step, after its end."""

from __future__ import annotations

import uuid

import pytest
from sqlalchemy import select

from controlplane import actions, governance
from controlplane.agents import get_execution
from controlplane.errors import (
    IllegalTransitionError,
    InvalidValueError,
    LeaseLostError,
    TooLateError,
    TransitionError,
)
from controlplane.execution import cancel, claim, complete, perform
from controlplane.governance.supervision.sessions import guidance_for
from controlplane.models import (
    AgentExecution,
    BlockedTrigger,
    Intervention,
    SupervisionSession,
    WorkflowExecution,
    WorkflowExecutionLog,
    WorkflowStepExecution,
)

pytestmark = pytest.mark.seed("agents")
ATELIER = uuid.UUID(int=1)
OLGA, TINA, MARA = (uuid.UUID(int=0xB0000 + number) for number in (1, 3, 4))
AUDITOR = uuid.UUID(int=0xA0002)
AGENT = """
name: agency
steps: [{key: act, kind: agent, action: search, parameters: {q: socks}}]
"""
MAPPED = """
name: agencies
steps: [{key: each, kind: map, over: [1], body: {kind: agent, action: search, parameters: {q: socks}}}]
"""
PARENT = """
name: parent
steps: [{key: call, kind: workflow, workflow: agency}]
"""


@pytest.fixture
def seen():
    """What the action saw: the guidance, at each call."""
    calls = []

    def search(parameters, *, idempotency_key):
        calls.append((idempotency_key.rpartition(":")[2], actions.guidance()))
        return {"found": 1}

    with actions.registered(search=search):
        yield calls


class Supervised:
    """A workflow whose one step is a supervised agent's, taken to any point."""

    def __init__(self, flow, seen):
        self.flow, self.session, self.seen = flow, flow.session, seen
        self.lease = None

    def start(self, text=AGENT, user_id=TINA):
        self.run = self.flow.start(text, agent_id=AUDITOR, user_id=user_id)
        return self

    def claimed(self):
        """Take the step under a lease: its action is under way."""
        self.lease = claim(self.session, execution_id=self.run.id, engine=self.flow.engine)
        self.session.commit()
        return self

    def queued(self, text=AGENT):
        """Let the step wait in the queue, and a supervisor take it: no worker has looked yet."""
        self.start(text, user_id=MARA)
        self.flow.drive()
        return governance.claim_next(self.session, workspace_id=ATELIER, supervisor_id=TINA)

    def finish(self):
        """Hand in the result of the step's action."""
        result = perform(self.lease, policy=self.flow.engine.http)
        complete(self.session, lease=self.lease, result=result, engine=self.flow.engine)
        self.session.commit()

    @property
    def watched(self):
        return self.session.scalars(select(SupervisionSession)).one()

    @property
    def agent_run(self):
        return self.session.scalars(select(AgentExecution).order_by(AgentExecution.created_at.desc())).first()

    def intervene(self, kind, supervision=None):
        return governance.intervene(
            self.session, supervision or self.watched, kind=kind, guidance=f"{kind} it", actor_id=TINA
        )

    def statuses(self):
        self.session.expire_all()
        step = self.session.scalars(
            select(WorkflowStepExecution).where(WorkflowStepExecution.kind == "agent")
        ).one()
        return tuple(str(record.status) for record in (self.watched, self.agent_run, step, self.run))


@pytest.fixture
def supervised(flow, seen):
    return Supervised(flow, seen)


def test_terminate_during_the_step_cancels_the_run(supervised, session, golden):
    supervised.start().claimed()
    with golden.step("terminate"):
        supervised.intervene("terminate")
        session.commit()
    with golden.step("late result"), pytest.raises(LeaseLostError):
        supervised.finish()
    session.rollback()
    with golden.step("engine"):
        supervised.flow.drive()
    assert supervised.statuses() == ("interrupted", "cancelled", "failed", "failed")
    assert session == golden.changes


def test_pause_during_the_step_pauses_the_run(supervised, session, golden, clock):
    supervised.start().claimed()
    with golden.step("pause"):
        supervised.intervene("pause")
        session.commit()
    with golden.step("late result"), pytest.raises(LeaseLostError):
        supervised.finish()
    session.rollback()
    with golden.step("nothing happens"):
        clock.advance(hours=1)
        supervised.flow.drive(supervised.run)
    assert supervised.statuses() == ("paused", "paused", "running", "running")
    with golden.step("resume"):
        governance.resume_supervision(session, supervised.watched, actor_id=TINA)
    with golden.step("engine"):
        supervised.flow.drive()
    assert supervised.statuses() == ("completed", "completed", "completed", "completed")
    assert [guidance for _, guidance in supervised.seen] == [(), ("pause it",)]
    assert len({key for key, _ in supervised.seen}) == 1
    assert session == golden.changes


def test_correct_during_the_step_hands_guidance_to_the_run(supervised):
    supervised.start().claimed()
    supervised.intervene("correct")
    supervised.session.commit()
    guidance = guidance_for(supervised.session, workspace_id=ATELIER, execution_id=supervised.agent_run.id)
    assert guidance == ("correct it",)
    supervised.finish()
    assert supervised.statuses()[:2] == ("completed", "completed")


def test_log_of_the_execution_names_each_intervention_and_its_supervisor(supervised, session, golden):
    supervised.start(MAPPED).claimed()
    supervised.intervene("correct")
    supervised.intervene("pause")
    governance.resume_supervision(session, supervised.watched, actor_id=TINA)
    supervised.claimed()
    governance.fail_supervision(session, supervised.watched, actor_id=TINA, reason="it went wrong")
    supervised.flow.drive()
    line = WorkflowExecutionLog
    lines = select(line.sequence, line.event, line.message, line.context, line.step_key).order_by(line.sequence)
    assert session.execute(lines.where(line.execution_id == supervised.run.id)).all() == golden.rows


def test_line_of_an_intervention_names_the_attempt(supervised, session):
    def fail(parameters, *, idempotency_key):
        raise ConnectionError("it is away")

    with actions.registered(search=fail):
        supervised.start(AGENT.replace("act,", "act, retry: {attempts: 2, delay: 0},")).claimed().finish()
        supervised.claimed()
        again = session.scalars(select(SupervisionSession).where(SupervisionSession.status == "running")).one()
        supervised.intervene("correct", again)
    line = WorkflowExecutionLog
    found = session.scalars(select(line.context).where(line.event == "step_corrected"))
    assert [context.get("attempt") for context in found] == [2]


def test_run_ends_its_supervision_when_it_completes(supervised, session, golden):
    with golden.step("run"):
        supervised.start().flow.drive()
    assert supervised.watched.execution_id == supervised.agent_run.id
    with golden.step("rate"):
        governance.complete_supervision(session, supervised.watched, actor_id=TINA, rating=5)
    with golden.step("rate again"), pytest.raises(TransitionError):
        governance.complete_supervision(session, supervised.watched, actor_id=TINA, rating=5)
    assert supervised.watched.confidence_boost == 0.1
    assert session == golden.changes


def test_run_ends_its_supervision_when_it_fails(supervised, session):
    def refuse(parameters, *, idempotency_key):
        raise ValueError("no")

    supervised.start().claimed()
    with actions.registered(search=refuse):
        supervised.finish()
    assert supervised.statuses() == ("failed", "failed", "failed", "failed")
    assert supervised.watched.duration_seconds is not None


@pytest.mark.parametrize("held", [False, True], ids=["under way", "paused"])
def test_run_ends_its_supervision_when_the_workflow_is_cancelled(supervised, session, held):
    supervised.start().claimed()
    if held:
        supervised.intervene("pause")
    cancel(session, supervised.run, actor_id=OLGA)
    assert supervised.statuses() == ("interrupted", "cancelled", "cancelled", "cancelled")


def test_run_ends_its_supervision_when_a_person_ends_the_run(supervised, session):
    from controlplane import agents  # noqa: PLC0415  the verbs of a run, beside those of a workflow

    supervised.start().claimed()
    agents.cancel(session, supervised.agent_run, actor_id=OLGA)
    session.commit()
    supervised.finish()
    assert supervised.statuses() == ("interrupted", "cancelled", "failed", "failed")


def test_held_step_ends_when_the_execution_is_late(supervised, session, clock):
    supervised.start(AGENT + "timeout: 60\n").claimed()
    supervised.intervene("pause")
    clock.advance(seconds=120)
    supervised.flow.drive(supervised.run)
    assert supervised.statuses() == ("interrupted", "cancelled", "cancelled", "failed")


@pytest.mark.parametrize("kind", ["terminate", "pause", "correct"])
def test_intervention_after_the_end_is_too_late_and_writes_nothing(supervised, session, writes_nothing, kind):
    supervised.start().flow.drive()
    with (
        writes_nothing(),
        pytest.raises(TooLateError, match=f"too late to {kind}: agent_execution .* is completed"),
    ):
        supervised.intervene(kind)
    assert session.scalars(select(Intervention)).all() == []


@pytest.mark.parametrize("kind", ["terminate", "pause", "correct"])
def test_intervention_about_a_run_that_ended_alone_is_too_late(supervised, session, kind):
    """A supervision of an earlier version may be open though its run has ended."""
    supervised.start().claimed()
    session.execute(AgentExecution.__table__.update().values(status="completed"))
    with pytest.raises(TooLateError, match=f"too late to {kind}") as refusal:
        supervised.intervene(kind)
    target = {"terminate": "cancelled", "pause": "paused", "correct": "running"}[kind]
    assert (refusal.value.from_status, refusal.value.to_status) == ("completed", target)
    assert session.scalars(select(Intervention)).all() == []


def test_terminate_before_the_claim_refuses_the_step(supervised, session, golden):
    supervision = supervised.queued()
    with golden.step("terminate"):
        supervised.intervene("terminate", supervision)
    with golden.step("engine"):
        supervised.flow.drive()
    assert supervised.seen == []
    assert (str(supervised.run.status), supervised.run.error_type) == ("failed", "RefusedError")
    assert session == golden.changes


def test_pause_before_the_claim_holds_the_step(supervised, session, golden, clock):
    supervision = supervised.queued()
    with golden.step("pause"):
        supervised.intervene("pause", supervision)
    clock.advance(minutes=5)
    with golden.step("engine"):
        supervised.flow.drive()
    assert supervised.seen == []
    with golden.step("resume"):
        governance.resume_supervision(session, supervision, actor_id=TINA)
    with golden.step("engine again"):
        supervised.flow.drive()
    assert supervised.statuses() == ("completed", "completed", "completed", "completed")
    assert session == golden.changes


@pytest.mark.parametrize("kind", ["terminate", "pause"])
def test_step_from_the_queue_is_reached_while_it_is_performed(supervised, session, kind):
    supervision = supervised.queued()
    supervised.claimed()
    supervised.intervene(kind, supervision)
    session.commit()
    with pytest.raises(LeaseLostError):
        supervised.finish()
    session.rollback()
    supervised.flow.drive()
    ends = {
        "terminate": ("interrupted", "cancelled", "failed", "failed"),
        "pause": ("paused", "paused", "running", "running"),
    }
    assert supervised.statuses() == ends[kind]
    outcome = session.scalars(select(BlockedTrigger.resolution_outcome)).one()
    assert outcome == ("interrupted" if kind == "terminate" else None)


def test_step_of_a_child_workflow_is_reached(supervised, session):
    supervised.flow.save(AGENT)
    supervision = supervised.queued(PARENT)
    parent = supervised.run
    supervised.run = session.scalars(
        select(WorkflowExecution).where(WorkflowExecution.parent_execution_id == parent.id)
    ).one()
    supervised.claimed()
    supervised.intervene("terminate", supervision)
    supervised.flow.drive()
    assert supervised.statuses() == ("interrupted", "cancelled", "failed", "failed")
    session.refresh(parent)
    assert (str(parent.status), parent.error_type) == ("failed", "ChildFailedError")


@pytest.mark.parametrize(
    ("source", "user", "decision"),
    [("manual", TINA, "supervised"), ("schedule", TINA, "queued"), ("manual", MARA, "queued")],
)
def test_supervisor_is_present_who_started_the_workflow_in_person(supervised, session, source, user, decision):
    supervised.run = supervised.flow.start(AGENT, agent_id=AUDITOR, user_id=user, triggered_by=source)
    supervised.flow.drive()
    found = session.scalars(select(SupervisionSession)).all(), session.scalars(select(BlockedTrigger)).all()
    assert tuple(map(len, found)) == ((1, 0) if decision == "supervised" else (0, 1))


def test_failed_supervision_fails_the_run(supervised, session):
    supervision = supervised.queued()
    supervised.claimed()
    governance.fail_supervision(session, supervision, actor_id=TINA, reason="it went wrong")
    session.commit()
    with pytest.raises(LeaseLostError):
        supervised.finish()
    session.rollback()
    supervised.flow.drive()
    assert supervised.statuses() == ("failed", "failed", "failed", "failed")
    assert str(session.scalars(select(BlockedTrigger.status)).one()) == "resolved"


def test_supervision_of_a_given_run(supervised, session):
    from controlplane import agents  # noqa: PLC0415  the verbs of a run, beside those of a workflow

    def watch(execution_id):
        return governance.start_supervision(
            session, workspace_id=ATELIER, agent_id=AUDITOR, supervisor_id=TINA, execution_id=execution_id
        )

    run = agents.request(session, workspace_id=ATELIER, agent_id=AUDITOR, triggered_by="event")
    supervision = watch(run.id)
    with pytest.raises(InvalidValueError, match="watched already"):
        watch(run.id)
    with pytest.raises(IllegalTransitionError, match="can't go from pending to paused") as refusal:
        governance.intervene(session, supervision, kind="pause", guidance="wait", actor_id=TINA)
    assert not isinstance(refusal.value, TooLateError)
    governance.intervene(session, supervision, kind="correct", guidance="be kind", actor_id=TINA)
    agents.start(session, run)
    governance.intervene(session, supervision, kind="pause", guidance="wait", actor_id=TINA)
    assert get_execution(session, workspace_id=ATELIER, execution_id=run.id).status == "paused"
    governance.resume_supervision(session, supervision, actor_id=TINA)
    governance.intervene(session, supervision, kind="terminate", guidance="stop", actor_id=TINA)
    session.refresh(run)
    assert run.status == "cancelled"
    with pytest.raises(InvalidValueError, match="it has ended"):
        watch(run.id)
