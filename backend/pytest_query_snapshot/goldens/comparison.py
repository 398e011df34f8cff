"""The outcome of one comparison: the single form in which reports, pending files and run records get it."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

Outcome = Literal["passed", "by words", "old format", "changed", "missing", "updated", "written", "broken"]
# old format: the golden has an older format and says the same;
# by words: a plan of another planner version, compared by the tables and indexes that it reads;
# changed: differs from its golden, which stays; missing: has no golden; updated and written: the golden now
# holds what was received; broken: the golden, or what was received, can't be read.


@dataclass(frozen=True, slots=True)
class Comparison:
    """A comparison: both sides, and its outcome."""

    test_id: str
    kind: str
    name: str | None
    dialect: str
    path: Path
    outcome: Outcome
    base: str | None
    received: str
    seeds: tuple[str, ...] = ()
    steps: tuple[str, ...] = ()
    source: str | None = None
    doc: str | None = None
    statements: int | None = None
    notes: tuple[str, ...] = field(default=())
    # what the golden can't hold since it moves with every edit: for each block of a sql golden, who ran it
    wheres: tuple[str, ...] = ()

    @property
    def failed(self) -> bool:
        """Return whether the test fails for it."""
        return self.outcome in {"changed", "missing", "broken"}
