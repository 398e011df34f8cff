"""Locks are taken in one order: two verbs on the same records never wait for each other.

Each of the two stops after its first lock until the other has one, too, or can't get one. If their orders
differed, both would hold what the other needs next, and PostgreSQL would undo one of them.
"""

from __future__ import annotations

import contextvars
import itertools
import threading
from contextlib import suppress

import pytest
from sqlalchemy import event, select
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from controlplane import agents, governance
from controlplane.agents.supervised import resolve_trigger as close_trigger
from controlplane.database import create_engine
from controlplane.errors import ControlPlaneError
from controlplane.models import Agent, BlockedTrigger, LifecycleEvent, ResolutionOutcome

pytestmark = [pytest.mark.seed("governance"), pytest.mark.usefixtures("send_email")]
PATIENCE = 0.3  # seconds that the holder of a first lock waits for the other to get one


@pytest.fixture
def database(scratch_database):
    engine = create_engine(scratch_database.url)
    yield engine
    engine.dispose()


def make_case(session, world):
    """One agent of each kind with everything in flight: what it is about, by name."""

    def blocked(agent):
        given = {"workspace_id": world.acme, "agent_id": getattr(world, agent)}
        return governance.admit_trigger(session, **given, source="event", trigger_type="send_email")

    training = governance.approve_training(session, blocked("sam").proposal, actor_id=world.tina)
    governance.start_training(session, training, actor_id=world.tina)
    blocked("sue")
    supervision = governance.claim_next(session, workspace_id=world.acme, supervisor_id=world.tina)
    blocked("sue")
    given = {"workspace_id": world.acme, "user_id": world.milo, "rating": 1}
    approved = blocked("ines").proposal
    governance.approve(session, approved, actor_id=world.tina)
    made = {
        "pending": blocked("ines").proposal,
        "approved": approved,
        "training": training,
        "supervision": supervision,
        "feedback": governance.submit_feedback(session, agent_id=world.sam, **given),
    }
    order = governance.claim_approved(session, workspace_id=world.acme, proposal_id=approved.id)
    session.flush()
    return {name: (type(record), record.id) for name, record in made.items()}, order


def outcome(agent):
    return lambda s, w, get, order: governance.record_outcome(
        s, workspace_id=w.acme, agent_id=getattr(w, agent), success=True, impact="high"
    )


def operate(agent):
    return lambda s, w, get, order: governance.set_status(
        s, s.get(Agent, getattr(w, agent)), to="stopped", actor_id=w.adam, reason="x"
    )


def resolve_trigger(s, w, get, order):
    query = select(BlockedTrigger).where(BlockedTrigger.proposal_id == get("pending").id)
    close_trigger(s, s.scalars(query).one(), outcome=ResolutionOutcome.CANCELLED)


AROUND_A_PROPOSAL = {
    "approve": lambda s, w, get, order: governance.approve(s, get("pending"), actor_id=w.tina),
    "reject": lambda s, w, get, order: governance.reject(s, get("pending"), actor_id=w.tina, reason="x"),
    "cancel": lambda s, w, get, order: governance.cancel_proposal(s, get("pending"), actor_id=w.tina, reason="x"),
    "expire proposals": lambda s, w, get, order: governance.expire_proposals(s, workspace_id=w.acme),
    "resolve": resolve_trigger,
}
AROUND_A_RUN = {
    "take": lambda s, w, get, order: governance.claim_approved(
        s, workspace_id=w.acme, proposal_id=get("approved").id
    ),
    "settle": lambda s, w, get, order: governance.record_approved(s, order, governance.ActionResult()),
    "cancel the run": lambda s, w, get, order: agents.cancel(
        s, agents.get_execution(s, workspace_id=w.acme, execution_id=get("approved").execution_id)
    ),
    "outcome": outcome("ines"),
}
AROUND_A_TRAINING = {
    "complete": lambda s, w, get, order: governance.complete_training(
        s, get("training"), actor_id=w.tina, score=0.8
    ),
    "fail": lambda s, w, get, order: governance.fail_training(s, get("training"), actor_id=w.tina, reason="x"),
    "outcome": outcome("sam"),
    "operate": operate("sam"),
    "adjudicate": lambda s, w, get, order: governance.adjudicate(s, get("feedback"), accept=True, actor_id=w.olga),
}
AROUND_A_SUPERVISION = {
    "complete": lambda s, w, get, order: governance.complete_supervision(
        s, get("supervision"), actor_id=w.tina, rating=5
    ),
    "fail": lambda s, w, get, order: governance.fail_supervision(
        s, get("supervision"), actor_id=w.tina, reason="x"
    ),
    "terminate": lambda s, w, get, order: governance.intervene(
        s, get("supervision"), kind="terminate", guidance="x", actor_id=w.tina
    ),
    "claim": lambda s, w, get, order: governance.claim_next(s, workspace_id=w.acme, supervisor_id=w.tina),
    "expire triggers": lambda s, w, get, order: governance.expire_triggers(s, workspace_id=w.acme),
    "outcome": outcome("sue"),
}
OF_ONE_LOCK = {
    "outcome",
    "operate",
    "resolve",
    "claim",
    "expire triggers",
    "cancel the run",
}  # two of these can't cross
PAIRS = {
    f"{topic}: {one}, {other}": (verbs[one], verbs[other])
    for topic, verbs in {
        "proposal": AROUND_A_PROPOSAL,
        "run": AROUND_A_RUN,
        "training": AROUND_A_TRAINING,
        "supervision": AROUND_A_SUPERVISION,
    }.items()
    for one, other in itertools.combinations(verbs, 2)
    if not {one, other} <= OF_ONE_LOCK
}


class Crossing:
    """Holds each of two connections after its first lock, until the other has one or the patience is over."""

    def __init__(self, database):
        self.locked = threading.Barrier(2)
        self.seen = set()
        event.listen(database, "after_cursor_execute", self.after)

    def after(self, connection, cursor, statement, parameters, context, executemany):
        locks = "FOR NO KEY UPDATE" in statement or statement.startswith("UPDATE")
        if locks and threading.get_ident() not in self.seen:
            self.seen.add(threading.get_ident())
            with suppress(threading.BrokenBarrierError):  # the other waits for what this one holds: it comes next
                self.locked.wait(timeout=PATIENCE)


def cross(database, *bodies):
    """Run two bodies, each in a thread and a transaction of its own; return what each raised, or None."""
    crossing, errors = Crossing(database), [None] * len(bodies)

    def run(number, body):
        try:
            with Session(database) as session, session.begin():
                body(session)
        except (ControlPlaneError, OperationalError) as error:
            errors[number] = error

    threads = [
        threading.Thread(target=contextvars.copy_context().run, args=(run, *each)) for each in enumerate(bodies)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)
    event.remove(database, "after_cursor_execute", crossing.after)
    assert not any(thread.is_alive() for thread in threads)
    return errors


def assert_history_is_whole(database):
    with Session(database) as session:
        event_of = LifecycleEvent
        order = (event_of.record_kind, event_of.record_id, event_of.sequence)
        last = {}
        for each in session.scalars(select(event_of).order_by(*order)):
            sequence, status = last.get((each.record_kind, each.record_id), (0, each.from_status))
            assert (each.sequence, each.from_status) == (sequence + 1, status)
            last[each.record_kind, each.record_id] = (each.sequence, each.to_status)


@pytest.mark.parametrize("verbs", PAIRS.values(), ids=PAIRS)
def test_no_two_verbs_wait_for_each_other_for_ever(database, world, clock, verbs):
    with Session(database) as session, session.begin():
        records, order = make_case(session, world)
    clock.advance(days=8 if AROUND_A_PROPOSAL["expire proposals"] in verbs else 0)

    def body(verb):
        return lambda session: verb(session, world, lambda name: session.get(*records[name]), order)

    errors = cross(database, *map(body, verbs))
    assert not [error for error in errors if isinstance(error, OperationalError)]
    assert_history_is_whole(database)


def test_a_caller_who_locks_two_agents_in_another_order_is_undone_whole_and_may_try_again(database, world):
    """Two verbs of one transaction, in opposite orders: the order of those is the callers', not ours."""

    def both(*names):
        def body(session):
            for name in names:
                outcome(name)(session, world, None, None)

        return body

    bodies = [both("sue", "ines"), both("ines", "sue")]
    errors = cross(database, *bodies)
    undone = [body for body, error in zip(bodies, errors, strict=True) if error is not None]
    assert len(undone) == (database.dialect.name == "postgresql")
    for body in undone:
        with Session(database) as session, session.begin():
            body(session)
    with Session(database) as session:
        scores = {session.get(Agent, getattr(world, name)).confidence_score for name in ("sue", "ines")}
    assert scores == {0.9, 0.7}
    assert_history_is_whole(database)
