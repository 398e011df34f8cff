"""One text for each meaning of an expression: parentheses, the order of AND and of equal sides do not count."""

from __future__ import annotations

from functools import lru_cache

from pytest_query_snapshot.sql.facts.expressions import Expr, bare, operands, parse_expression
from pytest_query_snapshot.sql.word_tree import PARAMETER, Group, Node, Token, flatten, is_name, is_word, text

_SYMMETRIC = frozenset({"=", "!=", "<=>", "is distinct from", "is not distinct from"})
_TURNED = {">": "<", ">=": "<="}

Form = tuple[str, tuple[str, ...]]
"""The text, with parameters written alike, and their names in the order of the text."""


@lru_cache(maxsize=8192)
def normal_form(nodes: tuple[Node, ...]) -> Form:
    """Write an expression in its normal form, its label included."""
    value, label = split_label(nodes)
    form, names = form_of(parse_expression(value))
    return f"{form}{label}", names


def split_label(nodes: tuple[Node, ...]) -> tuple[tuple[Node, ...], str]:
    """Split ``AS name`` off the end of an expression."""
    if len(nodes) > 2 and is_word(nodes[-2], "as") and is_name(nodes[-1]):  # noqa: PLR2004  value, AS, name
        return nodes[:-2], f" {text(nodes[-2:])}"
    return nodes, ""


def form_of(expression: Expr) -> Form:  # noqa: PLR0911  one return per kind
    """Write a parsed expression in its normal form."""
    expression = bare(expression)
    kind = expression.kind
    if kind in {"and", "or"}:
        forms = sorted(form_of(part) for part in operands(expression, kind))
        return _joined(f" {kind} ", forms, around=True)
    if kind == "comparison":
        left, right = map(form_of, expression.parts)
        operator = _TURNED.get(expression.op, expression.op)
        if operator != expression.op or (operator in _SYMMETRIC and right < left):
            left, right = right, left
        return _joined(f" {operator} ", [left, right], around=True)
    if kind == "not":
        written, names = form_of(expression.parts[0])
        return f"not {written}", names
    if kind == "in" and expression.parts[1].kind == "tuple":
        value, members = expression.parts
        forms = [form_of(value), *sorted(form_of(member) for member in members.parts)]
        return _joined(f" {expression.op} ", forms, around=True)
    if kind in {"tuple", "in", "between", "pattern", "is", "binary", "cast", "collate", "optional"}:
        return _joined(f" {kind} {expression.op} ", [form_of(part) for part in expression.parts], around=True)
    if kind in {"call", "case", "filter", "when", "then", "else", "operand"} and expression.parts:
        called = "any" if expression.op == "some" else expression.op
        return _joined(f", {kind} ", [(called, ()), *map(form_of, expression.parts)], around=True)
    nodes = expression.nodes
    names = parameters_of(nodes)
    return text(anonymous(nodes) if names else nodes) or f"{kind} {expression.op}", names


def _joined(between: str, forms: list[Form], *, around: bool) -> Form:
    written = between.join(form[0] for form in forms)
    if len(forms) == 1:  # what joins them must still show
        written = f"{between}{written}"
    return f"({written})" if around else written, tuple(name for form in forms for name in form[1])


def parameters_of(nodes: tuple[Node, ...]) -> tuple[str, ...]:
    """List the parameters of an expression, in order."""
    return tuple(token.text for token in flatten(nodes) if token.kind == PARAMETER)


def anonymous(nodes: tuple[Node, ...]) -> tuple[Node, ...]:
    """Write all parameters alike."""
    return tuple(_anonymous(node) for node in nodes)


def _anonymous(node: Node) -> Node:
    if isinstance(node, Token):
        return Token(PARAMETER, ":value") if node.kind == PARAMETER else node
    return Group(node.opening, node.closing, tuple(_anonymous(child) for child in node.children), node.edges)
