"""The questions of the registry."""

from __future__ import annotations

import uuid

import pytest

from controlplane import agents
from controlplane.agents.queries import select_agents, select_executions, select_history
from controlplane.models import AgentStatus, ExecutionStatus, Maturity, TriggerSource

ACME, GLOBEX, EMPTY = (uuid.UUID(int=number) for number in (0xA001, 0xA002, 0xA00F))
TRIAGE = uuid.UUID(int=0xC002)

AGENTS = {
    "all-but-the-deleted": {"workspace_id": ACME},
    "students": {"workspace_id": ACME, "maturity": Maturity.STUDENT},
    "deleted": {"workspace_id": ACME, "status": AgentStatus.DELETED},
    "paused": {"workspace_id": ACME, "status": AgentStatus.PAUSED},
    "support": {"workspace_id": ACME, "category": "support"},
    "the-other-workspace": {"workspace_id": GLOBEX},
    "a-workspace-without-agents": {"workspace_id": EMPTY},
}


@pytest.mark.seed("registry")
@pytest.mark.parametrize("options", AGENTS.values(), ids=AGENTS)
def test_agents_by_maturity_status_and_category(session, golden, options):
    assert session.scalars(select_agents(**options)) == golden.rows


@pytest.mark.seed("names")
def test_names_are_in_the_same_order_on_every_database(session, golden):
    """By code point: capitals, then the underscore, then small letters, then what is not ASCII.

    The server that the suite brings sorts so anyway; one of a dictionary's collation (`--database-url`) doesn't.
    """
    found = session.scalars(select_agents(workspace_id=GLOBEX)).all()
    assert [agent.name for agent in found] == sorted(agent.name for agent in found)
    assert found == golden.rows


EXECUTIONS = {
    "newest-first": {"workspace_id": ACME},
    "of-one-agent": {"workspace_id": ACME, "agent_id": TRIAGE},
    "the-newest-three": {"workspace_id": ACME, "limit": 3},
    "running": {"workspace_id": ACME, "status": ExecutionStatus.RUNNING},
    "running-of-one-agent": {"workspace_id": ACME, "status": ExecutionStatus.RUNNING, "agent_id": TRIAGE},
    "the-other-workspace": {"workspace_id": GLOBEX},
    "none": {"workspace_id": GLOBEX, "status": ExecutionStatus.FAILED},
}


@pytest.mark.seed("runs")
@pytest.mark.parametrize("options", EXECUTIONS.values(), ids=EXECUTIONS)
def test_recent_executions(session, golden, options):
    assert session.scalars(select_executions(**options)) == golden.rows


@pytest.mark.seed("registry")
def test_the_history_of_a_run_is_its_audit_trail(session, golden):
    run = agents.request(session, workspace_id=ACME, agent_id=TRIAGE, triggered_by=TriggerSource.EVENT)
    other = agents.request(session, workspace_id=ACME, agent_id=TRIAGE, triggered_by=TriggerSource.EVENT)
    agents.start(session, run)
    agents.cancel(session, other)
    agents.pause(session, run, reason="lunch")
    query = select_history(workspace_id=ACME, record_kind="agent_execution", record_id=run.id)
    history = session.scalars(query).all()
    assert [(event.sequence, event.from_status, event.to_status) for event in history] == [
        (1, None, "pending"),
        (2, "pending", "running"),
        (3, "running", "paused"),
    ]
    assert history == golden.rows


@pytest.mark.seed("registry")
def test_history_is_not_shown_to_another_workspace(session):
    run = agents.request(session, workspace_id=ACME, agent_id=TRIAGE, triggered_by=TriggerSource.EVENT)
    query = select_history(workspace_id=GLOBEX, record_kind="agent_execution", record_id=run.id)
    assert session.scalars(query).all() == []
