"""Reading a file of rows again: into the database they came from, or into an empty one."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from sqlalchemy.exc import DataError, IntegrityError, StatementError

from controlplane import migrations
from controlplane.archiving.file_format import TableRows, from_stored, read_rows
from controlplane.archiving.full_backup import stored_tables
from controlplane.database import create_engine
from controlplane.errors import ArchiveError
from controlplane.migrations.state import SchemaState, read_version, schema_error
from controlplane.models import Base

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

BATCH = 500
VALUE_ERRORS = (ValueError, TypeError, AttributeError, LookupError, RecursionError, StatementError)
"""Errors of converters and drivers for a value of another type than its column's."""


def restore(database: sa.Engine, *, path: Path) -> int:
    """Insert the rows of a backup or an archive, of this or an earlier version; return how many.

    An empty database gets its schema first. All rows are inserted or none.

    Raises:
        ArchiveError: it is not such a file, or of a later version; or rows are there already, or refer to others
            that are not.
        SchemaError: the database is neither empty nor of this version.
    """
    header, tables = read_rows(path)
    revision = str(header.get("revision"))
    if revision not in migrations.revisions():
        raise ArchiveError(file=path, problem=f"it was written by a later version, at revision {revision}")
    if revision != migrations.revisions()[-1]:
        tables = _upgraded(path, tables, revision=revision)
    _check_names(path, tables, {name: table.columns.keys() for name, table in Base.metadata.tables.items()})
    with database.begin() as connection:
        migrations.lock(connection)
        version = read_version(connection)
        if version.state is SchemaState.EMPTY:
            migrations.upgrade(connection)
        elif version.state is not SchemaState.CURRENT:
            raise schema_error(connection.engine.url, version)
        return _insert(connection, path, tables)


def _insert(connection: sa.Connection, path: Path, tables: list[TableRows]) -> int:
    count = 0
    for stored in tables:
        table = Base.metadata.tables[stored.table]
        convert = from_stored(table, stored.columns)
        try:
            rows = [convert(row) for row in stored.rows]
            # rows with the same columns are one statement; in order, for rows may refer to earlier ones
            for _, group in groupby(rows, key=tuple):
                batch = list(group)
                for start in range(0, len(batch), BATCH):
                    connection.execute(sa.insert(table), batch[start : start + BATCH])
        except (IntegrityError, DataError) as error:
            problem = " ".join(str(error.orig).split())
            raise ArchiveError(file=path, problem=f"rows of {table.name} don't fit in: {problem}") from error
        except VALUE_ERRORS as error:
            problem = f"a value of {table.name} can't be read: {error}"
            raise ArchiveError(file=path, problem=problem) from error
        count += len(rows)
    return count


def _check_names(path: Path, tables: list[TableRows], known: Mapping[str, Iterable[str]]) -> None:
    """Raise ArchiveError unless every table and column is one of the schema."""
    for stored in tables:
        if stored.table not in known:
            raise ArchiveError(file=path, problem=f"it names an unknown table {stored.table!r}")
        unknown = [name for name in stored.columns if name not in known[stored.table]]
        if unknown or len(set(stored.columns)) < len(stored.columns):
            named = f"no column {unknown[0]!r}" if unknown else "columns named twice"
            raise ArchiveError(file=path, problem=f"the table {stored.table} has {named}")


def _upgraded(path: Path, tables: list[TableRows], *, revision: str) -> list[TableRows]:
    """Return the rows as the newest schema has them: an old one is made in memory, filled, and upgraded."""
    engine = create_engine("sqlite://")
    with engine.connect() as connection:
        raw: Any = connection.connection.dbapi_connection
        raw.execute("PRAGMA foreign_keys=OFF")  # an archive refers to rows that are not in it
        with connection.begin():
            migrations.upgrade(connection, revision)
            schema = sa.inspect(connection)
            names_of = {
                table: [column["name"] for column in schema.get_columns(table)]
                for table in schema.get_table_names()
            }
            _check_names(path, tables, names_of)
            for stored in tables:
                marks = ", ".join("?" * len(stored.columns))
                names = ", ".join(f'"{name}"' for name in stored.columns)
                statement = f'INSERT INTO "{stored.table}" ({names}) VALUES ({marks})'  # noqa: S608
                for row in stored.rows:
                    connection.exec_driver_sql(statement, row)
            migrations.upgrade(connection)
        made = [TableRows(name, columns, list(rows)) for name, columns, rows in stored_tables(connection)]
    engine.dispose()
    return [stored for stored in made if stored.rows]
