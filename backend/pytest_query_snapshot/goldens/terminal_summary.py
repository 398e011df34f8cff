"""The terminal summary of a run's goldens, in a line or two."""

from __future__ import annotations

import os
from collections import Counter
from typing import TYPE_CHECKING

from pytest_query_snapshot.goldens.storage.golden_path import SHARED_KINDS, golden_name

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

_ORDER = ("broken", "changed", "missing", "updated", "written")


class Summary:
    """The outcomes of a run, from every worker."""

    def __init__(self) -> None:
        self.outcomes: dict[str, str] = {}
        self.wrote_after: list[str] = []
        self._kinds: dict[str, str] = {}
        self._dialects: set[str] = set()

    def add(self, outcomes: Iterable[tuple[str, str, str, str]]) -> None:
        """Take in the path, kind, dialect and outcome of comparisons; a test that ran again counts once."""
        for path, kind, dialect, outcome in outcomes:
            self.outcomes[path] = outcome
            self._kinds[path] = kind
            self._dialects.add(dialect)

    def lines(self, *, root: Path, dialect: str, details: bool) -> Iterator[str]:
        """Write the summary."""
        counts = Counter(self.outcomes.values())
        facts = [f"{counts[outcome]} {outcome}" for outcome in _ORDER if counts[outcome]]
        compared = f"{_goldens(len(self.outcomes))} compared on {', '.join(sorted(self._dialects))}"
        yield compared + (f": {', '.join(facts)}" if facts else "")
        if counts["by words"]:
            yield (
                f"{_goldens(counts['by words'])} of another planner version compared by the tables and indexes "
                "that are read; the rest is not verified here"
            )
        if counts["old format"]:
            yield (
                f"{_goldens(counts['old format'])} of an older format say what was received: "
                "query-snapshot migrate rewrites them"
            )
        yield from self._writes_after(details=details)
        unverified = self.unverified(root=root, dialect=dialect)
        for other, paths in sorted(unverified.items()):
            hint = "" if details else " (--snapshot-details lists them)"
            yield f"{_goldens(len(paths))} of {other} not verified here{hint}"
            if details:
                yield from (f"  {path}" for path in paths)
        touched = self._shared_updates()
        if touched and unverified:
            others = ", ".join(sorted(unverified))
            yield f"WARNING: {_goldens(touched)} shared with {others} changed in this run on {dialect} alone"

    def _writes_after(self, *, details: bool) -> Iterator[str]:
        """Name the tests that wrote after their last comparison of statements or states: no golden shows it."""
        if self.wrote_after:
            found = sorted(set(self.wrote_after))
            tests = "1 test" if len(found) == 1 else f"{len(found)} tests"
            yield f"{tests} wrote after the last comparison of statements or states; no golden shows it" + (
                "" if details else " (--snapshot-details lists them)"
            )
            if details:
                yield from (f"  {test}" for test in found)

    def _shared_updates(self) -> int:
        return sum(
            outcome == "updated" and self._kinds[path] in SHARED_KINDS for path, outcome in self.outcomes.items()
        )

    def unverified(self, *, root: Path, dialect: str) -> dict[str, list[str]]:
        """Find the goldens of other databases that belong to the comparisons of this run."""
        stems: dict[str, set[str]] = {}
        for path in self.outcomes:
            folder, name = os.path.split(path)
            golden = golden_name(name)
            if golden is not None:
                stems.setdefault(folder, set()).add(golden.stem)
        found: dict[str, list[str]] = {}
        for folder, compared in sorted(stems.items()):
            for name in _names(root / folder):
                path = os.path.join(folder, name)  # noqa: PTH118
                golden = golden_name(name) if path not in self.outcomes else None
                if golden is None or golden.dialect in {"", dialect} or golden.stem not in compared:
                    continue
                found.setdefault(golden.dialect, []).append(path)
        return found


def _names(folder: Path) -> list[str]:
    try:
        return sorted(entry.name for entry in os.scandir(folder))
    except OSError:
        return []


def _goldens(count: int) -> str:
    return "1 golden" if count == 1 else f"{count} goldens"
