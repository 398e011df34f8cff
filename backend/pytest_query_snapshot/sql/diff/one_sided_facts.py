"""Facts that only one of two statements has."""

from __future__ import annotations

from collections.abc import Iterator

from pytest_query_snapshot.sql.diff.change import Action, Change, Kind
from pytest_query_snapshot.sql.diff.effects import effect_of
from pytest_query_snapshot.sql.diff.fact_traits import (
    CONDITIONS,
    is_about_tables,
    is_materialized,
    is_plain_join,
    kind_of,
)
from pytest_query_snapshot.sql.diff.risk.join_kinds import kept_without_match
from pytest_query_snapshot.sql.diff.risk.reasons import (
    BELOW_NOT,
    IGNORED,
    JOINED_MORE,
    REPLACES,
    UNREAD,
    hint_reason,
    reason_of_loss,
)
from pytest_query_snapshot.sql.diff.subquery_matching import has_scope
from pytest_query_snapshot.sql.facts.fact import WRITING, Facet, Fact, Statement


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
        yield Change(
            Kind.SUBQUERY, Action.REMOVED, old=scope, why_risky=_NOT_WRITTEN if _writes(scope, first) else ""
        )
    for scope in sorted(new_scopes - old_scopes):
        yield Change(
            Kind.SUBQUERY, Action.ADDED, new=scope, why_risky=_ALSO_WRITTEN if _writes(scope, second) else ""
        )
    lost_tables = {fact.text for fact in lost if fact.facet is Facet.TABLE}
    for fact in lost:
        if fact.facet is Facet.JOIN_CONDITION and fact.key[0] in lost_tables:
            continue  # an optional table takes its condition with it
        if fact.facet is Facet.JOIN_KIND:
            if _joins_differently(fact, second):
                why = _OTHERWISE if kept_without_match(fact.text) else ""
                yield Change(Kind.JOIN_KIND, Action.CHANGED, f"{fact.text} {fact.key[0]}", "", fact.scope, why)
        elif _told(fact, new_scopes) or fact.facet in _GUARDS:
            yield _lost(fact, tenant_columns, first, second)
    yield from _gained(gained, tenant_columns, old_scopes, first, second)


_NOT_WRITTEN = "the rows that this part wrote are left as they are"
_ALSO_WRITTEN = "rows are written that were left as they are"


def _writes(scope: str, statement: Statement) -> bool:
    """Return whether a common table expression, or a branch of MERGE, changes rows."""
    return any(verb.scope == scope and verb.text in WRITING for verb in statement.of(Facet.VERB))


def _lost(fact: Fact, tenant_columns: tuple[str, ...], first: Statement, second: Statement) -> Change:
    if is_materialized(fact):
        return Change(Kind.SUBQUERY, Action.CHANGED, fact.text, "", fact.scope)
    why = reason_of_loss(fact)
    if is_written(fact, first):
        why = WRITTEN_ELSEWHERE
    elif fact.facet is Facet.TABLE and has_scope(first, fact.text) and has_scope(second, fact.text):
        why = UNREAD
    elif fact.facet is Facet.SET_OPERATION and not why and effect_of(fact, first).keeps_out:
        why = BELOW_NOT
    return Change(kind_of(fact, tenant_columns), Action.REMOVED, fact.text, "", fact.scope, why)


WRITTEN_ELSEWHERE = "rows of another table are written"


def is_written(fact: Fact, statement: Statement) -> bool:
    """Return whether a fact is the table that the statement inserts into, updates or deletes from."""
    verbs = {each.scope: each.text for each in statement.of(Facet.VERB)}
    first = next((each for each in statement.of(Facet.TABLE) if each.scope == fact.scope), None)
    return fact == first and verbs.get(fact.scope) in WRITING


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
        why = _reason_of_gain(fact, second)
        action = Action.CHANGED if is_materialized(fact) else Action.ADDED
        yield Change(kind_of(fact, tenant_columns), action, new=fact.text, where=fact.scope, why_risky=why)


def _reason_of_gain(fact: Fact, second: Statement) -> str:
    """Return why a new part of a statement is a risk: it lets more rows through, or writes over some."""
    if fact.facet is Facet.CONFLICT:
        return (
            REPLACES
            if "replace" in fact.text and fact.key == ("or",)
            else IGNORED
            if fact.text == "ignore"
            else ""
        )
    if fact.facet is Facet.LOCK and fact.key:
        return hint_reason(None, fact)
    if fact.facet is Facet.TABLE and not _joined(fact, second):
        return "joined without a condition: every row with every row"
    effect = effect_of(fact, second)
    if fact.facet is Facet.SET_OPERATION:
        adds = fact.text.startswith("union")
        return JOINED_MORE if adds and effect.adds else BELOW_NOT if effect.keeps_out and not adds else ""
    return BELOW_NOT if effect.keeps_out and fact.facet in _NARROWING else ""


_NARROWING = CONDITIONS | {Facet.TABLE, Facet.LIMIT, Facet.OFFSET, Facet.SAMPLE, Facet.ONLY, Facet.LOCK}
"""Facts that leave fewer rows: where those keep rows of the statement out, more of these come through."""


def _joined(table: Fact, statement: Statement) -> bool:
    """Return whether some condition ties this table to the others of its scope."""
    here = [fact for fact in statement.facts if fact.scope == table.scope]
    if sum(fact.facet is Facet.TABLE for fact in here) == 1:
        return True
    conditions = (fact for fact in here if fact.facet is Facet.JOIN_CONDITION)
    return any(table.text in fact.key or is_about_tables(fact, {table.text}) for fact in conditions)
