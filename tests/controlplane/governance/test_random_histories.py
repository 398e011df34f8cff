"""Random sequences of verbs: in any order, state, events and counters agree."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select

from controlplane import governance
from controlplane.agents import AGENT, MATURITY
from controlplane.errors import ControlPlaneError
from controlplane.governance.lifecycle import FEEDBACK, OF_AN_AGENT
from controlplane.governance.maturity import for_confidence
from controlplane.models import (
    Agent,
    AgentExecution,
    BlockedTrigger,
    Intervention,
    LifecycleEvent,
    Proposal,
    SupervisionSession,
    TrainingSession,
)

AGENTS = ("sam", "ines", "sue", "otto")
RECORDS = {
    "proposal": Proposal,
    "training": TrainingSession,
    "supervision": SupervisionSession,
    "feedback": FEEDBACK.model,
}


def claim_approved(session, proposal):
    return governance.claim_approved(session, workspace_id=proposal.workspace_id, proposal_id=proposal.id)


def run_approved(session, proposal):
    order = claim_approved(session, proposal)
    if order is not None:
        governance.record_approved(session, order, governance.execute_approved(order))


# Every verb of the slice on one of the records that there are; `n` picks the record, `agent` and `who` are names.
VERBS = {
    "schedule": lambda s, w, agent, who, n: governance.admit_trigger(
        s, workspace_id=w.acme, agent_id=agent, source="schedule", trigger_type="send_email"
    ),
    "schedule watched": lambda s, w, agent, who, n: governance.admit_trigger(
        s, workspace_id=w.acme, agent_id=agent, source="event", trigger_type="search", supervisor_id=who
    ),
    "decide": lambda s, w, agent, who, n: governance.admit_action(
        s, workspace_id=w.acme, agent_id=agent, action="send_email", source="workflow_engine"
    ),
    "outcome": lambda s, w, agent, who, n: governance.record_outcome(
        s, workspace_id=w.acme, agent_id=agent, success=bool(n % 3), impact="high"
    ),
    "feedback": lambda s, w, agent, who, n: governance.submit_feedback(
        s, workspace_id=w.acme, agent_id=agent, user_id=who, rating=n % 5 + 1
    ),
    "promote": lambda s, w, agent, who, n: governance.set_maturity(
        s, s.get(Agent, agent), to=list(MATURITY.arrows)[n % 4], actor_id=who, reason="x"
    ),
    "operate": lambda s, w, agent, who, n: governance.set_status(
        s, s.get(Agent, agent), to=("active", "paused", "stopped")[n % 3], actor_id=who, reason="x"
    ),
    "claim": lambda s, w, agent, who, n: governance.claim_next(s, workspace_id=w.acme, supervisor_id=who),
    "expire": lambda s, w, agent, who, n: governance.expire_proposals(s, workspace_id=w.acme),
    "expire triggers": lambda s, w, agent, who, n: governance.expire_triggers(s, workspace_id=w.acme),
}
RECORD_VERBS = {
    "approve": ("proposal", lambda s, r, who: governance.approve(s, r, actor_id=who)),
    "take and settle": ("proposal", lambda s, r, who: run_approved(s, r)),
    "take and die": ("proposal", lambda s, r, who: claim_approved(s, r)),
    "approve training": ("proposal", lambda s, r, who: governance.approve_training(s, r, actor_id=who)),
    "reject": ("proposal", lambda s, r, who: governance.reject(s, r, actor_id=who, reason="x")),
    "cancel": ("proposal", lambda s, r, who: governance.cancel_proposal(s, r, actor_id=who, reason="x")),
    "start": ("training", lambda s, r, who: governance.start_training(s, r, actor_id=who)),
    "train": ("training", lambda s, r, who: governance.complete_training(s, r, actor_id=who, score=0.7)),
    "fail training": ("training", lambda s, r, who: governance.fail_training(s, r, actor_id=who, reason="x")),
    "call off": ("training", lambda s, r, who: governance.cancel_training(s, r, actor_id=who, reason="x")),
    "correct": (
        "supervision",
        lambda s, r, who: governance.intervene(s, r, kind="correct", guidance="x", actor_id=who),
    ),
    "pause": (
        "supervision",
        lambda s, r, who: governance.intervene(s, r, kind="pause", guidance="x", actor_id=who),
    ),
    "terminate": (
        "supervision",
        lambda s, r, who: governance.intervene(s, r, kind="terminate", guidance="x", actor_id=who),
    ),
    "resume": ("supervision", lambda s, r, who: governance.resume_supervision(s, r, actor_id=who)),
    "complete": ("supervision", lambda s, r, who: governance.complete_supervision(s, r, actor_id=who, rating=5)),
    "fail": ("supervision", lambda s, r, who: governance.fail_supervision(s, r, actor_id=who, reason="x")),
    "adjudicate": ("feedback", lambda s, r, who: governance.adjudicate(s, r, accept=True, actor_id=who)),
    "dismiss": ("feedback", lambda s, r, who: governance.adjudicate(s, r, accept=False, actor_id=who)),
}
STEPS = st.tuples(
    st.sampled_from(sorted({**VERBS, **RECORD_VERBS})),
    st.sampled_from(AGENTS),
    st.sampled_from(["olga", "tina", "olga", "tina", "milo"]),
    st.integers(min_value=0, max_value=11),
    st.sampled_from([0, 0, 0, 0, 0, 30 * 3600]),
)


def take(session, world, step):
    verb, agent, who, n, _wait = step
    if verb in VERBS:
        VERBS[verb](session, world, getattr(world, agent), getattr(world, who), n)
        return
    kind, act = RECORD_VERBS[verb]
    records = session.scalars(select(RECORDS[kind]).order_by(RECORDS[kind].id)).all()
    if records:
        act(session, records[n % len(records)], getattr(world, who))


def set_the_stage(session, world):
    """Make some of everything, so that short walks reach deep states."""
    for agent, source in (
        ("sam", "schedule"),
        ("sam", "event"),
        ("ines", "event"),
        ("sue", "event"),
        ("sue", "event"),
    ):
        intercepted = governance.admit_trigger(
            session,
            workspace_id=world.acme,
            agent_id=getattr(world, agent),
            source=source,
            trigger_type="send_email",
        )
        if source == "schedule":
            training = governance.approve_training(session, intercepted.proposal, actor_id=world.tina)
            governance.start_training(session, training, actor_id=world.tina)
    governance.claim_next(session, workspace_id=world.acme, supervisor_id=world.tina)
    for rating in (1, 5):
        governance.submit_feedback(
            session, workspace_id=world.acme, agent_id=world.sue, user_id=world.milo, rating=rating
        )


def contents(session):
    """Everything that a refused verb must not have changed."""
    models = [lifecycle.model for lifecycle in (AGENT, MATURITY, *OF_AN_AGENT)] + [LifecycleEvent, Intervention]
    return {
        model.__tablename__: sorted(map(str, session.execute(select(model.__table__)).all())) for model in models
    }


def assert_histories_agree(session, before):
    """Each record's events follow the arrows of its table without a gap and end at its status."""
    for lifecycle in (AGENT, MATURITY, *OF_AN_AGENT):
        query = select(LifecycleEvent).where(LifecycleEvent.record_kind == lifecycle.kind)
        histories = {}
        for event in session.scalars(query.order_by(LifecycleEvent.sequence)):
            histories.setdefault(event.record_id, []).append(event)
        for record in session.scalars(select(lifecycle.model)):
            events = histories.pop(record.id, [])
            assert [event.sequence for event in events] == list(range(1, len(events) + 1))
            status = before.get((lifecycle.kind, record.id))
            for event in events:
                assert event.from_status == status
                arrows = lifecycle.initial if status is None else lifecycle.arrows.get(status, ())
                assert event.to_status in arrows
                status = event.to_status
            assert lifecycle.status_of(record) == status
        assert histories == {}


def assert_counters_agree(session):
    for supervision in session.scalars(select(SupervisionSession)):
        found = session.scalar(
            select(func.count()).select_from(Intervention).where(Intervention.session_id == supervision.id)
        )
        assert supervision.intervention_count == found
        ended = supervision.status in ("completed", "interrupted", "failed")
        assert ended is (supervision.completed_at is not None) is (supervision.duration_seconds is not None)
        assert (supervision.confidence_boost is not None) is (supervision.status == "completed")
    for training in session.scalars(select(TrainingSession)):
        assert (training.confidence_boost is not None) is (training.status == "completed")
        proposal = session.get(Proposal, training.proposal_id)
        assert proposal.execution_id is None
        ended = {"completed": "executed", "failed": "execution_failed", "cancelled": "execution_failed"}
        assert proposal.status == ended.get(training.status, "approved")
    for trigger in session.scalars(select(BlockedTrigger)):
        assert trigger.resolved is (trigger.status == "resolved") is (trigger.resolution_outcome is not None)
        assert trigger.attempts <= 3
    for agent in session.scalars(select(Agent)):
        assert 0 <= agent.confidence_score <= 1
    actions = session.scalars(select(Proposal).where(Proposal.proposal_type == "action")).all()
    decided = [p for p in actions if p.status in ("approved", "executed", "execution_failed")]
    runs = session.scalars(select(AgentExecution).where(AgentExecution.triggered_by == "proposal")).all()
    kept = {run.id: run.status for run in runs if run.status != "timeout"}  # the others were given up as lost
    assert Counter(list(kept)) == Counter(proposal.execution_id for proposal in decided)
    for proposal in decided:
        ends = {"executed": ["completed"], "execution_failed": ["failed", "cancelled"]}
        assert kept[proposal.execution_id] in ends.get(proposal.status, ["pending", "running"])


@pytest.mark.seed("governance")
@settings(settings.get_profile("histories"))
@given(steps=st.lists(STEPS, min_size=15, max_size=50))
def test_state_events_and_counters_agree_after_random_histories(session, world, send_email, clock, steps):
    with session.begin_nested() as attempt:
        known = {}
        for lifecycle in (AGENT, MATURITY, *OF_AN_AGENT):
            for record in session.scalars(select(lifecycle.model)):
                known[lifecycle.kind, record.id] = lifecycle.status_of(record)
        set_the_stage(session, world)
        for step in steps:
            clock.advance(seconds=step[4])
            before = contents(session)
            try:
                take(session, world, step)
            except ControlPlaneError:
                assert contents(session) == before
            session.expire_all()
        assert_histories_agree(session, known)
        assert_counters_agree(session)
        attempt.rollback()
    session.expunge_all()


@pytest.mark.seed("governance")
@settings(settings.get_profile("histories"))
@given(outcomes=st.lists(st.tuples(st.booleans(), st.sampled_from(["high", "low"])), max_size=30))
def test_after_any_outcome_maturity_follows_confidence(session, world, outcomes):
    with session.begin_nested() as attempt:
        expected = 0.6
        for success, impact in outcomes:
            governance.record_outcome(
                session, workspace_id=world.acme, agent_id=world.ines, success=success, impact=impact
            )
            by = {(True, "high"): 500, (True, "low"): 100, (False, "high"): -1000, (False, "low"): -200}
            expected = min(10000, max(0, round(expected * 10000) + by[success, impact])) / 10000
            agent = world.agent(session, "ines")
            assert agent.confidence_score == expected
            assert agent.maturity_level == for_confidence(expected)
        attempt.rollback()
    session.expunge_all()
