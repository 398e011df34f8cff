"""Real databases of a test's own: several connections, threads and processes may use them as in production."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from sqlalchemy import event

from pytest_query_snapshot.databases.seed_session import call_with_session
from pytest_query_snapshot.databases.target import DatabaseTarget
from pytest_query_snapshot.seeds.files import SeedSet
from pytest_query_snapshot.seeds.loading import load

if TYPE_CHECKING:
    from pytest_query_snapshot.databases.schema.build import SchemaBuilder


class ScratchDatabase:
    """A freshly made database with the schema and the test's seeds, unshared, dropped when the test ends.

    url: for `create_engine` in any process.
    """

    def __init__(self, url: sa.URL, drop: Callable[[], None]) -> None:
        self.url = url.render_as_string(hide_password=False)
        self._drop = drop
        self._engines: list[sa.Engine] = []

    def engine(self, **options: Any) -> sa.Engine:
        """Make an engine with the given options, disposed when the test ends."""
        made = plain_engine(self.url, **options)
        self._engines.append(made)
        return made

    def close(self) -> None:
        """Drop the database and disconnect its clients."""
        for engine in self._engines:
            engine.dispose()
        self._drop()


class ScratchPlace:
    """Makes scratch databases of one schema: builds it once, then copies."""

    def __init__(self, target: DatabaseTarget, build_schema: SchemaBuilder) -> None:
        self._target = target
        self._build_schema = build_schema
        self._template: str | None = None  # the name of a PostgreSQL database
        self._image: bytes | None = None  # an SQLite database
        self._made = 0

    def make(self, seeds: SeedSet, *, folder: Path) -> ScratchDatabase:
        """Make a database; SQLite puts its file into the folder."""
        return self._sqlite(seeds, folder) if self._target.kind == "sqlite" else self._postgresql(seeds)

    def close(self) -> None:
        """Drop the template."""
        if self._template is not None:
            from pytest_query_snapshot.databases.servers import provisioning  # noqa: PLC0415  psycopg is an extra

            provisioning.drop(self._target.address(), self._template)
            self._template = None

    def _sqlite(self, seeds: SeedSet, folder: Path) -> ScratchDatabase:
        self._made += 1
        place = folder / f"scratch_{self._made}"
        place.mkdir()
        path = place / "scratch.db"
        url = sa.URL.create("sqlite", database=str(path))
        if self._image is None:
            self._build(url)
            self._image = path.read_bytes()
        else:
            path.write_bytes(self._image)
        with closing(sqlite3.connect(path, isolation_level=None)) as raw:
            raw.execute("PRAGMA foreign_keys=ON")
            _load(seeds, _Target("sqlite", sqlite3.Error, raw))
        return ScratchDatabase(url, lambda: shutil.rmtree(place, ignore_errors=True))

    def _postgresql(self, seeds: SeedSet) -> ScratchDatabase:
        import psycopg  # noqa: PLC0415  an extra

        from pytest_query_snapshot.databases.servers import provisioning  # noqa: PLC0415  psycopg is an extra
        from pytest_query_snapshot.databases.servers.server import connect_arguments  # noqa: PLC0415  psycopg is an extra

        server = self._target.address()
        self._target.sweep_after_kill()
        prefix = f"{self._target.prefix}{self._target.worker or 'main'}_{id(self):x}"
        if self._template is None:
            self._template = f"{prefix}_template"
            self._build(provisioning.create(server, self._template))
        self._made += 1
        name = f"{prefix}_{self._made}"
        url = provisioning.create(server, name, template=self._template)
        with psycopg.connect(**connect_arguments(url), autocommit=True) as raw:
            raw.execute("SET TIME ZONE 'UTC'")
            _load(seeds, _Target("postgresql", psycopg.Error, raw))
        return ScratchDatabase(url, lambda: provisioning.drop(server, name))

    def _build(self, url: sa.URL) -> None:
        engine = plain_engine(url)
        try:
            with engine.connect() as connection:
                self._build_schema(connection)
                connection.commit()
        finally:
            engine.dispose()


class _Target:
    """A real connection that seeds are loaded into."""

    def __init__(self, dialect_name: str, driver_error: type[Exception], raw: Any) -> None:
        self.dialect_name = dialect_name
        self.driver_error = driver_error
        self.raw = raw

    def load(self, sql: str) -> None:
        """Run one statement."""
        self.raw.execute(sql)

    def copy(self, statement: str, data: str) -> None:
        """Run COPY .. FROM stdin with its data."""
        with self.raw.cursor().copy(statement) as copying:
            copying.write(data)

    def call(self, function: Callable[[Any], object]) -> None:
        """Call a Python seed."""
        call_with_session(function, self.raw, dialect_name=self.dialect_name)

    def postpone_checks(self) -> None:
        """Check foreign keys at the commit."""
        self.load("PRAGMA defer_foreign_keys = ON")

    def end_file(self) -> None:
        """Return settings to their defaults."""
        if self.dialect_name == "postgresql":
            self.load("RESET ALL")
            self.load("SET TIME ZONE 'UTC'")

    def load_script(self, script: str) -> bool:
        """Leave it to load."""
        del script
        return False


def _load(seeds: SeedSet, target: _Target) -> None:
    if seeds.files:
        target.load("BEGIN")
        for file in seeds.files:
            load(file, target)
        if target.dialect_name == "postgresql":
            from pytest_query_snapshot.databases.schema import catalog  # noqa: PLC0415  psycopg is an extra

            catalog.advance(target.raw)
        target.load("COMMIT")


def plain_engine(url: str | sa.URL, **options: Any) -> sa.Engine:
    """Make an engine whose transactions are real: explicit BEGIN and foreign keys on SQLite, UTC on PostgreSQL."""
    engine = sa.create_engine(url, **options)
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _prepare_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
    else:
        event.listen(engine, "connect", _prepare_postgresql)
    return engine


def _begin_sqlite(connection: sa.Connection) -> None:
    options = connection.get_execution_options()  # with those of its engine
    if options.get("isolation_level") != "AUTOCOMMIT":
        connection.exec_driver_sql("BEGIN")


def _prepare_sqlite(raw: Any, _record: Any) -> None:
    raw.isolation_level = None
    raw.execute("PRAGMA foreign_keys=ON")


def _prepare_postgresql(raw: Any, _record: Any) -> None:
    with raw.cursor() as cursor:
        cursor.execute("SET TIME ZONE 'UTC'")
    raw.commit()
