"""Drive executions in threads of this process, on SQLite or PostgreSQL: the default, no service needed.

Any number of processes may do so on one database. Due executions are found in the rows, by a sweeper that looks
at intervals, and immediately after a transaction that may have made one due.
"""

from __future__ import annotations

import contextvars
import itertools
import socket
import threading
import time
import uuid
from contextlib import contextmanager
from functools import partial
from typing import TYPE_CHECKING, Self

from sqlalchemy.orm import Session

from controlplane import clock
from controlplane.execution.engine.config import EngineConfig
from controlplane.execution.queries import select_due_executions
from controlplane.runtime.driver import drive
from controlplane.runtime.housekeeping import run_housekeeping
from controlplane.runtime.leases import LeaseKeeper
from controlplane.runtime.outages import Outage, log_failure

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from types import TracebackType

    import sqlalchemy as sa

BATCH = 100
STEPS_A_TURN = 50
"""Steps that a worker takes in one execution before others that are due have their turn."""
BACK_OFF = 0.1
"""Seconds that a worker pauses after an error of the database."""


class ThreadRuntime:
    """Workers, a sweeper for due executions, one for approved actions and expiry, and a keeper of leases.

    with ThreadRuntime(database, workers=4) as runtime:
        ...
    """

    def __init__(
        self, database: sa.Engine, *, engine: EngineConfig | None = None, workers: int = 2, poll: float = 0.5
    ) -> None:
        self.engine = engine or EngineConfig()
        self.name = f"{socket.gethostname()}:{uuid.uuid4().hex[:8]}"
        self._database = database
        self._poll = poll
        self._due: dict[uuid.UUID, None] = {}
        # a second worker would only wait behind the first for the same row: one that is locked would stop them all
        self._claiming: set[uuid.UUID] = set()
        self._changed = threading.Condition()
        self._closed = False
        self._is_poll_due = False
        self._keeper = LeaseKeeper(self._plain_transaction)
        bodies: list[Callable[[], None]] = [self._work] * workers + [self._sweep, self._run_approved]
        self._threads = [
            # each thread sees the clock that the runtime was made under
            threading.Thread(target=contextvars.copy_context().run, args=(body,), daemon=True)
            for body in bodies
        ]

    def __enter__(self) -> Self:
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def stop(self) -> None:
        """Let the steps in flight end, then end the threads."""
        with self._changed:
            self._closed = True
            self._changed.notify_all()
        for thread in self._threads:
            thread.join()
        self._keeper.close()

    def notify(self, execution_id: uuid.UUID) -> None:
        """Have a worker look at an execution soon."""
        with self._changed:
            if execution_id not in self._due:
                self._due[execution_id] = None
                self._changed.notify_all()

    @contextmanager
    def transaction(self) -> Iterator[Session]:
        """Open a transaction; what it has made due is looked for once it is committed."""
        with self._plain_transaction() as session:
            yield session
        self._poll_soon()

    @contextmanager
    def _plain_transaction(self) -> Iterator[Session]:
        with Session(self._database) as session, session.begin():
            yield session

    def _poll_soon(self) -> None:
        with self._changed:
            self._is_poll_due = True
            self._changed.notify_all()

    def _work(self) -> None:
        while (execution_id := self._next()) is not None:
            try:
                drive(
                    partial(self._transaction_of, execution_id),
                    execution_id=execution_id,
                    engine=self.engine,
                    worker=self.name,
                    keeping=self._keeper.keeping,
                    when_more=self.notify,
                    gives_way=partial(self._must_yield, itertools.count(1)),
                )
                self._queue_last(execution_id)
                self._poll_soon()  # its parent or child may be due, or it gave way
            except Exception as error:  # noqa: BLE001  logged
                # the database failed, or the engine did: the lease runs out and the sweeper finds the execution
                self._let_join(execution_id)
                log_failure(f"execution {execution_id} could not be driven", error)
                time.sleep(BACK_OFF)

    def _queue_last(self, execution_id: uuid.UUID) -> None:
        """Put an execution that was found due while a worker had it behind those that wait."""
        with self._changed:
            if execution_id in self._due:
                del self._due[execution_id]
                self._due[execution_id] = None

    def _must_yield(self, steps: Iterator[int]) -> bool:
        """Return whether an execution has had its turn while others wait for a worker."""
        return next(steps) >= STEPS_A_TURN and bool(self._due)

    def _next(self) -> uuid.UUID | None:
        """Wait for an execution that is due and that no other worker is about to claim; None when it is over."""
        with self._changed:
            while not self._closed:
                for execution_id in self._due:
                    if execution_id not in self._claiming:
                        del self._due[execution_id]
                        self._claiming.add(execution_id)
                        return execution_id
                self._changed.wait()
            return None

    @contextmanager
    def _transaction_of(self, execution_id: uuid.UUID) -> Iterator[Session]:
        """Open a transaction for an execution; after the first, which claims, other workers may join."""
        with self._plain_transaction() as session:
            yield session
        self._let_join(execution_id)

    def _let_join(self, execution_id: uuid.UUID) -> None:
        with self._changed:
            if execution_id in self._claiming:
                self._claiming.remove(execution_id)
                self._changed.notify_all()

    def _sweep(self) -> None:
        """Find the executions that are due, repeatedly."""
        outage = Outage("due executions could not be found", rest=self._poll)
        while not self._closed:
            try:
                for execution_id in self._poll_due():
                    self.notify(execution_id)
                outage.end()
            except Exception as error:  # noqa: BLE001  logged
                outage.report(error)
            self._rest_until_noticed(outage.rest)

    def _run_approved(self) -> None:
        """Run approved actions that no worker runs, and expire what people left waiting, repeatedly."""
        outage = Outage("the sweeper failed", rest=self._poll)
        while not self._closed:
            try:
                run_housekeeping(
                    self.transaction,
                    reading=self._reading,
                    stop=lambda: self._closed,
                    max_deliveries=self.engine.max_deliveries,
                )
                outage.end()
            except Exception as error:  # noqa: BLE001  logged
                outage.report(error)
            self._rest(outage.rest)

    def _rest(self, seconds: float) -> None:
        with self._changed:
            if not self._closed:
                self._changed.wait_for(lambda: self._closed, timeout=seconds)

    def _rest_until_noticed(self, seconds: float) -> None:
        with self._changed:
            self._changed.wait_for(lambda: self._closed or self._is_poll_due, timeout=seconds)
            self._is_poll_due = False

    @contextmanager
    def _reading(self) -> Iterator[Session]:
        with Session(self._database.execution_options(sqlite_begin="DEFERRED")) as session:
            yield session

    def _poll_due(self) -> list[uuid.UUID]:
        with self._reading() as session:
            return list(session.scalars(select_due_executions(now=clock.now(), limit=BATCH)))
