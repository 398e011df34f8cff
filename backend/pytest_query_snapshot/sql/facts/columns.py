"""The columns, aggregates, label and subqueries of an expression."""

from __future__ import annotations

from typing import NamedTuple

from pytest_query_snapshot.sql.word_tree import (
    NAME,
    STRING,
    WORD,
    Group,
    Node,
    Token,
    is_name,
    is_symbol,
    is_word,
    starts_query,
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
"""The placeholder of a subquery in an expression: the subquery is read on its own."""
SUBQUERY_TOKEN = Token(WORD, SUBQUERY)

_NOT_COLUMNS = frozenset(
    """
    select from where and or not in is null like ilike glob between exists case when then else end true false as
    cast distinct any all some asc desc nulls first last over partition by order rows range preceding
    following unbounded current row filter within group interval collate at time zone using similar to
    current_timestamp current_date symmetric escape ignore respect precision varying without isnull notnull match
    regexp rlike
    """.split(),  # noqa: SIM905  words read better as words
)


class Subquery(NamedTuple):
    """A subquery of an expression, and what the rows that it finds do to the expression.

    They make it true, or false where ``negated``; where ``unsettled``, that depends on their values. ``tested`` is
    set where only their number counts, as in EXISTS.
    """

    nodes: tuple[Node, ...]
    negated: bool
    unsettled: bool
    tested: bool


def columns_in(nodes: tuple[Node, ...], *, names: dict[str, str]) -> tuple[str, ...]:
    """List the columns that an expression mentions, sorted, as ``table.column``; a subquery counts as one."""
    found: set[str] = set()
    for position, node in enumerate(nodes):
        if isinstance(node, Group):
            found.update((SUBQUERY,) if starts_query(node) else columns_in(node.children, names=names))
        elif is_name(node) and _is_column(node, nodes[:position]):
            found.update(_column_at(nodes, position, names))
    return tuple(sorted(found))


def _is_column(node: Token, before: tuple[Node, ...]) -> bool:
    """A word that is not a keyword, or that follows a table: ``runs.at`` is a column, ``AT TIME ZONE`` is not."""
    if before and is_word(before[-1], "as"):  # CAST(a AS date)
        return False
    qualified = bool(before) and is_symbol(before[-1], ".")
    return qualified or node.kind == NAME or node.text not in _NOT_COLUMNS


def _column_at(nodes: tuple[Node, ...], position: int, names: dict[str, str]) -> tuple[str, ...]:
    """Return the column that the word at ``position`` ends, if it does."""
    following = nodes[position + 1] if position + 1 < len(nodes) else None
    word = nodes[position]
    called = isinstance(following, Group) and (following.opening == "(" or is_word(word, "array"))
    if called or is_symbol(following, "."):
        return ()
    column = word.text if isinstance(word, Token) else ""
    before = nodes[position - 1] if position else None
    if is_symbol(before, "::"):
        return ()
    if is_symbol(before, "."):
        table = text(nodes[position - 2 : position - 1])
        return (f"{names.get(table, table)}.{column}",)
    return (column,)


def outside_subqueries(
    nodes: tuple[Node, ...], *, names: dict[str, str]
) -> tuple[tuple[Node, ...], list[Subquery]]:
    """Replace each subquery by ``(subquery)`` and each alias by the table it stands for."""
    subqueries: list[Subquery] = []
    if not any(isinstance(node, Group) or node.text in names for node in nodes):
        return nodes, subqueries
    return _outside(nodes, names, subqueries, negated=False, unsettled=False), subqueries


def _outside(
    nodes: tuple[Node, ...], names: dict[str, str], found: list[Subquery], *, negated: bool, unsettled: bool
) -> tuple[Node, ...]:
    written: list[Node] = []
    for position, node in enumerate(nodes):
        following = nodes[position + 1] if position + 1 < len(nodes) else None
        if isinstance(node, Token):
            is_table = is_name(node) and node.text in names and is_symbol(following, ".")
            is_member = position > 0 and is_symbol(nodes[position - 1], ".")
            known = is_table and not is_member
            written.append(Token(WORD, names[node.text], node.place) if known else node)
            continue
        before = nodes[:position]
        inverted = negated != _is_negated(before)
        if starts_query(node):
            open_ended = unsettled or not (_is_quantified(before) and _ends_test(following))
            found.append(
                Subquery(node.children, inverted, open_ended, bool(before) and is_word(before[-1], "exists"))
            )
            written.append(Group("(", ")", (SUBQUERY_TOKEN,)))
        else:
            inner = _outside(
                node.children,
                names,
                found,
                negated=inverted,
                unsettled=unsettled or not (_is_plain_group(node, before) and _ends_test(following)),
            )
            written.append(Group(node.opening, node.closing, inner, node.edges))
    return tuple(written)


def _is_quantified(before: tuple[Node, ...]) -> bool:
    """Return whether a subquery is asked whether it has a row: by EXISTS, IN, ANY or ALL."""
    return bool(before) and is_word(before[-1], "exists", "in", *_QUANTIFIERS)


def _is_plain_group(group: Group, before: tuple[Node, ...]) -> bool:
    """Return whether parentheses only hold a condition together."""
    return group.opening == "(" and (not before or is_word(before[-1], "and", "or", "not", "where", "on", "when"))


def _ends_test(following: Node | None) -> bool:
    return following is None or is_word(following, "and", "or")


_QUANTIFIERS = ("any", "all", "some")


def _is_negated(before: tuple[Node, ...]) -> bool:
    """Return whether NOT, or a test of ALL rows, stands before a group."""
    words = list(before)
    every = bool(words) and is_word(words[-1], "all")
    if words and is_word(words[-1], "exists", "in", *_QUANTIFIERS):
        words.pop()
    while words and not is_word(words[-1], "not", "and", "or"):  # the other side of the test
        words.pop()
    turned = False
    while words and is_word(words[-1], "not"):
        turned = not turned
        words.pop()
    return turned != every


def has_aggregate(nodes: tuple[Node, ...]) -> bool:
    """Return whether a column computes over many rows: an aggregate, or a window function."""
    for position, node in enumerate(nodes):
        following = nodes[position + 1] if position + 1 < len(nodes) else None
        if isinstance(node, Group):
            if not starts_query(node) and has_aggregate(node.children):
                return True
        elif is_word(node, *AGGREGATES) and (isinstance(following, Group) or is_word(node, "over")):
            return node.text != "over" or position > 0
    return False


def label_of(nodes: tuple[Node, ...]) -> str:
    """Return the name that a column of the result gets."""
    last = nodes[-1]
    if isinstance(last, Token) and last.kind in {WORD, NAME, STRING} and (len(nodes) == 1 or _names(nodes[-2])):
        return last.text
    return ""


def _names(before: Node) -> bool:
    return is_symbol(before, ".") or is_word(before, "as")
