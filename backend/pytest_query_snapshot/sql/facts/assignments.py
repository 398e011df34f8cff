"""Values given to columns, by their place: of parameters without a name, and of assignments made one by one."""

from __future__ import annotations

from pytest_query_snapshot.sql.facts.columns import columns_in
from pytest_query_snapshot.sql.word_tree import Node, flatten, is_parameter_by_place, text

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
