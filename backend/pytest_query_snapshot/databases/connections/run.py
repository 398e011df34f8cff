"""The databases of one process in the isolation mode `connections`; their URLs are fixed."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from pytest_query_snapshot.databases.connections.database import ConnectedDatabase
from pytest_query_snapshot.databases.connections.keeper import Keeper
from pytest_query_snapshot.databases.connections.use import UseOfDatabases
from pytest_query_snapshot.databases.connections.variables import MAIN, URLVariables
from pytest_query_snapshot.databases.observed import MAIN_NAME
from pytest_query_snapshot.databases.schema.build import Schema, checked_options
from pytest_query_snapshot.errors import ConfigurationError, DatabaseLeakError
from pytest_query_snapshot.seeds.files import SeedSet

if TYPE_CHECKING:
    from pytest_query_snapshot.databases.connections.pooled_connections import DriverPlace
    from pytest_query_snapshot.databases.target import DatabaseTarget


class ConnectionsRun:
    """The databases of this process; their names are known before they are made.

    The main one gets the schema and the seeds of the plugin; the others are left to the application.
    """

    def __init__(self, target: DatabaseTarget, variables: URLVariables, *, stop: Callable[[], None]) -> None:
        self._stop = stop
        self._target = target
        self._variables = variables
        self._databases: list[ConnectedDatabase] = []
        self._use = UseOfDatabases()
        if variables and target.kind == "postgresql":
            target.address()  # the application may connect while it is imported
        for label in variables.labels:
            keeper = _make_keeper(target, label)
            drivers = variables.drivers(keeper.url, label=label)
            variables.set(keeper.url, label=label)
            self._use.watch(keeper.url)
            self._databases.append(ConnectedDatabase(keeper, name=label or MAIN_NAME, drivers=drivers))

    def refuse_use(self, *, refused: bool) -> None:
        """Refuse, or allow again, that engines of the application connect to the databases."""
        self._use.is_refused = refused

    @property
    def main(self) -> ConnectedDatabase:
        """The database with the schema."""
        return self._databases[0]

    @property
    def databases(self) -> tuple[ConnectedDatabase, ...]:
        """All databases of the run."""
        return tuple(self._databases)

    def prepare(self, schema: Schema, *, engine_options: Any, further: Mapping[str, Schema]) -> None:
        """Make the databases, unless they have this schema already.

        further: the schemas of other databases than the main one, by label; without one the database is empty.
        """
        self._target.wait()
        self.main.engines.options = checked_options(engine_options, connects=True)
        for database in self._databases:
            is_main = database is self.main
            database.prepare(schema if is_main else further.get(database.name, no_schema))

    @property
    def others(self) -> dict[sa.URL, str]:
        """The first test that used each database which is not one of these."""
        return self._use.others

    def begin_test(self, test: str) -> None:
        """Begin a test in every database."""
        self._use.test = test
        for database in self._databases:
            database.begin_test(test)

    def load_seeds(self, seeds: SeedSet) -> None:
        """Load the seeds of a test into the main database."""
        for database in self._databases:
            database.load_seeds(seeds if database is self.main else SeedSet())

    def hears(self, statement: str, *, origin: sa.Dialect | DriverPlace | None, connection: Any) -> None:
        """Hear what a cursor of a driver is about to execute. Raises RefusedError."""
        if origin is None:
            return
        for database in self._databases:
            database.hears(connection, statement, origin=origin)

    def begin_layer(self) -> list[int]:
        """Prepare the set-up of a fixture that outlives the test."""
        return [database.begin_layer() for database in self._databases]

    def end_layer(self, name: str) -> None:
        """Keep what a fixture wrote. Raises ConfigurationError where the test itself has written before."""
        kept = [database.end_layer() for database in self._databases]
        if not all(kept):
            raise ConfigurationError(
                f"the fixture {name} outlives the test, and was set up when the test had written already: what it "
                f"wrote can't be kept for other tests; name {name} as an argument of the test, to set it up first"
            )

    def drop_layer(self, depths: Sequence[int]) -> None:
        """Forget what a fixture wrote when it ends."""
        for database, depth in zip(self._databases, depths, strict=True):
            database.drop_layer(depth)

    def end_test(self) -> None:
        """Put every database back. Raises DatabaseLeakError."""
        self._use.test = ""
        errors: list[DatabaseLeakError] = []
        for database in self._databases:
            try:
                database.end_test()
            except DatabaseLeakError as error:
                errors.append(error)
        if errors:
            raise errors[0]

    def close_async(self, owner: Any) -> None:
        """Close the async connections of an event loop before it is closed."""
        for database in self._databases:
            database.close_async(owner)

    def finish(self) -> list[str]:
        """Drop the databases; return what the run has to report."""
        self._variables.restore()
        self._use.stop()
        notes: list[str] = []
        for database in self._databases:
            database.close()
            notes += database.notes
        self._stop()
        return notes


def no_schema(connection: sa.Connection) -> None:
    """Leave the database empty."""


def _make_keeper(target: DatabaseTarget, label: str) -> Keeper:
    if target.kind == "sqlite":
        from pytest_query_snapshot.databases.connections.sqlite import SQLiteKeeper  # noqa: PLC0415

        given = None if target.url is None or label != MAIN else target.url.database
        return SQLiteKeeper(source=Path(given) if given and given != ":memory:" else None)
    from pytest_query_snapshot.databases.connections.postgresql.keeper import PostgreSQLKeeper  # noqa: PLC0415  an extra

    server = target.launch()
    name = f"{target.prefix}{target.worker or 'main'}_app{'_' + label if label else ''}"
    template = server.database if target.given and label == MAIN else None
    return PostgreSQLKeeper(server, name, template=template, shared=target.given)
