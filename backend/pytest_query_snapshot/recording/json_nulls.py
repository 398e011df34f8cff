"""The SQL NULLs and the JSON nulls that the statements of a test returned, counted for each column.

SQLAlchemy makes None of both. The rows of the driver still distinguish them, as they pass.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from sqlalchemy.engine.interfaces import ExecuteStyle

from pytest_query_snapshot.recording.drivers.kept_json_nulls import KeptJsonNulls
from pytest_query_snapshot.values.column_origins import JsonNull, json_places
from pytest_query_snapshot.values.driver_rows import result_of_psycopg, without_json_nulls
from pytest_query_snapshot.values.printing.printer import JSON_NULL

# kept on the compiled statement itself, as its mutable parameters are
JSON_PLACES = "_query_snapshot_json_places"
"""The attribute with the places of JSON columns, none for most statements."""
KEPT_JSON_NULLS = "_query_snapshot_kept_json_nulls"
"""The attribute of an execution whose driver keeps JSON nulls: by whom they are counted.

A test of a plugin runs a session within a session, each with a recorder of its own.
"""
_NATIVE = frozenset({"postgresql", "cockroachdb"})  # whose drivers read JSON by themselves
_TEXTS = frozenset({"null", b"null"})
_Places = dict[int, tuple[str, str]]
_Count = Callable[[Any, Sequence[Any]], None]


class JsonNulls:
    """Counts the NULLs of the JSON columns of each statement."""

    def __init__(self) -> None:
        self._found: dict[tuple[str, str], set[JsonNull]] = {}
        self._kept = KeptJsonNulls()

    def clear(self) -> None:
        """Forget what was counted."""
        self._found.clear()

    def of(self, column: tuple[str, str]) -> frozenset[JsonNull]:
        """Return the kinds of nulls that a column, by its table and name, was seen to hold."""
        return frozenset(self._found.get(column, ()))

    def begin(self, context: Any, cursor: Any) -> None:
        """Let one of `KEEPING_DRIVERS` keep the JSON nulls of a statement that is about to be executed."""
        # a default that is executed before its INSERT has a cursor of its own
        if cursor is context.cursor and _may_return_json(context.compiled) and _can_be_watched(context):
            setattr(context, KEPT_JSON_NULLS, self if self._kept.begin(cursor, context.dialect) else None)

    def forget(self, context: Any) -> None:
        """Let the driver read as it does by itself after an execution that failed."""
        setattr(context, KEPT_JSON_NULLS, None)
        self._kept.end(context.cursor)

    def watch(self, context: Any, cursor: Any) -> None:
        """Count in the rows that a cursor has or is going to give; the driver keeps nothing after them."""
        is_kept = getattr(context, KEPT_JSON_NULLS, None) is self
        if is_kept:
            self._kept.end(cursor)
        places = {} if context.compiled is None else _places_of(context.compiled)
        if (not places and not is_kept) or cursor is not context.cursor:
            return
        count = self._counter(context, places)
        if result_of_psycopg(cursor) is not None and not context._is_server_side:  # noqa: SLF001  no public name
            count(cursor, ())  # the result is gone when the cursor is closed
            return
        kept = self._kept if is_kept else None
        watched = _Watched(cursor, kept, context.dialect, count)
        if not _can_be_watched(context):
            for column in places.values():
                self._found.setdefault(column, set()).add("unknown")
        elif context.execute_style is ExecuteStyle.INSERTMANYVALUES:
            # SQLAlchemy has the cursor in a variable
            context.fetchall_for_returning = lambda _cursor: watched.fetchall()
        else:
            context.cursor = watched

    def _counter(self, context: Any, places: _Places) -> _Count:
        """Return what counts the rows that a driver has given, by how the driver reads JSON."""
        native = context.dialect.name in _NATIVE
        is_kept = getattr(context, KEPT_JSON_NULLS, None) is self

        def count(cursor: Any, rows: Sequence[Any]) -> None:
            result = result_of_psycopg(cursor)
            for place, column in places.items():
                kinds: Iterable[JsonNull | None]
                if result is not None:
                    values = (result.get_value(at, place) for at in range(result.ntuples))
                    kinds = map(_kind_of_text, values)
                elif is_kept:
                    kinds = (_kind_of_kept(row[place]) for row in rows)
                elif native:
                    kinds = ("unknown" if row[place] is None else None for row in rows)
                else:
                    kinds = (_kind_of_text(row[place]) for row in rows)
                self._found.setdefault(column, set()).update(kind for kind in kinds if kind is not None)

        return count


def _kind_of_text(value: Any) -> JsonNull | None:
    if value is None:
        return "sql"
    return "json" if isinstance(value, (str, bytes)) and value in _TEXTS else None


def _kind_of_kept(value: Any) -> JsonNull | None:
    return "sql" if value is None else "json" if value is JSON_NULL else None


def _places_of(compiled: Any) -> _Places:
    """Return the places of the JSON columns of a statement."""
    places: _Places | None = getattr(compiled, JSON_PLACES, None)
    if places is None:
        places = json_places(getattr(compiled, "_result_columns", None) or ())
        setattr(compiled, JSON_PLACES, places)
    return places


def _can_be_watched(context: Any) -> bool:
    """Return whether the rows pass a cursor; before 2.0.10, SQLAlchemy reads those of many values by itself."""
    return context.execute_style is not ExecuteStyle.INSERTMANYVALUES or hasattr(context, "fetchall_for_returning")


def _may_return_json(compiled: Any) -> bool:
    """Return whether a statement has JSON columns, or does not declare its columns."""
    return not getattr(compiled, "_result_columns", None) or bool(_places_of(compiled))


class _Watched:
    """A cursor whose rows are counted as they are fetched."""

    def __init__(self, cursor: Any, kept: KeptJsonNulls | None, dialect: Any, count: _Count) -> None:
        self._cursor = cursor
        self._kept = kept
        self._dialect = dialect
        self._count = count

    def __getattr__(self, name: str) -> Any:
        return getattr(self._cursor, name)

    def fetchall(self) -> Any:
        return self.fetchall_twice()[1]

    def fetchall_twice(self) -> tuple[Any, Any]:
        """Return the rows that are left: with the JSON nulls that were kept, and as the driver reads them."""
        rows = self._fetched(self._cursor.fetchall)
        return rows, self._plain(rows)

    def fetchmany(self, *args: Any) -> Any:
        return self._plain(self._fetched(self._cursor.fetchmany, *args))

    def fetchone(self) -> Any:
        rows = self._fetched(lambda: [row for row in [self._cursor.fetchone()] if row is not None])
        return self._plain(rows)[0] if rows else None

    def _plain(self, rows: Any) -> Any:
        return rows if self._kept is None else without_json_nulls(rows)

    def _fetched(self, fetch: Callable[..., Any], *args: Any) -> Any:
        """Fetch rows, of which a cursor on the server decodes more."""
        if self._kept is not None:
            self._kept.begin(self._cursor, self._dialect)
        try:
            rows = fetch(*args)
        finally:
            if self._kept is not None:
                self._kept.end(self._cursor)
        self._count(self._cursor, rows)
        return rows
