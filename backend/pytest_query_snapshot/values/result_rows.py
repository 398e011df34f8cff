"""The rows of a result: its columns as the statement declares them, and how the query orders them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from sqlalchemy.engine import Result, Row, ScalarResult
from sqlalchemy.engine.result import FilterResult
from sqlalchemy.sql.elements import BindParameter, UnaryExpression, _label_reference, _textual_label_reference

from pytest_query_snapshot.sql.element_walk import elements_of
from pytest_query_snapshot.values.column_origins import with_declared
from pytest_query_snapshot.values.declared_types import declared_column
from pytest_query_snapshot.values.id_aliases import as_uuid
from pytest_query_snapshot.values.records import mapper_of
from pytest_query_snapshot.values.shapes import tabulate, tabulate_items
from pytest_query_snapshot.values.table import Column, RowOrder, Rows

if TYPE_CHECKING:
    from pytest_query_snapshot.values.column_origins import NullsOf
    from pytest_query_snapshot.values.id_aliases import IdColumns
    from pytest_query_snapshot.values.masks import Masks
    from pytest_query_snapshot.values.printing.printer import RenderHook


def to_table(
    received: object,
    items: list[Any],
    columns: IdColumns,
    *,
    masks: Masks,
    render: RenderHook | None = None,
    nulls_of: NullsOf | None = None,
) -> Rows:
    """Turn a value into a table. Raises UnprintableValueError.

    items: those of a Result.
    nulls_of: the kinds of nulls that a column was seen to hold.
    """
    if isinstance(received, (Result, FilterResult)):
        rows = _result_rows(received, items, columns, render=render, nulls_of=nulls_of)
    else:
        loaded = received if isinstance(received, (list, tuple)) and not isinstance(received, Row) else [received]
        rows = with_declared(tabulate(received, columns, render=render), loaded, nulls_of)
    return masks.apply(rows) if masks else rows


def _result_rows(
    received: Any,
    items: list[Any],
    columns: IdColumns,
    *,
    render: RenderHook | None,
    nulls_of: NullsOf | None,
) -> Rows:
    described = _ResultMetadata.of(received)
    keys = None if isinstance(received, ScalarResult) else tuple(map(str, received.keys()))
    if described is not None and not _has_entities(items, described):
        declared = described.declared(columns, keys=keys)
        found = declared.columns
        if isinstance(received, ScalarResult):  # a value of JSON may look like a row
            items = [(item,) for item in items]
        first = next((item for item in items if item is not None), None)
        if found and (first is None or len(found) == _width(first)):
            if declared.order is None:
                declared.order = described.order(found)
            return Rows(found, [_as_tuple(item, found) for item in items], declared.order)
        if isinstance(received, ScalarResult):
            items = [item for (item,) in items]
    table = with_declared(tabulate_items(items, columns, names=keys, render=render), items, nulls_of)
    order = described.order(table.columns) if described is not None else RowOrder(given=True)
    read = _with_uuids(table, columns)
    return Rows(read.columns, read.rows, order)


def _with_uuids(table: Rows, columns: IdColumns) -> Rows:
    """Read the UUIDs that SQLite stores as text, in columns that no statement declares but the schema knows."""
    places = {
        at for at, column in enumerate(table.columns) if column.type is None and columns.holds_uuids(column.name)
    }
    if not places:
        return table
    rows = [
        tuple(
            (as_uuid(value) or value) if at in places and isinstance(value, str) else value
            for at, value in enumerate(row)
        )
        for row in table.rows
    ]
    return Rows(table.columns, rows, table.order)


@dataclass(slots=True)
class _DeclaredResult:
    """The columns of a result, and the order of its rows once it was asked for."""

    columns: tuple[Column, ...]
    order: RowOrder | None = None


class _ResultMetadata:
    """The columns and the order that a compiled statement declares for its result."""

    def __init__(self, compiled: Any) -> None:
        self._compiled = compiled
        self.statement = compiled.statement
        self.entries = compiled._result_columns or ()  # noqa: SLF001  the public face has no types
        self._dialect = compiled.dialect

    @classmethod
    def of(cls, result: Any) -> _ResultMetadata | None:
        while isinstance(result, FilterResult):
            result = result._real_result  # noqa: SLF001  a filter gives no other access to what it filters
        cursor_result = getattr(result, "raw", None)
        context = getattr(result if cursor_result is None else cursor_result, "context", None)
        compiled = getattr(context, "compiled", None)
        if compiled is None:
            return None
        return cls(compiled)

    def declared(self, columns: IdColumns, *, keys: tuple[str, ...] | None) -> _DeclaredResult:
        """Return what results of the statement with these keys hold; it is found once."""
        known = columns.results.setdefault(self._compiled, {})
        found: _DeclaredResult | None = known.get(keys)
        if found is None:
            found = known[keys] = _DeclaredResult(_described_columns(self, columns, keys=keys))
        return found

    def order(self, columns: Sequence[Column]) -> RowOrder:
        clauses = getattr(self.statement, "_order_by_clauses", None)
        if clauses is None:
            # a text of the user's: only its author knows whether the order is total
            return RowOrder(given=True)
        keys = tuple(" ".join(str(clause).split()) for clause in clauses)
        positions = [_position(clause, columns, self._dialect) for clause in clauses]
        shown = tuple(at for at in positions if at is not None)
        return RowOrder(keys=keys, positions=shown if len(shown) == len(positions) else None)


def _position(clause: Any, columns: Sequence[Column], dialect: sa.Dialect) -> int | None:
    """Find the column that shows a sort key."""
    while isinstance(clause, (UnaryExpression, _label_reference)):
        clause = clause.element
    if isinstance(clause, _textual_label_reference):
        return next((at for at, column in enumerate(columns) if column.name == clause.element), None)
    wanted = hash(clause)  # an annotated column hashes as the plain one
    for at, column in enumerate(columns):
        if any(not isinstance(source, str) and hash(source) == wanted for source in column.sources):
            return at
    # a statement comes from a cache that leaves values out, so expressions with values can't be distinguished
    if not any(isinstance(part, BindParameter) for part in elements_of(clause)):
        for at, column in enumerate(columns):
            labelled = (source.element for source in column.sources if isinstance(source, sa.Label))
            if any(source.compare(clause) for source in labelled):
                return at
    inner = _uncollated(clause, dialect)
    return _position(inner, columns, dialect) if inner is not None else None


def _uncollated(clause: Any, dialect: sa.Dialect) -> Any:
    """Find what a sort key only collates, by code point: two keys are equal when their texts are."""
    text = _BY_CODE_POINT.sub("", str(clause.compile(dialect=dialect)))
    parts = (part for part in elements_of(clause) if part is not clause and isinstance(part, sa.ColumnElement))
    return next((part for part in parts if str(part.compile(dialect=dialect)) == text), None)


_BY_CODE_POINT = re.compile(r' COLLATE "?(?:C|POSIX|ucs_basic|BINARY)"?$')


def _width(item: Any) -> int:
    return len(item) if isinstance(item, (tuple, Row, dict)) or hasattr(item, "keys") else 1


_PLAIN = frozenset({str, int, float, bool, bytes})
"""Types of no entity, so that the first row tells; None is not one of them."""


def _has_entities(items: Sequence[Any], described: _ResultMetadata) -> bool:
    if items:
        if isinstance(items[0], (tuple, Row)) and _PLAIN.issuperset(map(type, items[0])):
            return False
        return any(mapper_of(member) is not None for member in _members(items))
    described_entities = getattr(described.statement, "column_descriptions", ())
    return any(_is_entity(each) for each in described_entities)


def _members(items: Sequence[Any]) -> Iterator[Any]:
    """Yield one value of each column: an outer join has rows without an entity."""
    first = next((item for item in items if item is not None), None)
    if not isinstance(first, (tuple, Row)):
        yield first
        return
    for at in range(len(first)):
        yield next((item[at] for item in items if item[at] is not None), None)


def _is_entity(description: dict[str, Any]) -> bool:
    entity = description.get("entity")  # a query of tables has none
    return entity is not None and description["expr"] is entity


def _described_columns(
    described: _ResultMetadata, columns: IdColumns, *, keys: tuple[str, ...] | None
) -> tuple[Column, ...]:
    entries = described.entries
    names = keys or tuple(entry.keyname for entry in entries)
    if len(names) != len(entries):
        return ()
    by_name = {entry.keyname: entry for entry in entries}
    if len(by_name) == len(names) and by_name.keys() == set(names):
        entries = [by_name[name] for name in names]  # Result.columns may have put them in another order
    return tuple(
        declared_column(str(name), entry.type, tuple(entry.objects), columns)
        for name, entry in zip(names, entries, strict=True)
    )


def _as_tuple(item: Any, columns: tuple[Column, ...]) -> tuple[Any, ...]:
    if isinstance(item, (tuple, Row)):
        return tuple(item)
    if hasattr(item, "keys"):
        return tuple(item.values())
    return (item,) if len(columns) == 1 else tuple(item)
