"""`query-snapshot seed`: write a seed from rows of a live database."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from pytest_query_snapshot.atomic_write import write_text
from pytest_query_snapshot.cli.output import DONE, project_of
from pytest_query_snapshot.databases.urls import libpq_arguments, parse_url
from pytest_query_snapshot.errors import ConfigurationError
from pytest_query_snapshot.seeds.tables import literal, quoted_name
from pytest_query_snapshot.values.masks import Masks

_NUMBERS = (sa.Integer, sa.Numeric)


def write_seed(options: argparse.Namespace) -> int:
    """Read tables of a database, parents first, and write INSERTs without the masked columns."""
    project = project_of(options)
    masks = Masks(project.masks)
    engine = _engine(options.from_url)
    try:
        with engine.connect() as connection:
            tables = _reflect(connection, options.tables)
            parts = [_inserts(connection, table, masks=masks, limit=options.limit) for table in tables]
    except sa.exc.SQLAlchemyError as error:
        raise ConfigurationError(f"--from-url: {str(getattr(error, 'orig', error)).strip()}") from error
    finally:
        engine.dispose()
    for table in tables:
        _warn_of_masked(table, masks)
    text = "\n".join(part for part in parts if part)
    if options.output is None:
        sys.stdout.write(text)
    else:
        options.output.parent.mkdir(parents=True, exist_ok=True)
        write_text(options.output, text)
    return DONE


def _engine(text: str) -> sa.Engine:
    """Connect with a sync driver that can't write, independent of the URL's driver."""
    url = parse_url(text, folder=Path.cwd())
    if url.get_backend_name() == "sqlite":
        return sa.create_engine(f"sqlite:///file:{url.database}?mode=ro&uri=true")
    engine = sa.create_engine("postgresql+psycopg://", connect_args=libpq_arguments(url))
    return engine.execution_options(postgresql_readonly=True)


def _reflect(connection: sa.Connection, names: Sequence[str]) -> list[sa.Table]:
    metadata = sa.MetaData()
    for name in names:
        schema, _, table = name.rpartition(".")
        try:
            sa.Table(table, metadata, schema=schema or None, autoload_with=connection, resolve_fks=False)
        except sa.exc.NoSuchTableError as error:
            raise ConfigurationError(f"--tables: table {name} does not exist") from error
    asked = set(metadata.tables)
    if len(asked) == 1:
        return list(metadata.tables.values())
    # a foreign key to a table that was not asked for says nothing about the order
    return [table for table in _parents_first(metadata.tables.values()) if table.fullname in asked]


def _parents_first(tables: Sequence[sa.Table] | Any) -> Iterator[sa.Table]:
    waiting = {table.fullname: table for table in tables}
    while waiting:
        free = [one for one in waiting.values() if not (_parents(one) & waiting.keys()) - {one.fullname}]
        for table in free or list(waiting.values()):  # a circle of tables: in the order that was asked for
            yield waiting.pop(table.fullname)


def _parents(table: sa.Table) -> set[str]:
    return {key.target_fullname.rpartition(".")[0] for key in table.foreign_keys}


def _inserts(connection: sa.Connection, table: sa.Table, *, masks: Masks, limit: int | None) -> str:
    columns = [one for one in table.columns if one.computed is None and not masks.is_masked(one)]
    dialect_name = connection.dialect.name
    # PostgreSQL's own text of a value is what it reads again, of any type
    shown = [
        sa.cast(one, sa.Text) if dialect_name == "postgresql" else sa.type_coerce(one, _RAW) for one in columns
    ]
    query = sa.select(*(one.label(f"c{at}") for at, one in enumerate(shown)))
    query = query.order_by(*(table.primary_key.columns or columns)).limit(limit)
    rows = [
        ", ".join(
            _value(value, column, dialect_name=dialect_name) for value, column in zip(row, columns, strict=True)
        )
        for row in connection.execute(query)
    ]
    if not rows:
        return ""
    where = ".".join(quoted_name(part) for part in (table.schema, table.name) if part)
    names = ", ".join(quoted_name(column.name) for column in columns)
    always = any(column.identity is not None and column.identity.always for column in columns)
    overriding = " OVERRIDING SYSTEM VALUE" if always else ""
    values = ",\n".join(f"  ({row})" for row in rows)
    return f"INSERT INTO {where} ({names}){overriding} VALUES\n{values};\n"


_RAW = sa.types.NullType()


def _value(value: Any, column: sa.Column[Any], *, dialect_name: str) -> str:
    if value is not None and isinstance(column.type, sa.Boolean):
        value = value not in {0, "0", "false", "f"}
    elif (
        isinstance(value, str)
        and isinstance(column.type, _NUMBERS)
        and value.lstrip("-").replace(".", "").isdigit()
    ):
        return value
    return literal(value, dialect_name=dialect_name)


def _warn_of_masked(table: sa.Table, masks: Masks) -> None:
    for column in table.columns:
        if masks.is_masked(column) and not column.nullable and column.server_default is None:
            sys.stderr.write(
                f"query-snapshot: {table.fullname}.{column.name} is masked and left out, but NOT NULL without a "
                "default: add values to the seed\n"
            )
