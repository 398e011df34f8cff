"""The time between two instants, exact and the same on every database; models index it, analytics ask for it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import BigInteger
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement

if TYPE_CHECKING:
    from sqlalchemy.sql.compiler import SQLCompiler


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
