"""What the last run left on record: who asked for which golden, and whether the run was whole."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pytest_query_snapshot.review.catalogue import Facts

RECORD = Path(".query_snapshot") / "run.json"


def read_record(root: Path) -> Mapping[str, Any]:
    """Read the record of the last run; empty when there is none, or when it is damaged."""
    try:
        found = json.loads((root / RECORD).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}


def facts_by_golden(root: Path) -> dict[str, Facts]:
    """Say for each golden of the last run which test asked, what it is about, and on which seeds."""
    found: dict[str, Facts] = {}
    for entry in read_record(root).get("comparisons", ()):
        if isinstance(entry, dict) and isinstance(entry.get("path"), str):
            found[entry["path"]] = Facts(
                test=str(entry.get("test_id") or ""),
                about=str(entry.get("doc") or "").partition("\n\n")[0].replace("\n", " "),
                seeds=tuple(map(str, entry.get("seeds") or ())),
                source=str(entry.get("source") or ""),
            )
    return found
