"""Facts that stand in another subquery now: moved, or lost where they were.

A condition has moved when its table moved along, and the rows still go the same way: into a common table
expression that the statement reads, for instance. Where the table is still read without the condition, it is lost,
independent of other subqueries: a workspace filter inside EXISTS keeps no row of the outer table back.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from pytest_query_snapshot.sql.diff.change import Action, Change, Kind
from pytest_query_snapshot.sql.diff.subquery_matching import feeds, scope_of
from pytest_query_snapshot.sql.facts.fact import Facet, Fact, Statement

_CONDITIONS = frozenset({Facet.PREDICATE, Facet.JOIN_CONDITION})
_LIMITS = frozenset({Facet.LIMIT, Facet.OFFSET})
_MOVABLE = _CONDITIONS | _LIMITS | {Facet.LOCK}
"""Parts that may mean the same in another subquery; DISTINCT, ONLY or an assignment never do."""
_DECIDING = _CONDITIONS | {Facet.GROUP_BY, Facet.DISTINCT, Facet.AGGREGATE, Facet.SET_OPERATION}
"""Parts before which a limit cuts off other rows than behind them."""


def moved(lost: list[Fact], gained: list[Fact], first: Statement, second: Statement) -> Iterator[Change]:
    """Yield what moved to another subquery and means the same there; both lists lose it."""
    for fact in list(lost):
        if fact.facet not in _MOVABLE:
            continue
        other = next((new for new in gained if _equal(fact, new) and _same_effect(fact, new, first, second)), None)
        if other is None:
            continue
        lost.remove(fact)
        gained.remove(other)
        yield Change(Kind(fact.facet.value), Action.MOVED, fact.scope or "main", other.scope or "main", fact.text)


def _equal(old: Fact, new: Fact) -> bool:
    return old.scope != new.scope and replace(old, scope="", links=()) == replace(new, scope="", links=())


def _same_effect(old: Fact, new: Fact, first: Statement, second: Statement) -> bool:
    if old.facet in _CONDITIONS:
        return _table_moved_along(old, first, second) and _same_way(old, new, first, second)
    alone = len(_tables(second, old.scope)) == 1 or len(_tables(first, new.scope)) == 1
    if not alone or not _same_way(old, new, first, second):
        return False
    if old.facet not in _LIMITS:
        return True
    outer = min(old.scope, new.scope, key=len)
    return _limits_move_together(old, new, first, second) and not _decides(outer, first, second)


def _limits_move_together(old: Fact, new: Fact, first: Statement, second: Statement) -> bool:
    """Return whether LIMIT and OFFSET are still side by side: one within the other returns other rows."""
    moved_away = not _limits_at(new.scope, first) and not _limits_at(old.scope, second)
    return moved_away and _limits_at(old.scope, first) == _limits_at(new.scope, second)


def _limits_at(scope: str, statement: Statement) -> set[Facet]:
    return {fact.facet for fact in statement.facts if fact.facet in _LIMITS and fact.scope == scope}


def _decides(scope: str, *statements: Statement) -> bool:
    """Return whether a query does more with the rows of another one than return them."""
    return any(fact.scope == scope and fact.facet in _DECIDING for each in statements for fact in each.facts)


def _table_moved_along(fact: Fact, first: Statement, second: Statement) -> bool:
    """Return whether the place that lost the condition no longer reads what the condition was about."""
    still = _tables(first, fact.scope) & _tables(second, fact.scope)
    about = {part.rpartition(".")[0].partition("#")[0] for part in fact.key if part}
    # a column without its table may belong to any of them
    return not (still if "" in about or not about else still & about)


def _same_way(old: Fact, new: Fact, first: Statement, second: Statement) -> bool:
    return feeds(second, new.scope, old.scope) or feeds(first, old.scope, new.scope)


def _tables(statement: Statement, scope: str) -> set[str]:
    return {fact.text.partition("#")[0] for fact in statement.of(Facet.TABLE) if fact.scope == scope}


def drop_wrapped(lost: list[Fact], gained: list[Fact], first: Statement, second: Statement) -> None:
    """Take from both lists what says the same of a table and of the subquery that reads it in its place.

    ``mine.id`` is ``agents.id`` when ``mine`` returns it as it is.
    """
    _same_outside(lost, gained, second)
    _same_outside(gained, lost, first)


def _same_outside(plain: list[Fact], through: list[Fact], statement: Statement) -> None:
    tables = {(fact.scope, fact.text) for fact in plain if fact.facet is Facet.TABLE}
    for view in [fact for fact in through if fact.facet is Facet.TABLE]:
        inner = scope_of(statement, view.text)
        wraps = [table for scope, table in tables if scope == view.scope and table in _tables(statement, inner)]
        returned = {fact.text for fact in statement.of(Facet.COLUMN) if fact.scope == inner}
        for table in sorted(wraps):
            _drop_equal(plain, through, view, table, returned)


def _drop_equal(plain: list[Fact], through: list[Fact], view: Fact, table: str, returned: set[str]) -> None:
    name = re.compile(rf"(?<![\w.]){re.escape(view.text)}\.")
    for fact in [fact for fact in through if fact.scope == view.scope and fact.facet is not Facet.TABLE]:
        key = tuple(sorted(name.sub(f"{table}.", part) for part in fact.key))
        asked = {name.sub(f"{table}.", match) for match in re.findall(rf"{name.pattern}\w+", fact.text)}
        if not asked or not (asked <= returned or {"*", f"{table}.*"} & returned):
            continue
        same = replace(fact, form=name.sub(f"{table}.", fact.form), key=())
        other = next(
            (old for old in plain if replace(old, key=()) == same and tuple(sorted(old.key)) == key), None
        )
        if other is not None:
            plain.remove(other)
            through.remove(fact)
