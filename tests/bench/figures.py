"""What a benchmark reports: ratios of two measurements of one run, never bare seconds."""

from __future__ import annotations

import resource
import time
from dataclasses import dataclass
from statistics import median
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable


ENOUGH = 25.0  # seconds
LEAST = 3
WARMED_UP = 4
"""Fewer rounds are of something so long that a run which does not count would cost more than it gives."""


@dataclass(frozen=True)
class Figure:
    """One measured figure; `limit` is what it should stay under (or over, with `at_least`), None reports only."""

    name: str
    value: float
    unit: str = "x"
    limit: float | None = None
    at_least: bool = False
    detail: str = ""

    @property
    def holds(self) -> bool | None:
        if self.limit is None:
            return None
        return self.value >= self.limit if self.at_least else self.value <= self.limit


def seconds(action: Callable[[], object], *, rounds: int = 5) -> float:
    """Return the median wall time of `action`, after one run that does not count."""
    action()
    return median(_once(action) for _ in range(rounds))


def paired(
    first: Callable[[], object],
    second: Callable[[], object],
    *,
    rounds: int = 5,
    timer: Callable[[], float] = time.perf_counter,
) -> tuple[float, float, float]:
    """Run both in turn; return the median of the ratios first/second, and both medians in seconds.

    A measurement that has taken longer than `ENOUGH` ends after three rounds.
    """
    start = time.perf_counter()
    if rounds >= WARMED_UP:
        first()
        second()
    pairs: list[tuple[float, float]] = []
    while len(pairs) < rounds and (len(pairs) < LEAST or time.perf_counter() - start < ENOUGH):
        pairs.append((_once(first, timer), _once(second, timer)))
    return median(a / b for a, b in pairs), median(a for a, _ in pairs), median(b for _, b in pairs)


def children_cpu() -> float:
    """Return the processor seconds of the processes that this one has waited for."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def best(
    first: Callable[[], object],
    second: Callable[[], object],
    *,
    rounds: int = 5,
    timer: Callable[[], float] = time.perf_counter,
) -> tuple[float, float]:
    """Run both in turn; return the shortest time of each: the time on an idle machine."""
    pairs = [(_once(first, timer), _once(second, timer)) for _ in range(rounds)]
    return min(a for a, _ in pairs), min(b for _, b in pairs)


def _once(action: Callable[[], object], timer: Callable[[], float] = time.perf_counter) -> float:
    start = timer()
    action()
    return timer() - start
