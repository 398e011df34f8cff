"""Registering agents: who they are may change, how far they are trusted may not."""

from __future__ import annotations

import uuid

import pytest
from sqlalchemy import select, update

from controlplane.agents import get_agent, register
from controlplane.errors import InvalidValueError, NotFoundError
from controlplane.models import Agent, AgentStatus, Maturity

pytestmark = pytest.mark.seed("registry")

ACME, GLOBEX = uuid.UUID(int=0xA001), uuid.UUID(int=0xA002)
OLGA = uuid.UUID(int=0xB001)
RECONCILER = {"category": "finance", "module_path": "agents.finance", "class_name": "Reconciler"}
NEW = {"category": "finance", "module_path": "agents.finance", "class_name": "Auditor"}


@pytest.mark.max_queries(6)
def test_a_new_agent_is_an_active_student_with_confidence_0_4(session, golden):
    with golden.step("register"):
        agent = register(
            session,
            workspace_id=ACME,
            name="Auditor",
            description="Checks the books",
            capabilities=["read", "compare"],
            owner_id=OLGA,
            **NEW,
        )
    assert (agent.maturity_level, agent.status, agent.confidence_score) == ("student", "active", 0.4)
    assert session == golden.changes


@pytest.mark.max_queries(3)
def test_registering_a_known_agent_updates_its_metadata_only(session, golden):
    with golden.step("register again"):
        agent = register(
            session,
            workspace_id=ACME,
            name="Reconciler 2",
            description="Matches invoices and payments",
            capabilities=["read", "match", "pay"],
            **RECONCILER,
        )
    assert (agent.maturity_level, agent.confidence_score) == (Maturity.AUTONOMOUS, 0.93)
    assert agent.status is AgentStatus.PAUSED
    assert session == golden.changes


@pytest.mark.max_queries(3)
def test_register_unchanged_agent_writes_nothing(session, writes_nothing):
    with writes_nothing():
        register(
            session,
            workspace_id=ACME,
            name="Reconciler",
            description="Matches invoices",
            capabilities=["read", "match"],
            owner_id=OLGA,
            **RECONCILER,
        )


def test_register_looks_up_identity_in_the_database(session):
    """Somebody else renamed the agent after this session had read it."""
    agent = get_agent(session, workspace_id=ACME, agent_id=uuid.UUID(int=0xC001))
    renaming = update(Agent).where(Agent.id == agent.id).values(name="Renamed")
    session.execute(renaming, execution_options={"synchronize_session": False})
    register(session, workspace_id=ACME, name="Reconciler", **RECONCILER)
    assert session.scalar(select(Agent.name).where(Agent.id == agent.id)) == "Reconciler"


@pytest.mark.max_queries(3)
def test_the_same_class_in_another_workspace_is_another_agent(session, golden):
    with golden.step("register in Globex"):
        register(session, workspace_id=GLOBEX, name="Renamed", **RECONCILER)
    assert session == golden.changes


@pytest.mark.parametrize("part", ["category", "module_path", "class_name"])
@pytest.mark.max_queries(5)
def test_agents_differ_by_each_part_of_the_identity(session, golden, part):
    with golden.step("register"):
        register(session, workspace_id=ACME, name="Reconciler", **{**RECONCILER, part: "other"})
    assert session == golden.changes


BAD = {
    "empty-name": {"name": "  "},
    "long-name": {"name": "x" * 201},
    "name-not-a-text": {"name": 7},
    "long-category": {"category": "x" * 101},
    "empty-class": {"class_name": ""},
    "capabilities-as-one-text": {"capabilities": "read"},
    "capability-not-a-text": {"capabilities": ["read", 7]},
    "long-description": {"description": "x" * 10_001},
}


@pytest.mark.parametrize("bad", BAD.values(), ids=BAD)
@pytest.mark.max_queries(0)
def test_bad_input_is_refused_and_nothing_is_written(session, writes_nothing, bad):
    with writes_nothing(), pytest.raises(InvalidValueError):
        register(session, workspace_id=ACME, **{"name": "Auditor", **NEW, **bad})


@pytest.mark.max_queries(1)
def test_an_unknown_workspace_is_refused(session, writes_nothing):
    with writes_nothing(), pytest.raises(NotFoundError, match="workspace"):
        register(session, workspace_id=uuid.UUID(int=7), name="Auditor", **NEW)


def test_an_agent_of_another_workspace_is_not_found(session):
    globex_reconciler = uuid.UUID(int=0xC006)
    with pytest.raises(NotFoundError, match="agent"):
        get_agent(session, workspace_id=ACME, agent_id=globex_reconciler)
    assert get_agent(session, workspace_id=GLOBEX, agent_id=globex_reconciler).name == "Reconciler"


@pytest.mark.parametrize("owner", [uuid.UUID(int=7), OLGA], ids=["unknown", "of-another-workspace"])
def test_an_owner_is_a_member_of_the_workspace(session, writes_nothing, owner):
    with writes_nothing(), pytest.raises(NotFoundError, match="owner"):
        register(session, workspace_id=GLOBEX, name="Auditor", owner_id=owner, **NEW)


def test_an_agent_is_given_as_the_database_has_it_now(session):
    """A decision about an agent must not rest on what the session read before."""
    agent = get_agent(session, workspace_id=ACME, agent_id=uuid.UUID(int=0xC002))
    pausing = update(Agent).where(Agent.id == agent.id).values(status="paused")
    session.execute(pausing, execution_options={"synchronize_session": False})
    assert get_agent(session, workspace_id=ACME, agent_id=agent.id).status is AgentStatus.PAUSED
