"""What each step did to the database: rows inserted, updated (old -> new) and deleted, table by table."""

from __future__ import annotations

import itertools
import uuid
from collections import Counter
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from pytest_query_snapshot.renderers.bags import BagKey, signatures
from pytest_query_snapshot.renderers.identities import Identities, kind_from_name
from pytest_query_snapshot.renderers.rows import Column
from pytest_query_snapshot.renderers.values import Printer
from pytest_query_snapshot.states import Row, State, TableState, exact

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence


@dataclass(frozen=True, slots=True)
class Step:
    """The state after a named step."""

    name: str
    state: State


@dataclass(frozen=True, slots=True)
class Changes:
    """What happened to one table in one step."""

    columns: tuple[Column, ...]
    inserted: Sequence[Row]
    updated: Sequence[tuple[Row, Row]]
    deleted: Sequence[Row]
    key: tuple[int, ...]

    def __bool__(self) -> bool:
        return bool(self.inserted or self.updated or self.deleted)

    def signed(self) -> Iterator[tuple[str, Row]]:
        """Yield every row with the sign of what happened to it."""
        yield from (("+", row) for row in self.inserted)
        for old, new in self.updated:
            yield from (("<", old), (">", new))
        yield from (("-", row) for row in self.deleted)

    def sorted(self, key: BagKey) -> Changes:
        """Return the same changes in an order."""
        return replace(
            self,
            inserted=sorted(self.inserted, key=key),
            updated=sorted(self.updated, key=lambda pair: key(pair[0])),
            deleted=sorted(self.deleted, key=key),
        )


def compare(before: TableState, after: TableState) -> Changes:
    """Find what changed from one state of a table to another, in no order."""
    if not after.key:
        gained = Counter(after.counts) - Counter(before.counts)
        lost = Counter(before.counts) - Counter(after.counts)
        inserted = [after.rows[row] for row in gained.elements()]
        return Changes(after.columns, inserted, (), [before.rows[row] for row in lost.elements()], ())
    return Changes(
        columns=after.columns,
        inserted=[row for key, row in after.rows.items() if key not in before.rows],
        updated=[
            (old, row)
            for key, row in after.rows.items()
            if (old := before.rows.get(key)) is not None and not _same(old, row)
        ],
        deleted=[row for key, row in before.rows.items() if key not in after.rows],
        key=after.key,
    )


def _same(old: Row, new: Row) -> bool:
    """Compare two rows; true and 1 are equal in Python, but not in JSON."""
    return old == new and all(
        exact(a) == exact(b) for a, b in zip(old, new, strict=True) if isinstance(a, (dict, list))
    )


def _arranged(found: list[list[tuple[str, Changes]]]) -> list[list[tuple[str, Changes]]]:
    """Sort the rows of each table by what they say and, where that is equal, by what their ids stand for."""
    mentions = [
        (f"{number} {name} {sign}", *BagKey(changes.columns).split(row))
        for number, tables in enumerate(found)
        for name, changes in tables
        for sign, row in changes.signed()
    ]
    known = signatures(mentions)
    return [[(name, changes.sorted(BagKey(changes.columns, known))) for name, changes in each] for each in found]


def _between(before: State, after: State) -> list[tuple[str, Changes]]:
    """Find the tables that changed, by name."""
    differing = (name for name in sorted(after) if before[name] is not after[name])
    compared = ((name, compare(before[name], after[name])) for name in differing)
    return [(name, changes) for name, changes in compared if changes]


def render(baseline: State, steps: Sequence[Step], identities: Identities) -> str:
    """Write what each step changed as the text of a state golden."""
    writer = _Writer(Printer(identities))
    lines: list[str] = []
    states = [baseline, *(step.state for step in steps)]
    found = _arranged([_between(before, after) for before, after in itertools.pairwise(states)])
    for step, tables in zip(steps, found, strict=True):
        lines.extend((f"## {step.name}", ""))
        for name, changes in tables:
            lines.extend((f"### {name}", "", "```diff", *writer.lines(name, changes), "```", ""))
        if not tables:
            lines.extend(("nothing changed", ""))
    touched = {name for tables in found for name, _ in tables}
    untouched = [
        f"{name} ({len(state.rows)})"
        for name, state in sorted(baseline.items())
        if name not in touched and state.rows
    ]
    # Empty tables stay unnamed: else each new table of a schema would change every golden.
    named = ", ".join(untouched) or "no table that holds rows"
    lines.append(f"untouched: {named}; what is not named here stayed empty")
    return "\n".join(lines) + "\n"


class _Writer:
    def __init__(self, printer: Printer) -> None:
        self._printer = printer

    def lines(self, table: str, changes: Changes) -> list[str]:
        """Write one line for each changed row."""
        return [
            *(f"+ {self._row(table, changes, row)}" for row in changes.inserted),
            *(f"~ {self._update(table, changes, old, new)}" for old, new in changes.updated),
            *(f"- {self._row(table, changes, row)}" for row in changes.deleted),
        ]

    def _row(self, table: str, changes: Changes, row: Row) -> str:
        """Write a row as its key and what it holds; columns without a value are left out."""
        key = self._key(table, changes, row)
        cells = [
            f"{column.name}={self._value(table, column, value)}"
            for at, (column, value) in enumerate(zip(changes.columns, row, strict=True))
            if value is not None and at not in changes.key
        ]
        return f"{key}: {', '.join(cells)}" if key else ", ".join(cells)

    def _update(self, table: str, changes: Changes, old: Row, new: Row) -> str:
        cells = [
            f"{column.name} {self._value(table, column, before)} -> {self._value(table, column, after)}"
            for column, before, after in zip(changes.columns, old, new, strict=True)
            if not _same((before,), (after,))
        ]
        return f"{self._key(table, changes, new)}: {', '.join(cells)}"

    def _key(self, table: str, changes: Changes, row: Row) -> str:
        values = [self._value(table, changes.columns[at], row[at]) for at in changes.key]
        return values[0] if len(values) == 1 else f"({', '.join(values)})" if values else ""

    def _value(self, table: str, column: Column, value: Any) -> str:
        if value is not None and column.type == "json":
            return self._printer.json(value)
        if isinstance(value, uuid.UUID):
            kind = kind_from_name(column.name)
            return self._printer.value(value, kind=column.owner or (table if kind == "id" else kind))
        return self._printer.value(value, kind=column.owner)
