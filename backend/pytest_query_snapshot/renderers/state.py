"""What each step did to the database: rows inserted, updated (old -> new) and deleted, table by table."""

from __future__ import annotations

import uuid
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from pytest_query_snapshot.received import declared_type
from pytest_query_snapshot.renderers.identities import Identities, IdentityColumns, kind_from_name
from pytest_query_snapshot.renderers.rows import BagKey, Column
from pytest_query_snapshot.renderers.values import Printer

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

Row = tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class TableState:
    """All rows of one table, by key; where there is no key, by themselves with how often they occur."""

    columns: tuple[Column, ...]
    key: tuple[int, ...]
    rows: Mapping[Row, Row]
    counts: Mapping[Row, int]


State = dict[str, TableState]


@dataclass(frozen=True, slots=True)
class Step:
    """The state after a named step."""

    name: str
    state: State


def read_state(connection: sa.Connection, tables: Iterable[sa.Table], columns: IdentityColumns) -> State:
    """Read every row of every table."""
    return {str(table.fullname): _read_table(connection, table, columns) for table in tables}


def _read_table(connection: sa.Connection, table: sa.Table, columns: IdentityColumns) -> TableState:
    described = tuple(Column(each.name, declared_type(each.type), columns.owner(each)) for each in table.columns)
    names = [column.name for column in described]
    key = tuple(names.index(each.name) for each in table.primary_key.columns)
    found = [tuple(row) for row in connection.execute(sa.select(table))]
    if not key:
        marked = [tuple(map(_hashable, row)) for row in found]
        return TableState(described, key, dict(zip(marked, found, strict=True)), Counter(marked))
    return TableState(described, key, {tuple(row[at] for at in key): row for row in found}, {})


def _hashable(value: Any) -> Any:
    return repr(value) if isinstance(value, (dict, list, set, bytearray)) else value


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


def compare(before: TableState, after: TableState) -> Changes:
    """Find what changed from one state of a table to another."""
    sort_key = BagKey(after.columns)
    if not after.key:
        return _compare_multisets(before, after, sort_key)
    inserted = [row for key, row in after.rows.items() if key not in before.rows]
    deleted = [row for key, row in before.rows.items() if key not in after.rows]
    updated = [
        (old, row) for key, row in after.rows.items() if (old := before.rows.get(key)) is not None and old != row
    ]
    return Changes(
        columns=after.columns,
        inserted=sorted(inserted, key=sort_key),
        updated=sorted(updated, key=lambda pair: sort_key(pair[0])),
        deleted=sorted(deleted, key=sort_key),
        key=after.key,
    )


def _compare_multisets(before: TableState, after: TableState, sort_key: BagKey) -> Changes:
    gained = Counter(after.counts) - Counter(before.counts)
    lost = Counter(before.counts) - Counter(after.counts)
    inserted = [after.rows[row] for row in gained.elements()]
    deleted = [before.rows[row] for row in lost.elements()]
    return Changes(after.columns, sorted(inserted, key=sort_key), (), sorted(deleted, key=sort_key), ())


def render(baseline: State, steps: Sequence[Step], identities: Identities) -> str:
    """Write what each step changed as the text of a state golden."""
    writer = _Writer(Printer(identities))
    lines: list[str] = []
    touched: set[str] = set()
    before = baseline
    for step in steps:
        lines.extend((f"## {step.name}", ""))
        changed = False
        for name in sorted(step.state):
            changes = compare(before[name], step.state[name])
            if changes:
                changed = True
                touched.add(name)
                lines.extend((f"### {name}", "", "```diff", *writer.lines(name, changes), "```", ""))
        if not changed:
            lines.extend(("nothing changed", ""))
        before = step.state
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
            if before != after
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
