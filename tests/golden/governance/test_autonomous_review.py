"""Proposals that another agent decides on: the risk table, and everyone who may not."""

from __future__ import annotations

import pytest

from controlplane.errors import IllegalTransitionError, InvalidValueError, NotAuthorizedError, NotFoundError
from controlplane.governance import propose_action, propose_training, review_by_agent
from controlplane.governance.queries.audit import select_audit_trail

pytestmark = [pytest.mark.seed("governance"), pytest.mark.usefixtures("send_email")]
RISKS = {"delete_records": "high", "send_email": "medium", "search": "safe"}


def submit(session, world, action="send_email", agent="ines"):
    return propose_action(
        session, workspace_id=world.acme, agent_id=getattr(world, agent), title="Do it", action=action
    )


@pytest.fixture
def proposal(session, world):
    """A pending proposal of Ines's; made before `golden`, so that it is in no golden."""
    return submit(session, world)


def review(session, world, proposal, reviewer="otto", analysis=0.99, approved=True):
    return review_by_agent(
        session,
        proposal,
        reviewer_agent_id=getattr(world, reviewer),
        approved=approved,
        analysis=analysis,
        reasoning="it matches the ledger",
    )


def test_the_risk_table(session, golden, world, send_email):
    """Around each threshold of the analysis and of the reviewer; an agent below 0.9 is not a reviewer."""
    rows = []
    for action, risk in RISKS.items():
        for confidence in (0.8999, 0.9, 0.9499, 0.95):
            for analysis in (0.7499, 0.75, 0.8499, 0.85, 0.9499, 0.95):
                world.agent(session, "otto").confidence_score = confidence
                proposal = submit(session, world, action)
                try:
                    review(session, world, proposal, analysis=analysis)
                    world.run(session, proposal)
                    reason = ""
                except NotAuthorizedError as error:
                    reason = error.reason
                facts = {"risk": risk, "reviewer": confidence, "analysis": analysis}
                rows.append({**facts, "status": proposal.status, "reason": reason})
                reviewer, least = {"high": (0.95, 0.95), "medium": (0.9, 0.85), "safe": (0.9, 0.75)}[risk]
                assert (proposal.status == "executed") is (confidence >= reviewer and analysis >= least)
    assert len(send_email.calls) == sum(row["status"] == "executed" for row in rows)
    assert rows == golden.rows


@pytest.mark.parametrize("approved", [True, False], ids=["approved", "rejected"])
@pytest.mark.max_queries(33)
def test_decided_by_an_agent(session, world, proposal, golden, approved):
    with golden.step("review"):
        review(session, world, proposal, approved=approved)
    with golden.step("execute"):
        world.run(session, proposal)
    assert session == golden.changes


def test_the_audit_trail_of_an_agent_that_reviews(session, world, proposal, golden):
    """The decision, the run and the end of the proposal are Otto's; proposing was Ines's own affair."""
    review(session, world, proposal)
    world.run(session, proposal)
    query = select_audit_trail(workspace_id=world.acme, actor_agent_id=world.otto)
    assert session.execute(query) == golden.rows


@pytest.mark.parametrize("reviewer", ["sam", "ines", "sue", "olaf", "pia"])
@pytest.mark.parametrize("approved", [True, False], ids=["approve", "reject"])
@pytest.mark.max_queries(3)
def test_only_an_active_autonomous_agent_of_the_category_reviews(
    session, world, proposal, writes_nothing, reviewer, approved
):
    """Sam, Ines and Sue are not autonomous, Olaf is of another field, Pia is paused as well."""
    with writes_nothing(), pytest.raises(NotAuthorizedError):
        review(session, world, proposal, reviewer, approved=approved)
    assert proposal.status == "pending"


def test_a_paused_reviewer_decides_nothing(session, world):
    world.agent(session, "otto").status = "paused"
    with pytest.raises(NotAuthorizedError, match="not paused and autonomous"):
        review(session, world, submit(session, world))


def test_the_category_is_compared_without_case(session, world):
    world.agent(session, "otto").category = "Finance"
    proposal = submit(session, world)
    review(session, world, proposal)
    assert proposal.status == "approved"


def test_reviewer_can_not_review_own_proposal(session, world):
    with pytest.raises(NotAuthorizedError, match="their own"):
        review(session, world, submit(session, world, agent="otto"))


def test_a_reviewer_of_another_workspace_is_unknown(session, world):
    with pytest.raises(NotFoundError):
        review(session, world, submit(session, world), "zed")


def test_a_training_is_for_people(session, world):
    proposal = propose_training(session, workspace_id=world.acme, agent_id=world.ines, title="Learn")
    with pytest.raises(InvalidValueError, match="by a person"):
        review(session, world, proposal)


@pytest.mark.parametrize("analysis", [-0.1, 1.1, float("nan"), None, "0.9"])
def test_an_analysis_is_a_score(session, world, analysis):
    with pytest.raises(InvalidValueError, match="analysis"):
        review(session, world, submit(session, world), analysis=analysis)


def test_an_agent_does_not_decide_twice(session, world, send_email):
    proposal = submit(session, world)
    review(session, world, proposal)
    world.run(session, proposal)
    with pytest.raises(IllegalTransitionError):
        review(session, world, proposal)
    assert len(send_email.calls) == 1
