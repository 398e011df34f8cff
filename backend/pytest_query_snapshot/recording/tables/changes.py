"""The rows of a table that were inserted, updated and deleted from one state to another."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from pytest_query_snapshot.recording.tables.patched_rows import keys_to_compare
from pytest_query_snapshot.recording.tables.snapshots import Row, TableState, strict_key
from pytest_query_snapshot.values.printing.escaping import escape
from pytest_query_snapshot.values.table import Column

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from pytest_query_snapshot.values.unordered_rows import SortKey


VIEW = "view"
"""The name of the one part that a view has: its text."""


@dataclass(frozen=True, slots=True)
class TableChanges:
    """The changes of one table in one step; `event` if the table itself was created or dropped."""

    columns: tuple[Column, ...]
    inserted: Sequence[Row]
    updated: Sequence[tuple[Row, Row]]
    deleted: Sequence[Row]
    key: tuple[int, ...]
    kind: str = "table"
    event: str = ""
    parts: tuple[tuple[str, str | None, str | None], ...] = ()
    """Changed columns, indexes, triggers and texts of views: the name, the text before, the text now."""

    def __bool__(self) -> bool:
        return bool(self.inserted or self.updated or self.deleted or self.event or self.parts)

    def signed(self) -> Iterator[tuple[str, Row]]:
        """Yield every row with the sign of what happened to it."""
        yield from (("+", row) for row in self.inserted)
        for old, new in self.updated:
            yield from (("<", old), (">", new))
        yield from (("-", row) for row in self.deleted)

    def unordered(self) -> Iterator[list[Row]]:
        """Yield each list of rows that has no order yet."""
        yield from (list(self.inserted), [old for old, _ in self.updated], list(self.deleted))

    def sorted(self, key: Callable[[Row], SortKey]) -> TableChanges:
        """Return the same changes in an order."""
        if all(len(rows) < 2 for rows in (self.inserted, self.updated, self.deleted)):  # noqa: PLR2004  in order already
            return self
        return replace(
            self,
            inserted=sorted(self.inserted, key=key),
            updated=sorted(self.updated, key=lambda pair: key(pair[0])),
            deleted=sorted(self.deleted, key=key),
        )


def changes_between(before: TableState | None, after: TableState | None) -> TableChanges:
    """Find what changed from one state of a table to another, in no order; None where there was no table."""
    if before is None or after is None or before.key != after.key:
        return _replaced(before, after)
    event = _columns_event(before, after)
    parts = _changed_parts(before, after)
    if event:
        before = _with_columns(before, after.columns)
    if any(name == VIEW for name, _, _ in parts):
        event = "changed"
    if before.triggers != after.triggers:
        event = f"{event}, triggers changed" if event else "triggers changed"
    if not after.key:
        gained = Counter(after.counts) - Counter(before.counts)
        lost = Counter(before.counts) - Counter(after.counts)
        inserted = [after.rows[row] for row in gained.elements()]
        deleted = [before.rows[row] for row in lost.elements()]
        return TableChanges(after.columns, inserted, (), deleted, (), after.kind, event, parts)
    old, new = before.rows, after.rows
    keys = keys_to_compare(old, new)
    return TableChanges(
        columns=after.columns,
        inserted=[new[key] for key in keys if key not in old and key in new],
        updated=[
            (old[key], new[key])
            for key in keys
            if key in old and key in new and old[key] is not new[key] and not same_row(old[key], new[key])
        ],
        deleted=[old[key] for key in keys if key in old and key not in new],
        key=after.key,
        kind=after.kind,
        event=event,
        parts=parts,
    )


def _changed_parts(
    before: TableState | None, after: TableState | None
) -> tuple[tuple[str, str | None, str | None], ...]:
    old, new = (state.parts if state is not None else {} for state in (before, after))
    names = dict.fromkeys((*old, *new))
    return tuple((name, old.get(name), new.get(name)) for name in names if old.get(name) != new.get(name))


def _columns_event(before: TableState, after: TableState) -> str:
    """Name the columns that a table lost and gained; empty where it has those that it had."""
    old, new = ([column.name for column in state.columns] for state in (before, after))
    changed = [f"-{escape(name)}" for name in old if name not in new]
    changed += [f"+{escape(name)}" for name in new if name not in old]
    if changed or old == new:
        return f"columns {' '.join(changed)}" if changed else ""
    return "columns moved"


def _replaced(before: TableState | None, after: TableState | None) -> TableChanges:
    """Describe a table that was created or dropped, or whose key is another."""
    known = after if after is not None else before
    assert known is not None  # noqa: S101  one of the two is there
    event = "created" if before is None else "dropped" if after is None else "key changed"
    if before is not None and after is not None:
        before = _with_columns(before, after.columns)
    parts = _changed_parts(before, after)
    return TableChanges(
        known.columns, _all_rows(after), (), _all_rows(before), known.key, known.kind, event, parts
    )


def _all_rows(state: TableState | None) -> list[Row]:
    if state is None:
        return []
    return (
        [state.rows[key] for key in Counter(state.counts).elements()]
        if state.counts
        else list(state.rows.values())
    )


def _with_columns(state: TableState, columns: tuple[Column, ...]) -> TableState:
    """Show the rows of a table whose columns changed by the columns that it has now."""
    places = {column.name: at for at, column in enumerate(state.columns)}
    rows = {
        key: tuple(row[places[column.name]] if column.name in places else None for column in columns)
        for key, row in state.rows.items()
    }
    if not state.counts:
        return replace(state, columns=columns, rows=rows)
    # rows that differed in a lost column alone are alike now
    counts: Counter[Row] = Counter()
    for key, row in rows.items():
        counts[tuple(map(strict_key, row))] += state.counts[key]
    return replace(
        state, columns=columns, rows={tuple(map(strict_key, row)): row for row in rows.values()}, counts=counts
    )


def same_row(old: Row, new: Row) -> bool:
    """Compare two rows by what they read; true, 1 and 1.0 are equal in Python alone."""
    return all(a is b or strict_key(a) == strict_key(b) for a, b in zip(old, new, strict=True))
