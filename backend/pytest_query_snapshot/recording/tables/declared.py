"""The tables that modules of the process declare, found for those that a database without known metadata shows.

A database can't say all that a declaration does: SQLite has no type for an instant with a time zone.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING
from weakref import WeakSet

import sqlalchemy as sa

from pytest_query_snapshot.databases.schema.reflection import REFLECTED
from pytest_query_snapshot.recording.process_objects import objects_of

if TYPE_CHECKING:
    from collections.abc import Sequence


class DeclaredTables:
    """Finds declared tables by name and columns; the metadata of the process is sought once for each new table."""

    def __init__(self) -> None:
        self._known: WeakSet[sa.MetaData] = WeakSet()
        self._sought: set[tuple[str, ...]] = set()

    def instead_of(self, reflected: Iterable[sa.Table]) -> list[sa.Table]:
        """Return the tables, each as the process declares it where it does, and alike wherever it does."""
        tables = list(reflected)
        fresh = {_signature(table) for table in tables} - self._sought
        if fresh:
            self._sought |= fresh
            self._known.update(objects_of(sa.MetaData, "tables"))
        declared = [metadata for metadata in self._known if REFLECTED not in metadata.info]
        return [next(_alike(table, declared), table) for table in tables]


def _alike(table: sa.Table, declared: Sequence[sa.MetaData]) -> Iterator[sa.Table]:
    """Yield the one declaration of a table; none where several differ in a type."""
    found = [
        other
        for metadata in declared
        for other in metadata.tables.values()
        if other.name == table.name
        and _signature(other)[1:] == _signature(table)[1:]
        and _types(other) != _types(table)
    ]
    same_schema = [other for other in found if other.schema == table.schema] or found
    if len({_types(other) for other in same_schema}) == 1:
        yield same_schema[0]


def _signature(table: sa.Table) -> tuple[str, ...]:
    return (table.schema or "", table.name, *sorted(column.name for column in table.columns))


def _types(table: sa.Table) -> tuple[str, ...]:
    return tuple(sorted(f"{column.name} {column.type!r}" for column in table.columns))
