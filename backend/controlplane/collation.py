"""Text in the same order on every database."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import String
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement

if TYPE_CHECKING:
    from sqlalchemy.sql.compiler import SQLCompiler


class code_points(FunctionElement[str]):  # noqa: N801  read as a function in a statement
    """Text as a sort key that is the same on every database: by code point, independent of its collation."""

    type = String()
    inherit_cache = True


@compiles(code_points)
def _(element: code_points, compiler: SQLCompiler, **options: Any) -> str:
    return f'{compiler.process(element.clauses, **options)} COLLATE "C"'


@compiles(code_points, "sqlite")
def _(element: code_points, compiler: SQLCompiler, **options: Any) -> str:
    return compiler.process(element.clauses, **options)
