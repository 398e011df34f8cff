"""Compare two statements by what they say, not by how they are written.

Fails closed: statements are the same only if their facts are. A difference that no class explains is
*unexplained*, a risk.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import lru_cache
from typing import TypeAlias

from pytest_query_snapshot.settings import TENANT_COLUMNS
from pytest_query_snapshot.sql.diff.binding import exchanged, exchanged_places
from pytest_query_snapshot.sql.diff.change import Action, Change, Kind
from pytest_query_snapshot.sql.diff.fact_pairs import lone_columns, paired
from pytest_query_snapshot.sql.diff.fact_traits import CONDITIONS, OUTPUTS, is_plain_join
from pytest_query_snapshot.sql.diff.letter_case import names_in_other_case
from pytest_query_snapshot.sql.diff.moved_conditions import drop_wrapped, moved
from pytest_query_snapshot.sql.diff.one_sided_facts import WRITTEN_ELSEWHERE, is_written, one_sided
from pytest_query_snapshot.sql.diff.risk.weakening import OTHER_COLUMNS
from pytest_query_snapshot.sql.diff.subquery_matching import (
    branch_of,
    has_arms,
    renamed_tables,
    with_matched_scopes,
)
from pytest_query_snapshot.sql.facts.fact import Facet, Fact, Statement
from pytest_query_snapshot.sql.facts.statement_facts import read_statement
from pytest_query_snapshot.sql.lexer import scan
from pytest_query_snapshot.sql.word_tree import PARAMETER, Token, flatten, is_word, lex

Values: TypeAlias = tuple[Mapping[str, str], Mapping[str, str]]
"""The parameters of a golden, before and after, as it shows them."""


_Known: TypeAlias = tuple[tuple[str, str], ...]

_Bound: TypeAlias = tuple[Fact, tuple[str, ...]]
_ORDERED = (Facet.GROUP_BY, Facet.ORDER_BY, Facet.RETURNING)
"""Lists that are compared as a whole: one key more or less changes the meaning of all."""


def classify_statement(
    old: str,
    new: str,
    *,
    tenant_columns: tuple[str, ...] = TENANT_COLUMNS,
    values: Values = ({}, {}),
    dialect: str = "",
) -> tuple[Change, ...]:
    """Return what changed from one statement to another; nothing when the texts are equal."""
    known = tuple(tuple(sorted(side.items())) for side in values)
    return () if old == new else _classify(old, new, tenant_columns, (known[0], known[1]), dialect)


@lru_cache(maxsize=1024)  # tests that share a statement share its change
def _classify(
    old: str, new: str, tenant_columns: tuple[str, ...], known: tuple[_Known, _Known], dialect: str
) -> tuple[Change, ...]:
    names = tuple(names_in_other_case(old, new, dialect=dialect))
    found = _classify_folded(old, new, tenant_columns, known, dialect)
    return (*names, *(change for change in found if not names or change.kind not in _FORMS))


_FORMS = frozenset({Kind.FORMAT, Kind.ALIAS})


def _classify_folded(
    old: str, new: str, tenant_columns: tuple[str, ...], known: tuple[_Known, _Known], dialect: str
) -> tuple[Change, ...]:
    values = (dict(known[0]), dict(known[1]))
    before, after = lex(old, dialect), lex(new, dialect)
    if before == after and _spelled(old, dialect) == _spelled(new, dialect):
        return (Change(Kind.FORMAT, old=old, new=new),)
    names = (_parameters(before), _parameters(after))
    if _without_parameters(before) == _without_parameters(after):
        swapped = _swapped(zip(*names, strict=True), names[1], values)
        if swapped and _with_parameters(old, dialect) == _with_parameters(new, dialect):
            return (Change(Kind.REORDERED, old=old, new=new),)
        return swapped or (Change(Kind.ALIAS if before == after else Kind.PARAMETERS, old=old, new=new),)
    first, second = read_statement(old, dialect=dialect), read_statement(new, dialect=dialect)
    renamed = renamed_tables(first, second)
    if renamed:
        second = read_statement(new, renamed=tuple(sorted(renamed.items())), dialect=dialect)
    second = with_matched_scopes(first, second)
    found = (
        *_replaced(renamed, first),
        *_compare(first, second, tenant_columns),
        *(
            _swapped(_common_parameters(first, second), names[1], values)
            or ((_SWAPPED,) if exchanged_places(first, second) else ())
        ),
    )
    if found:
        return found
    if _silent(first, second):
        return (Change(Kind.UNEXPLAINED, old=old, new=new),)
    kind = Kind.REORDERED if _words(before) == _words(after) else Kind.ALIAS
    return (Change(kind, old=old, new=new),)


def _with_parameters(sql: str, dialect: str) -> tuple[Counter[_Bound], tuple[_Bound, ...]]:
    """Return the facts with their parameters: the conditions, whose order has no effect, and the others."""
    bound = [(fact, fact.parameters) for fact in read_statement(sql, dialect=dialect).facts]
    conditions = Counter(each for each in bound if each[0].facet in CONDITIONS)
    return conditions, tuple(each for each in bound if each[0].facet not in CONDITIONS)


def _spelled(sql: str, dialect: str) -> tuple[tuple[str, str], ...]:
    """Fold what is only form: white space, comments, the case of unquoted words, the final semicolon."""
    found = [
        (kind, token.lower() if kind == "word" else token)
        for kind, token in scan(sql, dialect=dialect)
        if kind != "space" and (kind != "comment" or token.startswith(("/*+", "/*!")))
    ]
    while found and found[-1] == ("char", ";"):
        found.pop()
    return tuple(found)


def _parameters(tokens: tuple[Token, ...]) -> tuple[str, ...]:
    return tuple(token.text for token in tokens if token.kind == PARAMETER)


def _swapped(pairs: Iterator[tuple[str, str]], order: tuple[str, ...], values: Values) -> tuple[Change, ...]:
    known = tuple({name.lstrip(":"): value for name, value in side.items()} for side in values)
    named = [(old.lstrip(":"), new.lstrip(":")) for old, new in pairs]
    found = exchanged(named, order=tuple(name.lstrip(":") for name in order), values=(known[0], known[1]))
    if not found:
        return ()
    old, new = (", ".join(f":{pair[side]}" for pair in found) for side in (0, 1))
    return (replace(_SWAPPED, old=old, new=new),)


_SWAPPED = Change(Kind.SWAPPED_PARAMETERS, why_risky="a parameter stands in the place of another one")


def _common_parameters(first: Statement, second: Statement) -> Iterator[tuple[str, str]]:
    """Pair the parameters of facts that both statements have."""
    same_rows = bool(first.inserted) and first.inserted == second.inserted
    waiting: dict[Fact, list[Fact]] = {}
    for fact in reversed(second.facts):
        waiting.setdefault(fact, []).append(fact)
    for fact in first.facts:
        others = waiting.get(fact)
        if others and not (same_rows and fact.facet is Facet.VALUES):
            other = _closest(fact, others)
            yield from zip(fact.parameters, other.parameters, strict=True)


def _closest(fact: Fact, others: list[Fact]) -> Fact:
    """Take the fact with the same parameters out of those that say the same, or the first."""
    places = (at for at, other in enumerate(others) if other.parameters == fact.parameters)
    return others.pop(next(places, len(others) - 1))  # equal facts may have other parameters


def _silent(first: Statement, second: Statement) -> bool:
    """Return whether facts differ that no change was made of."""
    lost, gained = _minus(first.facts, second.facts), _minus(second.facts, first.facts)
    drop_wrapped(lost, gained, first, second)
    same_rows = bool(first.inserted) and first.inserted == second.inserted
    left = [fact for fact in (*lost, *gained) if not (same_rows and fact.facet in {Facet.VALUES, Facet.COLUMN})]
    return any(not is_plain_join(fact) for fact in left)


def _replaced(renamed: dict[str, str], first: Statement) -> Iterator[Change]:
    """Another table in the place of one: a loss and a gain. Another name of a subquery is none."""
    tables = {fact.text: fact for fact in first.of(Facet.TABLE)}
    for new, old in renamed.items():
        if old in tables and old not in first.aliases:
            scope = tables[old].scope
            why = WRITTEN_ELSEWHERE if is_written(tables[old], first) else ""
            yield Change(Kind.TABLE, Action.REMOVED, old=old, where=scope, why_risky=why)
            yield Change(Kind.TABLE, Action.ADDED, new=new, where=scope)


def _words(tokens: tuple[Token, ...]) -> Counter[str]:
    """Count what a statement is made of, apart from what only holds it together."""
    glue = {"(", ")", "and", "where", "on", "inner"}
    return Counter(token.text for token in _without_parameters(tokens) if token.text not in glue)


def _without_parameters(tokens: tuple[Token, ...]) -> tuple[Token, ...]:
    return tuple(Token(PARAMETER, ":") if token.kind == PARAMETER else token for token in tokens)


def _compare(first: Statement, second: Statement, tenant_columns: tuple[str, ...]) -> Iterator[Change]:
    if first.verb != second.verb:
        yield Change(Kind.STATEMENT, Action.CHANGED, old=first.verb, new=second.verb)
    yield from _moved_branches(first, second)
    for facet in _ORDERED:
        yield from _lists(facet, first, second, tenant_columns)
    done = set(_ORDERED)
    if first.inserted and first.inserted == second.inserted:  # each column still gets what it got
        done |= {Facet.VALUES, Facet.COLUMN}
    else:
        yield from _moved_columns(first, second)
    lost, gained = (
        [fact for fact in facts if fact.facet not in done and (fact.facet is not Facet.VERB or fact.scope)]
        for facts in (_minus(first.facts, second.facts), _minus(second.facts, first.facts))
    )
    yield from _between_on_and_where(lost, gained)
    drop_wrapped(lost, gained, first, second)
    yield from moved(lost, gained, first, second)
    yield from paired(lost, gained, tenant_columns, second)
    yield from lone_columns(lost, gained, second)
    yield from one_sided(lost, gained, tenant_columns, first, second)


def _moved_branches(first: Statement, second: Statement) -> Iterator[Change]:
    """Compare the order of MERGE's branches for the same rows: the first whose condition holds is taken."""
    before, after = (list(map(branch_of, side.of(Facet.VERB))) for side in (first, second))
    common = set(before) & set(after)
    for place in dict.fromkeys(place for place, _ in before):
        old, new = (
            [scope for at, scope in side if at == place and (at, scope) in common] for side in (before, after)
        )
        if place and old != new:
            yield Change(Kind.SUBQUERY, Action.MOVED, ", ".join(old), ", ".join(new), place, _FIRST_TAKEN)


_FIRST_TAKEN = "MERGE takes the first branch whose condition holds"


def _minus(these: tuple[Fact, ...], those: tuple[Fact, ...]) -> list[Fact]:
    """The facts of one side only, in their order; a fact that stands twice counts twice."""
    left = Counter(those)
    kept: list[Fact] = []
    for fact in these:
        if left[fact]:
            left[fact] -= 1
        else:
            kept.append(fact)
    return kept


def _lists(facet: Facet, first: Statement, second: Statement, tenant_columns: tuple[str, ...]) -> Iterator[Change]:
    """Compare the sort keys and the grouping of each subquery that both sides have."""
    before, after = _by_scope(first.of(facet)), _by_scope(second.of(facet))
    scopes = {fact.scope for fact in first.facts} & {fact.scope for fact in second.facts}
    for scope in sorted(scopes):
        old, new = before.get(scope, ()), after.get(scope, ())
        forms = [[(fact.form, fact.links) for fact in facts] for facts in (old, new)]
        equal = sorted(forms[0]) == sorted(forms[1]) if facet is Facet.GROUP_BY else forms[0] == forms[1]
        if equal:
            continue
        action = Action.ADDED if not old else Action.REMOVED if not new else Action.CHANGED
        why = ""
        if facet is Facet.ORDER_BY and action is Action.REMOVED and _is_limited(scope, second):
            why = "LIMIT without ORDER BY returns any rows"
        elif (
            facet is Facet.GROUP_BY
            and any(_names_tenant(fact, tenant_columns) for fact in old)
            and not any(_names_tenant(fact, tenant_columns) for fact in new)
        ):
            why = "rows of several tenants fall into one group"
        yield Change(Kind(facet.value), action, _listed(old), _listed(new), scope, why)


def _is_limited(scope: str, statement: Statement) -> bool:
    """Return whether rows are cut off in the order of this scope: by itself, or by a query that only reads it."""
    sorted_scopes = {fact.scope for fact in statement.of(Facet.ORDER_BY)}
    limits = (fact.scope for fact in statement.facts if fact.facet is Facet.LIMIT or _counts_rows(fact))
    return any(limit == scope or (limit not in sorted_scopes and _only_reads(limit, scope)) for limit in limits)


def _counts_rows(fact: Fact) -> bool:
    """Return whether a condition is about Oracle's ROWNUM: it is the limit there."""
    return fact.facet is Facet.PREDICATE and any(is_word(token, "rownum") for token in flatten(fact.nodes))


def _only_reads(outer: str, inner: str) -> bool:
    begin = f"{outer}/" if outer else ""
    path = inner.removeprefix(begin).split("/")
    return inner.startswith(begin) and all(part.startswith("from ") for part in path)


def _names_tenant(fact: Fact, tenant_columns: tuple[str, ...]) -> bool:
    return any(token.text in tenant_columns for token in flatten(fact.nodes))


def _listed(facts: tuple[Fact, ...]) -> str:
    return ", ".join(fact.text for fact in facts)


def _by_scope(facts: tuple[Fact, ...]) -> dict[str, tuple[Fact, ...]]:
    found: dict[str, tuple[Fact, ...]] = {}
    for fact in facts:
        found[fact.scope] = (*found.get(fact.scope, ()), fact)
    return found


def _moved_columns(first: Statement, second: Statement) -> Iterator[Change]:
    """Compare the order of columns: everything that reads them by position is wrong now."""
    before, after = (_by_scope(tuple(f for f in side.facts if f.facet in OUTPUTS)) for side in (first, second))
    for scope, old in before.items():
        new = after.get(scope, ())
        if old != new and Counter(old) == Counter(new):
            why = OTHER_COLUMNS if _is_read_by_position(scope, first) else ""
            yield Change(Kind.COLUMN, Action.MOVED, _listed(old), _listed(new), scope, why)


def _is_read_by_position(scope: str, statement: Statement) -> bool:
    """Return whether the columns of a scope have no names where they are read, or are those of an INSERT."""
    if any(fact.scope == scope and fact.text == "insert" for fact in statement.of(Facet.VERB)):
        return True
    place = scope.rpartition("/")[2]
    if not scope or place.startswith(("from ", "with ")):
        named = any(fact.scope == scope for fact in statement.of(Facet.COLUMN_NAMES))
        return named or has_arms(statement, scope)
    return True


def _between_on_and_where(lost: list[Fact], gained: list[Fact]) -> Iterator[Change]:
    """Conditions that went from ON to WHERE, or back; both lists lose them.

    Where the kind of the join changed too, that change says it already.
    """
    rejoined = any(fact.facet is Facet.JOIN_KIND for fact in lost)
    for fact in list(lost):
        other = next((new for new in gained if _same_condition(fact, new)), None)
        if other is None:
            continue
        lost.remove(fact)
        gained.remove(other)
        if not rejoined:
            why = "in WHERE, the condition of an outer join drops the rows without a match"
            yield Change(Kind.JOIN_CONDITION, Action.MOVED, fact.text, other.text, fact.scope, why)


def _same_condition(old: Fact, new: Fact) -> bool:
    conditions = {Facet.PREDICATE, Facet.JOIN_CONDITION}
    return (
        old.facet in conditions
        and new.facet in conditions
        and (old.scope, old.form, old.links) == (new.scope, new.form, new.links)
        and old != new
    )
