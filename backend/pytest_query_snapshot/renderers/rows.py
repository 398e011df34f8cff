"""Rows as a Markdown table without padding: one row, one line, so that an unchanged row never shows in a diff."""

from __future__ import annotations

import datetime as dt
import enum
import uuid
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cache
from itertools import groupby
from typing import TYPE_CHECKING, Any

from pytest_query_snapshot.renderers.bags import BagKey
from pytest_query_snapshot.renderers.identities import Identities, kind_from_name
from pytest_query_snapshot.renderers.values import Masked, Printer, number, untyped_text

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence


@dataclass(frozen=True, slots=True)
class Column:
    """A column of what was received: its type on every database, and what it identifies if it holds ids."""

    name: str
    type: str | None = None
    owner: str | None = None
    sources: tuple[Any, ...] = field(default=(), compare=False)


@dataclass(frozen=True, slots=True)
class Order:
    """How rows are ordered: by the `keys` of a query, as `given` by a list, or not at all.

    `positions` are the columns that show the keys, in order; None where a key is not among the columns.
    """

    given: bool = False
    keys: tuple[str, ...] = ()
    positions: tuple[int, ...] | None = None


@dataclass(frozen=True, slots=True)
class Rows:
    """What was received."""

    columns: tuple[Column, ...]
    rows: list[tuple[Any, ...]]
    order: Order


def render(received: Rows, identities: Identities) -> str:
    """Write rows as the text of a rows golden."""
    types = [_type(column, [row[at] for row in received.rows]) for at, column in enumerate(received.columns)]
    rows = [tuple(map(_settle, row, types)) for row in received.rows]
    rows, order = _arrange(rows, received)
    bare, quoted = Printer(identities, quoted=False), Printer(identities)
    printers = [bare if kind == "text" else quoted for kind in types]
    kinds = [
        column.owner or (kind_from_name(column.name) if kind == "uuid" else None)
        for column, kind in zip(received.columns, types, strict=True)
    ]
    lines = [
        f"order: {order}",
        "",
        _line(f"{_cell(column.name)} {kind}" for column, kind in zip(received.columns, types, strict=True)),
        "|" + "---|" * len(types),
    ]
    for row in rows:
        cells = zip(printers, row, types, kinds, strict=True)
        lines.append(_line(_cell(_print(printer, *cell)) for printer, *cell in cells))
    if not rows:
        lines.extend(("", "no rows"))
    return "\n".join(lines) + "\n"


def _line(cells: Iterable[str]) -> str:
    return "| " + " | ".join(cells) + " |"


def _cell(text: str) -> str:
    return text.replace("|", "\\|")


def _print(printer: Printer, value: Any, kind: str, owner: str | None) -> str:
    if value is not None and kind == "json":
        return printer.json(value)
    if kind == "integer" and isinstance(value, Decimal) and value == int(value):
        value = int(value)
    return printer.value(value, kind=owner)


# In the order in which a value is looked up: a bool is an int, an enum is a text, an instant is a date.
_TYPES: tuple[tuple[type | tuple[type, ...], str], ...] = (
    (uuid.UUID, "uuid"),
    (bool, "boolean"),
    ((str, enum.Enum), "text"),
    ((int, float, Decimal), "number"),
    (dt.datetime, "timestamp"),
    (dt.date, "date"),
    (dt.time, "time"),
    (dt.timedelta, "interval"),
    ((bytes, bytearray, memoryview), "bytes"),
    ((dict, list, tuple), "json"),
)


@cache
def type_name(python_type: type) -> str | None:
    """Name a type as headers do; None for one that has no name."""
    if python_type is int:
        return "integer"
    return next((name for known, name in _TYPES if issubclass(python_type, known)), None)


def _type(column: Column, values: Sequence[Any]) -> str:
    """Take the declared type; where there is none, or values belie it, what the values are."""
    found = {value_type(value) for value in values if value is not None}
    declared = column.type
    if declared == "json" or (declared is not None and not found):
        return declared
    if not found:
        return "unknown"
    if len(found) > 1:
        return "mixed"
    (only,) = found
    if declared == "integer" and only == "number":
        return declared
    return only


def value_type(value: Any) -> str:
    """Name the type of a value as headers do."""
    if isinstance(value, Masked):
        return value.type
    if isinstance(value, str) and type(value) is str and not isinstance(untyped_text(value), str):
        return "uuid"
    return next((name for known, name in _TYPES if isinstance(value, known)), "other")


def _settle(value: Any, kind: str) -> Any:
    return untyped_text(value) if kind == "uuid" and isinstance(value, str) else value


def _arrange(rows: list[tuple[Any, ...]], received: Rows) -> tuple[list[tuple[Any, ...]], str]:
    """Put rows that the query leaves in no particular order into one that does not depend on the database."""
    order = received.order
    if order.given:
        return rows, "as given"
    if not order.keys:
        return sorted(rows, key=BagKey(received.columns).refined(rows)), "none, compared as a bag"
    stated = ", ".join(order.keys)
    if order.positions is None:
        return rows, f"{stated} (not all shown)"
    arranged: list[tuple[Any, ...]] = []
    ties: list[str] = []
    positions = order.positions
    for _, tied in groupby(rows, key=lambda row: tuple(_comparable(row[at]) for at in positions)):
        group = list(tied)
        if len(group) > 1:
            group.sort(key=BagKey(received.columns).refined(rows))
        if any(row != group[0] for row in group):
            ties.append(f"{len(arranged) + 1}-{len(arranged) + len(group)}")
        arranged.extend(group)
    return arranged, f"{stated}; ties in rows {', '.join(ties)}" if ties else stated


def _comparable(value: Any) -> Any:
    return number(value) if isinstance(value, (float, Decimal)) else str(value)
