"""The constraints and defaults of tables as texts, alike on both databases where both can say the same.

A constraint is known by its text: SQLite has no name for most, and PostgreSQL makes one up.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from pytest_query_snapshot.sql.lexer import scan

CONSTRAINT = "constraint "
Query = Callable[[str], Sequence[Any]]

_DOUBLED = re.compile(r"\ACHECK \(\((.*)\)\)(.*)\Z", re.DOTALL)
_REFERENCED = re.compile(r"( REFERENCES (?:[^\s(\"]|\"(?:[^\"]|\"\")*\")+)\(")
_CAST = re.compile(r"\A('(?:[^']|'')*')::[\w ]+(?:\(\d+\))?(?:\[\])?\Z")


def postgresql_constraint(text: str) -> str:
    """Return a constraint as PostgreSQL writes it, with the spaces and parentheses of its source."""
    doubled = _DOUBLED.match(text)
    if doubled is not None and _is_one_group(f"({doubled[1]})"):
        return f"CHECK ({doubled[1]}){doubled[2]}"
    return _REFERENCED.sub(r"\1 (", text, count=1) if text.startswith("FOREIGN KEY") else text


def postgresql_default(text: str) -> str:
    """Return a default without the type that the server writes behind a literal."""
    literal = _CAST.match(text)
    return text if literal is None else literal[1]


def sqlite_constraints(query: Query, text: str, *, key: Sequence[str]) -> Iterator[str]:
    """Yield the constraints of a table.

    query: runs a PRAGMA, which gets the name of the table.
    text: the statement that made the table; only there are its checks.
    """
    if key:
        yield f"PRIMARY KEY ({', '.join(key)})"
    for index in query("index_list({})"):
        if index[3] == "u":
            columns = ", ".join(row[2] for row in query(f"index_info({_quoted(index[1])})"))
            yield f"UNIQUE ({columns})"
    keys: dict[int, list[Any]] = {}
    for row in query("foreign_key_list({})"):
        keys.setdefault(row[0], []).append(row)
    for rows in keys.values():
        yield _foreign_key(rows)
    yield from sqlite_clauses(text, "CHECK")


def _foreign_key(rows: Sequence[Any]) -> str:
    columns = ", ".join(row[3] for row in rows)
    referenced = ", ".join(row[4] for row in rows if row[4] is not None)
    actions = "".join(
        f" ON {event} {action}"
        for event, action in (("UPDATE", rows[0][5]), ("DELETE", rows[0][6]))
        if action != "NO ACTION"
    )
    target = f" ({referenced})" if referenced else ""
    return f"FOREIGN KEY ({columns}) REFERENCES {_named(rows[0][2])}{target}{actions}"


def sqlite_clauses(text: str, word: str) -> Iterator[str]:
    """Yield each group in parentheses that follows a word, with the word."""
    tokens = [(kind, token) for kind, token in scan(text, dialect="sqlite") if kind != "comment"]
    for at, (kind, token) in enumerate(tokens):
        if kind != "word" or token.upper() != word:
            continue
        rest = "".join(" " if kind == "space" else token for kind, token in tokens[at + 1 :]).lstrip()
        if rest.startswith("("):
            yield f"{word} {rest[: _end_of_group(rest)]}"


def _is_one_group(text: str) -> bool:
    return _end_of_group(text) == len(text)


def _end_of_group(text: str) -> int:
    """Return the place behind the parenthesis that closes the first one."""
    depth = place = 0
    for kind, token in scan(text):
        place += len(token)
        if kind not in {"literal", "comment"}:
            depth += token.count("(") - token.count(")")
            if depth == 0:
                return place
    return place


def _named(name: str) -> str:
    return name if re.fullmatch(r"[a-z_][a-z0-9_]*", name) else _quoted(name)


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'
