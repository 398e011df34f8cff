"""One value as text: the same for every driver, never to be mistaken for another value.

Values that are meant to read alike:

- floats that differ only beyond the twelfth significant digit; NaN and NaN with any bits
- numbers that a column declares: 5, 5.0 and Decimal("5.00"), or a Decimal and a float of the same digits
- an integer and the Decimal of the same digits: a sum is one or the other, by the driver
- a Decimal and a float of the same digits, where no column declares a type
- instants: the same one with another offset, shown in UTC; the `fold` of a naive one
- ids: `agent#1` stands for an integer key or a UUID, generated or not, also within a text; a UUID and its text
- a subclass of a plain type and that type: a StrEnum and its text, an OrderedDict and a dict
- records of one class and of another with the same fields; attributes that a class does not declare as fields
- a category and its text, the `attrs` of a frame, the name of a series or an index within another value
- a masked element of an array and None; the default of a `defaultdict`, the bound of a `deque`, the private
  attributes of a container of a subclass, and those of a pydantic model
- numbers of JSON with a fraction or an exponent, which drivers read as floats; states show what a float can't hold
- the entries of mappings and sets in another order, and a set and a frozenset
- bytes of more than 32 of the same length, beginning and 64 bits of SHA-256
"""

from __future__ import annotations

import datetime as dt
import enum
import uuid
from collections import UserString
from collections.abc import Callable, KeysView, Mapping, Sequence, ValuesView
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from hashlib import sha256
from typing import Any, TypeAlias

from sqlalchemy.util import symbol

from pytest_query_snapshot.values.frames import plain
from pytest_query_snapshot.values.id_aliases import IdAliases
from pytest_query_snapshot.values.printing.escaping import escape, quote, text_with_ids
from pytest_query_snapshot.values.printing.library_values import library_text
from pytest_query_snapshot.values.printing.nested import nested_text
from pytest_query_snapshot.values.printing.numbers import integer_text, number_text, untyped_number_text
from pytest_query_snapshot.values.printing.refusals import refuse
from pytest_query_snapshot.values.records import read_record
from pytest_query_snapshot.values.stored import stored_container, stored_scalar

_LONGEST_BYTES = 32
_MICROSECONDS = 1_000_000

RenderHook: TypeAlias = Callable[[object], str | None]


@dataclass(frozen=True, slots=True)
class Masked:
    """The place of a value that differs from run to run."""

    type: str


class JsonNull:
    """The JSON value null, which is not a missing value."""

    def __repr__(self) -> str:
        return "null"


JSON_NULL = JsonNull()


class DatabaseText:
    """A value as the database writes it, where Python has none for it: an interval with months, a key given twice.

    It is not a dataclass, which would be shown by its fields. type: the type that headers name.
    """

    __slots__ = ("text", "type")

    def __init__(self, text: str, kind: str) -> None:
        self.text = text
        self.type = kind

    def __eq__(self, other: object) -> bool:
        return isinstance(other, DatabaseText) and (self.text, self.type) == (other.text, other.type)

    def __hash__(self) -> int:
        return hash(self.text)


class Printer:
    """Writes values with aliases for the ids among them.

    quoted: whether texts are quoted; where a column holds nothing but texts they need not be.
    typed: whether numbers are of a declared type, so that 5 and 5.0 are the same.
    render: the project's own text of a value, or None.
    whole: refuse a value that has a state of its own beside what is written; a database takes no such state.
    """

    def __init__(
        self,
        identities: IdAliases,
        *,
        quoted: bool = True,
        typed: bool = True,
        render: RenderHook | None = None,
        whole: bool = True,
    ) -> None:
        self._whole = whole
        self.identities = identities
        self._form = "quoted" if quoted else "bare"
        self._typed = typed
        self._render = render

    def value(self, value: object, *, kind: str | None = None) -> str:
        """Write one value; `kind` names what it identifies where its column is known to hold ids.

        Raises UnprintableValueError.
        """
        writer = _WRITERS.get(type(value))
        if writer is not None:
            if kind is not None and type(value) is int:
                return self.identities.alias_for((kind, value), kind)
            return writer(self, value, kind)
        return self._other(value, kind)

    def json(self, value: object) -> str:
        """Write a JSON value, or any nested value, on one line with sorted keys."""
        return nested_text(value, leaf=self._leaf, open_up=self._open)

    def rendered(self, value: object) -> str | None:
        """Return the text that the project gives a value of its own type."""
        if self._render is None or type(value) in _WRITERS:
            return None
        return self._render(value)

    def _other(self, value: Any, kind: str | None) -> str:
        rendered = self.rendered(value)
        if rendered is not None:
            return f"{type(value).__name__}({escape(rendered)})"
        text = library_text(value, self.json)
        if text is not None:
            return text
        if not isinstance(value, enum.Enum) and read_record(value) is not None:
            return self.json(value)
        for base, inherited in _WRITERS.items():
            if isinstance(value, base):
                return inherited(self, stored_scalar(value, whole=self._whole), kind)
        converted = plain(value)
        return self.value(converted, kind=kind) if converted is not value else self.json(value)

    def _leaf(self, value: Any) -> str:
        """Write a value inside a nested one: as JSON does where JSON has it."""
        value = value if type(value) in _WRITERS else plain(value)
        if value is None:
            return "null"
        if isinstance(value, str):
            text = str(value.value) if isinstance(value, enum.Enum) else stored_scalar(value, whole=self._whole)
            return text_with_ids(text, self._name_uuid, form="json")
        if isinstance(value, (float, Decimal)):
            return untyped_number_text(stored_scalar(value, whole=self._whole))
        return self.value(value)

    def _open(self, value: Any) -> Any:
        """Return the container or record that a nested value is, or None for a leaf."""
        if self._is_leaf(value):
            return None
        record = read_record(value)
        if record is not None:
            return record
        value = stored_container(plain(value), whole=self._whole)
        if isinstance(value, (tuple, Mapping, AbstractSet)) or _is_sequence(value):
            return value
        raise refuse(value)

    def _is_leaf(self, value: Any) -> bool:
        if type(value) in _LEAVES or isinstance(value, enum.Enum):
            return True
        if type(value) in _CONTAINERS:
            return False
        if self.rendered(value) is not None or library_text(value, self.json) is not None:
            return True
        converted = plain(value)
        if converted is not value:
            return self._is_leaf(converted)
        return isinstance(value, _LEAVES) and read_record(value) is None

    def _name_uuid(self, value: uuid.UUID) -> str:
        return self.identities.alias_for(value, "id")

    def text(self, text: str, kind: str | None) -> str:
        """Write a text; one that is a dashed UUID and nothing else is an id."""
        return text_with_ids(text, lambda value: self.identities.alias_for(value, kind or "id"), form=self._form)

    def uuid(self, value: uuid.UUID, kind: str | None) -> str:
        """Write the alias of an id."""
        return self.identities.alias_for(value, kind or "id")

    def number(self, value: float | Decimal, _kind: str | None) -> str:
        """Write a number."""
        return number_text(value) if self._typed else untyped_number_text(value)

    def enum(self, value: enum.Enum, kind: str | None) -> str:
        """Write a member: a StrEnum is its text, others are named with their class."""
        if isinstance(value, str):
            return self.text(str(value.value), kind)
        name = f"{type(value).__name__}.{value.name}"
        return f"{name}({self._leaf(value.value)})" if isinstance(value, (int, float, bytes)) else name


def _is_sequence(value: object) -> bool:
    return isinstance(value, (Sequence, KeysView, ValuesView)) and not isinstance(value, UserString)


def instant(value: dt.datetime, *, aware: bool = False) -> str:
    """Write an instant in UTC, `2026-01-05 09:00:00Z`; a naive one without the Z unless it is declared aware."""
    if value.tzinfo is not None and value.utcoffset() is not None:
        try:
            return f"{_plain_instant(dt.datetime.astimezone(value, dt.UTC))}Z"
        except OverflowError:
            return dt.datetime.isoformat(value, sep=" ")
    zone = "" if value.tzinfo is None else f" {escape(str(value.tzinfo))}"
    return _plain_instant(value) + ("Z" if aware else zone)


def _plain_instant(value: dt.datetime) -> str:
    return dt.datetime.isoformat(dt.datetime.replace(value, tzinfo=None), sep=" ")


def _interval(value: dt.timedelta) -> str:
    """Write an interval in seconds, exact to the microsecond."""
    total = (value.days * 86_400 + value.seconds) * _MICROSECONDS + value.microseconds
    return f"{number_text(Decimal(total).scaleb(-6))} s"


def _time(value: dt.time) -> str:
    """Write a time of day; a zone that has no offset without a date is named."""
    if value.tzinfo is None or value.utcoffset() is not None:
        return dt.time.isoformat(value)
    return f"{dt.time.isoformat(value)} {escape(str(value.tzinfo))}"


def _bytes(_printer: Printer, value: Any, _kind: str | None) -> str:
    raw = bytes(value)
    if len(raw) <= _LONGEST_BYTES:
        return f"x'{raw.hex()}'"
    return f"x'{raw[:8].hex()}...' ({len(raw)} bytes, sha256 {sha256(raw).hexdigest()[:16]})"


def _complex(_printer: Printer, value: complex, _kind: str | None) -> str:
    real, imaginary = number_text(value.real), number_text(value.imag)
    return f"({real}{'' if imaginary.startswith('-') else '+'}{imaginary}j)"


def _nested(printer: Printer, value: Any, _kind: str | None) -> str:
    return printer.json(value)


# In the order in which a subclass is looked up: an enum of strings is an enum, a bool is also an int.
_WRITERS: dict[type, Callable[[Printer, Any, str | None], str]] = {
    type(None): lambda _printer, _value, _kind: "NULL",
    Masked: lambda _printer, value, _kind: f"<{value.type}>",
    JsonNull: lambda _printer, _value, _kind: "null",
    DatabaseText: lambda _printer, value, _kind: escape(value.text),
    enum.Enum: Printer.enum,
    bool: lambda _printer, value, _kind: "true" if value else "false",
    symbol: lambda _printer, value, _kind: value.name,  # JSON.NULL, an int that each process draws
    int: lambda _printer, value, _kind: integer_text(value),
    float: Printer.number,
    Decimal: Printer.number,
    str: Printer.text,
    uuid.UUID: Printer.uuid,
    dt.datetime: lambda _printer, value, _kind: instant(value),
    dt.date: lambda _printer, value, _kind: dt.date.isoformat(value),
    dt.time: lambda _printer, value, _kind: _time(value),
    dt.timedelta: lambda _printer, value, _kind: _interval(value),
    Fraction: lambda _printer, value, _kind: f"{integer_text(value.numerator)}/{integer_text(value.denominator)}",
    complex: _complex,
    bytes: _bytes,
    bytearray: _bytes,
    memoryview: _bytes,
    dict: _nested,
    list: _nested,
    tuple: _nested,
    set: _nested,
    frozenset: _nested,
}
_CONTAINERS = frozenset({dict, list, tuple, set, frozenset})
_LEAVES = tuple(known for known in _WRITERS if known not in _CONTAINERS and known is not enum.Enum)
__all__ = ["Masked", "Printer", "RenderHook", "escape", "instant", "quote"]
