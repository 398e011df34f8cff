"""Every verb and every query of agents and runs, enumerated: none reaches into another workspace."""

from __future__ import annotations

import importlib
import inspect
import pkgutil
import uuid

import pytest
from sqlalchemy import select
from sqlalchemy.orm import make_transient_to_detached

from controlplane import agents
from controlplane.agents import queries
from controlplane.errors import NotFoundError
from controlplane.models import Agent, AgentExecution, Base

pytestmark = pytest.mark.seed("runs")
ACME, GLOBEX = uuid.UUID(int=0xA001), uuid.UUID(int=0xA002)
VERBS = sorted(name for name in agents.__all__ if inspect.isfunction(getattr(agents, name)))
BUILDERS = dict(inspect.getmembers(queries, lambda item: getattr(item, "__module__", "") == queries.__name__))
FACTS = {
    "fail": {"error_type": "E", "error_message": "m"},
    "time_out": {"after_seconds": 1},
    "request": {"triggered_by": "manual"},
}


@pytest.fixture
def agent(session):
    return session.scalars(select(Agent).where(Agent.workspace_id == ACME).order_by(Agent.id)).first()


@pytest.fixture
def run(session):
    query = select(AgentExecution).where(AgentExecution.workspace_id == ACME, AgentExecution.status == "running")
    return session.scalars(query.order_by(AgentExecution.id)).first()


def everything(session):
    session.expire_all()
    return {
        table.name: sorted(map(str, session.execute(select(table)).all())) for table in Base.metadata.sorted_tables
    }


BEHIND_VERBS = {
    "hold_workspace",
    "import_new",
    "request_of",
    "resolve_trigger",
    "end_supervision",
}  # for governance, which has checked who asks


@pytest.mark.parametrize("verb", sorted(set(VERBS) - {"register", "find_agent", *BEHIND_VERBS}))
def test_a_record_of_another_workspace_is_not_found(session, agent, run, verb):
    """A verb looks for a run in the workspace that the run names, also if that was changed."""
    function, before = getattr(agents, verb), everything(session)
    names = inspect.signature(function).parameters
    given = {"workspace_id": GLOBEX, "agent_id": agent.id, "execution_id": run.id}
    arguments = {name: value for name, value in given.items() if name in names} | FACTS.get(verb, {})
    records = [stranger(session, run)] if "execution" in names else []
    with pytest.raises(NotFoundError):
        function(session, *records, **arguments)
    assert everything(session) == before


def test_agent_of_another_workspace_has_no_name_here(session, agent):
    agent.name = "only in Acme"
    session.flush()
    assert agents.find_agent(session, workspace_id=ACME, name=agent.name) is agent
    assert agents.find_agent(session, workspace_id=GLOBEX, name=agent.name) is None


def stranger(session, run):
    """The same run, said to be of Globex."""
    facts = {"id": run.id, "status": run.status, "started_at": run.started_at, "workspace_id": GLOBEX}
    session.expunge_all()
    made = AgentExecution(**facts)
    make_transient_to_detached(made)
    return made


def test_known_class_is_registered_again_in_another_workspace(session, agent):
    identity = {"category": agent.category, "module_path": agent.module_path, "class_name": "Elsewhere"}
    before = agents.register(session, workspace_id=ACME, name="Acme", **identity)
    other = agents.register(session, workspace_id=GLOBEX, name="Globex", **identity)
    assert (other.id == before.id, before.name, other.workspace_id) == (False, "Acme", GLOBEX)


@pytest.mark.parametrize("name", sorted(set(BUILDERS) - {"lock_workspace"}))
def test_no_query_shows_a_row_of_another_workspace(session, agent, run, name):
    builder = BUILDERS[name]
    given = {
        "agent_id": agent.id,
        "execution_id": run.id,
        "record_kind": "agent",
        "record_id": agent.id,
        "category": agent.category,
        "module_path": agent.module_path,
        "class_name": agent.class_name,
        "name": agent.name,
        "user_id": uuid.UUID(int=0xB001),
    }
    parameters = inspect.signature(builder).parameters
    assert parameters["workspace_id"].kind is inspect.Parameter.KEYWORD_ONLY
    asked = {key: given[key] for key, value in parameters.items() if value.default is value.empty and key in given}
    rows = session.execute(builder(workspace_id=GLOBEX, **asked)).all()
    assert all(getattr(cell, "workspace_id", GLOBEX) == GLOBEX for row in rows for cell in row)
    assert not {agent.id, run.id} & {getattr(cell, "id", cell) for row in rows for cell in row}


def test_the_enumeration_is_whole():
    """A verb or query is looked for in every module, so that a new one can't stay out of the tests above."""
    found = set()
    for module in pkgutil.iter_modules(agents.__path__):
        members = vars(importlib.import_module(f"{agents.__name__}.{module.name}"))
        for name, value in members.items():
            own = inspect.isfunction(value) and value.__module__ == f"{agents.__name__}.{module.name}"
            if own and not name.startswith("_") and "session" in inspect.signature(value).parameters:
                found.add(name)
    assert found == set(VERBS) | BEHIND_VERBS
    assert len(BUILDERS) >= 8
