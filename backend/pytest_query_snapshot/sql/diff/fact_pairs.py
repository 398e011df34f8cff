"""Facts of two statements about the same thing: what one says now in the place of the other."""

from __future__ import annotations

from collections.abc import Iterator

from pytest_query_snapshot.sql.diff.change import Action, Change, Kind
from pytest_query_snapshot.sql.diff.effects import effect_of, is_decisive
from pytest_query_snapshot.sql.diff.fact_traits import (
    CONDITIONS,
    OUTPUTS,
    About,
    about,
    is_about_tables,
    is_plain_join,
    kind_of,
)
from pytest_query_snapshot.sql.diff.risk.join_kinds import join_reason
from pytest_query_snapshot.sql.diff.risk.reasons import BELOW_NOT, DECISIVE, reason_of_change
from pytest_query_snapshot.sql.diff.risk.strictness import Strictness
from pytest_query_snapshot.sql.diff.risk.weakening import OTHER_COLUMNS, compare_all, reason_of, subject_of
from pytest_query_snapshot.sql.diff.risk.windows import without_window_order
from pytest_query_snapshot.sql.facts.expressions import bare, operands, parse_expression
from pytest_query_snapshot.sql.facts.fact import Facet, Fact, Statement
from pytest_query_snapshot.sql.facts.from_clause import JOIN_CROSS, JOIN_INNER
from pytest_query_snapshot.sql.facts.normal_form import form_of, split_label
from pytest_query_snapshot.sql.word_tree import WORD, Node, Token, flatten, split_at, text

_PAIRED_BY_PLACE = (Facet.OTHER, Facet.UNEXPLAINED)
"""Parts without a name: any change of one is a risk."""


def paired(
    lost: list[Fact], gained: list[Fact], tenant_columns: tuple[str, ...], second: Statement
) -> Iterator[Change]:
    """Facts about the same thing that say something else now; both lists lose them."""
    reasons = _reasons(lost, gained, second)
    exchanged_assignments = _exchanged_assignments(lost, gained)
    done: set[About] = set()
    for fact in list(lost):
        other = next((candidate for candidate in gained if _same_thing(fact, candidate)), None)
        if other is None:
            continue
        lost.remove(fact)
        gained.remove(other)
        why = reasons[about(fact)] if fact.facet in CONDITIONS else _reason_of_pair(fact, other, second)
        tied = not any(is_about_tables(each, {fact.key[0]}) for each in lost) if fact.key else True
        if fact.facet is Facet.JOIN_KIND and other.text == JOIN_CROSS and _is_lateral(other, second):
            why = join_reason(fact.text, JOIN_INNER)  # what LATERAL reads of the others ties it to them
        elif is_plain_join(fact) and other.text == JOIN_CROSS and tied:
            why = ""  # what tied the table to the others still does
        if about(fact) in exchanged_assignments:
            why = OTHER_COLUMNS
        kind = kind_of(fact, tenant_columns)
        if kind is Kind.TENANT_FILTER and _same_tenants(fact, other, tenant_columns):
            kind = Kind.PREDICATE
        yield Change(kind, Action.CHANGED, fact.text, other.text, fact.scope, why)
        done.add(about(fact))
    # of several conditions that are one now, and no weaker together, none is lost
    lost[:] = [fact for fact in lost if about(fact) not in done or reasons.get(about(fact), "lost")]
    yield from _stricter(lost, gained, second)


def _is_lateral(join: Fact, statement: Statement) -> bool:
    return any(fact.scope == join.scope and fact.key == join.key for fact in statement.of(Facet.LATERAL))


_ROWS = frozenset(
    {Facet.LIMIT, Facet.OFFSET, Facet.SAMPLE, Facet.SET_OPERATION, Facet.JOIN_KIND, Facet.VALUES, Facet.DISTINCT}
)
"""Facts that decide, apart from conditions, which rows a subquery finds."""


def _reason_of_pair(fact: Fact, other: Fact, second: Statement) -> str:
    """Return why one fact in the place of another is a risk, given the effect of the rows of its subquery."""
    if is_decisive(other, second) and _value(fact) != _value(other):
        return DECISIVE
    if fact.facet not in _ROWS:
        return reason_of_change(fact, other)
    effect = effect_of(other, second)
    why = reason_of_change(fact, other) if effect.adds else ""
    return why or (BELOW_NOT if effect.keeps_out and reason_of_change(other, fact) else "")


def _value(fact: Fact) -> str:
    """Write a column without the order of its windows, which lets no other number of rows through."""
    return without_window_order(parse_expression(split_label(fact.nodes)[0]))


def _exchanged_assignments(lost: list[Fact], gained: list[Fact]) -> set[About]:
    """List the assignments of one SET whose values went from one column to another."""
    sides = [
        {about(fact): text(fact.nodes[1:]) for fact in facts if fact.facet is Facet.ASSIGNMENT}
        for facts in (lost, gained)
    ]
    both = sides[0].keys() & sides[1].keys()
    values = [sorted(side[about] for about in both) for side in sides]
    return both if len(both) > 1 and values[0] == values[1] else set()


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
    for fact in [fact for fact in lost if fact.facet in CONDITIONS and not effect_of(fact, second).keeps_out]:
        others = _implying(fact, gained)
        if others:
            lost.remove(fact)
            for other in others:
                gained.remove(other)
            shown = " and ".join(other.text for other in others)
            yield Change(Kind(fact.facet.value), Action.CHANGED, fact.text, shown, fact.scope)
    yield from _of_several_parts(lost, gained, second)


def _implying(fact: Fact, gained: list[Fact]) -> list[Fact]:
    """List the new conditions that, together, let through nothing that the old one kept out."""
    others = [new for new in gained if new.facet in CONDITIONS and _same_place(fact, new)]
    if not others or not _is_stricter(fact, others):
        return []
    for other in list(others):
        fewer = [each for each in others if each is not other]
        if fewer and _is_stricter(fact, fewer):
            others = fewer
    return others


def _of_several_parts(lost: list[Fact], gained: list[Fact], second: Statement) -> Iterator[Change]:
    """Pair conditions of AND, OR, NOT and CASE with the new ones that mention the most of their columns."""
    for fact in [fact for fact in lost if fact.facet in CONDITIONS and _is_compound(fact)]:
        scored = [
            (len(set(fact.key) & set(new.key)), -place, new)
            for place, new in enumerate(gained)
            if new.facet in CONDITIONS and _same_place(fact, new) and set(fact.key[1:]) & set(new.key[1:])
        ]
        if scored:
            other = max(scored, key=lambda each: each[:2])[2]
            lost.remove(fact)
            gained.remove(other)
            why = _reason_of_conditions(fact, [fact.nodes_with_links()], [other.nodes_with_links()], second)
            yield Change(Kind(fact.facet.value), Action.CHANGED, fact.text, other.text, fact.scope, why)


def _is_compound(fact: Fact) -> bool:
    expression = bare(parse_expression(fact.nodes))
    return expression.kind in {"or", "not"} or any(part.kind == "case" for part in (expression, *expression.parts))


_MAX_COMPARED = 2_000
"""Beyond this many pairs, conditions are lost and gained rather than compared one with the other."""


def _same_place(old: Fact, new: Fact) -> bool:
    return old.scope == new.scope and old.key[:1] == new.key[:1]


def _is_stricter(old: Fact, new: list[Fact]) -> bool:
    return compare_all([old.nodes_with_links()], [each.nodes_with_links() for each in new]) <= Strictness.STRICTER


def _reasons(lost: list[Fact], gained: list[Fact], second: Statement) -> dict[About, str]:
    """Return for the conditions on the same columns whether, together, they let more rows through."""
    found: dict[About, str] = {}
    for key in dict.fromkeys(about(fact) for fact in lost if fact.facet in CONDITIONS):
        before = [fact.nodes_with_links() for fact in lost if about(fact) == key]
        after = [fact.nodes_with_links() for fact in gained if about(fact) == key]
        one = next(fact for fact in lost if about(fact) == key)
        found[key] = _reason_of_conditions(one, before, after, second)
    return found


def _reason_of_conditions(
    fact: Fact, before: list[tuple[Node, ...]], after: list[tuple[Node, ...]], second: Statement
) -> str:
    effect = effect_of(fact, second)
    why = reason_of(compare_all(before, after)) if effect.adds else ""
    return why or (BELOW_NOT if effect.keeps_out and reason_of(compare_all(after, before)) else "")


def lone_columns(lost: list[Fact], gained: list[Fact], second: Statement) -> Iterator[Change]:
    """One column of a subquery went and one came: it is the same place, and says something else now."""
    for scope in dict.fromkeys(fact.scope for fact in lost):
        gone = [fact for fact in lost if fact.scope == scope and fact.facet in OUTPUTS]
        come = [fact for fact in gained if fact.scope == scope and fact.facet in OUTPUTS]
        if len(gone) == len(come) == 1 and gone[0].facet is come[0].facet:
            lost.remove(gone[0])
            gained.remove(come[0])
            why = _reason_of_pair(gone[0], come[0], second)
            yield Change(kind_of(gone[0], ()), Action.CHANGED, gone[0].text, come[0].text, scope, why)


def _same_thing(old: Fact, new: Fact) -> bool:  # noqa: PLR0911  one return per facet
    if old.scope != new.scope:
        return False
    if old.facet is new.facet is Facet.SET_OPERATION:
        return True
    if old.facet is not new.facet:
        became = {old.facet, new.facet} == OUTPUTS
        return became and any(old.key[:1]) and old.key == new.key
    if old.facet in _PAIRED_BY_PLACE:
        return True
    if old.facet in CONDITIONS:
        same = old.key == new.key and (len(old.key) > 1 or _same_subject(old, new))
        return same and not _has_more_alternatives(old, new) and not _is_tautology(new)
    if old.facet is Facet.AGGREGATE and not (any(old.key[:1]) and any(new.key[:1])):
        return True
    return old.key == new.key


def _same_subject(old: Fact, new: Fact) -> bool:
    subject = subject_of(old.nodes_with_links())
    return bool(subject) and subject == subject_of(new.nodes_with_links())


def _is_tautology(fact: Fact) -> bool:
    """Return whether a condition compares a value with itself."""
    sides = split_at(fact.nodes, "=")
    return len(sides) == 2 and text(sides[0]) == text(sides[1])  # noqa: PLR2004  left = right


def _has_more_alternatives(old: Fact, new: Fact) -> bool:
    """Return whether the new condition has more alternatives: it lets through what the old one kept out."""
    return _alternatives(new) > _alternatives(old)


def _alternatives(fact: Fact) -> int:
    return sum(token == Token(WORD, "or") for token in flatten(fact.nodes))
