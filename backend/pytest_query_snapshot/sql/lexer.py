"""SQL text as tokens: one lexer for comparing, folding, splitting, formatting and reviewing.

It never fails, and the texts of the tokens joined are the text that was read. A quote or comment that is never
closed takes the rest of the text as one token of the kind ``open``.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from pytest_query_snapshot.sql.syntax import WHITESPACE, syntax_of, token_pattern
from pytest_query_snapshot.sql.text_cache import cached_by_text

if TYPE_CHECKING:
    from collections.abc import Iterator

_NESTING = re.compile(r"/\*|\*/")
_OPENERS = frozenset({"/*", "'", '"', "`", "["})
_KINDS = {"tag": "literal", "fence": "literal", "prefix": "word"}


def scan(sql: str, *, dialect: str = "", paramstyle: str | None = None) -> Iterator[tuple[str, str]]:
    """Yield the kind and the text of each token, white space included; the texts joined are `sql`.

    `paramstyle` is the driver's own, where the text is for a driver; None reads placeholders of every style.
    """
    pattern = token_pattern(dialect, paramstyle)
    position = 0
    while position < len(sql):
        for match in pattern.finditer(sql, position):
            kind = match.lastgroup
            position = match.end()
            if kind == "open":
                start = match.start()
                position = _end_of_opened(sql, start, dialect)
                yield ("open" if position < 0 else "comment"), sql[start : len(sql) if position < 0 else position]
                if position < 0:
                    return
                break
            yield _KINDS.get(kind, kind), match.group()  # type: ignore[misc, arg-type]  # one group matched


@cached_by_text(maxsize=64)
def tokens_of(sql: str, *, dialect: str = "") -> tuple[tuple[str, str], ...]:
    """Return what `scan` yields, but for white space; several questions in a row about one text read it once."""
    tokens: list[tuple[str, str]] = [
        (_KINDS.get(kind, kind), match.group())  # type: ignore[misc, arg-type]  # one group matched
        for match in token_pattern(dialect, None).finditer(sql)
        if (kind := match.lastgroup) != "space"
    ]
    if any(kind == "open" for kind, _ in tokens):  # the pattern alone does not know where these end
        return tuple(token for token in scan(sql, dialect=dialect) if token[0] != "space")
    return tuple(tokens)


def _end_of_opened(sql: str, start: int, dialect: str) -> int:
    """Return the end of a comment that holds others; -1 for what is never closed."""
    if not (sql.startswith("/*", start) and syntax_of(dialect).nested_comments):
        return -1
    return end_of_nested_comment(sql, start)


def end_of_nested_comment(sql: str, start: int) -> int:
    """Return where the comment that begins at `start` ends, those inside it counted; -1 if it never does."""
    depth = 0
    for match in _NESTING.finditer(sql, start):
        depth += 1 if match.group() == "/*" else -1
        if depth == 0:
            return match.end()
    return -1


@cached_by_text(maxsize=4096)
def canonical(sql: str, *, dialect: str = "") -> tuple[str, ...]:
    """Reduce a text to its tokens without white space; equal results mean equal statements.

    A comment is a token; white space at its end is not part of it.
    """
    tokens = [match.group() for match in token_pattern(dialect, None).finditer(sql) if match.lastgroup != "space"]
    if not _OPENERS.isdisjoint(tokens):  # the pattern alone does not know where these end
        tokens = [token for kind, token in scan(sql, dialect=dialect) if kind != "space"]
    return tuple([token.rstrip(WHITESPACE) if token[:2] == "--" else token for token in tokens])


def collapsed(sql: str, *, dialect: str = "", paramstyle: str | None = None) -> list[tuple[str, str]]:
    """Read a text as tokens with one space, or one end of line, in the place of each run of white space."""
    parts: list[tuple[str, str]] = []
    after_line_comment = False
    for kind, token in scan(sql.lstrip(WHITESPACE), dialect=dialect, paramstyle=paramstyle):
        if kind == "space":
            # the end of a line comment must stay the end of a line
            parts.append((kind, "\n" if after_line_comment else " "))
        else:
            parts.append((kind, token))
        after_line_comment = kind == "comment" and not token.startswith("/*")
    if parts and parts[-1][0] == "space":
        del parts[-1]
    return parts
