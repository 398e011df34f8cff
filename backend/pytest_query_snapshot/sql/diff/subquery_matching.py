"""Subqueries of two statements, matched by what they say; and which of them gives its rows to which.

A subquery has no name of its own: it is called by its place, ``where (2)`` or ``with recent``. A subquery less
before it, or another name, must not look like two subqueries changed.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from typing import TypeAlias

from pytest_query_snapshot.sql.facts.fact import Facet, Fact, Statement
from pytest_query_snapshot.sql.facts.from_clause import JOIN_CROSS, JOIN_INNER

_NUMBER = re.compile(r" \(\d+\)(?=/|\Z)")
_NAMED = re.compile(r"(?:.*/)?(?:with|from) (?P<name>[^/]+?)(?: \(\d+\))?\Z")
_MAX_COMPARED = 30
"""Beyond this many subqueries of one place, likeness is not searched for: it costs their square."""
_MIN_SIMILARITY = 0.5
"""Subqueries that share less than half of what they say are not one subquery by another name."""


def renamed_tables(first: Statement, second: Statement) -> dict[str, str]:
    """Map names of the second statement to those of the first, where one was put in place of the other.

    That is a common table expression, or a derived table, with most of its content; or the one table of a subquery
    that went while one came.
    """
    found: dict[str, str] = {}
    for old, new in _matched(first, second):
        before, after = (_NAMED.match(scope) for scope in (old, new))
        if before and after and before["name"] != after["name"]:
            found[after["name"]] = before["name"]
    return found | _replaced(first, second, found)


def _replaced(first: Statement, second: Statement, known: dict[str, str]) -> dict[str, str]:
    found: dict[str, str] = {}
    before, after = _tables(first), _tables(second)
    for scope, old in before.items():
        new = after.get(scope, Counter())
        lost, gained = old - new, new - old
        if len(old) == len(new) and lost.total() == gained.total() == 1:
            (was,), (became,) = lost, gained
            if became not in known and not any(_is_no_table(name, first, second) for name in (was, became)):
                found[became] = was
    everywhere = [sum(tables.values(), Counter()) for tables in (before, after)]
    return {new: old for new, old in found.items() if not everywhere[0][new] and not everywhere[1][old]}


def _is_no_table(name: str, *statements: Statement) -> bool:
    """Return whether a name is that of a subquery, or of a table that is read more than once."""
    return "#" in name or "(" in name or any(has_scope(statement, name) for statement in statements)


def _tables(statement: Statement) -> dict[str, Counter[str]]:
    found: dict[str, Counter[str]] = {}
    for fact in statement.of(Facet.TABLE):
        found.setdefault(fact.scope, Counter())[fact.text] += 1
    return found


def with_matched_scopes(first: Statement, second: Statement) -> Statement:
    """Return the second statement with its subqueries called as those of the first that they match."""
    names = {new: old for old, new in _matched(first, second)}
    taken = set(names.values())
    for scope in dict.fromkeys(fact.scope for fact in second.facts):
        if scope not in names:
            names[scope] = _free(scope, taken)
            taken.add(names[scope])
    if all(old == new for new, old in names.items()):
        return second
    facts = tuple(
        replace(fact, scope=names[fact.scope], links=tuple(names.get(link, link) for link in fact.links))
        for fact in second.facts
    )
    negated, unsettled, compared = (
        frozenset(names.get(scope, scope) for scope in scopes)
        for scopes in (second.negated, second.unsettled, second.compared)
    )
    return replace(second, facts=facts, negated=negated, unsettled=unsettled, compared=compared)


def _free(scope: str, taken: set[str]) -> str:
    name, number = scope, 2
    while name in taken:
        name = f"{_NUMBER.sub('', scope)} ({number})"
        number += 1
    return name


def _matched(first: Statement, second: Statement) -> Iterator[tuple[str, str]]:
    """Pair the scopes of two statements: those of the same place, by likeness where there are several."""
    before, after = _facts_by_scope(first), _facts_by_scope(second)
    left_old, left_new = _by_place(before), _by_place(after)
    for place in [place for place in left_old if place in left_new]:
        old, new = left_old[place], left_new[place]
        for a, b in _pair_by_similarity(old, new, before, after, least=0.0):
            old.remove(a)
            new.remove(b)
            yield a, b
    # where the other statement reads a table of that name, the table is read in the place of the subquery
    gone = [scope for scopes in left_old.values() for scope in scopes if _is_named(scope, but=second.tables)]
    come = [scope for scopes in left_new.values() for scope in scopes if _is_named(scope, but=first.tables)]
    yield from _pair_by_similarity(gone, come, before, after, least=_MIN_SIMILARITY)


def _is_named(scope: str, *, but: tuple[str, ...]) -> bool:
    name = name_of(scope)
    return bool(name) and name not in but


_Content: TypeAlias = tuple[Facet, tuple[str, ...], str]
"""A fact without its place."""


def _facts_by_scope(statement: Statement) -> dict[str, Counter[_Content]]:
    found: dict[str, Counter[_Content]] = {}
    for fact in statement.facts:
        found.setdefault(fact.scope, Counter())[fact.facet, fact.key, fact.form] += 1
    return found


def _by_place(said: dict[str, Counter[_Content]]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for scope in said:
        found.setdefault(_NUMBER.sub("", scope), []).append(scope)
    return found


def _pair_by_similarity(
    old: list[str],
    new: list[str],
    before: dict[str, Counter[_Content]],
    after: dict[str, Counter[_Content]],
    *,
    least: float,
) -> list[tuple[str, str]]:
    """Pair what is equal, then what is most alike; among equals, by their order."""
    if len(old) == len(new) == 1 and not least:
        return [(old[0], new[0])]
    pairs = _equal(old, new, before, after)
    rest_old = [scope for scope in old if scope not in {a for a, _ in pairs}]
    rest_new = [scope for scope in new if scope not in {b for _, b in pairs}]
    if max(len(rest_old), len(rest_new)) > _MAX_COMPARED:
        return pairs + ([] if least else [*zip(rest_old, rest_new, strict=False)])
    scored = sorted(
        (-_similarity(before[a], after[b]), i, j) for i, a in enumerate(rest_old) for j, b in enumerate(rest_new)
    )
    chosen: dict[int, int] = {}
    for score, i, j in scored:
        if -score >= least and i not in chosen and j not in chosen.values():
            chosen[i] = j
    return pairs + [(rest_old[i], rest_new[j]) for i, j in sorted(chosen.items())]


def _equal(
    old: list[str], new: list[str], before: dict[str, Counter[_Content]], after: dict[str, Counter[_Content]]
) -> list[tuple[str, str]]:
    waiting: dict[frozenset[tuple[_Content, int]], list[str]] = {}
    for scope in reversed(new):
        waiting.setdefault(frozenset(after[scope].items()), []).append(scope)
    found = ((scope, waiting.get(frozenset(before[scope].items()))) for scope in old)
    return [(scope, same.pop()) for scope, same in found if same]


def _similarity(old: Counter[_Content], new: Counter[_Content]) -> float:
    return 2 * (old & new).total() / (old.total() + new.total())


def name_of(scope: str) -> str:
    """Return the name of a common table expression or derived table; empty for other scopes."""
    match = _NAMED.match(scope)
    return match["name"] if match else ""


def scope_of(statement: Statement, name: str) -> str:
    """Return the scope of the subquery of this name; a text that matches no scope if it is missing."""
    return next(_scopes_of(statement, name), f"no {name}")


def has_scope(statement: Statement, name: str) -> bool:
    """Return whether a common table expression or a derived table has this name."""
    return next(_scopes_of(statement, name), None) is not None


def _scopes_of(statement: Statement, name: str) -> Iterator[str]:
    for fact in statement.facts:
        match = _NAMED.match(fact.scope)
        if match and match["name"] == name:
            yield fact.scope


def branch_of(verb: Fact) -> tuple[str, str]:
    """Return the rows that a branch of MERGE is for, and its scope; nothing for other statements."""
    place = _NUMBER.sub("", verb.scope)
    return (place, verb.scope) if place.rpartition("/")[2].startswith("when ") else ("", "")


def feeds(statement: Statement, inner: str, outer: str) -> bool:
    """Return whether rows that the subquery ``inner`` leaves out can't appear in ``outer``.

    They can where it is the optional side of an outer join, an arm of a set operation, or only asked about in a
    condition.
    """
    return _feeds(statement, inner, outer, frozenset())


def _feeds(statement: Statement, inner: str, outer: str, seen: frozenset[str]) -> bool:
    named = _NAMED.match(inner)
    if inner in seen or named is None or has_arms(statement, inner):
        return False
    users = {fact.scope for fact in statement.of(Facet.TABLE) if fact.text == named["name"]}
    return any(
        _keeps_only_matches(statement, scope, named["name"])
        and (scope == outer or _feeds(statement, scope, outer, seen | {inner}))
        for scope in users
    )


def has_arms(statement: Statement, scope: str) -> bool:
    """Return whether a scope is the first arm of a set operation."""
    begin = f"{scope}/arm " if scope else "arm "
    arms = (fact.scope for fact in statement.of(Facet.SET_OPERATION))
    return any(arm.startswith(begin) and "/" not in arm[len(begin) :] for arm in arms)


def _keeps_only_matches(statement: Statement, scope: str, table: str) -> bool:
    """Return whether every row of this scope comes from a row of the table: no outer join can make one up."""
    kinds = {fact.key: fact.text for fact in statement.of(Facet.JOIN_KIND) if fact.scope == scope}
    others = {kind for key, kind in kinds.items() if key != (table,)}
    arms = has_arms(statement, scope)
    inner = kinds.get((table,), JOIN_INNER) in {JOIN_INNER, JOIN_CROSS, "natural"}
    return inner and not arms and not any("right" in kind or "full" in kind for kind in others)
