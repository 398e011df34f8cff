"""Registering at once, each with a connection of their own."""

from __future__ import annotations

import contextvars
import threading
import time
import uuid

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from controlplane.agents import register
from controlplane.database import create_engine
from controlplane.models import Agent, LifecycleEvent

pytestmark = pytest.mark.seed("registry")
ACME = uuid.UUID(int=0xA001)


@pytest.fixture
def database(scratch_database):
    engine = create_engine(scratch_database.url)
    yield engine
    engine.dispose()


def at_once(database, *verbs):
    """Run each verb in a thread and a transaction of its own, begun at the same moment; return what went wrong."""
    barrier, errors = threading.Barrier(len(verbs), timeout=20), []

    def run(verb):
        try:
            with Session(database) as session:
                barrier.wait()
                with session.begin():
                    verb(session)
        except Exception as error:  # noqa: BLE001  the test shows any error
            errors.append(error)

    threads = [threading.Thread(target=contextvars.copy_context().run, args=(run, verb)) for verb in verbs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)
    assert not any(thread.is_alive() for thread in threads)
    return errors


def registering(*names, description=""):
    """Return a verb that registers the classes of these names, and takes long enough for others to come in."""

    def verb(session):
        for name in names:
            identity = {"category": "audit", "module_path": "agents.audit", "class_name": name}
            register(session, workspace_id=ACME, name=name, description=description, **identity)
            time.sleep(0.05)

    return verb


def registered(database):
    with Session(database) as session:
        query = select(Agent.name, Agent.description, Agent.maturity_level, Agent.confidence_score)
        return [tuple(row) for row in session.execute(query.where(Agent.category == "audit").order_by(Agent.name))]


def test_of_two_registrations_of_one_new_agent_the_second_is_an_update(database):
    errors = at_once(
        database, *[registering("Auditor", description=text) for text in ("first", "second", "third")]
    )
    assert errors == []
    [(name, description, *trust)] = registered(database)
    assert (name, *trust) == ("Auditor", "student", 0.4)
    assert description in {"first", "second", "third"}
    with Session(database) as session:
        events = session.execute(select(LifecycleEvent.record_kind, LifecycleEvent.sequence)).all()
    assert sorted(map(tuple, events)) == [("agent", 1), ("agent.maturity", 1)]


def test_two_that_register_the_same_agents_in_opposite_order_both_get_through(database):
    errors = at_once(database, registering("Auditor", "Booker"), registering("Booker", "Auditor"))
    assert errors == []
    assert [row[0] for row in registered(database)] == ["Auditor", "Booker"]
