"""Training from the proposal to the end, and what it does to confidence and maturity."""

from __future__ import annotations

from datetime import timedelta

import pytest

from controlplane.errors import IllegalTransitionError, InvalidValueError, RefusedError
from controlplane.governance import (
    admit_trigger,
    approve_training,
    cancel_training,
    complete_training,
    fail_training,
    propose_action,
    propose_training,
    start_training,
)
from controlplane.governance.lifecycle import TRAINING
from controlplane.governance.review.proposals import estimate_for
from controlplane.lifecycle import transition
from controlplane.models import Maturity, TrainingSession, TrainingStatus

pytestmark = pytest.mark.seed("governance")


def blocked(session, world, agent="sam"):
    return admit_trigger(
        session,
        workspace_id=world.acme,
        agent_id=getattr(world, agent),
        source="schedule",
        trigger_type="reconcile",
        context={"month": "2026-02"},
    )


def scheduled(session, world, **more):
    return approve_training(session, blocked(session, world).proposal, actor_id=world.tina, **more)


def begun(session, world):
    training = scheduled(session, world)
    start_training(session, training, actor_id=world.tina)
    return training


def test_from_a_blocked_trigger_to_an_intern(session, golden, world, clock, locks):
    with golden.step("trigger"), golden.budget(exactly=7), locks(0):
        proposal = blocked(session, world).proposal
    with golden.step("approve"), golden.budget(exactly=8), locks(1):
        training = approve_training(session, proposal, actor_id=world.tina, comments="go")
    with golden.step("start"), golden.budget(exactly=5), locks(1):
        start_training(session, training, actor_id=world.tina)
    clock.advance(hours=6)
    with golden.step("complete"), golden.budget(exactly=22), locks(5):
        complete_training(
            session,
            training,
            actor_id=world.tina,
            score=0.65,
            tasks_completed=9,
            tasks_total=10,
            errors_count=2,
            capabilities_developed=["reconcile"],
            capability_gaps_remaining=["close"],
            feedback="careful, but slow",
        )
    sam = world.agent(session, "sam")
    assert (sam.confidence_score, sam.maturity_level, training.promoted) == (0.55, Maturity.INTERN, True)
    assert session == golden.changes


@pytest.mark.max_queries(16)
def test_failed(session, world, training, golden):
    with golden.step("fail"):
        fail_training(session, training, actor_id=world.tina, reason="the data were wrong")
    assert session == golden.changes


@pytest.fixture(params=[scheduled, begun], ids=["scheduled", "begun"])
def unfinished(session, world, request):
    return request.param(session, world)


@pytest.mark.max_queries(16)
def test_cancelled(session, world, unfinished, golden):
    training, was_scheduled = unfinished, unfinished.started_at is None
    with golden.step("cancel"):
        cancel_training(session, training, actor_id=world.tina, reason="no time")
    assert (training.duration_seconds is None) is was_scheduled
    assert session == golden.changes


@pytest.mark.parametrize(
    ("confidence", "score", "after", "maturity"),
    [
        *((0.4, 0.29, 0.45, "student"), (0.4, 0.3, 0.5, "intern"), (0.4, 0.5, 0.55, "intern")),
        *((0.4, 0.7, 0.6, "intern"), (0.3, 0.7, 0.5, "intern"), (0.2999, 0.7, 0.4999, "student")),
    ],
)
def test_a_student_becomes_an_intern_at_one_half(session, world, confidence, score, after, maturity):
    world.agent(session, "sam").confidence_score = confidence
    training = begun(session, world)
    complete_training(session, training, actor_id=world.tina, score=score)
    sam = world.agent(session, "sam")
    assert (sam.confidence_score, sam.maturity_level) == (after, maturity)
    assert training.promoted is (maturity == "intern")


def test_training_makes_an_intern_and_never_more(session, world):
    """Confidence that was raised past the student's range in between does not carry it over two levels."""
    training = begun(session, world)
    sam = world.agent(session, "sam")
    sam.confidence_score = 0.85
    session.flush()
    complete_training(session, training, actor_id=world.tina, score=1.0)
    sam = world.agent(session, "sam")
    assert (sam.confidence_score, sam.maturity_level) == (1.0, Maturity.INTERN)


@pytest.fixture
def training(session, world):
    """A training that has begun; made before `golden`, so that it is in no golden."""
    return begun(session, world)


VERBS = {
    "start": start_training,
    "complete": lambda session, training, actor_id: complete_training(
        session, training, actor_id=actor_id, score=0.9
    ),
    "fail": lambda session, training, actor_id: fail_training(session, training, actor_id=actor_id, reason="x"),
    "cancel": lambda session, training, actor_id: cancel_training(
        session, training, actor_id=actor_id, reason="x"
    ),
}


@pytest.fixture(params=["complete", "fail", "cancel"])
def ended(session, world, training, request):
    VERBS[request.param](session, training, actor_id=world.tina)
    return training


@pytest.mark.parametrize("second", sorted(VERBS))
@pytest.mark.max_queries(4)
def test_ended_record_refuses_every_verb(session, world, ended, writes_nothing, second):
    confidence = world.agent(session, "sam").confidence_score
    with writes_nothing(), pytest.raises(IllegalTransitionError):
        VERBS[second](session, ended, actor_id=world.tina)
    assert world.agent(session, "sam").confidence_score == confidence


@pytest.fixture
def planned(session, world):
    return scheduled(session, world)


@pytest.mark.parametrize("verb", ["complete", "fail"])
@pytest.mark.max_queries(2)
def test_training_that_has_not_started_can_not_end(session, world, planned, writes_nothing, verb):
    with writes_nothing(), pytest.raises(IllegalTransitionError, match="from scheduled"):
        VERBS[verb](session, planned, actor_id=world.tina)


def test_every_arrow_that_the_table_lacks_is_refused(session, golden, world):
    refused = []
    for source in TrainingStatus:
        for target in TrainingStatus:
            training = scheduled(session, world)
            training.status = source
            session.flush()
            try:
                transition(session, TRAINING, training, to=target)
            except IllegalTransitionError as error:
                refused.append({"from": error.from_status, "to": error.to_status})
    assert len(refused) == 5 * 5 - 5
    assert refused == golden.rows


@pytest.mark.max_queries(3)
def test_a_proposal_has_one_session(session, world, planned, writes_nothing):
    with writes_nothing(), pytest.raises(IllegalTransitionError):
        approve_training(session, planned.proposal, actor_id=world.olga)


@pytest.mark.parametrize(
    ("hours", "per_day", "days"), [(None, 8, 24 / 8), (10, 8, 1.25), (48, 24, 2), (0.25, 0.25, 1)]
)
def test_the_end_is_planned_by_hours_a_day(session, world, hours, per_day, days):
    training = scheduled(session, world, hours=hours, hours_per_day=per_day)
    assert training.planned_hours == (hours or 24)
    assert training.scheduled_end_at - training.scheduled_at == timedelta(days=days)


@pytest.fixture(params=["ines", "pia"])
def no_student(session, world, request):
    agent_id = getattr(world, request.param)
    return propose_training(session, workspace_id=world.acme, agent_id=agent_id, title="Learn")


@pytest.mark.max_queries(2)
def test_only_active_students_are_trained(session, world, no_student, writes_nothing):
    with writes_nothing(), pytest.raises(RefusedError, match="training is for active students"):
        approve_training(session, no_student, actor_id=world.tina)


def test_an_action_is_not_scheduled_as_a_training(session, world):
    proposal = propose_action(session, workspace_id=world.acme, agent_id=world.sam, title="x", action="search")
    with pytest.raises(InvalidValueError, match="proposal_type"):
        approve_training(session, proposal, actor_id=world.tina)


@pytest.mark.seed("trainings")
def test_the_estimate_takes_its_peers_from_the_category_and_its_own_past(session, golden, world):
    """Peers: Ines 10 h, Sue 20 + 10 h, Otto 40 h: H = 80/3. Past: a mean of 0.35, so half as fast. One gap.

    0.2*40 + 0.2*50*0.1 + 0.25*4 + 0.25*80/3 + 0.1*40/0.5 = 8 + 1 + 1 + 6.6667 + 8
    """
    sam = world.agent(session, "sam")
    with golden.step("estimate"):
        estimate = estimate_for(session, sam, gaps=1)
    assert (estimate.hours, estimate.low, estimate.high, estimate.confidence) == (24.67, 17.27, 37.0, 0.65)
    assert session == golden.sql


def test_the_duration_is_that_of_the_database_not_of_a_stale_object(session, world, clock):
    training = scheduled(session, world)
    session.execute(
        TrainingSession.__table__.update().values(status=TrainingStatus.IN_PROGRESS, started_at=clock.current)
    )
    clock.advance(minutes=1)
    cancel_training(session, training, actor_id=world.tina, reason="x")
    assert training.duration_seconds >= 60
