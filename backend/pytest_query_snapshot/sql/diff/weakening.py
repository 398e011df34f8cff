"""Detection of conditions that let more rows through than before.

A condition that is not known to be as strict as before is reported as weaker: the reader of a review decides.
"""

from __future__ import annotations

import re
from enum import IntEnum

from pytest_query_snapshot.sql.facts.expressions import (
    FLAT,
    Expr,
    bare,
    is_always_true,
    operands,
    parse_expression,
)
from pytest_query_snapshot.sql.facts.normal_form import form_of, split_label
from pytest_query_snapshot.sql.word_tree import NUMBER, STRING, Node, Token, flatten, is_word, text


class Strictness(IntEnum):
    """The comparison of a condition with the one before; the greatest of several decides."""

    EQUAL = 0
    STRICTER = 1
    OTHER = 2
    """Neither: another value, or another column in the same test."""
    UNKNOWN = 3
    WEAKER = 4


_REASONS = {
    Strictness.WEAKER: "the condition lets more rows through",
    Strictness.UNKNOWN: "the condition may let more rows through",
}

_WEAKER = frozenset(
    {
        *(("=", each) for each in (">=", "<=", "like", "ilike", "in", "is not distinct from", "<=>")),
        *((each, "is not null") for each in ("=", "!=", "<", "<=", "like", "in", "between")),
        *(("<", "<="), ("<", "!="), ("like", "ilike"), ("between", "<="), ("any", "all")),
    }
)
_BOUNDS = frozenset({"<", "<="})
_DATE = re.compile(r"'\d{4}-\d\d-\d\d[^']*'")


def reason_of(strictness: Strictness) -> str:
    """Return why a reviewer has to look; empty if nothing is let through that was not."""
    return _REASONS.get(strictness, "")


def compare_conditions(old: tuple[Node, ...], new: tuple[Node, ...]) -> Strictness:
    """Compare two conditions on the same rows."""
    return _compare(parse_expression(old), parse_expression(new))


def compare_all(old: list[tuple[Node, ...]], new: list[tuple[Node, ...]]) -> Strictness:
    """Compare the conditions that hold together before with those that do now."""
    return _compare_and(
        [part for nodes in old for part in _conjuncts(parse_expression(nodes))],
        [part for nodes in new for part in _conjuncts(parse_expression(nodes))],
    )


def compare_inside(old: tuple[Node, ...], new: tuple[Node, ...]) -> Strictness:
    """Compare the conditions within two values: those of FILTER and CASE, and those of WHERE in ON CONFLICT."""
    before, after = (_conditions(parse_expression(split_label(nodes)[0])) for nodes in (old, new))
    before += _where(old)
    after += _where(new)
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


def _where(nodes: tuple[Node, ...]) -> list[Expr]:
    """List the conditions behind each WHERE of a clause that is not an expression."""
    places = [i for i, node in enumerate(nodes) if is_word(node, "where")]
    ends = [*places[1:], len(nodes)] if places else []
    found: list[Expr] = []
    for begin, end in zip(places, ends, strict=True):
        stop = next((i for i in range(begin, end) if is_word(nodes[i], "do")), end)
        found.append(parse_expression(nodes[begin + 1 : stop]))
    return found


def _compare(old: Expr, new: Expr) -> Strictness:
    old, new = bare(old), bare(new)
    if form_of(old) == form_of(new) or form_of(old)[0] == form_of(new)[0]:
        return Strictness.EQUAL
    if "and" in {old.kind, new.kind}:
        return _compare_and(_conjuncts(old), _conjuncts(new))
    if "or" in {old.kind, new.kind}:
        return _compare_or(operands(old, "or"), operands(new, "or"))
    if "not" in {old.kind, new.kind}:
        inner = _compare(old.parts[0], new.parts[0]) if old.kind == new.kind else Strictness.UNKNOWN
        return _INVERTED.get(inner, inner)
    if FLAT in {old.kind, new.kind}:
        return Strictness.UNKNOWN
    return _compare_tests(old, new)


_INVERTED = {Strictness.WEAKER: Strictness.STRICTER, Strictness.STRICTER: Strictness.WEAKER}


def _conjuncts(expression: Expr) -> list[Expr]:
    found: list[Expr] = []
    for part in operands(expression, "and"):
        if is_always_true(part):
            continue
        found.extend(_bounds(part) if part.kind == "between" and part.op == "between" else [part])
    return found


def _bounds(expression: Expr) -> list[Expr]:
    """Write BETWEEN as its two bounds."""
    value, low, high = expression.parts
    return [
        Expr("comparison", ">=", (value, low), expression.nodes),
        Expr("comparison", "<=", (value, high), expression.nodes),
    ]


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
    return bool(_columns(one) & _columns(other)) or not (_columns(one) | _columns(other))


def _columns(expression: Expr) -> frozenset[str]:
    """List the columns, and the subqueries, that an expression mentions."""
    if expression.kind == "name" or not expression.parts:
        return frozenset() if expression.kind in {"value", "fold"} else frozenset({text(expression.nodes)})
    return frozenset().union(*map(_columns, expression.parts))


def _compare_tests(old: Expr, new: Expr) -> Strictness:
    one, other = _test(old), _test(new)
    if one is None or other is None:
        # a value in the place of a condition
        alike = one is None and other is None and (old.kind, old.op) == (new.kind, new.op) and old.kind != "case"
        return Strictness.OTHER if alike else Strictness.UNKNOWN
    (first, left, right), (second, left_now, right_now) = one, other
    if first == second:
        shared = bool(_columns(old) & _columns(new))
        return _compare_operands(first, left, right, left_now, right_now, shared=shared)
    if left != left_now:
        return Strictness.UNKNOWN
    if (first, second) in _WEAKER:
        return Strictness.WEAKER
    return Strictness.STRICTER if (second, first) in _WEAKER else Strictness.UNKNOWN


Test = tuple[str, str, tuple[Expr, ...]]


def _test(expression: Expr) -> Test | None:
    """Write a test as its operator, what it is about, and what that is compared with."""
    if expression.kind == "comparison":
        left, right = expression.parts
        operator = expression.op
        if operator in {">", ">="}:
            operator, left, right = operator.replace(">", "<"), right, left
            # the side that is not a value is what the test is about, wherever it stands
        if left.kind == "value" and right.kind != "value":
            return operator, f"_ {form_of(right)[0]}", (left,)
        return operator, form_of(left)[0], (right,)
    if expression.kind in {"in", "pattern", "between"}:
        left, *rest = expression.parts
        members = rest[0].parts if expression.kind == "in" and rest[0].kind in {"tuple", "group"} else tuple(rest)
        return expression.op, form_of(left)[0], tuple(members)
    if expression.kind == "is":
        return f"is {expression.op}", form_of(expression.parts[0])[0], ()
    return None


def _compare_operands(
    operator: str,
    left: str,
    right: tuple[Expr, ...],
    left_now: str,
    right_now: tuple[Expr, ...],
    *,
    shared: bool,
) -> Strictness:
    before, after = [form_of(each)[0] for each in right], [form_of(each)[0] for each in right_now]
    if left != left_now:
        return Strictness.OTHER if before == after and shared else Strictness.UNKNOWN
    if operator in {"in", "not in"}:
        return _compare_lists(before, after, negated=operator == "not in")
    if operator in _BOUNDS and len(right) == len(right_now) == 1:
        return _compare_bounds(right[0], right_now[0], upper=not left.startswith("_ "))
    if _is_tuple(right) or _is_tuple(right_now):
        return Strictness.UNKNOWN if len(right[0].parts) != len(right_now[0].parts) else Strictness.OTHER
    columns = [any(part.kind == "name" for part in side) for side in (right, right_now)]
    if any(part.op in {"any", "all", "some"} for part in right) and [part.op for part in right] != [
        part.op for part in right_now
    ]:
        return Strictness.UNKNOWN
    return Strictness.UNKNOWN if columns[0] and before != after else Strictness.OTHER


def _is_tuple(side: tuple[Expr, ...]) -> bool:
    return len(side) == 1 and side[0].kind == "tuple"


def _compare_lists(before: list[str], after: list[str], *, negated: bool) -> Strictness:
    if any(member.startswith("...") or "subquery" in member for member in (*before, *after)):
        return Strictness.OTHER
    more = [member for member in after if member not in before] or after[len(before) :]
    fewer = [member for member in before if member not in after] or before[len(after) :]
    if more and fewer:
        return Strictness.OTHER if len(before) == len(after) else Strictness.UNKNOWN
    return Strictness.WEAKER if bool(more) != negated else Strictness.STRICTER


def _compare_bounds(old: Expr, new: Expr, *, upper: bool) -> Strictness:
    one, other = _constant(old), _constant(new)
    if one is None or other is None or type(one) is not type(other):
        columns = any(token.kind in {"word", "name"} for token in flatten(old.nodes)) and old.kind == "name"
        return Strictness.UNKNOWN if columns else Strictness.OTHER
    outward = other > one if upper else other < one  # type: ignore[operator]  # of one type
    return Strictness.WEAKER if outward else Strictness.STRICTER


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
