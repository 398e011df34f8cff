"""Facts about goldens that their files do not hold, from the record of past sessions."""

from __future__ import annotations

from pathlib import Path

from pytest_query_snapshot.goldens.storage.golden_index import Facts
from pytest_query_snapshot.sessions.store import read_record


def facts_by_golden(root: Path) -> dict[str, Facts]:
    """Return the test, the first sentence of its docstring, the seeds and the source line of each golden."""
    found: dict[str, Facts] = {}
    for path, fact in read_record(root)["goldens"].items():
        found[path] = Facts(
            test=str(fact.get("test", "")),
            about=str(fact.get("doc", "")).partition("\n\n")[0].replace("\n", " "),
            seeds=tuple(map(str, fact.get("seeds", ()))),
            source=str(fact.get("source", "")),
        )
    return found
