"""The order of a flush with cycles: nothing settles it, so a recording lists independent tables by name.

Where a table refers to itself, or two to one another, SQLAlchemy writes the rows of a flush in sets, and takes
the tables of a set in the order of their addresses in memory, which differs by process. Statements of one table
and of tables that a foreign key joins keep their order.
"""

from __future__ import annotations

import heapq
from itertools import groupby
from typing import TYPE_CHECKING, Any

from sqlalchemy.exc import SQLAlchemyError

from pytest_query_snapshot.recording.entries import Execution

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    import sqlalchemy as sa

    from pytest_query_snapshot.recording.entries import Entry


def with_settled_flushes(recorded: Iterable[Entry]) -> Iterator[Entry]:
    """Yield a recording with the statements of each flush in an order that is the same in each process."""
    for flush, run in groupby(recorded, key=_flush):
        entries = list(run)
        yield from entries if flush is None or len(entries) == 1 else _settled(entries)


def _flush(entry: Entry) -> Any:
    """Return what tells a flush from the next: its engine, and the line that asked for it; None for all else."""
    if isinstance(entry, Execution) and flushed_table(entry) is not None:
        return entry.origin, entry.code, entry.line
    return None


def flushed_table(entry: Execution) -> sa.Table | None:
    """Return the table that a flush wrote; None for any other statement.

    A flush compiles into the cache of its mapper. No public API says so: where another version does not, the order
    stays as it is.
    """
    if "compiled_cache" not in (entry.options or ()):
        return None
    statement = entry.author_statement
    return getattr(statement, "table", None) if getattr(statement, "is_dml", False) else None


def _settled(entries: list[Entry]) -> list[Entry]:
    tables = [
        table for entry in entries if isinstance(entry, Execution) and (table := flushed_table(entry)) is not None
    ]
    references = {table: _referenced(table) for table in tables}
    if not any(table in found for table, found in references.items()):
        return entries
    waits_for: list[set[int]] = []
    last: dict[sa.Table, int] = {}
    for place, table in enumerate(tables):
        related = (other for other in last if _are_related(table, other, references))
        waits_for.append({last[other] for other in related})
        last[table] = place
    return [entries[place] for place in _by_name(tables, waits_for)]


def _are_related(one: sa.Table, other: sa.Table, references: dict[sa.Table, frozenset[sa.Table]]) -> bool:
    return one is other or other in references[one] or one in references[other]


def _referenced(table: sa.Table) -> frozenset[sa.Table]:
    """List the tables that foreign keys lead to from here, over any number of them."""
    found: set[sa.Table] = set()
    pending = [table]
    while pending:
        for key in pending.pop().foreign_keys:
            try:
                target = key.column.table
            except SQLAlchemyError:  # it names a table that the metadata does not hold
                continue
            if target not in found:
                found.add(target)
                pending.append(target)
    return frozenset(found)


def _by_name(tables: list[sa.Table], waits_for: list[set[int]]) -> Iterator[int]:
    """Yield the places in the order of the names of their tables, each after those that it waits for."""
    followers: list[list[int]] = [[] for _ in tables]
    for place, before in enumerate(waits_for):
        for each in before:
            followers[each].append(place)
    missing = [len(before) for before in waits_for]
    free = [(tables[place].fullname, place) for place, count in enumerate(missing) if not count]
    heapq.heapify(free)
    while free:
        _, place = heapq.heappop(free)
        yield place
        for follower in followers[place]:
            missing[follower] -= 1
            if not missing[follower]:
                heapq.heappush(free, (tables[follower].fullname, follower))
