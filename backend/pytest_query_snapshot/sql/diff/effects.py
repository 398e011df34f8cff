"""Effects of the rows of a subquery on those of the statement: they add some, or keep some out."""

from __future__ import annotations

from typing import NamedTuple

from pytest_query_snapshot.sql.diff.fact_traits import OUTPUTS
from pytest_query_snapshot.sql.diff.subquery_matching import name_of
from pytest_query_snapshot.sql.facts.columns import columns_in
from pytest_query_snapshot.sql.facts.fact import Facet, Fact, Statement

_ADDS, _KEEPS_OUT = 1, -1
_Signs = frozenset[int]
_BOTH: _Signs = frozenset({_ADDS, _KEEPS_OUT})


class Effect(NamedTuple):
    """Effect of the rows that a part finds: they add rows, or keep some out; both where it is not known."""

    adds: bool
    keeps_out: bool


def effect_of(fact: Fact, statement: Statement) -> Effect:
    """Return what more rows at the place of a fact do to the rows of the statement."""
    # an operation is not a part of the arm that it stands before
    scope = fact.scope.rpartition("arm ")[0].rstrip("/") if fact.facet is Facet.SET_OPERATION else fact.scope
    signs = _signs(statement, scope, frozenset())
    if fact.facet is Facet.JOIN_CONDITION and fact.key[0]:
        signs = _times(signs, _optional(statement, fact.scope, fact.key[0]))
    return Effect(_ADDS in signs, _KEEPS_OUT in signs)


def _signs(statement: Statement, scope: str, seen: frozenset[str]) -> _Signs:
    signs: _Signs = frozenset({_ADDS})
    while scope:
        if scope in statement.unsettled:
            return _BOTH
        if scope in statement.negated:
            signs = _times(signs, frozenset({_KEEPS_OUT}))
        outer, _, place = scope.rpartition("/")
        name = name_of(scope)
        if name and place.startswith("with "):
            return _times(signs, _of_readers(statement, name, seen | {scope}))
        if name:
            signs = _times(signs, _optional(statement, outer, name))
        scope = outer
    return signs


def _of_readers(statement: Statement, name: str, seen: frozenset[str]) -> _Signs:
    """Add up what the places that read a common table expression do with its rows."""
    found: _Signs = frozenset()
    for table in statement.of(Facet.TABLE):
        if table.text.partition("#")[0] == name and not any(_is_within(table.scope, each) for each in seen):
            here = _signs(statement, table.scope, seen)
            found |= _times(here, _optional(statement, table.scope, table.text))
    return found or frozenset({_ADDS})


def _is_within(scope: str, outer: str) -> bool:
    return scope == outer or scope.startswith(f"{outer}/")


def _optional(statement: Statement, scope: str, table: str) -> _Signs:
    """Return the effect of an optional table's rows: asked to be missing, they keep rows out."""
    tests = [
        fact.form
        for fact in statement.of(Facet.PREDICATE)
        if fact.scope == scope and any(part.rpartition(".")[0] == table for part in fact.key)
    ]
    joined = any(
        fact.scope == scope
        and fact.key == (table,)
        and any(side in fact.text for side in ("left", "right", "full"))
        for fact in statement.of(Facet.JOIN_KIND)
    )
    if not joined:
        return frozenset({_ADDS})
    if any(form.startswith("( is null ") for form in tests):
        return frozenset({_KEEPS_OUT})
    return _BOTH if any(" is null " in form for form in tests) else frozenset({_ADDS})


def _times(one: _Signs, other: _Signs) -> _Signs:
    return frozenset(a * b for a in one for b in other)


def is_decisive(fact: Fact, statement: Statement) -> bool:
    """Return whether a condition reads a column of a subquery: another value lets other rows through."""
    return fact.facet in OUTPUTS and _is_decisive(fact, statement, frozenset())


def _is_decisive(fact: Fact, statement: Statement, seen: frozenset[Fact]) -> bool:
    if fact in seen:
        return False
    whole = fact.scope.partition("/arm ")[0]
    if whole in statement.compared:
        return True
    name, label = name_of(whole), fact.key[0] if fact.key else ""
    renamed = any(each.scope == whole or each.key == (name,) for each in statement.of(Facet.COLUMN_NAMES))
    if not name or not (label or renamed):
        return False
    return any(
        _mentions(other, name, "" if renamed else label)
        and (other.facet not in OUTPUTS or _is_decisive(other, statement, seen | {fact}))
        for other in _readers(statement, name, whole)
    )


def _readers(statement: Statement, name: str, scope: str) -> list[Fact]:
    """List the conditions and columns of the places that read a subquery."""
    places = {
        table.scope
        for table in statement.of(Facet.TABLE)
        if table.text.partition("#")[0] == name and not _is_within(table.scope, scope)
    }
    wanted = OUTPUTS | {Facet.PREDICATE, Facet.JOIN_CONDITION}
    return [fact for fact in statement.facts if fact.facet in wanted and fact.scope in places]


def _mentions(fact: Fact, table: str, label: str) -> bool:
    """Return whether a fact reads a column of a subquery: this one, or any where its label is not known."""
    columns = columns_in(fact.nodes, names={}) if fact.facet in OUTPUTS else fact.key
    for column in columns:
        read, _, name = column.removeprefix("outer ").rpartition(".")
        if read.partition("#")[0] in {table, ""} and name and name == (label or name):
            return True
    return False
