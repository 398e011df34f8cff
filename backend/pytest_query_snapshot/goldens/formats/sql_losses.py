"""Risks of statements that are gone or run in another order: what only reads may, what has an effect may not."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from pytest_query_snapshot.sql.effects.sessions import session_effects
from pytest_query_snapshot.sql.effects.writes import may_write
from pytest_query_snapshot.sql.facts.fact import Facet, Statement

_READING = frozenset({"select", "values", "explain", "show"})
_WRITING = frozenset({"insert", "update", "delete", "merge"})

_NOT_WRITTEN = "the rows are not written any more"
_NOT_LOCKED = "the rows are not locked any more"
_NOT_RUN = "nothing sets, locks or calls this any more"
_OTHER_ORDER = "statements that write, lock or set something run in another order"


def reason_of_removal(sql: str, facts: Statement, *, dialect: str) -> str:
    """Return why a statement that no longer runs is a risk; empty where it only read rows."""
    verbs = {fact.text for fact in facts.of(Facet.VERB)}
    if verbs & _WRITING:
        return _NOT_WRITTEN
    if facts.of(Facet.LOCK):
        return _NOT_LOCKED
    if not verbs <= _READING:
        return _NOT_RUN
    session = session_effects(sql, dialect or "postgresql")
    called = may_write(sql) and not facts.tables  # a procedure is called without a table
    return _NOT_RUN if called or session.sets or session.advisory else ""


def reason_of_move(key: str, before: Sequence[str], after: Sequence[str]) -> str:
    """Return why a statement in another place is a risk.

    ``before`` and ``after`` are the keys of the statements that have an effect, and of the edges of transactions.
    """
    common = Counter(before) & Counter(after)
    ordered = [_only(keys, common) for keys in (before, after)]
    return _OTHER_ORDER if key in common and ordered[0] != ordered[1] else ""


def _only(keys: Sequence[str], common: Counter[str]) -> list[str]:
    left = common.copy()
    kept: list[str] = []
    for key in keys:
        if left[key]:
            left[key] -= 1
            kept.append(key)
    return kept
