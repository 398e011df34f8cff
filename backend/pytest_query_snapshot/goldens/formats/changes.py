"""What each step did to the database: rows inserted, updated (old -> new) and deleted, table by table.

Compare two state goldens: step by step, table by table, row by row.
"""

from __future__ import annotations

import itertools
import re
import uuid
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from pytest_query_snapshot.recording.table_snapshots import (
    Row,
    State,
    TableState,
    exact,
)
from pytest_query_snapshot.sql.change import Action, Change, Kind
from pytest_query_snapshot.values.id_aliases import IdAliases, kind_from_name
from pytest_query_snapshot.values.printer import Printer
from pytest_query_snapshot.values.table import Column
from pytest_query_snapshot.values.unordered_rows import UnorderedSortKey, signatures

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

    def sorted(self, key: UnorderedSortKey) -> Changes:
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
        (f"{number} {name} {sign}", *UnorderedSortKey(changes.columns).split(row))
        for number, tables in enumerate(found)
        for name, changes in tables
        for sign, row in changes.signed()
    ]
    known = signatures(mentions)
    return [
        [(name, changes.sorted(UnorderedSortKey(changes.columns, known))) for name, changes in each]
        for each in found
    ]


def _between(before: State, after: State) -> list[tuple[str, Changes]]:
    """Find the tables that changed, by name."""
    differing = (name for name in sorted(after) if before[name] is not after[name])
    compared = ((name, compare(before[name], after[name])) for name in differing)
    return [(name, changes) for name, changes in compared if changes]


def render(baseline: State, steps: Sequence[Step], identities: IdAliases) -> str:
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


_IDENTITY = re.compile(r"#s?\d+")
_UPDATED = re.compile(r"(?:^|, )(?P<column>\w+) (?P<old>[^,]*?) -> (?P<new>[^,]*)")


@dataclass(frozen=True, slots=True)
class TimelineStep:
    """What one step did: for each table its lines, each starting with ``+``, ``~`` or ``-``."""

    name: str
    tables: dict[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Timeline:
    """A state golden: its steps, and the line that names the untouched tables."""

    steps: tuple[TimelineStep, ...]
    untouched: str


def read_timeline(golden: str) -> Timeline:
    """Read a state golden; lines outside steps and tables count as untouched ones."""
    steps: list[tuple[str, dict[str, list[str]]]] = []
    table = ""
    untouched = ""
    for line in golden.splitlines():
        if line.startswith("## "):
            steps.append((line.removeprefix("## "), {}))
            table = ""
        elif line.startswith("### ") and steps:
            table = line.removeprefix("### ")
            steps[-1][1].setdefault(table, [])
        elif line[:2] in {"+ ", "~ ", "- "} and steps and table:
            steps[-1][1][table].append(line)
        elif line.startswith("untouched: "):
            untouched = line.removeprefix("untouched: ")
    read = tuple(TimelineStep(name, {t: tuple(lines) for t, lines in tables.items()}) for name, tables in steps)
    return Timeline(steps=read, untouched=untouched)


def transitions(golden: str) -> Iterator[tuple[str, str, str, str]]:
    """Yield every update of a value as (table, column, old, new); inserted values have an empty old one."""
    for step in read_timeline(golden).steps:
        for table, lines in step.tables.items():
            for line in lines:
                cells = line[2:].partition(": ")[2]
                if line.startswith("~"):
                    for match in _UPDATED.finditer(cells):
                        yield table, match["column"], match["old"], match["new"]
                elif line.startswith("+"):
                    for cell in cells.split(", "):
                        column, _, value = cell.partition("=")
                        yield table, column, "", value


def classify_state(old: str, new: str) -> tuple[Change, ...]:
    """Say what changed between two state goldens."""
    before, after = read_timeline(old), read_timeline(new)
    found = tuple(_changes(before, after))
    if found or old == new:
        return found
    if _IDENTITY.sub("#", old) == _IDENTITY.sub("#", new):
        return (Change(Kind.ALIAS, where="ids are numbered anew"),)
    return (Change(Kind.FORMAT if old.split() == new.split() else Kind.REORDERED),)


def _changes(before: Timeline, after: Timeline) -> Iterator[Change]:
    old_names, new_names = ([step.name for step in timeline.steps] for timeline in (before, after))
    renamed = len(old_names) == len(new_names) and [
        (a, b)
        for a, b in zip(old_names, new_names, strict=True)
        if a != b and a not in new_names and b not in old_names
    ]
    names = dict(renamed or ())
    for a, b in names.items():
        yield Change(Kind.STEP, Action.CHANGED, a, b)
    mapped = [names.get(name, name) for name in old_names]
    yield from (Change(Kind.STEP, Action.LOST, old=name) for name in mapped if name not in new_names)
    yield from (Change(Kind.STEP, Action.ADDED, new=name) for name in new_names if name not in mapped)
    if [n for n in mapped if n in new_names] != [n for n in new_names if n in mapped]:
        yield Change(Kind.STEP, Action.MOVED, ", ".join(old_names), ", ".join(new_names))
    later = {step.name: step for step in after.steps}
    for step, name in zip(before.steps, mapped, strict=True):
        if name in later:
            yield from _tables(step, later[name])
    if before.untouched != after.untouched:
        yield Change(Kind.UNTOUCHED, Action.CHANGED, before.untouched, after.untouched)


def _tables(old: TimelineStep, new: TimelineStep) -> Iterator[Change]:
    for table in dict.fromkeys((*old.tables, *new.tables)):
        yield from _lines(old.tables.get(table, ()), new.tables.get(table, ()), f"{new.name} / {table}")


def _lines(old: tuple[str, ...], new: tuple[str, ...], where: str) -> Iterator[Change]:
    """Tell lines that went, came, or say something else of the same row."""
    blanked_old, blanked_new = (Counter(_IDENTITY.sub("#", line) for line in lines) for lines in (old, new))
    lost = _left(old, blanked_old - blanked_new)
    gained = _left(new, blanked_new - blanked_old)
    for line in list(lost):
        other = next((candidate for candidate in gained if _row(candidate) == _row(line)), None)
        if other is not None:
            lost.remove(line)
            gained.remove(other)
            yield Change(Kind.STATE, Action.CHANGED, line, other, where)
    yield from (Change(Kind.STATE, Action.LOST, old=line, where=where) for line in lost)
    yield from (Change(Kind.STATE, Action.ADDED, new=line, where=where) for line in gained)


def _left(lines: tuple[str, ...], wanted: Counter[str]) -> list[str]:
    found: list[str] = []
    for line in lines:
        blanked = _IDENTITY.sub("#", line)
        if wanted[blanked]:
            wanted[blanked] -= 1
            found.append(line)
    return found


def _row(line: str) -> str:
    """The sign and the key of a line: which row it is about."""
    return line.partition(": ")[0]
