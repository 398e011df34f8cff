"""The message of a failing comparison: changed rows and statements, and the command that accepts them."""

from __future__ import annotations

import datetime as dt
import difflib
import os
import re
import shlex
from itertools import takewhile
from typing import TYPE_CHECKING

from pytest_query_snapshot.goldens.classify import classify_golden
from pytest_query_snapshot.goldens.storage.text import visible
from pytest_query_snapshot.settings import TENANT_COLUMNS
from pytest_query_snapshot.sql.diff.change import Action, Change, Kind

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from pytest_query_snapshot.goldens.comparison import Comparison

MOST_LINES = 40
WIDEST = 200
_ENDS = 40
"""The signs of an equal beginning or end of two long texts that are shown."""
_RECENT = dt.timedelta(minutes=10)


class GoldenMismatchError(AssertionError):
    """The received value differs from its goldens, or a golden is missing."""

    def __init__(
        self, comparisons: Sequence[Comparison], *, root: Path, tenant_columns: tuple[str, ...] = TENANT_COLUMNS
    ) -> None:
        self.comparisons = tuple(comparisons)
        super().__init__("\n".join(explain(self.comparisons, root=root, tenant_columns=tenant_columns)))


def explain(
    comparisons: Sequence[Comparison], *, root: Path, tenant_columns: tuple[str, ...] = TENANT_COLUMNS
) -> Iterator[str]:
    """Describe what differs, in one screen."""
    for comparison in comparisons:
        path = os.path.relpath(comparison.path, root)
        if comparison.base is None:
            yield f"{path}: no golden yet; received:"
            yield from _capped([f"  {line}" for line in visible(comparison.received).splitlines()])
        else:
            yield f"{path}: differs"
            yield from _capped([f"  {line}" for line in difference(comparison, tenant_columns=tenant_columns)])
        yield from (f"  {where}" for where in comparison.call_sites)
    yield from dict.fromkeys(note for comparison in comparisons for note in comparison.notes)
    if any(holds_time_of_run(comparison.received) for comparison in comparisons):
        yield "a value is the time of this run: freeze the clock, or name the column in query_snapshot_mask"
    if any(_has_risk(comparison, tenant_columns) for comparison in comparisons):
        yield "decide: query-snapshot review (a risk is accepted by name)"
        return
    if _is_unexplained(comparisons):
        yield "decide: query-snapshot review (the rows are shared by the databases)"
        return
    test = comparisons[0].test_id
    verb = "accept" if any(comparison.base is not None for comparison in comparisons) else "create"
    yield f"{verb}: pytest {shlex.quote(test)} --snapshot-update{_dialect_option(comparisons[0])}"


def holds_time_of_run(text: str, *, now: dt.datetime | None = None) -> bool:
    """Return whether a text has an instant of the last minutes, in UTC or local time, which no run repeats."""
    now = (now or dt.datetime.now(dt.UTC)).astimezone()
    clocks = {now.astimezone(dt.UTC).replace(tzinfo=None), now.replace(tzinfo=None)}
    for day in {clock.date().isoformat() for clock in clocks}:
        for found in re.finditer(day + r"[T ](?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d", text):
            instant = dt.datetime.fromisoformat(found[0])
            if any(abs(clock - instant) < _RECENT for clock in clocks):
                return True
    return False


def _has_risk(comparison: Comparison, tenant_columns: tuple[str, ...]) -> bool:
    if comparison.base is None:
        return False
    changes = classify_golden(
        comparison.base,
        comparison.received,
        kind=comparison.kind,
        tenant_columns=tenant_columns,
        dialect=comparison.dialect,
    )
    return any(change.risk for change in changes)


def _is_unexplained(comparisons: Sequence[Comparison]) -> bool:
    """Return whether rows changed on a database without a golden of their statement: no update writes them."""
    has_new_statement = any(each.kind == "sql" and each.base is None for each in comparisons)
    return has_new_statement and any(each.base is not None for each in comparisons)


def _dialect_option(comparison: Comparison) -> str:
    return " --database postgresql" if comparison.dialect == "postgresql" else ""


def difference(comparison: Comparison, *, tenant_columns: tuple[str, ...] = TENANT_COLUMNS) -> list[str]:
    """Describe how what was received differs from its golden: by rows and cells, or by lines; risks come first."""
    kind = comparison.kind
    changes = classify_golden(
        comparison.base,
        comparison.received,
        kind=kind,
        tenant_columns=tenant_columns,
        dialect=comparison.dialect,
    )
    if comparison.kind in {"rows", "state"} and all(change.kind in _BY_ROW for change in changes):
        return [visible(_told(change)) for change in changes]
    risks = [visible(f"risk: {change.label} {_told(change)}") for change in changes if change.risk]
    old, new = (visible(text or "").splitlines() for text in (comparison.base, comparison.received))
    return [*risks, *list(difflib.unified_diff(old, new, "golden", "received", lineterm="", n=2))]


_BY_ROW = frozenset({Kind.ROW, Kind.CELL, Kind.ROW_ORDER, Kind.TYPE, Kind.STATE})


def _told(change: Change) -> str:
    """Write a change on one line."""
    place = f"{change.where}: " if change.where else ""
    if change.action is Action.ADDED:
        return f"+ {place}{change.new}"
    if change.action is Action.REMOVED:
        return f"- {place}{change.old}"
    line = f"~ {place}{change.old} -> {change.new}"
    return line if len(line) <= WIDEST else f"~ {place}{' -> '.join(_narrowed(change.old, change.new))}"


def _narrowed(old: str, new: str) -> tuple[str, str]:
    """Leave out most of what two long texts begin and end with, so that their difference is in sight."""
    before = _shared(old, new)
    after = _shared(old[before:][::-1], new[before:][::-1])
    return _without_ends(old, before, after), _without_ends(new, before, after)


def _shared(one: str, other: str) -> int:
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(one, other, strict=False)))


def _without_ends(text: str, before: int, after: int) -> str:
    end = len(text) - after
    head = text[:before] if before <= _ENDS else f"{text[: _ENDS // 2]} .. {text[before - _ENDS // 2 : before]}"
    tail = text[end:] if after <= _ENDS else f"{text[end : end + _ENDS // 2]} .. {text[-_ENDS // 2 :]}"
    return f"{head}{text[before:end]}{tail}"


def _capped(lines: Sequence[str]) -> Iterator[str]:
    for line in lines[:MOST_LINES]:
        yield line if len(line) <= WIDEST else f"{line[:WIDEST]}... ({len(line) - WIDEST} more)"
    if len(lines) > MOST_LINES:
        yield f"  ... {len(lines) - MOST_LINES} more lines; `query-snapshot review` shows the whole"
