"""The SQL NULLs and the JSON nulls that the statements of a test returned, counted for each column.

SQLAlchemy makes None of both. The rows of the driver still tell them apart, as they pass.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from pytest_query_snapshot.values.column_origins import JsonNull, json_places

# kept on the compiled statement itself, as its mutable parameters are
JSON_PLACES = "_query_snapshot_json_places"
"""The attribute with the places of JSON columns, none for most statements."""
# drivers that make None of JSON null by themselves, and keep no text
_OPAQUE = frozenset({"asyncpg", "psycopg2"})
_TEXTS = frozenset({"null", b"null"})


class JsonNulls:
    """Counts the NULLs of the JSON columns of each statement."""

    def __init__(self) -> None:
        self._found: dict[tuple[str, str], set[JsonNull]] = {}

    def clear(self) -> None:
        """Forget what was counted."""
        self._found.clear()

    def of(self, column: tuple[str, str]) -> frozenset[JsonNull]:
        """Return the kinds of nulls that a column, by its table and name, was seen to hold."""
        return frozenset(self._found.get(column, ()))

    def watch(self, context: Any, cursor: Any) -> None:
        """Count in the rows that a cursor has, or is going to give."""
        compiled = context.compiled
        places = getattr(compiled, JSON_PLACES, None)
        if places is None:
            places = json_places(getattr(compiled, "_result_columns", None) or ())
            setattr(compiled, JSON_PLACES, places)
        if not places:
            return
        result = getattr(getattr(cursor, "_cursor", cursor), "pgresult", None)  # below SQLAlchemy's async wrapper
        if result is not None:  # psycopg reads JSON by itself
            for place, column in places.items():
                values = (result.get_value(at, place) for at in range(result.ntuples))
                self._count(column, values)
        elif context.dialect.driver not in _OPAQUE:
            context.cursor = _Watched(cursor, self, places)

    def _count(self, column: tuple[str, str], values: Iterable[Any]) -> None:
        found = self._found.setdefault(column, set())
        for value in values:
            if value is None:
                found.add("sql")
            elif value in _TEXTS:
                found.add("json")

    def count_rows(self, rows: Sequence[Any], places: dict[int, tuple[str, str]]) -> None:
        """Count in rows of the driver."""
        for place, column in places.items():
            self._count(column, (row[place] for row in rows if isinstance(row[place], (str, bytes, type(None)))))


class _Watched:
    """A cursor whose rows are counted as they are fetched."""

    def __init__(self, cursor: Any, nulls: JsonNulls, places: dict[int, tuple[str, str]]) -> None:
        self._cursor = cursor
        self._nulls = nulls
        self._places = places

    def __getattr__(self, name: str) -> Any:
        return getattr(self._cursor, name)

    def fetchall(self) -> Any:
        rows = self._cursor.fetchall()
        self._nulls.count_rows(rows, self._places)
        return rows

    def fetchmany(self, *args: Any) -> Any:
        rows = self._cursor.fetchmany(*args)
        self._nulls.count_rows(rows, self._places)
        return rows

    def fetchone(self) -> Any:
        row = self._cursor.fetchone()
        if row is not None:
            self._nulls.count_rows([row], self._places)
        return row
