"""The record of the last run: what a report and pruning know about tests that they do not run."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pytest_query_snapshot.review.writing import write_text

if TYPE_CHECKING:
    from pytest_query_snapshot.review.run_notes import RunNotes

RECORD = Path(".query_snapshot") / "last_run.json"
RUNNING = Path(".query_snapshot") / "running"
"""There from the start of a run to its end: a run that is cut off leaves it, and proves nothing."""


def write_record(root: Path, notes: RunNotes, *, exit_status: int, by_node_id: bool) -> None:
    """Write the record of a run; facts about goldens that it did not ask for are kept from earlier runs."""
    known = read_record(root).get("facts", {})
    facts = {path: fact for path, fact in known.items() if (root / path).exists()} | notes.facts
    modules = {nodeid.partition("::")[0] for nodeid in notes.collected}
    whole = notes.passed - notes.incomplete
    partial = {nodeid.partition("::")[0] for nodeid in notes.collected - whole}
    record = {
        "exit_status": exit_status,
        "deselected": notes.deselected,
        "by_node_id": by_node_id,
        "whole_modules": sorted(modules - partial),
        "partial_modules": sorted(partial),
        "asked": sorted(notes.facts),
        "facts": facts,
    }
    write_text(root / RECORD, json.dumps(record, ensure_ascii=False, indent=1, sort_keys=True) + "\n")


def read_record(root: Path) -> dict[str, Any]:
    """Read the record of the last run; empty when there is none, or when it is damaged."""
    try:
        found = json.loads((root / RECORD).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}
