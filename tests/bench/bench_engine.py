"""The engine beside the floor of two bare commits per step, on SQLite and PostgreSQL."""

from __future__ import annotations

import tempfile
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from sqlalchemy import update
from sqlalchemy.orm import Session

from controlplane import actions
from controlplane.database import create_engine
from controlplane.execution import EngineConfig, claim, complete, load_definition, perform, save_workflow, start
from controlplane.execution.engine.config import Lease
from controlplane.execution.lifecycle import ENDED
from controlplane.models import Base, WorkflowExecution, Workspace
from controlplane.runtime import ThreadRuntime
from controlplane.runtime.driver import drive
from pytest_query_snapshot.databases.servers.server import PostgreSQLServer
from tests.bench.figures import Figure, paired

if TYPE_CHECKING:
    import uuid
    from collections.abc import Iterator

    import sqlalchemy as sa

STEPS = 100
MANY = 10_000
SLEEP = 0.05
NAPS = 40


class Place:
    """One database with a workspace, and the verbs that are measured."""

    def __init__(self, database: sa.Engine) -> None:
        self.database = database
        self.engine = EngineConfig()
        Base.metadata.create_all(database)
        with self.transaction() as session:
            workspace = Workspace(name="bench")
            session.add(workspace)
            session.flush()
            self.workspace_id = workspace.id

    @contextmanager
    def transaction(self) -> Iterator[Session]:
        with Session(self.database) as session, session.begin():
            yield session

    def save(self, name: str, steps: str) -> None:
        definition = load_definition(f"name: {name}\nsteps:\n{steps}")
        with self.transaction() as session:
            save_workflow(session, workspace_id=self.workspace_id, definition=definition)

    def start(self, name: str) -> uuid.UUID:
        with self.transaction() as session:
            made = start(session, workspace_id=self.workspace_id, workflow=name, engine=self.engine)
            return made.id

    def run(self, name: str) -> None:
        drive(self.transaction, execution_id=self.start(name), engine=self.engine)

    def floor(self, commits: int) -> None:
        """Commit one changed row so many times."""
        for number in range(commits):
            with self.transaction() as session:
                session.execute(update(Workspace).values(name=str(number)))

    def run_with(self, workers: int, name: str) -> None:
        with ThreadRuntime(self.database, engine=self.engine, workers=workers, poll=0.02) as runtime:
            execution_id = self.start(name)
            runtime.notify(execution_id)
            while not self.has_ended(execution_id):
                time.sleep(0.01)

    def has_ended(self, execution_id: uuid.UUID) -> bool:
        """Look without the lock of a writer: who measures must not hold up who works."""
        with Session(self.database.execution_options(sqlite_begin="DEFERRED")) as session:
            return session.get_one(WorkflowExecution, execution_id).status in ENDED


def chain(length: int) -> str:
    first = "  - {key: s0, kind: task, action: noop}\n"
    rest = (f"  - {{key: s{n}, kind: task, action: noop, depends_on: [s{n - 1}]}}\n" for n in range(1, length))
    return first + "".join(rest)


def noop(_parameters: dict[str, Any], *, idempotency_key: str) -> None:
    del idempotency_key


def nap(_parameters: dict[str, Any], *, idempotency_key: str) -> None:
    del idempotency_key
    time.sleep(SLEEP)


def run() -> Iterator[Figure]:
    with actions.registered(noop=noop, nap=nap), tempfile.TemporaryDirectory() as folder:
        sqlite = Place(create_engine(f"sqlite:///{folder}/bench.sqlite"))
        yield from _against_the_floor(sqlite, "SQLite", limit=0.7)
        yield from _long(sqlite)
        yield from _two_workers(sqlite, "SQLite")
        yield from _claims(sqlite, "SQLite")
        sqlite.database.dispose()
    server = PostgreSQLServer()
    try:
        server.wait()
        with actions.registered(noop=noop, nap=nap):
            postgresql = Place(create_engine(server.url))
            yield from _against_the_floor(postgresql, "PostgreSQL", limit=0.6)
            yield from _two_workers(postgresql, "PostgreSQL")
            yield from _claims(postgresql, "PostgreSQL")
            postgresql.database.dispose()
    finally:
        server.stop()


def _against_the_floor(place: Place, name: str, *, limit: float) -> Iterator[Figure]:
    place.save("chain", chain(STEPS))
    ratio, floor, took = paired(lambda: place.floor(2 * STEPS), lambda: place.run("chain"))
    detail = f"{STEPS / took:.0f} steps/s, floor {STEPS / floor:.0f}"
    yield Figure(f"speed of steps, floor = 1, {name}", ratio, limit=limit, at_least=True, detail=detail)


def _long(place: Place) -> Iterator[Figure]:
    """Compare the cost of a step in a long execution with that in a short one."""
    place.save("long", chain(MANY))
    short = _seconds(lambda: place.run("chain")) / STEPS
    long = _seconds(lambda: place.run("long")) / MANY
    detail = f"{long * 1e3:.2f} ms and {short * 1e3:.2f} ms a step"
    yield Figure(f"a step of {MANY:,} beside one of {STEPS}", long / short, limit=1.5, detail=detail)


def _two_workers(place: Place, name: str) -> Iterator[Figure]:
    items = list(range(NAPS))
    place.save("naps", f"  - {{key: each, kind: map, over: {items}, body: {{kind: task, action: nap}}}}")
    ratio, _, _ = paired(lambda: place.run_with(1, "naps"), lambda: place.run_with(2, "naps"), rounds=3)
    yield Figure(f"two workers beside one, 50 ms steps, {name}", ratio, limit=1.7, at_least=True)


def _claims(place: Place, name: str) -> Iterator[Figure]:
    """Time single claims, each a transaction of its own."""
    execution_id, times = place.start("chain"), []
    for _ in range(STEPS):
        began = time.perf_counter()
        with place.transaction() as session:
            lease = claim(session, execution_id=execution_id, engine=place.engine)
        times.append((time.perf_counter() - began) * 1e3)
        if isinstance(lease, Lease):
            result = perform(lease, policy=place.engine.http)
            with place.transaction() as session:
                complete(session, lease=lease, result=result, engine=place.engine)
    times.sort()
    yield Figure(f"claim, p50, {name}", times[len(times) // 2], unit="ms")
    yield Figure(f"claim, p99, {name}", times[int(len(times) * 0.99) - 1], unit="ms")


def _seconds(action: Any) -> float:
    began = time.perf_counter()
    action()
    return time.perf_counter() - began
