"""The rows of all tables, before and after: read by the catalog, made into values only where they differ.

Triggers, cascades, functions and raw drivers change rows that no recording shows, so nothing less than reading
every table shows what a step did. SQLAlchemy's part in the reading costs most: so a table whose rows
come from the driver as they came before is the same table.

PostgreSQL is read as the user who connected, in a savepoint that is rolled back: a role, a row security policy, a
search path or a time zone that the test has set is of no effect, and is left as it was.
"""

from __future__ import annotations

import json
import marshal
import math
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING, Any
from uuid import UUID

import sqlalchemy as sa

from pytest_query_snapshot.databases.schema.table_catalog import CatalogTable, TableCatalog, quoted
from pytest_query_snapshot.databases.touched_rows import UNTOUCHED
from pytest_query_snapshot.recording.tables.columns import (
    Convert,
    StateColumn,
    plain_column,
    postgresql_column,
    sqlite_column,
)
from pytest_query_snapshot.recording.tables.patched_rows import PatchedRows
from pytest_query_snapshot.recording.tables.queries import read_rows, rows_of_all
from pytest_query_snapshot.values.id_aliases import Ids, looks_drawn
from pytest_query_snapshot.values.masks import masked
from pytest_query_snapshot.values.printing.printer import JSON_NULL
from pytest_query_snapshot.values.table import Column

if TYPE_CHECKING:
    from pytest_query_snapshot.databases.touched_rows import Touched, TouchedRows
    from pytest_query_snapshot.values.id_aliases import IdColumns
    from pytest_query_snapshot.values.masks import Masks

Row = tuple[Any, ...]
# states of a table that are remembered: those before and after the steps of a test, and of the seeds
_KEPT = 4
# a table with more rows is not read in full after each step, where its database tells which rows were touched
_LARGE = 1000
# later formats of marshal write references, which depend on how often an object is used elsewhere
_PLAIN_MARSHAL = 2


@dataclass(frozen=True, slots=True)
class TableState:
    """All rows of one table, by key; without a key, by themselves with how often they occur."""

    columns: tuple[Column, ...]
    key: tuple[int, ...]
    rows: Mapping[Row, Row]
    counts: Mapping[Row, int]
    kind: str = "table"
    parts: Mapping[str, str] = field(default_factory=dict)
    """Its columns with their types and its indexes; the text of a view, whose rows are not read."""
    triggers: tuple[str, ...] = ()
    """The texts of its triggers, which each database writes in its own way."""

    sorted_ids: dict[frozenset[UUID], Ids] = field(default_factory=dict, compare=False, repr=False)
    """The ids of its rows, once they were asked for."""

    @property
    def id_kind(self) -> str | None:
        """Return what its key identifies; None for other keys, and those of several columns."""
        return self.columns[self.key[0]].owner if len(self.key) == 1 else None

    def ids(self, chosen: frozenset[UUID] = frozenset()) -> Ids:
        """Return the ids of its rows, sorted; of UUIDs that look as drawn at random, those that were ``chosen``.

        They are remembered: a large table has many. Of patched rows these are the ids of the written ones alone.
        """
        if chosen not in self.sorted_ids:
            rows = self.rows.written if isinstance(self.rows, PatchedRows) else self.rows
            keys = [key for (key,) in rows] if self.id_kind is not None else []
            uuids = [key for key in keys if isinstance(key, UUID) and (not looks_drawn(key) or key in chosen)]
            self.sorted_ids[chosen] = sorted(key for key in keys if type(key) is int) or sorted(uuids)
        return self.sorted_ids[chosen]

    @property
    def row_count(self) -> int:
        """Return the number of rows of the table."""
        return sum(self.counts.values()) if self.counts else len(self.rows)


class State(dict[str, TableState]):
    """The state of every table that was read; `unread` says of the others why they were not."""

    def __init__(
        self, tables: Mapping[str, TableState] | None = None, unread: Mapping[str, str] | None = None
    ) -> None:
        super().__init__(tables or {})
        self.unread = dict(unread or {})

    def ids(self, chosen: frozenset[UUID] = frozenset()) -> dict[str, Ids]:
        """Return the ids of all tables by what they identify; ``chosen`` as for one table."""
        found: dict[str, Ids] = {}
        for table in self.values():
            kind = table.id_kind
            if kind is not None and (ids := table.ids(chosen)):
                # tables of one name in two schemas, and those that share a key, have ids that are called alike
                found[kind] = _merged(found.get(kind, ids), ids)
        return found


def _merged(known: Any, ids: Any) -> Ids:
    """Merge sorted ids of one type; often they are the same, or few are new."""
    if ids is known or type(ids[0]) is not type(known[0]):
        return known  # type: ignore[no-any-return]
    places = ((bisect_left(known, each), each) for each in ids)
    new = [each for place, each in places if place == len(known) or known[place] != each]
    return sorted([*known, *new]) if new else known


class StateReader:
    """Reads every row of every table of a database, again and again.

    `tables` are those that the project declares: they give types to the columns, and tell ids from numbers.
    """

    def __init__(self, tables: Iterable[sa.Table], columns: IdColumns, *, masks: Masks) -> None:
        self._mapped = tuple(tables)
        self._columns = columns
        self._masks = masks
        self._catalog = TableCatalog()
        self._known: dict[str, _Table] = {}

    def read(
        self,
        connection: sa.Connection,
        *,
        only: Iterable[str] | None = None,
        since: State | None = None,
        touched: TouchedRows | None = None,
    ) -> State:
        """Read the tables as `connection` sees them.

        only: the tables that may have changed; the others are taken from the state `since`.
        touched: the rows of large tables that may have changed; the others are taken from there too.
        """
        tables = [self._table(each, connection.dialect) for each in self._catalog.read(connection)]
        wanted = tables
        state = State()
        if only is not None and since is not None:
            names = set(only)
            wanted = [
                table
                for table in tables
                if table.name in names or table.name not in since or not table.is_defined_as(since[table.name])
            ]
            state.update((table.name, since[table.name]) for table in tables if table not in wanted)
        state.unread = {table.name: table.unreadable for table in tables if table.unreadable is not None}
        state.update((table.name, table.view) for table in tables if table.view is not None)
        readable = [table for table in wanted if table.unreadable is None and table.view is None]
        if touched is not None and since is not None:
            state.update(_patched(connection, readable, since, touched))
            readable = [table for table in readable if table.name not in state]
        for table, rows in _read_tables(connection, readable):
            if isinstance(rows, str):
                state.unread[table.name] = rows
            else:
                state[table.name] = table.state(rows)
        return State(dict(sorted(state.items())), state.unread)

    def large_tables(self, state: State) -> list[CatalogTable]:
        """Return the tables of a state whose touched rows are worth finding."""
        return [self._known[name].found for name, table in state.items() if _is_large(table)]

    def _table(self, found: CatalogTable, dialect: sa.Dialect) -> _Table:
        known = self._known.get(found.fullname)
        if known is None or (known.found is not found and known.found != found):
            mapped = self._mapped_table(found, dialect)
            known = self._known[found.fullname] = _Table(found, mapped, dialect, self._columns, self._masks)
        return known

    def _mapped_table(self, found: CatalogTable, dialect: sa.Dialect) -> sa.Table | None:
        """Find the declared table; one of another schema serves if only its schema is another."""
        default = dialect.default_schema_name
        alike = [table for table in self._mapped if table.name == found.name]
        exact = [
            table for table in alike if table.schema in {found.schema, *([default] if not found.schema else [])}
        ]
        if exact:
            return exact[0]
        names = {column.name for column in found.columns}
        return next((table for table in alike if {column.name for column in table.columns} <= names), None)


class _Table:
    """One table, and the states it was lately seen in."""

    def __init__(
        self,
        found: CatalogTable,
        mapped: sa.Table | None,
        dialect: sa.Dialect,
        columns: IdColumns,
        masks: Masks,
    ) -> None:
        self.found = found
        self.name = found.fullname
        self.unreadable = found.unreadable
        self.parts = found.parts
        self.triggers = found.triggers
        self.view = (
            TableState((), (), {}, {}, found.kind, self.parts, self.triggers) if found.kind == "view" else None
        )
        describe = {"postgresql": postgresql_column, "sqlite": sqlite_column}.get(dialect.name, plain_column)
        key = found.key
        if not key and mapped is not None and dialect.name not in {"postgresql", "sqlite"}:
            key = tuple(column.name for column in mapped.primary_key)
        described: list[StateColumn] = []
        hidden: list[bool] = []
        for column in found.columns:
            declared = mapped.columns.get(column.name) if mapped is not None else None
            if declared is not None and getattr(declared, "_omit_from_statements", False):
                continue  # a sentinel, which only SQLAlchemy writes
            described.append(describe(column, declared, dialect, columns))
            is_key = column.name in key
            hidden.append(not is_key and masks.is_masked_column(self.name, column.name) if masks else False)
        self.columns = tuple(column.shown for column in described)
        self._converts = [column.convert for column in described]
        self._hidden = hidden
        self._masks_any = any(hidden)
        names = [column.name for column in self.columns]
        self._key = tuple(names.index(name) for name in key if name in names)
        self.query = _query(found, [column.expression for column in described], dialect)
        self._count_query = _query(found, ["count(*)"], dialect)
        self._key_expressions = [described[at].expression for at in self._key]
        self._key_query = _query(found, self._key_expressions, dialect)
        self._seen: list[tuple[bytes | str, TableState]] = []
        self._known_rows: dict[bytes | str, Row] = {}

    def is_defined_as(self, state: TableState) -> bool:
        """Return whether a state was read of a table of the same columns, indexes and triggers."""
        return state.parts == self.parts and state.triggers == self.triggers

    def state(self, raw: list[Any]) -> TableState:
        """Return the state that these rows of the driver are."""
        mark = _mark(raw)
        for at, (known, state) in enumerate(self._seen):
            if known == mark:
                self._seen.insert(0, self._seen.pop(at))
                return state
        state = self._made(self._rows(raw))
        self._seen.insert(0, (mark, state))
        del self._seen[_KEPT:]
        return state

    def patched(self, base: TableState, touched: Touched, connection: sa.Connection) -> TableState | None:
        """Return the state with the rows that were touched since another one; None if they can't be read."""
        rows, second = rows_of_all(connection, [f"{self.query} WHERE {touched.condition}", *self._second(touched)])
        if rows is None:
            return None
        written = {tuple(strict_key(row[at]) for at in self._key): row for row in map(self._row, rows)}
        if len(written) != len(rows):
            return None
        candidates: Iterable[Row] = map(self._key_of, second or ())
        if touched.removed is None:
            expected = len(base.rows) + sum(1 for key in written if key not in base.rows)
            candidates = ()
            if second != [(expected,)]:
                keys, _ = rows_of_all(connection, [self._key_query])
                if keys is None:
                    return None
                candidates = base.rows.keys() - set(map(self._key_of, keys))
        removed = [key for key in candidates if key in base.rows and key not in written]
        patched = PatchedRows(base.rows, written, removed)
        return TableState(self.columns, self._key, patched, {}, self.found.kind, self.parts, self.triggers)

    def _second(self, touched: Touched) -> Iterable[str]:
        """Write the query that finds out which rows are gone, if any may be."""
        if touched.removed is None:
            return (self._count_query,)
        keys = ", ".join(self._key_expressions)
        return (f"SELECT {keys} FROM {touched.removed} AS removed",) if touched.removed else ()  # noqa: S608  see _query

    def _key_of(self, raw: Row) -> Row:
        """Return the key of a row of which only the key was read."""
        converts = (self._converts[at] for at in self._key)
        return tuple(strict_key(_converted(value, convert)) for value, convert in zip(raw, converts, strict=True))

    def _made(self, found: list[Row]) -> TableState:
        if self._key:
            by_key = {tuple(strict_key(row[at]) for at in self._key): row for row in found}
            if len(by_key) == len(found):  # SQLite lets a key be NULL, and then more than once
                return TableState(self.columns, self._key, by_key, {}, self.found.kind, self.parts, self.triggers)
        marked = [tuple(map(strict_key, row)) for row in found]
        rows = dict(zip(marked, found, strict=True))
        return TableState(self.columns, (), rows, Counter(marked), self.found.kind, self.parts, self.triggers)

    def _rows(self, raw: list[Any]) -> list[Row]:
        """Make values of rows; a row that was there before stays the same object."""
        known, marks = self._known_rows, list(map(_mark, raw))
        self._known_rows = {
            mark: known[mark] if mark in known else self._row(row) for mark, row in zip(marks, raw, strict=True)
        }
        return [self._known_rows[mark] for mark in marks]

    def _row(self, raw: Row) -> Row:
        row = tuple(_converted(value, convert) for value, convert in zip(raw, self._converts, strict=True))
        if self._masks_any:
            return tuple(masked(value) if hide else value for value, hide in zip(row, self._hidden, strict=True))
        return row


def _mark(value: Any) -> bytes | str:
    """Return the same for values of a driver that read the same: 1 and 1.0 don't, 0.0 and -0.0 neither."""
    try:
        return marshal.dumps(value, _PLAIN_MARSHAL)
    except ValueError:  # a type that only Python modules have
        return repr(value)


def _converted(value: Any, convert: Convert | None) -> Any:
    """Make a value; one that can't be made stays what the database holds."""
    if value is None or convert is None:
        return value
    try:
        return convert(value)
    except Exception:  # noqa: BLE001  the converters are those of any type that a project defines
        return value


def _is_large(state: TableState) -> bool:
    return bool(state.key) and len(state.rows) > _LARGE


def _patched(
    connection: sa.Connection, tables: list[_Table], since: State, touched: TouchedRows
) -> Iterator[tuple[str, TableState]]:
    """Yield the states of large tables of which only the rows that were touched need to be read."""
    for table in tables:
        base = since.get(table.name)
        # a table that was altered has other columns than at the mark, even where they are called the same
        if base is None or base.columns is not table.columns or not _is_large(base):
            continue
        found = touched.of(table.found)
        state = base if found is UNTOUCHED else None
        if found is not None and state is None:
            state = table.patched(base, found, connection)
        if state is not None:
            yield table.name, state


def _query(found: CatalogTable, expressions: Sequence[str], dialect: sa.Dialect) -> str:
    quote = quoted if dialect.name in {"postgresql", "sqlite"} else dialect.identifier_preparer.quote
    schema = found.schema or ((dialect.default_schema_name or "public") if dialect.name == "postgresql" else None)
    if dialect.name == "postgresql" and schema == "temp":
        schema = "pg_temp"
    name = quote(found.name) if schema is None else f"{quote(schema)}.{quote(found.name)}"
    shown = ", ".join(expressions) or "1"
    return f"SELECT {shown} FROM {name}"  # noqa: S608  names come from the catalog and are quoted


def _read_tables(connection: sa.Connection, tables: list[_Table]) -> Iterator[tuple[_Table, list[Any] | str]]:
    """Yield each table with its rows, or with the reason why they can't be read."""
    return zip(tables, read_rows(connection, [table.query for table in tables]), strict=True)


def strict_key(value: Any) -> Any:
    """Return a key that can be hashed, equal only for values that read the same: 1 is not 1.0, NaN is NaN."""
    if value is None or type(value) in {str, int}:
        return value
    if isinstance(value, (bool, float)):
        return (type(value).__name__, repr(value))
    if isinstance(value, Decimal):
        return ("Decimal", "NaN" if math.isnan(value) else value)
    if isinstance(value, (dict, list)):
        return json.dumps(value, sort_keys=True, default=repr)
    if value is JSON_NULL:
        return ("json", "null")
    return repr(value) if isinstance(value, (set, bytearray, memoryview)) else value
