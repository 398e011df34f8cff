"""Columns that are masked in goldens because their values change between runs: `query_snapshot_mask`.

A masked value reads `<timestamp>`; only NULL still reads NULL. Equal values are not marked as equal: whether two
readings of a clock are equal depends on the machine's speed and on the database's clock.
"""

from __future__ import annotations

from dataclasses import replace
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from pytest_query_snapshot.values.printing.printer import Masked
from pytest_query_snapshot.values.table import ABSENT, value_type

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pytest_query_snapshot.values.table import Column, Rows

_OF_TIME = frozenset({"timestamp", "date", "time", "interval", None})


class Masks:
    """Patterns of columns, `table.column`, where `*` stands for anything."""

    def __init__(self, patterns: Iterable[str] = ()) -> None:
        self._patterns = tuple(patterns)
        self._known: dict[str, bool] = {}

    def __bool__(self) -> bool:
        return bool(self._patterns)

    def unmatched(self) -> list[str]:
        """Return the patterns that no name which was looked up so far matches."""
        return [
            pattern for pattern in self._patterns if not any(fnmatchcase(name, pattern) for name in self._known)
        ]

    def is_masked(self, column: sa.Column[Any]) -> bool:
        """Return whether the values of a column are masked; those of a primary key never are."""
        table = column.table
        return not column.primary_key and self._match(
            f"{table.fullname if table is not None else ''}.{column.name}"
        )

    def is_masked_column(self, table: str, column: str) -> bool:
        """Return whether a column of a table is masked, both given by name."""
        return self._match(f"{table}.{column}")

    def is_masked_name(self, name: str) -> bool:
        """Return the same for a name that is not the name of a table's column."""
        return self._match(f".{name}")

    def apply(self, rows: Rows) -> Rows:
        """Mask rows that were received."""
        hidden = {at for at, column in enumerate(rows.columns) if self._hides_result(column)}
        if not hidden:
            return rows
        return replace(
            rows,
            rows=[
                tuple(masked(value) if at in hidden else value for at, value in enumerate(row))
                for row in rows.rows
            ],
        )

    def _hides_result(self, column: Column) -> bool:
        sources = [source for source in column.sources if isinstance(source, sa.ColumnElement)]
        origins = [each for source in sources for each in _origins(source)]
        found = [each for source in sources for each in _table_columns(source)]
        if not found:
            return self.is_masked_name(column.name)
        # what is computed from a masked time is masked if it is itself a time: a count of times is not
        return any(map(self.is_masked, found if column.type in _OF_TIME else origins))

    def _match(self, name: str) -> bool:
        known = self._known.get(name)
        if known is None:
            known = self._known[name] = any(fnmatchcase(name, pattern) for pattern in self._patterns)
        return known


def _table_columns(source: sa.ColumnElement[Any]) -> list[sa.Column[Any]]:
    """Find the columns of tables that a value comes from, through labels, functions and subqueries."""
    found: dict[sa.Column[Any], None] = {}
    seen: dict[int, Any] = {}  # origins reach the same elements by many ways
    waiting: list[Any] = [source]
    while waiting:
        element = waiting.pop()
        if id(element) in seen:
            continue
        seen[id(element)] = element
        found.update(dict.fromkeys(_origins(element)))
        waiting.extend(element.get_children())
        waiting.extend(x for x in getattr(element, "base_columns", None) or () if not isinstance(x, sa.Column))
    return list(found)


def _origins(element: Any) -> list[sa.Column[Any]]:
    """Find the columns of tables that an expression merely names."""
    return [origin for origin in getattr(element, "base_columns", None) or () if isinstance(origin, sa.Column)]


def masked(value: Any) -> Any:
    """Return the placeholder of a value of a masked column."""
    return value if value is None or value is ABSENT else Masked(value_type(value))
