"""Drives executions on many machines through Procrastinate, a task queue that lives in PostgreSQL.

A kick is a job, enqueued in the transaction that makes the execution due. Jobs carry only an id: one that
comes twice, late or never changes nothing, for what is owed is in the row. Every worker also sweeps: it finds
due executions that no job tells of, and gives the jobs of dead workers back.
"""

from __future__ import annotations

import asyncio
import logging
import socket
import uuid
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Any

import procrastinate
import sqlalchemy as sa
from procrastinate.exceptions import AlreadyEnqueued
from sqlalchemy.orm import Session

from controlplane import clock
from controlplane.execution.engine.config import Engine
from controlplane.execution.queries import select_due_executions
from controlplane.notifications import take_kicks
from controlplane.runtime.approved_actions import carry_out_all
from controlplane.runtime.driver import drive
from controlplane.runtime.leases import LeaseKeeper

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

log = logging.getLogger(__name__)
TASK = "controlplane.drive"
QUEUE = "controlplane"
BATCH = 100
PREPARING = 0x636F6E74726F6C  # the key of the lock: "control"


class ProcrastinateRuntime:
    """Enqueues kicks; with `run_worker`, a worker of this process."""

    def __init__(
        self,
        database: sa.Engine,
        *,
        engine: Engine | None = None,
        sweep: float = 1.0,
        heartbeat: float = 10.0,
    ) -> None:
        self.engine = engine or Engine()
        self.name = f"{socket.gethostname()}:{uuid.uuid4().hex[:8]}"
        self._database = database
        self._sweep = sweep
        self._heartbeat = heartbeat
        self._keeper = LeaseKeeper(self.transaction)
        self.app = procrastinate.App(connector=procrastinate.PsycopgConnector(conninfo=conninfo(database.url)))
        self.app.task(name=TASK, queue=QUEUE)(self._drive)
        # never opened: it enqueues on the connection of the caller's transaction
        self._enqueuer = procrastinate.App(connector=procrastinate.SyncPsycopgConnector())

    def prepare(self) -> None:
        """Make the tables of the queue unless they are there; of several workers that start at once, one does."""
        with self._database.begin() as connection:
            connection.execute(sa.select(sa.func.pg_advisory_xact_lock(PREPARING)))
            if not sa.inspect(connection).has_table("procrastinate_jobs"):
                schema: Any = connection.connection.driver_connection
                schema.execute(self.app.schema_manager.get_schema())  # a script, with % of its own

    @contextmanager
    def transaction(self) -> Iterator[Session]:
        """Open a transaction that enqueues its kicks as its last statements."""
        with Session(self._database) as session, session.begin():
            yield session
            connection = session.connection().connection.driver_connection
            for execution_id, at in take_kicks(session):
                self._defer(execution_id, at=at, connection=connection)

    def run_worker(self, *, concurrency: int = 4) -> None:
        """Work until SIGINT or SIGTERM; steps in flight are ended first."""
        asyncio.run(self._run(concurrency))
        self._keeper.close()

    async def _run(self, concurrency: int) -> None:
        async with self.app.open_async():
            sweeping = [asyncio.create_task(body) for body in (self._sweep_forever(), self._carry_out_forever())]
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
            self.transaction,
            execution_id=uuid.UUID(execution_id),
            engine=self.engine,
            worker=self.name,
            keeping=self._keeper.keeping,
        )

    def _defer(self, execution_id: uuid.UUID, *, at: datetime | None, connection: Any) -> None:
        job = self._enqueuer.configure_task(TASK, queue=QUEUE, schedule_at=at, connection=connection)
        job.defer(execution_id=str(execution_id))

    async def _sweep_forever(self) -> None:
        while True:
            await asyncio.sleep(self._sweep)
            try:
                await self._rescue()
                for execution_id in await asyncio.to_thread(self._look):
                    await self._enqueue_once(execution_id)
            except Exception:
                log.exception("the sweeper could not look")

    async def _carry_out_forever(self) -> None:
        """Run the approved actions that nobody runs, again and again."""
        while True:
            await asyncio.sleep(self._sweep)
            try:
                await asyncio.to_thread(carry_out_all, self.transaction)
            except Exception:
                log.exception("approved actions could not be carried out")

    async def _rescue(self) -> None:
        """Give the jobs of workers whose heart has stopped to the living."""
        stalled = await self.app.job_manager.get_stalled_jobs(
            queue=QUEUE, seconds_since_heartbeat=3 * self._heartbeat
        )
        for job in stalled:
            await self.app.job_manager.retry_job(job)

    async def _enqueue_once(self, execution_id: uuid.UUID) -> None:
        """Enqueue a job for a due execution unless an earlier sweep's still waits."""
        job = self.app.configure_task(TASK, queue=QUEUE, queueing_lock=f"sweep:{execution_id}")
        with suppress(AlreadyEnqueued):
            await job.defer_async(execution_id=str(execution_id))

    def _look(self) -> list[uuid.UUID]:
        with Session(self._database) as session:
            return list(session.scalars(select_due_executions(now=clock.now(), limit=BATCH)))


def conninfo(url: sa.URL) -> str:
    """Return the URL as psycopg takes it."""
    return url.set(drivername="postgresql").render_as_string(hide_password=False)
