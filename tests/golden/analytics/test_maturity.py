"""How far agents are trusted, how they got there, and who is next."""

from __future__ import annotations

import uuid

import pytest
import sqlalchemy as sa

from controlplane.analytics.questions.governance.maturity import (
    select_agents_by_maturity_and_status,
    select_graduation_readiness,
    select_leaderboard,
    select_maturity_changes,
)
from controlplane.analytics.sql.buckets import Bucket
from controlplane.models import Agent, AgentExecution, SupervisionSession


@pytest.mark.seed("agents")
def test_agents_by_maturity_and_status(ask, golden):
    rows = ask(select_agents_by_maturity_and_status).all()
    assert rows == golden
    counts = {(row.maturity_level, row.status): row.agents for row in rows}
    assert len(counts) == 4 * 5
    assert sum(counts.values()) == 8
    assert counts["student", "active"] == 2
    assert counts["supervised", "deleted"] == 1


@pytest.mark.seed("lifecycle_history")
def test_promotions_and_demotions_per_day(ask, golden):
    rows = ask(select_maturity_changes, bucket=Bucket.DAY).all()
    assert rows == golden
    assert [(row.promotions, row.demotions, row.agents) for row in rows] == [
        (1, 0, 1),
        (1, 1, 1),  # up and down again: one agent
        (0, 0, 0),
        (1, 0, 1),
        (0, 0, 0),
        (0, 0, 0),
        (0, 1, 1),
    ]


@pytest.mark.seed("lifecycle_history")
def test_promotions_and_demotions_of_the_week(ask, world, golden):
    assert ask(select_maturity_changes, bucket=Bucket.WEEK).all() == golden.rows


@pytest.mark.seed("lifecycle_history")
def test_promotions_of_the_neighbour(ask, world, golden):
    assert ask(select_maturity_changes, bucket=Bucket.WEEK, workspace_id=world.neighbour).all() == golden.rows


@pytest.mark.seed("governance_history")
def test_graduation_readiness(ask, golden):
    rows = ask(select_graduation_readiness).all()
    assert rows == golden.rows
    assert [(row.agent, row.episodes, row.interventions, row.ready) for row in rows] == [
        ("auditor", 1, 0, False),
        ("Archivist", 1, 1, False),
        ("Auditor", 0, 54, False),
        ("Greeter", 0, 0, False),
        ("Novice", 0, 0, False),
    ]


@pytest.mark.seed("governance_history", "graduation")
def test_readiness_at_the_limits(ask, golden):
    rows = ask(select_graduation_readiness).all()
    assert rows == golden.rows
    ready = {row.agent: row.ready for row in rows}
    assert ready["Exactly enough"] is True  # 10 episodes, 5 interventions
    assert ready["One episode short"] is False
    assert ready["One intervention over"] is False


@pytest.mark.seed("governance_history")
def test_readiness_in_an_empty_workspace(ask, world):
    assert ask(select_graduation_readiness, workspace_id=world.nobody).all() == []


@pytest.mark.seed("executions")
def test_the_leaderboard_with_ties(session, ask, world, golden):
    session.execute(sa.update(Agent).where(Agent.id == world.agent(4)).values(confidence_score=0.6))
    rows = ask(select_leaderboard, limit=10).all()
    assert rows == golden
    # Greeter and Novice: no outcome, the same confidence
    assert [(row.rank, row.agent) for row in rows] == [
        (1, "auditor"),
        (2, "Invoicer"),
        (3, "Archivist"),
        (4, "Auditor"),
        (5, "Greeter"),
        (5, "Novice"),
    ]


@pytest.mark.seed("executions")
def test_the_rank_after_a_tie_is_left_out(session, ask, world, golden):
    tied = (world.agent(1), world.agent(5))
    session.execute(sa.update(Agent).where(Agent.id.in_(tied)).values(confidence_score=0.3))
    session.execute(sa.update(AgentExecution).where(AgentExecution.agent_id.in_(tied)).values(status="completed"))
    rows = ask(select_leaderboard, limit=4).all()
    assert rows == golden.rows
    ranked = [(row.rank, row.agent, row.success_rate) for row in rows]
    assert ranked == [(1, "auditor", 1), (2, "Archivist", 1), (2, "Invoicer", 1), (4, "Auditor", 0)]


@pytest.mark.seed("executions")
def test_the_top_of_the_leaderboard(ask, golden):
    assert ask(select_leaderboard, limit=2).all() == golden.rows


@pytest.mark.seed("executions")
def test_the_leaderboard_of_the_neighbour(ask, world, golden):
    assert ask(select_leaderboard, limit=10, workspace_id=world.neighbour).all() == golden.rows


@pytest.mark.seed("governance_history")
@pytest.mark.parametrize(
    ("level", "episodes", "interventions", "is_ready"),
    [
        *(("intern", 25, 5, True), ("intern", 24, 4, False), ("intern", 25, 6, False)),
        *(("supervised", 50, 0, True), ("supervised", 49, 0, False), ("supervised", 50, 1, False)),
    ],
)
def test_readiness_at_the_limits_of_the_level(
    session, ask, add, world, golden, level, episodes, interventions, is_ready
):
    add(
        Agent,
        {"id": 0xA0F01},
        name="At the limit",
        category="limits",
        module_path="m",
        class_name="L",
        maturity_level=level,
        status="active",
        confidence_score=0.6,
    )
    runs = {
        "agent_id": world.agent(0xF01),
        "status": "completed",
        "triggered_by": "manual",
        "created_at": world.monday,
    }
    add(AgentExecution, *({"id": 0xE7F00 + number} for number in range(episodes)), **runs)
    supervision = {"agent_id": world.agent(0xF01), "supervisor_id": uuid.UUID(int=0xB0001), "status": "completed"}
    if interventions:
        held = {"id": 0xF7F00, "intervention_count": interventions, "started_at": world.monday}
        add(SupervisionSession, held, **supervision)
    rows = [row for row in ask(select_graduation_readiness).all() if row.agent == "At the limit"]
    assert [(row.episodes, row.interventions, row.ready) for row in rows] == [(episodes, interventions, is_ready)]
    assert rows == golden.rows
