"""DBAPI connections that look like the driver's, share one real connection, and can't leave the test."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, Self

from pytest_query_snapshot.databases.project_line import user_line
from pytest_query_snapshot.databases.savepoint.virtual_transactions import Containment, Transaction
from pytest_query_snapshot.errors import RefusedError
from pytest_query_snapshot.sql.splitter import split
from pytest_query_snapshot.sql.transaction_effects import Kind, classify

_ESCAPES = {
    "transaction": "use the connection's commit() and rollback()",
    "pipeline": "its statements would run after the test's checks",
    "tpc_begin": "a prepared transaction outlives the test",
    "tpc_prepare": "a prepared transaction outlives the test",
    "deserialize": "it replaces the whole database",
    "blobopen": "it writes past the test's checks",
}


@dataclass(frozen=True, slots=True)
class Execution:
    """One call that reached the driver; `rowcount` is the driver's, `error` what it raised."""

    method: str  # execute, executemany, executescript, copy
    statement: str
    parameters: Any
    rowcount: int
    error: BaseException | None


Observer = Callable[[Execution], None]


class Observation:
    """Where every connection of a test tells what it executes; the observer may be set and unset at any time."""

    __slots__ = ("awaits", "observer")

    def __init__(self) -> None:
        self.observer: Observer | None = None
        self.awaits: Callable[[], None] | None = None  # called before each execute once there is async code


class ContainedConnection:
    """What the isolated engine's pool hands out.

    It begins a virtual transaction with its first statement; commit, rollback and close end only that one.
    """

    def __init__(self, containment: Containment, raw: Any, observation: Observation) -> None:
        self.containment = containment
        self._raw = raw
        self.observation = observation
        self._transaction: Transaction | None = None
        self._autocommit = False
        self.isolation_name: str | None = None

    def cursor(self, *args: Any, **kwargs: Any) -> ContainedCursor:
        """Open a cursor."""
        if not args and not kwargs and self.containment.link.dialect_name == "sqlite":
            return ContainedCursor(self, self._raw.cursor(CountingCursor))
        return ContainedCursor(self, self._raw.cursor(*args, **kwargs))

    def commit(self) -> None:
        """Keep the work of this connection, within the test."""
        with self.containment.changed:
            transaction = self._transaction
            if transaction is not None:
                self.containment.commit(transaction)
                self._transaction = None

    def rollback(self) -> None:
        """Undo the work of this connection."""
        with self.containment.changed:
            transaction, self._transaction = self._transaction, None
            if transaction is not None:
                self.containment.rollback(transaction)

    def close(self) -> None:
        """Undo what is open and leave the real connection as it is."""
        self.rollback()

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
        """Whether every statement commits by itself; when set, each does so within the test."""
        return self._autocommit

    @autocommit.setter
    def autocommit(self, value: bool) -> None:
        self._autocommit = bool(value)

    @property
    def isolation_level(self) -> Any:
        """The driver's own setting; None is sqlite3's word for autocommit."""
        return None if self._autocommit else self._raw.isolation_level

    @isolation_level.setter
    def isolation_level(self, value: Any) -> None:
        if self.containment.link.dialect_name == "sqlite":
            self._autocommit = value is None

    @property
    def real(self) -> Any:
        """The driver's own connection, for the plugin alone."""
        return self._raw

    def add_notice_handler(self, callback: Any) -> None:
        """Take no handler: they would pile up on the one real connection."""

    def admit(self, statement: Any) -> bool:
        """Prepare the real connection for a statement; False when it is to be passed over."""
        containment = self.containment
        meaning = classify(self.text_of(statement), containment.link.dialect_name)
        if meaning.kind is Kind.IGNORED:
            return False
        if meaning.kind is Kind.BEGIN and self._transaction is None:
            # a `begin` listener of the application speaks first; the transaction begins with what follows
            return False
        self._transaction = containment.admit(self._transaction, meaning)
        return True

    def after(self) -> None:
        """Commit what an autocommit connection just did."""
        if self._autocommit:
            self.commit()

    def text_of(self, statement: Any) -> str:
        """Render what a driver takes as a statement."""
        if isinstance(statement, str):
            return statement
        if isinstance(statement, bytes):
            return statement.decode()
        rendered = statement.as_string(self._raw)
        return str(rendered)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        if kind is None:
            self.commit()
        else:
            self.rollback()

    def __getattr__(self, name: str) -> Any:
        if name in _ESCAPES:
            raise RefusedError(f"{name} of a raw connection", _ESCAPES[name], user_line())
        return getattr(self._raw, name)


class CountingCursor(sqlite3.Cursor):
    """A cursor that counts the rows it gives: sqlite3 does not say how many a query has."""

    rows_fetched = 0

    def fetchall(self) -> list[Any]:
        """Give all rows that are left."""
        rows = super().fetchall()
        self.rows_fetched += len(rows)
        return rows

    def fetchmany(self, size: int | None = None) -> list[Any]:
        """Give some rows."""
        rows = super().fetchmany(self.arraysize if size is None else size)
        self.rows_fetched += len(rows)
        return rows

    def fetchone(self) -> Any:
        """Give one row."""
        row = super().fetchone()
        if row is not None:
            self.rows_fetched += 1
        return row

    def __next__(self) -> Any:
        row = super().__next__()
        self.rows_fetched += 1
        return row


class ContainedCursor:
    """A driver's cursor whose statements pass the gate, one at a time for all threads."""

    def __init__(self, connection: ContainedConnection, raw: Any) -> None:
        self.connection = connection
        self._raw = raw
        self.fetchone = raw.fetchone
        self.fetchmany = raw.fetchmany
        self.fetchall = raw.fetchall

    def execute(self, statement: Any, *args: Any, **kwargs: Any) -> Self:
        """Run one statement."""
        self._run("execute", statement, args, kwargs)
        return self

    def executemany(self, statement: Any, parameters: Any, **kwargs: Any) -> Self:
        """Run one statement for each set of parameters."""
        self._run("executemany", statement, (parameters,), kwargs)
        return self

    def executescript(self, script: str) -> Self:
        """Run a script statement by statement; like sqlite3, commit first and let each statement stand."""
        connection = self.connection
        connection.commit()
        error: BaseException | None = None
        try:
            self._script(script)
        except BaseException as raised:
            error = raised
            connection.rollback()
            raise
        finally:
            self._tell("executescript", script, None, error)
        connection.commit()
        return self

    def copy(self, statement: Any, *args: Any, **kwargs: Any) -> Any:
        """Start psycopg's COPY."""
        with self.connection.containment.changed:
            self.connection.admit(statement)
            self._tell("copy", statement, None, None)
            return self._raw.copy(statement, *args, **kwargs)

    def stream(self, statement: Any, *args: Any, **kwargs: Any) -> Iterator[Any]:
        """Run a query and give its rows one by one."""
        self.execute(statement, *args, **kwargs)
        return iter(self._raw)

    def close(self) -> None:
        """Close the cursor."""
        self._raw.close()

    def _script(self, script: str) -> None:
        connection = self.connection
        for part in split(script, dialect_name=connection.containment.link.dialect_name):
            kind = classify(part.text, connection.containment.link.dialect_name).kind
            if kind is Kind.COMMIT:
                connection.commit()
            elif kind is Kind.ROLLBACK:
                connection.rollback()
            elif kind is not Kind.BEGIN:
                with connection.containment.changed:
                    if connection.admit(part.text):
                        self._raw.execute(part.text)

    def _run(self, method: str, statement: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> None:
        connection = self.connection
        error: BaseException | None = None
        if connection.observation.awaits is not None:
            connection.observation.awaits()
        with connection.containment.changed:
            if not connection.admit(statement):
                return
            try:
                getattr(self._raw, method)(statement, *args, **kwargs)
            except BaseException as raised:
                error = raised
                connection.containment.after_error(raised)
                raise
            finally:
                self._tell(method, statement, args[0] if args else None, error)
            if connection.autocommit:
                connection.after()

    def _tell(self, method: str, statement: Any, parameters: Any, error: BaseException | None) -> None:
        observer = self.connection.observation.observer
        if observer is not None:
            text = self.connection.text_of(statement)
            observer(Execution(method, text, parameters, self._raw.rowcount, error))

    @property
    def description(self) -> Any:
        """The driver's."""
        return self._raw.description

    @property
    def rowcount(self) -> int:
        """The driver's."""
        return int(self._raw.rowcount)

    @property
    def lastrowid(self) -> Any:
        """The driver's."""
        return self._raw.lastrowid

    @property
    def arraysize(self) -> int:
        """The driver's."""
        return int(self._raw.arraysize)

    @arraysize.setter
    def arraysize(self, value: int) -> None:
        self._raw.arraysize = value

    async def _async_soft_close(self) -> None:
        """Do nothing: SQLAlchemy awaits this for a buffered async result, and a sync driver has nothing to end."""

    def __iter__(self) -> Iterator[Any]:
        return iter(self._raw)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def __getattr__(self, name: str) -> Any:
        return getattr(self._raw, name)
