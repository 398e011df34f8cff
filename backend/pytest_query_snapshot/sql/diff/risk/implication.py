"""Proof that one condition follows from another, by the structure of AND, OR and NOT."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

from pytest_query_snapshot.sql.facts.conjuncts import is_always_true
from pytest_query_snapshot.sql.facts.expressions import Expr, bare, operands
from pytest_query_snapshot.sql.facts.normal_form import form_of
from pytest_query_snapshot.sql.word_tree import WORD, Token, is_word, text

Test: TypeAlias = Callable[[Expr, Expr], bool]
"""A proof that the first of two tests follows from the second."""

_MAX_STEPS = 2_000
"""Beyond this many comparisons nothing is proven: a reviewer looks."""


def follows(old: list[Expr], new: list[Expr], *, test: Test) -> bool:
    """Return whether all of the old conditions follow from the new ones together.

    ``test`` decides for a pair of tests. Parameters are the same if their names are.
    """
    steps = _Steps(test)
    together = Expr("and", "", tuple(new), tuple(node for one in new for node in one.nodes))
    return all(steps.implies(together, one) for one in old)


class _Steps:
    """The search for a proof, with a limit."""

    def __init__(self, test: Test) -> None:
        self.test = test
        self.left = _MAX_STEPS

    def any_implies(self, new: list[Expr], old: Expr) -> bool:
        return any(self.implies(part, old) for part in new)

    def implies(self, new: Expr, old: Expr) -> bool:  # noqa: PLR0911  one return per rule
        self.left -= 1
        if self.left < 0:
            return False
        new, old = with_negation_inside(bare(new)), with_negation_inside(bare(old))
        if form_of(new) == form_of(old):
            return True
        if old.kind == "and":
            return all(self.implies(new, part) for part in operands(old, "and"))
        if new.kind == "or":
            return all(self.implies(part, old) for part in operands(new, "or"))
        if old.kind == "or" and any(self.implies(new, part) for part in operands(old, "or")):
            return True
        if new.kind == "and":
            return self.any_implies(operands(new, "and"), old)
        if new.kind == old.kind == "case":
            return is_narrower_case(new, old, self.implies, always_true=is_always_true)
        if new.kind == old.kind == "not":
            inner, was = bare(new.parts[0]), bare(old.parts[0])
            return is_known_with(was, inner) and self.implies(was, inner)
        return old.kind != "or" and "not" not in {new.kind, old.kind} and self.test(old, new)


def is_known_with(test: Expr, other: Expr) -> bool:
    """Return whether a test is not NULL where another one is not; below NOT, NULL lets no row through."""
    if test.kind in {"is", "exists"}:
        return True
    if other.kind not in {"comparison", "in", "pattern", "binary"} or other.op.startswith("is"):
        return False
    return columns_of(test) <= columns_of(other)


def columns_of(expression: Expr) -> frozenset[str]:
    """List the columns, and the subqueries, that an expression mentions."""
    if expression.kind == "name" or not expression.parts:
        return frozenset() if expression.kind == "value" else frozenset({text(expression.nodes)})
    return frozenset().union(*map(columns_of, expression.parts))


def with_negation_inside(expression: Expr) -> Expr:
    """Write NOT of AND, OR and NOT, BETWEEN and comparisons of rows by their parts."""
    if expression.kind == "between":
        return _bounds(expression)
    if expression.kind == "comparison":
        return _by_columns(expression)
    if expression.kind != "not":
        return expression
    inner = bare(expression.parts[0])
    if inner.kind == "not":
        return with_negation_inside(bare(inner.parts[0]))
    if inner.kind not in {"and", "or"}:
        return expression
    parts = tuple(Expr("not", "", (part,), expression.nodes) for part in operands(inner, inner.kind))
    return Expr("or" if inner.kind == "and" else "and", "", parts, expression.nodes)


def _bounds(expression: Expr) -> Expr:
    """Write BETWEEN as its two bounds, and BETWEEN SYMMETRIC as these in either order."""
    value, low, high = expression.parts
    operator = expression.op.removesuffix(" symmetric")
    kind, first, second = ("and", ">=", "<=") if operator == "between" else ("or", "<", ">")
    orders = [(low, high)] if operator == expression.op else [(low, high), (high, low)]
    found = [
        _joined(kind, _comparison(first, value, one), _comparison(second, value, other)) for one, other in orders
    ]
    return found[0] if len(found) == 1 else _joined("or" if kind == "and" else "and", *found)


_ROWS = {"=": "and", "!=": "or", "<": "<", "<=": "<", ">": ">", ">=": ">"}
"""Operators between rows: their columns are joined by a word, or the first one that differs decides."""


def _by_columns(expression: Expr) -> Expr:
    """Write ``(a, b) >= (1, 2)`` as ``a >= 1 AND (a > 1 OR b >= 2)``, and ``a = false`` as ``NOT a``."""
    left, right = map(bare, expression.parts)
    if expression.op == "=" and is_word(right.nodes[0], "false") and len(right.nodes) == 1:
        return with_negation_inside(Expr("not", "", (left,), expression.nodes))
    rows = left.kind == right.kind == "tuple" and len(left.parts) == len(right.parts)
    if not rows or expression.op not in _ROWS:
        return expression
    pairs = list(zip(left.parts, right.parts, strict=True))
    strict = _ROWS[expression.op]
    if strict in {"and", "or"}:
        return _joined(strict, *(_comparison(expression.op, *pair) for pair in pairs))
    found = _comparison(expression.op, *pairs[-1])
    for pair in reversed(pairs[:-1]):
        found = _joined("and", _comparison(f"{strict}=", *pair), _joined("or", _comparison(strict, *pair), found))
    return found


def _comparison(operator: str, left: Expr, right: Expr) -> Expr:
    return Expr("comparison", operator, (left, right), (*left.nodes, *right.nodes))


def _joined(kind: str, *parts: Expr) -> Expr:
    return Expr(kind, "", parts, tuple(node for part in parts for node in part.nodes))


def is_narrower_case(
    new: Expr, old: Expr, implies: Callable[[Expr, Expr], bool], *, always_true: Callable[[Expr], bool]
) -> bool:
    """Return whether each arm of a CASE lets through only what the same arm of another one does."""
    (asked, arms), (was_asked, old_arms) = _arms(new), _arms(old)
    if asked != was_asked or len(arms) != len(old_arms):
        return False
    return all(
        _is_false(arm) or always_true(old_arm) or (not _is_false(old_arm) and implies(arm, old_arm))
        for arm, old_arm in zip(arms, old_arms, strict=True)
    )


def _arms(case: Expr) -> tuple[list[str], list[Expr]]:
    """List the conditions of a CASE, with their parameters, and its results; without ELSE the last is NULL."""
    asked = [" ".join((part.kind, *_with_names(part))) for part in case.parts if part.kind in {"operand", "when"}]
    found = [bare(part.parts[0]) for part in case.parts if part.kind in {"then", "else"}]
    return asked, found if case.parts[-1].kind == "else" else [*found, Expr("name", nodes=(_NULL,))]


_NULL = Token(WORD, "null")


def _with_names(expression: Expr) -> tuple[str, ...]:
    form, names = form_of(expression)
    return form, *names


def _is_false(expression: Expr) -> bool:
    return expression.key in {"false", "null", "0"}
