"""One database per worker; each test works in it as if alone, and leaves nothing.

Everything a test does through `engine`, `async_engine`, sessions on them, raw connections or threads runs on one
real connection, inside one transaction that is rolled back. See databases/containment.py for how.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import cached_property
from typing import TYPE_CHECKING, Any, Protocol

import sqlalchemy as sa

from pytest_query_snapshot.databases.observed import MAIN_NAME
from pytest_query_snapshot.databases.project_line import project_line
from pytest_query_snapshot.databases.savepoint import dialects
from pytest_query_snapshot.databases.savepoint.contained_connection import ContainedConnection, Observation
from pytest_query_snapshot.databases.savepoint.late_threads import LateThreads
from pytest_query_snapshot.databases.savepoint.session_pool import SessionPool
from pytest_query_snapshot.databases.savepoint.virtual_transactions import Containment, RealConnection
from pytest_query_snapshot.databases.schema.build import SchemaBuilder
from pytest_query_snapshot.databases.schema.reflection import reflected_metadata
from pytest_query_snapshot.errors import DatabaseLeakError, OutsideTestError
from pytest_query_snapshot.seeds.files import SeedSet

if TYPE_CHECKING:
    from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession

    from pytest_query_snapshot.databases.observed import CursorListener
    from pytest_query_snapshot.databases.schema.table_catalog import CatalogTable
    from pytest_query_snapshot.databases.touched_rows import TouchedRows


class Database(Protocol):
    """A kind of real database: opens a seeded one for a test, and undoes the test."""

    dialect_name: str
    url: sa.URL
    not_covered: list[str]  # tables that the proof of isolation can't read

    @property
    def ready(self) -> bool:
        """Return whether the schema is built."""

    def adopt(self, dialect: Any) -> None:
        """Take the driver's settings from the engine's dialect."""

    def notes(self) -> list[str]:
        """Return what the run has to tell about this kind of database."""

    def begin_schema(self, schemas: tuple[str, ...]) -> Any:
        """Give an empty database, in a transaction; attach these schemas where that is how they come to be."""

    def end_schema(self, link: Any) -> None:
        """Keep what was built in it."""

    def open(self, seeds: SeedSet) -> Any:
        """Give a link to a database with these seeds, inside the transaction of a new test."""

    def close(self, link: Any) -> None:
        """Undo the test. Raises DatabaseLeakError."""

    def mark(self, link: Any, tables: Sequence[CatalogTable], *, as_seeded: bool) -> Any:
        """Return a mark of the rows of these tables; None where that is not possible.

        as_seeded: whether nothing was written since the seeds were loaded.
        """

    def touched_since(self, link: Any, mark: Any) -> TouchedRows | None:
        """Return what was written since a mark; None when any row may be another."""

    def discard(self, link: Any) -> None:
        """Forget a link in an unknown state."""

    def verify(self) -> None:
        """Prove that everything is as before the first test. Raises DatabaseLeakError."""

    def shut(self) -> None:
        """Close every real connection."""


class IsolatedDatabase:
    """The database that tests and the recorder share.

    engine: every connection of it shares one real connection, and is undone when the test ends.
    async_engine: the same engine for async code; the same transaction.
    seed_set: the seeds of the running test.
    reflected: whether `metadata` is what the database shows, not what the project declares.
    """

    def __init__(
        self,
        database: Database,
        *,
        build_schema: SchemaBuilder,
        metadata: sa.MetaData | None,
        schemas: tuple[str, ...] = (),
        engine_options: dict[str, Any] | None = None,
    ) -> None:
        self._database = database
        self._build_schema = build_schema
        self._metadata = metadata
        self._schemas = schemas
        self.reflected = metadata is None
        self.name = MAIN_NAME
        self._containment: Containment | None = None
        self._observation = Observation()
        self._unobserved = Observation(is_reader=True)
        self.late_threads = LateThreads()
        self.used_async = False
        self.seed_set = SeedSet()
        dialects.register()
        options = engine_options or {}
        self.engine = sa.create_engine(database.url, creator=self._connect, poolclass=SessionPool, **options)
        self._quiet_engine = sa.create_engine(
            database.url,
            creator=self._connect_quietly,
            poolclass=SessionPool,
            **{
                **options,
                "execution_options": {**options.get("execution_options", {}), "query_snapshot_unrecorded": True},
            },
        )

    @cached_property
    def async_engine(self) -> AsyncEngine:
        """The engine for async code. Needs greenlet."""
        from pytest_query_snapshot.databases.async_engine import as_async  # noqa: PLC0415  greenlet

        self.used_async = True
        pool = SessionPool(self._connect_async, dialect=self.engine.dialect)
        return as_async(self.engine, pool)

    @property
    def dialect_name(self) -> str:
        """`sqlite` or `postgresql`."""
        return self._database.dialect_name

    @property
    def metadata(self) -> sa.MetaData:
        """The tables: the configured metadata, or what the built schema shows."""
        if self._metadata is None:
            with self.unrecorded() as connection:
                self._metadata = reflected_metadata(connection)
        return self._metadata

    def owns(self, engine: sa.Engine) -> bool:
        """Return whether an engine works in the test's transaction."""
        return engine.dialect is self.engine.dialect

    @property
    def baseline(self) -> object:
        """Return the state at the test's start; another state is another object."""
        return self.seed_set

    def version(self) -> None:
        """Return None: nothing is written past the one connection, which is observed."""

    def writes(self) -> None:
        """Return None, as `version`."""

    def was_written_since(self, mark: object) -> bool:
        """Return False: no mark was given."""
        del mark
        return False

    def changed_tables(self) -> None:
        """Return None: which tables were written is not known."""

    def mark(self, tables: Sequence[CatalogTable]) -> Any:
        """Return a mark of the rows of these tables as they are now."""
        if self._containment is None:
            return None
        return self._database.mark(self._containment.link, tables, as_seeded=self.is_as_seeded())

    def touched_since(self, mark: Any) -> TouchedRows | None:
        """Return what was written since a mark; None when any row may be another."""
        if mark is None or self._containment is None:
            return None
        return self._database.touched_since(self._containment.link, mark)

    def uncommitted(self) -> frozenset[int]:
        """Return nothing: `unrecorded` sees the work of every transaction."""
        return frozenset()

    def owner_of(self, connection: sa.Connection) -> None:
        """Return None: there is only one connection."""
        del connection

    def is_as_seeded(self) -> bool:
        """Return whether nothing was written since the seeds were loaded."""
        return self._containment is not None and not self._containment.was_written

    def listen_to_cursors(self, listener: CursorListener | None) -> None:
        """Report to a listener what every cursor executes, raw ones too."""
        self._observation.listener = listener

    @contextmanager
    def unrecorded(self) -> Iterator[sa.Connection]:
        """Give a connection that sees all the test's work, committed or not, and that no recorder sees."""
        with self._quiet_engine.connect() as connection:
            yield connection

    def begin_test(self, seeds: SeedSet, *, test: str) -> None:
        """Begin a test: the seeds are there, nothing else is. Raises SeedError, ConfigurationError."""
        if not self._database.ready:
            self._prepare()
        link = self._database.open(seeds)
        self._containment = Containment(link, owner=test, late=self.late_threads)
        self.seed_set = seeds
        self.late_threads.begin_test()

    def freeze(self) -> None:
        """Let nothing more through: what sessions still do when they are closed is of no effect."""
        if self._containment is not None:
            self._containment.end()

    def close_async_session(self, session: AsyncSession) -> None:
        """Close a session of `async_engine`; the driver is a sync one, so no event loop is needed."""
        session.sync_session.close()

    def end_test(self) -> None:
        """End a test and undo it. Raises DatabaseLeakError naming the test."""
        containment, self._containment = self._containment, None
        self._observation.listener = None
        self.seed_set = SeedSet()
        if containment is None:
            return
        containment.end()
        self.late_threads.end_test(containment.owner)
        with containment.changed:
            try:
                self._database.close(containment.link)
            except DatabaseLeakError as error:
                raise DatabaseLeakError(f"{containment.owner} escaped its isolation: {error}") from error
            finally:
                containment.sessions.forget()

    def notes(self) -> list[str]:
        """Return what the run has to tell about the way its tests ran."""
        notes = [
            f"the proof of isolation does not cover {name}: this role can't read all of it"
            for name in self._database.not_covered
        ]
        notes += self._database.notes()
        if self.used_async and self.dialect_name == "postgresql":
            notes.append(
                "async_engine stood on psycopg's sync connection, in place of asyncpg or another async driver; "
                'isolation("connections") uses the real one'
            )
        return notes

    def close(self) -> None:
        """Prove, after the last test, that the database is as it was; then close it. Raises DatabaseLeakError."""
        try:
            self._database.verify()
        finally:
            self.engine.dispose()
            self._quiet_engine.dispose()
            self._database.shut()

    def _prepare(self) -> None:
        self._database.adopt(self.engine.dialect)
        link: RealConnection = self._database.begin_schema(self._schemas)
        self._containment = Containment(link, owner="the schema")
        try:
            with self._quiet_engine.connect() as connection:
                self._build_schema(connection)
                connection.commit()
            with self.engine.connect():  # SQLAlchemy's own first questions, out of every test's sight
                pass
        except BaseException:
            self._database.discard(link)
            raise
        finally:
            self._containment.end()
            self._containment = None
        self._database.end_schema(link)

    def _connect(self) -> Any:
        return self._proxy(self._observation)

    def _connect_async(self) -> Any:
        from pytest_query_snapshot.databases.async_engine import await_once  # noqa: PLC0415  greenlet

        return self._proxy(self._observation, awaits=await_once)

    def _connect_quietly(self) -> Any:
        return self._proxy(self._unobserved)

    def _proxy(self, observation: Observation, *, awaits: Callable[[], None] | None = None) -> ContainedConnection:
        containment = self._containment
        if containment is None:
            raise OutsideTestError(
                f"{project_line()}: no test that asked for the database is running; take the `engine`, `session` "
                "or `isolated_database` fixture in the test itself"
            )
        link: Any = containment.link
        return ContainedConnection(containment, link.raw, observation, awaits=awaits)
