"""The columns of tables that the columns of fetched rows and of entities come from."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from typing import Any, Literal, TypeAlias

import sqlalchemy as sa
from sqlalchemy.engine import Row

from pytest_query_snapshot.errors import UnprintableValueError
from pytest_query_snapshot.values.declared_types import implementation
from pytest_query_snapshot.values.printing.printer import JSON_NULL
from pytest_query_snapshot.values.printing.printer import JsonNull as JsonNullValue
from pytest_query_snapshot.values.records import mapper_of
from pytest_query_snapshot.values.table import Rows

JsonNull: TypeAlias = Literal["json", "sql", "unknown"]
NullsOf: TypeAlias = Callable[[tuple[str, str]], frozenset[JsonNull]]


def json_places(entries: Sequence[Any]) -> dict[int, tuple[str, str]]:
    """Return the places of JSON columns in a compiled result, with the table and name of each."""
    found = {}
    for at, entry in enumerate(entries):
        key = _key_of(entry.objects) if isinstance(implementation(entry.type), sa.JSON) else None
        if key is not None:
            found[at] = key
    return found


def with_declared(table: Rows, items: Sequence[Any], nulls_of: NullsOf | None = None) -> Rows:
    """Restore what the values of loaded rows and entities have lost.

    Instants that SQLite returns without their zone, and JSON null, which reads as None.

    Raises:
        UnprintableValueError: None stands for JSON null and for SQL NULL in one column.
    """
    origins = _origins_of(items)
    if not origins or len(origins) > len(table.columns):
        return table
    kinds = {at: [getattr(one, "type", None) for one in sources] for at, sources in origins.items()}
    columns = tuple(
        replace(column, aware=True)
        if any(getattr(implementation(kind), "timezone", False) for kind in kinds.get(at, ()))
        else column
        for at, column in enumerate(table.columns)
    )
    found = {
        at: nulls_of(key)
        for at, sources in origins.items()
        if nulls_of is not None
        and any(isinstance(implementation(kind), sa.JSON) for kind in kinds[at])
        and (key := _key_of(sources)) is not None
    }
    nulls = {
        at
        for at, kinds_of_null in found.items()
        if any(row[at] is None for row in table.rows)
        and null_for(kinds_of_null, column=table.columns[at].name, value=items) is not None
    }
    rows = table.rows
    if nulls:
        rows = [
            tuple(JSON_NULL if value is None and at in nulls else value for at, value in enumerate(row))
            for row in rows
        ]
    return replace(table, columns=columns, rows=rows)


def null_for(kinds: frozenset[JsonNull], *, column: str, value: object) -> JsonNullValue | None:
    """Return the null that None stands for in a column that was seen to hold nulls of some kinds.

    Raises:
        UnprintableValueError: it may stand for JSON null and for SQL NULL.
    """
    if "unknown" in kinds:
        raise UnprintableValueError(
            value=value,
            instead=f"{column} holds None, and the driver of this connection does not distinguish JSON null from "
            f"SQL NULL; select cast({column}, Text)",
        )
    if kinds >= {"json", "sql"}:
        raise UnprintableValueError(
            value=value,
            instead=f"{column} was read as JSON null and as SQL NULL, both None here; compare the result of the "
            "query before anything reads it",
        )
    return JSON_NULL if "json" in kinds else None


def _origins_of(items: Sequence[Any]) -> dict[int, tuple[Any, ...]]:
    """Return the sources of each column of rows of one statement, or of entities of one class; else nothing."""
    first = items[0] if items else None
    if isinstance(first, Row):
        if any(not isinstance(item, Row) or len(item) != len(first) for item in items):
            return {}
        entries = first._parent._keymap.values()  # noqa: SLF001  no public way
        return {entry[0]: tuple(entry[2] or ()) for entry in entries if entry[0] is not None}
    mapper = mapper_of(first)
    if mapper is None or any(type(item) is not type(first) for item in items):
        return {}
    shown = [prop for prop in mapper.column_attrs if hasattr(prop, "columns")]
    return {at: tuple(prop.columns) for at, prop in enumerate(shown)}


def _key_of(sources: Iterable[Any]) -> tuple[str, str] | None:
    """Name the column of a table that a column comes from."""
    for source in sources:
        for column in getattr(source, "base_columns", None) or ():
            owner = getattr(column, "table", None)
            if isinstance(owner, sa.Table):
                return owner.fullname, column.name
    return None
