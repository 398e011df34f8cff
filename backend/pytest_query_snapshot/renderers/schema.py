"""The DDL of a schema: what builds its tables and indexes on one database."""

from __future__ import annotations

from typing import TYPE_CHECKING

import sqlalchemy as sa
from sqlalchemy.schema import CreateIndex, CreateTable

if TYPE_CHECKING:
    from collections.abc import Iterable


def render(schema: sa.MetaData | Iterable[sa.Table], dialect: sa.Dialect) -> str:
    """Write the DDL of tables, in order of their names: a new reference must not move what is there."""
    tables = schema.tables.values() if isinstance(schema, sa.MetaData) else schema
    return "\n\n".join(_table(table, dialect) for table in sorted(tables, key=lambda table: table.fullname)) + "\n"


def _table(table: sa.Table, dialect: sa.Dialect) -> str:
    parts = [str(CreateTable(table).compile(dialect=dialect))]
    indexes = sorted(table.indexes, key=lambda index: str(index.name))
    parts.extend(str(CreateIndex(index).compile(dialect=dialect)) for index in indexes)
    return "\n".join(_tidy(part) for part in parts)


def _tidy(ddl: str) -> str:
    return "\n".join(line.rstrip().replace("\t", "    ") for line in ddl.strip().splitlines()) + ";"
