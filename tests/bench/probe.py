"""How long a question takes and how much memory it needs: in a process of its own, forked for it."""

from __future__ import annotations

import multiprocessing
import resource
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar

from controlplane.database import create_engine

if TYPE_CHECKING:
    from collections.abc import Callable

FORK = multiprocessing.get_context("fork")
LEAST, MOST = 2, 15  # rounds
PATIENCE = 3.0  # seconds; what takes milliseconds is asked often, as the machine is in the way of some rounds
Answer = TypeVar("Answer")


@dataclass(frozen=True)
class Taken:
    """The shortest time of a few rounds, and by how much the process grew at its peak."""

    seconds: float
    megabytes: float


def alone(action: Callable[[], Answer]) -> tuple[Answer, float]:
    """Run an action in a fork of this process; return its answer, and the megabytes that the fork grew by."""
    here, there = FORK.Pipe(duplex=False)
    child = FORK.Process(target=_answer, args=(action, there))
    child.start()
    there.close()
    try:
        answer, megabytes, error = here.recv()
    finally:
        child.join()
    if error:
        raise RuntimeError(error)
    return answer, megabytes


def _answer(action: Callable[[], Any], there: Any) -> None:
    before = _peak()
    try:
        answer = action()
        there.send((answer, _peak() - before, None))
    except Exception as error:  # noqa: BLE001  told by the parent
        there.send((None, 0, f"{type(error).__name__}: {error}"))


def _peak() -> float:
    """Megabytes that this process ever held; a fork begins with what it inherits."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def shortest(action: Callable[[], object]) -> float:
    """Time an action, the shortest of a few rounds: two at least, the first of which may have to read a disk."""
    times: list[float] = []
    while len(times) < LEAST or (len(times) < MOST and sum(times) < PATIENCE):
        start = time.perf_counter()
        action()
        times.append(time.perf_counter() - start)
    return min(times)


def asked(url: str, statement: Any) -> Taken:
    """Ask a database a question, a statement or its text, and fetch every row."""

    def ask() -> float:
        engine = create_engine(url)
        with engine.connect().execution_options(sqlite_begin="DEFERRED") as connection:
            if isinstance(statement, str):
                return shortest(lambda: connection.exec_driver_sql(statement).all())
            return shortest(lambda: connection.execute(statement).all())

    return Taken(*alone(ask))
