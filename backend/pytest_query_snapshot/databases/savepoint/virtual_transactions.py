"""Many transactions on one real connection: each becomes a savepoint, one at a time.

A virtual transaction begins with the first statement of a connection and lies on a stack while it has
something to undo. One that has only read is released when another one starts, so reading in one session and
committing in another is fine, as on a real database. A connection never sees uncommitted work of another one:
while a transaction has written or holds locks, other threads wait for its end, as for a lock, and the same
thread is refused.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from pytest_query_snapshot.databases.project_line import project_line
from pytest_query_snapshot.databases.savepoint.late_threads import LateThreads
from pytest_query_snapshot.databases.savepoint.session_state import SessionLink, Sessions
from pytest_query_snapshot.databases.savepoint.time_sources import TimeSources
from pytest_query_snapshot.errors import (
    ContainmentError,
    OutsideTestError,
    OverlappingTransactionsError,
    RefusedError,
)
from pytest_query_snapshot.sql.effects.sessions import SessionEffects, names_in
from pytest_query_snapshot.sql.effects.transactions import Kind, Statement

# how long a thread waits for another thread's transaction, as it would for a lock
LOCK_TIMEOUT_SECONDS = 5.0
OWN_PREFIX = "query_snapshot_"
_CONTROL_REASON = (
    "SQLAlchemy would not know of it, and the test's own transaction would end; use commit(), rollback() or "
    'begin_nested() of the connection or session, or mark the test isolation("connections")'
)
_SNAPSHOTS = frozenset({"REPEATABLE READ", "SERIALIZABLE"})


def savepoint_of(depth: int) -> str:
    """Name the savepoint of the transaction that lies on so many others."""
    return f"{OWN_PREFIX}{depth}"


class RealConnection(SessionLink, Protocol):
    """A real connection, inside the transaction that holds one test."""

    # an error ends a PostgreSQL transaction, so there a reader needs a savepoint too
    readers_need_savepoints: bool
    # functions of the schema that may write
    writing_functions: frozenset[str]
    # the connection itself was changed, so the next test gets another one
    is_spoiled: bool
    # expressions of the schema that show the time of the one transaction; without any on SQLite
    time_sources: TimeSources

    def command(self, sql: str) -> None:
        """Run a statement of the isolation itself; no observer sees it."""

    def save(self, savepoint: str) -> None:
        """Begin a savepoint."""

    def undo(self, savepoint: str) -> None:
        """Roll back to a savepoint and remove it."""

    def clock(self) -> str:
        """Return the time of the server's clock, as a literal."""

    def failed(self) -> bool:
        """Return whether the database refuses everything until a rollback."""

    def lost(self) -> bool:
        """Return whether the transaction that holds the test has ended."""

    def expect_deferred(self) -> None:
        """Take note that the test adds a constraint which waits until commit."""

    def opened(self, cursor: Any) -> None:
        """Remember a cursor, which is closed with the test."""

    def end_cursors(self, names: Sequence[str]) -> None:
        """Close cursors of the server that a COMMIT would close."""

    def check_deferred(self) -> None:
        """Raise the driver's IntegrityError when a commit would find a deferred constraint violated."""


@dataclass(slots=True, eq=False)
class Transaction:
    """A transaction of one connection, from its first statement to its commit or rollback.

    commits: how many transactions had been committed when it began.
    """

    began: str
    thread: int
    commits: int
    is_reader: bool = False  # the plugin's own: it sees the work of all
    savepoint: str = ""  # set while it lies on the stack
    undo_at_end: bool = False  # what a reader has set to read as the owner
    wrote: bool = False
    locked: bool = False
    read_only: bool = False
    level: str = ""
    time: str = ""  # when it asked for its time first
    nested: list[str] = field(default_factory=list)
    cursors: list[str] = field(default_factory=list)  # of the server, which end with it

    @property
    def holds(self) -> bool:
        """Return whether a rollback would undo something, or release a lock."""
        return self.wrote or self.locked or bool(self.nested)


class Containment:
    """The transactions of one test, on one real connection."""

    def __init__(self, link: RealConnection, *, owner: str, late: LateThreads | None = None) -> None:
        self.link = link
        self.owner = owner
        self.changed = threading.Condition(threading.RLock())
        self.sessions = Sessions(link)
        self._late = LateThreads() if late is None else late
        self._stack: list[Transaction] = []
        self._committed = 0
        self._broken: ContainmentError | None = None
        self._over = False
        self.was_written = False

    @property
    def is_over(self) -> bool:
        """Return whether the test has ended."""
        return self._over

    def end(self) -> None:
        """Reject further statements; what is still open is undone with the test."""
        if self._over:
            return
        self._over = True
        me = threading.get_ident()
        names = {thread.ident: thread.name for thread in threading.enumerate()}
        self._late.reports += [
            f"{self.owner}: thread {names[one.thread]!r} left a transaction open, begun at {one.began}"
            for one in self._stack
            if one.holds and one.thread != me and one.thread in names
        ]

    def begin(self, *, is_reader: bool, read_only: bool, level: str) -> Transaction:
        """Return a new transaction, before its first statement."""
        outlived = self._late.owner_of_this()
        if outlived is not None:
            line = project_line()
            self._late.report(outlived, f"still works on the database while {self.owner} runs, at {line}")
            raise OutsideTestError(
                f"{line}: a thread that {outlived} started works on, though that test has ended"
            )
        return Transaction(
            project_line(), threading.get_ident(), self._committed, is_reader, read_only=read_only, level=level
        )

    def check_open(self) -> None:
        """Raise when the test has ended or can't continue."""
        if self._over:
            line = project_line()
            if threading.current_thread() is not threading.main_thread():
                self._late.report(self.owner, f"used its connection after the end, at {line}")
            raise OutsideTestError(f"{line}: uses a connection of {self.owner}, which has ended")
        if self._broken is not None:
            raise self._broken

    def set_mode(self, transaction: Transaction, effects: SessionEffects) -> None:
        """Set the isolation level, or read only, of a transaction."""
        transaction.level = effects.level.upper() or transaction.level
        if effects.read_only is not None:
            transaction.read_only = effects.read_only
            if transaction.savepoint and effects.read_only:
                self._wait_for_younger(transaction)
                self.link.command("SET TRANSACTION READ ONLY")

    def begin_statement(
        self, transaction: Transaction, statement: Statement, effects: SessionEffects, *, connection: Any, sql: str
    ) -> None:
        """Make room for a statement, or raise. Call with the lock held."""
        kind = statement.kind
        self._wait_for_younger(transaction)
        if transaction.level in _SNAPSHOTS and transaction.commits != self._committed:
            why = f"another transaction committed since this {transaction.level} one, begun at {transaction.began}"
            raise RefusedError(
                "refused", f'{why}: it would see that work. Mark the test isolation("connections")', project_line()
            )
        if kind is not Kind.READ:
            self._check_control(transaction, statement)
        if not transaction.is_reader:
            self.sessions.before(connection, effects, sql)
        if not transaction.savepoint and (kind is not Kind.READ or self.link.readers_need_savepoints):
            self._push(transaction)
        if effects.locks_rows or effects.advisory or any(one.is_local for one in effects.settings):
            transaction.locked = True
        transaction.cursors += effects.declares
        if kind is Kind.WRITE or self._may_write(sql):
            transaction.wrote = True
            self.sessions.wrote(connection)
            if statement.defers:
                self.link.expect_deferred()

    def note(self, connection: Any, effects: SessionEffects, sql: str, parameters: Any) -> None:
        """Note what a statement has left on its session."""
        if effects.defines_function:
            self.link.expect_deferred()
            self.link.learn_functions()
        self.sessions.after(connection, effects, sql, parameters)

    def spoil(self, connection: Any, name: str) -> None:
        """Note that a connection gets a function, collation or hook of its own."""
        self.link.is_spoiled = True
        self.sessions.state_of(connection).functions.add(name)

    def close_session(self, connection: Any) -> None:
        """End the session of a connection."""
        if not self._over:
            self.sessions.closed(connection)

    def _may_write(self, sql: str) -> bool:
        functions = self.link.writing_functions
        return bool(functions) and not functions.isdisjoint(names_in(sql, self.link.dialect_name))

    def check_held(self, error: BaseException | None = None) -> None:
        """Raise when a statement has ended the test's own transaction."""
        if self.link.lost():
            why = (
                "the statement has ended the transaction that holds the test, and everything the test did with it"
            )
            self._broken = RefusedError("COMMIT or ROLLBACK", why, project_line())
            self._stack.clear()
            raise self._broken from error

    def commit(self, transaction: Transaction, connection: Any) -> None:
        """Keep what the transaction did, within the test."""
        if not self._lies(transaction):
            return
        self._wait_for_younger(transaction)
        if self.link.failed():  # PostgreSQL answers a COMMIT of a failed transaction with a rollback
            self._undo(transaction)
            self.sessions.rolled_back(connection)
            return
        if transaction.holds:
            self._check_deferred(transaction, connection)
        self.link.end_cursors(transaction.cursors)
        self._release(transaction)
        self.sessions.committed(connection)
        if transaction.wrote:
            self._committed += 1

    def _check_deferred(self, transaction: Transaction, connection: Any) -> None:
        """Raise the error of a commit. PostgreSQL rolls back then; SQLite leaves the transaction open."""
        try:
            self.link.check_deferred()
        except Exception:
            if self.link.failed():
                self._undo(transaction)
                self.sessions.rolled_back(connection)
            raise

    def rollback(self, transaction: Transaction, connection: Any) -> None:
        """Undo what the transaction did."""
        if not self._lies(transaction):
            self.sessions.rolled_back(connection)
            return
        self._wait_for_younger(transaction)
        self._undo(transaction)
        self.sessions.rolled_back(connection)

    def _lies(self, transaction: Transaction) -> bool:
        return bool(transaction.savepoint) and not self._over and transaction in self._stack

    def _undo(self, transaction: Transaction) -> None:
        self.link.undo(transaction.savepoint)
        self._pop(transaction)

    def _push(self, transaction: Transaction) -> None:
        transaction.savepoint = savepoint_of(len(self._stack))
        self.link.save(transaction.savepoint)
        self._stack.append(transaction)
        if transaction.read_only:
            self.link.command("SET TRANSACTION READ ONLY")
        if transaction.is_reader and self.sessions.is_dirty:
            transaction.undo_at_end = True
            self.link.reset_settings({})  # read as the owner, not with the test's role and settings

    def _release(self, transaction: Transaction) -> None:
        if transaction.undo_at_end:
            self.link.undo(transaction.savepoint)
        else:
            self.link.command(f"RELEASE SAVEPOINT {transaction.savepoint}")
        self._pop(transaction)

    def _pop(self, transaction: Transaction) -> None:
        self._stack.remove(transaction)
        transaction.savepoint = ""
        self.changed.notify_all()

    def _wait_for_younger(self, transaction: Transaction) -> None:
        """Get other transactions out of the way: readers are released, writers of other threads are waited for."""
        deadline = 0.0
        while self._stack and (top := self._stack[-1]) is not transaction:
            if not top.holds:
                self._release_reader(top)
                continue
            if transaction.is_reader:
                return
            deadline = deadline or time.monotonic() + LOCK_TIMEOUT_SECONDS
            left = deadline - time.monotonic()
            if top.thread == threading.get_ident() or left <= 0 or not self.changed.wait(left):
                raise OverlappingTransactionsError(project_line(), top.began)

    def _release_reader(self, reader: Transaction) -> None:
        if self.link.failed():
            self._undo(reader)
        else:
            self._release(reader)

    def _check_control(self, transaction: Transaction, statement: Statement) -> None:
        nested, name = transaction.nested, statement.name.lower()
        match statement.kind:
            case Kind.REFUSED:
                raise RefusedError(
                    "refused", f'{statement.reason}; or mark the test isolation("connections")', project_line()
                )
            case Kind.BEGIN | Kind.COMMIT | Kind.ROLLBACK:
                raise RefusedError(statement.kind.value.upper(), _CONTROL_REASON, project_line())
            case Kind.SAVEPOINT:
                if name.startswith(OWN_PREFIX):
                    why = f"names that begin with {OWN_PREFIX} are the plugin's own savepoints; take another name"
                    raise RefusedError("SAVEPOINT", why, project_line())
                nested.append(name)
            case Kind.RELEASE | Kind.ROLLBACK_TO:
                if name not in nested:
                    why = f"this transaction, begun at {transaction.began}, has no savepoint {statement.name}"
                    raise RefusedError(statement.kind.value.upper(), why, project_line())
                keep = len(nested) - 1 - nested[::-1].index(name)
                if statement.kind is Kind.RELEASE and nested[keep:]:
                    transaction.wrote = True
                del nested[keep + (statement.kind is Kind.ROLLBACK_TO) :]
            case _:
                pass
