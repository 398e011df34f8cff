"""Connections that look like the driver's, share one real connection, and can't leave the test."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Self

from pytest_query_snapshot.databases.project_line import project_line
from pytest_query_snapshot.databases.savepoint.contained_cursor import ContainedCursor, CountingCursor
from pytest_query_snapshot.databases.savepoint.virtual_transactions import Containment, Transaction
from pytest_query_snapshot.errors import RefusedError
from pytest_query_snapshot.sql.effects.sessions import NOTHING, SessionEffects, session_effects
from pytest_query_snapshot.sql.effects.transaction_time import reads_transaction_time, with_transaction_time
from pytest_query_snapshot.sql.effects.transactions import Kind, classify
from pytest_query_snapshot.sql.effects.writes import may_write

if TYPE_CHECKING:
    from pytest_query_snapshot.databases.observed import CursorListener

_ESCAPES = {
    "transaction": "use the connection's commit() and rollback()",
    "pipeline": "its statements would run after the test's checks",
    "tpc_begin": "a prepared transaction outlives the test",
    "tpc_prepare": "a prepared transaction outlives the test",
    "deserialize": "it replaces the whole database",
    "blobopen": "it writes past the test's checks",
    "pgconn": "what it executes could not be undone",
    "notifies": "no notification arrives, because nothing is ever committed",
    "add_notify_handler": "no notification arrives, because nothing is ever committed",
    "add_notice_handler": "it would receive the notices of all connections",
    "set_deferrable": "all transactions lie within one",
}
# what these change stays on the real connection, which is closed after the test
_SPOILING = frozenset({
    "create_function", "create_aggregate", "create_window_function", "create_collation", "set_authorizer",
    "set_progress_handler", "set_trace_callback", "enable_load_extension", "load_extension", "setlimit",
    "setconfig",
})  # fmt: skip
_FIXED = (
    "it belongs to the one real connection of the test. "
    'Mark the test isolation("connections"), where connections are real'
)


class Observation:
    """The listener to the statements of every connection of a test; it may be set and unset at any time.

    is_reader: the connections are the plugin's own, and see the work of all others.
    """

    __slots__ = ("is_reader", "listener")

    def __init__(self, *, is_reader: bool = False) -> None:
        self.listener: CursorListener | None = None
        self.is_reader = is_reader


class ContainedConnection:
    """A connection of the isolated engine: a session of its own, as far as one real connection can play several.

    It begins a virtual transaction with its first statement; commit, rollback and close end only that one.
    `awaits` is called before everything that a driver for async code would wait for.
    """

    __slots__ = (
        "__weakref__",
        "_autocommit",
        "_changes",
        "_raw",
        "_read_only",
        "_row_factory",
        "_transaction",
        "awaits",
        "containment",
        "isolation_name",
        "observation",
    )

    def __init__(
        self,
        containment: Containment,
        raw: Any,
        observation: Observation,
        *,
        awaits: Callable[[], None] | None = None,
    ) -> None:
        self.containment = containment
        self._raw = raw
        self.observation = observation
        self.awaits = awaits
        self._transaction: Transaction | None = None
        self._autocommit = False
        self._read_only = False
        self._row_factory: Any = None
        self._changes = 0
        self.isolation_name: str | None = None

    def cursor(self, *args: Any, **kwargs: Any) -> ContainedCursor:
        """Open a cursor."""
        link = self.containment.link
        if link.dialect_name != "sqlite":
            if self._row_factory is not None:
                kwargs.setdefault("row_factory", self._row_factory)
            return ContainedCursor(self, self._raw.cursor(*args, **kwargs))
        raw = self._raw.cursor(*(args or (CountingCursor,)), **kwargs)
        link.opened(raw)
        if self._row_factory is not None:
            raw.row_factory = self._row_factory
        return ContainedCursor(self, raw)

    def commit(self) -> None:
        """Keep the work of this connection, within the test."""
        if self.awaits is not None:
            self.awaits()
        with self.containment.changed:
            transaction = self._transaction
            if transaction is None:
                return
            had_savepoint = bool(transaction.savepoint)
            try:
                self.containment.commit(transaction, self)
            except BaseException:
                if had_savepoint and not transaction.savepoint:  # the error has undone it
                    self._transaction = None
                raise
            self._transaction = None

    def rollback(self) -> None:
        """Undo the work of this connection."""
        with self.containment.changed:
            transaction, self._transaction = self._transaction, None
            if transaction is not None:
                self.containment.rollback(transaction, self)

    def close(self) -> None:
        """Undo what is open, end the session, and leave the real connection as it is."""
        with self.containment.changed:
            self.rollback()
            self.containment.close_session(self)

    def execute(self, statement: Any, *args: Any, **kwargs: Any) -> ContainedCursor:
        """Run a statement on a new cursor, as both drivers allow."""
        return self.cursor().execute(statement, *args, **kwargs)

    def executemany(self, statement: Any, parameters: Any) -> ContainedCursor:
        """Run a statement many times on a new cursor."""
        return self.cursor().executemany(statement, parameters)

    def executescript(self, script: str) -> ContainedCursor:
        """Run a script on a new cursor."""
        return self.cursor().executescript(script)

    @property
    def autocommit(self) -> bool:
        """Return whether every statement commits by itself; when set, each does so within the test."""
        return self._autocommit

    @autocommit.setter
    def autocommit(self, value: bool) -> None:
        self._autocommit = bool(value)

    def set_autocommit(self, value: bool) -> None:
        """Set autocommit, as a method of psycopg."""
        self._autocommit = bool(value)

    @property
    def isolation_level(self) -> Any:
        """The driver's own setting; None is sqlite3's word for autocommit."""
        return None if self._autocommit else self._raw.isolation_level

    @isolation_level.setter
    def isolation_level(self, value: Any) -> None:
        if self.containment.link.dialect_name == "sqlite":
            self._autocommit = value is None
        else:
            self.isolation_name = None if value is None else str(value.name).replace("_", " ")

    def set_isolation_level(self, value: Any) -> None:
        """Set the isolation level, as a method of psycopg."""
        self.isolation_level = value

    @property
    def read_only(self) -> bool:
        """Return whether transactions that begin from now on refuse to write."""
        return self._read_only

    @read_only.setter
    def read_only(self, value: bool | None) -> None:
        self._read_only = bool(value)

    def set_read_only(self, value: bool | None) -> None:
        """Set read_only, as a method of psycopg."""
        self.read_only = value

    @property
    def deferrable(self) -> bool:
        """Return whether serializable read-only transactions wait for a safe snapshot: never necessary here."""
        return False

    @deferrable.setter
    def deferrable(self, value: bool | None) -> None:
        del value

    @property
    def row_factory(self) -> Any:
        """Return the row factory of cursors that are opened from now on."""
        return self._row_factory if self._row_factory is not None else self._raw.row_factory

    @row_factory.setter
    def row_factory(self, value: Any) -> None:
        self._row_factory = value

    @property
    def text_factory(self) -> Any:
        """Return the text factory of sqlite3; the same for all connections of a test."""
        return self._raw.text_factory

    @text_factory.setter
    def text_factory(self, value: Any) -> None:
        raise RefusedError(f"text_factory = {value!r}", _FIXED, project_line())

    @property
    def prepare_threshold(self) -> Any:
        """Return the threshold of psycopg, set to never: prepared statements would not survive a test."""
        return self._raw.prepare_threshold

    @prepare_threshold.setter
    def prepare_threshold(self, value: Any) -> None:
        del value

    @property
    def in_transaction(self) -> bool:
        """Return whether a transaction of this connection is open."""
        return self._transaction is not None and bool(self._transaction.savepoint)

    @property
    def total_changes(self) -> int:
        """Return the number of rows that this connection has changed."""
        return self._changes

    @property
    def real(self) -> Any:
        """The driver's own connection, for the plugin alone."""
        return self._raw

    def begin_statement(self, statement: Any) -> SessionEffects | None:
        """Prepare the real connection for a statement; return its effects, None when it is to be passed over."""
        containment = self.containment
        dialect_name = containment.link.dialect_name
        sql = self.text_of(statement)
        meaning = classify(sql, dialect_name)
        if meaning.kind is Kind.IGNORED:
            return None
        effects = session_effects(sql, dialect_name)
        containment.check_open()
        transaction = self._transaction
        if transaction is None:
            transaction = containment.begin(
                is_reader=self.observation.is_reader, read_only=self._read_only, level=self.isolation_name or ""
            )
        if effects.is_transaction_mode and (meaning.kind is not Kind.BEGIN or self._transaction is None):
            containment.set_mode(transaction, effects)
            self._transaction = transaction
            return None
        if meaning.kind is Kind.BEGIN and self._transaction is None:
            # a `begin` listener of the application speaks first; the transaction begins with what follows
            return None
        containment.begin_statement(transaction, meaning, effects, connection=self, sql=sql)
        self._transaction = transaction
        if not self.observation.is_reader:
            containment.was_written = containment.was_written or may_write(sql)
        return effects

    def with_time(self, statement: Any) -> Any:
        """Give a statement the time of its own transaction: the real one began long before."""
        containment = self.containment
        if (
            containment.link.dialect_name != "postgresql"
            or self._transaction is None
            or self.observation.is_reader
        ):
            return statement
        sql = self.text_of(statement)
        containment.link.time_sources.hear(sql)
        if not reads_transaction_time(sql) or containment.link.failed():
            return statement
        transaction = self._transaction
        transaction.time = transaction.time or containment.link.clock()
        return with_transaction_time(sql, transaction.time)

    def announce(self, statement: Any) -> None:
        """Notify the listener of a statement that is about to be executed."""
        if self.observation.listener is not None:
            self.observation.listener.before(self.text_of(statement))

    def after(self, statement: Any, parameters: Any, effects: SessionEffects) -> None:
        """Note the traces of a statement, and commit it if this is an autocommit connection."""
        containment = self.containment
        containment.check_held()
        if (effects is not NOTHING or containment.link.setting_functions) and not self.observation.is_reader:
            containment.note(self, effects, self.text_of(statement), parameters)
        if self._autocommit:
            self.commit()

    def declared(self, cursor: str) -> None:
        """Note a cursor of the server that ends with the transaction."""
        if self._transaction is not None:
            self._transaction.cursors.append(cursor)

    def changed_rows(self, number: int) -> None:
        """Add to the rows that this connection has changed."""
        self._changes += number

    def text_of(self, statement: Any) -> str:
        """Render what a driver takes as a statement."""
        if isinstance(statement, str):
            return statement
        if isinstance(statement, bytes):
            return statement.decode()
        rendered = statement.as_string(self._raw)
        return str(rendered)

    def _spoil(self, method: str) -> Callable[..., Any]:
        def call(name: Any = "", *args: Any, **kwargs: Any) -> Any:
            self.containment.spoil(self, str(name))
            return getattr(self._raw, method)(name, *args, **kwargs)

        return call

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        if kind is None:
            self.commit()
        else:
            self.rollback()

    def __getattr__(self, name: str) -> Any:
        if name in _ESCAPES:
            raise RefusedError(f"{name} of a raw connection", _ESCAPES[name], project_line())
        if name in _SPOILING and self.containment.link.dialect_name == "sqlite":
            return self._spoil(name)
        return getattr(self._raw, name)
