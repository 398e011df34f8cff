"""Compare two statements by what they say, not by how they are written.

Fails closed: statements are the same only if their facts are. A difference that no class explains is
*unexplained*, a risk.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import TypeAlias

from pytest_query_snapshot.settings import TENANT_COLUMNS
from pytest_query_snapshot.sql.diff.binding import exchanged
from pytest_query_snapshot.sql.diff.change import Action, Change, Kind
from pytest_query_snapshot.sql.diff.moved_conditions import drop_wrapped, moved
from pytest_query_snapshot.sql.diff.subquery_matching import renamed_tables, with_matched_scopes
from pytest_query_snapshot.sql.diff.weakening import Strictness, compare_all, compare_inside, reason_of
from pytest_query_snapshot.sql.facts.expressions import bare, operands, parse_expression
from pytest_query_snapshot.sql.facts.from_clause import JOIN_CROSS, JOIN_INNER
from pytest_query_snapshot.sql.facts.normal_form import form_of
from pytest_query_snapshot.sql.facts.statement_facts import (
    Facet,
    Fact,
    Statement,
    read_statement,
)
from pytest_query_snapshot.sql.lexer import scan
from pytest_query_snapshot.sql.word_tree import (
    PARAMETER,
    WORD,
    Token,
    flatten,
    lex,
    split_at,
    text,
)

Values: TypeAlias = tuple[Mapping[str, str], Mapping[str, str]]
"""The parameters of a golden, before and after, as it shows them."""

_ORDERED = (Facet.GROUP_BY, Facet.ORDER_BY, Facet.RETURNING)
"""Lists that are compared as a whole: one key more or less changes the meaning of all."""

_OUTPUTS = frozenset({Facet.COLUMN, Facet.AGGREGATE})
_CONDITIONS = frozenset({Facet.PREDICATE, Facet.JOIN_CONDITION})

_PAIRED_BY_PLACE = (
    Facet.VERB,
    Facet.LIMIT,
    Facet.OFFSET,
    Facet.LOCK,
    Facet.VALUES,
    Facet.DISTINCT,
    Facet.OTHER,
    Facet.UNEXPLAINED,
)


def classify_statement(
    old: str,
    new: str,
    *,
    tenant_columns: tuple[str, ...] = TENANT_COLUMNS,
    values: Values = ({}, {}),
    dialect: str = "",
) -> tuple[Change, ...]:
    """Return what changed from one statement to another; nothing when the texts are equal."""
    return () if old == new else _classify(old, new, tenant_columns, values, dialect)


def _classify(
    old: str, new: str, tenant_columns: tuple[str, ...], values: Values, dialect: str
) -> tuple[Change, ...]:
    if _spelled(old, dialect) == _spelled(new, dialect):
        return (Change(Kind.FORMAT, old=old, new=new),)
    before, after = lex(old, dialect), lex(new, dialect)
    names = (_parameters(before), _parameters(after))
    if _without_parameters(before) == _without_parameters(after):
        swapped = _swapped(zip(*names, strict=True), names[1], values)
        return swapped or (Change(Kind.ALIAS if before == after else Kind.PARAMETERS, old=old, new=new),)
    first, second = read_statement(old, dialect=dialect), read_statement(new, dialect=dialect)
    if _renamed(before, after, first.aliases | second.aliases):
        swapped = _swapped(zip(*names, strict=True), names[1], values)
        return swapped or (Change(Kind.ALIAS, old=old, new=new),)
    renamed = renamed_tables(first, second)
    if renamed:
        second = read_statement(new, renamed=tuple(sorted(renamed.items())), dialect=dialect)
    second = with_matched_scopes(first, second)
    found = (
        *_replaced(renamed, first),
        *_compare(first, second, tenant_columns),
        *_swapped(_common_parameters(first, second), names[1], values),
    )
    if found:
        return found
    if _silent(first, second):
        return (Change(Kind.UNEXPLAINED, old=old, new=new),)
    kind = Kind.REORDERED if _words(before) == _words(after) else Kind.ALIAS
    return (Change(kind, old=old, new=new),)


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
    why = "a parameter stands in the place of another one"
    return (Change(Kind.SWAPPED_PARAMETERS, Action.CHANGED, old, new, why_risky=why),)


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
    same = next((other for other in others if other.parameters == fact.parameters), others[-1])
    others.remove(same)
    return same


def _silent(first: Statement, second: Statement) -> bool:
    """Return whether facts differ that no change was made of."""
    lost, gained = _minus(first.facts, second.facts), _minus(second.facts, first.facts)
    drop_wrapped(lost, gained, first, second)
    same_rows = bool(first.inserted) and first.inserted == second.inserted
    left = [fact for fact in (*lost, *gained) if not (same_rows and fact.facet in {Facet.VALUES, Facet.COLUMN})]
    return any(not _is_plain_join(fact) for fact in left)


def _is_plain_join(fact: Fact) -> bool:
    return fact.facet is Facet.JOIN_KIND and fact.text in {JOIN_INNER, JOIN_CROSS}


def _replaced(renamed: dict[str, str], first: Statement) -> Iterator[Change]:
    """Another table in the place of one: a loss and a gain. Another name of a subquery is none."""
    tables = {fact.text: fact.scope for fact in first.of(Facet.TABLE)}
    for new, old in renamed.items():
        if old in tables and old not in first.aliases:
            yield Change(Kind.TABLE, Action.LOST, old=old, where=tables[old])
            yield Change(Kind.TABLE, Action.ADDED, new=new, where=tables[old])


def _words(tokens: tuple[Token, ...]) -> Counter[str]:
    """Count what a statement is made of, apart from what only holds it together."""
    glue = {"(", ")", "and", "where", "on", "inner"}
    return Counter(token.text for token in _without_parameters(tokens) if token.text not in glue)


def _without_parameters(tokens: tuple[Token, ...]) -> tuple[Token, ...]:
    return tuple(Token(PARAMETER, ":") if token.kind == PARAMETER else token for token in tokens)


def _renamed(before: tuple[Token, ...], after: tuple[Token, ...], aliases: frozenset[str]) -> bool:
    """Return whether the tokens differ only in the names given to tables, one for one."""
    if len(before) != len(after):
        return False
    there: dict[str, str] = {}
    back: dict[str, str] = {}
    for old, new in zip(_without_parameters(before), _without_parameters(after), strict=True):
        if old.kind != new.kind or (old.text != new.text and not {old.text, new.text} <= aliases):
            return False
        if there.setdefault(old.text, new.text) != new.text or back.setdefault(new.text, old.text) != old.text:
            return False
    return True


def _compare(first: Statement, second: Statement, tenant_columns: tuple[str, ...]) -> Iterator[Change]:
    if first.verb != second.verb:
        yield Change(Kind.STATEMENT, Action.CHANGED, old=first.verb, new=second.verb)
    for facet in _ORDERED:
        yield from _lists(facet, first, second)
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
    yield from _paired(lost, gained, tenant_columns, second)
    yield from _lone_columns(lost, gained)
    yield from _single(lost, gained, tenant_columns, first, second)


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


def _lists(facet: Facet, first: Statement, second: Statement) -> Iterator[Change]:
    """Compare the sort keys and the grouping of each subquery that both sides have."""
    before, after = _by_scope(first.of(facet)), _by_scope(second.of(facet))
    scopes = {fact.scope for fact in first.facts} & {fact.scope for fact in second.facts}
    for scope in sorted(scopes):
        old, new = before.get(scope, ()), after.get(scope, ())
        forms = [[(fact.form, fact.links) for fact in facts] for facts in (old, new)]
        equal = sorted(forms[0]) == sorted(forms[1]) if facet is Facet.GROUP_BY else forms[0] == forms[1]
        if equal:
            continue
        action = Action.ADDED if not old else Action.LOST if not new else Action.CHANGED
        why = ""
        limited = any(fact.facet is Facet.LIMIT and fact.scope == scope for fact in second.facts)
        if facet is Facet.ORDER_BY and action is Action.LOST and limited:
            why = "LIMIT without ORDER BY returns any rows"
        yield Change(Kind(facet.value), action, _listed(old), _listed(new), scope, why)


def _listed(facts: tuple[Fact, ...]) -> str:
    return ", ".join(fact.text for fact in facts)


def _by_scope(facts: tuple[Fact, ...]) -> dict[str, tuple[Fact, ...]]:
    found: dict[str, tuple[Fact, ...]] = {}
    for fact in facts:
        found[fact.scope] = (*found.get(fact.scope, ()), fact)
    return found


def _moved_columns(first: Statement, second: Statement) -> Iterator[Change]:
    """Compare the order of columns: everything that reads them by position is wrong now."""
    before, after = (_by_scope(tuple(f for f in side.facts if f.facet in _OUTPUTS)) for side in (first, second))
    for scope, old in before.items():
        new = after.get(scope, ())
        if old != new and Counter(old) == Counter(new):
            why = "values go into other columns" if not scope and first.verb == "insert" else ""
            yield Change(Kind.COLUMN, Action.MOVED, _listed(old), _listed(new), scope, why)


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


def _paired(
    lost: list[Fact], gained: list[Fact], tenant_columns: tuple[str, ...], second: Statement
) -> Iterator[Change]:
    """Facts about the same thing that say something else now; both lists lose them."""
    reasons = _reasons(lost, gained, second)
    for fact in list(lost):
        other = next((candidate for candidate in gained if _same_thing(fact, candidate)), None)
        if other is None:
            continue
        lost.remove(fact)
        gained.remove(other)
        why = reasons[_about(fact)] if fact.facet in _CONDITIONS else _why(fact, other)
        if _is_plain_join(fact) and not any(_of_new_table(each, {fact.key[0]}) for each in lost):
            why = ""  # what tied the table to the others still does
        kind = _kind(fact, tenant_columns)
        if kind is Kind.TENANT_FILTER and _same_tenants(fact, other, tenant_columns):
            kind = Kind.PREDICATE
        yield Change(kind, Action.CHANGED, fact.text, other.text, fact.scope, why)
    yield from _stricter(lost, gained, second)


def _same_tenants(fact: Fact, other: Fact, tenant_columns: tuple[str, ...]) -> bool:
    """Return whether two conditions of several parts say the same of the tenant."""
    before, after = (_tenant_tests(each, tenant_columns) for each in (fact, other))
    return len(operands(parse_expression(fact.nodes), "or")) > 1 and before == after


def _tenant_tests(fact: Fact, tenant_columns: tuple[str, ...]) -> list[str]:
    parts = [parse_expression(fact.nodes)]
    found: list[str] = []
    while parts:
        part = bare(parts.pop())
        if part.kind in {"and", "or", "not"}:
            parts.extend(part.parts)
        elif any(token.text in tenant_columns for token in flatten(part.nodes)):
            found.append(form_of(part)[0])
    return sorted(found)


def _stricter(lost: list[Fact], gained: list[Fact], second: Statement) -> Iterator[Change]:
    """Pair what is left where the new condition is the old one with a further test; both lists lose it."""
    if len(lost) * len(gained) > _MAX_COMPARED:
        return
    for fact in [fact for fact in lost if fact.facet in _CONDITIONS and not is_negated(second, fact.scope)]:
        other = next((new for new in gained if _is_stricter(fact, new)), None)
        if other is not None:
            lost.remove(fact)
            gained.remove(other)
            yield Change(Kind(fact.facet.value), Action.CHANGED, fact.text, other.text, fact.scope)


_MAX_COMPARED = 2_000
"""Beyond this many pairs, conditions are lost and gained rather than compared one with the other."""


def _is_stricter(old: Fact, new: Fact) -> bool:
    same_place = new.facet in _CONDITIONS and old.scope == new.scope and old.key[:1] == new.key[:1]
    return same_place and compare_all([old.nodes], [new.nodes]) is Strictness.STRICTER


def _about(fact: Fact) -> tuple[Facet, str, tuple[str, ...]]:
    return fact.facet, fact.scope, fact.key


def _reasons(
    lost: list[Fact], gained: list[Fact], second: Statement
) -> dict[tuple[Facet, str, tuple[str, ...]], str]:
    """Say for the conditions on the same columns whether, together, they let more rows through."""
    found: dict[tuple[Facet, str, tuple[str, ...]], str] = {}
    for about in dict.fromkeys(_about(fact) for fact in lost if fact.facet in _CONDITIONS):
        before = [fact.nodes for fact in lost if _about(fact) == about]
        after = [fact.nodes for fact in gained if _about(fact) == about]
        strictness = compare_all(before, after)
        if is_negated(second, about[1]):
            found[about] = _BELOW_NOT if strictness in {Strictness.STRICTER, Strictness.UNKNOWN} else ""
        else:
            found[about] = reason_of(strictness)
    return found


_BELOW_NOT = "below NOT, a stricter condition lets more rows through"


def is_negated(statement: Statement, scope: str) -> bool:
    """Return whether rows that a scope finds keep rows of the statement out."""
    return any(scope == each or scope.startswith(f"{each}/") for each in statement.negated)


def _why(fact: Fact, other: Fact) -> str:
    """Say why another value in the place of one is a risk."""
    if fact.facet is Facet.JOIN_KIND:
        return "every row is joined with every row" if JOIN_CROSS in other.text else ""
    if fact.facet is Facet.SET_OPERATION:
        return _LEFT_OUT if fact.text.startswith(("except", "intersect", "minus")) else ""
    if fact.facet is Facet.CONFLICT and fact.key:
        return "REPLACE deletes the rows that are in its way" if "replace" in other.text else ""
    if fact.facet is Facet.CONFLICT and other.text.endswith("do nothing"):
        return ""
    return reason_of(compare_inside(fact.nodes, other.nodes))


_LEFT_OUT = "rows that were left out may come back"


def _lone_columns(lost: list[Fact], gained: list[Fact]) -> Iterator[Change]:
    """One column of a subquery went and one came: it is the same place, and says something else now."""
    for scope in dict.fromkeys(fact.scope for fact in lost):
        gone = [fact for fact in lost if fact.scope == scope and fact.facet in _OUTPUTS]
        come = [fact for fact in gained if fact.scope == scope and fact.facet in _OUTPUTS]
        if len(gone) == len(come) == 1 and gone[0].facet is come[0].facet:
            lost.remove(gone[0])
            gained.remove(come[0])
            why = _why(gone[0], come[0])
            yield Change(_kind(gone[0], ()), Action.CHANGED, gone[0].text, come[0].text, scope, why)


def _same_thing(old: Fact, new: Fact) -> bool:
    if old.scope != new.scope:
        return False
    if old.facet is not new.facet:
        became = {old.facet, new.facet} == _OUTPUTS
        return became and any(old.key[:1]) and old.key == new.key
    if old.facet in _PAIRED_BY_PLACE:
        return True
    if old.facet in _CONDITIONS:
        same = old.key == new.key and len(old.key) > 1
        return same and not _has_more_alternatives(old, new) and not _is_tautology(new)
    if old.facet is Facet.AGGREGATE and not (any(old.key[:1]) and any(new.key[:1])):
        return True
    return old.key == new.key


def _is_tautology(fact: Fact) -> bool:
    """Return whether a condition compares a value with itself."""
    sides = split_at(fact.nodes, "=")
    return len(sides) == 2 and text(sides[0]) == text(sides[1])  # noqa: PLR2004  left = right


def _has_more_alternatives(old: Fact, new: Fact) -> bool:
    """Return whether the new condition has more alternatives: it lets through what the old one kept out."""
    return _alternatives(new) > _alternatives(old)


def _alternatives(fact: Fact) -> int:
    return sum(token == Token(WORD, "or") for token in flatten(fact.nodes))


def _single(
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
        yield Change(Kind.SUBQUERY, Action.LOST, old=scope)
    for scope in sorted(new_scopes - old_scopes):
        yield Change(Kind.SUBQUERY, Action.ADDED, new=scope)
    lost_tables = {fact.text for fact in lost if fact.facet is Facet.TABLE}
    for fact in lost:
        if fact.facet is Facet.JOIN_CONDITION and fact.key[0] in lost_tables:
            continue  # an optional table takes its condition with it
        if fact.facet is Facet.JOIN_KIND:
            if _joins_differently(fact, second):
                yield Change(Kind.JOIN_KIND, Action.CHANGED, f"{fact.text} {fact.key[0]}", "", fact.scope)
        elif _told(fact, new_scopes) or fact.facet in _GUARDS:
            why = _LEFT_OUT if fact.text.startswith(("except", "intersect", "minus")) else ""
            yield Change(_kind(fact, tenant_columns), Action.LOST, fact.text, "", fact.scope, why)
    yield from _gained(gained, tenant_columns, old_scopes, first, second)


def _told(fact: Fact, scopes: set[str]) -> bool:
    """Return whether a fact is about a place that the other statement has; an arm belongs to its whole."""
    if fact.facet is Facet.SET_OPERATION:
        whole, _, _ = fact.scope.rpartition("arm ")
        return whole.rstrip("/") in scopes
    return fact.scope in scopes


def _joins_differently(fact: Fact, other: Statement) -> bool:
    """Return whether an outer join is gone whose table is still there."""
    if _is_plain_join(fact):
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
                yield Change(Kind.JOIN_KIND, Action.CHANGED, "", f"{fact.text} {fact.key[0]}", fact.scope)
            continue
        if not _told(fact, old_scopes) and fact.facet is not Facet.UNEXPLAINED:
            continue
        if fact.facet is Facet.JOIN_CONDITION and _of_new_table(fact, new_tables):
            continue
        why = ""
        if fact.facet is Facet.TABLE and not _joined(fact, second):
            why = "joined without a condition: every row with every row"
        elif fact.facet is Facet.CONFLICT and "replace" in fact.text and fact.key:
            why = "REPLACE deletes the rows that are in its way"
        elif fact.facet in _CONDITIONS and is_negated(second, fact.scope):
            why = _BELOW_NOT
        yield Change(_kind(fact, tenant_columns), Action.ADDED, new=fact.text, where=fact.scope, why_risky=why)


def _of_new_table(fact: Fact, tables: set[str]) -> bool:
    return any(part.rpartition(".")[0] in tables for part in fact.key)


def _joined(table: Fact, statement: Statement) -> bool:
    """Return whether some condition ties this table to the others of its scope."""
    here = [fact for fact in statement.facts if fact.scope == table.scope]
    if sum(fact.facet is Facet.TABLE for fact in here) == 1:
        return True
    conditions = (fact for fact in here if fact.facet is Facet.JOIN_CONDITION)
    return any(table.text in fact.key or _of_new_table(fact, {table.text}) for fact in conditions)


def _kind(fact: Fact, tenant_columns: tuple[str, ...]) -> Kind:
    """Name a fact; the condition of an outer join may filter one table by its tenant, too."""
    one_table = fact.facet is Facet.PREDICATE or (
        fact.facet is Facet.JOIN_CONDITION
        and not fact.text.startswith("using")
        and len({part.rpartition(".")[0] for part in fact.key[1:]}) == 1
    )
    if one_table and any(part.rpartition(".")[2] in tenant_columns for part in fact.key):
        return Kind.TENANT_FILTER
    return Kind.STATEMENT if fact.facet is Facet.VERB else Kind(fact.facet.value)
