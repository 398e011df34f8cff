"""Rules at their exact limits, beside values that were worked out apart from the code."""

from __future__ import annotations

from decimal import ROUND_HALF_EVEN, Decimal

import pytest

from controlplane.governance import (
    admit_trigger,
    approve_training,
    complete_supervision,
    complete_training,
    intervene,
    record_outcome,
    start_supervision,
    start_training,
)
from controlplane.governance.training.estimate import estimate_training

pytestmark = pytest.mark.seed("governance")


@pytest.mark.parametrize(
    ("agent", "confidence", "success", "after"),
    [("otto", 0.98, True, 1.0), ("sam", 0.05, False, 0.0)],
)
def test_confidence_stays_within_nought_and_one(session, world, golden, agent, confidence, success, after):
    world.agent(session, agent).confidence_score = confidence
    session.flush()
    with golden.step("outcome of high impact"):
        record_outcome(
            session, workspace_id=world.acme, agent_id=getattr(world, agent), success=success, impact="high"
        )
    assert world.agent(session, agent).confidence_score == after
    assert session == golden.changes


@pytest.mark.parametrize(("agent", "confidence"), [("otto", 1.0), ("sam", 0.0)])
def test_confidence_at_its_limit_is_not_written(session, world, writes_nothing, agent, confidence):
    world.agent(session, agent).confidence_score = confidence
    session.flush()
    with writes_nothing():
        record_outcome(
            session,
            workspace_id=world.acme,
            agent_id=getattr(world, agent),
            success=confidence == 1,
            impact="high",
        )
    assert world.agent(session, agent).confidence_score == confidence


def boost(rating, interventions):
    """Return max(0, (q-1)/40 - min(0.05, 0.01*k)) to 3 places, in decimal arithmetic."""
    exact = Decimal(rating - 1) / 40 - min(Decimal("0.05"), Decimal("0.01") * interventions)
    return float(max(Decimal(0), exact).quantize(Decimal("0.001"), rounding=ROUND_HALF_EVEN))


def test_boost_of_a_supervision_has_a_cap_and_a_floor(session, world, golden):
    rows = []
    for rating, interventions in ((5, 0), (5, 4), (5, 5), (5, 6), (3, 5), (2, 2), (2, 3), (1, 0), (1, 6)):
        world.agent(session, "sue").confidence_score = 0.7
        session.flush()
        supervision = start_supervision(
            session, workspace_id=world.acme, agent_id=world.sue, supervisor_id=world.tina, context={}
        )
        for _ in range(interventions):
            intervene(session, supervision, kind="correct", guidance="round to cents", actor_id=world.tina)
        complete_supervision(session, supervision, actor_id=world.tina, rating=rating)
        assert supervision.confidence_boost == pytest.approx(boost(rating, interventions), abs=0.00051)
        rows.append({"rating": rating, "interventions": interventions, "boost": supervision.confidence_boost})
    boosts = {(row["rating"], row["interventions"]): row["boost"] for row in rows}
    assert boosts[5, 5] == boosts[5, 6] == 0.05  # the cap
    assert boosts[2, 3] == boosts[1, 6] == 0  # the floor
    assert rows == golden.rows


@pytest.mark.parametrize(
    ("score", "boost"),
    [
        (0.0, 0.05),
        (0.2999, 0.05),
        (0.3, 0.10),
        (0.4999, 0.10),
        (0.5, 0.15),
        (0.6999, 0.15),
        (0.7, 0.20),
        (1.0, 0.20),
    ],
)
def test_boost_of_a_training_by_its_score(session, world, golden, score, boost):
    blocked = admit_trigger(
        session, workspace_id=world.acme, agent_id=world.sam, source="schedule", trigger_type="x", context={}
    )
    training = approve_training(session, blocked.proposal, actor_id=world.tina)
    start_training(session, training, actor_id=world.tina)
    before = world.agent(session, "sam").confidence_score
    with golden.step("complete"):
        complete_training(session, training, actor_id=world.tina, score=score)
    assert training.confidence_boost == boost
    assert world.agent(session, "sam").confidence_score == pytest.approx(before + boost)
    assert session == golden.changes


def test_override_of_a_training_estimate_keeps_the_estimate(session, world, golden):
    blocked = admit_trigger(
        session, workspace_id=world.acme, agent_id=world.sam, source="schedule", trigger_type="x", context={}
    )
    estimated = blocked.proposal.estimated_hours
    with golden.step("approve for 6 hours, 3 a day"):
        training = approve_training(session, blocked.proposal, actor_id=world.tina, hours=6, hours_per_day=3)
    assert (training.planned_hours, blocked.proposal.estimated_hours) == (6, estimated)
    assert session == golden.changes


def test_estimate_of_a_training_at_its_limits(golden):
    cases = (
        {"confidence": 0.4, "gaps": 0, "peer_hours": (), "past_scores": ()},  # 8 + 1 + 0 + 10 + 4
        {"confidence": 0.5, "gaps": 0, "peer_hours": (), "past_scores": ()},  # 8 + 0 + 0 + 10 + 4
        {"confidence": 0.9, "gaps": 0, "peer_hours": (), "past_scores": ()},  # never below: the same
        {"confidence": 0.0, "gaps": 3, "peer_hours": (20.0,) * 5, "past_scores": (0.7,)},  # 8 + 5 + 3 + 5 + 4
        {"confidence": 0.5, "gaps": 0, "peer_hours": (40.0,) * 9, "past_scores": (1.4,)},  # r = 2: 8 + 10 + 2
        {"confidence": 0.5, "gaps": 0, "peer_hours": (40.0,), "past_scores": (1.0, 2.0)},  # r capped at 2
        {
            "confidence": 0.5,
            "gaps": 0,
            "peer_hours": (40.0,),
            "past_scores": (0.1,),
        },  # r floored at 0.5: 8 + 10 + 8
    )
    found = [estimate_training(**case) for case in cases]
    assert [one.hours for one in found] == [23, 22, 22, 25, 20, 20, 26]
    assert [one.confidence for one in found] == [0.5, 0.5, 0.5, 0.75, 0.9, 0.55, 0.55]
    assert [(one.low, one.high) for one in found] == [
        (pytest.approx(one.hours * 0.7), pytest.approx(one.hours * 1.5)) for one in found
    ]
    assert [
        case | {"hours": one.hours, "low": one.low, "high": one.high}
        for case, one in zip(cases, found, strict=True)
    ] == golden.rows
