"""Every source, every maturity, with and without a supervisor: the decision, and the rows that it writes."""

from __future__ import annotations

import itertools
import uuid

import pytest

from controlplane.governance import (
    admit_trigger,
    claim_next,
    complete_supervision,
    expire_triggers,
    fail_supervision,
)
from controlplane.governance.queries.triggers import select_queue, select_triggers
from controlplane.models import TriggerSource

pytestmark = pytest.mark.seed("governance")
AGENTS = ("sam", "ines", "sue", "otto")


def trigger(session, world, agent, *, source=TriggerSource.SCHEDULE, **more):
    return admit_trigger(
        session,
        workspace_id=world.acme,
        agent_id=getattr(world, agent),
        source=source,
        trigger_type="send_email",
        context={"to": "a@b.example"},
        **more,
    )


def written(result):
    kinds = ("execution", "trigger", "proposal", "supervision")
    return ", ".join(kind for kind in kinds if getattr(result, kind) is not None)


def test_the_whole_grid(session, golden, world):
    rows = []
    for source, agent, supervisor in itertools.product(TriggerSource, AGENTS, (None, world.tina)):
        result = trigger(session, world, agent, source=source, supervisor_id=supervisor)
        rows.append(
            {
                "source": source,
                "maturity": world.agent(session, agent).maturity_level,
                "supervisor": supervisor is not None,
                "decision": result.decision,
                "may_run": result.may_run,
                "written": written(result),
                "reason": result.reason,
            }
        )
    assert len(rows) == 80
    assert rows == golden.rows


def test_a_manual_trigger_runs(session, golden, world):
    for agent in AGENTS:
        with golden.step(agent), golden.budget(exactly=4):
            trigger(session, world, agent, source=TriggerSource.MANUAL, actor_id=world.milo)
    assert session == golden.changes


@pytest.mark.parametrize(
    ("agent", "present"),
    [*((agent, False) for agent in AGENTS), ("sue", True)],
    ids=[*(f"alone-{agent}" for agent in AGENTS), "supervisor_present-sue"],
)
@pytest.mark.max_queries(9)
def test_a_trigger_by_schedule(session, golden, world, agent, present):
    with golden.step("schedule"):
        trigger(session, world, agent, supervisor_id=world.tina if present else None)
    assert session == golden.changes


@pytest.mark.parametrize("agent", ["pia", "zed", "nobody"])
@pytest.mark.parametrize("source", ["manual", "event"])
@pytest.mark.max_queries(1)
def test_an_agent_that_is_paused_elsewhere_or_unknown_never_runs(session, writes_nothing, world, agent, source):
    agent_id = getattr(world, agent, uuid.UUID(int=404))
    with writes_nothing():
        result = admit_trigger(
            session, workspace_id=world.acme, agent_id=agent_id, source=source, trigger_type="send_email"
        )
    assert (result.decision, result.may_run, written(result)) == (None, False, "")
    assert result.reason == ("the agent is paused" if agent == "pia" else "no such agent in this workspace")


def queue(session, world, clock):
    rows = session.scalars(select_queue(workspace_id=world.acme, now=clock.current))
    return [(row.trigger_context["n"], row.priority, row.attempts) for row in rows]


def enqueue(session, world, n, priority, agent="sue"):
    return admit_trigger(
        session,
        workspace_id=world.acme,
        agent_id=getattr(world, agent),
        source=TriggerSource.EVENT,
        trigger_type="send_email",
        context={"n": n},
        priority=priority,
    ).trigger


def test_the_queue_is_taken_by_priority_then_age(session, world, clock):
    for n, priority in enumerate((0, 5, 0, 5, 9)):
        enqueue(session, world, n, priority)
    assert queue(session, world, clock) == [(4, 9, 0), (1, 5, 0), (3, 5, 0), (0, 0, 0), (2, 0, 0)]
    taken = [claim_next(session, workspace_id=world.acme, supervisor_id=world.tina) for _ in range(5)]
    assert [supervision.trigger_context["n"] for supervision in taken] == [4, 1, 3, 0, 2]
    assert claim_next(session, workspace_id=world.acme, supervisor_id=world.tina) is None


@pytest.fixture
def queued(session, world):
    """Two triggers in the queue; made before `golden`, so that they are in no golden."""
    return [enqueue(session, world, n, 0) for n in (1, 2)]


def test_a_queued_trigger_is_taken_and_supervised_to_its_end(session, world, queued, golden, locks):
    with golden.step("claim"), golden.budget(exactly=9), locks(2):
        supervision = claim_next(session, workspace_id=world.acme, supervisor_id=world.tina)
    with golden.step("complete"), golden.budget(exactly=14), locks(3):
        complete_supervision(session, supervision, actor_id=world.tina, rating=4)
    assert session == golden.changes


@pytest.mark.max_queries(67)
def test_a_failed_attempt_goes_back_to_its_place_and_the_third_is_the_last(session, world, clock, queued, golden):
    for attempt in ("first", "second", "third"):
        with golden.step(f"the {attempt} attempt fails"):
            supervision = claim_next(session, workspace_id=world.acme, supervisor_id=world.tina)
            assert supervision.trigger_context == {"n": 1}
            fail_supervision(session, supervision, actor_id=world.tina, reason="the mail server is down")
    assert queue(session, world, clock) == [(2, 0, 0)]
    assert session == golden.changes


@pytest.fixture
def blocked(session, world):
    return enqueue(session, world, 1, 0)


@pytest.mark.max_queries(9)
def test_a_queued_trigger_expires_after_24_hours_and_not_before(session, world, clock, blocked, golden):
    assert (blocked.expires_at - blocked.created_at).total_seconds() == 24 * 3600
    clock.set(blocked.expires_at.replace(microsecond=0))
    clock.advance(microseconds=-1)
    assert expire_triggers(session, workspace_id=world.acme) == 0
    clock.set(blocked.expires_at)
    assert claim_next(session, workspace_id=world.acme, supervisor_id=world.tina) is None
    clock.set(blocked.expires_at)
    with golden.step("expire"):
        assert expire_triggers(session, workspace_id=world.acme) == 1
    clock.set(blocked.expires_at)
    assert expire_triggers(session, workspace_id=world.acme) == 0
    assert session == golden.changes


def test_trigger_of_agent_paused_since_waits(session, world, clock):
    enqueue(session, world, 1, 0)
    world.agent(session, "sue").status = "paused"
    session.flush()
    assert claim_next(session, workspace_id=world.acme, supervisor_id=world.tina) is None


def test_trigger_of_agent_demoted_since_waits(session, world, clock):
    enqueue(session, world, 1, 0)
    world.agent(session, "sue").maturity_level = "student"
    session.flush()
    assert claim_next(session, workspace_id=world.acme, supervisor_id=world.tina) is None


def test_trigger_keeps_maturity_and_confidence_at_its_block(session, world):
    blocked = enqueue(session, world, 1, 0)
    world.agent(session, "sue").confidence_score = 0.85
    session.flush()
    session.expire_all()
    assert (blocked.maturity_level, blocked.confidence_score) == ("supervised", 0.8)


@pytest.fixture
def mixed(session, world):
    for n, priority in enumerate((0, 5, 5)):
        enqueue(session, world, n, priority)
    enqueue(session, world, 9, 9, agent="sam")  # waits for training, not for a supervisor


def test_the_queue_as_a_query(session, world, clock, mixed, golden):
    assert session.execute(select_queue(workspace_id=world.acme, now=clock.current)) == golden


def test_nothing_of_the_queue_is_seen_from_another_workspace(session, world, clock):
    enqueue(session, world, 1, 0)
    assert session.scalars(select_queue(workspace_id=world.globex, now=clock.current)).all() == []
    assert session.scalars(select_triggers(workspace_id=world.globex)).all() == []
    assert expire_triggers(session, workspace_id=world.globex) == 0
