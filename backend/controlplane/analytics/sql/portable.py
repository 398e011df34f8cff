"""Differences between the databases, one function per concept; every statement of the slice uses these.

The other modules hold one portable statement each. SQLite keeps instants as text of one fixed width
(`2026-01-05 09:00:00.000000`), has no percentile and sorts text by code point; PostgreSQL and its distributed
relatives (the default spelling here) have timestamps, `percentile_cont` and collations.
"""

from __future__ import annotations

import json
from datetime import datetime
from typing import TYPE_CHECKING, Any, TypeAlias

from sqlalchemy import (
    BigInteger,
    Float,
    Integer,
    Select,
    String,
    and_,
    cast,
    column,
    func,
    literal,
    true,
    values,
)
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement
from sqlalchemy.sql.visitors import InternalTraversal
from sqlalchemy.types import TypeDecorator

from controlplane.sql_time import UTCDateTime, microseconds_between

if TYPE_CHECKING:
    import uuid
    from collections.abc import Sequence
    from enum import StrEnum

    from sqlalchemy import CTE, ColumnElement, Dialect, TableValuedAlias
    from sqlalchemy.sql.compiler import SQLCompiler
    from sqlalchemy.types import TypeEngine

DOUBLE = Float(53)
Rows: TypeAlias = Select[*tuple[Any, ...]]  # what every builder returns


def in_window(instant: Any, *, since: datetime | None, until: datetime | None) -> ColumnElement[bool]:
    """Return whether `instant` lies in [since, until); an end that is None is open."""
    return and_(
        true() if since is None else instant >= since,
        true() if until is None else instant < until,
    )


def record_scope(
    record: Any, *, workspace_id: uuid.UUID, since: datetime | None, until: datetime | None
) -> ColumnElement[bool]:
    """Return whether a record of the workspace was made in the window."""
    return and_(record.workspace_id == workspace_id, in_window(record.created_at, since=since, until=until))


def at(instant: datetime) -> ColumnElement[datetime]:
    """Bind an instant given by the caller, so that it compares with stored ones."""
    return literal(instant, UTCDateTime())


def ratio(part: Any, whole: Any) -> ColumnElement[float]:
    """Divide as floats; null when `whole` is 0."""
    return cast(part, DOUBLE) / cast(func.nullif(whole, 0), DOUBLE)


def total(number: Any) -> ColumnElement[int]:
    """Sum whole numbers to a whole number (PostgreSQL would give a decimal); 0 for no rows."""
    return cast(func.coalesce(func.sum(number), 0), BigInteger)


class unordered(FunctionElement[Any]):  # noqa: N801  read as a function in a statement
    """A column to group by, but not to read in order of: SQLite would use an index on it for any window.

    Its planner can't see how short a window is that comes in parameters, and prefers an index that saves a sort.
    """

    inherit_cache = True

    def __init__(self, key: Any) -> None:
        super().__init__(key)
        self.type = key.type


@compiles(unordered)
def _(element: unordered, compiler: SQLCompiler, **options: Any) -> str:
    return compiler.process(element.clauses, **options)


@compiles(unordered, "sqlite")
def _(element: unordered, compiler: SQLCompiler, **options: Any) -> str:
    return f"+{compiler.process(element.clauses, **options)}"


class by_key(FunctionElement[Any]):  # noqa: N801  read as a condition in a statement
    """A record of the same workspace found by its key.

    A foreign key stays within a workspace, so the key would do. The workspace tells a distributed database to look
    on no other node; SQLite does not get the condition, as it would read all records into a Bloom filter.
    """

    inherit_cache = True  # and no type: SQLAlchemy writes `= 1` behind what is boolean

    def __init__(self, record: Any, key: Any, *, workspace_id: uuid.UUID) -> None:
        super().__init__(record.id == key, record.workspace_id == workspace_id)


@compiles(by_key)
def _(element: by_key, compiler: SQLCompiler, **options: Any) -> str:
    return " AND ".join(compiler.process(clause, **options) for clause in element.clauses)


@compiles(by_key, "sqlite")
def _(element: by_key, compiler: SQLCompiler, **options: Any) -> str:
    return compiler.process(next(iter(element.clauses)), **options)


def in_window_order(key: Any, *, since: datetime | None, until: datetime | None) -> Any:
    """Return a column so that a window is read by its instants, and all history in the order of the column."""
    return unordered(key) if since or until else key


class whole(FunctionElement[int]):  # noqa: N801  read as a function in a statement
    """A number, not below 0, without its fraction."""

    type = BigInteger()
    inherit_cache = True


@compiles(whole)
def _(element: whole, compiler: SQLCompiler, **options: Any) -> str:
    return f"CAST(floor({compiler.process(element.clauses, **options)}) AS BIGINT)"


@compiles(whole, "sqlite")
def _(element: whole, compiler: SQLCompiler, **options: Any) -> str:
    return f"CAST({compiler.process(element.clauses, **options)} AS BIGINT)"


class next_day(FunctionElement[datetime]):  # noqa: N801  read as a function in a statement
    """The midnight (UTC) with which the day after a stored midnight begins."""

    type = UTCDateTime()
    inherit_cache = True


@compiles(next_day)
def _(element: next_day, compiler: SQLCompiler, **options: Any) -> str:
    return f"({compiler.process(element.clauses, **options)} + INTERVAL '24 hours')"


@compiles(next_day, "sqlite")
def _(element: next_day, compiler: SQLCompiler, **options: Any) -> str:
    return f"strftime('%Y-%m-%d 00:00:00.000000', {compiler.process(element.clauses, **options)}, '+1 day')"


def seconds_between(start: Any, end: Any) -> ColumnElement[float]:
    """Seconds from `start` to `end`: whole microseconds divided once, so the same float on every database."""
    return cast(microseconds_between(start, end), DOUBLE) / literal(1e6, DOUBLE)


class _List(TypeDecorator[list[Any]]):
    """A list in one parameter: the statement's text does not depend on how long it is."""

    impl = String
    cache_ok = True

    def __init__(self, member: TypeEngine[Any]) -> None:
        super().__init__()
        self.member = member

    def load_dialect_impl(self, dialect: Dialect) -> Any:
        return dialect.type_descriptor(String() if dialect.name == "sqlite" else ARRAY(self.member))

    def process_bind_param(self, value: list[Any] | None, dialect: Dialect) -> Any:
        if dialect.name != "sqlite" or value is None:
            return value
        bound = self.member.dialect_impl(dialect).bind_processor(dialect)
        return json.dumps([bound(member) if bound else member for member in value], separators=(",", ":"))


class _unnest(FunctionElement[Any]):  # noqa: N801  read as a function in a statement
    inherit_cache = True


@compiles(_unnest)
def _(element: _unnest, compiler: SQLCompiler, **options: Any) -> str:
    array: Any = next(iter(element.clauses))
    kind = compiler.dialect.type_compiler_instance.process(ARRAY(array.type.member))
    return f"(SELECT unnest(CAST({compiler.process(array, **options)} AS {kind})) AS value)"


@compiles(_unnest, "sqlite")
def _(element: _unnest, compiler: SQLCompiler, **options: Any) -> str:
    return f"json_each({compiler.process(element.clauses, **options)})"


def list_table(members: Sequence[Any], kind: TypeEngine[Any], *, name: str) -> TableValuedAlias:
    """Make a table with one column, `value`, out of values known when the statement is built."""
    return _unnest(literal(list(members), _List(kind))).table_valued(column("value", kind), name=name)


def instants_table(instants: Sequence[datetime], *, name: str) -> TableValuedAlias:
    """Make a table with one column, `value`, out of instants known when the statement is built."""
    return list_table(instants, UTCDateTime(), name=name)


class _ByDialect(FunctionElement[Any]):
    """One table, written in two ways."""

    inherit_cache = True
    _traverse_internals = [  # noqa: RUF012  SQLAlchemy reads it as declared
        *FunctionElement._traverse_internals,  # noqa: SLF001  both ways are part of the cache key
        ("native", InternalTraversal.dp_clauseelement),
        ("sqlite", InternalTraversal.dp_clauseelement),
    ]

    def __init__(self, *, native: Rows, sqlite: Rows) -> None:
        self.native = native
        self.sqlite = sqlite
        super().__init__()


@compiles(_ByDialect)
def _(element: _ByDialect, compiler: SQLCompiler, **options: Any) -> str:
    return f"({compiler.process(element.native, **options)})"


@compiles(_ByDialect, "sqlite")
def _(element: _ByDialect, compiler: SQLCompiler, **options: Any) -> str:
    return f"({compiler.process(element.sqlite, **options)})"


def table_by_dialect(*, native: Rows, sqlite: Rows, name: str) -> TableValuedAlias:
    """Make one table of two statements with the same columns; each database gets the one that is fast on it."""
    columns = [column(str(each.key), each.type) for each in native.selected_columns]
    return _ByDialect(native=native, sqlite=sqlite).table_valued(*columns, name=name)


def members_table(kind: type[StrEnum], *, name: str) -> CTE:
    """Make a table of the members of an enum, `member` and `position`, to count zeros too."""
    rows = [(member.value, position) for position, member in enumerate(kind)]
    return (
        values(column("member", String()), column("position", Integer()), name=f"{name}_values")
        .data(rows)
        .cte(name)
    )


class _json_texts(FunctionElement[Any]):  # noqa: N801  read as a function in a statement
    inherit_cache = True


@compiles(_json_texts)
def _(element: _json_texts, compiler: SQLCompiler, **options: Any) -> str:
    return f"json_array_elements_text({compiler.process(element.clauses, **options)})"


@compiles(_json_texts, "sqlite")
def _(element: _json_texts, compiler: SQLCompiler, **options: Any) -> str:
    return f"json_each({compiler.process(element.clauses, **options)})"


def json_texts(array: Any, *, name: str) -> TableValuedAlias:
    """Make a table with one column, `value`, out of a JSON column that holds a list of texts."""
    return _json_texts(array).table_valued(column("value", String()), name=name)
