"""Every statement of a test, of every engine of the process; the hot path appends and does nothing else.

One recorder serves the whole process. It listens on the class ``Engine``, so engines that were made at import,
inside a library or by another test are heard; ``drivers`` tells it of the drivers' own. Nothing is listened to
before the first test that asks for it.
"""

from __future__ import annotations

import sys
import threading
import time
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TYPE_CHECKING, Any, Final
from weakref import WeakKeyDictionary

import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.engine.interfaces import ExecuteStyle
from sqlalchemy.orm import Session

from pytest_query_snapshot.databases.project_line import project_frame
from pytest_query_snapshot.recording.connection_owners import ConnectionOwners
from pytest_query_snapshot.recording.drivers.cursors import RawCursors
from pytest_query_snapshot.recording.drivers.kept_json_nulls import KEEPING_DRIVERS
from pytest_query_snapshot.recording.entries import Entry, Execution, TransactionEvent, Transition
from pytest_query_snapshot.recording.json_nulls import JSON_PLACES, KEPT_JSON_NULLS, JsonNulls
from pytest_query_snapshot.sql.effects.writes import may_write

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

UNRECORDED = "query_snapshot_unrecorded"
"""The execution option of engines and connections that work for the plugin itself."""


SETTLE_SECONDS: Final = 1.0
"""The time that another thread gets to end its transaction before a comparison."""
_POLL_SECONDS: Final = 0.002

_new: Any = tuple.__new__
# Kept on the compiled statement itself: a weak dictionary would cost more than everything else here.
_MUTABLE = "_query_snapshot_mutable_binds"
# Kept on the context of an execution: the entries that hold it.
_RECORDED_IN = "_query_snapshot_recorded_in"
_MANY_VALUES = ExecuteStyle.INSERTMANYVALUES


class Recorder:
    """Keeps what all engines execute, in order, between `start` and `stop`."""

    def __init__(self) -> None:
        self.entries: list[Entry] = []
        self.before_write: Callable[[Any, sa.Connection | None], None] | None = None
        self._listening = False
        self._installed: list[tuple[Any, str, Any]] = []
        self._silent: ContextVar[bool] = ContextVar("query_snapshot_silent", default=False)
        self._raw = RawCursors(self)
        self._hears_drivers: Callable[..., None] | None = None
        self._open: WeakKeyDictionary[sa.Connection, int] = WeakKeyDictionary()
        self._owners = ConnectionOwners(self._open)
        self.json_nulls = JsonNulls()
        self._engines_of_sessions: WeakKeyDictionary[Session, dict[sa.Engine, None]] = WeakKeyDictionary()

    def start(self, *, before_write: Callable[[Any, sa.Connection | None], None] | None = None) -> None:
        """Begin to record; the listeners stay for the rest of the run.

        ``before_write`` is called with the origin, and the connection if it is known, before a possible write.
        """
        self.install()
        self._raw.install_drivers()
        self.entries = []
        self.json_nulls.clear()
        if self._open:
            self._open.clear()
        self._owners.forget()
        self.before_write = before_write
        self._listening = True

    def stop(self) -> None:
        """End recording and forget what was recorded."""
        self._listening = False
        self.before_write = None
        self.entries = []

    def uninstall(self) -> None:
        """Remove every listener."""
        self.stop()
        while self._installed:
            event.remove(*self._installed.pop())
        self._raw.uninstall()

    @contextmanager
    def paused(self) -> Iterator[None]:
        """Leave out what this thread or task executes in the block."""
        token = self._silent.set(True)
        try:
            yield
        finally:
            self._silent.reset(token)

    def settle(self) -> None:
        """Wait for the transactions of other threads to end, once for each, `SETTLE_SECONDS` at most.

        A web framework answers a request before it closes the session of the request: without waiting, a golden
        would hold that ROLLBACK in some runs and not in others.
        """
        if threading.active_count() == 1:  # this one
            return
        deadline = time.monotonic() + SETTLE_SECONDS
        while others := self._open_elsewhere():
            if time.monotonic() > deadline:
                for connection in others:
                    self._open.pop(connection, None)
                return
            time.sleep(_POLL_SECONDS)

    def _open_elsewhere(self) -> list[sa.Connection]:
        here = threading.get_ident()
        others = [(connection, thread) for connection, thread in [*self._open.items()] if thread != here]
        alive = {thread.ident for thread in threading.enumerate()} if others else set()
        return [connection for connection, thread in others if thread in alive]

    def listen_to_drivers(self, hears: Callable[..., None]) -> None:
        """Let a function hear what cursors of drivers are about to execute, whether or not it is recorded."""
        self.install()
        self._raw.install_drivers()
        self._hears_drivers = hears

    @property
    def is_recording(self) -> bool:
        """Return whether what happens now, in this thread or task, is recorded."""
        return self._listening and not self._silent.get()

    def install(self) -> None:
        """Listen to all engines, and to the connections that they open from now on."""
        if self._installed:
            return
        self._listen("before_cursor_execute", self._executing, retval=True)
        self._listen("after_cursor_execute", self._executed)
        self._listen("handle_error", self._failed)
        for name, command in _BOUNDARIES:
            self._listen(name, self._boundary(command))
        event.listen(Session, "after_begin", self._begun)
        self._installed.append((Session, "after_begin", self._begun))
        self._raw.install()
        self._raw.install_drivers()

    def _listen(self, name: str, listener: Any, **options: Any) -> None:
        event.listen(sa.Engine, name, listener, **options)
        self._installed.append((sa.Engine, name, listener))

    def _begun(self, session: Session, _transaction: Any, connection: sa.Connection) -> None:
        self._engines_of_sessions.setdefault(session, {})[connection.engine] = None

    def engines_of(self, session: Session) -> tuple[sa.Engine, ...]:
        """Return the engines on which a session has begun a transaction."""
        return tuple(self._engines_of_sessions.get(session, ()))

    def raw_before(self, statement: str, *, origin: Any, connection: Any = None) -> None:
        """Hear what a cursor of the driver is about to execute."""
        if self._hears_drivers is not None:
            self._hears_drivers(statement, origin=origin, connection=connection)
        if self.before_write is not None and self.is_recording and may_write(statement):
            self.before_write(origin, self._owners.of(connection))

    def raw_after(
        self,
        statement: str,
        sets: Sequence[Any],
        row_count: int,
        *,
        origin: Any,
        error: BaseException | None = None,
    ) -> None:
        """Take in what a cursor of the driver executed; what SQLAlchemy executes replaces it a moment later."""
        if not self.is_recording:
            return
        code, line = self._caller()
        message = _message(error) if error is not None else None
        self.entries.append(
            Execution(None, {}, None, None, statement, sets, row_count, None, code, line, origin, message)
        )

    def _executing(
        self, conn: Any, cursor: Any, statement: str, parameters: Any, context: Any, _many: bool
    ) -> tuple[str, Any]:
        if (
            self.before_write is not None
            and self.is_recording
            and not _only_reads(context, statement)
            and UNRECORDED not in conn.get_execution_options()
        ):
            self.before_write(conn.engine, conn)
        if (
            context is not None
            and context.dialect.driver in KEEPING_DRIVERS
            and self.is_recording
            and UNRECORDED not in conn.get_execution_options()
        ):
            self.json_nulls.begin(context, cursor)
        return statement, parameters

    def _executed(  # noqa: PLR0917  SQLAlchemy's signature
        self, conn: Any, cursor: Any, statement: str, parameters: Any, context: Any, executemany: bool
    ) -> None:
        if getattr(context, KEPT_JSON_NULLS, None) is self.json_nulls:  # whether or not it is still recorded
            self.json_nulls.watch(context, cursor)
        if not self._listening or self._silent.get() or UNRECORDED in conn._execution_options:  # noqa: SLF001  half the time of its method
            return
        entries = self.entries
        if (
            entries
            and type(last := entries[-1]) is Execution
            and last.cursor is None
            and last.statement == statement
        ):
            entries.pop()  # the driver's cursor reported it first
        code, line = self._caller()
        compiled = context.compiled
        if compiled is not None:
            mutable = getattr(compiled, _MUTABLE, None)
            parameters = context.compiled_parameters if mutable == () else self._frozen(context)
            if getattr(compiled, JSON_PLACES, True) and getattr(context, KEPT_JSON_NULLS, None) is None:
                self.json_nulls.watch(context, cursor)
        elif not executemany:
            parameters = (parameters,) if parameters else ()
        setattr(context, _RECORDED_IN, entries)
        # half the time of calling the class
        entries.append(
            _new(
                Execution,
                (
                    compiled,
                    context._expanded_parameters,  # noqa: SLF001  no public way
                    context.execution_options,
                    context if context.execute_style is _MANY_VALUES else None,
                    statement,
                    parameters,
                    cursor.rowcount,
                    cursor,
                    code,
                    line,
                    conn.engine,
                    None,
                ),
            )
        )

    def has_recorded(self, context: Any) -> bool:
        """Return whether an execution is among the entries."""
        return getattr(context, _RECORDED_IN, None) is self.entries

    def _forget_driver(self, statement: str) -> None:
        """Drop what the driver's cursor said of a statement that SQLAlchemy now tells more of."""
        entries = self.entries
        if entries:
            last = entries[-1]
            if type(last) is Execution and last.cursor is None and last.statement == statement:
                entries.pop()

    def _frozen(self, context: Any) -> Sequence[Any]:
        """Return the named parameters, with copies of those values that the test may change later."""
        compiled = context.compiled
        mutable = getattr(compiled, _MUTABLE, None)
        if mutable is None:
            mutable = _mutable_binds(compiled)
            setattr(compiled, _MUTABLE, mutable)
        sets: Sequence[Any] = context.compiled_parameters
        if not mutable:
            return sets
        return [{**each, **{name: _copy(each[name]) for name in mutable if name in each}} for each in sets]

    def _failed(self, failure: Any) -> None:
        if getattr(failure.execution_context, KEPT_JSON_NULLS, None) is self.json_nulls:
            self.json_nulls.forget(failure.execution_context)
        if failure.statement is None or not self.is_recording or _is_unrecorded(failure):
            return
        context = failure.execution_context
        cursor = getattr(context, "cursor", None)
        self._forget_driver(failure.statement)
        sets: Sequence[Any] = ()
        compiled = getattr(context, "compiled", None)
        if compiled is not None:
            sets = self._frozen(context)
        elif failure.parameters:
            sets = failure.parameters if isinstance(failure.parameters, list) else (failure.parameters,)
        code, line = self._caller()
        self.entries.append(
            Execution(
                compiled=compiled,
                expanded=getattr(context, "_expanded_parameters", {}),
                options=getattr(context, "execution_options", None),
                batch=context if getattr(context, "execute_style", None) is _MANY_VALUES else None,
                statement=failure.statement,
                parameters=sets,
                row_count=-1,
                cursor=cursor,
                code=code,
                line=line,
                origin=failure.engine or failure.dialect,
                error=_message(failure.original_exception),
            )
        )

    def _boundary(self, command: str) -> Any:
        boundary = TransactionEvent(command)
        begins, ends = command == "BEGIN", command in {"COMMIT", "ROLLBACK"}

        def record(conn: Any, *_facts: Any) -> None:
            if self._listening and not self._silent.get() and UNRECORDED not in conn._execution_options:  # noqa: SLF001  see above
                self.entries.append(Transition(boundary, conn.engine))
                if begins:
                    self._open[conn] = threading.get_ident()
                elif ends:
                    self._open.pop(conn, None)

        return record

    def _caller(self) -> tuple[Any, int]:
        """Find the innermost line that belongs to the project."""
        found = project_frame(sys._getframe(2))  # noqa: SLF001  inspect.stack() costs a thousand times as much
        return (found.f_code, found.f_lineno) if found is not None else (None, 0)


_BOUNDARIES = (
    ("begin", "BEGIN"),
    ("commit", "COMMIT"),
    ("rollback", "ROLLBACK"),
    ("savepoint", "SAVEPOINT"),
    ("release_savepoint", "RELEASE SAVEPOINT"),
    ("rollback_savepoint", "ROLLBACK TO SAVEPOINT"),
)


def _only_reads(context: Any, statement: str) -> bool:
    """Return whether a statement leaves every table as it is."""
    if context is not None and (context.isinsert or context.isupdate or context.isdelete or context.isddl):
        return False
    return not may_write(statement)


def _is_unrecorded(failure: Any) -> bool:
    connection = failure.connection
    return connection is not None and UNRECORDED in connection.get_execution_options()


def _message(error: BaseException) -> str:
    lines = str(error).strip().splitlines() or [""]
    return f"{type(error).__name__}: {lines[0]}"


def _mutable_binds(compiled: Any) -> tuple[str, ...]:
    """Name the parameters whose values can change after the statement ran."""
    binds = getattr(compiled, "binds", {})
    return tuple(name for name, bind in binds.items() if _is_mutable(bind.type))


def _is_mutable(kind: Any) -> bool:
    if isinstance(kind, (sa.JSON, sa.ARRAY, sa.PickleType)):
        return True
    return isinstance(kind, sa.types.TypeDecorator) and _is_mutable(kind.impl_instance)


def _copy(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _copy(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_copy(item) for item in value]
    return value
