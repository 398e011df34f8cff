"""Proposals from the first to the last state, and everything that must not happen twice."""

from __future__ import annotations

import pytest

from controlplane.errors import (
    ExpiredError,
    IllegalTransitionError,
    InvalidValueError,
    NotAuthorizedError,
    RefusedError,
    UnknownActionError,
)
from controlplane.governance import (
    admit_trigger,
    approve,
    cancel_proposal,
    expire_proposals,
    propose_action,
    propose_training,
    reject,
    set_status,
)
from controlplane.governance.lifecycle import PROPOSAL
from controlplane.lifecycle import transition
from controlplane.models import AgentExecution, Proposal, ProposalStatus

pytestmark = [pytest.mark.seed("governance"), pytest.mark.usefixtures("send_email")]


def submit(session, world, **more):
    given = {"agent_id": world.ines, "title": "Write to the client", "action": "send_email", **more}
    return propose_action(
        session, workspace_id=world.acme, parameters={"to": "a@b.example", "retries": {"max": 1}}, **given
    )


@pytest.fixture
def proposal(session, world):
    """A pending proposal of Ines's; made before `golden`, so that it is in no golden."""
    return submit(session, world)


@pytest.mark.max_queries(35)
def test_approved_with_modifications_and_executed(session, golden, world, send_email):
    with golden.step("submit"):
        proposal = submit(session, world, proposer_id=world.mara)
    with golden.step("approve"):
        approve(
            session,
            proposal,
            actor_id=world.tina,
            modifications={"parameters": {"to": "c@d.example", "retries": {"delay": 5}}},
            comments="to the other address",
        )
    assert send_email.calls == []
    with golden.step("execute"):
        world.run(session, proposal)
    merged = {"to": "c@d.example", "retries": {"max": 1, "delay": 5}}
    assert send_email.calls == [(merged, f"proposal:{proposal.id}")]
    assert session == golden.changes


@pytest.mark.max_queries(34)
def test_approved_and_failed(session, golden, world, send_email):
    send_email.error = ConnectionError("the mail server is down")
    with golden.step("submit"):
        proposal = submit(session, world)
    with golden.step("approve"):
        execution = approve(session, proposal, actor_id=world.olga)
    with golden.step("execute"):
        world.run(session, proposal)
    assert (proposal.status, execution.status) == ("execution_failed", "failed")
    assert session == golden.changes


def test_failure_without_message_is_reported_by_type(session, world, send_email):
    send_email.error = KeyError()
    proposal = submit(session, world)
    execution = world.approve(session, proposal, actor_id=world.olga)
    assert (execution.error_type, execution.error_message) == ("KeyError", "KeyError")


@pytest.mark.max_queries(9)
def test_rejected(session, golden, world, send_email):
    with golden.step("submit"):
        proposal = submit(session, world)
    with golden.step("reject"):
        reject(session, proposal, actor_id=world.tina, reason="not on a Friday")
    assert send_email.calls == []
    assert session == golden.changes


@pytest.mark.max_queries(10)
def test_proposal_is_cancelled_by_its_proposer(session, golden, world):
    with golden.step("submit"):
        proposal = submit(session, world, proposer_id=world.milo)
    with golden.step("cancel"):
        cancel_proposal(session, proposal, actor_id=world.milo, reason="no longer needed")
    assert session == golden.changes


def test_proposal_of_another_is_cancelled_by_lead_not_member(session, world):
    proposal = submit(session, world, proposer_id=world.milo)
    with pytest.raises(NotAuthorizedError, match="belongs to another member"):
        cancel_proposal(session, proposal, actor_id=world.mara, reason="x")
    cancel_proposal(session, proposal, actor_id=world.tina, reason="x")
    assert proposal.status is ProposalStatus.CANCELLED


@pytest.mark.max_queries(11)
def test_expired(session, golden, world, clock):
    with golden.step("submit"):
        proposal = submit(session, world)
    clock.set(proposal.expires_at)
    clock.advance(microseconds=-1)
    assert expire_proposals(session, workspace_id=world.acme) == 0
    clock.set(proposal.expires_at)
    with golden.step("expire"):
        assert expire_proposals(session, workspace_id=world.acme) == 1
    assert expire_proposals(session, workspace_id=world.acme) == 0
    assert session == golden.changes


@pytest.mark.parametrize("verb", ["approve", "reject"])
@pytest.mark.max_queries(1)
def test_nothing_is_decided_on_after_its_time_even_before_a_sweep(
    session, world, clock, send_email, proposal, writes_nothing, verb
):
    clock.set(proposal.expires_at)
    with writes_nothing(), pytest.raises(ExpiredError, match=f"{proposal.id} expired at 2026-03-09T09"):
        VERBS[verb](session, proposal, world)
    assert send_email.calls == []


VERBS = {
    "approve": lambda session, proposal, world: approve(session, proposal, actor_id=world.tina),
    "reject": lambda session, proposal, world: reject(session, proposal, actor_id=world.tina, reason="no"),
    "cancel": lambda session, proposal, world: cancel_proposal(
        session, proposal, actor_id=world.tina, reason="no"
    ),
}


@pytest.fixture(params=sorted(VERBS))
def decided(session, world, proposal, request):
    VERBS[request.param](session, proposal, world)
    return proposal


@pytest.mark.parametrize("second", sorted(VERBS))
@pytest.mark.max_queries(3)
def test_decided_proposal_refuses_another_decision(session, world, send_email, decided, writes_nothing, second):
    proposal, calls, status = decided, list(send_email.calls), decided.status
    with writes_nothing(), pytest.raises(IllegalTransitionError) as caught:
        VERBS[second](session, proposal, world)
    assert (caught.value.record, caught.value.id, caught.value.from_status) == ("proposal", proposal.id, status)
    assert send_email.calls == calls


def test_every_arrow_that_the_table_lacks_is_refused(session, golden, world):
    refused = []
    for source in ProposalStatus:
        for target in ProposalStatus:
            proposal = submit(session, world)
            proposal.status = source
            session.flush()
            try:
                transition(session, PROPOSAL, proposal, to=target)
            except IllegalTransitionError as error:
                refused.append({"from": error.from_status, "to": error.to_status})
    assert len(refused) == 7 * 7 - 6
    assert refused == golden.rows


@pytest.mark.max_queries(1)
def test_an_unknown_action_is_refused_before_anything_is_written(session, world, proposal, writes_nothing):
    with writes_nothing(), pytest.raises(UnknownActionError, match="frobnicate"):
        approve(session, proposal, actor_id=world.tina, modifications={"action": "frobnicate"})


def test_a_modification_may_name_another_action(session, world, send_email):
    proposal = submit(session, world, action="frobnicate")
    world.approve(session, proposal, actor_id=world.tina, modifications={"action": "search"})
    assert proposal.status is ProposalStatus.EXECUTED
    assert (proposal.proposed_action["action"], proposal.modifications) == ("frobnicate", {"action": "search"})


@pytest.fixture
def paused(session, world):
    set_status(session, world.agent(session, "ines"), to="paused", actor_id=world.adam, reason="holiday")


@pytest.mark.usefixtures("paused")
@pytest.mark.max_queries(2)
def test_the_action_of_a_paused_agent_is_not_run(session, world, send_email, proposal, writes_nothing):
    with writes_nothing(), pytest.raises(RefusedError, match="it is paused"):
        approve(session, proposal, actor_id=world.tina)
    assert send_email.calls == []


@pytest.fixture
def made(session, world):
    """A blocked trigger of Ines's with its proposal."""
    return admit_trigger(
        session, workspace_id=world.acme, agent_id=world.ines, source="event", trigger_type="send_email"
    )


@pytest.mark.parametrize(
    ("verb", "outcome"),
    [("approve", "executed"), ("reject", "rejected"), ("cancel", "cancelled")],
)
@pytest.mark.max_queries(35)
def test_the_trigger_that_waits_for_a_proposal_ends_with_it(session, world, made, golden, verb, outcome):
    with golden.step(verb):
        VERBS[verb](session, made.proposal, world)
    if verb == "approve":
        assert made.trigger.status == "waiting"
        with golden.step("execute"):
            world.run(session, made.proposal)
    assert (made.trigger.status, made.trigger.resolution_outcome) == ("resolved", outcome)
    assert session == golden.changes


def test_the_trigger_of_an_action_that_failed_ends_as_failed(session, world, send_email, made):
    send_email.error = ValueError("no")
    world.approve(session, made.proposal, actor_id=world.tina)
    assert (made.trigger.resolved, made.trigger.resolution_outcome) == (True, "failed")


def test_the_trigger_of_an_expired_proposal_ends_as_expired(session, world, clock):
    made = admit_trigger(
        session, workspace_id=world.acme, agent_id=world.sam, source="event", trigger_type="send_email"
    )
    clock.advance(days=8)
    assert expire_proposals(session, workspace_id=world.acme) == 1
    assert (made.trigger.resolved, made.trigger.resolution_outcome) == (True, "expired")


def test_an_approval_runs_and_locks_as_few_statements_as_it_needs(session, world, proposal, golden, locks):
    with golden.budget(exactly=9), locks(1):
        approve(session, proposal, actor_id=world.tina)
    with golden.budget(exactly=21), locks(5):
        world.run(session, proposal)


def test_run_of_proposal_names_its_source(session, world):
    proposal = submit(session, world)
    world.approve(session, proposal, actor_id=world.tina)
    session.expire_all()
    execution = session.get(AgentExecution, session.get(Proposal, proposal.id).execution_id)
    assert (execution.triggered_by, execution.status, execution.agent_id) == ("proposal", "completed", world.ines)


@pytest.fixture
def training_proposal(session, world):
    return propose_training(session, workspace_id=world.acme, agent_id=world.sam, title="Learn")


@pytest.mark.max_queries(1)
def test_a_training_is_not_run_as_an_action(session, world, training_proposal, writes_nothing):
    with writes_nothing(), pytest.raises(InvalidValueError, match="proposal_type"):
        approve(session, training_proposal, actor_id=world.tina)
