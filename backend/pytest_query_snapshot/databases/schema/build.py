"""The schema of the tests' database: from metadata, migrations, or a function of the project."""

from __future__ import annotations

import importlib
import inspect
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.schema import CreateSchema

from pytest_query_snapshot.errors import ConfigurationError

Schema = sa.MetaData | Callable[[sa.Connection], None]
SchemaBuilder = Callable[[sa.Connection], None]
EXAMPLE = 'query_snapshot_metadata = "myproject.models:Base.metadata"'


class MetadataSchema:
    """The tables of several metadata, each created with its own events; schemas are created first."""

    def __init__(self, parts: Sequence[sa.MetaData]) -> None:
        self.parts = tuple(parts)

    def __call__(self, connection: sa.Connection) -> None:
        """Create every schema and table."""
        create_schemas(connection, schemas_of(self.parts))
        for part in self.parts:
            part.create_all(connection)

    @property
    def metadata(self) -> sa.MetaData:
        """One metadata with the tables of all."""
        if len(self.parts) == 1:
            return self.parts[0]
        together = sa.MetaData()
        for part in self.parts:
            for table in part.tables.values():
                table.to_metadata(together)
        return together


def builder(schema: Schema) -> SchemaBuilder:
    """Return the function that builds a schema on a connection. Raises ConfigurationError."""
    if isinstance(schema, sa.MetaData):
        return MetadataSchema([schema])
    if not callable(schema) or isinstance(schema, type) or inspect.iscoroutinefunction(schema):
        kind = "an async function" if callable(schema) else f"a {type(schema).__name__}"
        raise ConfigurationError(
            f"the fixture query_snapshot_schema returned {kind}: return MetaData, or a function that builds the "
            "schema on the sync connection it is called with"
        )

    call: Callable[[sa.Connection], Any] = schema  # of the project, and so not surely of its type

    def build(connection: sa.Connection) -> None:
        made: Any = call(connection)
        if isinstance(made, sa.MetaData):
            raise ConfigurationError(
                "the function of query_snapshot_schema returned MetaData and built nothing of it: call its "
                "create_all(connection), or return it from the fixture in the place of the function"
            )

    return build


def metadata_of(schema: Schema) -> sa.MetaData | None:
    """Return the declared tables of a schema; None if only the database knows them."""
    if isinstance(schema, sa.MetaData):
        return schema
    found: Any = getattr(schema, "metadata", None)
    return found if isinstance(found, sa.MetaData) else None


def schemas_of(parts: Iterable[sa.MetaData]) -> tuple[str, ...]:
    """Name the schemas of tables, sequences and the metadata themselves."""
    found: dict[str, None] = {}
    for part in parts:
        found |= dict.fromkeys(
            name for name in (part.schema, *(table.schema for table in part.tables.values())) if name is not None
        )
    return tuple(found)


def checked_options(options: object, *, connects: bool) -> dict[str, Any]:
    """Return the options of engines. Raises ConfigurationError for what has no effect.

    connects: whether the engines make connections, and not the plugin.
    """
    fixture = "the fixture query_snapshot_engine_options"
    if not isinstance(options, dict):
        raise ConfigurationError(f"{fixture} returned a {type(options).__name__}: return a dict")
    unused = sorted(_OF_CONNECTIONS & options.keys())
    if unused and not connects:
        raise ConfigurationError(
            f"{fixture}: {unused[0]} has no effect in the isolation mode savepoint, where the plugin makes the "
            "one connection; leave it out, or choose the isolation mode connections"
        )
    return options


# what SQLAlchemy leaves unread, or refuses, beside a connection and a pool that it is given
_OF_CONNECTIONS = frozenset({"connect_args", "creator", "async_creator", "poolclass", "pool"})


def names_of_schemas(schema: Schema, engine_options: Mapping[str, Any]) -> tuple[str, ...]:
    """Name the schemas that the database needs, after the translation that the engine is set to."""
    metadata = metadata_of(schema)
    translated = engine_options.get("execution_options", {}).get("schema_translate_map") or {}
    declared = () if metadata is None else schemas_of([metadata])
    names = (*(translated.get(name, name) for name in declared), *translated.values())
    return tuple(dict.fromkeys(name for name in names if name))


def create_schemas(connection: sa.Connection, names: Iterable[str]) -> None:
    """Create schemas, as the connection translates their names; SQLite attaches them when it connects."""
    if connection.dialect.name != "sqlite":
        translated = connection.get_execution_options().get("schema_translate_map") or {}
        for name in dict.fromkeys((*(translated.get(name, name) for name in names), *translated.values())):
            if name:
                connection.execute(CreateSchema(name, if_not_exists=True))


def configured_schema(*, metadata: str, alembic: str, root: Path, where: str) -> Schema:
    """Return the schema that the settings name. Raises ConfigurationError, which says what to set."""
    parts = [_import_metadata(name, where=where) for name in metadata.replace(",", " ").split()]
    if alembic:
        from pytest_query_snapshot.databases.schema.migrations import AlembicSchema  # noqa: PLC0415  an extra

        return AlembicSchema(root / alembic, metadata=MetadataSchema(parts).metadata if parts else None)
    if not parts:
        raise ConfigurationError(
            f"no schema for the tests' database: set {EXAMPLE} under {where} (or query_snapshot_alembic), or "
            "override the session fixture query_snapshot_schema in a conftest.py to return MetaData or a function "
            "that takes a connection"
        )
    return parts[0] if len(parts) == 1 else MetadataSchema(parts)


def _import_metadata(name: str, *, where: str) -> sa.MetaData:
    module, _, path = name.partition(":")
    try:
        found: Any = importlib.import_module(module)
        for attribute in filter(None, path.split(".")):
            found = getattr(found, attribute)
    except (ImportError, AttributeError) as error:
        raise ConfigurationError(f"query_snapshot_metadata = {name!r} under {where}: {error}") from error
    if isinstance(found, type):  # a declarative base
        found = getattr(found, "metadata", found)
    if not isinstance(found, sa.MetaData):
        kind = type(found).__name__
        raise ConfigurationError(
            f"query_snapshot_metadata = {name!r} under {where} is a {kind}, not MetaData; write {EXAMPLE}"
        )
    return found
