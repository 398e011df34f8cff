"""Drive executions on many machines through Procrastinate, a task queue that lives in PostgreSQL.

A job carries only the id of an execution: one that comes twice, late or never changes nothing, because the row
has the time at which it is due. Jobs for due executions are enqueued in the transaction that makes them due, and
by the sweep of every worker, which also retries the jobs of dead workers.
"""

from __future__ import annotations

import asyncio
import socket
import uuid
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Any

import procrastinate
import sqlalchemy as sa
from procrastinate.exceptions import AlreadyEnqueued
from sqlalchemy.orm import Session

from controlplane import clock
from controlplane.execution.engine.config import EngineConfig
from controlplane.execution.queries import select_due_executions
from controlplane.runtime.driver import drive
from controlplane.runtime.housekeeping import run_housekeeping
from controlplane.runtime.leases import LeaseKeeper
from controlplane.runtime.outages import Outage

if TYPE_CHECKING:
    from collections.abc import Iterator

TASK = "controlplane.drive"
QUEUE = "controlplane"
BATCH = 100
_WAITING = sa.text(
    "SELECT queueing_lock FROM procrastinate_jobs WHERE status = 'todo' AND queueing_lock = ANY(:locks)"
)
PREPARING = 0x636F6E74726F6C  # the key of the lock: "control"


class ProcrastinateRuntime:
    """Enqueue jobs for due executions; with `run_worker`, be a worker."""

    def __init__(
        self,
        database: sa.Engine,
        *,
        engine: EngineConfig | None = None,
        sweep: float = 1.0,
        heartbeat: float = 10.0,
    ) -> None:
        self.engine = engine or EngineConfig()
        self.name = f"{socket.gethostname()}:{uuid.uuid4().hex[:8]}"
        self._database = database
        self._sweep = sweep
        self._heartbeat = heartbeat
        self._keeper = LeaseKeeper(self._plain_transaction)
        self.app = procrastinate.App(connector=procrastinate.PsycopgConnector(conninfo=conninfo(database.url)))
        self.app.task(name=TASK, queue=QUEUE)(self._drive)
        # never opened: it enqueues on the connection of the caller's transaction
        self._enqueuer = procrastinate.App(connector=procrastinate.SyncPsycopgConnector())

    def prepare(self) -> None:
        """Make the tables of the queue unless they are there; of several workers that start together, one does."""
        with self._database.begin() as connection:
            connection.execute(sa.select(sa.func.pg_advisory_xact_lock(PREPARING)))
            if not sa.inspect(connection).has_table("procrastinate_jobs"):
                schema: Any = connection.connection.driver_connection
                schema.execute(self.app.schema_manager.get_schema())  # a script, with % of its own

    @contextmanager
    def transaction(self) -> Iterator[Session]:
        """Open a transaction whose last statements enqueue jobs for the executions that are due then."""
        with self._plain_transaction() as session:
            yield session
            self._enqueue_due(session)

    @contextmanager
    def _plain_transaction(self) -> Iterator[Session]:
        with Session(self._database) as session, session.begin():
            yield session

    def _enqueue_due(self, session: Session) -> None:
        """Enqueue a job for each due execution that no job waits for, in the session's transaction."""
        session.flush()
        due = list(session.scalars(select_due_executions(now=clock.now(), limit=BATCH)))
        locks = {f"{TASK}:{execution_id}": execution_id for execution_id in due}
        waiting = set(session.scalars(_WAITING, {"locks": list(locks)})) if locks else set()
        connection: Any = session.connection().connection.driver_connection
        for lock, execution_id in locks.items():
            if lock in waiting:
                continue
            job = self._enqueuer.configure_task(TASK, queue=QUEUE, queueing_lock=lock, connection=connection)
            with suppress(AlreadyEnqueued), connection.transaction():  # another worker came first
                job.defer(execution_id=str(execution_id))

    def run_worker(self, *, concurrency: int = 4) -> None:
        """Work until SIGINT or SIGTERM; steps in flight are ended first."""
        asyncio.run(self._run(concurrency))
        self._keeper.close()

    async def _run(self, concurrency: int) -> None:
        async with self.app.open_async():
            sweeping = [
                asyncio.create_task(body) for body in (self._sweep_forever(), self._run_housekeeping_forever())
            ]
            try:
                await self.app.run_worker_async(
                    queues=[QUEUE],
                    name=self.name,
                    concurrency=concurrency,
                    delete_jobs="successful",
                    update_heartbeat_interval=self._heartbeat,
                    stalled_worker_timeout=3 * self._heartbeat,
                )
            finally:
                for task in sweeping:
                    task.cancel()

    def _drive(self, execution_id: str) -> None:
        drive(
            self._plain_transaction,
            execution_id=uuid.UUID(execution_id),
            engine=self.engine,
            worker=self.name,
            keeping=self._keeper.keeping,
            when_more=lambda _: self._poll_due(),
        )
        self._poll_due()  # its parent or child may be due

    async def _sweep_forever(self) -> None:
        outage = Outage("due executions could not be found", rest=self._sweep)
        while True:
            await asyncio.sleep(outage.rest)
            try:
                await self._rescue()
                await asyncio.to_thread(self._poll_due)
                outage.end()
            except Exception as error:  # noqa: BLE001  logged
                outage.report(error)

    async def _run_housekeeping_forever(self) -> None:
        """Run approved actions that no worker runs, and expire what people left waiting, repeatedly."""
        outage = Outage("the sweeper failed", rest=self._sweep)
        while True:
            await asyncio.sleep(outage.rest)
            try:
                await asyncio.to_thread(
                    run_housekeeping, self.transaction, max_deliveries=self.engine.max_deliveries
                )
                outage.end()
            except Exception as error:  # noqa: BLE001  logged
                outage.report(error)

    async def _rescue(self) -> None:
        """Retry the jobs of workers that send no heartbeat any more."""
        stalled = await self.app.job_manager.get_stalled_jobs(
            queue=QUEUE, seconds_since_heartbeat=3 * self._heartbeat
        )
        for job in stalled:
            await self.app.job_manager.retry_job(job)

    def _poll_due(self) -> None:
        with self._plain_transaction() as session:
            self._enqueue_due(session)


def conninfo(url: sa.URL) -> str:
    """Return the URL as psycopg takes it."""
    return url.set(drivername="postgresql").render_as_string(hide_password=False)
