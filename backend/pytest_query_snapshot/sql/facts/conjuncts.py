"""The conditions that AND joins."""

from __future__ import annotations

from pytest_query_snapshot.sql.facts.expressions import FLAT, Expr, operands, parse_expression
from pytest_query_snapshot.sql.word_tree import Node, is_symbol, is_word


def conjuncts(nodes: tuple[Node, ...]) -> list[tuple[Node, ...]]:
    """Cut a condition at its ANDs, through superfluous parentheses; what is always true is left out."""
    whole = parse_expression(nodes)
    pieces = _pieces_of_flat(nodes) if whole.kind == FLAT else [nodes]
    wholes = [whole] if len(pieces) == 1 else map(parse_expression, pieces)
    return [part.nodes for each in wholes for part in operands(each, "and") if not is_always_true(part)]


def _pieces_of_flat(nodes: tuple[Node, ...]) -> list[tuple[Node, ...]]:
    """Cut what is not understood as a whole at each AND, where nothing binds looser and no BETWEEN needs it."""
    if any(is_word(node, *_LOOSER) or is_symbol(node, "||", "&&", ":=", "...") for node in nodes):
        return [nodes]
    pieces: list[list[Node]] = [[]]
    between = 0
    for node in nodes:
        between += is_word(node, "between")
        if is_word(node, "and") and not between:
            pieces.append([])
            continue
        between -= is_word(node, "and")
        pieces[-1].append(node)
    return [tuple(piece) for piece in pieces] if all(pieces) else [nodes]


_LOOSER = ("or", "xor", "connect", "start")
"""Words that reach over an AND, or that begin another condition."""


def is_always_true(expression: Expr) -> bool:
    """Return whether a condition holds for every row: ``true``, ``1``, ``1 = 1``."""
    if expression.key in {"true", "1"}:
        return True
    if expression.kind != "comparison" or expression.op not in {"=", "<=", ">="}:
        return False
    left, right = expression.parts
    return left.key == right.key and left.kind == "value" and ":" not in left.key and "?" not in left.key
