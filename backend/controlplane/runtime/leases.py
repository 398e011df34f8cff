"""Keeps leases alive while their steps run: each is renewed at a third of its length, by one thread."""

from __future__ import annotations

import contextvars
import logging
import threading
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING

from sqlalchemy.exc import DBAPIError

from controlplane import clock
from controlplane.execution.queries import renew_lease

if TYPE_CHECKING:
    import uuid
    from collections.abc import Iterator

    from controlplane.execution.engine.config import Lease
    from controlplane.runtime.claims import Transaction

log = logging.getLogger(__name__)


class LeaseKeeper:
    """Renews the leases that it was given until their block ends; a lost one is noticed at completion."""

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction
        self._kept: dict[uuid.UUID, tuple[Lease, float]] = {}
        self._changed = threading.Condition()
        self._thread: threading.Thread | None = None
        self._closed = False

    @contextmanager
    def keeping(self, lease: Lease) -> Iterator[None]:
        """Keep a lease alive for the length of the block."""
        with self._changed:
            self._kept[lease.token] = (lease, time.monotonic() + _third(lease))
            self._start()
            if len(self._kept) == 1:
                self._changed.notify()
        try:
            yield
        finally:
            with self._changed:
                self._kept.pop(lease.token, None)

    def close(self) -> None:
        """End the thread; leases that are still held run out by themselves."""
        with self._changed:
            self._closed = True
            self._changed.notify()
        if self._thread is not None:
            self._thread.join()

    def _start(self) -> None:
        if self._thread is None:
            context = contextvars.copy_context()
            self._thread = threading.Thread(
                target=context.run, args=(self._run,), name="controlplane-leases", daemon=True
            )
            self._thread.start()

    def _run(self) -> None:
        while due := self._next_due():
            for lease in due:
                self._renew(lease)

    def _next_due(self) -> list[Lease]:
        """Wait until a lease must be renewed; return all that must. Empty: it is over."""
        with self._changed:
            while not self._closed:
                now = time.monotonic()
                due = [lease for lease, at in self._kept.values() if at <= now]
                for lease in due:
                    self._kept[lease.token] = (lease, now + _third(lease))
                if due:
                    return due
                soonest = min((at for _, at in self._kept.values()), default=None)
                self._changed.wait(None if soonest is None else soonest - now)
        return []

    def _renew(self, lease: Lease) -> None:
        try:
            with self._transaction() as session:
                until = clock.now() + lease.length
                session.connection().execute(renew_lease(step_id=lease.step_id, token=lease.token, until=until))
        except DBAPIError:
            log.warning("the lease of step %s could not be renewed; trying again", lease.step_key, exc_info=True)


def _third(lease: Lease) -> float:
    return lease.length.total_seconds() / 3
