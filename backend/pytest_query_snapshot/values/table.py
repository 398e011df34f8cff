"""Rows with their columns and their order, before they are printed."""

from __future__ import annotations

import datetime as dt
import enum
import uuid
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cache
from typing import Any

from pytest_query_snapshot.values.printer import Masked, untyped_text


@dataclass(frozen=True, slots=True)
class Column:
    """A column of what was received: its type on every database, and what it identifies if it holds ids."""

    name: str
    type: str | None = None
    owner: str | None = None
    sources: tuple[Any, ...] = field(default=(), compare=False)


@dataclass(frozen=True, slots=True)
class RowOrder:
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
    order: RowOrder


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


def value_type(value: Any) -> str:
    """Name the type of a value as headers do."""
    if isinstance(value, Masked):
        return value.type
    if isinstance(value, str) and type(value) is str and not isinstance(untyped_text(value), str):
        return "uuid"
    return next((name for known, name in _TYPES if isinstance(value, known)), "other")
