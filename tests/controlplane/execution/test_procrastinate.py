"""Jobs of Procrastinate: enqueued in the transaction that makes an execution due."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
import uuid
from concurrent.futures import ThreadPoolExecutor

import pytest
import sqlalchemy as sa

from controlplane.execution import cancel, start
from controlplane.migrations.state import revisions
from controlplane.models import WorkflowStatus
from controlplane.runtime.driver import drive
from controlplane.runtime.procrastinate import PREPARING, ProcrastinateRuntime

pytestmark = [pytest.mark.seed("users"), pytest.mark.timeout(120)]
OLGA = uuid.UUID(int=0xB0001)
NAP = "name: nap\nsteps: [{key: w, kind: wait, seconds: %s}]"


@pytest.fixture
def runtime(shop):
    if shop.database.dialect.name != "postgresql":
        pytest.skip("Procrastinate lives in PostgreSQL")
    made = ProcrastinateRuntime(shop.database)
    made.prepare()
    return made


def test_workers_that_start_together_make_one_queue(shop):
    if shop.database.dialect.name != "postgresql":
        pytest.skip("Procrastinate lives in PostgreSQL")
    waiting = sa.text("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted")
    with ThreadPoolExecutor(1) as threads, shop.database.connect() as first:
        first.execute(sa.select(sa.func.pg_advisory_xact_lock(PREPARING)))
        second = threads.submit(ProcrastinateRuntime(shop.database).prepare)
        while not second.done() and not first.execute(waiting).scalar_one():
            time.sleep(0.01)
        assert not second.done(), "it has to wait for the first"
        first.rollback()
        second.result(timeout=30)
    assert sa.inspect(shop.database).has_table("procrastinate_jobs")


def jobs(shop):
    """What is enqueued: which execution, and when at the earliest."""
    with shop.database.connect() as connection:
        query = sa.text("SELECT args ->> 'execution_id', scheduled_at FROM procrastinate_jobs ORDER BY id")
        return [tuple(row) for row in connection.execute(query)]


def test_job_is_enqueued_with_its_transaction_or_not_at_all(shop, runtime):
    version = shop.start(NAP % 1)
    with shop.database.begin() as connection:
        connection.execute(sa.text("UPDATE workflow_execution SET wake_at = NULL"))

    def begin(session):
        return start(session, workspace_id=uuid.UUID(int=1), workflow="nap").id

    def fail():
        with runtime.transaction() as session:
            begin(session)
            session.execute(sa.text("SELECT 1 / 0"))

    with pytest.raises(sa.exc.DataError):
        fail()
    assert jobs(shop) == []
    with runtime.transaction() as session:
        with session.begin_nested() as inner:
            begin(session)
            inner.rollback()
        kept = begin(session)
    assert jobs(shop) == [(str(kept), None)]
    with runtime.transaction():
        pass
    assert len(jobs(shop)) == 1, "a job waits already"
    assert version is not None


def test_wait_creates_no_job_before_its_end(shop, runtime):
    run = shop.start(NAP % 3600)
    drive(runtime.transaction, execution_id=run, engine=runtime.engine)
    assert jobs(shop) == []


def test_a_job_for_an_execution_that_has_ended_changes_nothing(shop, runtime):
    run = shop.start(NAP % 3600)
    shop.call(cancel, run, actor_id=OLGA)
    before = shop.steps(run)
    drive(runtime.transaction, execution_id=run, engine=runtime.engine)
    assert shop.status(run) is WorkflowStatus.CANCELLED
    assert len(shop.steps(run)) == len(before)


def test_worker_command_runs_until_stop_signal(shop, runtime, tmp_path):
    """No job tells of the first execution: the sweep finds it."""
    actions_file = tmp_path / "acts.py"
    actions_file.write_text(
        "from controlplane import actions\n"
        "@actions.register('note')\n"
        "def note(parameters, *, idempotency_key):\n    return 1\n"
    )
    run = shop.start("name: one\nsteps: [{key: a, kind: task, action: note}]")
    with shop.database.begin() as connection:  # the command asks for the version of the schema
        connection.execute(sa.text("CREATE TABLE alembic_version (version_num VARCHAR(32) PRIMARY KEY)"))
        connection.execute(sa.text("INSERT INTO alembic_version VALUES (:head)"), {"head": revisions()[-1]})
    url = shop.database.url.render_as_string(hide_password=False)
    words = ["--database-url", url, "--actions", str(actions_file), "worker", "--runtime", "procrastinate"]
    start = "from controlplane.cli import main; main()"
    with subprocess.Popen([sys.executable, "-c", start, *words], stdout=subprocess.PIPE) as process:
        assert shop.wait(run, seconds=60) is WorkflowStatus.COMPLETED
        process.send_signal(signal.SIGTERM)
        process.stdout.read()
        assert process.wait(30) == 0
