"""The effect of a statement on the transaction it runs in.

This is a gate, not a parser: it reads the words of the lexer, so comments may stand between them, and quoted names
and literals are never taken for keywords.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum
from functools import lru_cache

from pytest_query_snapshot.sql.lexer import tokens_of
from pytest_query_snapshot.sql.splitter import split

_READING = frozenset({"SELECT", "VALUES", "TABLE", "SHOW", "FETCH", "DESCRIBE", "DESC"})
_CHANGING = frozenset({"INSERT", "DELETE", "MERGE"})
_TRANSACTION_WORD = frozenset({"TRANSACTION", "WORK"})
_EXPLAIN_RUNS = frozenset({"ANALYZE", "ANALYSE"})
_EXPLAIN_OPTIONS = _EXPLAIN_RUNS | {"VERBOSE", "QUERY", "PLAN"}

# settings of speed and durability, which change no result, and those that hold already
_HARMLESS_PRAGMAS = frozenset({
    "busy_timeout", "cache_size", "cache_spill", "journal_mode", "journal_size_limit", "locking_mode", "mmap_size",
    "page_size", "synchronous", "temp_store", "threads", "wal_autocheckpoint", "optimize", "auto_vacuum",
})  # fmt: skip
_ROLLED_BACK_PRAGMAS = frozenset({"user_version", "application_id", "defer_foreign_keys"})
# with an argument in parentheses these ask a question; any other PRAGMA is set by it
_ASKING_PRAGMAS = frozenset({
    "table_info", "table_xinfo", "table_list", "index_list", "index_info", "index_xinfo", "foreign_key_list",
    "foreign_key_check", "integrity_check", "quick_check", "function_list", "collation_list", "database_list",
    "compile_options", "module_list", "pragma_list",
})  # fmt: skip
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
            re.compile(r"(?:(?:CREATE|DROP|CREATE UNIQUE) INDEX|REINDEX \S+|DETACH PARTITION) CONCURRENTLY\b"),
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
            return _classify_batch(parts)
    return _classify_one(sql, dialect_name)


def _classify_batch(parts: list[Statement]) -> Statement:
    for part in parts:
        if part.kind is Kind.REFUSED:
            return part
        if part.kind in _CONTROLS:
            return Statement(Kind.REFUSED, reason="several statements at once must not begin or end transactions")
    return _READ if all(part.kind is Kind.READ for part in parts) else _WRITE


def _classify_one(sql: str, dialect_name: str) -> Statement:
    tokens = [
        (kind, token.upper() if kind == "word" else token)
        for kind, token in tokens_of(sql, dialect=dialect_name)
        if kind != "comment" or token.startswith("/*!")
    ]
    while tokens and tokens[0][1] in {";", "("}:
        del tokens[0]
    while tokens and tokens[-1][1] == ";":
        del tokens[-1]
    return _classify_tokens(tokens, dialect_name) if tokens else _READ


def _classify_tokens(tokens: list[tuple[str, str]], dialect_name: str) -> Statement:  # noqa: PLR0911  one return per class
    first = tokens[0][1]
    if first in _READING:
        return _WRITE if first == "SELECT" and ("word", "INTO") in tokens else _READ
    if first == "EXPLAIN":
        return _explained(tokens[1:], dialect_name)
    if first == "WITH":
        return _WRITE if _changes_rows(tokens) else _READ
    if first == "PRAGMA":
        return _pragma(tokens[1:])
    head = " ".join(token for _, token in tokens[:6])
    for pattern, reason in _NO_ROLLBACK.get(dialect_name, ()):
        if pattern.match(head):
            return Statement(Kind.REFUSED, reason=reason)
    if first in ("CREATE", "ALTER") and any(kind == "word" and "DEFERR" in word for kind, word in tokens):
        return Statement(Kind.WRITE, defers=True)
    return _transaction_control([token for _, token in tokens[:5]]) or _WRITE


def _changes_rows(tokens: list[tuple[str, str]]) -> bool:
    """Return whether a WITH changes rows somewhere; a lock (FOR UPDATE, FOR NO KEY UPDATE) does not."""
    return any(
        _begins_change(
            word, before=tokens[place - 1][1], after=tokens[place + 1][1] if place + 1 < len(tokens) else ""
        )
        for place, (kind, word) in enumerate(tokens)
        if kind == "word" and place
    )


def _begins_change(word: str, *, before: str, after: str) -> bool:
    if word == "UPDATE":
        return before not in {"FOR", "KEY", ".", "AS"}
    if word == "REPLACE":  # a function, too
        return after == "INTO"
    return word in _CHANGING and before not in {".", "AS"} and after not in {"(", ",", ")", "."}


def _explained(tokens: list[tuple[str, str]], dialect_name: str) -> Statement:
    """EXPLAIN ANALYZE runs what it explains."""
    runs = False
    while tokens:
        word = tokens[0][1]
        if word == "(":  # options; the statement itself is never a VALUES in parentheses
            end = next((place for place, token in enumerate(tokens) if token[1] == ")"), len(tokens) - 1)
            runs = runs or any(token in _EXPLAIN_RUNS for _, token in tokens[:end])
            tokens = tokens[end + 1 :]
        elif word in _EXPLAIN_OPTIONS:
            runs = runs or word in _EXPLAIN_RUNS
            tokens = tokens[1:]
        else:
            break
    return _classify_tokens(tokens, dialect_name) if runs and tokens else _READ


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
    # two spellings of one name must meet: an unquoted name is folded to upper case already
    name = next((word for word in words if word != "SAVEPOINT"), "")
    return name.strip('"`[]').upper()


def _pragma(tokens: list[tuple[str, str]]) -> Statement:
    texts = [token for _, token in tokens]
    if texts[1:2] == ["."]:
        texts = texts[2:]
    if not texts:
        return _READ
    name = texts[0].strip("\"`[]'").lower()
    assigned, value = texts[1:2] == ["="], "".join(texts[2:]).strip("()'\"").lower()
    if len(texts) < 3:  # noqa: PLR2004  a name alone asks for a value
        return Statement(Kind.IGNORED) if name == "optimize" else _READ
    if not assigned and name in _ASKING_PRAGMAS:
        return _READ
    if name in _HARMLESS_PRAGMAS or (name == "foreign_keys" and value in _TRUE):
        return Statement(Kind.IGNORED)
    if name in _ROLLED_BACK_PRAGMAS:
        return _WRITE
    return Statement(Kind.REFUSED, reason=f"PRAGMA {name} changes the connection, which outlives the test")
