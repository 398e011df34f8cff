"""The classes of pending changes, found once: reading 2,000 statements takes seconds.

The failing run finds them for its message and leaves them with the pending change; what a command has to find is
kept in a file per root. Both are caches, by a digest of everything that a classification depends on: what is
missing, damaged or of another version is classified again.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from dataclasses import asdict, replace
from functools import cache
from pathlib import Path
from typing import Any

from pytest_query_snapshot import goldens, sql, values
from pytest_query_snapshot.atomic_write import write_text
from pytest_query_snapshot.errors import WriteFailedError
from pytest_query_snapshot.review.pending import Pending
from pytest_query_snapshot.sql.diff.change import Action, Change, Kind
from pytest_query_snapshot.state_folder import STATE_FOLDER, make_state_folder

_FILE = "classified.json"
Changes = tuple[Change, ...]


def with_classes(pending: Pending, changes: Changes, *, settings: tuple[str, ...]) -> Pending:
    """Return a pending change that carries its classes."""
    found = [asdict(change) for change in changes]
    return replace(pending, classes={"digest": _digest(pending, settings), "changes": found})


class ClassifiedChanges:
    """The classes that were found before, and those that this command finds."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self._known = _read(root / STATE_FOLDER / _FILE)
        self._used: dict[str, list[dict[str, Any]]] = {}

    def of(
        self, pending: Pending, classify: Callable[[Pending], Changes], *, settings: tuple[str, ...]
    ) -> Changes:
        """Return the changes of one pending golden; ``classify`` finds them if they are not known."""
        digest = _digest(pending, settings)
        found = self._known.get(digest, _carried(pending, digest))
        changes = _changes(found) if found is not None else None
        if changes is None:
            changes = classify(pending)
        self._used[digest] = [asdict(change) for change in changes]
        return changes

    def save(self) -> None:
        """Keep the classes of the goldens that are pending now; a folder that can't be written keeps none."""
        if self._used.keys() == self._known.keys():
            return
        try:
            write_text(make_state_folder(self._root) / _FILE, json.dumps(self._used, ensure_ascii=False))
        except (OSError, UnicodeError, WriteFailedError):
            return


def _carried(pending: Pending, digest: str) -> Any:
    """Return the classes that came with a pending change, if they are those of these texts."""
    classes = pending.classes
    return classes.get("changes") if isinstance(classes, dict) and classes.get("digest") == digest else None


def _read(path: Path) -> dict[str, Any]:
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


def _changes(found: Any) -> Changes | None:
    try:
        return tuple(
            Change(**{**each, "kind": Kind(each["kind"]), "action": Action(each["action"])}) for each in found
        )
    except (KeyError, TypeError, ValueError):
        return None


def _digest(pending: Pending, settings: tuple[str, ...]) -> str:
    texts = (pending.kind, pending.dialect, pending.base, pending.received, _version(), *settings)
    digest = hashlib.sha256()
    for text in texts:
        digest.update(f"{len(text) if text is not None else -1}:{text or ''}".encode("utf-8", "surrogatepass"))
    return digest.hexdigest()[:32]


@cache
def _version() -> str:
    """Name the code that classifies: another version of it may find other classes."""
    digest = hashlib.sha256()
    for package in (sql, goldens, values):
        for path in sorted(Path(package.__path__[0]).rglob("*.py")):
            # the text, not the time of the file: a wheel may give all versions one time
            digest.update(path.read_bytes())
    return digest.hexdigest()
