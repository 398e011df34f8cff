"""One column of a table that is read for its state: how it is selected, and how its values are made.

Types that a driver can't hold (infinite dates, intervals of months, JSON null) are read as text.
"""

from __future__ import annotations

import datetime as dt
import json
import re
import uuid
from collections.abc import Callable
from dataclasses import dataclass, replace
from decimal import Decimal, InvalidOperation
from typing import Any

import sqlalchemy as sa

from pytest_query_snapshot.databases.schema.table_catalog import CatalogColumn, quoted
from pytest_query_snapshot.values.declared_types import declared_column
from pytest_query_snapshot.values.id_aliases import IdColumns
from pytest_query_snapshot.values.printing.printer import JSON_NULL, DatabaseText
from pytest_query_snapshot.values.table import Column

Convert = Callable[[Any], Any]


_JSON = frozenset({"json", "jsonb"})
_AS_THEY_ARE = frozenset(
    {"bool", "int2", "int4", "int8", "float4", "float8", "text", "varchar", "bpchar", "name", "bytea", "oid"}
)
_ARRAYS = frozenset({"bool", "int2", "int4", "int8", "float4", "float8", "text", "varchar", "uuid"})
# the codes by which SQLAlchemy tells decimals from floats
_NUMERIC_CODES = {"numeric": 1700, "float8": 701, "float4": 700, "int2": 21, "int4": 23, "int8": 20}
_INTERVAL = re.compile(r"(?:(-?\d+) days?)?\s*(?:(-?)(\d\d):(\d\d):(\d\d(?:\.\d+)?))?")
_HOURS_OF_A_DAY = 24
# what rounding to the scale of a column may take off a float: its noise
_NOISE = Decimal("1e-12")
_TYPES = {
    "bool": "boolean", "int2": "integer", "int4": "integer", "int8": "integer", "oid": "integer",
    "float4": "number", "float8": "number", "numeric": "number",
    "text": "text", "varchar": "text", "bpchar": "text",
    "uuid": "uuid", "bytea": "bytes", "json": "json", "jsonb": "json", "date": "date", "time": "time",
    "timestamp": "timestamp", "timestamptz": "timestamp", "interval": "interval",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class StateColumn:
    """A column, the expression that selects it, and what makes its values of what the driver returns."""

    shown: Column
    expression: str
    convert: Convert | None


def postgresql_column(
    column: CatalogColumn, mapped: sa.Column[Any] | None, dialect: sa.Dialect, columns: IdColumns
) -> StateColumn:
    """Describe a column of PostgreSQL."""
    name = quoted(column.name)
    convert = _POSTGRESQL_TEXTS.get(column.type)
    shown = _shown(column, mapped, columns, catalog_type=_TYPES.get(column.type))
    processor = _processor(mapped, dialect, type_code=_NUMERIC_CODES.get(column.element or column.type))
    if column.element is not None and column.element in _ARRAYS:
        return StateColumn(shown, _array(name), _chain(_json, processor))
    if column.element is not None and column.element in _JSON:
        return StateColumn(shown, _array(name, cast="::text[]"), _chain(_json_members, processor))
    if column.type == "interval":
        return StateColumn(shown, f"{name}::text", convert)
    if convert is not None:
        return StateColumn(shown, f"{name}::text", _chain(convert, processor))
    if column.type in _AS_THEY_ARE or column.is_enum:
        return StateColumn(shown, name, processor)
    return StateColumn(replace(shown, type=None), f"{name}::text", None)


def _array(name: str, *, cast: str = "") -> str:
    """Select an array as JSON; one whose first index is not 1 as the database writes it, with its indexes."""
    text = f"{name}::text"
    as_json = f"pg_catalog.to_json({name}{cast})::text"
    return f"CASE WHEN pg_catalog.left({text}, 1) = '[' THEN {text} ELSE {as_json} END"


def sqlite_column(
    column: CatalogColumn, mapped: sa.Column[Any] | None, dialect: sa.Dialect, columns: IdColumns
) -> StateColumn:
    """Describe a column of SQLite, whose values have types of their own."""
    kind = _implementation(mapped)
    convert = _processor(mapped, dialect)
    if isinstance(kind, sa.Numeric) and kind.asdecimal and mapped is not None and mapped.type is kind:
        convert = _exact_decimal(kind.scale)
    elif isinstance(kind, sa.JSON):
        convert = _json_or(convert)
    return StateColumn(_shown(column, mapped, columns, catalog_type=None), quoted(column.name), convert)


def plain_column(
    column: CatalogColumn, mapped: sa.Column[Any] | None, dialect: sa.Dialect, columns: IdColumns
) -> StateColumn:
    """Describe a column of another database."""
    expression = dialect.identifier_preparer.quote(column.name)
    convert = _processor(mapped, dialect)
    if isinstance(_implementation(mapped), sa.JSON):
        convert = _json_or(convert)
    return StateColumn(_shown(column, mapped, columns, catalog_type=None), expression, convert)


def _shown(
    column: CatalogColumn, mapped: sa.Column[Any] | None, columns: IdColumns, *, catalog_type: str | None
) -> Column:
    if mapped is None:
        return Column(column.name, catalog_type, aware=column.type == "timestamptz")
    return declared_column(column.name, mapped.type, (mapped,), columns)


def _implementation(mapped: sa.Column[Any] | None) -> Any:
    kind = mapped.type if mapped is not None else None
    return kind.impl_instance if isinstance(kind, sa.types.TypeDecorator) else kind


def _processor(
    mapped: sa.Column[Any] | None, dialect: sa.Dialect, *, type_code: int | None = None
) -> Convert | None:
    """Find what SQLAlchemy makes of a value of the driver."""
    if mapped is None:
        return None
    processor: Convert | None = mapped.type.dialect_impl(dialect).result_processor(dialect, type_code)
    return processor


def _chain(first: Convert | None, second: Convert | None) -> Convert | None:
    if first is None or second is None:
        return first or second

    def convert(value: Any) -> Any:
        read = first(value)
        # what could not be read keeps its text
        is_text = isinstance(read, DatabaseText) or (read is value and isinstance(value, str))
        return read if read is JSON_NULL or is_text else second(read)

    return convert


class _RepeatedKeyError(ValueError):
    """An object of JSON has a key twice."""


def _json(text: str | bytes) -> Any:
    """Read JSON with all that it says: numbers that no float holds are decimals, a key given twice stays text."""
    try:
        value = json.loads(text, object_pairs_hook=_object, parse_float=_number)
    except (RecursionError, _RepeatedKeyError):
        return DatabaseText(text if isinstance(text, str) else text.decode(), "json")
    return JSON_NULL if value is None else value


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise _RepeatedKeyError
    return found


def _number(text: str) -> float | Decimal:
    value, exact = float(text), Decimal(text)
    return value if Decimal(repr(value)) == exact else exact


def _json_members(text: str) -> Any:
    """Read an array, at any depth, of texts that are JSON; NULL is not the null of JSON."""
    return _each_json(json.loads(text))


def _each_json(member: Any) -> Any:
    if isinstance(member, list):
        return [_each_json(each) for each in member]
    return DatabaseText("NULL", "json") if member is None else _json(member)


def _json_or(convert: Convert | None) -> Convert:
    """Read JSON as its type does, but for null and for what the reader of that type would lose."""

    def read(value: Any) -> Any:
        if convert is None or not isinstance(value, (str, bytes)):
            return value if convert is None else convert(value)
        exact = _json(value)
        is_lossy = exact is JSON_NULL or isinstance(exact, DatabaseText) or exact != json.loads(value)
        return exact if is_lossy else convert(value)

    return read


def _exact_decimal(scale: int | None) -> Convert:
    """Read a decimal that SQLite keeps as a float: rounded to its scale if that takes off nothing but noise."""

    def read(value: Any) -> Any:
        if not isinstance(value, (int, float)):
            return Decimal(str(value))
        exact = Decimal(repr(value))
        if scale is None or not exact.is_finite():
            return value if isinstance(value, float) else exact
        try:
            rounded = round(exact, scale)
        except InvalidOperation:
            return exact
        return rounded if abs(exact - rounded) <= abs(exact) * _NOISE else exact

    return read


def _interval(text: str) -> Any:
    """Read an interval of days and hours; months, and a day less an hour, have no other form than their text."""
    match = _INTERVAL.fullmatch(text)
    if match is None or not text or int(match[3] or 0) >= _HOURS_OF_A_DAY or (match[1] and match[2]):
        return text
    sign = -1 if match[2] else 1
    seconds = int(match[3] or 0) * 3600 + int(match[4] or 0) * 60
    micros = int(Decimal(match[5] or 0) * 1_000_000)
    return dt.timedelta(days=int(match[1] or 0)) + sign * dt.timedelta(seconds=seconds, microseconds=micros)


def _parsed(read: Callable[[str], Any]) -> Convert:
    """Read a time; one that Python has not, such as infinity, keeps its text."""

    def convert(text: str) -> Any:
        try:
            return read(text)
        except ValueError:
            return text

    return convert


def _time(text: str) -> dt.time:
    """Read a time of day. Raises ValueError for 24:00: Python 3.14 reads it as midnight, which is another time."""
    if text.startswith("24"):
        raise ValueError(text)
    return dt.time.fromisoformat(text)


_POSTGRESQL_TEXTS: dict[str, Convert] = {
    "json": _json,
    "jsonb": _json,
    "date": _parsed(dt.date.fromisoformat),
    "time": _parsed(_time),
    "timetz": _parsed(_time),
    "timestamp": _parsed(dt.datetime.fromisoformat),
    "timestamptz": _parsed(dt.datetime.fromisoformat),
    "interval": _interval,
    "numeric": Decimal,
    "uuid": uuid.UUID,
}
