"""How long a question takes and how much memory it needs: in a process of its own, forked for it."""

from __future__ import annotations

import multiprocessing
import resource
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from controlplane.database import create_engine

if TYPE_CHECKING:
    from collections.abc import Callable

FORK = multiprocessing.get_context("fork")
ROUNDS = 3
PATIENCE = 4.0  # seconds; what takes longer is not asked again


@dataclass(frozen=True)
class Taken:
    """The shortest time of a few rounds, and what the process grew by at its peak."""

    seconds: float
    megabytes: float
    rows: int


def measured(action: Callable[[], int]) -> Taken:
    """Run an action that returns a number of rows in a fork of this process."""
    here, there = FORK.Pipe(duplex=False)
    child = FORK.Process(target=_measure, args=(action, there))
    child.start()
    there.close()
    try:
        found = here.recv()
    finally:
        child.join()
    if isinstance(found, str):
        raise RuntimeError(found)  # noqa: TRY004  a report of the child, not a wrong type
    return found


def _measure(action: Callable[[], int], there: Any) -> None:
    before = _peak()
    times: list[float] = []
    try:
        while not times or (len(times) < ROUNDS and sum(times) < PATIENCE):
            start = time.perf_counter()
            rows = action()
            times.append(time.perf_counter() - start)
        there.send(Taken(min(times), _peak() - before, rows))
    except Exception as error:  # noqa: BLE001  told by the parent
        there.send(f"{type(error).__name__}: {error}")


def _peak() -> float:
    """Megabytes that this process ever held; a fork begins with what it inherits."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def asked(url: str, statement: Any) -> Taken:
    """Ask a database a question, a statement or its text, and fetch every row."""

    def action() -> int:
        engine = create_engine(url)
        with engine.connect().execution_options(sqlite_begin="DEFERRED") as connection:
            found = (
                connection.exec_driver_sql(statement)
                if isinstance(statement, str)
                else connection.execute(statement)
            )
            return len(found.all())

    return measured(action)
