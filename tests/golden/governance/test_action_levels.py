"""The levels of actions: the whole grid, the levels of a workspace, the catalogue."""

from __future__ import annotations

import itertools

import pytest

from controlplane import actions
from controlplane import governance as g
from controlplane.errors import InvalidValueError, NotAuthorizedError
from controlplane.governance.actions.action_risk import LEVELS
from controlplane.governance.queries.action_levels import select_action_levels
from controlplane.models import Maturity

pytestmark = pytest.mark.seed("governance")
UNKNOWN = ("forget_user", "budget_override", "drop_table", "wire_money", "get_payment_status", "listSearch")


def set_level(session, world, action, level, by="adam"):
    return g.set_action_level(
        session, workspace_id=world.acme, action=action, level=level, actor_id=getattr(world, by), reason="policy"
    )


def check(session, world, action, agent="sam"):
    return g.check_permission(session, workspace_id=world.acme, agent_id=getattr(world, agent), action=action)


def test_every_known_action_against_every_maturity(session, golden, world):
    rows = []
    agents = dict(zip(Maturity, ("sam", "ines", "sue", "otto"), strict=True))
    for action, (maturity, agent) in itertools.product((*LEVELS, *UNKNOWN), agents.items()):
        permission = check(session, world, action, agent)
        rows.append(
            {
                "action": action,
                "level": permission.action_level,
                "maturity": maturity,
                "allowed": permission.allowed,
                "requires_approval": permission.requires_approval,
            }
        )
    assert rows == golden.rows


def test_level_of_a_workspace_is_set_changed_and_taken_back(session, golden, world):
    with golden.step("set"):
        set_level(session, world, "wireMoney", 1)
    assert check(session, world, "wire_money").allowed
    with golden.step("change"):
        set_level(session, world, "wire_money", 3, by="olga")
    assert not check(session, world, "wire_money").allowed
    with golden.step("take back"):
        set_level(session, world, "wire-money", None)
    assert check(session, world, "wire_money").action_level == 4
    assert session == golden.changes


def test_levels_of_a_workspace_are_listed_by_action(session, world):
    for action in ("zip", "ask", "Map"):
        set_level(session, world, action, 1)
    listed = session.scalars(select_action_levels(workspace_id=world.acme)).all()
    assert [record.action for record in listed] == ["ask", "map", "zip"]


def test_level_of_another_workspace_does_not_count(session, world):
    g.set_action_level(
        session, workspace_id=world.globex, action="drop_table", level=1, actor_id=world.nils, reason="x"
    )
    assert check(session, world, "drop_table").action_level == 4


@pytest.mark.parametrize("by", ["tina", "milo", "vera", "nils"])
def test_levels_are_set_by_admins_and_owners_only(session, world, by):
    with pytest.raises(NotAuthorizedError, match="set the level"):
        set_level(session, world, "drop_table", 1, by=by)


@pytest.mark.parametrize(("action", "level"), [("x", 0), ("x", 5), ("", 1), ("___", 1), ("x", None), ("x", True)])
def test_bad_level_is_refused(session, world, action, level):
    with pytest.raises(InvalidValueError):
        set_level(session, world, action, level)


def test_catalogue_lists_registered_actions_with_level_and_origin(session, golden, world):
    set_level(session, world, "drop_table", 2)
    set_level(session, world, "not_registered", 3)
    named = dict.fromkeys(("drop_table", "send_email", "list_search", "score", "forget"), print)
    with actions.registered({"score": 2, "send_email": 1}, **named):
        rows = g.list_actions(session, workspace_id=world.acme, user_id=world.vera)
    assert list(rows) == golden.rows
    with pytest.raises(NotAuthorizedError):
        g.list_actions(session, workspace_id=world.acme, user_id=world.nils)


def test_declared_level_decides_for_an_unknown_name(session, world):
    with actions.registered({"wire_money": 1}, wire_money=print):
        assert check(session, world, "wire_money").allowed
    assert not check(session, world, "wire_money").allowed
