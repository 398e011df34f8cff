"""A plan as a golden: the planner, how it reads each table in words, then the operators as EXPLAIN shows them.

A plan holds for the version of the database that made it. On another version the words are compared: which tables
are read, and by which index.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from typing import TYPE_CHECKING

from pytest_query_snapshot.sql.diff.change import Action, Change, Kind

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pytest_query_snapshot.values.id_aliases import IdAliases


_PLANNER = "planner: "
_EVERY_ROW = "every row"
_OWN_INDEX = "an index made for this query"
_INDEX_ALONE = ", from the index alone"
_SQLITE = re.compile(
    r"^\s*(?P<verb>SEARCH|SCAN) (?P<table>[\w$.]+)(?: EXISTS)?"
    r"(?: USING (?P<kind>AUTOMATIC |)(?:PARTIAL )?(?P<only>COVERING )?INDEX (?P<index>[\w$.]+)?"
    r"| USING (?P<key>INTEGER PRIMARY KEY))?(?P<rest>.*)$"
)
_MADE = re.compile(r"\b(?:MATERIALIZE|CO-ROUTINE) (\S+)")
_NO_TABLE = re.compile(r"\d+ CONSTANT ROW|CONSTANT ROW|\S+ VIRTUAL TABLE")
_INDEX = re.compile(r"\bIndex (?P<only>Only )?Scan(?: Backward)? using (?P<index>\S+) on (?P<table>\S+)")
_NATIVE = re.compile(r"^ *->|^[A-Z][a-z]", re.MULTILINE)
_SEQ = re.compile(r"\bSeq Scan on (?P<table>\S+)")
_HEAP = re.compile(r"\bBitmap Heap Scan on (?P<table>\S+)")
_BITMAP = re.compile(r"\bBitmap Index Scan on (?P<index>\S+)")


def render(plan: str, identities: IdAliases, *, planner: str) -> str:
    """Return the text of a plan golden; ``planner`` is the database and its version, such as ``sqlite 3.40``."""
    return f"{_PLANNER}{planner}\n\n{in_words(plan)}\n\n{identities.in_text(plan)}"


def agrees_by_words(golden: str, received: str) -> bool:
    """Return whether plans of two planner versions read the same tables, in no way that the golden lacks.

    Whether an index alone answers, and whether the database makes an index of its own for one query, differs by
    version and is not compared.
    """
    if _planner(golden) in {"", _planner(received)}:
        return False
    known, found = _access_paths(golden), _access_paths(received)
    return found <= known and {table for table, _ in found} == {table for table, _ in known}


def _planner(golden: str) -> str:
    first, _, _ = golden.partition("\n")
    return first.removeprefix(_PLANNER) if first.startswith(_PLANNER) else ""


def _access_paths(golden: str) -> set[tuple[str, str]]:
    """Return each table with the way that its rows are read."""
    parts = golden.split("\n\n")
    found = (line.partition(": ") for line in parts[1 if _planner(golden) else 0].splitlines())
    return {
        (table, _EVERY_ROW if _OWN_INDEX in way else way.removesuffix(_INDEX_ALONE)) for table, _, way in found
    }


def in_words(plan: str) -> str:
    """Describe for each table of a plan, as EXPLAIN shows it, how its rows are found; each way once, in order."""
    found = _native(plan) if _NATIVE.search(plan) else _sqlite(plan)
    return "\n".join(dict.fromkeys(found)) or "no table is read"


def _sqlite(plan: str) -> Iterator[str]:
    made = set(_MADE.findall(plan))
    for line in plan.splitlines():
        match = _SQLITE.match(line)
        # a subquery's own rows, constant rows and table functions are no tables
        if match is None or match["table"] in made or _NO_TABLE.match(match["table"] + match["rest"]):
            continue
        index = match["index"] or ("its primary key" if match["key"] else None)
        if match["kind"]:
            index = _OWN_INDEX
        yield _sentence(match["table"], index, some=match["verb"] == "SEARCH", alone=bool(match["only"]))


def _native(plan: str) -> Iterator[str]:
    lines = plan.splitlines()
    table = ""
    for number, line in enumerate(lines):
        if match := _HEAP.search(line):
            table = match["table"]
        elif match := _BITMAP.search(line):
            yield _sentence(table, match["index"], some=_is_narrowed(lines, number), alone=False)
        elif match := _INDEX.search(line):
            some = _is_narrowed(lines, number)
            yield _sentence(match["table"], match["index"], some=some, alone=bool(match["only"]))
        elif match := _SEQ.search(line):
            yield _sentence(match["table"], None, some=False, alone=False)


def _is_narrowed(lines: list[str], number: int) -> bool:
    """Return whether an index is read in a range: its condition is among the lines that belong to the node."""
    for line in lines[number + 1 :]:
        if "->" in line:
            return False
        if "Index Cond:" in line:
            return True
    return False


def _sentence(table: str, index: str | None, *, some: bool, alone: bool) -> str:
    if index is None:
        return f"{table}: {_EVERY_ROW}"
    way = f"only rows found by {index}" if some else f"every row, in the order of {index}"
    return f"{table}: {way}{_INDEX_ALONE if alone else ''}"


_USED_INDEX = re.compile(
    r"\b(?:USING (?:AUTOMATIC )?(?:PARTIAL )?(?:COVERING )?INDEX|Index (?:Only )?Scan(?: Backward)? using"
    r"|Bitmap Index Scan on|using) (?P<index>[\w$\".]+)",
)
_PRIMARY = re.compile(r"\bUSING (?:INTEGER )?PRIMARY KEY")
_FULL = re.compile(r"(?:\bSeq Scan on (?:only )?|\bSCAN (?:TABLE )?)(?P<table>[\w$\".]+)(?P<rest>.*)")
_SUBQUERY = re.compile(r"\b(?:MATERIALIZE|CO-ROUTINE) (\S+)")
_NOT_A_TABLE = re.compile(r"INDEX|VIRTUAL TABLE|CONSTANT ROW", re.IGNORECASE)


def classify_plan(old: str, new: str) -> tuple[Change, ...]:
    """Classify what changed between two plans; a lost index and a new full scan are risks."""
    found = (*_indexes(old, new), *_scans(old, new))
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
    return [match["index"] for match in _USED_INDEX.finditer(plan)] + ["primary key"] * len(_PRIMARY.findall(plan))


def _scans(old: str, new: str) -> Iterator[Change]:
    before, after = Counter(_scanned(old)), Counter(_scanned(new))
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
    """The tables that are read from end to end; SQLite says SCAN .. USING INDEX when an index is.

    A subquery's own rows, constant rows and table functions are no tables.
    """
    made = set(_SUBQUERY.findall(plan))
    return [
        match["table"]
        for match in _FULL.finditer(plan)
        if match["table"] not in made
        and not match["table"].isdigit()
        and not _NOT_A_TABLE.search(match["table"] + match["rest"])
    ]
