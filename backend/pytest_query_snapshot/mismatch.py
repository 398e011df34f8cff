"""What a failing comparison says: which rows and statements changed, and the command that accepts it."""

from __future__ import annotations

import difflib
import os
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from pytest_query_snapshot.comparison import Comparison

MOST_LINES = 40
WIDEST = 200


class GoldenMismatchError(AssertionError):
    """What was received differs from its goldens, or has none."""

    def __init__(self, comparisons: Sequence[Comparison], *, root: Path) -> None:
        self.comparisons = tuple(comparisons)
        super().__init__("\n".join(explain(self.comparisons, root=root)))


def explain(comparisons: Sequence[Comparison], *, root: Path) -> Iterator[str]:
    """Say what differs, in one screen."""
    for comparison in comparisons:
        path = os.path.relpath(comparison.path, root)
        if comparison.base is None:
            yield f"{path}: there is no such golden yet; received:"
            yield from _capped([f"  {line}" for line in comparison.received.splitlines()])
        else:
            yield f"{path}: differs"
            yield from _capped([f"  {line}" for line in difference(comparison)])
    test = comparisons[0].test_id
    yield f"accept: pytest '{test}' --snapshot-update{_dialect_option(comparisons[0])}"


def _dialect_option(comparison: Comparison) -> str:
    return "" if comparison.dialect == "sqlite" else f" --database {comparison.dialect}"


def difference(comparison: Comparison) -> list[str]:
    """Say how what was received differs from its golden."""
    old = (comparison.base or "").splitlines()
    new = comparison.received.splitlines()
    return list(difflib.unified_diff(old, new, "golden", "received", lineterm="", n=2))[2:]


def _capped(lines: Sequence[str]) -> Iterator[str]:
    for line in lines[:MOST_LINES]:
        yield line if len(line) <= WIDEST else f"{line[:WIDEST]}... ({len(line) - WIDEST} more)"
    if len(lines) > MOST_LINES:
        yield f"  ... {len(lines) - MOST_LINES} more lines"
