"""Supervision: stepping in, and what a rating does to confidence and maturity."""

from __future__ import annotations

import pytest

from controlplane.agents import request, start, time_out
from controlplane.errors import IllegalTransitionError, InvalidValueError, RefusedError
from controlplane.governance import (
    complete_supervision,
    fail_supervision,
    intervene,
    resume_supervision,
    start_supervision,
)
from controlplane.governance.lifecycle import SUPERVISION
from controlplane.lifecycle import transition
from controlplane.models import InterventionType, Maturity, SupervisionStatus

pytestmark = pytest.mark.seed("governance")


def begin(session, world, agent="sue"):
    return start_supervision(
        session,
        workspace_id=world.acme,
        agent_id=getattr(world, agent),
        supervisor_id=world.tina,
        context={"task": "reconcile"},
    )


@pytest.mark.max_queries(39)
def test_corrected_paused_resumed_completed_promoted(session, golden, world, clock):
    world.agent(session, "sue").confidence_score = 0.82
    with golden.step("begin"):
        supervision = begin(session, world)
    with golden.step("correct"):
        intervene(session, supervision, kind="correct", guidance="round to cents", actor_id=world.tina)
    with golden.step("pause"):
        intervene(session, supervision, kind="pause", guidance="wait for the bank", actor_id=world.olga)
    with golden.step("resume"):
        resume_supervision(session, supervision, actor_id=world.tina)
    clock.advance(minutes=30)
    with golden.step("complete"):
        complete_supervision(session, supervision, actor_id=world.tina, rating=5, feedback="good")
    sue = world.agent(session, "sue")
    assert (sue.confidence_score, sue.maturity_level) == (0.9, Maturity.AUTONOMOUS)
    assert session == golden.changes


def test_terminated(session, world, supervision, golden, locks):
    with golden.step("terminate"), golden.budget(exactly=8), locks(1):
        intervene(session, supervision, kind="terminate", guidance="wrong account", actor_id=world.tina)
    assert supervision.status is SupervisionStatus.INTERRUPTED
    assert session == golden.changes


@pytest.mark.max_queries(8)
def test_failed(session, world, supervision, golden):
    with golden.step("fail"):
        fail_supervision(session, supervision, actor_id=world.tina, reason="the bank is down")
    assert session == golden.changes


def test_run_that_times_out_fails_its_supervision(session, world, golden):
    run = request(session, workspace_id=world.acme, agent_id=world.sue, triggered_by="manual")
    start(session, run)
    supervision = start_supervision(
        session, workspace_id=world.acme, agent_id=world.sue, supervisor_id=world.tina, execution_id=run.id
    )
    with golden.step("time out"):
        time_out(session, run, after_seconds=60)
    assert supervision.status is SupervisionStatus.FAILED
    assert session == golden.changes


@pytest.mark.parametrize(
    ("confidence", "rating", "after", "maturity"),
    [
        *((0.8, 5, 0.9, "autonomous"), (0.7999, 5, 0.8999, "supervised"), (0.8, 1, 0.8, "supervised")),
        *((0.7, 2, 0.725, "supervised"), (0.95, 5, 1.0, "autonomous")),
    ],
)
def test_a_supervised_agent_becomes_autonomous_at_nine_tenths(session, world, confidence, rating, after, maturity):
    world.agent(session, "sue").confidence_score = confidence
    supervision = begin(session, world)
    complete_supervision(session, supervision, actor_id=world.tina, rating=rating)
    sue = world.agent(session, "sue")
    assert (sue.confidence_score, sue.maturity_level) == (after, maturity)


@pytest.fixture
def supervision(session, world):
    """A supervised run; made before `golden`, so that it is in no golden."""
    return begin(session, world)


VERBS = {
    **{
        kind.value: lambda session, supervision, actor_id, kind=kind: intervene(
            session, supervision, kind=kind, guidance="x", actor_id=actor_id
        )
        for kind in InterventionType
    },
    "resume": resume_supervision,
    "complete": lambda session, supervision, actor_id: complete_supervision(
        session, supervision, actor_id=actor_id, rating=5
    ),
    "fail": lambda session, supervision, actor_id: fail_supervision(
        session, supervision, actor_id=actor_id, reason="x"
    ),
}


@pytest.fixture(params=["complete", "fail", "terminate"])
def ended(session, world, supervision, request):
    VERBS[request.param](session, supervision, actor_id=world.tina)
    return supervision


@pytest.mark.parametrize("second", sorted(VERBS))
@pytest.mark.max_queries(6)
def test_ended_record_refuses_every_verb(session, world, ended, writes_nothing, second):
    confidence = world.agent(session, "sue").confidence_score
    with writes_nothing(), pytest.raises(IllegalTransitionError):
        VERBS[second](session, ended, actor_id=world.tina)
    assert world.agent(session, "sue").confidence_score == confidence


@pytest.fixture
def paused(session, world, supervision):
    intervene(session, supervision, kind="pause", guidance="wait", actor_id=world.tina)
    return supervision


@pytest.mark.parametrize("verb", sorted(set(VERBS) - {"resume"}))
@pytest.mark.max_queries(4)
def test_a_paused_session_can_only_be_resumed(session, world, paused, writes_nothing, verb):
    with writes_nothing(), pytest.raises(IllegalTransitionError, match=r"(from|already) paused"):
        VERBS[verb](session, paused, actor_id=world.tina)
    assert paused.intervention_count == 1


def test_a_running_session_can_not_be_resumed(session, world):
    supervision = begin(session, world)
    with pytest.raises(IllegalTransitionError, match="is already running"):
        resume_supervision(session, supervision, actor_id=world.tina)


def test_every_arrow_that_the_table_lacks_is_refused(session, golden, world):
    refused = []
    for source in SupervisionStatus:
        for target in SupervisionStatus:
            supervision = begin(session, world)
            supervision.status = source
            session.flush()
            try:
                transition(session, SUPERVISION, supervision, to=target)
            except IllegalTransitionError as error:
                refused.append({"from": error.from_status, "to": error.to_status})
    assert len(refused) == 5 * 5 - 7
    assert refused == golden.rows


@pytest.mark.parametrize(("kind", "guidance"), [("shout", "x"), ("correct", ""), ("terminate", None), (None, "x")])
@pytest.mark.max_queries(0)
def test_an_intervention_is_validated_before_anything_is_written(
    session, world, supervision, writes_nothing, kind, guidance
):
    with writes_nothing(), pytest.raises(InvalidValueError):
        intervene(session, supervision, kind=kind, guidance=guidance, actor_id=world.tina)
    assert (supervision.status, supervision.intervention_count) == ("running", 0)


@pytest.mark.parametrize("agent", ["sam", "ines", "otto", "pia"])
def test_only_active_supervised_agents_are_supervised(session, world, agent):
    with pytest.raises(RefusedError, match="supervision is for active supervised agents"):
        begin(session, world, agent)


def test_interventions_are_counted_from_the_row_not_from_memory(session, world):
    supervision = begin(session, world)
    session.execute(type(supervision).__table__.update().values(intervention_count=4))
    intervention = intervene(session, supervision, kind="correct", guidance="x", actor_id=world.tina)
    assert (intervention.sequence, supervision.intervention_count) == (5, 5)
