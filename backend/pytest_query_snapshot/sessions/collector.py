"""What is noted of a run while it goes on; every run imports this, so it imports nothing."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pytest_query_snapshot.goldens.comparison import Comparison


class RunNotes:
    """What one process saw of a run; ``facts`` are by the path of a golden."""

    def __init__(self) -> None:
        self.began = time.time()
        self.facts: dict[str, dict[str, Any]] = {}
        self.collected: set[str] = set()
        self.passed: set[str] = set()
        self.incomplete: set[str] = set()
        self.deselected = 0

    def note(self, comparison: Comparison, golden: str) -> None:
        """Keep what the golden does not hold."""
        self.facts[golden] = {
            "test": comparison.test_id,
            "doc": comparison.doc or "",
            "seeds": comparison.seeds,
            "source": comparison.source or "",
        }

    def handed_over(self) -> dict[str, Any]:
        """What a worker tells the process that writes the record."""
        return {"facts": self.facts, "deselected": self.deselected}

    def merge(self, found: Mapping[str, Any] | None) -> None:
        """Take in what a worker saw; a worker that crashed saw nothing, and its tests count as failed."""
        if found:
            self.facts.update(found["facts"])
            self.deselected = max(self.deselected, found["deselected"])
