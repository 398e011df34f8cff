"""Detection of conditions that let more rows through than before.

A condition that is not known to be as strict as before is reported as weaker: the reader of a review decides.
"""

from __future__ import annotations

import re

from pytest_query_snapshot.sql.diff.binding import with_equal_parameters
from pytest_query_snapshot.sql.diff.risk.implication import (
    columns_of,
    follows,
    is_known_with,
    with_negation_inside,
)
from pytest_query_snapshot.sql.diff.risk.members import (
    compare_patterns,
    is_constant,
    is_narrowed_by_more,
    is_plain_regex,
    members_of,
)
from pytest_query_snapshot.sql.diff.risk.strictness import Strictness
from pytest_query_snapshot.sql.facts.columns import SUBQUERY
from pytest_query_snapshot.sql.facts.conjuncts import is_always_true
from pytest_query_snapshot.sql.facts.expressions import (
    Expr,
    bare,
    operands,
    parse_expression,
)
from pytest_query_snapshot.sql.facts.normal_form import form_of, split_label
from pytest_query_snapshot.sql.word_tree import NUMBER, PARAMETER, STRING, Node, Token, flatten

OTHER_COLUMNS = "values go into other columns"
_REASONS = {
    Strictness.WEAKER: "the condition lets more rows through",
    Strictness.UNKNOWN: "the condition may let more rows through",
}

_WEAKER = frozenset(
    {
        *(("=", each) for each in (">=", "<=", "^@", "like", "ilike", "in", "is", "is not distinct from", "<=>")),
        *((each, "is not null") for each in ("=", "!=", "<", "<=", "like", "ilike", "in", "not in", "between")),
        *(("is", "is not distinct from"), ("!=", "is not"), ("!=", "is distinct from")),
        *(("<", "<="), ("<", "!="), ("like", "ilike"), ("not ilike", "not like"), ("?&", "?|")),
        *(("!~*", "!~"), ("~", "~*"), ("is true", "is not false"), ("is false", "is not true")),
    }
)
"""Operators, and those that let through everything that the first does, for the same operands."""
_BOUNDS = frozenset({"<", "<="})
_DATE = re.compile(r"'\d{4}-\d\d-\d\d[^']*'")


def reason_of(strictness: Strictness) -> str:
    """Return why a reviewer has to look; empty if nothing is let through that was not."""
    return _REASONS.get(strictness, "")


def compare_all(old: list[tuple[Node, ...]], new: list[tuple[Node, ...]]) -> Strictness:
    """Compare the conditions that hold together before with those that do now."""
    old, new = with_equal_parameters(old, new)
    before = [part for nodes in old for part in _conjuncts(parse_expression(nodes))]
    after = [part for nodes in new for part in _conjuncts(parse_expression(nodes))]
    if follows(before, after, test=_test_follows):
        return (
            Strictness.STRICTER if after and not follows(after, before, test=_test_follows) else Strictness.EQUAL
        )
    return max(_compare_and(before, after), Strictness.OTHER)


def _test_follows(old: Expr, new: Expr) -> bool:
    return _about_the_same(old, new) and _compare_tests(old, new) <= Strictness.STRICTER


def compare_inside(old: tuple[Node, ...], new: tuple[Node, ...]) -> Strictness:
    """Compare the conditions within two values: those of FILTER and CASE."""
    (old,), (new,) = with_equal_parameters([old], [new])
    before, after = (_conditions(parse_expression(split_label(nodes)[0])) for nodes in (old, new))
    if len(before) > len(after):
        return Strictness.WEAKER
    if len(before) < len(after):  # what there was has to be there still
        return _compare_and([*before], [*after]) if before else Strictness.STRICTER
    found = [_compare(one, other) for one, other in zip(before, after, strict=True)]
    return max(found, default=Strictness.EQUAL)


def _conditions(expression: Expr) -> list[Expr]:
    """List the conditions of FILTER and WHEN, from left to right."""
    found: list[Expr] = []
    for part in expression.parts:
        if part.kind in {"filter", "when"}:
            found.extend(part.parts)
        found.extend(_conditions(part))
    return found


def _compare(old: Expr, new: Expr) -> Strictness:
    old, new = with_negation_inside(bare(old)), with_negation_inside(bare(new))
    if form_of(old) == form_of(new):
        return Strictness.EQUAL
    if follows([old], [new], test=_test_follows):
        return Strictness.STRICTER
    return max(_compare_parts(old, new), Strictness.OTHER)


def _compare_parts(old: Expr, new: Expr) -> Strictness:
    if "and" in {old.kind, new.kind}:
        return _compare_and(_conjuncts(old), _conjuncts(new))
    if "or" in {old.kind, new.kind}:
        return _compare_or(operands(old, "or"), operands(new, "or"))
    if "not" in {old.kind, new.kind}:
        if old.kind != new.kind:
            return Strictness.UNKNOWN
        # what lets less through below NOT lets more through as a whole
        inner = _compare(new.parts[0], old.parts[0])
        known = inner is Strictness.OTHER or (
            inner is Strictness.STRICTER and is_known_with(bare(old.parts[0]), bare(new.parts[0]))
        )
        return inner if known else Strictness.UNKNOWN
    return _compare_tests(old, new)


def _conjuncts(expression: Expr) -> list[Expr]:
    found: list[Expr] = []
    for part in operands(expression, "and"):
        split = with_negation_inside(part)
        if split.kind == "and" and split is not part:
            found.extend(_conjuncts(split))
        elif not is_always_true(part):
            found.append(part)
    return found


def _compare_and(old: list[Expr], new: list[Expr]) -> Strictness:
    """Compare what AND joins: one less is weaker, one more is stricter."""
    found, before, after = _paired(old, new)
    if before:
        # an alternative, or a test of something else, in the place of a condition
        return max(found, Strictness.UNKNOWN if after else Strictness.WEAKER)
    return max(found, Strictness.STRICTER) if after else found


def _compare_or(old: list[Expr], new: list[Expr]) -> Strictness:
    """Compare what OR joins: one more is weaker, one less is stricter."""
    found, before, after = _paired(old, new)
    if after:
        return max(found, Strictness.UNKNOWN if before else Strictness.WEAKER)
    return max(found, Strictness.STRICTER) if before else found


def _paired(old: list[Expr], new: list[Expr]) -> tuple[Strictness, list[Expr], list[Expr]]:
    """Compare what is about the same columns; return the result and what is left over on each side."""
    before, after = _without_common(old, new)
    found = Strictness.EQUAL
    for one in list(before):
        scored = [
            (_compare(one, other), place) for place, other in enumerate(after) if _about_the_same(one, other)
        ]
        if scored:
            strictness, place = min(scored)
            found = max(found, strictness)
            before.remove(one)
            del after[place]
    return found, before, after


def _without_common(old: list[Expr], new: list[Expr]) -> tuple[list[Expr], list[Expr]]:
    before, after = list(old), list(new)
    for one in old:
        same = next((other for other in after if form_of(other)[0] == form_of(one)[0]), None)
        if same is not None:
            before.remove(one)
            after.remove(same)
    return before, after


def _about_the_same(one: Expr, other: Expr) -> bool:
    return bool(columns_of(one) & columns_of(other)) or not (columns_of(one) | columns_of(other))


def _compare_tests(old: Expr, new: Expr) -> Strictness:  # noqa: PLR0911  one return per kind of test
    one, other = _test(old), _test(new)
    if one is None or other is None:
        return Strictness.UNKNOWN
    (first, left, right), (second, left_now, right_now) = one, other
    if left != left_now:
        return Strictness.UNKNOWN
    if first == second:
        return _compare_operands(first, right, right_now, value_first=left.startswith("_ "))
    if {first, second} == _BOUNDS:
        moved = _compare_bounds(right[0], right_now[0], upper=not left.startswith("_ "))
        if moved in {Strictness.STRICTER, Strictness.WEAKER}:
            return moved
    if (first, second) == ("in", "="):
        return Strictness.STRICTER if form_of(right_now[0]) in map(form_of, right) else Strictness.UNKNOWN
    same = list(map(form_of, right)) == list(map(form_of, right_now))
    if "~" in first and not is_plain_regex(right[0]):
        return Strictness.UNKNOWN
    if (second, first) in _WEAKER and (same or not right):
        return Strictness.STRICTER
    return Strictness.WEAKER if (first, second) in _WEAKER else Strictness.UNKNOWN


def subject_of(nodes: tuple[Node, ...]) -> str:
    """Return the subject of a test, such as ``count(*)``; empty if it is not a test."""
    test = _test(bare(parse_expression(nodes)))
    return test[1] if test else ""


Test = tuple[str, str, tuple[Expr, ...]]


def _test(expression: Expr) -> Test | None:
    """Write a test as its operator, what it is about, and what that is compared with."""
    if expression.kind == "comparison":
        left, right = expression.parts
        operator = expression.op
        if operator in {">", ">="}:
            operator, left, right = operator.replace(">", "<"), right, left
            # the side that is not a value is what the test is about, wherever it stands
        if is_constant(left) and not is_constant(right):
            return operator, f"_ {form_of(right)[0]}", (left,)
        return operator, form_of(left)[0], (right,)
    if expression.kind in {"in", "pattern", "between", "binary"}:
        left, *rest = expression.parts
        members = rest[0].parts if expression.kind == "in" and rest[0].kind in {"tuple", "group"} else tuple(rest)
        return expression.op, form_of(left)[0], tuple(members)
    if expression.kind == "is":
        return f"is {expression.op}", form_of(expression.parts[0])[0], ()
    return None


def _compare_operands(  # noqa: PLR0911  one return per operator
    operator: str, right: tuple[Expr, ...], right_now: tuple[Expr, ...], *, value_first: bool
) -> Strictness:
    """Compare what two tests of one kind compare the same expression with."""
    before, after = list(map(_named, right)), list(map(_named, right_now))
    if before == after:
        return Strictness.EQUAL
    if operator in {"in", "not in"}:
        return _compare_lists(before, after, narrower_is_more=operator == "not in")
    if len(right) != 1 or len(right_now) != 1:
        return Strictness.UNKNOWN
    if operator in _BOUNDS:
        return _compare_bounds(right[0], right_now[0], upper=not value_first)
    if operator.removeprefix("not ") in {"like", "ilike"}:
        return compare_patterns(right[0], right_now[0], operator=operator)
    members = members_of(operator, right[0]), members_of(operator, right_now[0])
    if members[0] is not None and members[1] is not None:
        return _compare_lists(*members, narrower_is_more=is_narrowed_by_more(operator))  # type: ignore[arg-type]
    plain = operator in _EQUALITIES and is_constant(right[0]) and is_constant(right_now[0])
    return Strictness.OTHER if plain else Strictness.UNKNOWN


def _named(expression: Expr) -> str:
    """Write an expression with the names of its parameters."""
    form, names = form_of(expression)
    return " ".join((form, *names))


_EQUALITIES = frozenset({"=", "!=", "<=>", "is", "is not", "is distinct from", "is not distinct from"})


def _compare_lists(before: list[str], after: list[str], *, narrower_is_more: bool) -> Strictness:
    if any(SUBQUERY in member for member in (*before, *after)):  # another subquery, or none
        return Strictness.UNKNOWN
    if any(member.startswith("...") for member in (*before, *after)):
        return Strictness.OTHER
    more = [member for member in after if member not in before] or after[len(before) :]
    fewer = [member for member in before if member not in after] or before[len(after) :]
    if more and fewer:
        return Strictness.OTHER if len(before) == len(after) else Strictness.UNKNOWN
    if not more and not fewer:
        return Strictness.EQUAL
    return Strictness.WEAKER if bool(more) != narrower_is_more else Strictness.STRICTER


def _compare_bounds(old: Expr, new: Expr, *, upper: bool) -> Strictness:
    one, other = _constant(old), _constant(new)
    if _is_parameter(old) and _is_parameter(new):  # a name tells nothing of the value
        return Strictness.OTHER
    if one is None or other is None or type(one) is not type(other):
        return Strictness.UNKNOWN
    outward = other > one if upper else other < one  # type: ignore[operator]  # of one type
    return Strictness.WEAKER if outward else Strictness.EQUAL if one == other else Strictness.STRICTER


def _is_parameter(expression: Expr) -> bool:
    return [token.kind for token in flatten(expression.nodes)] == [PARAMETER]


def _constant(expression: Expr) -> float | str | None:
    tokens = list(flatten(expression.nodes))
    sign = 1
    if len(tokens) > 1 and tokens[0].text == "-":
        sign, tokens = -1, tokens[1:]
    token = tokens[-1] if tokens else Token(STRING, "")
    if token.kind == NUMBER and len(tokens) == 1:
        try:
            return sign * float(token.text)
        except ValueError:
            return None
    return token.text if token.kind == STRING and _DATE.fullmatch(token.text) else None
