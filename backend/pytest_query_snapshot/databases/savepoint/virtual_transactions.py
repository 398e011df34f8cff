"""Many transactions on one real connection: each becomes a savepoint, and impossible orders are refused.

A virtual transaction begins with the first statement of a connection and lies on a stack while it has something to
undo. One that has only read gives its place up to whoever comes next, so reading in one session and committing in
another is fine, as on a real database. What a real database would keep apart and one connection can't (an older
transaction going on while a younger one has written and is open; a rollback around a commit) raises.
"""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass, field
from itertools import count
from typing import Protocol

from pytest_query_snapshot.databases.project_line import user_line
from pytest_query_snapshot.errors import (
    ContainmentError,
    LostCommitError,
    OutsideTestError,
    OverlappingTransactionsError,
    RefusedError,
)
from pytest_query_snapshot.sql.transaction_effects import Kind, Statement

# how long a thread waits for another thread's transaction, as it would for a lock
PATIENCE_SECONDS = 5.0
_CONTROL_REASON = (
    "SQLAlchemy would not know of it, and the test's own transaction would end; use commit(), rollback() or "
    "begin_nested() of the connection or session"
)


def savepoint_of(depth: int) -> str:
    """Name the savepoint of the transaction that lies on so many others."""
    return f"query_snapshot_{depth}"


class Link(Protocol):
    """A real connection, inside the transaction that holds one test."""

    dialect_name: str
    # an error ends a PostgreSQL transaction, so there a reader needs a savepoint too
    readers_need_savepoints: bool

    def command(self, sql: str) -> None:
        """Run a statement of the isolation itself; no observer sees it."""

    def save(self, savepoint: str) -> None:
        """Begin a savepoint."""

    def undo(self, savepoint: str) -> None:
        """Roll back to a savepoint and remove it."""

    def failed(self) -> bool:
        """Tell whether the database refuses everything until a rollback."""

    def lost(self) -> bool:
        """Tell whether an error has rolled back the whole transaction, the test's own included."""

    def expect_deferred(self) -> None:
        """Take note that the test adds a constraint which waits until commit."""

    def check_deferred(self) -> None:
        """Raise the driver's IntegrityError when a commit would find a deferred constraint violated."""


@dataclass(slots=True, eq=False)
class Transaction:
    """What one connection has going, from its first statement to its commit or rollback."""

    order: int
    began: str
    thread: int
    savepoint: str = ""  # set while it lies on the stack
    wrote: bool = False
    nested: list[str] = field(default_factory=list)
    committed_inside: str = ""  # where another connection committed on top of it

    @property
    def holds(self) -> bool:
        """Whether a rollback would undo something."""
        return self.wrote or bool(self.nested)


class Containment:
    """The transactions of one test, on one real connection."""

    def __init__(self, link: Link, *, owner: str) -> None:
        self.link = link
        self.owner = owner
        self.changed = threading.Condition(threading.RLock())
        self._stack: list[Transaction] = []
        self._orders = count(1)
        self._broken: ContainmentError | None = None
        self._over = False

    def end(self) -> None:
        """Let nothing through any more; what is still open dies with the test."""
        self._over = True

    def admit(self, transaction: Transaction | None, statement: Statement) -> Transaction:
        """Make room for a statement, or raise; gives the transaction it belongs to. Call with the lock held."""
        if self._over:
            raise OutsideTestError(f"{user_line()}: uses a connection of {self.owner}, which has ended")
        if self._broken is not None:
            raise self._broken
        kind = statement.kind
        if transaction is None:
            transaction = Transaction(next(self._orders), user_line(), threading.get_ident())
        self._take_turn(transaction)
        if kind is not Kind.READ:
            self._check_control(transaction, statement)
        if not transaction.savepoint and (kind is not Kind.READ or self.link.readers_need_savepoints):
            self._push(transaction)
        if kind is Kind.WRITE:
            transaction.wrote = True
            if statement.defers:
                self.link.expect_deferred()
        return transaction

    def after_error(self, error: BaseException) -> None:
        """Raise when the error took the test's own transaction with it."""
        if self.link.lost():
            why = "its conflict rule (OR ROLLBACK, RAISE(ROLLBACK)) has rolled back everything the test did"
            self._broken = RefusedError("ROLLBACK", why, user_line())
            self._stack.clear()
            raise self._broken from error

    def commit(self, transaction: Transaction) -> None:
        """Keep what the transaction did, within the test."""
        if not self._lies(transaction):
            return
        self._take_turn(transaction)
        if self.link.failed():  # PostgreSQL answers a COMMIT of a failed transaction with a rollback
            self._undo(transaction)
            return
        if transaction.holds:
            self.link.check_deferred()
        self.link.command(f"RELEASE SAVEPOINT {transaction.savepoint}")
        self._pop(transaction)
        if transaction.wrote and self._stack:
            self._stack[-1].committed_inside = user_line()
            self._stack[-1].wrote = True

    def rollback(self, transaction: Transaction) -> None:
        """Undo what the transaction did."""
        if not self._lies(transaction):
            return
        self._take_turn(transaction)
        self._undo(transaction)

    def _lies(self, transaction: Transaction) -> bool:
        return bool(transaction.savepoint) and not self._over and transaction in self._stack

    def _undo(self, transaction: Transaction) -> None:
        self.link.undo(transaction.savepoint)
        self._pop(transaction)
        if transaction.committed_inside:
            self._broken = LostCommitError(user_line(), transaction.began, transaction.committed_inside)
            raise self._broken

    def _push(self, transaction: Transaction) -> None:
        transaction.savepoint = savepoint_of(len(self._stack))
        self.link.save(transaction.savepoint)
        self._stack.append(transaction)

    def _pop(self, transaction: Transaction) -> None:
        self._stack.remove(transaction)
        transaction.savepoint = ""
        self.changed.notify_all()

    def _take_turn(self, transaction: Transaction) -> None:
        """Get younger transactions out of the way: readers step aside, writers of other threads are waited for."""
        deadline = 0.0
        while self._stack and (top := self._stack[-1]) is not transaction:
            if not top.holds:
                self._step_aside(top)
                continue
            if top.order < transaction.order:
                return  # within the top one
            deadline = deadline or time.monotonic() + PATIENCE_SECONDS
            left = deadline - time.monotonic()
            if top.thread == threading.get_ident() or left <= 0 or not self.changed.wait(left):
                raise OverlappingTransactionsError(user_line(), top.began, transaction.began)

    def _step_aside(self, reader: Transaction) -> None:
        if self.link.failed():
            self.link.undo(reader.savepoint)
        else:
            self.link.command(f"RELEASE SAVEPOINT {reader.savepoint}")
        self._pop(reader)

    def _check_control(self, transaction: Transaction, statement: Statement) -> None:
        nested, name = transaction.nested, statement.name.lower()
        match statement.kind:
            case Kind.REFUSED:
                raise RefusedError("refused", statement.reason, user_line())
            case Kind.BEGIN | Kind.COMMIT | Kind.ROLLBACK:
                raise RefusedError(statement.kind.value.upper(), _CONTROL_REASON, user_line())
            case Kind.SAVEPOINT:
                nested.append(name)
            case Kind.RELEASE | Kind.ROLLBACK_TO:
                if name not in nested:
                    why = f"this transaction, begun at {transaction.began}, has no savepoint {statement.name}"
                    raise RefusedError(statement.kind.value.upper(), why, user_line())
                keep = len(nested) - 1 - nested[::-1].index(name)
                if statement.kind is Kind.RELEASE and nested[keep:]:
                    transaction.wrote = True
                del nested[keep + (statement.kind is Kind.ROLLBACK_TO) :]
            case _:
                pass
