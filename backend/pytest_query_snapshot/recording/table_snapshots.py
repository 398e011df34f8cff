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
import sqlite3
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError

from pytest_query_snapshot.databases.schema.table_catalog import CatalogTable, TableCatalog, quoted
from pytest_query_snapshot.recording.table_columns import (
    Convert,
    StateColumn,
    plain_column,
    postgresql_column,
    sqlite_column,
)
from pytest_query_snapshot.values.masks import masked
from pytest_query_snapshot.values.printing.printer import JSON_NULL
from pytest_query_snapshot.values.table import Column

if TYPE_CHECKING:
    from pytest_query_snapshot.values.id_aliases import IdColumns
    from pytest_query_snapshot.values.masks import Masks

Row = tuple[Any, ...]
# states of a table that are remembered: those before and after the steps of a test, and of the seeds
_KEPT = 4
AS_OWNER = (
    *("SET LOCAL SESSION AUTHORIZATION DEFAULT", "SET LOCAL ROLE NONE", "SET LOCAL row_security = off"),
    *("SET LOCAL search_path = pg_catalog", "SET LOCAL TimeZone = 'UTC'", "SET LOCAL DateStyle = 'ISO, YMD'"),
    *("SET LOCAL IntervalStyle = 'postgres'", "SET LOCAL extra_float_digits = 1"),
    *("SET LOCAL bytea_output = 'hex'", "SET LOCAL statement_timeout = 0"),
)
"""The settings that make a connection to PostgreSQL read as the user who connected."""
_MARK = "query_snapshot_state"
# later formats of marshal write references, which depend on how often an object is used elsewhere
_PLAIN_MARSHAL = 2
_IDLE = 0  # libpq's number for a connection without a transaction


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
        self, connection: sa.Connection, *, only: Iterable[str] | None = None, since: State | None = None
    ) -> State:
        """Read the tables as `connection` sees them; with `only`, take the others from the state `since`."""
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
        for table, rows in _read_rows(connection, readable):
            if isinstance(rows, str):
                state.unread[table.name] = rows
            else:
                state[table.name] = table.state(rows)
        return State(dict(sorted(state.items())), state.unread)

    def _table(self, found: CatalogTable, dialect: sa.Dialect) -> _Table:
        known = self._known.get(found.fullname)
        if known is None or known.found != found:
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
        self.query = _query(found, described, dialect)
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


def _query(found: CatalogTable, columns: Sequence[StateColumn], dialect: sa.Dialect) -> str:
    quote = quoted if dialect.name in {"postgresql", "sqlite"} else dialect.identifier_preparer.quote
    schema = found.schema or ((dialect.default_schema_name or "public") if dialect.name == "postgresql" else None)
    if dialect.name == "postgresql" and schema == "temp":
        schema = "pg_temp"
    name = quote(found.name) if schema is None else f"{quote(schema)}.{quote(found.name)}"
    shown = ", ".join(column.expression for column in columns) or "1"
    return f"SELECT {shown} FROM {name}"  # noqa: S608  names come from the catalog and are quoted


def _read_rows(connection: sa.Connection, tables: list[_Table]) -> Iterator[tuple[_Table, list[Any] | str]]:
    """Yield each table with its rows, or with the reason why they can't be read."""
    dialect = connection.dialect
    driver: Any = connection.connection.driver_connection
    real = getattr(driver, "real", driver)
    if dialect.name == "postgresql" and hasattr(real, "pgconn") and not dialect.is_async:
        yield from _psycopg_rows(real, tables)
    elif isinstance(real, sqlite3.Connection):
        yield from _sqlite_rows(real, tables)
    else:
        yield from _any_rows(connection, tables)


def _psycopg_rows(real: Any, tables: list[_Table]) -> Iterator[tuple[_Table, list[Any] | str]]:
    """Read all tables in one round trip; one by one if one of them fails."""
    with _as_owner(real) as cursor:
        if not tables:
            return
        try:
            cursor.execute("SAVEPOINT query_snapshot_batch; " + "; ".join(table.query for table in tables))
        except Exception:  # noqa: BLE001  the errors of any driver
            cursor.execute("ROLLBACK TO SAVEPOINT query_snapshot_batch")
            yield from [(table, _rows_or_reason(cursor, table)) for table in tables]
            return
        found = []
        for table in tables:
            cursor.nextset()
            found.append((table, [tuple(row) for row in cursor.fetchall()]))
    yield from found


@contextmanager
def _as_owner(real: Any) -> Iterator[Any]:
    begin, end = f"SAVEPOINT {_MARK}", f"ROLLBACK TO SAVEPOINT {_MARK}; RELEASE SAVEPOINT {_MARK}"
    if int(real.pgconn.transaction_status) == _IDLE:
        begin, end = "BEGIN", "ROLLBACK"
    from psycopg.rows import tuple_row  # noqa: PLC0415  PostgreSQL is an extra

    cursor = real.cursor(row_factory=tuple_row)
    try:
        cursor.execute(begin)
        cursor.execute("; ".join(AS_OWNER))
        try:
            yield cursor
        finally:
            cursor.execute(end)
    finally:
        cursor.close()


def _rows_or_reason(cursor: Any, table: _Table) -> list[Any] | str:
    try:
        cursor.execute(f"SAVEPOINT query_snapshot_table; {table.query}")
        cursor.nextset()
        return [tuple(row) for row in cursor.fetchall()]
    except Exception as error:  # noqa: BLE001  the errors of any driver
        cursor.execute("ROLLBACK TO SAVEPOINT query_snapshot_table")
        return _reason(error)


def _reason(error: BaseException) -> str:
    return (str(error).strip().splitlines() or [type(error).__name__])[0]


def _sqlite_rows(real: sqlite3.Connection, tables: list[_Table]) -> Iterator[tuple[_Table, list[Any] | str]]:
    cursor = real.cursor()
    try:
        for table in tables:
            try:
                yield table, cursor.execute(table.query).fetchall()
            except sqlite3.Error:
                yield table, _sqlite_rows_as_bytes(real, table)
    finally:
        cursor.close()


def _sqlite_rows_as_bytes(real: sqlite3.Connection, table: _Table) -> list[Any] | str:
    """Read texts that are not UTF-8, which the driver refuses."""
    factory, real.text_factory = real.text_factory, lambda raw: raw.decode("utf-8", "surrogateescape")
    try:
        return real.execute(table.query).fetchall()
    except sqlite3.Error as error:
        return _reason(error)
    finally:
        real.text_factory = factory


def _any_rows(connection: sa.Connection, tables: list[_Table]) -> Iterator[tuple[_Table, list[Any] | str]]:
    for table in tables:
        try:
            result = connection.exec_driver_sql(table.query, execution_options={"no_parameters": True})
            yield table, [tuple(map(_as_bytes, row)) for row in result]
        except DBAPIError as error:
            yield table, _reason(error.orig or error)


def _as_bytes(value: Any) -> Any:
    return bytes(value) if isinstance(value, memoryview) else value


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
