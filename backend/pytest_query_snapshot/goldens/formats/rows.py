"""Rows as a Markdown table without padding: one row, one line, so that an unchanged row never shows in a diff.

Compare two tables of rows: by key, cell by cell.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import combinations, groupby
from typing import TYPE_CHECKING, Any

from pytest_query_snapshot.sql.diff.change import Action, Change, Kind
from pytest_query_snapshot.values.id_aliases import IdAliases
from pytest_query_snapshot.values.printing.cells import CellPrinter, column_type
from pytest_query_snapshot.values.printing.escaping import key_text
from pytest_query_snapshot.values.printing.numbers import number_text
from pytest_query_snapshot.values.printing.printer import Masked
from pytest_query_snapshot.values.table import Column, Rows
from pytest_query_snapshot.values.unordered_rows import UnorderedSortKey, in_alias_order

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from pytest_query_snapshot.values.printing.printer import RenderHook


def render(received: Rows, identities: IdAliases, *, render_value: RenderHook | None = None) -> str:
    """Write rows as the text of a rows golden. Raises UnprintableValueError."""
    rows, order = _arrange(received.rows, received)
    printers: list[CellPrinter] = []
    holds_ids = False
    for at, column in enumerate(received.columns):
        values = [row[at] for row in rows]
        kind = column_type(column, values)
        printers.append(CellPrinter(column, kind, identities=identities, render=render_value))
        holds_ids = holds_ids or printers[-1].may_hold_ids(values)
    if holds_ids:
        _number_ids(rows, received.columns, printers, identities)
    lines = [
        f"order: {order}",
        *received.notes,
        "",
        _line(f"{_cell(printer.header())} {printer.type}" for printer in printers),
        "|" + "---|" * len(printers),
        *_lines(rows, printers),
    ]
    if not rows:
        lines.extend(("", "no rows"))
    return "\n".join(lines) + "\n"


def with_columns_of(golden: str | None, received: Rows) -> Rows:
    """Return rows of mappings with their columns in the order of a golden, if it has the same ones."""
    keys = [column.key[0] for column in received.columns]
    places = {key_text(key): at for at, key in enumerate(keys) if isinstance(key, str)}
    stored = read_table(golden).names if golden is not None else ()
    if len(places) < len(keys) or len(stored) != len(keys) or places.keys() != set(stored):
        return received
    order = [places[name] for name in stored]
    rows = [tuple(row[at] for at in order) for row in received.rows]
    return replace(received, columns=tuple(received.columns[at] for at in order), rows=rows)


def _lines(rows: Sequence[tuple[Any, ...]], printers: Sequence[CellPrinter]) -> Iterator[str]:
    """Write the rows in blocks: a column whose values are plain in one is written in one piece.

    The other cells follow row by row, as the ids in texts are numbered.
    """
    for start in range(0, len(rows), _BLOCK):
        block = rows[start : start + _BLOCK]
        columns = zip(*block, strict=True)
        plain = [printer.plain_cells(values) for printer, values in zip(printers, columns, strict=True)]
        written = [cells for cells in plain if cells is not None]
        if written and len(written) == len(plain):
            yield from map(_line, zip(*written, strict=True))
            continue
        for number, row in enumerate(block):
            yield _line(
                _cell(printer.cell(value)) if cells is None else cells[number]
                for printer, value, cells in zip(printers, row, plain, strict=True)
            )


_BLOCK = 1000


def _line(cells: Iterable[str]) -> str:
    return "| " + " | ".join(cells) + " |"


def _cell(text: str) -> str:
    return text.replace("|", "\\|")


def _number_ids(
    rows: Sequence[tuple[Any, ...]],
    columns: Sequence[Column],
    printers: Sequence[CellPrinter],
    identities: IdAliases,
) -> None:
    """Give aliases to the ids of all rows, in an order that does not depend on that of the rows."""
    by_content = sorted(rows, key=UnorderedSortKey(columns).refined(rows))
    ids = [
        found
        for row in by_content
        for printer, value in zip(printers, row, strict=True)
        if (found := printer.identity(value)) is not None
    ]
    identities.assign(in_alias_order(ids))


def _arrange(rows: list[tuple[Any, ...]], received: Rows) -> tuple[list[tuple[Any, ...]], str]:
    """Put rows that the query leaves in no particular order into one that does not depend on the database."""
    order = received.order
    if order.given:
        return rows, order.note
    if not order.keys:
        return sorted(rows, key=UnorderedSortKey(received.columns).refined(rows)), "none, compared as a bag"
    stated = ", ".join(order.keys)
    if order.positions is None:
        return rows, f"{stated} (not all shown)"
    return _with_ties_sorted(rows, received, order.positions, stated)


def _with_ties_sorted(
    rows: list[tuple[Any, ...]], received: Rows, positions: tuple[int, ...], stated: str
) -> tuple[list[tuple[Any, ...]], str]:
    """Sort rows of equal sort keys by content. Keys that are masked may or may not be equal."""
    arranged: list[tuple[Any, ...]] = []
    ties: list[str] = []
    masked = any(isinstance(row[at], Masked) for row in rows for at in positions)
    for _, tied in groupby(rows, key=lambda row: tuple(_comparable(row[at]) for at in positions)):
        group = list(tied)
        if len(group) > 1:
            group.sort(key=UnorderedSortKey(received.columns).refined(rows))
        if not masked and any(row != group[0] for row in group):
            ties.append(f"{len(arranged) + 1}-{len(arranged) + len(group)}")
        arranged.extend(group)
    if masked:
        return arranged, f"{stated} (masked)"
    return arranged, f"{stated}; ties in rows {', '.join(ties)}" if ties else stated


def _comparable(value: Any) -> Any:
    return number_text(value) if isinstance(value, (float, Decimal)) else str(value)


_IDENTITY = re.compile(r"[a-z_][\w.]*#s?\d+")
_WIDEST_KEY_SEARCH = 6
"""Pairs of columns are tried as keys among this many; rows that need three columns are compared whole."""
_MAX_REPORTED = 200


@dataclass(frozen=True, slots=True)
class Table:
    """A rows golden: how it is ordered, its columns with their types, its rows as text."""

    order: str
    columns: tuple[tuple[str, str], ...]
    rows: tuple[tuple[str, ...], ...]

    @property
    def names(self) -> tuple[str, ...]:
        """The names of the columns."""
        return tuple(name for name, _ in self.columns)


def read_table(golden: str) -> Table:
    """Read a rows golden; lines outside the table are its order or ignored."""
    order = ""
    lines: list[tuple[str, ...]] = []
    for line in golden.splitlines():
        if line.startswith("order: ") and not lines:
            order = line.removeprefix("order: ")
        elif line.startswith("|"):
            lines.append(_cells(line))
    header = lines[0] if lines else ()
    body = tuple(lines[2:])  # below the line that parts the header from the rows
    columns = tuple((name, kind) for name, _, kind in (cell.rpartition(" ") for cell in header))
    return Table(order=order, columns=columns, rows=body)


def _cells(line: str) -> tuple[str, ...]:
    r"""Cut a table line at its bars; ``\|`` is a bar within a cell."""
    inner = line.strip().removeprefix("|")
    inner = inner[:-1] if inner.endswith("|") and not inner.endswith("\\|") else inner
    return tuple(cell.strip().replace("\\|", "|") for cell in re.split(r"(?<!\\)\|", inner))


def classify_rows(old: str, new: str) -> tuple[Change, ...]:
    """Classify what changed between two rows goldens."""
    before, after = read_table(old), read_table(new)
    found = (*_columns(before, after), *_order_line(before, after), *_rows(before, after))
    if found:
        return found
    if before == after and old.split() == new.split():
        return (Change(Kind.FORMAT),)
    return (Change(Kind.OTHER, old=old, new=new),)


def _columns(before: Table, after: Table) -> Iterator[Change]:
    old, new = dict(before.columns), dict(after.columns)
    lost = [name for name in old if name not in new]
    gained = [name for name in new if name not in old]
    renamed = len(before.columns) == len(after.columns) and len(lost) == len(gained)
    if renamed and [n for n in before.names if n in new] == [n for n in after.names if n in old]:
        for old_name, new_name in zip(lost, gained, strict=True):
            yield Change(Kind.COLUMN, Action.CHANGED, old_name, new_name)
    else:
        yield from (Change(Kind.COLUMN, Action.REMOVED, old=name) for name in lost)
        yield from (Change(Kind.COLUMN, Action.ADDED, new=name) for name in gained)
    common = [name for name in before.names if name in new]
    if common != [name for name in after.names if name in old]:
        yield Change(Kind.COLUMN, Action.MOVED, ", ".join(before.names), ", ".join(after.names))
    for name in dict.fromkeys(common):
        if old[name] != new[name]:
            yield Change(Kind.TYPE, Action.CHANGED, old[name], new[name], where=name)


def _order_line(before: Table, after: Table) -> Iterator[Change]:
    old, new = (table.order.partition("; ties")[0] for table in (before, after))
    if old != new:
        yield Change(Kind.ROW_ORDER, Action.CHANGED, before.order, after.order, where="order")


def _rows(before: Table, after: Table) -> Iterator[Change]:
    """Match the rows by their best key, then tell what differs."""
    common = [name for name in before.names if name in after.names]
    if len(set(common)) != len(common) or not common:
        common = []
    old = _project(before, common)
    new = _project(after, common)
    key = _best_key(old, new, len(common))
    there, here = _keyed(old, key), _keyed(new, key)
    same_ids = _id_map([(there[k], here[k]) for k in there if k in here])
    yield from _other_ids(same_ids)
    reported = 0
    for place in there:
        if place not in here and reported < _MAX_REPORTED:
            reported += 1
            yield Change(Kind.ROW, Action.REMOVED, old=_written(there[place]))
    for place, row in here.items():
        if place not in there:
            if reported < _MAX_REPORTED:
                reported += 1
                yield Change(Kind.ROW, Action.ADDED, new=_written(row))
            continue
        for name, a, b in zip(common, there[place], row, strict=False):
            if a != b and same_ids.get(a) != b and reported < _MAX_REPORTED:
                reported += 1
                yield Change(Kind.CELL, Action.CHANGED, a, b, where=f"{name} of {_place(place, common, key)}")
    shared_old = [place for place in there if place in here]
    shared_new = [place for place in here if place in there]
    if shared_old != shared_new:
        yield Change(Kind.ROW_ORDER, Action.CHANGED, _sequence(shared_old), _sequence(shared_new))


def _project(table: Table, names: list[str]) -> list[tuple[str, ...]]:
    places = [table.names.index(name) for name in names]
    if not places:
        return list(table.rows)
    return [tuple(row[place] if place < len(row) else "" for place in places) for row in table.rows]


def _best_key(old: list[tuple[str, ...]], new: list[tuple[str, ...]], width: int) -> tuple[int, ...]:
    """Choose the columns that distinguish rows and leave the fewest differences; all columns where none do."""
    singles = [(place,) for place in range(width)]
    pairs = list(combinations(range(min(width, _WIDEST_KEY_SEARCH)), 2))
    best: tuple[int, ...] = tuple(range(width))
    most = -1
    for key in [*singles, *pairs]:
        there, here = ({tuple(row[p] for p in key): row for row in rows} for rows in (old, new))
        if len(there) != len(old) or len(here) != len(new):
            continue
        equal = sum(a == b for k, row in there.items() if k in here for a, b in zip(row, here[k], strict=False))
        if equal > most:
            best, most = key, equal
    return best


def _keyed(rows: list[tuple[str, ...]], key: tuple[int, ...]) -> dict[tuple[str, ...], tuple[str, ...]]:
    """Index rows by their key; equal keys are numbered."""
    found: dict[tuple[str, ...], tuple[str, ...]] = {}
    seen: dict[tuple[str, ...], int] = {}
    for row in rows:
        place = tuple(row[p] for p in key) if key else row
        seen[place] = seen.get(place, 0) + 1
        found[place if seen[place] == 1 else (*place, f"({seen[place]})")] = row
    return found


def _id_map(pairs: list[tuple[tuple[str, ...], tuple[str, ...]]]) -> dict[str, str]:
    """Map ``agent#1`` to ``agent#2`` where that holds in every matched row: numbers come from first appearance."""
    there: dict[str, str] = {}
    back: dict[str, str] = {}
    wrong: set[str] = set()
    for a, b in ((a, b) for old, new in pairs for a, b in zip(old, new, strict=False)):
        if not (_IDENTITY.fullmatch(a) and _IDENTITY.fullmatch(b)) or a.split("#")[0] != b.split("#")[0]:
            continue
        if there.setdefault(a, b) != b or back.setdefault(b, a) != a:
            wrong |= {a, back.get(b, a)}
    return {a: b for a, b in there.items() if a not in wrong}


def _other_ids(same_ids: dict[str, str]) -> Iterator[Change]:
    """Yield that ids have other numbers, once for all of them: a number says which row it is."""
    for a, b in [each for each in same_ids.items() if each[0] != each[1]][:1]:
        yield Change(Kind.CELL, Action.CHANGED, a, b, where="ids: other rows, or other numbers of the same")


def _written(row: tuple[str, ...]) -> str:
    return "| " + " | ".join(row) + " |"


def _place(place: tuple[str, ...], names: list[str], key: tuple[int, ...]) -> str:
    if not key or len(key) == len(names):
        return "row " + " | ".join(place)
    return ", ".join(f"{names[p]} {value}" for p, value in zip(key, place, strict=False))


def _sequence(places: list[tuple[str, ...]]) -> str:
    return ", ".join(" ".join(place) for place in places[:12]) + (" ..." if len(places) > 12 else "")  # noqa: PLR2004  a line
