"""Facts that only one of two statements has."""

from __future__ import annotations

from collections.abc import Iterator

from pytest_query_snapshot.sql.diff.change import Action, Change, Kind
from pytest_query_snapshot.sql.diff.fact_traits import (
    CONDITIONS,
    is_about_tables,
    is_anti_join,
    is_negated,
    is_plain_join,
    kind_of,
)
from pytest_query_snapshot.sql.diff.risk.join_kinds import kept_without_match
from pytest_query_snapshot.sql.diff.risk.reasons import BELOW_NOT, REPLACES, reason_of_loss
from pytest_query_snapshot.sql.facts.fact import Facet, Fact, Statement


def one_sided(
    lost: list[Fact],
    gained: list[Fact],
    tenant_columns: tuple[str, ...],
    first: Statement,
    second: Statement,
) -> Iterator[Change]:
    """Yield what only one side has: removed and added tables, and removed conditions."""
    old_scopes = {fact.scope for fact in first.facts}
    new_scopes = {fact.scope for fact in second.facts}
    for scope in sorted(old_scopes - new_scopes):
        yield Change(Kind.SUBQUERY, Action.REMOVED, old=scope)
    for scope in sorted(new_scopes - old_scopes):
        yield Change(Kind.SUBQUERY, Action.ADDED, new=scope)
    lost_tables = {fact.text for fact in lost if fact.facet is Facet.TABLE}
    for fact in lost:
        if fact.facet is Facet.JOIN_CONDITION and fact.key[0] in lost_tables:
            continue  # an optional table takes its condition with it
        if fact.facet is Facet.JOIN_KIND:
            if _joins_differently(fact, second):
                why = _OTHERWISE if kept_without_match(fact.text) else ""
                yield Change(Kind.JOIN_KIND, Action.CHANGED, f"{fact.text} {fact.key[0]}", "", fact.scope, why)
        elif _told(fact, new_scopes) or fact.facet in _GUARDS:
            yield Change(
                kind_of(fact, tenant_columns), Action.REMOVED, fact.text, "", fact.scope, reason_of_loss(fact)
            )
    yield from _gained(gained, tenant_columns, old_scopes, first, second)


_OTHERWISE = "rows of another table are kept without a match"


def _told(fact: Fact, scopes: set[str]) -> bool:
    """Return whether a fact is about a place that the other statement has; an arm belongs to its whole."""
    if fact.facet is Facet.SET_OPERATION:
        whole, _, _ = fact.scope.rpartition("arm ")
        return whole.rstrip("/") in scopes
    return fact.scope in scopes


def _joins_differently(fact: Fact, other: Statement) -> bool:
    """Return whether an outer join is gone whose table is still there."""
    if is_plain_join(fact):
        return False
    return any(table.scope == fact.scope and table.key == fact.key for table in other.of(Facet.TABLE))


_GUARDS = (
    *(Facet.PREDICATE, Facet.JOIN_CONDITION, Facet.LIMIT, Facet.LOCK),
    Facet.UNEXPLAINED,
)
"""Facts whose removal is a risk: reported even when the whole subquery around them is removed."""


def _gained(
    gained: list[Fact],
    tenant_columns: tuple[str, ...],
    old_scopes: set[str],
    first: Statement,
    second: Statement,
) -> Iterator[Change]:
    new_tables = {fact.key[0] for fact in gained if fact.facet is Facet.TABLE}
    for fact in gained:
        if fact.facet is Facet.JOIN_KIND:
            if _joins_differently(fact, first):
                why = _OTHERWISE if kept_without_match(fact.text) else ""
                yield Change(Kind.JOIN_KIND, Action.CHANGED, "", f"{fact.text} {fact.key[0]}", fact.scope, why)
            continue
        if not _told(fact, old_scopes) and fact.facet is not Facet.UNEXPLAINED:
            continue
        if fact.facet is Facet.JOIN_CONDITION and is_about_tables(fact, new_tables):
            continue
        why = ""
        if fact.facet is Facet.TABLE and not _joined(fact, second):
            why = "joined without a condition: every row with every row"
        elif fact.facet is Facet.CONFLICT and "replace" in fact.text and fact.key:
            why = REPLACES
        elif fact.facet in CONDITIONS and (is_negated(second, fact.scope) or is_anti_join(fact, second)):
            why = BELOW_NOT
        yield Change(kind_of(fact, tenant_columns), Action.ADDED, new=fact.text, where=fact.scope, why_risky=why)


def _joined(table: Fact, statement: Statement) -> bool:
    """Return whether some condition ties this table to the others of its scope."""
    here = [fact for fact in statement.facts if fact.scope == table.scope]
    if sum(fact.facet is Facet.TABLE for fact in here) == 1:
        return True
    conditions = (fact for fact in here if fact.facet is Facet.JOIN_CONDITION)
    return any(table.text in fact.key or is_about_tables(fact, {table.text}) for fact in conditions)
