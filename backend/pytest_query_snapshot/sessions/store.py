"""The record of the last run on each database: what a report and pruning know about tests that they do not run."""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pytest_query_snapshot.atomic_write import remove, write_text
from pytest_query_snapshot.sessions.lock import cut_off

try:
    import fcntl
except ImportError:  # no such locks on Windows: of two runs that end at once, one record counts
    fcntl = None  # type: ignore[assignment]

if TYPE_CHECKING:
    from pytest_query_snapshot.sessions.collector import RunNotes

RECORD = Path(".query_snapshot") / "last_run.json"
_LOCK = Path(".query_snapshot") / "lock"


def write_record(root: Path, notes: RunNotes, *, dialect: str, exit_status: int, by_node_id: bool) -> None:
    """Write the record of a run; what runs on other databases proved, and facts about other goldens, are kept.

    A run that was cut off takes back what was proved before it, on every database: nobody knows which it was on.
    """
    modules = {nodeid.partition("::")[0] for nodeid in notes.collected}
    whole = notes.passed - notes.incomplete
    partial = {nodeid.partition("::")[0] for nodeid in notes.collected - whole}
    run = {
        "exit_status": exit_status,
        "deselected": notes.deselected,
        "by_node_id": by_node_id,
        "began": notes.began,
        "whole_modules": {module: module_hash(root, module) for module in sorted(modules - partial)},
        "partial_modules": sorted(partial),
        "asked": sorted(notes.facts),
    }
    with _alone(root):
        known = read_record(root)
        facts = {path: fact for path, fact in known.get("facts", {}).items() if (root / path).exists()}
        killed = cut_off(root)
        runs = {} if killed else known.get("runs", {})
        record = {"facts": facts | notes.facts, "runs": runs | {dialect: run}}
        write_text(root / RECORD, json.dumps(record, ensure_ascii=False, indent=1, sort_keys=True) + "\n")
        for marker in killed:
            remove(marker)


def module_hash(root: Path, module: str) -> str:
    """Say in a few letters what a test module holds; empty when it can't be read."""
    try:
        return hashlib.sha256((root / module).read_bytes()).hexdigest()[:16]
    except OSError:
        return ""


@contextlib.contextmanager
def _alone(root: Path) -> Iterator[None]:
    """Keep two runs that end at the same moment from losing each other's record."""
    locks: Any = fcntl
    if locks is None:
        yield
        return
    path = root / _LOCK
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle = os.open(path, os.O_CREAT | os.O_RDWR, 0o644)
    except OSError:  # writing the record will say so
        yield
        return
    try:
        with contextlib.suppress(OSError):
            locks.flock(handle, locks.LOCK_EX)
        yield
    finally:
        os.close(handle)


def read_record(root: Path) -> dict[str, Any]:
    """Read the record; empty when there is none, or when it is damaged."""
    try:
        found = json.loads((root / RECORD).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    sound = isinstance(found, dict) and all(isinstance(found.get(part), dict) for part in ("facts", "runs"))
    return found if sound else {}
