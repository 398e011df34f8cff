"""Values given to columns, by their place: of parameters without a name, and of assignments made one by one."""

from __future__ import annotations

from pytest_query_snapshot.sql.facts.columns import columns_in
from pytest_query_snapshot.sql.word_tree import (
    Group,
    Node,
    Token,
    flatten,
    is_parameter_by_place,
    is_symbol,
    is_word,
    split_at,
    starts_query,
    text,
)

AFTER = "after "


def numbered(values: list[tuple[Node, ...]]) -> list[str]:
    """Write the values of a row; parameters without a name get the number of their place."""
    place = 0
    written: list[str] = []
    for value in values:
        count = sum(map(is_parameter_by_place, flatten(value)))
        written.append(f"{text(value)} {place}" if count else text(value))
        place += count
    return written


def assigned_before(items: list[tuple[Node, ...]]) -> list[tuple[str, ...]]:
    """List for each assignment the columns that it reads and that were assigned before it, as MySQL makes them."""
    done: set[str] = set()
    found: list[tuple[str, ...]] = []
    for item in items:
        target, *value = columns_of_assignment(item)
        found.append(tuple(f"{AFTER}{column}" for column in value if column in done))
        done.add(target)
    return found


def columns_of_assignment(item: tuple[Node, ...]) -> list[str]:
    """List the bare name of the column that is set, then those of the columns that its value reads."""
    at = next((i for i, node in enumerate(item) if text((node,)) == "="), len(item))
    target = text(item[:at]).rpartition(".")[2]
    read = (column.rpartition(".")[2] for column in columns_in(item[at + 1 :], names={}))
    return [target, *sorted(set(read))]


def one_by_one(nodes: tuple[Node, ...]) -> tuple[Node, ...]:
    """Write ``(a, b) = (1, 2)`` as ``a = 1, b = 2`` in the assignments of UPDATE."""
    return joined([single for item in split_at(nodes, ",") for single in _singles(item)])


def _singles(item: tuple[Node, ...]) -> list[tuple[Node, ...]]:
    if len(item) == 4 and is_word(item[2], "row"):  # noqa: PLR2004  (a, b) = ROW (1, 2)
        item = (*item[:2], item[3])
    if len(item) != 3 or not is_symbol(item[1], "="):  # noqa: PLR2004  columns, equals, values
        return [item]
    columns, equals, values = item
    if not isinstance(columns, Group) or not isinstance(values, Group) or starts_query(values):
        return [item]
    targets, given = split_at(columns.children, ","), split_at(values.children, ",")
    if len(targets) != len(given):
        return [item]
    return [(*target, equals, *value) for target, value in zip(targets, given, strict=True)]


def joined(items: list[tuple[Node, ...]]) -> tuple[Node, ...]:
    """Write a list with commas between its items."""
    return tuple(node for item in items for node in (Token("symbol", ","), *item))[1:]
