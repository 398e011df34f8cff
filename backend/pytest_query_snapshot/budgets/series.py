"""Hazards of several statements together: duplicate SELECTs, unbatched INSERTs, literals that change."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from pytest_query_snapshot.budgets.query_log import Entry
from pytest_query_snapshot.sql.lexer import scan

BATCH = 3
"""Rows inserted one by one in a row that should have been one statement."""
_CHANGING = re.compile(
    r"\b(random|randomblob|nextval|setval|clock_timestamp|gen_random_uuid|uuid\w*|pg_\w+)\s*\(", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Finding:
    """A hazard of several statements; ``subject`` is what an allowance can name: a table."""

    kind: str
    subject: str
    why: str
    line: str
    sql: str


def findings(entries: Sequence[Entry]) -> Iterator[Finding]:
    """Yield the hazards that show in the order and number of statements."""
    yield from _asked_again(entries)
    yield from _inserted_one_by_one(entries)
    yield from _literals(entries)


def words_of(sql: str) -> tuple[str, ...]:
    """Return the words and names of a statement in lower case and unquoted, without literals and comments."""
    return tuple(token.strip('"`[]').lower() for kind, token in scan(sql) if kind not in _NOT_NAMES)


_NOT_NAMES = frozenset({"space", "comment", "literal", "number", "open"})


def table_of(sql: str) -> str:
    """Return the first table of a statement, without its schema."""
    words = [word for word in words_of(sql) if word]
    for at, word in enumerate(words[:-1]):
        if word in {"from", "into", "update"}:
            name = words[at + 1]
            qualified = words[at + 2 : at + 4]
            return qualified[1] if len(qualified) > 1 and qualified[0] == "." else name.rpartition(".")[2]
    return ""


def _verb(sql: str) -> str:
    return next(iter(words_of(sql)), "")


def _reads(entry: Entry) -> bool:
    words = words_of(entry.sql)
    is_query = bool(words) and words[0] in {"select", "with"}
    return is_query and not {"insert", "update", "delete", "merge"}.intersection(words)


def _asked_again(entries: Sequence[Entry]) -> Iterator[Finding]:
    """The same SELECT with the same values by several ways below one call of a test, while nothing was written.

    The lines of the test are what tell one operation that asks twice from a test that looks before and after, and
    the ways, from a test that runs an operation in a loop. Loads of a relationship are left to N+1.
    """
    asked: dict[tuple[str, str, int, tuple[str, ...]], dict[tuple[str, ...], Entry]] = {}

    def found() -> Iterator[Finding]:
        for same in asked.values():
            if len(same) > 1:
                sql = next(iter(same.values())).sql
                lines = " and ".join(dict.fromkeys(_first_difference(way, tuple(same)) for way in same))
                why = f"one operation runs the same SELECT with the same values {len(same)} times; keep its result"
                yield Finding("duplicate-select", table_of(sql), why, lines, sql)
        asked.clear()

    for entry in entries:
        if not _reads(entry):
            yield from found()
        elif not entry.relationship and not _CHANGING.search(entry.sql):
            way, test = _application_and_test(entry.callers)
            if way:
                key = (entry.sql, entry.parameters, entry.transaction, test)
                asked.setdefault(key, {})[way] = entry
    yield from found()


def _application_and_test(callers: tuple[str, ...]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the lines of the application, and those of the test: the outermost ones in the folder of the test."""
    top = _top(callers[-1])
    count = 0
    while count < len(callers) and _top(callers[-1 - count]) == top:
        count += 1
    at = len(callers) - count
    return callers[:at], callers[at:]


def _top(line: str) -> str:
    """Return the first folder of a line of code, or its file where that is in none."""
    return line.rpartition(":")[0].replace("\\", "/").partition("/")[0]


def _first_difference(way: tuple[str, ...], ways: tuple[tuple[str, ...], ...]) -> str:
    """Return the line nearest to the test that not all ways share: there the operation asks again."""
    for depth in range(1, len(way) + 1):
        if len({other[-depth:][:1] for other in ways}) > 1:
            return way[-depth]
    return way[0]


def _inserted_one_by_one(entries: Sequence[Entry]) -> Iterator[Finding]:
    """Single-row INSERTs of one table from one line.

    The rows of one flush are one batch, however the driver sends them.
    """
    for (table, callers), group in groupby(entries, key=lambda entry: (_single_row(entry), entry.callers)):
        found = list(group)
        flushes = {entry.flush for entry in found if entry.flush}
        batches = len(flushes) + sum(not entry.flush for entry in found)
        if table and batches >= BATCH:
            how = "flush after the loop" if flushes else "hand all rows to one execute(insert(..), rows)"
            why = f"{len(found)} rows of {table} are inserted one at a time; {how}"
            yield Finding("unbatched-inserts", table, why, callers[0], found[0].sql)


def _single_row(entry: Entry) -> str:
    """Return the table of an INSERT of one row of values; nothing for every other statement."""
    if entry.batched or _verb(entry.sql) != "insert":
        return ""
    words = words_of(entry.sql)
    if "values" not in words or "select" in words:
        return ""
    rest = words[words.index("values") + 1 :]
    depth = 0
    for at, word in enumerate(rest):
        depth += word.count("(") - word.count(")")
        if depth == 0 and rest[at + 1 : at + 2] == (",",):
            return ""
    return table_of(entry.sql)


def _literals(entries: Sequence[Entry]) -> Iterator[Finding]:
    """One line runs statements of its own text that differ in nothing but literals."""
    shapes: dict[tuple[tuple[str, ...], str], dict[str, Entry]] = {}
    for entry in entries:
        if entry.written:
            shapes.setdefault((_shape(entry.sql), entry.line), {})[entry.sql] = entry
    for (_, line), texts in shapes.items():
        if len(texts) > 1:
            sql = next(iter(texts))
            why = f"{len(texts)} statements differ in their literals alone; bind them as parameters, :name"
            yield Finding("literals", table_of(sql), why, line, sql)


def _shape(sql: str) -> tuple[str, ...]:
    tokens = ((kind, token) for kind, token in scan(sql) if kind not in {"space", "comment"})
    return tuple("?" if kind in {"literal", "number"} else token.lower() for kind, token in tokens)
