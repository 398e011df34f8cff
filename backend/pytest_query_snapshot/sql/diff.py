"""Compare two statements by what they say, not by how they are written."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from pytest_query_snapshot.settings import TENANT_COLUMNS
from pytest_query_snapshot.sql.change import Action, Change, Kind
from pytest_query_snapshot.sql.from_clause import JOIN_CROSS
from pytest_query_snapshot.sql.moved_conditions import moved, wrapped
from pytest_query_snapshot.sql.statement_facts import (
    Facet,
    Fact,
    Statement,
    read_statement,
)
from pytest_query_snapshot.sql.subquery_matching import aligned, renamed_tables
from pytest_query_snapshot.sql.word_tree import (
    PARAMETER,
    WORD,
    Token,
    lex,
)

_ORDERED = (Facet.GROUP_BY, Facet.ORDER_BY, Facet.RETURNING)
"""Lists that are compared as a whole: one key more or less changes the meaning of all."""

_OUTPUTS = frozenset({Facet.COLUMN, Facet.AGGREGATE})

_PAIRED_BY_PLACE = (
    Facet.LIMIT,
    Facet.OFFSET,
    Facet.LOCK,
    Facet.VALUES,
    Facet.CONFLICT,
    Facet.DISTINCT,
    Facet.OTHER,
)


def classify_statement(
    old: str,
    new: str,
    *,
    tenant_columns: tuple[str, ...] = TENANT_COLUMNS,
) -> tuple[Change, ...]:
    """Say what changed from one statement to another; nothing when the texts are equal."""
    if old == new:
        return ()
    before, after = lex(old), lex(new)
    if before == after:
        return (Change(Kind.FORMAT, old=old, new=new),)
    if _without_parameters(before) == _without_parameters(after):
        return (Change(Kind.PARAMETERS, old=old, new=new),)
    first, second = read_statement(old), read_statement(new)
    if _renamed(before, after, first.aliases | second.aliases):
        return (Change(Kind.ALIAS, old=old, new=new),)
    renamed = renamed_tables(first, second)
    if renamed:
        second = read_statement(new, renamed=tuple(sorted(renamed.items())))
    found = (*_replaced(renamed, first), *_compare(first, aligned(first, second), tenant_columns))
    if found:
        return found
    kind = Kind.REORDERED if _words(before) == _words(after) else Kind.ALIAS
    return (Change(kind, old=old, new=new),)


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
    """Whether the tokens differ only in the names given to tables, one for one."""
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
    lost = _minus(first.facts, second.facts)
    gained = _minus(second.facts, first.facts)
    for facet in _ORDERED:
        yield from _lists(facet, first, second)
    yield from _moved_columns(first, second)
    done = {*_ORDERED, Facet.VERB}
    lost = [fact for fact in lost if fact.facet not in done]
    gained = [fact for fact in gained if fact.facet not in done]
    yield from _between_on_and_where(lost, gained)
    wrapped(lost, gained, first, second)
    yield from moved(lost, gained, first, second)
    yield from _paired(lost, gained, tenant_columns)
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
        equal = sorted(old) == sorted(new) if facet is Facet.GROUP_BY else old == new
        if equal:
            continue
        action = Action.ADDED if not old else Action.LOST if not new else Action.CHANGED
        why = ""
        limited = any(fact.facet is Facet.LIMIT and fact.scope == scope for fact in second.facts)
        if facet is Facet.ORDER_BY and action is Action.LOST and limited:
            why = "LIMIT without ORDER BY returns any rows"
        yield Change(Kind(facet.value), action, ", ".join(old), ", ".join(new), scope, why)


def _by_scope(facts: tuple[Fact, ...]) -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for fact in facts:
        found[fact.scope] = (*found.get(fact.scope, ()), fact.text)
    return found


def _moved_columns(first: Statement, second: Statement) -> Iterator[Change]:
    """The columns of the result in another order: everything that reads them by position is wrong now."""
    before, after = (_by_scope(tuple(f for f in side.facts if f.facet in _OUTPUTS)) for side in (first, second))
    for scope, old in before.items():
        new = after.get(scope, ())
        if old != new and sorted(old) == sorted(new):
            yield Change(Kind.COLUMN, Action.MOVED, ", ".join(old), ", ".join(new), scope)


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
        and (old.scope, old.text) == (new.scope, new.text)
        and old != new
    )


def _paired(lost: list[Fact], gained: list[Fact], tenant_columns: tuple[str, ...]) -> Iterator[Change]:
    """Facts about the same thing that say something else now; both lists lose them."""
    for fact in list(lost):
        other = next((candidate for candidate in gained if _same_thing(fact, candidate)), None)
        if other is None:
            continue
        lost.remove(fact)
        gained.remove(other)
        why = ""
        if fact.facet is Facet.JOIN_KIND and JOIN_CROSS in other.text:
            why = "every row is joined with every row"
        elif _filters(fact) > _filters(other):
            why = "FILTER has fewer conditions"
        yield Change(_kind(fact, tenant_columns), Action.CHANGED, fact.text, other.text, fact.scope, why)


def _filters(fact: Fact) -> int:
    """Count the conditions of an aggregate that says FILTER: rows that it left out are counted without them."""
    words = [token.text for token in lex(fact.text) if token.kind == WORD]
    return words.count("where") + words.count("and") if "filter" in words else 0


def _lone_columns(lost: list[Fact], gained: list[Fact]) -> Iterator[Change]:
    """One column of a subquery went and one came: it is the same place, and says something else now."""
    for scope in dict.fromkeys(fact.scope for fact in lost):
        gone = [fact for fact in lost if fact.scope == scope and fact.facet in _OUTPUTS]
        come = [fact for fact in gained if fact.scope == scope and fact.facet in _OUTPUTS]
        if len(gone) == len(come) == 1 and gone[0].facet is come[0].facet:
            lost.remove(gone[0])
            gained.remove(come[0])
            yield Change(_kind(gone[0], ()), Action.CHANGED, gone[0].text, come[0].text, scope)


def _same_thing(old: Fact, new: Fact) -> bool:
    if old.scope != new.scope:
        return False
    if old.facet is not new.facet:
        became = {old.facet, new.facet} == _OUTPUTS
        return became and any(old.key[:1]) and old.key == new.key
    if old.facet in _PAIRED_BY_PLACE:
        return True
    if old.facet in {Facet.PREDICATE, Facet.JOIN_CONDITION}:
        return old.key == new.key and len(old.key) > 1 and not _looser(old, new)
    if old.facet is Facet.AGGREGATE and not (any(old.key[:1]) and any(new.key[:1])):
        return True
    return old.key == new.key


def _looser(old: Fact, new: Fact) -> bool:
    """Whether the new condition has more alternatives: what it lets through, the old one kept out."""
    return _alternatives(new.text) > _alternatives(old.text)


def _alternatives(condition: str) -> int:
    return sum(token == Token(WORD, "or") for token in lex(condition))


def _single(
    lost: list[Fact],
    gained: list[Fact],
    tenant_columns: tuple[str, ...],
    first: Statement,
    second: Statement,
) -> Iterator[Change]:
    """What only one side has. Of a table that went or came, the table is told, and the conditions that went."""
    old_scopes = {fact.scope for fact in first.facts}
    new_scopes = {fact.scope for fact in second.facts}
    for scope in sorted(old_scopes - new_scopes):
        yield Change(Kind.SUBQUERY, Action.LOST, old=scope)
    for scope in sorted(new_scopes - old_scopes):
        yield Change(Kind.SUBQUERY, Action.ADDED, new=scope)
    for fact in lost:
        told = fact.scope in new_scopes and fact.facet is not Facet.JOIN_KIND
        if told or fact.facet in _GUARDS:
            yield Change(_kind(fact, tenant_columns), Action.LOST, old=fact.text, where=fact.scope)
    yield from _gained(gained, tenant_columns, old_scopes, second)


_GUARDS = (Facet.PREDICATE, Facet.JOIN_CONDITION, Facet.LIMIT, Facet.LOCK)
"""Facts whose loss is a risk: told even when the whole subquery around them went."""


def _gained(
    gained: list[Fact],
    tenant_columns: tuple[str, ...],
    old_scopes: set[str],
    second: Statement,
) -> Iterator[Change]:
    new_tables = {fact.key[0] for fact in gained if fact.facet is Facet.TABLE}
    for fact in gained:
        if fact.scope not in old_scopes or fact.facet is Facet.JOIN_KIND:
            continue
        if fact.facet is Facet.JOIN_CONDITION and _of_new_table(fact, new_tables):
            continue
        why = ""
        if fact.facet is Facet.TABLE and not _joined(fact, second):
            why = "joined without a condition: every row with every row"
        yield Change(_kind(fact, tenant_columns), Action.ADDED, new=fact.text, where=fact.scope, why_risky=why)


def _of_new_table(fact: Fact, tables: set[str]) -> bool:
    return any(part.rpartition(".")[0] in tables for part in fact.key)


def _joined(table: Fact, statement: Statement) -> bool:
    """Whether some condition ties this table to the others of its scope."""
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
