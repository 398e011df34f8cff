"""Rows with their columns and their order, before they are printed."""

from __future__ import annotations

import datetime as dt
import enum
import uuid
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from functools import cache
from typing import Any

from sqlalchemy.util import symbol

from pytest_query_snapshot.values.frames import plain
from pytest_query_snapshot.values.printing.library_values import library_type
from pytest_query_snapshot.values.printing.printer import DatabaseText, JsonNull, Masked
from pytest_query_snapshot.values.records import read_record


@dataclass(frozen=True, slots=True)
class Column:
    """A column of what was received: its type on every database, and what it identifies if it holds ids.

    aware: whether its instants are declared with a time zone; those without one are in UTC then.
    rounded: whether it holds averages, which one database computes as floats and another as decimals.
    decorated: whether the project makes its own values of the declared type.
    key: the key of a mapping that the column shows, in a tuple; its name is that key as text.
    """

    name: str
    type: str | None = None
    owner: str | None = None
    sources: tuple[Any, ...] = field(default=(), compare=False)
    aware: bool = False
    rounded: bool = False
    decorated: bool = False
    key: tuple[object, ...] = ()


@dataclass(frozen=True, slots=True)
class RowOrder:
    """The order of rows: by the `keys` of a query, as `given` by a list, or not at all.

    `note` says what was handed over where it was not a list.

    `positions` are the columns that show the keys, in order; None where a key is not among the columns.
    """

    given: bool = False
    note: str = "as given"
    keys: tuple[str, ...] = ()
    positions: tuple[int, ...] | None = None


@dataclass(frozen=True, slots=True)
class Rows:
    """A received value.

    of_mappings: whether its columns are the keys of mappings, whose order does not count.
    """

    columns: tuple[Column, ...]
    rows: list[tuple[Any, ...]]
    order: RowOrder
    notes: tuple[str, ...] = ()
    of_mappings: bool = False


class Absent:
    """The place of a value that a ragged row or a record does not have."""

    def __repr__(self) -> str:
        return "ABSENT"


ABSENT = Absent()

# In the order in which a value is looked up: a bool is an int, an enum is a text, an instant is a date.
_TYPES: tuple[tuple[type | tuple[type, ...], str], ...] = (
    (uuid.UUID, "uuid"),
    (bool, "boolean"),
    (symbol, "symbol"),
    (str, "text"),
    (enum.Enum, "enum"),
    ((int, float, Decimal), "number"),
    (dt.datetime, "timestamp"),
    (dt.date, "date"),
    (dt.time, "time"),
    (dt.timedelta, "interval"),
    ((bytes, bytearray, memoryview), "bytes"),
    ((dict, list, tuple), "json"),
    ((set, frozenset), "set"),
    (Fraction, "fraction"),
    (complex, "complex"),
)


@cache
def type_name(python_type: type) -> str | None:
    """Name a type as headers do; None for one that has no name."""
    if python_type is int:
        return "integer"
    return next((name for known, name in _TYPES if issubclass(python_type, known)), None)


def value_type(value: Any) -> str:
    """Name the type of a value as headers do; records and types of the project go by the name of their class."""
    if isinstance(value, (Masked, DatabaseText)):
        return value.type
    if isinstance(value, JsonNull):
        return "json"
    cls: type = type(value)
    if cls.__module__ != "builtins":
        named = library_type(value)
        if named is not None:
            return named
        if not isinstance(value, enum.Enum) and read_record(value) is not None:
            return "json" if isinstance(value, tuple) else str(cls.__name__)
    name = "number" if cls is int else type_name(cls)
    if name is not None:
        return name
    converted = plain(value)
    return value_type(converted) if converted is not value else cls.__name__


def conforms(value: Any, declared: str) -> bool:
    """Return whether a value is of the declared type of its column."""
    found = value_type(value)
    if declared in {found, "json"}:
        return True
    if declared == "integer":
        return found == "number" and value == value and abs(value) != _INFINITY and value == int(value)  # noqa: PLR0124  not NaN
    return declared == "enum" and found == "text"


_INFINITY = float("inf")
