"""Confidence, maturity and status of an agent, each on its own and how one moves the other."""

from __future__ import annotations

import itertools

import pytest

from controlplane.agents import AGENT, register
from controlplane.errors import IllegalTransitionError, NotFoundError
from controlplane.governance import record_outcome, set_maturity, set_status
from controlplane.lifecycle import transition
from controlplane.models import Agent, AgentStatus, Maturity

pytestmark = pytest.mark.seed("governance")


def outcome(session, world, agent, **facts):
    return record_outcome(session, workspace_id=world.acme, agent_id=getattr(world, agent), **facts)


@pytest.mark.parametrize(
    ("agent", "success", "impact", "confidence", "maturity"),
    [
        *(("sue", True, "high", 0.85, "supervised"), ("sue", True, "low", 0.81, "supervised")),
        *(("sue", False, "high", 0.7, "supervised"), ("sue", False, "low", 0.78, "supervised")),
        *(("otto", True, "high", 1.0, "autonomous"), ("otto", False, "high", 0.86, "supervised")),
    ],
)
def test_an_outcome_counts(session, world, agent, success, impact, confidence, maturity):
    change = outcome(session, world, agent, success=success, impact=impact)
    after = world.agent(session, agent)
    assert (after.confidence_score, after.maturity_level, change.after) == (confidence, maturity, maturity)


@pytest.mark.max_queries(12)
def test_two_successes_promote_and_one_failure_demotes(session, golden, world):
    with golden.step("two successes of high impact"):
        outcome(session, world, "sue", success=True, impact="high")
        outcome(session, world, "sue", success=True, impact="high")
    with golden.step("a failure of low impact"):
        outcome(session, world, "sue", success=False, impact="low")
    assert session == golden.changes


@pytest.mark.max_queries(6)
def test_reporter_of_outcome_is_actor_of_its_changes(session, golden, world):
    with golden.step("a failure, reported by Milo"):
        outcome(session, world, "otto", success=False, impact="high", actor_id=world.milo)
    assert session == golden.changes


def test_a_change_of_maturity_leaves_the_status_alone(session, world):
    for _ in range(4):
        outcome(session, world, "pia", success=True, impact="high")
    pia = world.agent(session, "pia")
    assert (pia.confidence_score, pia.maturity_level, pia.status) == (0.95, "autonomous", "paused")


@pytest.mark.max_queries(31)
def test_a_change_of_status_leaves_maturity_and_confidence_alone(session, golden, world):
    sue = world.agent(session, "sue")
    for status in ("paused", "active", "stopped", "active", "deprecated", "deleted"):
        with golden.step(status):
            set_status(session, sue, to=status, actor_id=world.adam, reason="operations")
    assert (sue.confidence_score, sue.maturity_level) == (0.8, "supervised")
    assert session == golden.changes


def test_every_arrow_that_the_status_table_lacks_is_refused(session, golden, world):
    refused = []
    for source, target in itertools.product(AgentStatus, AgentStatus):
        sue = world.agent(session, "sue")
        sue.status = source
        session.flush()
        try:
            transition(session, AGENT, sue, to=target)
        except IllegalTransitionError as error:
            refused.append({"from": error.from_status, "to": error.to_status})
    assert len(refused) == 25 - 12
    assert refused == golden.rows


@pytest.mark.parametrize("to", Maturity)
@pytest.mark.parametrize("agent", ["sam", "ines", "sue", "otto"])
def test_maturity_set_by_person_survives_next_outcome(session, world, agent, to):
    subject = world.agent(session, agent)
    if subject.maturity_level == to:
        with pytest.raises(IllegalTransitionError):
            set_maturity(session, subject, to=to, actor_id=world.adam, reason="x")
        return
    set_maturity(session, subject, to=to, actor_id=world.adam, reason="x")
    outcome(session, world, agent, success=True, impact="low")
    assert world.agent(session, agent).maturity_level == to


@pytest.mark.max_queries(13)
def test_set_maturity_promotes_and_demotes(session, golden, world):
    sue = world.agent(session, "sue")
    with golden.step("promote"):
        set_maturity(session, sue, to="autonomous", actor_id=world.adam, reason="the audit went well")
    with golden.step("demote"):
        set_maturity(session, sue, to="student", actor_id=world.olga, reason="the audit was wrong")
    assert session == golden.changes


@pytest.mark.max_queries(4)
def test_registering_again_touches_neither_maturity_nor_confidence(session, golden, world):
    with golden.step("register"):
        register(
            session,
            workspace_id=world.acme,
            name="Sue the second",
            category="finance",
            module_path="agents",
            class_name="Sue",
            capabilities=["reconcile"],
        )
    sue = world.agent(session, "sue")
    assert (sue.name, sue.maturity_level, sue.confidence_score) == ("Sue the second", "supervised", 0.8)
    assert session == golden.changes


def test_a_new_agent_is_a_student(session, golden, world):
    with golden.step("register"), golden.budget(exactly=5):
        register(
            session,
            workspace_id=world.acme,
            name="New",
            category="finance",
            module_path="agents",
            class_name="New",
        )
    assert session == golden.changes


def test_an_outcome_of_an_agent_of_another_workspace_is_not_found(session, world):
    with pytest.raises(NotFoundError, match="no agent"):
        outcome(session, world, "zed", success=True, impact="low")


def test_an_outcome_locks_the_agent_and_moves_its_confidence(session, golden, world, locks):
    with golden.budget(exactly=2), locks(1):
        outcome(session, world, "sue", success=False, impact="high")
    assert session.get(Agent, world.sue).confidence_score < 0.8
