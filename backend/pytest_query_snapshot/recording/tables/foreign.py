"""The tables of a database that is not the plugin's: found by the catalog, read by plain SELECTs."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Protocol

import sqlalchemy as sa
from sqlalchemy.pool import NullPool

from pytest_query_snapshot.databases.greenlets import in_greenlet
from pytest_query_snapshot.databases.schema.reflection import reflected_metadata
from pytest_query_snapshot.databases.schema.table_catalog import REFLECTED
from pytest_query_snapshot.errors import NoDatabaseError, UnreadableDatabaseError
from pytest_query_snapshot.recording.recorder import UNRECORDED
from pytest_query_snapshot.recording.tables.queries import AS_OWNER
from pytest_query_snapshot.recording.tables.snapshots import State, StateReader
from pytest_query_snapshot.values.id_aliases import IdColumns

if TYPE_CHECKING:
    from pytest_query_snapshot.recording.tables.declared import DeclaredTables
    from pytest_query_snapshot.values.masks import Masks

_OPEN = "its transaction is open; commit, or write `async with golden.step(..):` around what changes it"
_SAVEPOINT = "query_snapshot_read"
# another connection of the test may hold a lock on a table until it commits: the table is then said to be unread
_LOCK_TIMEOUT = "SET LOCAL lock_timeout = '5s'"
_SYNC_DRIVERS = {"asyncpg": "psycopg", "aiosqlite": "pysqlite", "aiomysql": "pymysql", "asyncmy": "pymysql"}


class Known(Protocol):
    """The key of a database's reader."""

    masks: Masks
    declared_tables: DeclaredTables
    foreign: StateReader | None
    foreign_names: frozenset[str]


def read_tables(
    engine: sa.Engine | None,
    connection: sa.Connection | None,
    *,
    known: Known,
    declared: sa.MetaData | None,
    limit: int | None = None,
) -> State:
    """Read every table as a connection with an open transaction sees it; else as a new connection does.

    Raises:
        UnreadableDatabaseError: it can't be read from here, or holds more than ``limit`` rows.
    """
    if connection is not None and _commits_each_statement(connection):
        connection = None  # a new one sees the same
    if connection is not None and connection.in_transaction() and can_work(connection.dialect):
        with _unharmed(connection):
            return _read(connection, known, declared, limit)
    if engine is None:
        raise NoDatabaseError
    if connection is not None and connection.in_transaction():
        raise UnreadableDatabaseError(engine=repr(engine.url), reason=_OPEN)
    with _connected(engine) as fresh:
        return _read(fresh, known, declared, limit)


def read_in_transaction(connection: sa.Connection, reader: StateReader) -> State:
    """Read every table as a connection sees it that has not committed its work.

    Raises:
        UnreadableDatabaseError: its driver is an async one, and this is not the place where it can work.
    """
    if not can_work(connection.dialect):
        raise UnreadableDatabaseError(engine=repr(connection.engine.url), reason=_OPEN)
    with _unharmed(connection):
        return reader.read(connection)


def can_work(dialect: sa.Dialect) -> bool:
    """Return whether a connection can execute here: that of an async driver needs the greenlet of its session."""
    return not dialect.is_async or in_greenlet()


@contextmanager
def _connected(engine: sa.Engine) -> Iterator[sa.Connection]:
    if can_work(engine.dialect):
        with engine.connect() as connection:
            yield _with_lock_timeout(connection.execution_options(**{UNRECORDED: True}))
        return
    url = engine.url
    if url.get_backend_name() == "sqlite" and url.database in {None, "", ":memory:"}:
        raise UnreadableDatabaseError(
            engine=repr(url), reason="an async database in memory has one connection; use a file"
        )
    driver = _SYNC_DRIVERS.get(engine.dialect.driver, engine.dialect.driver)
    sibling = sa.create_engine(
        url.set(drivername=f"{url.get_backend_name()}+{driver}"),
        poolclass=NullPool,
        execution_options={UNRECORDED: True},
    )
    with sibling.connect() as connection:
        yield _with_lock_timeout(connection)


def _with_lock_timeout(connection: sa.Connection) -> sa.Connection:
    """Let a connection give up when another one of the test holds a lock."""
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql(_LOCK_TIMEOUT)
    return connection


@contextmanager
def _unharmed(connection: sa.Connection) -> Iterator[None]:
    """Read as the owner, and keep the transaction alive when a table can't be read: PostgreSQL would abort it."""
    with _buffered(connection):
        if connection.dialect.name == "postgresql":
            with _undone(connection):
                yield
        else:
            yield


@contextmanager
def _buffered(connection: sa.Connection) -> Iterator[None]:
    """Read without cursors of the server, which take no SAVEPOINT."""
    streams = connection.get_execution_options().get("stream_results", False)
    if streams:
        connection.execution_options(stream_results=False)
    try:
        yield
    finally:
        if streams:
            connection.execution_options(stream_results=streams)


@contextmanager
def _undone(connection: sa.Connection) -> Iterator[None]:
    cursor = connection.connection.cursor()
    cursor.execute(f"SAVEPOINT {_SAVEPOINT}")
    for setting in AS_OWNER:
        cursor.execute(setting)
    try:
        yield
    finally:
        cursor.execute(f"ROLLBACK TO SAVEPOINT {_SAVEPOINT}")
        cursor.execute(f"RELEASE SAVEPOINT {_SAVEPOINT}")
        cursor.close()


def _read(connection: sa.Connection, known: Known, declared: sa.MetaData | None, limit: int | None) -> State:
    if declared is None:
        seen = _names_of_tables(connection)
        if known.foreign is None or seen != known.foreign_names:
            found = _reflected(connection)
            columns = IdColumns(found, reflected=True)
            tables = known.declared_tables.instead_of(found.tables.values())
            known.foreign = StateReader(tables, columns, masks=known.masks)
            known.foreign_names = seen
    elif known.foreign is None:
        known.foreign = StateReader(declared.tables.values(), IdColumns(declared), masks=known.masks)
    schema = connection.dialect.default_schema_name
    if limit is not None and (names := sa.inspect(connection).get_table_names(schema)):
        counts = [
            sa.select(sa.func.count()).select_from(sa.table(name, schema=schema)).scalar_subquery()
            for name in names
        ]
        if connection.execute(sa.select(sum(counts[1:], counts[0]))).scalar_one() > limit:
            reason = f"they hold more than {limit} rows; wrap what changes them in `with golden.step(..):`"
            raise UnreadableDatabaseError(engine=repr(connection.engine.url), reason=reason)
    return known.foreign.read(connection)


def _names_of_tables(connection: sa.Connection) -> frozenset[str]:
    """Return the names of all tables; none where the dialect can't name them."""
    try:
        return frozenset(sa.inspect(connection).get_table_names())
    except (sa.exc.SQLAlchemyError, NotImplementedError):
        return frozenset()


def _reflected(connection: sa.Connection) -> sa.MetaData:
    """Return the tables as the database describes them: which columns hold keys that it makes up."""
    found = reflected_metadata()
    if connection.dialect.name not in {"sqlite", "postgresql"} | REFLECTED:
        return found
    with _undone_error(connection), warnings.catch_warnings():
        warnings.simplefilter("ignore", sa.exc.SAWarning)  # of types that the dialect does not know
        found.reflect(connection)
    return found


@contextmanager
def _undone_error(connection: sa.Connection) -> Iterator[None]:
    """Do without what can't be read, and leave the transaction usable."""
    savepoint = connection.begin_nested() if connection.dialect.name == "postgresql" else None
    try:
        yield
    except (sa.exc.SQLAlchemyError, NotImplementedError):
        if savepoint is not None:
            savepoint.rollback()
    else:
        if savepoint is not None:
            savepoint.commit()


def _commits_each_statement(connection: sa.Connection) -> bool:
    """Return whether the driver says that the connection is one of the isolation level AUTOCOMMIT."""
    return getattr(connection.connection.dbapi_connection, "autocommit", False) is True
