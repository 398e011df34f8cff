"""What a statement means for the transaction it runs in.

This is a gate, not a parser: it reads the first words, because only those decide whether a statement controls
transactions or can't be rolled back.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum
from functools import lru_cache

from pytest_query_snapshot.sql.splitter import split

_LEAD = re.compile(r"(?:\s+|--[^\n]*\n?|/\*.*?\*/|;)*", re.DOTALL)
_WORDS = re.compile(r"[^\s();,]+")
_INTO = re.compile(r"\binto\b", re.IGNORECASE)
# in a WITH; a lock (FOR UPDATE, FOR NO KEY UPDATE) writes nothing
_CHANGES = re.compile(
    r"\b(?:insert|replace|merge)\s+into\b|\bdelete\s+from\b|(?<!\bfor )(?<!\bkey )\bupdate\b", re.IGNORECASE
)
_DEFERS = re.compile(r"\bdeferr", re.IGNORECASE)
_READING = frozenset({"SELECT", "VALUES", "TABLE", "EXPLAIN", "SHOW", "FETCH"})
_TRANSACTION_WORD = frozenset({"TRANSACTION", "WORK"})

# settings of speed and durability, which change no result, and those that hold already
_HARMLESS_PRAGMAS = frozenset({
    "busy_timeout", "cache_size", "cache_spill", "journal_mode", "journal_size_limit", "locking_mode", "mmap_size",
    "page_size", "synchronous", "temp_store", "threads", "wal_autocheckpoint", "optimize", "auto_vacuum",
})  # fmt: skip
_ROLLED_BACK_PRAGMAS = frozenset({"user_version", "application_id", "defer_foreign_keys"})
_PRAGMA = re.compile(r"(?:\w+\.)?(\w+)\s*(?:=\s*(.+)|\((.*)\))?", re.DOTALL)
_TRUE = frozenset({"on", "1", "yes", "true"})

_NO_ROLLBACK = {
    "sqlite": (
        (
            re.compile(r"(?:VACUUM|ATTACH|DETACH)\b"),
            "SQLite can't do it inside the transaction that holds the test",
        ),
    ),
    "postgresql": (
        (
            re.compile(r"(?:VACUUM|CREATE DATABASE|DROP DATABASE|ALTER SYSTEM|(?:CREATE|DROP) TABLESPACE)\b"),
            "PostgreSQL can't do it inside the transaction that holds the test",
        ),
        (
            re.compile(r"(?:(?:CREATE|DROP|CREATE UNIQUE) INDEX|REINDEX \w+|DETACH PARTITION) CONCURRENTLY\b"),
            "PostgreSQL can't do it inside the transaction that holds the test; leave out CONCURRENTLY",
        ),
        (re.compile(r"(?:PREPARE TRANSACTION|COMMIT PREPARED|ROLLBACK PREPARED)\b"), "it outlives the test"),
    ),
}


class Kind(Enum):
    """The part a statement plays in a transaction."""

    READ = "read"
    WRITE = "write"
    BEGIN = "begin"
    COMMIT = "commit"
    ROLLBACK = "rollback"
    SAVEPOINT = "savepoint"
    RELEASE = "release"
    ROLLBACK_TO = "rollback to"
    REFUSED = "refused"
    IGNORED = "ignored"  # changes nothing that a test could see, and can't be rolled back


@dataclass(frozen=True, slots=True)
class Statement:
    """One classified statement; `name` of a savepoint, `reason` of a refusal.

    defers: it may add a constraint that waits until commit.
    """

    kind: Kind
    name: str = ""
    reason: str = ""
    defers: bool = False


_READ = Statement(Kind.READ)
_WRITE = Statement(Kind.WRITE)
_CONTROLS = frozenset({Kind.BEGIN, Kind.COMMIT, Kind.ROLLBACK, Kind.SAVEPOINT, Kind.RELEASE, Kind.ROLLBACK_TO})


@lru_cache(maxsize=4096)
def classify(sql: str, dialect_name: str) -> Statement:
    """Classify what is handed to a cursor: one statement, or several where the driver takes them."""
    if ";" in sql.rstrip().removesuffix(";"):
        parts = [_classify_one(part.text, dialect_name) for part in split(sql, dialect_name=dialect_name)]
        if len(parts) > 1:
            return _together(parts)
    return _classify_one(sql, dialect_name)


def _together(parts: list[Statement]) -> Statement:
    for part in parts:
        if part.kind is Kind.REFUSED:
            return part
        if part.kind in _CONTROLS:
            return Statement(Kind.REFUSED, reason="several statements at once must not begin or end transactions")
    return _READ if all(part.kind is Kind.READ for part in parts) else _WRITE


def _classify_one(sql: str, dialect_name: str) -> Statement:  # noqa: PLR0911  one return per class
    start = _LEAD.match(sql).end()  # type: ignore[union-attr]  # it matches the empty text too
    words = _first_words(sql, start)
    if not words:
        return _READ
    first = words[0]
    if first in _READING:
        return _WRITE if first == "SELECT" and _INTO.search(sql, start) else _explained(words)
    if first == "WITH":
        return _WRITE if _CHANGES.search(sql, start) else _READ
    if first == "PRAGMA":
        return _pragma(sql[start:].split(None, 1)[-1])
    head = " ".join(words)
    for pattern, reason in _NO_ROLLBACK.get(dialect_name, ()):
        if pattern.match(head):
            return Statement(Kind.REFUSED, reason=reason)
    if first in ("CREATE", "ALTER") and _DEFERS.search(sql, start):
        return Statement(Kind.WRITE, defers=True)
    return _transaction_control(words) or _WRITE


def _first_words(sql: str, start: int) -> list[str]:
    words: list[str] = []
    for match in _WORDS.finditer(sql, start):
        words.append(match.group().upper())
        if len(words) == 5:  # noqa: PLR2004  ROLLBACK TRANSACTION TO SAVEPOINT name
            break
    return words


def _explained(words: list[str]) -> Statement:
    # EXPLAIN ANALYZE runs what it explains
    return _WRITE if words[0] == "EXPLAIN" and any("ANALYZE" in word for word in words) else _READ


def _transaction_control(words: list[str]) -> Statement | None:  # noqa: PLR0911  one return per class
    first, rest = words[0], [word for word in words[1:] if word not in _TRANSACTION_WORD]
    match first:
        case "BEGIN" | "START":
            return Statement(Kind.BEGIN)
        case "COMMIT" | "END":
            return Statement(Kind.COMMIT)
        case "SAVEPOINT":
            return Statement(Kind.SAVEPOINT, _name(rest))
        case "RELEASE":
            return Statement(Kind.RELEASE, _name(rest))
        case "ROLLBACK" | "ABORT":
            if "TO" in rest:
                return Statement(Kind.ROLLBACK_TO, _name(rest[rest.index("TO") + 1 :]))
            return Statement(Kind.ROLLBACK)
        case _:
            return None


def _name(words: list[str]) -> str:
    name = next((word for word in words if word != "SAVEPOINT"), "")
    return name.strip('"`[]')


def _pragma(text: str) -> Statement:  # noqa: PLR0911  one return per class
    match = _PRAGMA.match(text.strip().rstrip(";"))
    if match is None:
        return _READ
    name, assigned, argument = match.group(1).lower(), match.group(2), match.group(3)
    value = (assigned or argument or "").strip().strip("'\"").lower()
    if not value:
        return Statement(Kind.IGNORED) if name == "optimize" else _READ
    if name == "foreign_keys" and value in _TRUE:
        return Statement(Kind.IGNORED)
    if name in _HARMLESS_PRAGMAS:
        return Statement(Kind.IGNORED)
    if name in _ROLLED_BACK_PRAGMAS:
        return _WRITE
    if assigned is None:  # table_info(agent) and the like ask a question
        return _READ
    return Statement(Kind.REFUSED, reason=f"PRAGMA {name} changes the connection, which outlives the test")
