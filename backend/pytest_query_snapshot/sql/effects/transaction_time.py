"""The time of a transaction in a statement: `now()` and the words of the standard, replaced by a value."""

from __future__ import annotations

from functools import lru_cache

from pytest_query_snapshot.sql.lexer import scan

_FUNCTIONS = frozenset({"now", "transaction_timestamp"})
_WORDS = {
    "current_timestamp": ("timestamptz",),
    "localtimestamp": ("timestamptz", "timestamp"),
    "current_time": ("timestamptz", "timetz"),
    "localtime": ("timestamptz", "time"),
    "current_date": ("timestamptz", "date"),
}
_NAMES = _FUNCTIONS | _WORDS.keys()
# a definition keeps the expression: it is for later transactions too
_DEFINITIONS = frozenset({"create", "alter", "prepare", "comment", "copy"})
_TIME = "{time}"


def with_transaction_time(sql: str, time: str) -> str:
    """Write a time in the place of every expression for that of the transaction; a column keeps its name."""
    form = _form(sql)
    return sql if form is None else "".join(time if part is _TIME else part for part in form)


def reads_transaction_time(sql: str) -> bool:
    """Return whether a statement of PostgreSQL asks for the time of its transaction."""
    return _form(sql) is not None


@lru_cache(maxsize=4096)
def _form(sql: str) -> tuple[str, ...] | None:
    """Return the parts of a text, with a mark for each time; None when there is none."""
    lowered = sql.lower()
    if not any(name in lowered for name in _NAMES):
        return None
    tokens = list(scan(sql, dialect="postgresql"))
    if next((text.lower() for kind, text in tokens if kind == "word"), "") in _DEFINITIONS:
        return None
    found: list[str] = []
    place, previous = 0, ""
    while place < len(tokens):
        kind, text = tokens[place]
        name = text.lower()
        end = _end_of_call(tokens, place, name) if kind == "word" and previous != "." and name in _NAMES else 0
        if end:
            digits = "".join(text for kind, text in tokens[place + 1 : end] if kind == "number")
            found += _value(name, digits)
            place = end
            previous = ")"
            continue
        found.append(text)
        if kind not in {"space", "comment"}:
            previous = text
        place += 1
    return tuple(found) if _TIME in found else None


def _value(name: str, digits: str) -> list[str]:
    types = _WORDS.get(name, ("timestamptz",))
    precision = f"({digits})" if digits else ""
    cast = "".join(f"::{type_}" for type_ in types)
    return ["(SELECT '", _TIME, f'\'{cast}{precision} AS "{name}")']


def _end_of_call(tokens: list[tuple[str, str]], place: int, name: str) -> int:
    """Return the place behind the expression that begins here; 0 if it is the name of something else."""
    following = [
        (at, text)
        for at, (kind, text) in enumerate(tokens[place + 1 : place + 8], place + 1)
        if kind not in {"space", "comment"}
    ]
    texts = [text for _, text in following]
    if texts[:2] == ["(", ")"] and name in _FUNCTIONS:
        return following[1][0] + 1
    if name in _FUNCTIONS or texts[:1] == ["."]:
        return 0
    if texts[:1] == ["("] and texts[2:3] == [")"]:
        return following[2][0] + 1
    return place + 1
