"""Risks of statements that are gone or run in another order: what only reads may, what has an effect may not."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from pytest_query_snapshot.sql.diff.change import Change, Kind
from pytest_query_snapshot.sql.effects.sessions import session_effects
from pytest_query_snapshot.sql.effects.writes import may_write
from pytest_query_snapshot.sql.facts.fact import WRITING, Facet, Statement
from pytest_query_snapshot.sql.splitter import UnterminatedError

_READING = frozenset({"select", "values", "explain", "show"})

_NOT_WRITTEN = "the rows are not written any more"
_NOT_LOCKED = "the rows are not locked any more"
_NOT_RUN = "nothing sets, locks or calls this any more"
_RUN_OTHERWISE = "this sets, locks or calls another thing"
_OTHER_ORDER = "statements that write, lock or set something run in another order"


def reason_of_removal(sql: str, facts: Statement, *, dialect: str) -> str:
    """Return why a statement that no longer runs is a risk; empty where it only read rows."""
    verbs = {fact.text for fact in facts.of(Facet.VERB)}
    if verbs & WRITING:
        return _NOT_WRITTEN
    if facts.of(Facet.LOCK):
        return _NOT_LOCKED
    if not verbs <= _READING:
        return _NOT_RUN
    try:
        session = session_effects(sql, dialect or "postgresql")
    except UnterminatedError:  # what can't be read may do anything
        return _NOT_RUN
    called = may_write(sql) and not facts.tables  # a procedure is called without a table
    return _NOT_RUN if called or session.sets or session.advisory else ""


def with_effects(changes: Iterable[Change], sql: str, facts: Statement, *, dialect: str) -> Iterator[Change]:
    """Yield the changes of a statement; another call is a risk of a SELECT that is run for what it calls."""
    for change in changes:
        is_call = change.kind in {Kind.COLUMN, Kind.AGGREGATE} and "(" in change.old and not change.risk
        acts = is_call and facts.verb == "select" and reason_of_removal(sql, facts, dialect=dialect) == _NOT_RUN
        yield replace(change, why_risky=_RUN_OTHERWISE) if acts else change


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
