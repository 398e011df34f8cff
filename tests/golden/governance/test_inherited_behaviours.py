"""What the system before this one promised, each by name, through the service and read back from the database."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from controlplane.agents import complete, register, request, start
from controlplane.agents.queries import select_agents, select_executions
from controlplane.analytics.questions.governance.human_review import select_feedback_by_agent
from controlplane.governance import (
    admit_trigger,
    approve,
    check_permission,
    complete_supervision,
    complete_training,
    intervene,
    propose_action,
    record_outcome,
    reject,
    set_maturity,
    start_supervision,
    start_training,
    submit_feedback,
)
from controlplane.governance.queries.audit import select_agent_audit_trail
from controlplane.governance.queries.proposals import select_pending_proposals
from controlplane.governance.queries.supervision import select_interventions, select_supervision_history
from controlplane.governance.queries.training import select_training_history
from controlplane.governance.queries.triggers import select_triggers
from controlplane.governance.training.sessions import approve_training
from controlplane.models import Agent, Maturity, TriggerSource

pytestmark = [pytest.mark.seed("governance"), pytest.mark.usefixtures("send_email")]


def trigger(session, world, agent, source="schedule"):
    return admit_trigger(
        session,
        workspace_id=world.acme,
        agent_id=getattr(world, agent),
        source=source,
        trigger_type="send_email",
        context={"to": "a@b.example"},
    )


def test_an_agent_is_registered(session, golden, world):
    identity = {"category": "finance", "module_path": "agents.new", "class_name": "New"}
    register(session, workspace_id=world.acme, name="New", **identity)
    stored = select(Agent.name, Agent.maturity_level, Agent.status, Agent.confidence_score)
    assert session.execute(stored.where(Agent.module_path == "agents.new")) == golden.rows


def test_the_maturity_of_an_agent_is_updated(session, golden, world):
    set_maturity(session, world.agent(session, "ines"), to="supervised", actor_id=world.adam, reason="earned")
    stored = select(Agent.name, Agent.maturity_level, Agent.confidence_score).order_by(Agent.name)
    assert session.execute(stored.where(Agent.workspace_id == world.acme)) == golden.rows


@pytest.mark.max_queries(12)
def test_an_execution_record_goes_through_its_life(session, golden, world):
    with golden.step("request"):
        execution = request(session, workspace_id=world.acme, agent_id=world.otto, triggered_by="manual")
    with golden.step("start"):
        start(session, execution)
    with golden.step("complete"):
        complete(session, execution, output_summary="3 mails", result_summary="sent")
    assert session == golden.changes


def test_a_permission_is_checked(session, world):
    def has_permission(agent, action):
        asked = {"workspace_id": world.acme, "agent_id": getattr(world, agent), "action": action}
        return check_permission(session, **asked).allowed

    assert [has_permission("sam", "search"), has_permission("sam", "draft")] == [True, False]
    assert [has_permission("ines", "draft"), has_permission("ines", "send_email")] == [True, False]
    assert [has_permission("sue", "send_email"), has_permission("sue", "delete")] == [True, False]
    assert has_permission("otto", "delete")


@pytest.fixture
def busy(session, world):
    """A past of Ines's, and something of Sue's; made before `golden`, so that it is in no golden."""
    made = trigger(session, world, "ines")
    world.approve(session, made.proposal, actor_id=world.tina, comments="fine")
    record_outcome(session, workspace_id=world.acme, agent_id=world.ines, success=False, impact="high")
    record_outcome(session, workspace_id=world.acme, agent_id=world.ines, success=False, impact="high")
    trigger(session, world, "sue")


def test_the_audit_trail_of_an_agent(session, world, busy, golden):
    assert session.execute(select_agent_audit_trail(workspace_id=world.acme, agent_id=world.ines)) == golden.rows


def test_several_executions_of_one_agent(session, world):
    for source in (TriggerSource.MANUAL, TriggerSource.SCHEDULE, TriggerSource.EVENT):
        request(session, workspace_id=world.acme, agent_id=world.otto, triggered_by=source)
    session.expire_all()
    found = session.scalars(select_executions(workspace_id=world.acme, agent_id=world.otto)).all()
    assert [execution.triggered_by for execution in found] == ["event", "schedule", "manual"]


def test_executions_are_filtered_by_status(session, world):
    first = request(session, workspace_id=world.acme, agent_id=world.otto, triggered_by="manual")
    request(session, workspace_id=world.acme, agent_id=world.otto, triggered_by="manual")
    start(session, first)
    session.expire_all()
    found = {
        status: [e.id for e in session.scalars(select_executions(workspace_id=world.acme, status=status))]
        for status in ("running", "pending", "failed")
    }
    assert (found["running"], len(found["pending"]), found["failed"]) == ([first.id], 1, [])


@pytest.mark.max_queries(8)
def test_a_blocked_trigger_is_saved(session, golden, world):
    with golden.step("trigger"):
        trigger(session, world, "sam")
    assert session == golden.changes


@pytest.fixture
def blocked(session, world):
    """Two of Sam's and one of Sue's between them."""
    return [trigger(session, world, agent).trigger for agent in ("sam", "sue", "sam")]


def test_blocked_triggers_by_agent(session, world, blocked, golden):
    assert session.execute(select_triggers(workspace_id=world.acme, agent_id=world.sam)) == golden.rows


def test_blocked_triggers_by_time_range(session, world, blocked, golden):
    first, second, third = blocked
    window = {"since": second.created_at, "until": third.created_at}
    found = session.scalars(select_triggers(workspace_id=world.acme, **window)).all()
    assert found == [second]
    assert session.scalars(select_triggers(workspace_id=world.acme, until=second.created_at)).all() == [first]
    assert session.execute(select_triggers(workspace_id=world.acme, **window)) == golden.rows


@pytest.mark.max_queries(34)
def test_a_proposal_is_created_and_approved(session, golden, world):
    with golden.step("create"):
        proposal = propose_action(
            session,
            workspace_id=world.acme,
            agent_id=world.ines,
            title="Write",
            action="send_email",
            parameters={"to": "a@b.example"},
        )
    with golden.step("approve"):
        approve(session, proposal, actor_id=world.tina)
    with golden.step("execute"):
        world.run(session, proposal)
    assert session == golden.changes


@pytest.fixture
def proposals(session, world):
    """Of four the first is approved and the last has expired."""
    made = [trigger(session, world, "ines").proposal for _ in range(4)]
    approve(session, made[0], actor_id=world.tina)
    made[3].expires_at = made[3].created_at
    session.flush()
    return made


def test_the_list_of_pending_proposals(session, world, clock, proposals, golden):
    pending = select_pending_proposals(workspace_id=world.acme, now=clock.current)
    assert session.scalars(pending).all() == proposals[1:3]
    assert session.execute(pending) == golden.rows


@pytest.fixture
def proposal(session, world):
    return trigger(session, world, "ines").proposal


@pytest.mark.max_queries(10)
def test_a_proposal_is_rejected(session, world, proposal, golden):
    with golden.step("reject"):
        reject(session, proposal, actor_id=world.tina, reason="not now")
    assert session == golden.changes


@pytest.fixture
def trained(session, world):
    training = approve_training(session, trigger(session, world, "sam").proposal, actor_id=world.tina)
    start_training(session, training, actor_id=world.tina)
    complete_training(session, training, actor_id=world.tina, score=0.2, tasks_total=5, tasks_completed=1)
    return training


def test_a_training_is_tracked(session, world, trained, golden):
    assert session.execute(select_training_history(workspace_id=world.acme)) == golden.rows


def test_trainings_by_agent(session, world, trained):
    session.expire_all()
    by_agent = select_training_history
    assert session.scalars(by_agent(workspace_id=world.acme, agent_id=world.sam)).all() == [trained]
    assert session.scalars(by_agent(workspace_id=world.acme, agent_id=world.ines)).all() == []


@pytest.fixture
def supervised(session, world):
    begun = {"workspace_id": world.acme, "agent_id": world.sue, "supervisor_id": world.tina}
    supervision = start_supervision(session, **begun)
    intervene(session, supervision, kind="correct", guidance="round it", actor_id=world.tina)
    complete_supervision(session, supervision, actor_id=world.tina, rating=4, feedback="good")
    return supervision


def test_a_supervision_is_tracked(session, world, supervised, golden):
    assert session.execute(select_supervision_history(workspace_id=world.acme)) == golden("sessions").rows
    what = select_interventions(workspace_id=world.acme, supervision_id=supervised.id)
    assert session.execute(what) == golden("interventions").rows


def test_agents_by_maturity(session, world):
    by_maturity = {
        maturity: [a.name for a in session.scalars(select_agents(workspace_id=world.acme, maturity=maturity))]
        for maturity in Maturity
    }
    assert by_maturity == {
        "student": ["Sam"],
        "intern": ["Ines"],
        "supervised": ["Pia", "Sue"],
        "autonomous": ["Olaf", "Otto"],
    }


def test_recent_executions(session, world):
    for agent in ("otto", "sue", "ines"):
        agent_id = getattr(world, agent)
        request(session, workspace_id=world.acme, agent_id=agent_id, triggered_by="manual")
    session.expire_all()
    recent = session.scalars(select_executions(workspace_id=world.acme, limit=2)).all()
    assert [execution.agent.name for execution in recent] == ["Ines", "Sue"]


@pytest.fixture
def rated(session, world):
    for rating in (2, 5, 5):
        submit_feedback(session, workspace_id=world.acme, agent_id=world.otto, user_id=world.milo, rating=rating)


def test_feedback_is_aggregated(session, world, rated, golden):
    assert session.execute(select_feedback_by_agent(workspace_id=world.acme)) == golden.rows
