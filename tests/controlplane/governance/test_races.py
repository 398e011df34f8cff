"""Two people at once, each with a connection of their own: one wins, the other is told, nothing happens twice."""

from __future__ import annotations

import contextvars
import threading
import time

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from controlplane import actions, governance
from controlplane.agents import request
from controlplane.database import create_engine
from controlplane.errors import ControlPlaneError, LostRaceError, NotAuthorizedError
from controlplane.models import (
    Agent,
    AgentExecution,
    Intervention,
    LifecycleEvent,
    SupervisionSession,
    TrainingSession,
)

pytestmark = pytest.mark.seed("governance")


@pytest.fixture
def database(scratch_database):
    engine = create_engine(scratch_database.url)
    yield engine
    engine.dispose()


@pytest.fixture
def slow():
    """An action that takes long enough for the other to come in between, and counts its calls."""
    calls = []

    def act(parameters, *, idempotency_key):
        calls.append(idempotency_key)
        time.sleep(0.05)

    with actions.registered(slow=act):
        yield calls


def prepare(database, make):
    """Commit what `make` builds and return its id."""
    with Session(database) as session, session.begin():
        return make(session).id


def race(database, get, *verbs):
    """Run each verb in a thread, on its own copy of the record as both saw it, at the same moment."""
    barrier = threading.Barrier(len(verbs), timeout=20)
    results = [None] * len(verbs)

    def run(number, verb):
        with Session(database, expire_on_commit=False) as session:
            with session.begin():
                record = get(session)
            barrier.wait()
            try:
                with session.begin():
                    results[number] = verb(session, record) or "done"
            except ControlPlaneError as error:
                results[number] = error

    threads = [
        threading.Thread(target=contextvars.copy_context().run, args=(run, number, verb))
        for number, verb in enumerate(verbs)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)
    assert not any(thread.is_alive() for thread in threads)
    return results


def assert_one_won(results):
    lost = [result for result in results if isinstance(result, ControlPlaneError)]
    assert [type(error) for error in lost] == [LostRaceError]
    assert len(results) - len(lost) == 1


def confidence(database, agent_id):
    with Session(database) as session:
        return session.scalar(select(Agent.confidence_score).where(Agent.id == agent_id))


def count(database, model):
    with Session(database) as session:
        return session.scalar(select(func.count()).select_from(model))


def assert_history_is_whole(database):
    """Events of each record are numbered from 1 without a gap, and each begins where the last one ended."""
    with Session(database) as session:
        events = session.scalars(
            select(LifecycleEvent).order_by(
                LifecycleEvent.record_kind, LifecycleEvent.record_id, LifecycleEvent.sequence
            )
        ).all()
    last = {}
    for event in events:
        key = (event.record_kind, event.record_id)
        sequence, status = last.get(key, (0, event.from_status))
        assert (event.sequence, event.from_status) == (sequence + 1, status)
        last[key] = (event.sequence, event.to_status)


def pending(database, world):
    return prepare(
        database,
        lambda session: governance.propose_action(
            session, workspace_id=world.acme, agent_id=world.ines, title="x", action="slow"
        ),
    )


def proposal_of(world, proposal_id):
    return lambda session: governance.get_proposal(session, workspace_id=world.acme, proposal_id=proposal_id)


def test_two_reviewers_approve_at_once(database, world, slow):
    proposal_id = pending(database, world)
    results = race(
        database,
        proposal_of(world, proposal_id),
        lambda session, proposal: governance.approve(session, proposal, actor_id=world.tina),
        lambda session, proposal: governance.approve(session, proposal, actor_id=world.olga),
    )
    assert_one_won(results)
    assert slow == []
    assert count(database, AgentExecution) == 1
    assert_history_is_whole(database)


def test_one_approves_and_one_rejects_at_once(database, world, slow):
    proposal_id = pending(database, world)
    results = race(
        database,
        proposal_of(world, proposal_id),
        lambda session, proposal: governance.approve(session, proposal, actor_id=world.tina),
        lambda session, proposal: governance.reject(session, proposal, actor_id=world.olga, reason="no"),
    )
    assert_one_won(results)
    assert count(database, AgentExecution) == isinstance(results[1], LostRaceError)
    assert_history_is_whole(database)


def test_a_training_is_approved_twice_at_once(database, world):
    proposal_id = prepare(
        database,
        lambda session: governance.propose_training(
            session, workspace_id=world.acme, agent_id=world.sam, title="x"
        ),
    )
    results = race(
        database,
        proposal_of(world, proposal_id),
        lambda session, proposal: governance.approve_training(session, proposal, actor_id=world.tina).id,
        lambda session, proposal: governance.approve_training(session, proposal, actor_id=world.olga).id,
    )
    assert_one_won(results)
    assert count(database, TrainingSession) == 1
    assert_history_is_whole(database)


def test_a_training_is_completed_twice_at_once(database, world):
    def begun(session):
        proposal = governance.propose_training(session, workspace_id=world.acme, agent_id=world.sam, title="x")
        training = governance.approve_training(session, proposal, actor_id=world.tina)
        governance.start_training(session, training, actor_id=world.tina)
        return training

    training_id = prepare(database, begun)
    results = race(
        database,
        lambda session: governance.get_training(session, workspace_id=world.acme, training_id=training_id),
        *[
            lambda session, training: governance.complete_training(
                session, training, actor_id=world.tina, score=0.8
            )
        ]
        * 2,
    )
    assert_one_won(results)
    assert confidence(database, world.sam) == 0.6
    assert_history_is_whole(database)


def watched(database, world):
    return prepare(
        database,
        lambda session: governance.start_supervision(
            session, workspace_id=world.acme, agent_id=world.sue, supervisor_id=world.tina
        ),
    )


def supervision_of(world, supervision_id):
    return lambda session: governance.get_supervision(
        session, workspace_id=world.acme, supervision_id=supervision_id
    )


def test_a_supervision_is_completed_twice_at_once(database, world):
    def complete(session, supervision):
        governance.complete_supervision(session, supervision, actor_id=world.tina, rating=3)

    results = race(database, supervision_of(world, watched(database, world)), complete, complete)
    assert_one_won(results)
    assert confidence(database, world.sue) == 0.85
    assert_history_is_whole(database)


def test_a_supervision_is_completed_and_terminated_at_once(database, world):
    results = race(
        database,
        supervision_of(world, watched(database, world)),
        lambda session, found: governance.complete_supervision(session, found, actor_id=world.tina, rating=3),
        lambda session, found: (
            governance.intervene(session, found, kind="terminate", guidance="x", actor_id=world.tina).id
        ),
    )
    assert_one_won(results)
    is_completed = results[0] == "done"
    assert confidence(database, world.sue) == (0.85 if is_completed else 0.8)
    assert count(database, Intervention) == (not is_completed)
    assert_history_is_whole(database)


def test_two_supervisors_step_in_at_once(database, world):
    def correct(session, supervision):
        governance.intervene(session, supervision, kind="correct", guidance="x", actor_id=world.tina)

    results = race(database, supervision_of(world, watched(database, world)), correct, correct)
    assert results == ["done", "done"]
    with Session(database) as session:
        assert sorted(session.scalars(select(Intervention.sequence))) == [1, 2]
        assert session.scalars(select(SupervisionSession.intervention_count)).all() == [2]
    assert_history_is_whole(database)


def test_two_supervisions_of_one_agent_complete_at_once(database, world):
    """Neither change of confidence is lost, and the two don't wait for each other for ever."""
    ids = iter([watched(database, world), watched(database, world)])

    def complete(session, supervision):
        governance.complete_supervision(session, supervision, actor_id=world.tina, rating=3)

    def one_of_them(session):
        return supervision_of(world, next(ids))(session)

    assert race(database, one_of_them, complete, complete) == ["done", "done"]
    with Session(database) as session:
        agent = session.get(Agent, world.sue)
        assert (agent.confidence_score, agent.maturity_level) == (0.9, "autonomous")
    assert_history_is_whole(database)


def test_no_outcome_is_lost(database, world):
    def succeed(session, _agent):
        for _ in range(3):
            governance.record_outcome(
                session, workspace_id=world.acme, agent_id=world.ines, success=True, impact="high"
            )

    # both have seen the agent as it was before the other came: what they hold in memory must not count
    assert race(database, lambda session: session.get(Agent, world.ines), succeed, succeed) == ["done", "done"]
    assert confidence(database, world.ines) == 0.9
    assert_history_is_whole(database)


def test_two_transactions_that_add_to_one_agent_and_change_it_do_not_deadlock(database, world):
    """Each has inserted a row that refers to the agent, and so shares its key, when it asks to change it."""

    def run_and_report(session, _nothing):
        request(session, workspace_id=world.acme, agent_id=world.ines, triggered_by="manual")
        time.sleep(0.1)
        governance.record_outcome(session, workspace_id=world.acme, agent_id=world.ines, success=True)

    assert race(database, lambda session: None, run_and_report, run_and_report) == ["done", "done"]
    assert confidence(database, world.ines) == 0.62


def test_feedback_is_adjudicated_twice_at_once(database, world):
    feedback_id = prepare(
        database,
        lambda session: governance.submit_feedback(
            session, workspace_id=world.acme, agent_id=world.sue, user_id=world.milo, rating=1
        ),
    )
    results = race(
        database,
        lambda session: governance.get_feedback(session, workspace_id=world.acme, feedback_id=feedback_id),
        lambda session, feedback: governance.adjudicate(session, feedback, accept=True, actor_id=world.olga),
        lambda session, feedback: governance.adjudicate(session, feedback, accept=False, actor_id=world.adam),
    )
    assert_one_won(results)
    assert confidence(database, world.sue) == (0.7 if results[0] == "done" else 0.8)


def queued(database, world):
    return prepare(
        database,
        lambda session: (
            governance.admit_trigger(
                session, workspace_id=world.acme, agent_id=world.sue, source="event", trigger_type="x"
            ).trigger
        ),
    )


@pytest.mark.parametrize("waiting", [1, 2, 3])
def test_two_supervisors_take_from_the_queue_at_once(database, world, waiting):
    ids = {queued(database, world) for _ in range(waiting)}

    def claim(session, _nothing):
        supervision = governance.claim_next(session, workspace_id=world.acme, supervisor_id=world.tina)
        time.sleep(0.05)
        return supervision.trigger_id if supervision else "nothing left"

    results = race(database, lambda session: None, claim, claim)
    taken = {result for result in results if result != "nothing left"}
    assert len(taken) == min(2, waiting)
    assert taken <= ids
    assert count(database, SupervisionSession) == len(taken)
    assert_history_is_whole(database)


def test_an_agent_is_paused_and_deleted_at_once(database, world):
    results = race(
        database,
        lambda session: session.get(Agent, world.sue),
        lambda session, sue: governance.set_status(session, sue, to="deleted", actor_id=world.adam, reason="x"),
        lambda session, sue: governance.set_status(session, sue, to="paused", actor_id=world.adam, reason="x"),
    )
    # paused and then deleted is legal; deleted and then paused is not
    assert results[0] == "done"
    assert results[1] == "done" or isinstance(results[1], LostRaceError)
    with Session(database) as session:
        assert session.get(Agent, world.sue).status == "deleted"
    assert_history_is_whole(database)


def test_a_promotion_counts_for_others_once_it_is_committed(database, world):
    """Two connections: no answer of a permission check outlives what it was based on."""

    def may_delete():
        with Session(database) as session:
            return governance.check_permission(
                session, workspace_id=world.acme, agent_id=world.sue, action="delete"
            ).allowed

    answers = [may_delete()]
    with Session(database) as session, session.begin():
        sue = session.get(Agent, world.sue)
        governance.set_maturity(session, sue, to="autonomous", actor_id=world.adam, reason="x")
    answers.append(may_delete())
    with Session(database) as session, session.begin():
        sue = session.get(Agent, world.sue)
        governance.set_status(session, sue, to="paused", actor_id=world.adam, reason="x")
    answers.append(may_delete())
    assert answers == [False, True, False]


def test_two_owners_remove_each_other_at_once(database, world):
    with Session(database) as session, session.begin():
        second = governance.add_member(
            session, workspace_id=world.acme, email="o2@acme.example", role="owner", actor_id=world.olga
        ).id

    def remove(who, by):
        return lambda session, _: governance.remove_member(
            session, workspace_id=world.acme, user_id=who, actor_id=by, reason="x"
        )

    results = race(database, lambda session: None, remove(second, world.olga), remove(world.olga, second))
    lost = [result for result in results if isinstance(result, ControlPlaneError)]
    assert [type(error) for error in lost] == [NotAuthorizedError]
    assert_history_is_whole(database)
