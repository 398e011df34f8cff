"""A crowd of executions on eight threads, and the memory of a worker over many steps."""

from __future__ import annotations

import os
import tempfile
import time
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from controlplane import actions
from controlplane.database import create_engine
from controlplane.execution.lifecycle import ENDED
from controlplane.models import WorkflowExecution, WorkflowStatus
from controlplane.runtime import ThreadRuntime
from pytest_query_snapshot.databases.servers.server import PostgreSQLServer
from tests.bench.bench_engine import STEPS, Place, chain, noop
from tests.bench.figures import Figure

if TYPE_CHECKING:
    from collections.abc import Iterator

EXECUTIONS = int(os.environ.get("CROWD_EXECUTIONS", "1000"))
TOTAL_STEPS = int(os.environ.get("CROWD_STEPS", "100000"))
THREADS = 8
LENGTH = 5
LONG, LONG_STEPS = 8, 1_000


def run() -> Iterator[Figure]:
    with actions.registered(noop=noop), tempfile.TemporaryDirectory() as folder:
        yield from _crowd(Place(create_engine(f"sqlite:///{folder}/crowd.sqlite")), "SQLite")
        yield from _memory(Place(create_engine(f"sqlite:///{folder}/memory.sqlite")))
    server = PostgreSQLServer()
    try:
        server.wait()
        with actions.registered(noop=noop):
            yield from _crowd(Place(create_engine(server.url, pool_size=THREADS + 4)), "PostgreSQL")
    finally:
        server.stop()


class TimedRuntime(ThreadRuntime):
    """Notes how long each transaction took, with its wait for a lock: claims, most with the end of a step."""

    def __init__(self, place: Place) -> None:
        super().__init__(place.database, engine=place.engine, workers=THREADS, poll=0.05)
        self.times: list[float] = []

    @contextmanager
    def _plain_transaction(self) -> Iterator[Session]:
        start = time.perf_counter()
        with super()._plain_transaction() as session:
            yield session
        self.times.append((time.perf_counter() - start) * 1e3)


def _crowd(place: Place, name: str) -> Iterator[Figure]:
    """Start as many long executions as there are threads, then the crowd: none of it may wait for a long one."""
    place.save("long", chain(LONG_STEPS))
    place.save("short", chain(LENGTH))
    long = [place.start("long") for _ in range(LONG)]
    crowd = [place.start("short") for _ in range(EXECUTIONS)]
    began = time.perf_counter()
    with TimedRuntime(place) as runtime:
        while _open(place):
            time.sleep(0.1)
    took = time.perf_counter() - began
    with Session(place.database) as session:
        ended = dict(session.execute(select(WorkflowExecution.id, WorkflowExecution.completed_at)).all())
        states = session.scalars(select(WorkflowExecution.status).distinct()).all()
    last_short, first_long = max(ended[key] for key in crowd), min(ended[key] for key in long)
    behind = sum(ended[key] > first_long for key in crowd)
    steps = EXECUTIONS * LENGTH + LONG * LONG_STEPS
    detail = f"{steps:,} steps in {took:.0f} s, {steps / took:.0f} a second; states {', '.join(states)}"
    yield Figure(
        f"failed of {EXECUTIONS:,} executions, {name}", len(set(states) - {WorkflowStatus.COMPLETED}), "", limit=0
    )
    yield Figure(
        f"executions of {EXECUTIONS:,} that ended after one of {LONG_STEPS:,} steps, {name}",
        behind,
        "",
        limit=0,
        detail=detail,
    )
    claims = sorted(runtime.times)
    detail = (
        f"p50 {claims[len(claims) // 2]:.1f} ms, longest {claims[-1]:.0f} ms; last short {last_short:%H:%M:%S}"
    )
    yield Figure(
        f"claim with {THREADS} threads, p99, {name}", claims[int(len(claims) * 0.99)], "ms", detail=detail
    )
    place.database.dispose()


def _open(place: Place) -> int:
    with Session(place.database.execution_options(sqlite_begin="DEFERRED")) as session:
        query = select(func.count()).where(WorkflowExecution.status.not_in(ENDED))
        return session.scalar(query) or 0


def _memory(place: Place) -> Iterator[Figure]:
    """Compare the memory of this process after a tenth of the steps and after all of them."""
    place.save("chain", chain(STEPS))
    tenth = TOTAL_STEPS // 10
    for _ in range(tenth // STEPS):
        place.run("chain")
    before = _resident()
    for _ in range((TOTAL_STEPS - tenth) // STEPS):
        place.run("chain")
    after = _resident()
    detail = f"{before / 1e6:.0f} MB after {tenth:,}, {after / 1e6:.0f} MB after {TOTAL_STEPS:,}"
    yield Figure(f"memory of a worker after {TOTAL_STEPS:,} steps", after / before, limit=1.1, detail=detail)
    place.database.dispose()


def _resident() -> int:
    return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")
