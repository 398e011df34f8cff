"""The databases and seeds of one process of a run: the only one, or one xdist worker."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from pytest_query_snapshot.databases.isolation import IsolatedDatabase
from pytest_query_snapshot.databases.schema.build import (
    Schema,
    builder,
    checked_options,
    configured_schema,
    metadata_of,
    names_of_schemas,
)
from pytest_query_snapshot.databases.servers.scratch import ScratchDatabase, ScratchPlace
from pytest_query_snapshot.databases.target import DatabaseTarget
from pytest_query_snapshot.errors import ConfigurationError, DatabaseLeakError
from pytest_query_snapshot.seeds.files import SeedFolder, SeedSet
from pytest_query_snapshot.seeds.functions import seeds_in


class ProcessDatabases:
    """Makes each schema's isolated database once, and resolves the seeds of tests."""

    def __init__(self, config: pytest.Config, target: DatabaseTarget) -> None:
        self._target = target
        self._places: dict[int, ScratchPlace] = {}
        self._databases: dict[int, IsolatedDatabase] = {}
        self._schemas: list[Schema] = []  # kept alive, so that their ids stay theirs
        folder = config.rootpath / config.getini("query_snapshot_seeds")
        functions = seeds_in(config.pluginmanager.get_plugins(), root=config.rootpath)
        self._seeds = SeedFolder(folder, root=config.rootpath, functions=functions)
        self._resolved: dict[tuple[str, ...], SeedSet] = {}

    def isolated(self, schema: Schema, *, engine_options: dict[str, Any]) -> IsolatedDatabase:
        """Give the isolated database of a schema."""
        known = self._databases.get(id(schema))
        if known is None:
            options = checked_options(engine_options, connects=False)
            known = IsolatedDatabase(
                self._target.open(),
                build_schema=builder(schema),
                metadata=metadata_of(schema),
                schemas=names_of_schemas(schema, options),
                engine_options=options,
            )
            self._schemas.append(schema)
            self._databases[id(schema)] = known
        return known

    def scratch(self, schema: Schema, seeds: SeedSet, *, folder: Path) -> ScratchDatabase:
        """Make a real database with a schema and seeds."""
        place = self._places.get(id(schema))
        if place is None:
            place = self._places[id(schema)] = ScratchPlace(self._target, builder(schema))
            self._schemas.append(schema)
        return place.make(seeds, folder=folder)

    def seeds_of(self, item: pytest.Item) -> SeedSet:
        """Resolve the `seed` markers of a test, those of its module and class first."""
        names: list[str] = []
        for marker in reversed(list(item.iter_markers("seed"))):
            names += [name for name in marker.args if name not in names]
        key = tuple(names)
        known = self._resolved.get(key)
        if known is None:
            path, line, _ = item.location
            known = self._resolved[key] = self._seeds.resolve(key, asked_by=path, line=(line or 0) + 1)
        return known

    def finish(self) -> list[str]:
        """Verify and close every database; tell what leaked."""
        leaks: list[str] = []
        for place in self._places.values():
            place.close()
        for database in self._databases.values():
            try:
                database.close()
            except DatabaseLeakError as error:
                leaks.append(str(error))
            leaks += database.late_threads.reports
        return leaks

    def notes(self) -> list[str]:
        """Return what the run has to tell about the way its tests ran."""
        return list(dict.fromkeys(note for database in self._databases.values() for note in database.notes()))


def configured(config: pytest.Config) -> Schema:
    """Return the schema that the settings name. Raises ConfigurationError, which says what to set."""
    return configured_schema(
        metadata=config.getini("query_snapshot_metadata"),
        alembic=config.getini("query_snapshot_alembic"),
        root=config.rootpath,
        where=f"the settings of pytest in {config.inipath.name if config.inipath else 'pyproject.toml'}",
    )


def further_schemas(config: pytest.Config) -> dict[str, Schema]:
    """Return the schemas of query_snapshot_databases, by the label of the database. Raises ConfigurationError."""
    found: dict[str, Schema] = {}
    for label, source in labelled_sources(config.getini("query_snapshot_databases")).items():
        is_alembic = source.endswith((".ini", ".toml"))
        found[label] = configured_schema(
            metadata="" if is_alembic else source,
            alembic=source if is_alembic else "",
            root=config.rootpath,
            where="query_snapshot_databases",
        )
    return found


def labelled_sources(settings: Iterable[str]) -> dict[str, str]:
    """Read the lines of query_snapshot_databases. Raises ConfigurationError."""
    found: dict[str, str] = {}
    for setting in settings:
        label, _, source = (part.strip() for part in setting.partition("="))
        if not label.isidentifier() or not source:
            raise ConfigurationError(
                f"query_snapshot_databases: {setting!r} must be 'audit = app.audit:Base.metadata' or "
                "'audit = audit/alembic.ini'"
            )
        if label in found:
            raise ConfigurationError(f"query_snapshot_databases: {label} has two lines; a database has one schema")
        found[label] = source
    return found


def configured_metadata(config: pytest.Config) -> sa.MetaData | None:
    """Return the declared tables, None if only the database knows them. Raises ConfigurationError."""
    return metadata_of(configured(config))
