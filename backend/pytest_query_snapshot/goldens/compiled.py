"""Statements that are compared without a database: compiled for dialects by their names."""

from __future__ import annotations

from functools import cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import registry
from sqlalchemy.sql.compiler import SQLCompiler

from pytest_query_snapshot.errors import LeftSideError
from pytest_query_snapshot.recording.statements import RecordingReader, Statement

# the driver that decides about casts, where a dialect has several
_DRIVERS = {"postgresql": "postgresql.psycopg"}
# named placeholders with a cast between colons of a slice would be ambiguous
_PARAMSTYLES = {"postgresql": "pyformat"}


@cache
def dialect_named(name: str) -> sa.Dialect:
    """Make a dialect that writes parameters by name; its driver need not be installed."""
    made: sa.Dialect = registry.load(_DRIVERS.get(name, name))(paramstyle=_PARAMSTYLES.get(name, "named"))
    return made


def compile_statement(statement: Any, *, dialect: sa.Dialect, reader: RecordingReader) -> Statement:
    """Compile a statement as an execution would. Raises LeftSideError if the dialect can't express it."""
    try:
        compiled = statement.compile(dialect=dialect)
        if isinstance(compiled, SQLCompiler):
            _ = compiled._bind_processors  # noqa: SLF001  a type that the dialect lacks shows with its values only
    except (sa.exc.CompileError, AttributeError) as error:
        reason = str(error).splitlines()[0]
        raise LeftSideError(
            kind="sql", received=statement, instead=f"{dialect.name} can't express it: {reason}"
        ) from error
    if not str(compiled).strip():
        raise LeftSideError(kind="sql", received=statement, instead="it is empty")
    return reader.compiled_statement(compiled)
