"""Leases that a worker keeps alive while its steps run."""

from __future__ import annotations

import threading
import time
import uuid
from contextlib import contextmanager
from datetime import timedelta

import pytest

from controlplane.execution import Lease
from controlplane.models import StepKind, StepRole
from controlplane.runtime.leases import LeaseKeeper

pytestmark = pytest.mark.timeout(60)


def lease():
    return Lease(
        execution_id=uuid.uuid4(),
        step_id=uuid.uuid4(),
        token=uuid.uuid4(),
        step_key="a",
        kind=StepKind.TASK,
        role=StepRole.STEP,
        item=0,
        attempt=1,
        action="a",
        input=None,
        idempotency_key="a",
        timeout=None,
        length=timedelta(milliseconds=30),
        record=None,
    )


class Connection:
    """A session and its connection that only count the renewals."""

    def __init__(self):
        self.renewals = threading.Semaphore(0)

    def connection(self):
        return self

    def execute(self, _statement):
        self.renewals.release()


@pytest.fixture
def connection():
    return Connection()


@pytest.fixture
def keeper(connection):
    @contextmanager
    def transaction():
        yield connection

    made = LeaseKeeper(transaction)
    yield made
    made.close()


def test_lease_is_renewed_while_it_is_kept(keeper, connection):
    with keeper.keeping(lease()):
        assert connection.renewals.acquire(timeout=30)
        assert connection.renewals.acquire(timeout=30)


def test_lease_that_comes_after_an_idle_time_is_renewed(keeper, connection):
    with keeper.keeping(lease()):
        assert connection.renewals.acquire(timeout=30)
    time.sleep(0.1)  # several times the interval of renewals: the thread waits for a lease now
    while connection.renewals.acquire(blocking=False):
        pass
    with keeper.keeping(lease()):
        assert connection.renewals.acquire(timeout=30)
