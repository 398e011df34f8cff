"""Compare two state goldens: step by step, table by table, row by row."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from pytest_query_snapshot.review.changes import Action, Change, Kind

_IDENTITY = re.compile(r"#s?\d+")
_UPDATED = re.compile(r"(?:^|, )(?P<column>\w+) (?P<old>[^,]*?) -> (?P<new>[^,]*)")


@dataclass(frozen=True, slots=True)
class Step:
    """What one step did: for each table its lines, each starting with ``+``, ``~`` or ``-``."""

    name: str
    tables: dict[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Timeline:
    """A state golden: its steps, and the line that names the untouched tables."""

    steps: tuple[Step, ...]
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
    read = tuple(Step(name, {t: tuple(lines) for t, lines in tables.items()}) for name, tables in steps)
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


def _tables(old: Step, new: Step) -> Iterator[Change]:
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
