"""May this agent take this action? Every combination, and everything that must be a no."""

from __future__ import annotations

import itertools
import uuid

import pytest
from sqlalchemy import text, update

from controlplane.governance import (
    adjudicate,
    approve_training,
    check_permission,
    complete_supervision,
    complete_training,
    propose_training,
    record_outcome,
    set_maturity,
    set_status,
    start_supervision,
    start_training,
    submit_feedback,
)
from controlplane.governance.actions import permissions
from controlplane.models import Agent, AgentStatus, Maturity

pytestmark = pytest.mark.seed("governance")
LEVELS = {1: "search", 2: "draft", 3: "send_email", 4: "delete"}


def answer(permission):
    return {
        "allowed": permission.allowed,
        "requires_approval": permission.requires_approval,
        "reason": permission.reason,
    }


def test_the_whole_grid(session, golden, world):
    rows = []
    for status, maturity in itertools.product(AgentStatus, Maturity):
        session.execute(update(Agent).where(Agent.id == world.sue).values(status=status, maturity_level=maturity))
        for (level, action), asked in itertools.product(LEVELS.items(), (False, True)):
            permission = check_permission(
                session, workspace_id=world.acme, agent_id=world.sue, action=action, ask_approval=asked
            )
            assert (permission.action_level, permission.agent_maturity) == (level, maturity)
            facts = {"status": status, "maturity": maturity, "level": level, "asked": asked}
            rows.append({**facts, **answer(permission)})
    assert len(rows) == 160
    assert rows == golden.rows


def test_grid_agrees_with_the_rule(session, world):
    """The same grid against the rule in one line each, so that a wrong golden can't be accepted unseen."""
    ranks = {level: n for n, level in enumerate(Maturity, start=1)}
    for status, maturity in itertools.product(AgentStatus, Maturity):
        session.execute(update(Agent).where(Agent.id == world.sue).values(status=status, maturity_level=maturity))
        for (level, action), asked in itertools.product(LEVELS.items(), (False, True)):
            permission = check_permission(
                session, workspace_id=world.acme, agent_id=world.sue, action=action, ask_approval=asked
            )
            allowed = status == "active" and ranks[maturity] >= level
            supervised = maturity == "supervised" and level >= 3
            assert permission.allowed is allowed
            assert permission.requires_approval is (not allowed or supervised or asked)


def test_check_reads_the_agent_and_the_level(session, golden, world):
    with golden.budget(exactly=2):
        permission = check_permission(session, workspace_id=world.acme, agent_id=world.sue, action="draft")
    assert [answer(permission)] == golden.rows


def test_names_that_contain_known_actions_and_unknown_ones(session, golden, world):
    actions = ("search", "search_and_delete", "update_canvas", "update_all", "frobnicate", " Delete ", "re-create")
    rows = []
    for action in actions:
        permission = check_permission(session, workspace_id=world.acme, agent_id=world.ines, action=action)
        rows.append({"action": action, "level": permission.action_level, **answer(permission)})
    assert rows == golden.rows


@pytest.mark.parametrize("action", ["", "   ", None, 7, "x" * 201, ["delete"]])
def test_invalid_action_name_is_not_allowed(session, world, action):
    permission = check_permission(session, workspace_id=world.acme, agent_id=world.otto, action=action)
    assert (permission.allowed, permission.requires_approval) == (False, True)
    assert permission.reason.startswith("the check failed: InvalidValueError")


def test_an_unknown_agent_and_one_of_another_workspace_are_not_allowed(session, world):
    for agent_id in (uuid.UUID(int=404), world.zed, None):
        permission = check_permission(session, workspace_id=world.acme, agent_id=agent_id, action="search")
        assert answer(permission) == {
            "allowed": False,
            "requires_approval": True,
            "reason": "no such agent in this workspace",
        }


def test_an_error_inside_the_check_is_a_no(session, world, monkeypatch):
    monkeypatch.setattr(permissions, "level_in", lambda *_, **__: 1 / 0)
    permission = check_permission(session, workspace_id=world.acme, agent_id=world.otto, action="search")
    assert answer(permission) == {
        "allowed": False,
        "requires_approval": True,
        "reason": "the check failed: ZeroDivisionError: division by zero",
    }


def test_an_error_of_the_database_is_a_no(session, world):
    with session.begin_nested():
        session.execute(text("ALTER TABLE agent RENAME COLUMN maturity_level TO elsewhere"))
        permission = check_permission(session, workspace_id=world.acme, agent_id=world.otto, action="search")
        session.rollback()
    assert not permission.allowed
    assert "the check failed" in permission.reason


def test_promotion_demotion_and_pausing_count_immediately(session, world):
    """Nothing is cached, so there is nothing to invalidate."""

    def may_delete():
        permission = check_permission(session, workspace_id=world.acme, agent_id=world.sue, action="delete")
        return permission.allowed

    sue = world.agent(session, "sue")
    answers = [may_delete()]
    set_maturity(session, sue, to=Maturity.AUTONOMOUS, actor_id=world.adam, reason="earned")
    answers.append(may_delete())
    set_status(session, sue, to=AgentStatus.PAUSED, actor_id=world.adam, reason="holiday")
    answers.append(may_delete())
    set_status(session, sue, to=AgentStatus.ACTIVE, actor_id=world.adam, reason="back")
    answers.append(may_delete())
    set_maturity(session, sue, to=Maturity.INTERN, actor_id=world.adam, reason="a mistake")
    answers.append(may_delete())
    assert answers == [False, True, False, True, False]


def fail_at_work(session, world):
    record_outcome(session, workspace_id=world.acme, agent_id=world.otto, success=False, impact="high")


def be_corrected(session, world):
    submit_feedback(session, workspace_id=world.acme, agent_id=world.otto, user_id=world.olga, rating=1)


def adjudicated_against(session, world):
    feedback = submit_feedback(session, workspace_id=world.acme, agent_id=world.otto, user_id=world.milo, rating=1)
    adjudicate(session, feedback, accept=True, actor_id=world.olga)


def succeed_under_supervision(session, world):
    begun = {"workspace_id": world.acme, "agent_id": world.sue, "supervisor_id": world.tina}
    complete_supervision(session, start_supervision(session, **begun), actor_id=world.tina, rating=5)


def learn(session, world):
    proposal = propose_training(session, workspace_id=world.acme, agent_id=world.sam, title="Learn")
    training = approve_training(session, proposal, actor_id=world.tina)
    start_training(session, training, actor_id=world.tina)
    complete_training(session, training, actor_id=world.tina, score=0.9)


@pytest.mark.parametrize(
    ("service", "agent", "action", "after"),
    [
        *((fail_at_work, "otto", "delete", False), (be_corrected, "otto", "delete", False)),
        *((adjudicated_against, "otto", "delete", False), (succeed_under_supervision, "sue", "delete", True)),
        (learn, "sam", "draft", True),
    ],
)
def test_confidence_change_counts_in_next_check(session, world, service, agent, action, after):
    def has_permission():
        asked = {"workspace_id": world.acme, "agent_id": getattr(world, agent), "action": action}
        return check_permission(session, **asked).allowed

    before = has_permission()
    service(session, world)
    assert (before, has_permission()) == (not after, after)
