"""One transaction on one execution: its row is locked first, changes are written at the end."""

from __future__ import annotations

import json
import uuid
from functools import cached_property
from typing import TYPE_CHECKING, Any, cast

from controlplane import clock
from controlplane.errors import IllegalTransitionError, LeaseLostError, LostRaceError, NotFoundError
from controlplane.execution import queries
from controlplane.execution.engine import statements
from controlplane.execution.engine.pending_inserts import PendingInserts
from controlplane.execution.engine.records import AttemptRecord, ExecutionRecord
from controlplane.execution.lifecycle import OPEN_STEPS, STEP, WORKFLOW
from controlplane.execution.versions import load_plan
from controlplane.models import LogLevel, StepRole, StepStatus, WorkflowStatus, log_context
from controlplane.models.ids import new_id

if TYPE_CHECKING:
    from collections.abc import Iterator
    from contextlib import AbstractContextManager
    from datetime import datetime
    from enum import StrEnum
    from typing import Unpack

    from sqlalchemy import Connection, CursorResult, Executable, Result
    from sqlalchemy.orm import Session

    from controlplane.execution.engine.config import EngineConfig
    from controlplane.execution.engine.plan import Plan
    from controlplane.lifecycle import Actor, Lifecycle


class StaleExecutionError(Exception):
    """The execution was changed after the caller read it, and nothing has been written yet."""


class UnitOfWork:
    """The locked execution, its plan, the time, and pending writes; `save` writes them.

    With `known`, the execution as another unit of work saved it, its row is locked by the first statement: mostly
    the UPDATE of `save`, which matches no row if the execution was changed since. That is a StaleExecutionError:
    nothing is written, and the work is to be done on the locked row.
    """

    def __init__(
        self,
        session: Session,
        *,
        engine: EngineConfig,
        execution_id: uuid.UUID,
        known: ExecutionRecord | None = None,
        **actor: Unpack[Actor],
    ) -> None:
        session.flush()
        self._session, self._unlocked = session, session.connection()
        self.is_locked = known is None
        self.execution = known.copy() if known is not None else _lock(self._unlocked, execution_id)
        self.engine = engine
        self.actor = actor
        self.now: datetime = clock.now()
        self._before = self.execution.snapshot()
        self._pending = PendingInserts()
        self._moves: list[tuple[AttemptRecord, dict[str, Any]]] = []  # of rows, until the execution is locked
        self._counts: dict[uuid.UUID, int] = {}  # how many events these records have
        self._logs: list[dict[str, Any]] = []
        self._events: list[dict[str, Any]] = []
        self._next_events: list[dict[str, Any]] = []

    @property
    def session(self) -> Session:
        """The session of the caller; the execution is locked before it is used."""
        self._lock_known()
        return self._session

    @property
    def _connection(self) -> Connection:
        self._lock_known()
        return self._unlocked

    @cached_property
    def plan(self) -> Plan:
        """The definition that this execution runs: a version never changes, so no lock is needed."""
        return load_plan(self._session, engine=self.engine, version_id=self.execution.version_id)

    def _lock_known(self) -> None:
        """Lock the row of a known execution, and write the moves that waited for the lock."""
        if self.is_locked:
            return
        if _lock(self._unlocked, self.execution.id).lock_version != self.execution.lock_version:
            raise StaleExecutionError
        self._locked()

    def _locked(self) -> None:
        self.is_locked = True
        moves, self._moves = self._moves, []
        for attempt, values in moves:
            self._move_row(attempt, values)

    def log(
        self,
        event: str,
        message: str,
        *,
        attempt: AttemptRecord | None = None,
        step_key: str | None = None,
        level: LogLevel = LogLevel.INFO,
        **context: Any,
    ) -> None:
        """Write a line of the execution's log; which item and attempt it is about goes into its context."""
        self.execution.log_sequence += 1
        if attempt is not None:
            context = log_context(attempt) | context
        self._logs.append(
            {
                "id": new_id(),
                "workspace_id": self.execution.workspace_id,
                "execution_id": self.execution.id,
                "sequence": self.execution.log_sequence,
                "level": level,
                "event": event,
                "message": message,
                "step_key": attempt.step_key if attempt is not None else step_key,
                "context": context,
                "timestamp": self.now,
            }
        )

    def move_execution(self, to: WorkflowStatus, *, reason: str | None = None) -> None:
        """Move the execution to another status, if the table has the arrow."""
        if self.execution.status not in WORKFLOW.sources(to):
            raise IllegalTransitionError(
                record=WORKFLOW.kind, id=self.execution.id, from_status=self.execution.status, to_status=to
            )
        self._event(WORKFLOW, self.execution.id, from_status=self.execution.status, to=to, reason=reason)
        self.execution.status = to

    def move_step(
        self, attempt: AttemptRecord, to: StepStatus, *, reason: str | None = None, **values: Any
    ) -> None:
        """Move an attempt to another status and set `values`, in the database and here.

        A leased one is moved only by its lease holder: else LeaseLostError, and nothing is written.
        """
        if attempt.status not in STEP.sources(to):
            raise IllegalTransitionError(record=STEP.kind, id=attempt.id, from_status=attempt.status, to_status=to)
        values["status"] = to
        if not self._pending.update(attempt.id, values):
            if self.is_locked:
                self._move_row(attempt, values)
            else:
                self._moves.append((attempt.copy(), values))
        self._event(STEP, attempt.id, from_status=attempt.status, to=to, reason=reason)
        if attempt.status in OPEN_STEPS and to not in OPEN_STEPS:
            self.execution.open_steps -= 1
        for name, value in values.items():
            if name in AttemptRecord.__slots__:
                setattr(attempt, name, value)

    def _move_row(self, attempt: AttemptRecord, values: dict[str, Any]) -> None:
        given = {f"new_{name}": value for name, value in values.items()}
        given |= {"of_id": attempt.id, "of_status": attempt.status}
        is_leased = attempt.status is StepStatus.RUNNING and attempt.lease_token is not None
        if is_leased:
            given["of_token"] = attempt.lease_token
        if self.change(statements.move_step(tuple(values), is_fenced=is_leased), given) == 1:
            return
        if is_leased:
            raise LeaseLostError(step=attempt.step_key, execution_id=self.execution.id)
        raise LostRaceError(
            record=STEP.kind, id=attempt.id, from_status=attempt.status, to_status=values["status"]
        )

    def add_steps(self, rows: list[dict[str, Any]], *, reason: str | None = None) -> None:
        """Create attempts, pending or skipped, from rows that hold the columns other than defaults."""
        execution = self.execution
        full = [_new_attempt(execution, row, now=self.now) for row in rows]
        self._pending.add(full)
        for row in full:
            self._counts[row["id"]] = 0
            self._event(STEP, row["id"], from_status=None, to=row["status"], reason=reason)
        execution.open_steps += sum(row["status"] in OPEN_STEPS for row in full)
        if execution.debugged or self._pending.is_large:
            self.write_steps()  # the debugger reads them

    def write_steps(self) -> None:
        """Insert the pending attempts: before any statement that reads steps, or may be rolled back alone."""
        for rows in self._pending.take_groups():
            self._connection.execute(statements.INSERT_ATTEMPTS, rows)

    def event_count(self, attempt: AttemptRecord) -> int | None:
        """Return the number of lifecycle events of an attempt, if it is known here."""
        return self._counts.get(attempt.id)

    def restore_event_count(self, attempt: AttemptRecord, count: int | None) -> None:
        """Restore the event count of the claim: only the lease holder writes the next event."""
        if count is not None:
            self._counts[attempt.id] = count

    def ready(self) -> list[AttemptRecord]:
        """Return the attempt that may start now and is first in definition order, and another if there is one."""
        if self._pending.holds_all_open(self.execution.open_steps):
            return self._pending.ready(self.now)[:2]
        return self.fetch(statements.SELECT_READY, {"execution_id": self.execution.id, "now": self.now})

    def postpone(self, attempt: AttemptRecord, at: datetime) -> None:
        """Postpone a waiting attempt to a later time."""
        self.change(queries.postpone(step_id=attempt.id, at=at))

    def fetch(self, statement: Executable, given: dict[str, Any] | None = None) -> list[AttemptRecord]:
        """Run a query for attempts."""
        self.write_steps()
        return [AttemptRecord(*row) for row in self._connection.execute(statement, given)]

    def results(self, keys: tuple[str, ...]) -> Iterator[Any]:
        """Yield the results of started steps, in attempt order."""
        if self._pending.holds_any(keys):
            self.write_steps()
        for start in range(0, len(keys), 500):  # SQLite takes a bounded number of parameters
            given = {"execution_id": self.execution.id, "keys": keys[start : start + 500]}
            yield from self._connection.execute(statements.SELECT_RESULTS, given)

    def read(self, statement: Executable) -> Result[Any]:
        """Run a query after writing pending attempts."""
        self.write_steps()
        return self.session.execute(statement)

    def savepoint(self) -> AbstractContextManager[object]:
        """Open a block that is rolled back alone when it raises."""
        self.write_steps()
        return self.session.begin_nested()

    def change(self, statement: Executable, given: dict[str, Any] | None = None) -> int:
        """Run one UPDATE and return how many rows it matched."""
        return cast("CursorResult[Any]", self._connection.execute(statement, given)).rowcount

    def make_due(self) -> None:
        """Make this execution due now."""
        self.execution.wake_at = self.now

    def save(self) -> None:
        """Write new steps, the execution's row, its events and its log."""
        self._write_execution()
        connection = self._connection
        for event in self._next_events:  # one by one: each looks for the number of the one before it
            connection.execute(statements.INSERT_NEXT_EVENT, event)
        statements.insert_trail(
            connection, attempts=self._pending.take_groups(), events=self._events, logs=self._logs
        )
        self._session.expire_all()  # what the session holds of these rows is old now

    def _write_execution(self) -> None:
        """Update the execution's row, unless it was changed concurrently: this locks a known execution."""
        execution, status, version = self.execution, self._before["status"], self.execution.lock_version
        changed = {
            name: new for name, old in self._before.items() if not _is_same(new := getattr(execution, name), old)
        }
        if not changed:
            return
        execution.lock_version = changed["lock_version"] = version + 1
        given = {f"new_{name}": value for name, value in changed.items()}
        given |= {"of_id": execution.id, "of_status": status, "of_version": version}
        statement = statements.change_execution(tuple(changed))
        if self._unlocked.execute(statement, given).rowcount == 1:
            self._locked()
        elif self.is_locked:
            raise LostRaceError(
                record=WORKFLOW.kind, id=execution.id, from_status=status, to_status=execution.status
            )
        else:
            raise StaleExecutionError

    def _event(
        self,
        lifecycle: Lifecycle[Any],
        record_id: uuid.UUID,
        *,
        from_status: StrEnum | None,
        to: StrEnum,
        reason: str | None,
    ) -> None:
        event = {
            "id": new_id(),
            "workspace_id": self.execution.workspace_id,
            "record_kind": lifecycle.kind,
            "record_id": record_id,
            "from_status": from_status,
            "to_status": to,
            "actor_id": self.actor.get("actor_id"),
            "actor_agent_id": self.actor.get("actor_agent_id"),
            "reason": reason,
            "at": self.now,
        }
        count = self._counts.get(record_id)
        if count is None:
            self._next_events.append(event | {"of_kind": lifecycle.kind, "of_id": record_id})
        else:
            self._counts[record_id] = count + 1
            self._events.append(event | {"sequence": count + 1})


def _lock(connection: Connection, execution_id: uuid.UUID) -> ExecutionRecord:
    """Lock an execution and return its row."""
    row = connection.execute(statements.LOCK_EXECUTION, {"execution_id": execution_id}).one_or_none()
    if row is None:
        raise NotFoundError(record="workflow_execution", id=execution_id)
    return ExecutionRecord(*row)


def _is_same(new: Any, old: Any) -> bool:
    """Return whether a field has its old value; JSON tells 1 from true and from 1.0, which Python calls equal."""
    if new is old:
        return True
    if isinstance(new, dict | list):
        return json.dumps(new) == json.dumps(old)
    return type(new) is type(old) and bool(new == old)


def _new_attempt(execution: ExecutionRecord, row: dict[str, Any], *, now: datetime) -> dict[str, Any]:
    """Return all columns of a new attempt, so that rows of one statement have the same ones."""
    key, role, item = row["step_key"], row.get("role", StepRole.STEP), row.get("item", 0)
    full = {
        "id": new_id(),
        "workspace_id": execution.workspace_id,
        "execution_id": execution.id,
        "role": role,
        "item": item,
        "attempt": 1,
        "status": StepStatus.PENDING,
        "remaining": 0,
        "taken": 0,
        "deliveries": 0,
        "wake_at": None,
        "idempotency_key": idempotency_key(execution.id, key, role=role, item=item),
        "created_at": now,
        "ready_at": None if row.get("remaining") else now,
        "completed_at": None,
    }
    return full | row


def idempotency_key(execution_id: uuid.UUID, key: str, *, role: StepRole, item: int) -> str:
    """Return the key that every attempt and delivery of this part of the execution shares."""
    part = "" if role is StepRole.STEP else f":{item}" if role is StepRole.ITEM else f":{item}:undo"
    return f"{execution_id}:{key}{part}"


def display_name(attempt: AttemptRecord) -> str:
    """Return the name of an attempt in the log."""
    return f"the compensation of {attempt.step_key}" if attempt.role is StepRole.COMPENSATION else attempt.step_key
