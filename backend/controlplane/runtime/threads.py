"""Drives executions in threads of this process, on SQLite or PostgreSQL: the default, no service needed.

Any number of processes may do so on one database. What is due is found in the rows; kicks only save the wait.
"""

from __future__ import annotations

import contextvars
import logging
import socket
import threading
import time
import uuid
from contextlib import contextmanager
from typing import TYPE_CHECKING, Self

from sqlalchemy.orm import Session

from controlplane import clock
from controlplane.execution.engine.config import Engine
from controlplane.execution.queries import select_due_executions
from controlplane.notifications import take_kicks
from controlplane.runtime.approved_actions import carry_out_all
from controlplane.runtime.driver import drive
from controlplane.runtime.leases import LeaseKeeper

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from types import TracebackType

    import sqlalchemy as sa

log = logging.getLogger(__name__)
BATCH = 100
BACK_OFF = 0.1
"""Seconds that a worker rests after an error of the database."""


class ThreadRuntime:
    """Workers, a sweeper that finds what is due, one that runs approved actions, and a keeper of leases.

    with ThreadRuntime(database, workers=4) as runtime:
        ...
    """

    def __init__(
        self, database: sa.Engine, *, engine: Engine | None = None, workers: int = 2, poll: float = 0.5
    ) -> None:
        self.engine = engine or Engine()
        self.name = f"{socket.gethostname()}:{uuid.uuid4().hex[:8]}"
        self._database = database
        self._poll = poll
        self._due: dict[uuid.UUID, None] = {}
        self._changed = threading.Condition()
        self._closed = False
        self._keeper = LeaseKeeper(self.transaction)
        bodies: list[Callable[[], None]] = [self._work] * workers + [self._sweep, self._carry_out]
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

    def kick(self, execution_id: uuid.UUID) -> None:
        """Have a worker look at an execution soon."""
        with self._changed:
            if execution_id not in self._due:
                self._due[execution_id] = None
                self._changed.notify()

    @contextmanager
    def transaction(self) -> Iterator[Session]:
        """Open a transaction whose kicks are delivered to this process's workers once it is committed."""
        with Session(self._database) as session:
            with session.begin():
                yield session
            kicks = take_kicks(session)
        now = clock.now() if kicks else None
        for execution_id, at in kicks:
            if at is None or now is None or at <= now:
                self.kick(execution_id)  # for a later time the sweeper is early enough

    def _work(self) -> None:
        while (execution_id := self._next()) is not None:
            try:
                drive(
                    self.transaction,
                    execution_id=execution_id,
                    engine=self.engine,
                    worker=self.name,
                    keeping=self._keeper.keeping,
                )
            except Exception:
                # the database failed, or the engine did: the lease runs out and the sweeper finds the execution
                log.exception("execution %s could not be driven", execution_id)
                time.sleep(BACK_OFF)

    def _next(self) -> uuid.UUID | None:
        with self._changed:
            while not self._due and not self._closed:
                self._changed.wait()
            if self._closed:
                return None
            execution_id = next(iter(self._due))
            del self._due[execution_id]
            return execution_id

    def _sweep(self) -> None:
        """Find the executions that are due, again and again."""
        while not self._closed:
            try:
                for execution_id in self._look():
                    self.kick(execution_id)
            except Exception:
                log.exception("the sweeper could not look")
            self._rest()

    def _carry_out(self) -> None:
        """Run the approved actions that nobody runs, again and again."""
        while not self._closed:
            try:
                carry_out_all(self.transaction, reading=self._reading, stop=lambda: self._closed)
            except Exception:
                log.exception("approved actions could not be carried out")
            self._rest()

    def _rest(self) -> None:
        with self._changed:
            if not self._closed:
                self._changed.wait_for(lambda: self._closed, timeout=self._poll)

    @contextmanager
    def _reading(self) -> Iterator[Session]:
        with Session(self._database.execution_options(sqlite_begin="DEFERRED")) as session:
            yield session

    def _look(self) -> list[uuid.UUID]:
        with self._reading() as session:
            return list(session.scalars(select_due_executions(now=clock.now(), limit=BATCH)))
