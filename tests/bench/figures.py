"""What a benchmark reports: ratios of two measurements of one run, never bare seconds."""

from __future__ import annotations

import time
from dataclasses import dataclass
from statistics import median
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable


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
    first: Callable[[], object], second: Callable[[], object], *, rounds: int = 5
) -> tuple[float, float, float]:
    """Run both in turn; return the median of the ratios first/second, and both medians in seconds."""
    first()
    second()
    pairs = [(_once(first), _once(second)) for _ in range(rounds)]
    return median(a / b for a, b in pairs), median(a for a, _ in pairs), median(b for _, b in pairs)


def best(first: Callable[[], object], second: Callable[[], object], *, rounds: int = 5) -> tuple[float, float]:
    """Run both in turn; return the shortest time of each: the time on an idle machine."""
    pairs = [(_once(first), _once(second)) for _ in range(rounds)]
    return min(a for a, _ in pairs), min(b for _, b in pairs)


def _once(action: Callable[[], object]) -> float:
    start = time.perf_counter()
    action()
    return time.perf_counter() - start
