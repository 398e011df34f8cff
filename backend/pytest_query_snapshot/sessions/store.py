"""The record of past sessions: which test each golden belongs to, and which tests each module yields.

One JSON file. ``goldens`` holds the facts of every golden that a session compared, ``modules`` the tests that
collection found in a module before any selection, with the hash of its source, and ``passed`` the hash of the
module at which a test last passed, for each database. ``settings`` are those of the last session, for a root whose
settings stand elsewhere.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import time
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pytest_query_snapshot.atomic_write import remove, write_text
from pytest_query_snapshot.errors import WriteFailedError
from pytest_query_snapshot.sessions.lock import killed_sessions
from pytest_query_snapshot.state_folder import STATE_FOLDER, make_state_folder

try:
    import fcntl
except ImportError:  # no such locks on Windows: of two sessions that end together, one record counts
    fcntl = None  # type: ignore[assignment]

if TYPE_CHECKING:
    from pytest_query_snapshot.sessions.collector import SessionNotes

VERSION = 2
RECORD = Path(STATE_FOLDER) / "last_run.json"
_LOCK = Path(STATE_FOLDER) / "lock"
_PARTS = ("goldens", "modules", "passed")


def write_record(
    root: Path, notes: SessionNotes, *, dialect: str, started: float, settings: dict[str, str]
) -> tuple[str, ...]:
    """Add what a session saw to the record; facts about files that are gone are dropped.

    Return the goldens that tests compared on this database before, and did not compare although they passed.
    """
    at = cache(lambda module: module_hash(root, module))
    now = time.time()
    with _alone(root):
        known = read_record(root)
        modules = {module: facts for module, facts in known["modules"].items() if (root / module).is_file()}
        for module in notes.complete:
            facts = _module(root, module, notes, at=at(module), known=modules.get(module))
            if facts is not None and _is_older(root / module, started):
                modules[module] = facts
        # a Path for each golden takes five times as long
        goldens = {path: fact for path, fact in known["goldens"].items() if os.path.exists(f"{root}/{path}")}  # noqa: PTH110
        left_out = tuple(path for path in goldens if _is_left_out(path, goldens[path], notes, dialect=dialect))
        for path, fact in notes.facts.items():
            module = str(fact["test"]).partition("::")[0]
            before = goldens.get(path, {})
            goldens[path] = fact | {
                "asked": before.get("asked", {}) | {dialect: at(module)},
                "first": before.get("first", now),
                "last": now,
                "literal": _is_literal(modules.get(module), fact),
            }
        passed = {test: seen for test, seen in known["passed"].items() if test.partition("::")[0] in modules}
        for test in notes.passed:
            passed[test] = passed.get(test, {}) | {dialect: at(test.partition("::")[0])}
        record = {
            "version": VERSION,
            "settings": settings,
            "goldens": goldens,
            "modules": modules,
            "passed": passed,
        }
        write_text(root / RECORD, json.dumps(record, ensure_ascii=False, sort_keys=True) + "\n")
        for marker in killed_sessions(root):
            remove(marker)
    return left_out


def _is_left_out(path: str, fact: dict[str, Any], notes: SessionNotes, *, dialect: str) -> bool:
    passed = fact.get("test") in notes.passed
    return passed and path not in notes.facts and dialect in fact.get("asked", {})


def _module(
    root: Path, module: str, notes: SessionNotes, *, at: str, known: dict[str, Any] | None
) -> dict[str, Any] | None:
    """Return the tests of a module with those of earlier sessions that collected the same source."""
    functions = {name: dict(facts) for name, facts in notes.collected.get(module, {}).items()}
    before = known["functions"] if known is not None and known["hash"] == at else {}
    arguments: dict[str, frozenset[str] | None] = {}
    if any(before.get(name, {}).get("parameters") != facts["parameters"] for name, facts in functions.items()):
        from pytest_query_snapshot.sessions.module_source import read_source  # noqa: PLC0415  only for what is new

        try:  # reading the source takes milliseconds, so only where an earlier session has not
            source = read_source((root / module).read_text(encoding="utf-8")) if module.endswith(".py") else None
        except (OSError, ValueError):
            return None
        arguments = source.literal if source is not None else {}
        before = {name: facts for name, facts in before.items() if name not in functions}
    for name, facts in functions.items():
        spelled_out = arguments.get(name)
        literal = spelled_out is not None and set(facts["parameters"]) <= spelled_out
        facts["literal"] = before[name]["literal"] if name in before else literal
    return {"hash": at, "functions": before | functions}


def _is_older(path: Path, started: float) -> bool:
    """Return whether a module was not edited since a session began, and so collected as it is now."""
    try:
        return path.stat().st_mtime <= started
    except OSError:
        return False


def _is_literal(module: dict[str, Any] | None, fact: dict[str, Any]) -> bool:
    function = str(fact["test"]).partition("::")[2].partition("[")[0].replace("::", ".")
    found = (module or {}).get("functions", {}).get(function)
    return bool(found and found["literal"])


def module_hash(root: Path, module: str) -> str:
    """Return a short hash of the source of a test module; empty when it can't be read."""
    try:
        return hashlib.sha256((root / module).read_bytes()).hexdigest()[:16]
    except OSError:
        return ""


@contextlib.contextmanager
def _alone(root: Path) -> Iterator[None]:
    """Keep two sessions that end at the same moment from losing each other's record."""
    locks: Any = fcntl
    try:
        make_state_folder(root)
        handle = os.open(root / _LOCK, os.O_CREAT | os.O_RDWR, 0o644)
    except OSError as error:
        raise WriteFailedError(path=root / RECORD, reason=error.strerror or str(error)) from error
    try:
        if locks is not None:
            with contextlib.suppress(OSError):
                locks.flock(handle, locks.LOCK_EX)
        yield
    finally:
        os.close(handle)


def read_record(root: Path) -> dict[str, Any]:
    """Read the record. One of version 1 gives its facts; one that is damaged or newer is set aside as empty."""
    try:
        found = json.loads((root / RECORD).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        found = None
    empty: dict[str, Any] = {part: {} for part in _PARTS}
    if not isinstance(found, dict):
        return empty
    if "version" not in found and isinstance(found.get("facts"), dict):
        return empty | {"goldens": found["facts"]}
    sound = found.get("version") == VERSION and all(isinstance(found.get(part), dict) for part in _PARTS)
    return found if sound else empty
