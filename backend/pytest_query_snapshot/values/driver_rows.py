"""Values that libraries make equal on the way from the database, distinguished by what the driver read.

SQLAlchemy, or the driver itself, makes None of JSON null and of SQL NULL, and psycopg counts a month as 30 days.
The rows of a result that is read here are compared with those of its cursor. Of what the test has read itself,
`recording.json_nulls` knows the nulls; nothing tells months from days there any more.
"""

from __future__ import annotations

import operator
from collections.abc import Sequence
from itertools import repeat
from typing import TYPE_CHECKING, Any, cast

import sqlalchemy as sa
from sqlalchemy.engine import MappingResult, Result, Row, ScalarResult
from sqlalchemy.engine.result import FilterResult

from pytest_query_snapshot.values.column_origins import json_places, null_for
from pytest_query_snapshot.values.declared_types import implementation
from pytest_query_snapshot.values.printing.printer import JSON_NULL, DatabaseText

if TYPE_CHECKING:
    from pytest_query_snapshot.values.column_origins import NullsOf

_JSON_CODES = frozenset({114, 3802})
_INTERVAL_CODES = {1186: "interval", 1187: "json"}
"""The codes of intervals and of their arrays, with the type that headers name."""
_MONTHS = (b"mon", b"year")


def fetch_all(received: Any, *, nulls_of: NullsOf | None = None) -> list[Any]:
    """Read a Result to its end, which may execute further statements; other values need no reading.

    nulls_of: the kinds of nulls that a column was seen to hold, for rows that SQLAlchemy has fetched before.

    Raises:
        UnprintableValueError: None stands for JSON null and for SQL NULL in one column of such rows.
    """
    if not isinstance(received, (Result, FilterResult)):
        return []
    source: Any = _cursor_result(received)
    cursor = getattr(source, "cursor", None)
    if cursor is None:
        return list(cast("Result[Any]", received).all())
    entries = getattr(getattr(source.context, "compiled", None), "_result_columns", None) or ()
    source.cursor = kept = _KeptRows(cursor)
    items = list(cast("Result[Any]", received).all())
    if len(items) != len(kept.rows):
        return items if nulls_of is None else _with_nulls_seen(received, items, entries, nulls_of)
    changes = kept.differences(_json_places(entries))
    if not changes:
        return items
    return [_with_values(received, item, changes.get(at, {}), width=kept.width) for at, item in enumerate(items)]


class _KeptRows:
    """A cursor that keeps the rows which it gives in one piece."""

    def __init__(self, cursor: Any) -> None:
        self._cursor = cursor
        self._result: Any = None
        self.rows: Sequence[Any] = ()

    def __getattr__(self, name: str) -> Any:
        return getattr(self._cursor, name)

    def fetchall(self) -> Any:
        fetch = getattr(self._cursor, "fetchall_twice", None)
        self.rows, rows = fetch() if fetch is not None else (self._cursor.fetchall(),) * 2
        self._result = result_of_psycopg(self._cursor)  # gone when the cursor is closed
        return rows

    @property
    def width(self) -> int:
        """The number of columns."""
        return len(self.rows[0]) if self.rows else 0

    def differences(self, json_places: Sequence[int]) -> dict[int, dict[int, Any]]:
        """Return, by row and column, what a value is that reads like another."""
        found: dict[int, dict[int, Any]] = {
            at: {place: JSON_NULL for place, value in enumerate(row) if value is JSON_NULL}
            for at, row in enumerate(self.rows)
            if any(map(operator.is_, row, repeat(JSON_NULL)))
        }
        for place in json_places:
            for at, row in enumerate(self.rows):
                if place < len(row) and isinstance(row[place], (str, bytes)) and row[place] in {"null", b"null"}:
                    found.setdefault(at, {})[place] = JSON_NULL
        result = self._result
        if result is not None and result.ntuples == len(self.rows):
            for place in range(result.nfields):
                self._read_again(result, place, found)
        return found

    def _read_again(self, result: Any, place: int, found: dict[int, dict[int, Any]]) -> None:
        code = result.ftype(place)
        kind = _INTERVAL_CODES.get(code)
        if result.fformat(place) or (code not in _JSON_CODES and kind is None):
            return
        for at, row in enumerate(self.rows):
            raw = result.get_value(at, place)
            if raw is None:
                continue
            if kind is not None and any(word in raw for word in _MONTHS):
                found.setdefault(at, {})[place] = DatabaseText(raw.decode(), kind)
            elif kind is None and row[place] is None:
                found.setdefault(at, {})[place] = JSON_NULL


def result_of_psycopg(cursor: Any) -> Any:
    """Return the texts that a cursor of psycopg read last, also below wrappers; None for other drivers."""
    while cursor is not None:
        result = getattr(cursor, "pgresult", None)
        if result is not None:
            return result
        cursor = getattr(cursor, "_cursor", None)
    return None


def without_json_nulls(rows: Sequence[Any]) -> list[Any]:
    """Return the rows of a driver as it reads them by itself: None in the place of each JSON null."""
    plain = []
    for row in rows:
        values = tuple(map(_without_json_null, row))
        plain.append(row if all(map(operator.is_, values, row)) else values)
    return plain


def _without_json_null(value: Any) -> Any:
    """Return the value itself when it holds none, also as an array or as a record of asyncpg."""
    if value is JSON_NULL:
        return None
    if not isinstance(value, list) and type(value).__name__ != "Record":
        return value
    parts = [_without_json_null(part) for part in value]
    if all(map(operator.is_, parts, value)):
        return value
    return parts if isinstance(value, list) else tuple(parts)


def _with_nulls_seen(received: Any, items: list[Any], entries: Sequence[Any], nulls_of: NullsOf) -> list[Any]:
    """Restore the JSON nulls of rows that SQLAlchemy fetched before, by what their columns were seen to hold."""
    values = {
        place: null
        for place, key in json_places(entries).items()
        if any(_value_at(received, item, place, width=len(entries)) is None for item in items)
        and (null := null_for(nulls_of(key), column=key[1], value=received)) is not None
    }
    return [_with_values(received, item, values, width=len(entries)) for item in items]


def _value_at(received: Any, item: Any, place: int, *, width: int) -> Any:
    """Return one value of a row, or a text for an item that is not a row of the whole statement."""
    if isinstance(received, ScalarResult):
        return item if width == 1 else ""
    values = tuple(item.values()) if isinstance(received, MappingResult) else item
    return values[place] if isinstance(values, (tuple, Row)) and len(values) == width else ""


def _cursor_result(received: Any) -> Any:
    """Return the result that holds the cursor of a result."""
    while isinstance(received, FilterResult):
        received = received._real_result  # noqa: SLF001  a filter gives no other access to what it filters
    raw = getattr(received, "raw", None)
    return received if raw is None else raw


def _json_places(entries: Sequence[Any]) -> list[int]:
    return [at for at, entry in enumerate(entries) if isinstance(implementation(entry.type), sa.JSON)]


def _with_values(received: Any, item: Any, values: dict[int, Any], *, width: int) -> Any:
    """Return a row, or the one value of a row, with values in the place of those that read like others."""
    if not values:
        return item
    if isinstance(received, ScalarResult):
        return _changed(item, values[0]) if width == 1 and 0 in values else item
    if isinstance(received, MappingResult):
        changed = zip(item.items(), range(width), strict=False) if len(item) == width else ()
        return {key: _changed(value, values.get(at)) for (key, value), at in changed} or item
    if isinstance(item, Row) and len(item) == width:
        return tuple(_changed(value, values.get(at)) for at, value in enumerate(item))
    return item


def _changed(value: Any, other: Any) -> Any:
    """Return the other value, unless the project's own type made something else of it."""
    is_null = other is JSON_NULL and value is None
    is_interval = isinstance(other, DatabaseText) and type(value).__name__ in {"timedelta", "list"}
    return other if is_null or is_interval else value
