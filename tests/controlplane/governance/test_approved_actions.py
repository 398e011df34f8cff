"""Running what was approved, with real connections and processes that die."""

from __future__ import annotations

import asyncio
import contextvars
import os
import subprocess
import sys
import threading
import time
from contextlib import contextmanager
from functools import partial

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from controlplane import actions, governance
from controlplane.database import create_engine
from controlplane.governance import claim_approved
from controlplane.models import AgentExecution, LifecycleEvent, Proposal
from controlplane.runtime import ThreadRuntime, run_all_approved, run_approved
from controlplane.runtime.housekeeping import run_housekeeping
from controlplane.runtime.procrastinate import ProcrastinateRuntime

pytestmark = pytest.mark.seed("governance")


@pytest.fixture
def database(scratch_database):
    engine = create_engine(scratch_database.url)
    yield engine
    engine.dispose()


@pytest.fixture
def transaction(database):
    @contextmanager
    def begin():
        with Session(database) as session, session.begin():
            yield session

    return begin


@pytest.fixture
def act():
    """The action `act`: it does what `act.doing` says, and remembers the keys that it was called with."""

    class Act:
        keys = ()
        doing = staticmethod(lambda: None)

        def __call__(self, parameters, *, idempotency_key):
            self.keys += (idempotency_key,)
            return self.doing()

    with actions.registered(act=Act()):
        yield actions.get("act")


def approved(transaction, world):
    """Commit an approved proposal and return the keywords that name it."""
    with transaction() as session:
        given = {"workspace_id": world.acme, "agent_id": world.ines, "title": "x", "action": "act"}
        proposal = governance.propose_action(session, **given)
        governance.approve(session, proposal, actor_id=world.tina)
        return {"workspace_id": world.acme, "proposal_id": proposal.id}


def statuses(transaction):
    """Return the status of the one proposal and, oldest first, of its runs."""
    with transaction() as session:
        runs = session.scalars(select(AgentExecution.status).order_by(AgentExecution.created_at)).all()
        return session.scalars(select(Proposal.status)).one(), runs


def test_an_approval_whose_commit_fails_runs_nothing(transaction, world, act):
    with transaction() as session:
        given = {"workspace_id": world.acme, "agent_id": world.ines, "title": "x", "action": "act"}
        proposal_id = governance.propose_action(session, **given).id

    def approve_and_fail():
        with transaction() as session:
            proposal = governance.get_proposal(session, workspace_id=world.acme, proposal_id=proposal_id)
            governance.approve(session, proposal, actor_id=world.tina)
            raise ConnectionError("the commit failed")

    with pytest.raises(ConnectionError):
        approve_and_fail()
    assert run_all_approved(transaction) == 0
    assert (act.keys, statuses(transaction)) == ((), ("pending", []))


def test_executed_action_stays_approved_when_its_result_can_not_be_committed(transaction, world, act, clock):
    """The proposal can't be rejected, expired, or run a second time: the action may have happened."""
    named, opened = approved(transaction, world), []

    @contextmanager
    def failing():
        opened.append(1)
        with transaction() as session:
            yield session
            if len(opened) == 2:
                raise ConnectionError("the commit failed")

    with pytest.raises(ConnectionError):
        run_approved(failing, **named)
    assert statuses(transaction) == ("approved", ["running"])
    assert run_all_approved(transaction) == 0
    clock.advance(hours=2)
    assert run_all_approved(transaction) == 1
    assert act.keys == (f"proposal:{named['proposal_id']}",) * 2
    assert statuses(transaction) == ("executed", ["timeout", "completed"])
    assert run_all_approved(transaction) == 0


def test_no_transaction_is_open_while_the_action_runs(transaction, database, world, act):
    """An action may write to the same database: on SQLite it would wait for ever behind an open transaction."""

    def write():
        with database.begin() as connection:
            connection.execute(text("UPDATE user_account SET name = 'written by the action'"))

    named, act.doing = approved(transaction, world), write
    assert run_approved(transaction, **named)
    assert statuses(transaction) == ("executed", ["completed"])


def test_two_workers_execute_approved_action_once(transaction, world, act):
    named, results, act.doing = approved(transaction, world), [], partial(time.sleep, 0.1)
    barrier = threading.Barrier(3, timeout=20)

    def work():
        barrier.wait()
        results.append(run_approved(transaction, **named))

    threads = [threading.Thread(target=contextvars.copy_context().run, args=(work,)) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)
    assert (sorted(results), len(act.keys)) == ([False, False, True], 1)
    assert statuses(transaction) == ("executed", ["completed"])


def test_two_workers_record_one_result(transaction, world, act, clock):
    """The first took so long that it counted as lost; the holder of the current run records the result."""
    named = approved(transaction, world)

    def overtake():
        if len(act.keys) == 1:
            clock.advance(hours=2)
            assert run_approved(transaction, **named)

    act.doing = overtake
    assert not run_approved(transaction, **named)
    assert statuses(transaction) == ("executed", ["timeout", "completed"])
    with transaction() as session:
        ended = select(func.count()).where(LifecycleEvent.to_status == "executed")
        assert session.scalar(ended) == 1


DYING = """
import os, sys, uuid
from contextlib import contextmanager
from sqlalchemy.orm import Session
from controlplane import actions
from controlplane.database import create_engine
from controlplane.runtime import run_approved

database = create_engine(sys.argv[1])

@contextmanager
def transaction():
    with Session(database) as session, session.begin():
        yield session

with actions.registered(act=lambda parameters, *, idempotency_key: os._exit(9)):
    run_approved(transaction, workspace_id=uuid.UUID(sys.argv[2]), proposal_id=uuid.UUID(sys.argv[3]))
"""


def test_a_process_that_dies_in_the_action_leaves_it_to_others(
    transaction, scratch_database, world, act, clock, tmp_path
):
    named = approved(transaction, world)
    command = [sys.executable, "-c", DYING, str(scratch_database.url), *map(str, named.values())]
    assert subprocess.run(command, check=False, env={**os.environ}, cwd=tmp_path).returncode == 9
    assert statuses(transaction) == ("approved", ["running"])
    with transaction() as session:
        clock.set(session.scalars(select(AgentExecution.started_at)).one())
    assert run_all_approved(transaction) == 0
    clock.advance(hours=1)
    assert run_all_approved(transaction) == 1
    assert act.keys == (f"proposal:{named['proposal_id']}",)
    assert statuses(transaction) == ("executed", ["timeout", "completed"])


@pytest.mark.parametrize("run", [run_all_approved, run_housekeeping])
@pytest.mark.parametrize(("limit", "deliveries"), [({}, 5), ({"max_deliveries": 2}, 2)])
def test_action_whose_worker_dies_each_time_is_given_up(transaction, world, act, clock, limit, deliveries, run):
    named = approved(transaction, world)
    for _ in range(deliveries):
        with transaction() as session:
            assert claim_approved(session, **named, **limit) is not None
        clock.advance(hours=2)
    assert not run(transaction, **limit)
    runs = ["timeout"] * deliveries
    assert statuses(transaction) == ("execution_failed", runs)
    with transaction() as session:
        result = session.scalars(select(Proposal.execution_result)).one()
    assert (act.keys, result["error_type"]) == ((), "WorkerLostError")
    assert f"was lost {deliveries} times" in result["error"]


SWEEPING = """
import os, sys
from contextlib import contextmanager
from datetime import timedelta
from sqlalchemy.orm import Session
from controlplane import clock
from controlplane.database import create_engine
from controlplane.runtime.housekeeping import run_housekeeping

database = create_engine(sys.argv[1])
later = clock.now() + timedelta(days=400)

@contextmanager
def transaction():
    with Session(database) as session, session.begin():
        yield session
        if session.new or session.dirty or session.identity_map:
            session.flush()
            os._exit(9)

with clock.use(lambda: later):
    run_housekeeping(transaction)
"""


def test_worker_that_dies_while_it_expires_leaves_it_to_others(
    transaction, scratch_database, world, clock, tmp_path
):
    given = {"workspace_id": world.acme, "agent_id": world.ines, "title": "x", "action": "act"}
    with transaction() as session:
        governance.propose_action(session, **given)
    command = [sys.executable, "-c", SWEEPING, str(scratch_database.url)]
    assert subprocess.run(command, check=False, env={**os.environ}, cwd=tmp_path).returncode == 9
    with transaction() as session:
        assert session.scalars(select(Proposal.status)).one() == "pending"
    clock.advance(days=8)
    run_housekeeping(transaction)
    run_housekeeping(transaction)
    with transaction() as session:
        assert session.scalars(select(Proposal.status)).one() == "expired"
        events = select(LifecycleEvent.to_status).where(LifecycleEvent.record_kind == "proposal")
        assert session.scalars(events.order_by(LifecycleEvent.sequence)).all() == ["pending", "expired"]


def settled(transaction):
    """Wait until the one proposal has ended, for at most 20 seconds."""
    until = time.monotonic() + 20
    while statuses(transaction)[0] == "approved" and time.monotonic() < until:
        time.sleep(0.02)
    return statuses(transaction)


def test_worker_runs_approved_action(transaction, database, world, act):
    approved(transaction, world)
    with ThreadRuntime(database, workers=1, poll=0.05):
        assert settled(transaction) == ("executed", ["completed"])
    assert len(act.keys) == 1


def test_queue_worker_runs_approved_action(transaction, database, world, act):
    approved(transaction, world)
    runtime = ProcrastinateRuntime(database, sweep=0.02)

    async def work():
        task = asyncio.create_task(runtime._run_housekeeping_forever())
        try:
            return await asyncio.to_thread(contextvars.copy_context().run, settled, transaction)
        finally:
            task.cancel()

    assert asyncio.run(work()) == ("executed", ["completed"])


def test_an_error_of_the_database_does_not_end_a_worker(transaction, database, world, act, monkeypatch, caplog):
    tried = []

    def failing(*arguments, **options):
        tried.append(1)
        if len(tried) == 1:
            raise ConnectionError("no database")
        return run_all_approved(*arguments, **options)

    monkeypatch.setattr("controlplane.runtime.housekeeping.run_all_approved", failing)
    approved(transaction, world)
    with ThreadRuntime(database, workers=1, poll=0.05):
        assert settled(transaction) == ("executed", ["completed"])
    assert "the sweeper failed" in caplog.text
