"""A database that the application uses with engines of its own: its baselines, and what happens around a test."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from sqlalchemy.pool import StaticPool

from pytest_query_snapshot.databases.connections.engines import ApplicationEngines
from pytest_query_snapshot.databases.connections.keeper import Keeper
from pytest_query_snapshot.databases.connections.layers import Layers
from pytest_query_snapshot.databases.connections.own_engines import OwnEngines
from pytest_query_snapshot.databases.observed import MAIN_NAME
from pytest_query_snapshot.databases.schema.build import builder, metadata_of, names_of_schemas
from pytest_query_snapshot.databases.schema.reflection import reflected_metadata
from pytest_query_snapshot.databases.servers.scratch import plain_engine
from pytest_query_snapshot.errors import ConfigurationError, DatabaseLeakError
from pytest_query_snapshot.seeds.files import SeedSet

if TYPE_CHECKING:
    from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession

    from pytest_query_snapshot.databases.connections.pooled_connections import DriverPlace
    from pytest_query_snapshot.databases.schema.table_catalog import CatalogTable
    from pytest_query_snapshot.databases.touched_rows import TouchedRows

_DEFAULT_SCHEMA = "public."
_CLOSING_SECONDS = 0.02  # a connection is closed some time after the client is done
_POLL_SECONDS = 0.001


class _KeeperPool(StaticPool):
    """The pool of the keeper's connection, whose cursors report to no recorder."""

    query_snapshot_unrecorded = True


class ConnectedDatabase:
    """The database of one worker in the isolation mode `connections`.

    name: its label in `query_snapshot_url_variables`, "tests" for the main one.
    seed_set: the seeds of the running test.
    engines: what `engine` and `async_engine` are.
    notes: what the run has to report at its end: transactions left open, writes after the end of a test.
    """

    def __init__(self, keeper: Keeper, *, name: str = MAIN_NAME, drivers: tuple[str, ...] = ()) -> None:
        self.keeper = keeper
        self.name = name
        self.url = keeper.url
        self.seed_set = SeedSet()
        self.notes: list[str] = []
        self.engines = OwnEngines(keeper.url, drivers=drivers)
        self._applications = ApplicationEngines(str(keeper.url.database), check=keeper.check)
        self._layers = Layers(keeper)
        self._schema: sa.MetaData | Callable[[sa.Connection], None] | None = None
        self._current: Any = None  # the baseline that the database holds, apart from the test's own work
        self._metadata: sa.MetaData | None = None
        self._owner = ""
        self._has_begun = False  # the function-scoped part of the running test
        self._fixtures_under_way = 0  # of wider scopes; they can ask for each other
        self._writes: Any = None  # of the test itself, before such a fixture
        self._holds_own_work = False
        self._long_lived: list[Any] = []
        self._threads: frozenset[int | None] = frozenset()
        self._reader: sa.Engine | None = None
        self._read_by: Any = None  # the keeper's connection
        self.reflected = False

    @property
    def dialect_name(self) -> str:
        """`sqlite` or `postgresql`."""
        return self.keeper.dialect_name

    # -- what fixtures and goldens use

    @property
    def engine(self) -> sa.Engine:
        """A plain engine on the database."""
        return self.engines.sync()

    @property
    def baseline(self) -> object:
        """Return the state at the test's start; another state is another object."""
        return self._current

    @property
    def async_engine(self) -> AsyncEngine:
        """A plain async engine on the database, with the async driver that was asked for."""
        return self.engines.asynchronous()

    @property
    def metadata(self) -> sa.MetaData:
        """The tables: the configured metadata, or those that the database has."""
        if self._metadata is None:
            with self.unrecorded() as connection:
                self._metadata = reflected_metadata(connection)
        return self._metadata

    @contextmanager
    def unrecorded(self) -> Iterator[sa.Connection]:
        """Give the keeper's connection: it sees every row that is committed."""
        raw = self.keeper.reader()
        if self._reader is None or raw is not self._read_by:
            self._read_by = raw
            self._reader = sa.create_engine(
                self.url,
                creator=lambda: raw,
                poolclass=_KeeperPool,
                isolation_level="AUTOCOMMIT",
                execution_options={"query_snapshot_unrecorded": True},
            )
        with self._reader.connect() as connection:
            yield connection

    def owns(self, engine: sa.Engine) -> bool:
        """Return whether an engine connects to this database."""
        return self._applications.owns(engine)

    def is_as_seeded(self) -> bool:
        """Return whether no row was written since the test began."""
        return self.keeper.changed_tables() == frozenset()

    def listen_to_cursors(self, listener: object | None) -> None:
        """Do nothing: the cursors are those of the drivers, which a recorder observes itself."""

    def version(self) -> object:
        """Return a value that each commit changes."""
        return self.keeper.version()

    def writes(self) -> object:
        """Return a mark of the writes so far; None if later ones could go unnoticed."""
        return self.keeper.writes()

    def was_written_since(self, mark: object) -> bool:
        """Return whether the database was written since a mark."""
        return self.keeper.was_written_since(mark)

    def changed_tables(self) -> frozenset[str] | None:
        """Return the tables written since the test began; None when any table may have changed."""
        found = self.keeper.changed_tables()
        return None if found is None else frozenset(name.removeprefix(_DEFAULT_SCHEMA) for name in found)

    def mark(self, tables: Sequence[CatalogTable]) -> Any:
        """Return a mark of the committed rows of these tables."""
        del tables
        return self.keeper.mark()

    def touched_since(self, mark: Any) -> TouchedRows | None:
        """Return what was written and committed since a mark; None when any row may be another."""
        return None if mark is None else self.keeper.touched_since(mark)

    def uncommitted(self) -> frozenset[int]:
        """Return the owners of transactions that have written and not committed: `unrecorded` does not see it."""
        return frozenset(each.owner for each in self.keeper.open_transactions() if each.has_written)

    def owner_of(self, connection: sa.Connection) -> int | None:
        """Return what identifies a connection among the owners of transactions."""
        return self.keeper.owner_of(connection.connection.dbapi_connection)

    def freeze(self) -> None:
        """Do nothing: connections are real until they are closed."""

    def close_async_session(self, session: AsyncSession) -> None:
        """Close a session of `async_engine` on its event loop, if that still runs."""
        self._applications.close_session(session)

    def hears(self, connection: Any, statement: str, *, origin: sa.Dialect | DriverPlace) -> None:
        """Hear what is about to be executed on a cursor of a driver. Raises RefusedError.

        origin: the dialect of the pool that has opened the connection; else the database that it is to.
        """
        if isinstance(origin, sa.Dialect):
            self._applications.hears(connection, statement, dialect=origin)
        elif origin.is_database_of(self.url):
            self._applications.pooled.hears_driver(connection, statement, dialect_name=origin.dialect_name)

    # -- around a test

    def prepare(self, schema: sa.MetaData | Callable[[sa.Connection], None]) -> None:
        """Make the database with a schema, unless that is the one it has."""
        if self._schema is schema:
            return
        if self._schema is None:
            self._applications.start()
            self._applications.listen_to_sessions()
        self._layers.drop()
        self._dispose()
        self._check_schemas(schema)
        self.keeper.create()
        engine = plain_engine(self.url, **self.engines.options)
        try:
            with engine.connect() as connection:
                builder(schema)(connection)
                connection.commit()
        finally:
            engine.dispose()
        self._metadata = metadata_of(schema)
        self.reflected = self._metadata is None
        self._push()
        self._schema = schema

    def begin_test(self, test: str) -> None:
        """Begin a test; put back what was written since the last one ended, and name that one."""
        self._applications.listen_to_sessions()
        if self._layers:
            if self.keeper.has_changed():
                self._put_back_late_writes()
            if self._current is None:
                self._switch(self._layers.top)
        self._owner = test
        self._long_lived = self._applications.sessions()
        self._threads = frozenset(thread.ident for thread in threading.enumerate())

    def load_seeds(self, seeds: SeedSet) -> None:
        """Make the database hold the seeds of the test on top of the schema and the wider fixtures."""
        self.seed_set = seeds
        self._has_begun = True
        wanted = self._layers.of_seeds(seeds)
        if wanted is not None:
            if wanted is not self._current:
                self._switch(wanted)
            return
        if self._current is not self._layers.top:
            self._switch(self._layers.top)
        self._current = None  # until the seeds are loaded, even after an error
        self._close_pools()
        self.keeper.load(seeds.files)
        self._current = self.keeper.capture()
        self._layers.keep_seeds(seeds, self._current)

    def begin_layer(self) -> int:
        """Prepare the set-up of a fixture that outlives the test; return the number of layers below it."""
        top = self._layers.top
        self._fixtures_under_way += 1
        if self._fixtures_under_way == 1:
            self._holds_own_work = self._has_begun and self.keeper.changed_tables() != frozenset()
            self._writes = self.keeper.writes() if self._holds_own_work else None
        if self._current is not top and not self._holds_own_work:
            self._switch(top)
        return len(self._layers)

    def end_layer(self) -> bool:
        """Keep what the fixture wrote as the state that tests start from; return whether that was possible.

        It was not where the test itself had written before: afterwards the two look alike.
        """
        self._fixtures_under_way -= 1
        if self._holds_own_work:
            now = self.keeper.writes()
            return now is None or self._writes in (None, now)
        self._keep_layer()
        if self._has_begun and not self._fixtures_under_way:
            self.load_seeds(self.seed_set)  # they were loaded before a fixture that is asked for late
        return True

    def _keep_layer(self) -> None:
        if self.keeper.look().changed and self.keeper.changed_tables() != frozenset():
            self._applications.roll_back(self._applications.sessions())
            self._close_pools()
            self._push()
        self._long_lived = self._applications.sessions()

    def drop_layer(self, depth: int) -> None:
        """Forget what a fixture wrote when it ends."""
        if self._layers.drop(depth):
            self._current = None

    def end_test(self) -> None:
        """Put the database back. Raises DatabaseLeakError for what can't be undone."""
        self.seed_set = SeedSet()
        self._has_begun = False
        self._fixtures_under_way = 0
        self._holds_own_work = False
        if not self._layers:
            return
        self._applications.roll_back(self._long_lived)
        look = self.keeper.look()
        ended = look.is_open and self._end_transactions()
        self._name_threads()
        self._name_left()
        if self._current is None:  # the layer went with a fixture, or the seeds could not be loaded
            self._switch(self._layers.top)
        elif look.changed or look.is_open:  # a transaction that was open may have been committed in between
            restored = self.keeper.restore()
            ended = ended or restored.connections_ended
            if restored.noticed:
                what = ", ".join(restored.noticed)
                self.notes.append(f"{self._owner}: {what} was changed while it ran, by it or by another client")
            if restored.refused:
                self._applications.dispose(everything=True)
                changed = ", ".join(restored.refused)
                raise DatabaseLeakError(f"{self._owner} changed {changed}, which can't be undone")
        self._applications.dispose(everything=ended)
        self._applications.abandon_closed_loops()

    def close_async(self, owner: Any) -> None:
        """Close the async sessions and connections of an event loop, or of its runner, before it is closed."""
        self._applications.close_async(getattr(owner, "get_loop", lambda: owner)())

    def close(self) -> None:
        """Close and drop everything."""
        self._dispose()
        if self._schema is not None:
            self._applications.stop()
        self.keeper.close()
        self.notes += self.keeper.notes

    # -- inside

    def _check_schemas(self, schema: sa.MetaData | Callable[[sa.Connection], None]) -> None:
        """Refuse metadata with schemas where the database has none. Raises ConfigurationError."""
        names = names_of_schemas(schema, self.engines.options) if self.dialect_name == "sqlite" else ()
        if names:
            raise ConfigurationError(
                f"the metadata has the schema {names[0]!r}, which SQLite has only where a connection attaches a "
                "file; in the mode connections map it to the main one, in query_snapshot_engine_options and on "
                'the engines of the application: {"execution_options": {"schema_translate_map": '
                f"{{{names[0]!r}: None}}}}}}, or run with --database postgresql"
            )

    def _push(self) -> None:
        self._current = self.keeper.capture()
        self._applications.pooled.functions = self.keeper.leaving_functions
        if self.reflected:
            self._metadata = None
        self._layers.push(self._current)

    def _switch(self, baseline: Any) -> None:
        self._close_pools()
        self.keeper.switch(baseline)
        self._current = baseline

    def _put_back_late_writes(self) -> None:
        tables = self.keeper.changed_tables()
        if tables == frozenset():
            return
        shown = "the structure of the database" if tables is None else ", ".join(sorted(tables))
        self.notes.append(f"{self._owner or 'something'} wrote after its end ({shown}); it was put back")
        if self._current is not None and self.keeper.restore().connections_ended:
            self._close_pools()

    def _end_transactions(self) -> bool:
        """End what is still open after a moment, name it, and return whether connections were ended."""
        deadline = time.monotonic() + _CLOSING_SECONDS
        left = self.keeper.open_transactions()
        while left and time.monotonic() < deadline:
            time.sleep(_POLL_SECONDS)
            left = self.keeper.open_transactions()
        if not left:
            return False
        self.notes += [f"{self._owner} left a transaction open ({each}); it was ended" for each in left]
        self._applications.roll_back(self._applications.sessions())
        self._applications.roll_back_connections()
        self.keeper.end_transactions([each.owner for each in left])
        return True

    def _name_threads(self) -> None:
        for thread in threading.enumerate():
            if thread.ident not in self._threads and not thread.daemon:
                self.notes.append(f"{self._owner} left the thread {thread.name!r} running")

    def _name_left(self) -> None:
        for statement in self._applications.pooled.left_on_drivers():
            shown = " ".join(statement.split())[:80]
            self.notes.append(
                f"{self._owner} left something on a connection that no engine has opened ({shown}); it is still "
                "open, so the next test may meet it"
            )

    def _close_pools(self) -> None:
        self._applications.dispose(everything=True)

    def _dispose(self) -> None:
        self._close_pools()
        self._reader = None
