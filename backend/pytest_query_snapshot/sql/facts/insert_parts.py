"""Cut an INSERT into its parts: the target, its columns, the rows, what a conflict does, and RETURNING."""

from __future__ import annotations

from itertools import pairwise

from pytest_query_snapshot.sql.facts.assignments import joined, one_by_one
from pytest_query_snapshot.sql.word_tree import Group, Node, Token, is_name, is_symbol, is_word, split_at, text


def alternative(nodes: tuple[Node, ...]) -> tuple[tuple[Node, ...], tuple[Node, ...]]:
    """Split off ``OR IGNORE``, ``OR REPLACE`` and MySQL's ``IGNORE``."""
    if len(nodes) > 1 and is_word(nodes[0], "or"):
        return nodes[:2], nodes[2:]
    if len(nodes) > 1 and is_word(nodes[0], "ignore"):
        return nodes[:1], nodes[1:]
    return (), nodes


def insert_parts(nodes: tuple[Node, ...]) -> dict[str, tuple[Node, ...]] | None:
    """Read the target and its columns, then VALUES or a query, then ON CONFLICT and RETURNING.

    None for INSERT ALL and INSERT FIRST of Oracle, which fill several tables.
    """
    if len(nodes) > 2 and is_word(nodes[1], "all", "first") and is_word(nodes[2], "into", "when"):  # noqa: PLR2004  INSERT, ALL, INTO
        return None
    body, conflict, returning = _tail(nodes[1:])
    head, body = alternative(body)
    starts = ("values", "value", "select", "with", "default", "set", "table", "overriding", "(")
    start = next((i for i, node in enumerate(body) if _begins_rows(body, i, starts)), len(body))
    output = next((i for i in range(start) if is_word(body[i], "output")), start)
    target = tuple(node for node in body[:output] if isinstance(node, Token) and not is_word(node, "into"))
    columns = [node for node in body[:output] if isinstance(node, Group)]
    returning = returning or body[output + 1 : start]
    rest = body[start:]
    parts: dict[str, tuple[Node, ...]] = {"target": target}
    if is_word(nodes[0], "replace"):
        head = (Token("word", "or"), nodes[0])
    parts["or"] = head
    if columns:
        parts["columns"] = columns[0].children
        parts["rest"] = tuple(columns[1:])
    if rest and is_word(rest[0], "overriding"):
        parts["rest"] = (*parts.get("rest", ()), *rest[:3])
        rest = rest[3:]
    if rest and is_word(rest[0], "set"):
        parts["set"] = rest[1:]
    else:
        parts["values"], parts["row"] = _without_row_name(rest)
    if conflict:
        parts["conflict"] = tuple(node for each in conflicts(conflict) for node in _in_any_order(each))
    if returning:
        parts["returning"] = returning
    return parts


def _without_row_name(nodes: tuple[Node, ...]) -> tuple[tuple[Node, ...], tuple[Node, ...]]:
    """Split off MySQL's ``AS new``: what ON DUPLICATE KEY UPDATE calls the row that was to be inserted."""
    if len(nodes) > 2 and is_word(nodes[0], "values", "value") and is_word(nodes[-2], "as") and is_name(nodes[-1]):  # noqa: PLR2004  VALUES, AS, name
        return nodes[:-2], nodes[-1:]
    return nodes, ()


def conflicts(nodes: tuple[Node, ...]) -> list[tuple[Node, ...]]:
    """Cut at each ON CONFLICT: SQLite takes the first one whose constraint is broken."""
    pairs = enumerate(pairwise(nodes))
    begins = [at for at, (one, other) in pairs if is_word(one, "on") and is_word(other, "conflict")]
    return [nodes[begin:end] for begin, end in pairwise([*begins, len(nodes)])] or [nodes]


def _in_any_order(conflict: tuple[Node, ...]) -> tuple[Node, ...]:
    """Sort the assignments of ON CONFLICT DO UPDATE; MySQL makes those of ON DUPLICATE KEY one after the other."""
    start = next((i + 1 for i, node in enumerate(conflict) if is_word(node, "set")), 0)
    if not start or not is_word(conflict[1], "conflict"):
        return conflict
    end = next((i for i in range(start, len(conflict)) if is_word(conflict[i], "where")), len(conflict))
    items = sorted(split_at(one_by_one(conflict[start:end]), ","), key=text)
    return (*conflict[:start], *joined(items), *conflict[end:])


def _begins_rows(body: tuple[Node, ...], at: int, starts: tuple[str, ...]) -> bool:
    """Return whether the rows of an INSERT begin here; a query may stand in parentheses."""
    node = body[at]
    if isinstance(node, Group):
        return bool(node.children) and is_word(node.children[0], "select", "with")
    return at > 0 and is_word(node, *starts) and not is_symbol(body[at - 1], ".")


def _tail(nodes: tuple[Node, ...]) -> tuple[tuple[Node, ...], tuple[Node, ...], tuple[Node, ...]]:
    """Split off ON CONFLICT (or ON DUPLICATE KEY) and RETURNING from the end of an INSERT."""
    returning = next((i for i, node in enumerate(nodes) if is_word(node, "returning")), len(nodes))
    conflict = next(
        (
            i
            for i in range(max(returning - 1, 0))
            if is_word(nodes[i], "on") and is_word(nodes[i + 1], "conflict", "duplicate")
        ),
        returning,
    )
    return nodes[:conflict], nodes[conflict:returning], nodes[returning + 1 :]
