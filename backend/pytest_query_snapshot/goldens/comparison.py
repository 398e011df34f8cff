"""The outcome of one comparison: the single form in which reports, pending files and run records get it."""

from __future__ import annotations

import warnings
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
    """A comparison: both sides, and its outcome.

    Attributes:
        test_id: the pytest node id of the test.
        kind: ``rows``, ``sql``, ``state``, ``plan`` or ``schema``.
        name: the name given by ``golden("name")``, None without one.
        dialect: the database of the run, such as ``sqlite``; also of goldens that serve all databases.
        path: the golden file.
        outcome: what became of it; ``failed`` says whether the test fails.
        base: the text of the golden before the comparison, None when there was none.
        received: the text of what the test handed over.
        seeds: the names of the test's seed files, in order.
        steps: the names of the steps of a state golden.
        source: the file and line of the test, such as ``tests/test_shop.py:12``.
        doc: the docstring of the test.
        statements: how many statements were compared, for SQL goldens.
        notes: what the test's reader should know, a line each.
        call_sites: for each statement of a SQL golden, the line of the project's code that ran it.
    """

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
    # not in the golden, since it moves with every edit
    call_sites: tuple[str, ...] = ()

    @property
    def failed(self) -> bool:
        """Return whether the test fails for it."""
        return self.outcome in {"changed", "missing", "broken"}

    @property
    def wheres(self) -> tuple[str, ...]:
        """Return ``call_sites``, by its name of version 0.1."""
        message = "Comparison.wheres is now called call_sites; the old name goes with 0.3"
        warnings.warn(message, DeprecationWarning, stacklevel=2)
        return self.call_sites
