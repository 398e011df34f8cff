"""Compare two plans: did an index go, did a full scan come."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

from pytest_query_snapshot.review.changes import Action, Change, Kind

_INDEX = re.compile(
    r"\b(?:USING (?:AUTOMATIC )?(?:PARTIAL )?(?:COVERING )?INDEX|Index (?:Only )?Scan(?: Backward)? using"
    r"|Bitmap Index Scan on|using) (?P<index>[\w$\".]+)",
)
_PRIMARY = re.compile(r"\bUSING (?:INTEGER )?PRIMARY KEY")
_FULL = re.compile(r"(?:\bSeq Scan on (?:only )?|\bSCAN (?:TABLE )?)(?P<table>[\w$\".]+)(?P<rest>.*)")
_MADE = re.compile(r"\b(?:MATERIALIZE|CO-ROUTINE) (\S+)")
_NO_TABLE = re.compile(r"INDEX|VIRTUAL TABLE|CONSTANT ROW", re.IGNORECASE)


def classify_plan(old: str, new: str) -> tuple[Change, ...]:
    """Say what changed between two plans; a lost index and a new full scan are risks."""
    found = (*_indexes(old, new), *_scans(old, new))
    if found or old == new:
        return found
    kind = Kind.FORMAT if old.split() == new.split() else Kind.PLAN
    return (Change(kind, Action.CHANGED, old, new),)


def _indexes(old: str, new: str) -> Iterator[Change]:
    before, after = Counter(_used(old)), Counter(_used(new))
    for name in before - after:
        if name not in after:
            yield Change(Kind.INDEX, Action.LOST, old=name)
    for name in after - before:
        if name not in before:
            yield Change(Kind.INDEX, Action.ADDED, new=name)


def _used(plan: str) -> list[str]:
    return [match["index"] for match in _INDEX.finditer(plan)] + ["primary key"] * len(_PRIMARY.findall(plan))


def _scans(old: str, new: str) -> Iterator[Change]:
    before, after = Counter(_scanned(old)), Counter(_scanned(new))
    for table in after - before:
        yield Change(Kind.FULL_SCAN, Action.ADDED, new=table)
    for table in before - after:
        yield Change(Kind.FULL_SCAN, Action.LOST, old=table)


def _scanned(plan: str) -> list[str]:
    """The tables that are read from end to end; SQLite says SCAN .. USING INDEX when an index is.

    A subquery's own rows, constant rows and table functions are no tables.
    """
    made = set(_MADE.findall(plan))
    return [
        match["table"]
        for match in _FULL.finditer(plan)
        if match["table"] not in made and not match["table"].isdigit() and not _NO_TABLE.search(match["rest"])
    ]
