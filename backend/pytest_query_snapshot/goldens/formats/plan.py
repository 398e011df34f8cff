"""A plan as a golden: the planner, how it reads each table in words, then the operators as EXPLAIN shows them.

A plan holds for the version of the database that made it. On another version the words are compared: which tables
are read, and by which index.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pytest_query_snapshot.sql.diff.change import Action, Change, Kind

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pytest_query_snapshot.values.id_aliases import IdAliases


_PLANNER = "planner: "
_EVERY_ROW = "every row"
_OWN_INDEX = "an index made for this query"
_PRIMARY_KEY = "its primary key"
_INDEX_ALONE = ", from the index alone"
_NAME = r'"(?:[^"]|"")+"|[^\s"]+'
_TERMS = r" \([^()]*(?:\([^()]*\)[^()]*)*\)"
# SQLite does not quote names: a name ends where the rest of the line can be read
_SQLITE_INDEX = re.compile(
    r"^ *(?P<verb>SEARCH|SCAN) (?P<table>.+?)(?: EXISTS)?"
    r" USING (?:(?P<made>AUTOMATIC )?(?:PARTIAL )?(?P<only>COVERING )?INDEX(?: (?P<index>(?!\().+?))?"
    rf"|(?:INTEGER )?(?P<key>PRIMARY KEY))(?:{_TERMS})?(?: LEFT-JOIN)?$"
)
_SQLITE_TABLE = re.compile(r"^ *(?:SEARCH|SCAN) (?P<table>.+?)(?: EXISTS)?(?: LEFT-JOIN)?$")
_SQLITE_MEMBERS = re.compile(r"^ *USING INDEX (?P<index>.+) FOR IN-OPERATOR$", re.MULTILINE)
_SUBQUERY = re.compile(r"^ *(?:MATERIALIZE|CO-ROUTINE) (.+)$", re.MULTILINE)
_NO_TABLE = re.compile(r"(?:\d+ )?CONSTANT ROWS?$|.+ VIRTUAL TABLE INDEX ")
_NATIVE = re.compile(r"^ *->|^[A-Z][a-z]", re.MULTILINE)
_INDEX = re.compile(rf"\bIndex (?P<only>Only )?Scan(?: Backward)? using (?P<index>{_NAME}) on (?P<table>{_NAME})")
_SEQ = re.compile(rf"\bSeq Scan on (?P<table>{_NAME})")
_HEAP = re.compile(rf"\bBitmap Heap Scan on (?P<table>{_NAME})")
_BITMAP = re.compile(rf"\bBitmap Index Scan on (?P<index>{_NAME})")


@dataclass(frozen=True, slots=True)
class _Access:
    """A way to the rows of a table: by an index, or all of them; ``alone`` if the index holds all columns."""

    table: str
    index: str | None = None
    some: bool = False
    alone: bool = False

    @property
    def sentence(self) -> str:
        if self.index is None:
            return f"{self.table}: {_EVERY_ROW}"
        way = f"only rows found by {self.index}" if self.some else f"every row, in the order of {self.index}"
        return f"{self.table}: {way}{_INDEX_ALONE if self.alone else ''}"


def render(plan: str, identities: IdAliases, *, planner: str) -> str:
    """Return the text of a plan golden; ``planner`` is the database and its version, such as ``sqlite 3.40``."""
    return f"{_PLANNER}{planner}\n\n{in_words(plan)}\n\n{identities.in_text(plan)}"


def agrees_by_words(golden: str, received: str) -> bool:
    """Return whether plans of two planner versions read the same tables, in no way that the golden lacks.

    Whether an index alone answers, and whether the database makes an index of its own for one query, differs by
    version and is not compared.
    """
    planners = {_planner(golden), _planner(received)}
    if "" in planners or len(planners) == 1:
        return False
    known, found = _access_paths(golden), _access_paths(received)
    return found <= known and {table for table, _ in found} == {table for table, _ in known}


def _planner(golden: str) -> str:
    first, _, _ = golden.partition("\n")
    return first.removeprefix(_PLANNER) if first.startswith(_PLANNER) else ""


def _plan(golden: str) -> str:
    """Return what EXPLAIN showed: the last part of a golden, or all of it."""
    return golden.rsplit("\n\n", maxsplit=1)[-1]


def _access_paths(golden: str) -> set[tuple[str, str]]:
    """Return each table with the way that its rows are read."""
    _, words, *_ = golden.split("\n\n")
    found = (line.partition(": ") for line in words.splitlines())
    return {
        (table, _EVERY_ROW if _OWN_INDEX in way else way.removesuffix(_INDEX_ALONE)) for table, _, way in found
    }


def in_words(plan: str) -> str:
    """Describe for each table of a plan, as EXPLAIN shows it, how its rows are found; each way once, in order."""
    return "\n".join(dict.fromkeys(access.sentence for access in _accesses(plan))) or "no table is read"


def _accesses(plan: str) -> list[_Access]:
    return list(_native(plan) if _NATIVE.search(plan) else _sqlite(plan))


def _sqlite(plan: str) -> Iterator[_Access]:
    """Read the lines of EXPLAIN QUERY PLAN: a subquery's own rows, constant rows and functions are no tables."""
    made = set(_SUBQUERY.findall(plan))
    for line in plan.splitlines():
        by_index = _SQLITE_INDEX.match(line)
        match = by_index or _SQLITE_TABLE.match(line)
        if match is None or match["table"] in made or _NO_TABLE.match(match["table"]):
            continue
        if by_index is None:
            yield _Access(match["table"])
            continue
        index = _OWN_INDEX if match["made"] else _PRIMARY_KEY if match["key"] else match["index"]
        yield _Access(match["table"], index, some=match["verb"] == "SEARCH", alone=bool(match["only"]))


def _native(plan: str) -> Iterator[_Access]:
    lines = plan.splitlines()
    table = ""
    for number, line in enumerate(lines):
        if match := _HEAP.search(line):
            table = match["table"]
        elif match := _BITMAP.search(line):
            yield _Access(table, match["index"], some=_is_narrowed(lines, number))
        elif match := _INDEX.search(line):
            some = _is_narrowed(lines, number)
            yield _Access(match["table"], match["index"], some=some, alone=bool(match["only"]))
        elif match := _SEQ.search(line):
            yield _Access(match["table"])


def _is_narrowed(lines: list[str], number: int) -> bool:
    """Return whether an index is read in a range: its condition is among the lines that belong to the node."""
    for line in lines[number + 1 :]:
        if "->" in line:
            return False
        if "Index Cond:" in line:
            return True
    return False


def classify_plan(old: str, new: str) -> tuple[Change, ...]:
    """Classify what changed between two plans; a lost index and a new full scan are risks."""
    before, after = map(_plan, (old, new))
    found = (*_indexes(before, after), *_scans(old, new))
    if found or old == new:
        return found
    kind = Kind.FORMAT if old.split() == new.split() else Kind.PLAN
    return (Change(kind, Action.CHANGED, old, new),)


def _indexes(old: str, new: str) -> Iterator[Change]:
    before, after = Counter(_used(old)), Counter(_used(new))
    for name in before - after:
        if name not in after:
            yield Change(Kind.INDEX, Action.REMOVED, old=name)
    for name in after - before:
        if name not in before:
            yield Change(Kind.INDEX, Action.ADDED, new=name)


def _used(plan: str) -> list[str]:
    named = [access.index for access in _accesses(plan) if access.index not in {None, _OWN_INDEX}]
    return [index.removeprefix("its ") for index in (*named, *_SQLITE_MEMBERS.findall(plan)) if index]


def _scans(old: str, new: str) -> Iterator[Change]:
    before, after = (Counter(_scanned(_plan(golden))) for golden in (old, new))
    whole = [_read_whole(plan) for plan in (old, new)]
    for table in dict.fromkeys([*(after - before), *sorted(whole[1] - whole[0])]):
        yield Change(Kind.FULL_SCAN, Action.ADDED, new=table)
    for table in dict.fromkeys([*(before - after), *sorted(whole[0] - whole[1])]):
        yield Change(Kind.FULL_SCAN, Action.REMOVED, old=table)


def _read_whole(golden: str) -> set[str]:
    """List the tables of which every row is read, also in the order of an index, by the words and by the plan."""
    _, *parts = ["", golden] if not _planner(golden) else golden.split("\n\n")
    words = parts[0].splitlines() if len(parts) > 1 else []
    ways = (line.partition(": ") for line in (*words, *in_words(parts[-1]).splitlines()))
    return {table for table, _, way in ways if way.startswith(_EVERY_ROW) or _OWN_INDEX in way}


def _scanned(plan: str) -> list[str]:
    """The tables that are read from end to end; SQLite says SCAN .. USING INDEX when an index is."""
    return [access.table for access in _accesses(plan) if access.index is None]
