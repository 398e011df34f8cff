"""Every role and every duty, through the verb that asks for it."""

from __future__ import annotations

import pytest

from controlplane import governance as g
from controlplane.errors import NotAuthorizedError

pytestmark = [pytest.mark.seed("governance"), pytest.mark.usefixtures("send_email")]
PEOPLE = ("olga", "adam", "tina", "milo", "vera", "nils")


def test_the_whole_grid(session, golden, world):
    """Olga is owner, Adam admin, Tina team lead, Milo member, Vera viewer; Nils is the owner of Globex."""
    rows = []
    for permission in g.Permission:
        for person in PEOPLE:
            try:
                user = g.authorize(
                    session, workspace_id=world.acme, user_id=getattr(world, person), permission=permission
                )
                answer, reason = True, ""
            except NotAuthorizedError as error:
                answer, reason, user = False, error.reason, None
            rows.append(
                {"duty": permission, "person": person, "role": user and user.role, "may": answer, "why": reason}
            )
    assert rows == golden.rows


@pytest.fixture
def proposal(session, world):
    """A pending proposal of Ines's; made before `golden`, so that it is in no golden."""
    return g.propose_action(session, workspace_id=world.acme, agent_id=world.ines, title="x", action="send_email")


@pytest.mark.parametrize("person", ["vera", "nils", "milo", "mara"])
@pytest.mark.max_queries(2)
def test_proposal_is_decided_by_team_lead_or_above(session, world, proposal, writes_nothing, person):
    actor_id = getattr(world, person)
    with writes_nothing(), pytest.raises(NotAuthorizedError):
        g.approve(session, proposal, actor_id=actor_id)
    with writes_nothing(), pytest.raises(NotAuthorizedError):
        g.reject(session, proposal, actor_id=actor_id, reason="x")
    assert proposal.status == "pending"


def test_unknown_user_has_no_permissions(session, world):
    with pytest.raises(NotAuthorizedError, match="None may not review a proposal"):
        g.authorize(session, workspace_id=world.acme, user_id=None, permission=g.Permission.REVIEW)


def test_revoked_role_counts_immediately(session, world, proposal):
    tina = g.authorize(session, workspace_id=world.acme, user_id=world.tina, permission=g.Permission.REVIEW)
    session.execute(type(tina).__table__.update().where(type(tina).id == world.tina).values(role="member"))
    with pytest.raises(NotAuthorizedError, match="the least role is"):
        g.approve(session, proposal, actor_id=world.tina)


@pytest.mark.max_queries(1)
def test_trigger_with_unauthorized_supervisor_is_refused(session, writes_nothing, world):
    with writes_nothing(), pytest.raises(NotAuthorizedError, match="supervise an agent"):
        g.admit_trigger(
            session,
            workspace_id=world.acme,
            agent_id=world.sue,
            source="event",
            trigger_type="x",
            supervisor_id=world.milo,
        )


@pytest.mark.max_queries(1)
def test_viewer_can_not_trigger_an_agent(session, writes_nothing, world):
    with writes_nothing(), pytest.raises(NotAuthorizedError, match="the least role is"):
        g.admit_trigger(
            session,
            workspace_id=world.acme,
            agent_id=world.otto,
            source="manual",
            trigger_type="x",
            actor_id=world.vera,
        )
