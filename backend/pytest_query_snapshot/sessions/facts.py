"""What the last runs know of a golden and the golden does not hold."""

from __future__ import annotations

from pathlib import Path

from pytest_query_snapshot.goldens.golden_index import Facts
from pytest_query_snapshot.sessions.store import read_record


def facts_by_golden(root: Path) -> dict[str, Facts]:
    """Say for each golden which test asked for it, what it is about, and on which seeds."""
    found: dict[str, Facts] = {}
    for path, fact in read_record(root).get("facts", {}).items():
        found[path] = Facts(
            test=str(fact.get("test", "")),
            about=str(fact.get("doc", "")).partition("\n\n")[0].replace("\n", " "),
            seeds=tuple(map(str, fact.get("seeds", ()))),
            source=str(fact.get("source", "")),
        )
    return found
