"""Cursors of contained connections: each statement passes the checks of its connection."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, NamedTuple, Self

from pytest_query_snapshot.sql.effects.transactions import Kind, classify
from pytest_query_snapshot.sql.splitter import split

if TYPE_CHECKING:
    from pytest_query_snapshot.databases.savepoint.contained_connection import ContainedConnection


class Execution(NamedTuple):
    """One call that reached the driver; `rowcount` is the driver's, `error` what it raised."""

    method: str  # execute, executemany, executescript, copy
    statement: str
    parameters: Any
    rowcount: int
    error: BaseException | None


class CountingCursor(sqlite3.Cursor):
    """A cursor that counts the rows it returns: sqlite3 does not report how many a query has."""

    rows_fetched = 0

    def fetchall(self) -> list[Any]:
        """Fetch all rows that are left."""
        rows = super().fetchall()
        self.rows_fetched += len(rows)
        return rows

    def fetchmany(self, size: int | None = None) -> list[Any]:
        """Fetch some rows."""
        rows = super().fetchmany(self.arraysize if size is None else size)
        self.rows_fetched += len(rows)
        return rows

    def fetchone(self) -> Any:
        """Fetch one row."""
        row = super().fetchone()
        if row is not None:
            self.rows_fetched += 1
        return row

    def __next__(self) -> Any:
        row = super().__next__()
        self.rows_fetched += 1
        return row


class ContainedCursor:
    """A driver's cursor whose statements are admitted by its connection, one at a time for all threads."""

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
        connection.announce(script)
        error: BaseException | None = None
        try:
            self._script(script)
        except BaseException as raised:
            error = raised
            connection.rollback()
            raise
        finally:
            self._notify("executescript", script, None, error)
        connection.commit()
        return self

    def copy(self, statement: Any, *args: Any, **kwargs: Any) -> Any:
        """Start psycopg's COPY."""
        self.connection.announce(statement)
        with self.connection.containment.changed:
            self.connection.begin_statement(statement)
            self._notify("copy", statement, None, None)
            return self._raw.copy(statement, *args, **kwargs)

    def stream(self, statement: Any, *args: Any, **kwargs: Any) -> Iterator[Any]:
        """Run a query and yield its rows one by one."""
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
                    effects = connection.begin_statement(part.text)
                    if effects is not None:
                        self._raw.execute(connection.with_time(part.text))
                        connection.after(part.text, None, effects)

    def _run(self, method: str, statement: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> None:
        connection = self.connection
        error: BaseException | None = None
        if connection.awaits is not None:
            connection.awaits()
        connection.announce(statement)
        kwargs.pop("prepare", None)  # a prepared statement would not survive the end of the test
        with connection.containment.changed:
            effects = connection.begin_statement(statement)
            if effects is None:
                return
            parameters = args[0] if args else kwargs.get("params")
            try:
                getattr(self._raw, method)(connection.with_time(statement), *args, **kwargs)
            except BaseException as raised:
                error = raised
                connection.containment.check_held(raised)
                raise
            finally:
                self._notify(method, statement, parameters, error)
            name = getattr(self._raw, "name", None)
            if name is not None and not self._raw.withhold:
                connection.declared(name)
            connection.after(statement, parameters, effects)
            if type(self._raw) is CountingCursor and self._raw.rowcount > 0:
                connection.changed_rows(self._raw.rowcount)

    def _notify(self, method: str, statement: Any, parameters: Any, error: BaseException | None) -> None:
        listener = self.connection.observation.listener
        if listener is not None:
            text = self.connection.text_of(statement)
            listener.after(Execution(method, text, parameters, self._raw.rowcount, error))

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
