"""Instants in SQL, and the time between two of them: exact, and the same on every database."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from sqlalchemy import BigInteger, DateTime
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement
from sqlalchemy.types import CHAR, TypeDecorator

from controlplane import clock

if TYPE_CHECKING:
    from sqlalchemy.engine import Dialect
    from sqlalchemy.sql.compiler import SQLCompiler
    from sqlalchemy.types import TypeEngine

_STORED = re.compile(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{6}")


class UTCDateTime(TypeDecorator[datetime]):
    """An aware UTC instant with microseconds, on every database.

    SQLite has no such type: there it is text of one fixed width, `2026-01-05 09:00:00.000000`,
    which sorts as time does. A text of another shape would sort wrongly, so reading one raises ValueError.
    """

    impl = DateTime
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """Pick the column type."""
        return dialect.type_descriptor(CHAR(26) if dialect.name == "sqlite" else DateTime(timezone=True))

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> Any:
        """Turn an instant into what the driver takes."""
        if value is None:
            return None
        value = clock.as_utc(value)  # before the cache: of an hour that comes twice, both instants are equal
        return _text_of(value) if dialect.name == "sqlite" else value

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:
        """Turn what the driver gives into an aware instant."""
        if value is None:
            return None
        if dialect.name != "sqlite":
            return clock.as_utc(value)
        if not _STORED.fullmatch(value):
            raise ValueError(f"{value!r} is not a stored instant; write '2026-01-05 09:00:00.000000' (UTC)")
        return datetime.fromisoformat(value).replace(tzinfo=UTC)


@lru_cache(maxsize=16)
def _text_of(value: datetime) -> str:
    """Write an instant in UTC as SQLite holds it; a unit of work writes few of them, each in many columns."""
    return value.replace(tzinfo=None).isoformat(sep=" ", timespec="microseconds")


class microseconds(FunctionElement[int]):  # noqa: N801  read as a function in a statement
    """An instant as microseconds since 1970, exact."""

    type = BigInteger()
    inherit_cache = True


@compiles(microseconds)
def _(element: microseconds, compiler: SQLCompiler, **options: Any) -> str:
    # a double holds microseconds until the year 2200 and is several times as fast as EXTRACT, which is a numeric
    return f"CAST(date_part('epoch', {compiler.process(element.clauses, **options)}) * 1000000 AS BIGINT)"


@compiles(microseconds, "sqlite")
def _(element: microseconds, compiler: SQLCompiler, **options: Any) -> str:
    # the date functions of SQLite round to milliseconds: 09:59:59.999999 would become 10:00
    text = compiler.process(element.clauses, **options)
    return f"(unixepoch(substr({text}, 1, 19)) * 1000000 + CAST(substr({text}, 21, 6) AS INTEGER))"


class microseconds_between(FunctionElement[int]):  # noqa: N801  read as a function in a statement
    """Microseconds from the first instant to the second, exact; spelled so that an index can hold them."""

    type = BigInteger()
    inherit_cache = True


@compiles(microseconds_between)
def _(element: microseconds_between, compiler: SQLCompiler, **options: Any) -> str:
    start, end = (compiler.process(clause, **options) for clause in element.clauses)
    # the epoch of an instant depends on settings for PostgreSQL, that of a span does not
    return f"(CAST(date_part('epoch', {end} - {start}) * 1000000 AS BIGINT))"


@compiles(microseconds_between, "sqlite")
def _(element: microseconds_between, compiler: SQLCompiler, **options: Any) -> str:
    start, end = (compiler.process(microseconds(clause), **options) for clause in element.clauses)
    return f"({end} - {start})"
