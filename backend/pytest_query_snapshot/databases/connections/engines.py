"""The engines and ORM sessions of the application that use one database."""

from __future__ import annotations

import asyncio
import sys
import threading
import warnings
from collections.abc import Callable
from contextlib import suppress
from typing import TYPE_CHECKING, Any
from weakref import WeakKeyDictionary, WeakSet

import sqlalchemy as sa
from sqlalchemy import event

if TYPE_CHECKING:
    from sqlalchemy.ext.asyncio import AsyncSession

from pytest_query_snapshot.databases.connections.pooled_connections import PooledConnections
from pytest_query_snapshot.databases.connections.sqlite_connections import file_of, sqlite_connection
from pytest_query_snapshot.databases.connections.sqlite_settings import count_settings
from pytest_query_snapshot.databases.urls import plain_file


class ApplicationEngines:
    """Finds the engines that are connected to a database, and disposes their pools.

    An engine is matched by its first connection, not by its URL: `creator=` may connect anywhere.

    check: raises RefusedError for a statement that the keeper could not undo, or that its connection makes fail.
    """

    def __init__(self, database: str, *, check: Callable[[str], None]) -> None:
        self._database = database
        self._matches: WeakKeyDictionary[sa.Engine, bool] = WeakKeyDictionary()
        self._engines: WeakSet[sa.Engine] = WeakSet()
        self._loops: WeakKeyDictionary[sa.Engine, asyncio.AbstractEventLoop] = WeakKeyDictionary()
        self._stained: WeakSet[sa.Engine] = WeakSet()
        self.pooled = PooledConnections(lambda connection: _is_of(connection, database), check=check)
        self._sessions: WeakSet[Any] = WeakSet()
        self._connections: WeakSet[sa.Connection] = WeakSet()
        self._threads: WeakKeyDictionary[Any, int] = WeakKeyDictionary()
        self._listens_to_sessions = False

    def start(self) -> None:
        """Listen to all engines of the process."""
        event.listen(sa.Engine, "engine_connect", self._connected)
        event.listen(sa.Engine, "begin", self._begins)
        event.listen(sa.Engine, "do_connect", self._connecting)
        event.listen(sa.Engine, "before_cursor_execute", self._executes)
        self.pooled.start()

    def stop(self) -> None:
        """Stop listening."""
        event.remove(sa.Engine, "engine_connect", self._connected)
        event.remove(sa.Engine, "begin", self._begins)
        event.remove(sa.Engine, "do_connect", self._connecting)
        event.remove(sa.Engine, "before_cursor_execute", self._executes)
        self.pooled.stop()
        if self._listens_to_sessions:
            from sqlalchemy.orm import Session  # noqa: PLC0415  the project has imported it

            event.remove(Session, "after_begin", self._began)

    def owns(self, engine: sa.Engine) -> bool:
        """Return whether an engine is connected to the database, or would be."""
        known = self._matches.get(engine)
        return plain_file(engine.url.database) == self._database if known is None else known

    def listen_to_sessions(self) -> None:
        """Listen to ORM sessions once the project has imported the ORM; we don't for those who have not."""
        if not self._listens_to_sessions and "sqlalchemy.orm" in sys.modules:
            from sqlalchemy.orm import Session  # noqa: PLC0415  see above

            event.listen(Session, "after_begin", self._began)
            self._listens_to_sessions = True

    def sessions(self) -> list[Any]:
        """Return the ORM sessions that are alive and have used the database."""
        return list(self._sessions)

    def roll_back(self, sessions: list[Any]) -> None:
        """Roll back sessions that this thread began a transaction on, async ones on their event loop."""
        me = threading.get_ident()
        for session in sessions:
            if session.in_transaction() and self._threads.get(session) == me:
                with suppress(Exception):  # its connection may be gone; the session is usable after that
                    self._roll_back(session)

    def roll_back_connections(self) -> None:
        """Roll back the connections that this thread began a transaction on, without a session."""
        me = threading.get_ident()
        for connection in list(self._connections):
            transaction = None if connection.closed else connection.get_transaction()
            if transaction is not None and self._threads.get(connection) == me:
                with suppress(Exception):  # its connection may be gone
                    transaction.rollback()

    def _roll_back(self, session: Any) -> None:
        loop = next((self._loops[engine] for engine in _engines_of(session) if engine in self._loops), None)
        if loop is None:
            session.rollback()
        elif not loop.is_closed() and not loop.is_running():
            from sqlalchemy.util import greenlet_spawn  # noqa: PLC0415  there is an async engine

            loop.run_until_complete(greenlet_spawn(session.rollback))

    def dispose(self, *, everything: bool) -> None:
        """Close pooled connections: all of them, or those of pools that another test would meet otherwise.

        A pool of several idle connections gives each in turn: a test that meets one reads a setting of its own on
        another connection than it set it on, and in a run of its own on the same.
        """
        stained = set(self._stained) if self._stained else ()
        engines = [
            engine
            for engine in self._engines
            if everything or ((engine in stained or _number_of_idle(engine) > 1) and not _is_in_use(engine))
        ]
        self._stained.clear()
        self.pooled.end_test()
        for engine in engines:
            if engine.dialect.is_async:
                self._dispose_async(engine)
            else:
                engine.dispose()

    def close_async(self, loop: asyncio.AbstractEventLoop) -> None:
        """Close the async sessions and pooled connections that belong to a loop."""
        if loop.is_closed() or loop.is_running():
            return
        engines = [engine for engine, its_loop in list(self._loops.items()) if its_loop is loop]
        for engine in engines:
            loop.run_until_complete(_close_async(engine, self.sessions()))
            del self._loops[engine]

    def _dispose_async(self, engine: sa.Engine) -> None:
        """Close the pool on the event loop of its connections, if that can still run."""
        loop = self._loops.pop(engine, None)
        if loop is None or loop.is_closed() or loop.is_running():
            _abandon(engine)
        else:
            loop.run_until_complete(_close_async(engine, []))

    def close_session(self, session: AsyncSession) -> None:
        """Close an async session on the loop of its engine; without one only its objects are left to let go."""
        bind: Any = session.sync_session.get_bind()
        loop = self._loops.get(bind)
        if loop is None or loop.is_closed() or loop.is_running():
            session.sync_session.expunge_all()
        else:
            loop.run_until_complete(session.close())

    def abandon_closed_loops(self) -> None:
        """Replace the pools whose connections belong to a loop that has been closed."""
        for engine, loop in list(self._loops.items()) if self._loops else ():
            if loop.is_closed():
                del self._loops[engine]
                _abandon(engine)

    def _connecting(self, dialect: Any, _record: Any, _arguments: Any, named: dict[str, Any]) -> None:
        count_settings(dialect, named)

    def _connected(self, connection: sa.Connection) -> None:
        engine = connection.engine
        known = self._matches.get(engine)
        if known is None and engine.get_execution_options().get("query_snapshot_unrecorded"):
            known = self._matches[engine] = False  # the keeper's own
        if known is None:
            name = database_of(connection.connection.dbapi_connection) or engine.url.database
            known = self._matches[engine] = name == self._database
        if known:
            self._engines.add(engine)
            if engine.dialect.is_async:
                self._loops[engine] = asyncio.get_running_loop()

    def hears(self, connection: Any, statement: str, *, dialect: Any) -> None:
        """Hear what is about to be executed on a connection of a driver. Raises RefusedError."""
        if self.pooled.hears(connection, statement, dialect_name=dialect.name):
            self._stained.update(engine for engine in self._engines if engine.dialect is dialect)

    def _executes(
        self, connection: sa.Connection, _cursor: Any, statement: str, _values: Any, _context: Any, _many: bool
    ) -> None:
        engine = connection.engine
        if self._matches.get(engine):
            self.hears(connection.connection.dbapi_connection, statement, dialect=engine.dialect)

    def _begins(self, connection: sa.Connection) -> None:
        engine = connection.engine
        if self._matches.get(engine) and not engine.dialect.is_async:
            self._connections.add(connection)
            self._threads[connection] = threading.get_ident()

    def _began(self, session: Any, _transaction: Any, connection: sa.Connection) -> None:
        if self._matches.get(connection.engine):
            self._sessions.add(session)
            self._threads[session] = threading.get_ident()


def database_of(connection: Any) -> str | None:
    """Return the name or file of the database that a driver connection is connected to; None if it can't say."""
    info = getattr(connection, "info", None)
    name = getattr(info, "dbname", None)  # psycopg and psycopg2
    if name is not None:
        return str(name)
    raw = sqlite_connection(connection)
    if raw is not None:
        return file_of(raw) or None
    parameters = getattr(getattr(connection, "driver_connection", None), "_params", None)  # asyncpg
    return getattr(parameters, "database", None)


def _is_of(connection: Any, database: str) -> bool:
    """Return whether a connection is to a database; one that can't say counts, but none of SQLite's can be."""
    name = database_of(connection)
    return name == database or (name is None and sqlite_connection(connection) is None)


async def _close_async(engine: sa.Engine, sessions: list[Any]) -> None:
    from sqlalchemy.ext.asyncio import AsyncEngine, async_session  # noqa: PLC0415  there is an async engine

    for session in sessions:
        owner = async_session(session)
        if owner is not None and owner.in_transaction() and session.get_bind() is engine:
            await owner.close()
    await AsyncEngine(engine).dispose()


def _number_of_idle(engine: sa.Engine) -> int:
    """Return the number of connections that the pool of an engine keeps; other pools keep one a thread at most."""
    return engine.pool.checkedin() if isinstance(engine.pool, sa.pool.QueuePool) else 0


def _is_in_use(engine: sa.Engine) -> bool:
    """Return whether a connection is checked out: it would go back to a pool that is gone, and never be closed."""
    return isinstance(engine.pool, sa.pool.QueuePool) and engine.pool.checkedout() > 0


def _engines_of(session: Any) -> list[sa.Engine]:
    """Return the engines that a session has begun a transaction on."""
    binds = session.get_transaction()._connections  # noqa: SLF001  no public way
    return [bind for bind in binds if isinstance(bind, sa.Engine)]


def _abandon(engine: sa.Engine) -> None:
    """Forget pooled connections without closing them: their loop can't be used any more."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ResourceWarning)
        engine.dispose(close=False)
