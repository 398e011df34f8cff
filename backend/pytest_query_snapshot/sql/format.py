"""Statements laid out for reading, by sqlparse where it can."""

from __future__ import annotations

import re

from pytest_query_snapshot.sql.lexer import canonical, scan

# sqlparse raises beyond 10,000 tokens and beyond a depth of 100; well below, it is already slow.
MAX_TOKENS = 9_000
MAX_DEPTH = 80
# sqlparse breaks these clauses in two
_LOCK = re.compile(r"\n( *)FOR(?:\s+NO\s+KEY)?\s+UPDATE\b")
_DELETE = re.compile(r"\bDELETE\s+FROM\b")


def format_sql(sql: str, *, dialect: str = "") -> str:
    """Lay a statement out for reading; a text that sqlparse can't take, or would change, stays as it is."""
    tokens = 0
    depth = deepest = 0
    for _, token in scan(sql, dialect=dialect):
        tokens += 1
        depth += {"(": 1, ")": -1}.get(token, 0)
        deepest = max(deepest, depth)
    if tokens > MAX_TOKENS or deepest > MAX_DEPTH:
        return sql
    # the marker of a fold is not SQL: sqlparse gets an ordinary name in its place
    hidden = sql.replace("(... ", "(query_snapshot_fold_")
    try:
        text = _format(hidden)
    except Exception:  # noqa: BLE001  a formatter may raise anything, the text is still good
        return sql
    lines = (line.rstrip(" \t\r") for line in text.strip().split("\n"))
    text = "\n".join(lines).replace("query_snapshot_fold_", "... ")
    text = _LOCK.sub(lambda match: f"\n{match[1]}" + " ".join(match[0].split()), text)
    text = _DELETE.sub("DELETE FROM", text)
    return text if canonical(text, dialect=dialect) == canonical(sql, dialect=dialect) else sql


def _format(sql: str) -> str:
    import sqlparse  # noqa: PLC0415  costs 15 ms, and a run that passes never formats

    return str(sqlparse.format(sql, reindent=True))
