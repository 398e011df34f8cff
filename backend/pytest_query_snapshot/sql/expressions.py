"""Conditions and columns: AND-ed parts, the columns they mention, aggregates, subqueries inside them."""

from __future__ import annotations

from pytest_query_snapshot.sql.word_tree import (
    PARAMETER,
    STRING,
    WORD,
    Group,
    Node,
    Token,
    is_word,
    split_at,
    text,
)

AGGREGATES = frozenset(
    """
    count sum avg min max total group_concat string_agg array_agg json_agg jsonb_agg json_group_array
    json_group_object json_object_agg bool_and bool_or every stddev stddev_pop stddev_samp variance var_pop
    var_samp corr percentile_cont percentile_disc mode over
    """.split(),  # noqa: SIM905  words read better as words
)

SUBQUERY = "subquery"
"""What stands in an expression for a subquery: that one is read on its own."""

_NOT_COLUMNS = frozenset(
    """
    select from where and or not in is null like ilike glob between exists case when then else end true false as
    cast distinct escape any all some asc desc nulls first last over partition by order rows range preceding
    following unbounded current row filter within group interval collate at time zone using similar to
    current_timestamp current_date
    """.split(),  # noqa: SIM905  words read better as words
)


def conjuncts(nodes: tuple[Node, ...]) -> list[tuple[Node, ...]]:
    """Cut a condition at its ANDs, through superfluous parentheses; what is always true is left out."""
    found: list[tuple[Node, ...]] = []
    pending = [nodes]
    while pending:
        current = _unwrapped(pending.pop(0))
        parts = _at_and(current)
        if len(parts) > 1:
            pending = [*parts, *pending]
        elif current and not _is_always_true(current):
            found.append(current)
    return found


def _unwrapped(nodes: tuple[Node, ...]) -> tuple[Node, ...]:
    while len(nodes) == 1 and isinstance(nodes[0], Group) and nodes[0].opening == "(":
        inner = nodes[0].children
        if inner and is_word(inner[0], "select", "with"):
            break
        nodes = inner
    return nodes


def _at_and(nodes: tuple[Node, ...]) -> list[tuple[Node, ...]]:
    """Cut at AND, but not at the one of BETWEEN, and not below an OR."""
    if any(is_word(node, "or") for node in nodes):
        return [nodes]
    parts: list[list[Node]] = [[]]
    between = False
    for node in nodes:
        if is_word(node, "between"):
            between = True
        elif is_word(node, "and"):
            if not between:
                parts.append([])
                continue
            between = False
        parts[-1].append(node)
    return [tuple(part) for part in parts if part]


def _is_always_true(nodes: tuple[Node, ...]) -> bool:
    if text(nodes) in {"true", "1"}:
        return True
    sides = split_at(nodes, "=")
    return len(sides) == 2 and sides[0] == sides[1] and not _has_parameter(sides[0])  # noqa: PLR2004  left = right


def _has_parameter(nodes: tuple[Node, ...]) -> bool:
    return any(isinstance(node, Token) and node.kind == PARAMETER for node in nodes)


def columns_in(nodes: tuple[Node, ...], *, names: dict[str, str]) -> tuple[str, ...]:
    """List the columns that an expression mentions, sorted, as ``table.column``; a subquery counts as one."""
    found: set[str] = set()
    for position, node in enumerate(nodes):
        if isinstance(node, Group):
            inner = (SUBQUERY,) if _starts_query(node) else columns_in(node.children, names=names)
            found.update(inner)
        elif node.kind == WORD and not node.text[0].isdigit() and _is_name(node, nodes[:position]):
            found.update(_column_at(nodes, position, names))
    return tuple(sorted(found))


def _is_name(node: Token, before: tuple[Node, ...]) -> bool:
    """A word that is no keyword, or that follows a table: ``runs.at`` is a column, ``AT TIME ZONE`` is not."""
    qualified = bool(before) and isinstance(before[-1], Token) and before[-1].text == "."
    return qualified or node.text not in _NOT_COLUMNS


def _column_at(nodes: tuple[Node, ...], position: int, names: dict[str, str]) -> tuple[str, ...]:
    """The column that the word at ``position`` ends, if it does."""
    following = nodes[position + 1] if position + 1 < len(nodes) else None
    if isinstance(following, Group) and following.opening == "(":
        return ()
    if isinstance(following, Token) and following.text == ".":
        return ()
    word = nodes[position]
    column = word.text if isinstance(word, Token) else ""
    before = nodes[position - 1] if position else None
    if isinstance(before, Token) and before.text == "::":
        return ()
    if isinstance(before, Token) and before.text == "." and position > 1:
        table = text(nodes[position - 2 : position - 1])
        return (f"{names.get(table, table)}.{column}",)
    return (column,)


def _starts_query(group: Group) -> bool:
    return bool(group.children) and is_word(group.children[0], "select", "with")


def outside_subqueries(
    nodes: tuple[Node, ...],
    *,
    names: dict[str, str],
) -> tuple[tuple[Node, ...], list[tuple[Node, ...]]]:
    """Replace each subquery by ``(...)`` and each alias by the table it stands for."""
    subqueries: list[tuple[Node, ...]] = []
    written = tuple(_outside(node, _next(nodes, i), names, subqueries) for i, node in enumerate(nodes))
    return written, subqueries


def _next(nodes: tuple[Node, ...], position: int) -> Node | None:
    return nodes[position + 1] if position + 1 < len(nodes) else None


def _outside(node: Node, following: Node | None, names: dict[str, str], found: list[tuple[Node, ...]]) -> Node:
    if isinstance(node, Token):
        is_table = (
            node.kind == WORD and node.text in names and isinstance(following, Token) and following.text == "."
        )
        if is_table:
            return Token(WORD, names[node.text])
        return Token(PARAMETER, ":value") if node.kind == PARAMETER else node
    if _starts_query(node):
        found.append(node.children)
        return Group("(", ")", (Token(WORD, SUBQUERY),))
    inner = tuple(_outside(child, _next(node.children, i), names, found) for i, child in enumerate(node.children))
    return Group(node.opening, node.closing, inner)


def has_aggregate(nodes: tuple[Node, ...]) -> bool:
    """Whether a column computes over many rows: an aggregate, or a window function."""
    for position, node in enumerate(nodes):
        if isinstance(node, Group):
            if not _starts_query(node) and has_aggregate(node.children):
                return True
        elif node.text in AGGREGATES and isinstance(_next(nodes, position), Group):
            return True
    return False


def label_of(nodes: tuple[Node, ...]) -> str:
    """The name that a column of the result gets."""
    last = nodes[-1]
    if isinstance(last, Token) and last.kind in {WORD, STRING} and (len(nodes) == 1 or _names_column(nodes[-2])):
        return last.text
    return ""


def _names_column(before: Node) -> bool:
    return (isinstance(before, Token) and before.text == ".") or is_word(before, "as")
