"""Proof that one condition follows from another, by the structure of AND, OR and NOT."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

from pytest_query_snapshot.sql.facts.expressions import Expr, bare, operands
from pytest_query_snapshot.sql.facts.normal_form import form_of
from pytest_query_snapshot.sql.word_tree import text

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
        return frozenset() if expression.kind in {"value", "fold"} else frozenset({text(expression.nodes)})
    return frozenset().union(*map(columns_of, expression.parts))


def with_negation_inside(expression: Expr) -> Expr:
    """Write NOT of AND, OR and NOT, and BETWEEN, by their parts."""
    if expression.kind == "between":
        return _bounds(expression)
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
    """Write BETWEEN as its two bounds."""
    value, low, high = expression.parts
    if expression.op not in {"between", "not between"}:
        return expression
    kind, first, second = ("and", ">=", "<=") if expression.op == "between" else ("or", "<", ">")
    parts = (
        Expr("comparison", first, (value, low), expression.nodes),
        Expr("comparison", second, (value, high), expression.nodes),
    )
    return Expr(kind, "", parts, expression.nodes)
