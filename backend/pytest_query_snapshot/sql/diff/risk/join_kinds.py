"""Comparison of the kinds of joins by the rows that they keep without a match."""

from __future__ import annotations

import re

from pytest_query_snapshot.sql.facts.from_clause import JOIN_CROSS

_TABLES = re.compile(r" (?:of )?\((?P<tables>.*)\)\Z")
_KEEPS = {"left": {"left"}, "right": {"right"}, "full": {"left", "right"}}

_UNMATCHED = "rows without a match are returned"


def join_reason(old: str, new: str) -> str:
    """Return why a join of another kind returns more rows; empty if it doesn't."""
    if JOIN_CROSS in new and JOIN_CROSS not in old:
        return "every row is joined with every row"
    if kept_without_match(new) - kept_without_match(old):
        return _UNMATCHED
    reach = [set(match["tables"].split(", ")) if (match := _TABLES.search(kind)) else set() for kind in (old, new)]
    less = bool(reach[0] - reach[1])
    if "natural" in old.split() and (less or "natural" not in new.split()):
        return "columns of one name need not be equal"
    return _UNMATCHED if kept_without_match(new) and less else ""


def kept_without_match(kind: str) -> set[str]:
    """Return the sides of a join whose rows are kept without a match."""
    return set().union(*(_KEEPS.get(word, set()) for word in _TABLES.sub("", kind).split()))
