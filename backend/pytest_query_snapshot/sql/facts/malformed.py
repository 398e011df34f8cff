"""Tokens that no database reads: words said twice, commas with nothing before or behind them.

The facts of a statement leave out what only holds it together, so these would show nowhere.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from pytest_query_snapshot.sql.word_tree import NUMBER, PARAMETER, Token, is_symbol, is_word

_NEVER_TWICE = (
    *("select", "from", "where", "having", "union", "intersect", "except", "insert", "into", "values", "set"),
    *("do", "by", "and", "or", "on", "join", "as", "in", "like", "between", "limit", "returning", "using"),
    *("when", "then", "else", "with", "distinct", "update", "delete"),
)
_BEGINS_CLAUSE = (
    "select",
    "from",
    "where",
    "having",
    "union",
    "intersect",
    "except",
    "returning",
    "set",
    "values",
)


def malformed(tokens: Sequence[Token]) -> Iterator[Token]:
    """Yield the second of two equal words, and the commas that separate nothing."""
    for at, token in enumerate(tokens):
        before = tokens[at - 1] if at else None
        following = tokens[at + 1] if at + 1 < len(tokens) else None
        if is_symbol(token, ","):
            if _ends_list(before, at - 1, tokens) or _begins_nothing(following, at + 1, tokens):
                yield token
        elif is_word(token, *_NEVER_TWICE) and is_word(before, token.text) and not _is_member(at - 1, tokens):
            yield token


def _is_member(at: int, tokens: Sequence[Token]) -> bool:
    """Return whether a word follows a dot: there it is the name of a column."""
    return at > 0 and is_symbol(tokens[at - 1], ".")


def _ends_list(before: Token | None, at: int, tokens: Sequence[Token]) -> bool:
    """Return whether a comma behind this token has nothing before it."""
    return before is None or is_symbol(before, ",", "(", "[") or _begins_clause(before, at, tokens)


def _begins_nothing(following: Token | None, at: int, tokens: Sequence[Token]) -> bool:
    """Return whether a comma before this token has nothing behind it."""
    if following is None or is_symbol(following, ",", ")", "]"):
        return True
    behind = tokens[at + 1] if at + 1 < len(tokens) else None
    if is_symbol(behind, ".", ",") or (is_word(following, "values", "set") and is_symbol(behind, "(")):
        return False
    limits = is_word(following, "limit", "offset") and behind is not None and behind.kind in {NUMBER, PARAMETER}
    sorts = is_word(following, "order", "group") and is_word(behind, "by")
    return limits or sorts or _begins_clause(following, at, tokens)


def _begins_clause(token: Token, at: int, tokens: Sequence[Token]) -> bool:
    return is_word(token, *_BEGINS_CLAUSE) and not _is_member(at, tokens)
