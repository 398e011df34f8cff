"""What a test hands over, taken apart into columns, rows and their order."""

from __future__ import annotations

import dataclasses
import re
from typing import TYPE_CHECKING, Any, cast

import sqlalchemy as sa
from sqlalchemy.engine import Result, Row, ScalarResult
from sqlalchemy.engine.result import FilterResult
from sqlalchemy.sql import visitors
from sqlalchemy.sql.elements import BindParameter, UnaryExpression, _label_reference, _textual_label_reference

from pytest_query_snapshot.values.table import Column, RowOrder, Rows, type_name

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pytest_query_snapshot.values.id_aliases import IdColumns
    from pytest_query_snapshot.values.masks import Masks


def fetch_all(received: Any) -> list[Any]:
    """Get the items: a Result is read to its end, which may execute further statements."""
    if isinstance(received, (Result, FilterResult)):
        return list(cast("Result[Any]", received).all())
    if isinstance(received, list) or (isinstance(received, tuple) and _holds_rows(received)):
        return list(received)
    return [received]


def to_table(received: object, items: list[Any], columns: IdColumns, *, masks: Masks) -> Rows:
    """Take apart a Result, a list of rows, tuples, dicts, objects or plain values, or one of those alone."""
    described, keys = None, None
    if isinstance(received, (Result, FilterResult)):
        described = _Description.of(received)
        keys = tuple(cast("Result[Any]", received).keys()) if not isinstance(received, ScalarResult) else None
    rows = _from_items(items, columns, described=described, keys=keys)
    return masks.apply(rows) if masks else rows


def _holds_rows(received: tuple[Any, ...]) -> bool:
    """Tell a tuple of rows from a tuple that is one row."""
    is_row = isinstance(received, Row) or hasattr(received, "_fields")
    return not is_row and bool(received) and all(_is_row(item) for item in received)


def _is_row(item: object) -> bool:
    return isinstance(item, (tuple, dict, Row)) or _mapper(item) is not None or dataclasses.is_dataclass(item)


class _Description:
    """What a compiled statement knows of its result."""

    def __init__(self, compiled: Any) -> None:
        self.statement = compiled.statement
        self.entries = compiled._result_columns or ()  # noqa: SLF001  the public face has no types
        self._dialect = compiled.dialect

    @classmethod
    def of(cls, result: Any) -> _Description | None:
        while isinstance(result, FilterResult):
            result = result._real_result  # noqa: SLF001  a filter gives no other access to what it filters
        cursor_result = getattr(result, "raw", None)
        context = getattr(result if cursor_result is None else cursor_result, "context", None)
        compiled = getattr(context, "compiled", None)
        if compiled is None:
            return None
        return cls(compiled)

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
    # a statement comes from a cache that leaves values out, so expressions with values can't be told apart
    if not any(isinstance(part, BindParameter) for part in visitors.iterate(clause)):
        for at, column in enumerate(columns):
            labelled = (source.element for source in column.sources if isinstance(source, sa.Label))
            if any(source.compare(clause) for source in labelled):
                return at
    inner = _uncollated(clause, dialect)
    return _position(inner, columns, dialect) if inner is not None else None


def _uncollated(clause: Any, dialect: sa.Dialect) -> Any:
    """Find what a sort key only collates, by code point: two keys are equal when their texts are."""
    text = _BY_CODE_POINT.sub("", str(clause.compile(dialect=dialect)))
    parts = (
        part for part in visitors.iterate(clause) if part is not clause and isinstance(part, sa.ColumnElement)
    )
    return next((part for part in parts if str(part.compile(dialect=dialect)) == text), None)


_BY_CODE_POINT = re.compile(r' COLLATE "?(?:C|POSIX|ucs_basic|BINARY)"?$')


def _from_items(
    items: list[Any],
    columns: IdColumns,
    *,
    described: _Description | None,
    keys: tuple[str, ...] | None = None,
) -> Rows:
    first = next((item for item in items if item is not None), None)
    if described is not None and not _has_entities(first, described):
        found = _described_columns(described, columns, keys=keys)
        if first is None or len(found) == _width(first):
            return Rows(found, [_plain(item, found) for item in items], described.order(found))
    expanded = _expanded_columns(items, columns, keys=keys)
    rows = [tuple(read(item) for _, read in expanded) for item in items]
    shown = tuple(column for column, _ in expanded)
    return Rows(shown, rows, described.order(shown) if described is not None else RowOrder(given=True))


def _width(item: Any) -> int:
    return len(item) if isinstance(item, (tuple, Row, dict)) or hasattr(item, "keys") else 1


def _has_entities(first: Any, described: _Description) -> bool:
    if first is not None:
        members = first if isinstance(first, (tuple, Row)) else (first,)
        return any(_mapper(member) is not None for member in members)
    described_entities = getattr(described.statement, "column_descriptions", ())
    return any(_is_entity(each) for each in described_entities)


def _is_entity(description: dict[str, Any]) -> bool:
    entity = description.get("entity")  # a query of tables has none
    return entity is not None and description["expr"] is entity


def _described_columns(
    described: _Description, columns: IdColumns, *, keys: tuple[str, ...] | None
) -> tuple[Column, ...]:
    names = keys or tuple(entry.keyname for entry in described.entries)
    if len(names) != len(described.entries):
        return ()
    return tuple(_column(name, entry, columns) for name, entry in zip(names, described.entries, strict=True))


def _column(name: str, entry: Any, columns: IdColumns) -> Column:
    sources = tuple(entry.objects)
    owners = (columns.referenced_table(source) for source in sources if not isinstance(source, str))
    return Column(name, declared_type(entry.type), next((owner for owner in owners if owner), None), sources)


def declared_type(kind: Any) -> str | None:
    """Name the type of a column as headers do; None for a type that says nothing."""
    if isinstance(kind, sa.JSON):
        return "json"
    try:
        return type_name(kind.python_type)
    except (NotImplementedError, AttributeError):
        return None


def _plain(item: Any, columns: tuple[Column, ...]) -> tuple[Any, ...]:
    if isinstance(item, (tuple, Row)):
        return tuple(item)
    if hasattr(item, "keys"):
        return tuple(item.values())
    return (item,) if len(columns) == 1 else tuple(item)


def _expanded_columns(
    items: list[Any], columns: IdColumns, *, keys: tuple[str, ...] | None
) -> list[tuple[Column, Any]]:
    """Find the columns of a list: the keys of its dicts, the fields of its rows, the columns of its objects."""
    present = [item for item in items if item is not None]
    if not present:
        return [(Column(name), _reader_of_nothing) for name in keys or ("value",)]
    first = present[0]
    if isinstance(first, (dict, sa.RowMapping)):
        names = dict.fromkeys(str(key) for item in present for key in item)
        return [(Column(name), _dict_reader(name)) for name in names]
    if isinstance(first, (tuple, Row)):
        names_of = keys or getattr(first, "_fields", None) or tuple(f"column_{at + 1}" for at in range(len(first)))
        return [
            found
            for at, name in enumerate(names_of)
            for found in _member_columns(
                str(name), at, [item[at] for item in present], columns, alone=len(first) == 1
            )
        ]
    return _member_columns("value", None, present, columns, alone=True)


def _member_columns(
    name: str, at: int | None, members: list[Any], columns: IdColumns, *, alone: bool
) -> list[tuple[Column, Any]]:
    first = next((member for member in members if member is not None), None)
    prefix = "" if alone else f"{name}."
    mapper = _mapper(first)
    if mapper is not None:
        return [
            (_attribute_column(prefix, prop, columns), _attribute_reader(at, prop.key))
            for prop in mapper.column_attrs
            if hasattr(prop, "columns")
        ]
    if dataclasses.is_dataclass(first) and not isinstance(first, type):
        return [
            (Column(prefix + field.name), _attribute_reader(at, field.name)) for field in dataclasses.fields(first)
        ]
    return [(Column(name), _member_reader(at))]


def _attribute_column(prefix: str, prop: Any, columns: IdColumns) -> Column:
    owners = (columns.referenced_table(column) for column in prop.columns)
    owner = next((found for found in owners if found), None)
    return Column(prefix + prop.key, declared_type(prop.columns[0].type), owner, tuple(prop.columns))


def _mapper(item: object) -> Any:
    state = (
        sa.inspect(item, raiseerr=False) if not isinstance(item, (str, int, float, tuple, dict, type)) else None
    )
    return getattr(state, "mapper", None)


def _reader_of_nothing(_item: Any) -> None:
    return None


def _dict_reader(name: str) -> Any:
    return lambda item: None if item is None else item.get(name)


def _member_reader(at: int | None) -> Any:
    return lambda item: item if at is None or item is None else item[at]


def _attribute_reader(at: int | None, key: str) -> Any:
    def read(item: Any) -> Any:
        member = item if at is None or item is None else item[at]
        return None if member is None else getattr(member, key)

    return read
