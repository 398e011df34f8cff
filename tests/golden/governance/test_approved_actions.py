"""An approved action is executed at least once and recorded exactly once, also when a worker dies."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from controlplane import actions, agents, governance
from controlplane.errors import LostRaceError, NotFoundError
from controlplane.governance.constants import VISIBILITY_TIMEOUT
from controlplane.governance.queries.proposals import select_approved
from controlplane.governance.review.approved_actions import list_approved
from controlplane.models import AgentExecution, BlockedTrigger

pytestmark = [pytest.mark.seed("governance"), pytest.mark.usefixtures("send_email")]


@pytest.fixture
def proposal(session, world, send_email):
    """An approved proposal of Ines's, for which a trigger waits."""
    made = governance.admit_trigger(
        session, workspace_id=world.acme, agent_id=world.ines, source="event", trigger_type="send_email"
    )
    governance.approve(session, made.proposal, actor_id=world.tina)
    return made.proposal


def take(session, proposal):
    return governance.claim_approved(session, workspace_id=proposal.workspace_id, proposal_id=proposal.id)


def run_of(session, proposal):
    return session.get(AgentExecution, proposal.execution_id, populate_existing=True)


@pytest.fixture
def order(session, proposal):
    return take(session, proposal)


@pytest.mark.max_queries(35)
def test_lost_run_is_claimed_again(session, world, clock, proposal, order, send_email, golden):
    clock.set(run_of(session, proposal).started_at + VISIBILITY_TIMEOUT)
    with golden.step("take again"):
        again = take(session, proposal)
    assert (again.idempotency_key, again.parameters) == (order.idempotency_key, order.parameters)
    assert again.execution_id != order.execution_id
    with golden.step("settle"):
        governance.record_approved(session, again, governance.execute_approved(again))
    assert [key for _, key in send_email.calls] == [f"proposal:{proposal.id}"]
    assert session == golden.changes


@pytest.mark.max_queries(4)
def test_a_run_in_hand_is_left_alone(session, clock, proposal, order, writes_nothing):
    clock.set(run_of(session, proposal).started_at + VISIBILITY_TIMEOUT - timedelta(microseconds=1))
    with writes_nothing():
        assert take(session, proposal) is None


@pytest.mark.max_queries(37)
def test_a_result_that_comes_too_late_is_refused(session, clock, proposal, order, writes_nothing):
    clock.advance(hours=2)
    again = take(session, proposal)
    with writes_nothing(), pytest.raises(LostRaceError) as caught:
        governance.record_approved(session, order, governance.execute_approved(order))
    assert (caught.value.record, caught.value.id) == ("agent_execution", order.execution_id)
    governance.record_approved(session, again, governance.ActionResult(result="in time"))
    assert (proposal.status, proposal.execution_result) == ("executed", {"result": "in time"})


@pytest.mark.max_queries(20)
def test_nothing_is_settled_twice(session, proposal, order, writes_nothing):
    governance.record_approved(session, order, governance.ActionResult(result=1))
    with writes_nothing(), pytest.raises(LostRaceError, match="from running to failed"):
        governance.record_approved(session, order, governance.ActionResult(error_type="E", error_message="m"))


@pytest.fixture
def paused(session, world, proposal):
    governance.set_status(
        session, world.agent(session, "ines"), to="paused", actor_id=world.adam, reason="holiday"
    )


@pytest.mark.usefixtures("paused")
@pytest.mark.max_queries(18)
def test_approved_action_of_agent_paused_since_fails(session, proposal, send_email, golden):
    with golden.step("take"):
        assert take(session, proposal) is None
    assert send_email.calls == []
    assert session == golden.changes


@pytest.mark.max_queries(18)
def test_a_run_that_was_called_off_is_not_performed(session, proposal, send_email, golden):
    agents.cancel(session, run_of(session, proposal), reason="requested by a user")
    with golden.step("take"):
        assert take(session, proposal) is None
    assert send_email.calls == []
    assert session == golden.changes


@pytest.mark.max_queries(9)
def test_paused_run_is_not_claimed(session, proposal, order, writes_nothing):
    agents.pause(session, run_of(session, proposal))
    with writes_nothing():
        assert take(session, proposal) is None
    assert list_approved(session) == []


@pytest.fixture(params=["pending", "rejected", "executed", "training"])
def other(request, session, world, proposal, send_email):
    """A proposal that is not an approved action."""
    given = {"workspace_id": world.acme, "title": "x"}
    if request.param == "training":
        made = governance.propose_training(session, agent_id=world.sam, **given)
        governance.approve_training(session, made, actor_id=world.tina)
        return made
    made = governance.propose_action(session, agent_id=world.ines, action="search", **given)
    if request.param == "rejected":
        governance.reject(session, made, actor_id=world.tina, reason="x")
    if request.param == "executed":
        world.approve(session, made, actor_id=world.tina)
    return made


@pytest.mark.max_queries(2)
def test_only_an_approved_action_is_taken(session, other, proposal, writes_nothing):
    with writes_nothing():
        assert take(session, other) is None
    assert list_approved(session) == [(proposal.workspace_id, proposal.id)]


@pytest.mark.max_queries(2)
def test_a_proposal_of_another_workspace_is_not_found(session, world, proposal, order, writes_nothing):
    with writes_nothing(), pytest.raises(NotFoundError, match="proposal"):
        governance.claim_approved(session, workspace_id=world.globex, proposal_id=proposal.id)
    elsewhere = governance.ApprovedAction(**{**vars(order), "workspace_id": world.globex})
    with writes_nothing(), pytest.raises(NotFoundError, match="proposal"):
        governance.record_approved(session, elsewhere, governance.ActionResult(result=1))


def test_an_approved_action_without_a_run_is_not_taken(session, proposal):
    """No verb leaves one behind; an import could."""
    proposal.execution_id = None
    with pytest.raises(NotFoundError, match="agent_execution"):
        take(session, proposal)
    assert list_approved(session) == []


def test_an_action_that_this_process_does_not_know_fails(session, world, proposal, order):
    with actions.registered():
        actions._registered.pop("send_email")
        performed = governance.execute_approved(order)
    governance.record_approved(session, order, performed)
    assert (proposal.status, performed.error_type) == ("execution_failed", "UnknownActionError")


MESSAGES = {
    "words": ("it broke", "it broke"),
    "nothing": ("", "OSError"),
    "spaces": ("  \n", "OSError"),
    "nul": ("a\x00b", "a\ufffdb"),
    "half a character": ("a\ud800b", "a?b"),
    "very long": ("x" * 30_000, "x" * 20_000),
}


@pytest.mark.parametrize(("message", "kept"), MESSAGES.values(), ids=MESSAGES)
def test_an_error_is_kept_as_far_as_a_database_takes_it(session, world, proposal, send_email, message, kept):
    send_email.error = OSError(message)
    execution = world.run(session, proposal)
    session.expire_all()
    assert (execution.status, execution.error_type, execution.error_message) == ("failed", "OSError", kept)
    assert proposal.execution_result == {"error_type": "OSError", "error": kept}


def test_a_result_that_is_not_json_is_a_failure(session, world, proposal):
    with actions.registered(send_email=lambda parameters, *, idempotency_key: {1, 2}):
        world.run(session, proposal)
    assert (proposal.status, proposal.execution_result["error_type"]) == ("execution_failed", "InvalidValueError")


@pytest.fixture
def several(session, world, clock, proposal, order):
    """Of six approved actions: lost, cancelled, paused, claimed, and two not started; one in Globex."""
    given = {"title": "x", "action": "search"}
    made = [
        governance.propose_action(session, workspace_id=world.acme, agent_id=world.ines, **given) for _ in range(4)
    ]
    for each in made:
        governance.approve(session, each, actor_id=world.tina)
    elsewhere = governance.propose_action(session, workspace_id=world.globex, agent_id=world.zed, **given)
    governance.approve(session, elsewhere, actor_id=world.nils)
    called_off, paused, in_hand, waiting = made
    agents.cancel(session, run_of(session, called_off))
    clock.advance(hours=2)
    take(session, paused)
    agents.pause(session, run_of(session, paused))
    take(session, in_hand)
    return {"lost": proposal, "called off": called_off, "waiting": waiting, "elsewhere": elsewhere}


def test_worker_lists_approved_actions_of_all_workspaces(session, clock, several, golden):
    found = list_approved(session)
    assert found == [(each.workspace_id, each.id) for each in several.values()]
    assert list_approved(session, limit=2) == found[:2]
    query = select_approved(lost_before=clock.current - VISIBILITY_TIMEOUT)
    assert session.execute(query) == golden


def test_worker_of_one_workspace_lists_its_approved_actions(session, world, clock, several, golden):
    query = select_approved(lost_before=clock.current - VISIBILITY_TIMEOUT, workspace_id=world.globex)
    assert session.execute(query) == golden


def test_the_trigger_waits_until_the_action_is_settled(session, proposal, order):
    trigger = session.scalars(select(BlockedTrigger).where(BlockedTrigger.proposal_id == proposal.id)).one()
    assert (run_of(session, proposal).status, proposal.status, trigger.status) == (
        "running",
        "approved",
        "waiting",
    )
    governance.record_approved(session, order, governance.ActionResult(error_type="E", error_message="m"))
    assert (trigger.status, trigger.resolution_outcome) == ("resolved", "failed")
