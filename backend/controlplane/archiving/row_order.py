"""Rows that refer to rows of their own table, in an order in which they can be inserted."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import sqlalchemy as sa


def parents_first(table: sa.Table, names: tuple[str, ...], rows: list[tuple[Any, ...]]) -> list[tuple[Any, ...]]:
    """Return the rows so that each comes after those of the same table that it refers to."""
    parents = [names.index(key.parent.name) for key in table.foreign_keys if key.column.table is table]
    if not parents:
        return rows
    key = names.index("id")
    waiting = {row[key]: row for row in rows}
    ordered: dict[Any, tuple[Any, ...]] = {}
    for start in rows:
        stack = [start[key]]
        while stack:
            row = waiting[stack[-1]]
            missing = [row[place] for place in parents if row[place] in waiting and row[place] not in ordered]
            if missing:
                stack += missing
            else:
                ordered[stack.pop()] = row
    return list(ordered.values())
