"""Changes of each step to the database: rows inserted, updated (old -> new) and deleted, table by table.

Compare two state goldens: step by step, table by table, row by row.
"""

from __future__ import annotations

import datetime as dt
import itertools
import re
import uuid
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

from pytest_query_snapshot.recording.tables.changes import TableChanges, changes_between, same_row
from pytest_query_snapshot.recording.tables.snapshots import Row, State
from pytest_query_snapshot.sql.diff.change import Action, Change, Kind
from pytest_query_snapshot.values.id_aliases import IdAliases, kind_from_name
from pytest_query_snapshot.values.printing.escaping import escape
from pytest_query_snapshot.values.printing.printer import JsonNull, Masked, Printer, RenderHook, instant
from pytest_query_snapshot.values.table import Column
from pytest_query_snapshot.values.unordered_rows import (
    Content,
    SortKey,
    UnorderedSortKey,
    in_alias_order,
    signatures,
    sort_key,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence


@dataclass(frozen=True, slots=True)
class Step:
    """The state after a named step."""

    name: str
    state: State


class _Arrangement:
    """Sorts the rows of each table by what they say and, where that is equal, by what their ids stand for."""

    def __init__(self, found: list[list[tuple[str, TableChanges]]]) -> None:
        self._found = found
        self._keys: dict[int, UnorderedSortKey] = {}
        self._split: dict[int, tuple[Content, list[object]]] = {}
        # only rows that say the same need a description of their ids, which takes all changed rows
        self._signatures = signatures(self._mentions()) if self._has_ties() else {}

    def sorted(self) -> list[list[tuple[str, TableChanges]]]:
        """Return the changes of each step, the rows of each table in order."""
        return [
            [(name, changes.sorted(partial(self._key, changes))) for name, changes in each] for each in self._found
        ]

    def _key(self, changes: TableChanges, row: Row) -> SortKey:
        return sort_key(*self._parts(changes, row), self._signatures)

    def _parts(self, changes: TableChanges, row: Row) -> tuple[Content, list[object]]:
        """Split a row once: the row after one step is the same object as the row before the next."""
        known = self._split.get(id(row))
        if known is None:
            key = self._keys.get(id(changes.columns))
            if key is None:
                key = self._keys[id(changes.columns)] = UnorderedSortKey(changes.columns)
            known = self._split[id(row)] = key.split(row)
        return known

    def _has_ties(self) -> bool:
        for tables in self._found:
            for _, changes in tables:
                for rows in changes.unordered():
                    if len(rows) > 1 and _repeats([self._parts(changes, row)[0] for row in rows]):
                        return True
        return False

    def _mentions(self) -> Iterator[tuple[str, Content, list[object]]]:
        for number, tables in enumerate(self._found):
            for name, changes in tables:
                for sign, row in changes.signed():
                    yield f"{number} {name} {sign}", *self._parts(changes, row)


def _repeats(contents: list[Content]) -> bool:
    contents.sort()
    return any(first == second for first, second in itertools.pairwise(contents))


def _between(before: State, after: State) -> list[tuple[str, TableChanges]]:
    """Find the tables that changed, by name."""
    names = sorted({*before, *after} - {*before.unread, *after.unread})
    differing = (name for name in names if before.get(name) is not after.get(name))
    compared = ((name, changes_between(before.get(name), after.get(name))) for name in differing)
    return [(name, changes) for name, changes in compared if changes]


def render(
    baseline: State,
    steps: Sequence[Step],
    identities: IdAliases,
    *,
    render_value: RenderHook | None = None,
) -> str:
    """Write what each step changed as the text of a state golden."""
    writer = _Writer(identities, render_value)
    lines: list[str] = []
    states = [baseline, *(step.state for step in steps)]
    found = _Arrangement([_between(before, after) for before, after in itertools.pairwise(states)]).sorted()
    writer.number_ids(found)
    for step, tables in zip(steps, found, strict=True):
        lines.extend((f"## {escape(step.name)}", ""))
        for name, changes in tables:
            notes = [note for note in (changes.kind if changes.kind != "table" else "", changes.event) if note]
            heading = f"### {name} ({', '.join(notes)})" if notes else f"### {name}"
            written = writer.lines(name, changes)
            nothing = "no rows" if changes.event in {"created", "dropped"} else "no row changed"
            lines.extend((heading, "", *(("```diff", *written, "```") if written else (nothing,)), ""))
        if not tables:
            lines.extend(("nothing changed", ""))
    lines.extend(_unchanged(states, {name for tables in found for name, _ in tables}))
    return "\n".join(lines) + "\n"


def _unchanged(states: Sequence[State], touched: set[str]) -> Iterator[str]:
    """Name the tables that hold rows and did not change, and those that could not be read."""
    unread = {name: reason for state in states for name, reason in state.unread.items()}
    unchanged = [
        f"{name} ({table.row_count})"
        for name, table in sorted(states[0].items())
        if name not in touched and name not in unread and table.row_count
    ]
    # Empty tables stay unnamed: else each new table of a schema would change every golden.
    yield f"unchanged: {', '.join(unchanged) or '(none)'}. Tables not listed are empty."
    if unread:
        yield f"not read: {', '.join(f'{name} ({reason})' for name, reason in sorted(unread.items()))}"


class _Writer:
    def __init__(self, identities: IdAliases, render_value: RenderHook | None) -> None:
        self._identities = identities
        self._printer = Printer(identities, render=render_value, whole=False)
        self._untyped = Printer(identities, typed=False, render=render_value, whole=False)

    def number_ids(self, found: Sequence[Sequence[tuple[str, TableChanges]]]) -> None:
        """Give aliases to the ids of all steps in the order of their keys."""
        ids = [
            identity
            for tables in found
            for name, changes in tables
            for _, row in changes.signed()
            for column, value in zip(changes.columns, row, strict=True)
            if (identity := _identity(name, column, value)) is not None
        ]
        self._identities.assign(in_alias_order(ids))

    def lines(self, table: str, changes: TableChanges) -> list[str]:
        """Write one line for each changed part of the table, and for each changed row."""
        return [
            *itertools.starmap(_part, changes.parts),
            *(f"+ {self._row(table, changes, row)}" for row in changes.inserted),
            *(f"~ {self._update(table, changes, old, new)}" for old, new in changes.updated),
            *(f"- {self._row(table, changes, row)}" for row in changes.deleted),
        ]

    def _row(self, table: str, changes: TableChanges, row: Row) -> str:
        """Write a row as its key and its values; columns without a value are left out."""
        key = self._key(table, changes, row)
        cells = ", ".join(
            f"{_name(column)}={self._value(table, column, value)}"
            for at, (column, value) in enumerate(zip(changes.columns, row, strict=True))
            if value is not None and at not in changes.key
        )
        return ": ".join(part for part in (key, cells) if part) or "(all NULL)"

    def _update(self, table: str, changes: TableChanges, old: Row, new: Row) -> str:
        cells = [
            f"{_name(column)} {self._value(table, column, before)} -> {self._value(table, column, after)}"
            for column, before, after in zip(changes.columns, old, new, strict=True)
            if not same_row((before,), (after,))
        ]
        return f"{self._key(table, changes, new)}: {', '.join(cells)}"

    def _key(self, table: str, changes: TableChanges, row: Row) -> str:
        columns = [changes.columns[at] for at in changes.key]
        values = [self._value(table, changes.columns[at], row[at]) for at in changes.key]
        if len(values) == 1:
            return values[0]
        named = (f"{_name(column)}={value}" for column, value in zip(columns, values, strict=True))
        return f"({', '.join(named)})" if values else ""

    def _value(self, table: str, column: Column, value: Any) -> str:
        if column.type == "json" and value is not None and not isinstance(value, (Masked, JsonNull)):
            return self._printer.json(value)
        if column.aware and isinstance(value, dt.datetime):
            return instant(value, aware=True)
        printer = self._printer if column.type in {"integer", "number"} else self._untyped
        found = _identity(table, column, value)
        return printer.value(value, kind=found[1] if found is not None else column.owner)


def _part(name: str, old: str | None, new: str | None) -> str:
    """Write what happened to a column, a constraint, an index, or the text of a view."""
    if old is None or new is None:
        sign, text = ("+", new) if old is None else ("-", old)
        return f"{sign} {escape(name)}" + (f": {escape(text.strip())}" if text else "")
    return f"~ {escape(name)}: {escape(old.strip())} -> {escape(new.strip())}"


def _identity(table: str, column: Column, value: Any) -> tuple[object, str] | None:
    """Return the id that a value is, and its kind."""
    if isinstance(value, uuid.UUID):
        kind = kind_from_name(column.name)
        return value, column.owner or (table if kind == "id" else kind)
    return (value, column.owner) if column.owner is not None and type(value) is int else None


def _name(column: Column) -> str:
    """Write the name of a column; one that is not a word is quoted as in SQL."""
    return column.name if column.name.isidentifier() else '"' + escape(column.name).replace('"', '""') + '"'


_IDENTITY = re.compile(r"#s?\d+")
_UPDATED = re.compile(r"(?:^|, )(?P<column>\w+) (?P<old>[^,]*?) -> (?P<new>[^,]*)")


@dataclass(frozen=True, slots=True)
class TimelineStep:
    """The changes of one step: for each table its lines, each starting with ``+``, ``~`` or ``-``."""

    name: str
    tables: dict[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Timeline:
    """A state golden: its steps, and the lines that name the unchanged and the unread tables."""

    steps: tuple[TimelineStep, ...]
    unchanged: str


def read_timeline(golden: str) -> Timeline:
    """Read a state golden; lines outside steps and tables name the unchanged ones."""
    steps: list[tuple[str, dict[str, list[str]]]] = []
    table = ""
    unchanged = ""
    for line in golden.splitlines():
        if line.startswith("## "):
            steps.append((line.removeprefix("## "), {}))
            table = ""
        elif line.startswith("### ") and steps:
            table = line.removeprefix("### ")
            steps[-1][1].setdefault(table, [])
        elif line[:2] in {"+ ", "~ ", "- "} and steps and table:
            steps[-1][1][table].append(line)
        elif line.startswith(("unchanged: ", "not read: ")):
            unchanged = f"{unchanged}; {line}" if unchanged else line.removeprefix("unchanged: ")
    seen: Counter[str] = Counter()
    read = []
    for name, tables in steps:
        seen[name] += 1
        numbered = name if seen[name] == 1 else f"{name} ({seen[name]})"
        read.append(TimelineStep(numbered, {each: tuple(lines) for each, lines in tables.items()}))
    return Timeline(steps=tuple(read), unchanged=unchanged)


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
    """Classify what changed between two state goldens."""
    before, after = read_timeline(old), read_timeline(new)
    found = tuple(_changes(before, after))
    if found or old == new:
        return found
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
    yield from (Change(Kind.STEP, Action.REMOVED, old=name) for name in mapped if name not in new_names)
    yield from (Change(Kind.STEP, Action.ADDED, new=name) for name in new_names if name not in mapped)
    if [n for n in mapped if n in new_names] != [n for n in new_names if n in mapped]:
        yield Change(Kind.STEP, Action.MOVED, ", ".join(old_names), ", ".join(new_names))
    later = {step.name: step for step in after.steps}
    for step, name in zip(before.steps, mapped, strict=True):
        if name in later:
            yield from _tables(step, later[name])
    if before.unchanged != after.unchanged:
        yield Change(Kind.UNCHANGED, Action.CHANGED, before.unchanged, after.unchanged)


def _tables(old: TimelineStep, new: TimelineStep) -> Iterator[Change]:
    for table in dict.fromkeys((*old.tables, *new.tables)):
        yield from _lines(old.tables.get(table, ()), new.tables.get(table, ()), f"{new.name} / {table}")


def _lines(old: tuple[str, ...], new: tuple[str, ...], where: str) -> Iterator[Change]:
    """Classify lines that were removed, added, or differ in the same row."""
    blanked_old, blanked_new = (Counter(_IDENTITY.sub("#", line) for line in lines) for lines in (old, new))
    lost = _left(old, blanked_old - blanked_new)
    gained = _left(new, blanked_new - blanked_old)
    before, after = Counter(old) - Counter(lost), Counter(new) - Counter(gained)
    if before != after:
        ids = f"{where}, ids: other rows, or other numbers of the same"
        yield Change(Kind.STATE, Action.CHANGED, next(iter(before - after)), next(iter(after - before)), ids)
    for line in list(lost):
        other = next((candidate for candidate in gained if _row(candidate) == _row(line)), None)
        if other is not None:
            lost.remove(line)
            gained.remove(other)
            yield Change(Kind.STATE, Action.CHANGED, line, other, where)
    yield from (Change(Kind.STATE, Action.REMOVED, old=line, where=where) for line in lost)
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
