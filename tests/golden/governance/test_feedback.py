"""Feedback: whose word counts at once, what waits, and what becomes of it."""

from __future__ import annotations

import pytest

from controlplane.agents import request
from controlplane.analytics.questions.governance.human_review import select_feedback_by_agent
from controlplane.errors import IllegalTransitionError, InvalidValueError, NotAuthorizedError
from controlplane.governance import adjudicate, submit_feedback
from controlplane.governance.feedback import is_trusted
from controlplane.governance.queries.feedback import select_feedback_history
from controlplane.models import Maturity, User

pytestmark = pytest.mark.seed("governance")


def say(session, world, who, agent="sue", **more):
    given = more or {"rating": 1}
    workspace = world.globex if who == "nils" else world.acme
    return submit_feedback(
        session, workspace_id=workspace, agent_id=getattr(world, agent), user_id=getattr(world, who), **given
    )


@pytest.mark.parametrize(
    ("who", "status", "confidence"),
    [
        *(("olga", "accepted", 0.7), ("adam", "accepted", 0.7), ("mara", "accepted", 0.7)),
        *(("tina", "pending", 0.78), ("milo", "pending", 0.78)),
    ],
)
def test_owners_admins_and_specialists_are_trusted(session, world, who, status, confidence):
    feedback = say(session, world, who)
    assert (feedback.status, world.agent(session, "sue").confidence_score) == (status, confidence)


@pytest.mark.parametrize(("rating", "confidence"), [(1, 0.7), (2, 0.7), (3, 0.8), (4, 0.85), (5, 0.85)])
def test_a_rating_moves_confidence_by_its_side_of_three(session, world, rating, confidence):
    say(session, world, "olga", rating=rating)
    assert world.agent(session, "sue").confidence_score == confidence


@pytest.mark.parametrize("given", [{"rating": 3}, {"comment": "well done"}], ids=["three", "comment"])
def test_feedback_that_moves_no_confidence_moves_no_maturity(session, world, given):
    agent = world.agent(session, "sue")
    agent.maturity_level, agent.confidence_score = Maturity.INTERN, 0.8  # as an import may leave it
    session.flush()
    say(session, world, "olga", **given)
    assert (agent.maturity_level, agent.confidence_score) == (Maturity.INTERN, 0.8)
    say(session, world, "olga", rating=5)
    assert (agent.maturity_level, agent.confidence_score) == (Maturity.SUPERVISED, 0.85)


@pytest.mark.max_queries(13)
def test_a_correction_by_a_specialist_demotes(session, golden, world):
    world.agent(session, "sue").confidence_score = 0.75
    with golden.step("correct"):
        say(
            session,
            world,
            "mara",
            user_correction="it was 12.40",
            original_output="12.04",
            input_context="invoice 7",
        )
    assert world.agent(session, "sue").maturity_level == "intern"
    assert session == golden.changes


@pytest.mark.parametrize("accept", [True, False], ids=["accepted", "rejected"])
@pytest.mark.parametrize("rating", [2, 5])
def test_pending_feedback_counts_a_little_until_it_is_adjudicated(session, golden, world, accept, rating):
    with golden.step("say"), golden.budget(exactly=7):
        feedback = say(session, world, "milo", rating=rating)
    with golden.step("adjudicate"), golden.budget(exactly=9):
        adjudicate(session, feedback, accept=accept, actor_id=world.mara, reason="checked")
    low, high = (0.01, 0.05) if rating == 5 else (-0.02, -0.1)
    assert world.agent(session, "sue").confidence_score == round(0.8 + (high if accept else 0), 4)
    assert abs(low) < abs(high)
    assert session == golden.changes


def test_rejected_feedback_reverts_its_counted_change(session, world):
    """At the lower end less than the step was taken, so less is given back."""
    world.agent(session, "sam").confidence_score = 0.015
    feedback = say(session, world, "milo", "sam", rating=1)
    assert (feedback.confidence_change, world.agent(session, "sam").confidence_score) == (-0.015, 0)
    adjudicate(session, feedback, accept=False, actor_id=world.olga)
    assert (feedback.confidence_change, world.agent(session, "sam").confidence_score) == (0, 0.015)


@pytest.fixture
def pending(session, world):
    """Feedback of Milo's; made before `golden`, so that it is in no golden."""
    return say(session, world, "milo")


@pytest.fixture(params=[True, False], ids=["accepted", "rejected"])
def adjudicated(session, world, pending, request):
    adjudicate(session, pending, accept=request.param, actor_id=world.olga)
    return pending


@pytest.mark.parametrize("accept", [True, False], ids=["accept", "reject"])
@pytest.mark.max_queries(5)
def test_feedback_is_adjudicated_once(session, world, adjudicated, writes_nothing, accept):
    confidence = world.agent(session, "sue").confidence_score
    with writes_nothing(), pytest.raises(IllegalTransitionError):
        adjudicate(session, adjudicated, accept=accept, actor_id=world.adam)
    assert world.agent(session, "sue").confidence_score == confidence


@pytest.mark.parametrize("who", ["tina", "milo", "vera", "nils"])
@pytest.mark.max_queries(2)
def test_only_the_trusted_adjudicate(session, world, pending, writes_nothing, who):
    with writes_nothing(), pytest.raises(NotAuthorizedError):
        adjudicate(session, pending, accept=True, actor_id=getattr(world, who))


def test_feedback_on_a_run_must_be_on_a_run_of_the_agent(session, world):
    execution = request(session, workspace_id=world.acme, agent_id=world.otto, triggered_by="manual")
    with pytest.raises(InvalidValueError, match="execution_id"):
        say(session, world, "olga", rating=5, execution_id=execution.id)
    assert say(session, world, "olga", "otto", rating=5, execution_id=execution.id).execution_id == execution.id


@pytest.fixture
def said(session, world):
    """Sue: 1, 2 and 4, and a correction without a rating; Otto: a correction only; Zed is elsewhere."""
    for rating in (1, 2, 4):
        say(session, world, "milo", rating=rating)
    say(session, world, "olga", user_correction="no")
    say(session, world, "milo", "otto", user_correction="no")
    say(session, world, "nils", "zed", rating=5)


def test_a_rating_is_summed_up_by_agent(session, world, said, golden):
    rows = session.execute(select_feedback_by_agent(workspace_id=world.acme))
    assert rows == golden.rows


@pytest.fixture
def three(session, world):
    one_by_one = (("milo", "sue", 1), ("olga", "sue", 2), ("milo", "otto", 3))
    return [say(session, world, who, agent, rating=rating) for who, agent, rating in one_by_one]


def test_the_history_is_newest_first_and_can_be_narrowed(session, world, three, golden):
    first, _, third = three
    window = {"since": first.created_at, "until": third.created_at}
    assert session.execute(select_feedback_history(workspace_id=world.acme, **window)) == golden
    pending = session.scalars(select_feedback_history(workspace_id=world.acme, status="pending")).all()
    assert [feedback.rating for feedback in pending] == [3, 1]
    of_sue = session.scalars(select_feedback_history(workspace_id=world.acme, agent_id=world.sue)).all()
    assert [feedback.rating for feedback in of_sue] == [2, 1]


def test_comment_is_not_a_correction(session, golden, world):
    with golden.step("comment"):
        feedback = say(session, world, "olga", comment="well done", category="tone")
    assert (feedback.confidence_change, world.agent(session, "sue").confidence_score) == (0.0, 0.8)
    assert session == golden.changes


def test_praise_with_a_comment_counts_as_praise(session, world):
    say(session, world, "olga", rating=5, comment="well done")
    assert world.agent(session, "sue").confidence_score == 0.85


def test_viewer_of_the_specialty_is_not_trusted(session, world):
    vera = session.get(User, world.vera)
    assert not is_trusted(vera, world.agent(session, "sue"))
    vera.role = "member"
    assert is_trusted(vera, world.agent(session, "sue"))
