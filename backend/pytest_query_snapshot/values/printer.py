"""One value as text: the same for every driver, never to be mistaken for another value."""

from __future__ import annotations

import datetime as dt
import enum
import json
import math
import re
import uuid
from dataclasses import dataclass
from decimal import Decimal
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from pytest_query_snapshot.errors import UnprintableValueError
from pytest_query_snapshot.values.id_aliases import IdAliases, as_uuid

if TYPE_CHECKING:
    from collections.abc import Callable

DIGITS = 12
# Sums of floats leave noise around zero, whose digits depend on the order of summation.
NOISE = 1e-15
# Whole numbers up to here are exact in a float too.
WHOLE = 10**15
_PLAIN_EXPONENTS = range(-7, 16)
_LONGEST_BYTES = 32
_RESERVED = frozenset({"", "NULL", "true", "false", "NaN", "Infinity", "-Infinity"})
_LOOKS_LIKE_ID = re.compile(r"\w+#s?\d+")
_LOOKS_LIKE_MORE = re.compile(r"\w+#s?\d+|<\w+>")
_ESCAPES = {"\\": "\\\\", "\n": "\\n", "\r": "\\r", "\t": "\\t"}
_NEEDS_ESCAPE = re.compile(r"[\\\x00-\x1f\x7f-\xa0\xad\u200b-\u200f\u2028-\u202f\u2060-\u206f\ufeff\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class Masked:
    """What stands for a value that differs from run to run."""

    type: str


def number(value: float | Decimal) -> str:
    """Write a number with 12 significant digits: the same for 0.1 + 0.2, Decimal("0.30") and 0.3."""
    if not math.isfinite(value):
        return str(float(value)).replace("nan", "NaN").replace("inf", "Infinity")
    magnitude = abs(float(value))
    if magnitude < NOISE:
        return "0"
    if magnitude < WHOLE and value == int(value):
        return str(int(value))
    mantissa, _, exponent = format(value, f".{DIGITS - 1}e").partition("e" if isinstance(value, float) else "E")
    if not exponent:
        mantissa, _, exponent = mantissa.partition("e")
    sign = "-" if mantissa.startswith("-") else ""
    digits = mantissa.lstrip("-").replace(".", "").rstrip("0")
    return sign + _place_point(digits, int(exponent))


def _place_point(digits: str, exponent: int) -> str:
    if exponent not in _PLAIN_EXPONENTS:
        fraction = f".{digits[1:]}" if len(digits) > 1 else ""
        return f"{digits[0]}{fraction}e{exponent:+03d}"
    if exponent < 0:
        return "0." + "0" * (-exponent - 1) + digits
    whole = digits[: exponent + 1].ljust(exponent + 1, "0")
    return f"{whole}.{digits[exponent + 1 :]}" if len(digits) > exponent + 1 else whole


def instant(value: dt.datetime) -> str:
    """Write an instant in UTC, `2026-01-05 09:00:00Z`; a naive one without the Z."""
    zone = ""
    if value.tzinfo is not None:
        value, zone = value.astimezone(dt.UTC).replace(tzinfo=None), "Z"
    return value.isoformat(sep=" ") + zone


def escape(text: str) -> str:
    """Make every invisible character of a text visible, on one line."""
    if text.isprintable() and "\\" not in text:
        return text
    return _NEEDS_ESCAPE.sub(lambda match: _ESCAPES.get(match[0]) or _code_point(match[0]), text)


def _code_point(character: str) -> str:
    code = ord(character)
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}"  # noqa: PLR2004  what two digits hold


def quote(text: str) -> str:
    """Write a text between quotes, as SQL does."""
    return "'" + escape(text).replace("'", "''") + "'"


def bare(text: str) -> str:
    """Write a text without quotes where nothing else could be meant."""
    if text in _RESERVED or text[0] in "' " or text[-1] == " " or _LOOKS_LIKE_MORE.fullmatch(text):
        return quote(text)
    return escape(text)


class Printer:
    """Writes values, and names the ids among them."""

    def __init__(self, identities: IdAliases, *, quoted: bool = True) -> None:
        self.identities = identities
        self._quoted = quoted

    def value(self, value: object, *, kind: str | None = None) -> str:
        """Write one value; `kind` names what it identifies where its column is known to hold ids."""
        writer = _WRITERS.get(type(value))
        if writer is not None:
            if kind is not None and type(value) is int:
                return self.identities.alias_for((kind, value), kind)
            return writer(self, value, kind)
        for base, inherited in _WRITERS.items():
            if isinstance(value, base):
                return inherited(self, value, kind)
        return self._other(value)

    def json(self, value: object) -> str:  # noqa: PLR0911  one line for each thing that JSON has
        """Write a JSON value on one line with sorted keys."""
        if isinstance(value, dict):
            items = sorted((str(key), item) for key, item in value.items()) if value else []
            return "{" + ", ".join(f"{self._json_text(key)}: {self.json(item)}" for key, item in items) + "}"
        if isinstance(value, (list, tuple)):
            return "[" + ", ".join(map(self.json, value)) + "]"
        if value is None:
            return "null"
        if isinstance(value, str) and not isinstance(value, enum.Enum):
            return self._json_text(value)
        if isinstance(value, float):
            return number(value) if value != int_or_none(value) else f"{number(value)}.0"
        if isinstance(value, int):
            return "true" if value is True else "false" if value is False else str(int(value))
        return self.value(value)

    def _json_text(self, text: str) -> str:
        return escape_invisible(json.dumps(self.identities.in_text(text), ensure_ascii=False))

    def _text(self, text: str, _kind: str | None) -> str:
        named = self.identities.in_text(text)
        if named != text and _LOOKS_LIKE_ID.fullmatch(named):
            return named
        return quote(named) if self._quoted else bare(named)

    def _uuid(self, value: uuid.UUID, kind: str | None) -> str:
        return self.identities.alias_for(value, kind or "id")

    def _other(self, value: object) -> str:
        if hasattr(value, "isoformat") or type(value).__module__.startswith(("psycopg", "ipaddress")):
            return quote(str(value))
        raise UnprintableValueError(value=value)


def int_or_none(value: float) -> int | None:
    """Return the whole number that a float is, if it is one."""
    return int(value) if math.isfinite(value) and value == int(value) else None


def escape_invisible(text: str) -> str:
    """Make the characters visible that JSON lets through."""
    if text.isprintable():
        return text
    return _NEEDS_ESCAPE.sub(lambda match: match[0] if match[0] == "\\" else _code_point(match[0]), text)


def untyped_text(text: str) -> uuid.UUID | str:
    """Read a text of unknown type: SQLite has no UUIDs, only their digits."""
    return as_uuid(text) or text


def _enum(printer: Printer, value: Any, _kind: str | None) -> str:
    return printer.value(str(value.value) if issubclass(type(value), str) else value.name)


def _bytes(_printer: Printer, value: Any, _kind: str | None) -> str:
    raw = bytes(value)
    if len(raw) <= _LONGEST_BYTES:
        return f"x'{raw.hex()}'"
    return f"x'{raw[:8].hex()}...' ({len(raw)} bytes, sha256 {sha256(raw).hexdigest()[:16]})"


# In the order in which a subclass is looked up: an enum of strings is an enum, a bool is no int.
_WRITERS: dict[type, Callable[[Printer, Any, str | None], str]] = {
    type(None): lambda _printer, _value, _kind: "NULL",
    Masked: lambda _printer, value, _kind: f"<{value.type}>",
    enum.Enum: _enum,
    bool: lambda _printer, value, _kind: "true" if value else "false",
    int: lambda _printer, value, _kind: str(int(value)),
    float: lambda _printer, value, _kind: number(value),
    Decimal: lambda _printer, value, _kind: number(value),
    str: Printer._text,  # noqa: SLF001  the table of its own writers
    uuid.UUID: Printer._uuid,  # noqa: SLF001
    dt.datetime: lambda _printer, value, _kind: instant(value),
    dt.date: lambda _printer, value, _kind: value.isoformat(),
    dt.time: lambda _printer, value, _kind: value.isoformat(),
    dt.timedelta: lambda _printer, value, _kind: f"{number(value.total_seconds())} s",
    bytes: _bytes,
    bytearray: _bytes,
    memoryview: _bytes,
    dict: lambda printer, value, _kind: printer.json(value),
    list: lambda printer, value, _kind: printer.json(value),
    tuple: lambda printer, value, _kind: printer.json(value),
    set: lambda printer, value, _kind: "{" + ", ".join(sorted(map(printer.value, value))) + "}",
    frozenset: lambda printer, value, _kind: "{" + ", ".join(sorted(map(printer.value, value))) + "}",
}
