"""One transaction's work on one execution: its row is locked first, what changed is written at the end."""

from __future__ import annotations

import uuid
from functools import cache, cached_property
from typing import TYPE_CHECKING, Any, cast

from sqlalchemy import bindparam, update

from controlplane import clock
from controlplane.errors import IllegalTransitionError, LeaseLostError, LostRaceError, NotFoundError
from controlplane.execution import queries
from controlplane.execution.kicks import kick
from controlplane.execution.lifecycle import OPEN_STEPS, STEP, WORKFLOW
from controlplane.execution.rows import Attempt, Run
from controlplane.execution.versions import load_plan
from controlplane.lifecycle.queries import advance_status
from controlplane.models import (
    LogLevel,
    StepRole,
    StepStatus,
    WorkflowExecution,
    WorkflowStatus,
    WorkflowStepExecution,
)

if TYPE_CHECKING:
    from datetime import datetime
    from enum import StrEnum
    from typing import Unpack

    from sqlalchemy import CursorResult, Executable, Update
    from sqlalchemy.orm import Session

    from controlplane.execution.engine import Engine
    from controlplane.execution.plan import Plan
    from controlplane.lifecycle import Actor, Lifecycle

# What every step runs is built once: SQLAlchemy takes longer to build a statement than SQLite to run it.
_INSERT_LOGS, _INSERT_EVENTS, _INSERT_ATTEMPTS = (
    queries.insert_logs(),
    queries.insert_events(),
    queries.insert_attempts(),
)
_LOCK_RUN = queries.lock_run(execution_id=bindparam("execution_id"))


@cache
def _move(to: StepStatus, names: tuple[str, ...], *, is_fenced: bool) -> Update:
    """Build the statement that moves an attempt to `to` and sets these columns; fenced, only under its lease."""
    statement = advance_status(
        STEP,
        record_id=bindparam("of_id"),
        workspace_id=bindparam("of_workspace"),
        sources=STEP.sources(to),
        to=to,
        values={name: bindparam(f"new_{name}", type_=_COLUMNS[name].type) for name in names},
    )
    return statement.where(_COLUMNS.lease_token == bindparam("of_token")) if is_fenced else statement


@cache
def _change(names: tuple[str, ...]) -> Update:
    """Build the statement that changes these columns of an execution that nobody changed meanwhile."""
    run = WorkflowExecution
    return (
        update(run.__table__)  # type: ignore[arg-type]
        .where(
            run.id == bindparam("of_id"),
            run.status == bindparam("of_status"),
            run.lock_version == bindparam("of_version"),
        )
        .values({name: bindparam(f"new_{name}", type_=run.__table__.c[name].type) for name in names})
    )


_COLUMNS = WorkflowStepExecution.__table__.c


class Turn:
    """The execution, its plan, the time, and what is to be written; `save` ends it."""

    def __init__(
        self, session: Session, *, engine: Engine, execution_id: uuid.UUID, **actor: Unpack[Actor]
    ) -> None:
        session.flush()
        self._connection = session.connection()
        row = self._connection.execute(_LOCK_RUN, {"execution_id": execution_id}).one_or_none()
        if row is None:
            raise NotFoundError(record="workflow_execution", id=execution_id)
        self.session = session
        self.engine = engine
        self.actor = actor
        self.run = Run(*row)
        self.now: datetime = clock.now()
        self._before = self.run.snapshot()
        self._logs: list[dict[str, Any]] = []
        self._events: list[dict[str, Any]] = []

    @cached_property
    def plan(self) -> Plan:
        """The definition that this execution runs."""
        return load_plan(self.session, engine=self.engine, version_id=self.run.version_id)

    def log(
        self,
        event: str,
        message: str,
        *,
        attempt: Attempt | None = None,
        step_key: str | None = None,
        level: LogLevel = LogLevel.INFO,
        **context: Any,
    ) -> None:
        """Write a line of the execution's log; which item and attempt it is about goes into its context."""
        self.run.log_sequence += 1
        if attempt is not None:
            context = _which(attempt) | context
        self._logs.append(
            {
                "workspace_id": self.run.workspace_id,
                "execution_id": self.run.id,
                "sequence": self.run.log_sequence,
                "level": level,
                "event": event,
                "message": message,
                "step_key": attempt.step_key if attempt is not None else step_key,
                "context": context,
                "timestamp": self.now,
            }
        )

    def move_run(self, to: WorkflowStatus, *, reason: str | None = None) -> None:
        """Move the execution to another status, if the table has the arrow."""
        if self.run.status not in WORKFLOW.sources(to):
            raise IllegalTransitionError(
                record=WORKFLOW.kind, id=self.run.id, from_status=self.run.status, to_status=to
            )
        self._event(WORKFLOW, self.run.id, from_status=self.run.status, to=to, reason=reason)
        self.run.status = to

    def move_step(self, attempt: Attempt, to: StepStatus, *, reason: str | None = None, **values: Any) -> None:
        """Move an attempt to another status and set `values`, in the database and here.

        A leased one is moved by who holds the lease or not at all: LeaseLostError, and nothing is written.
        """
        given = {f"new_{name}": value for name, value in values.items()}
        given |= {"of_id": attempt.id, "of_workspace": attempt.workspace_id}
        is_leased = attempt.status is StepStatus.RUNNING and attempt.lease_token is not None
        if is_leased:
            given["of_token"] = attempt.lease_token
        if self.change(_move(to, tuple(values), is_fenced=is_leased), given) != 1:
            if is_leased:
                raise LeaseLostError(step=attempt.step_key, execution_id=self.run.id)
            raise LostRaceError(record=STEP.kind, id=attempt.id, from_status=attempt.status, to_status=to)
        self._event(STEP, attempt.id, from_status=attempt.status, to=to, reason=reason)
        if attempt.status in OPEN_STEPS and to not in OPEN_STEPS:
            self.run.open_steps -= 1
        attempt.status = to
        for name, value in values.items():
            if name in Attempt.__slots__:
                setattr(attempt, name, value)

    def add_steps(self, rows: list[dict[str, Any]], *, reason: str | None = None) -> None:
        """Insert attempts: pending, or skipped at once. Each row brings what is particular to it."""
        if not rows:
            return
        run = self.run
        full = [_new_attempt(run, row, now=self.now) for row in rows]
        self._connection.execute(_INSERT_ATTEMPTS, full)
        for row in full:
            self._event(STEP, row["id"], from_status=None, to=row["status"], reason=reason)
        run.open_steps += sum(row["status"] in OPEN_STEPS for row in full)

    def postpone(self, attempt: Attempt, at: datetime) -> None:
        """Look at a waiting attempt again at a later time."""
        self.change(queries.postpone(step_id=attempt.id, at=at))

    def fetch(self, statement: Executable, given: dict[str, Any] | None = None) -> list[Attempt]:
        """Run a query for attempts."""
        return [Attempt(*row) for row in self._connection.execute(statement, given)]

    def change(self, statement: Executable, given: dict[str, Any] | None = None) -> int:
        """Run one UPDATE and return how many rows it matched."""
        return cast("CursorResult[Any]", self._connection.execute(statement, given)).rowcount

    def kick(self) -> None:
        """Have somebody look at this execution now."""
        self.run.wake_at = self.now
        kick(self.session, self.run.id)

    def save(self) -> None:
        """Write what this turn did: the execution's row, its events, its log."""
        run, connection = self.run, self._connection
        changed = {name: new for name, old in self._before.items() if (new := getattr(run, name)) is not old}
        if changed:
            changed["lock_version"] = run.lock_version + 1
            status = self._before["status"]
            given = {f"new_{name}": value for name, value in changed.items()}
            given |= {"of_id": run.id, "of_status": status, "of_version": run.lock_version}
            if self.change(_change(tuple(changed)), given) != 1:
                raise LostRaceError(record=WORKFLOW.kind, id=run.id, from_status=status, to_status=run.status)
        if self._events:
            connection.execute(_INSERT_EVENTS, self._events)
        if self._logs:
            connection.execute(_INSERT_LOGS, self._logs)
        self.session.expire_all()  # what the session holds of these rows is old now

    def _event(
        self,
        lifecycle: Lifecycle[Any],
        record_id: uuid.UUID,
        *,
        from_status: StrEnum | None,
        to: StrEnum,
        reason: str | None,
    ) -> None:
        self._events.append(
            {
                "workspace_id": self.run.workspace_id,
                "record_kind": lifecycle.kind,
                "record_id": record_id,
                "of_kind": lifecycle.kind,
                "of_id": record_id,
                "from_status": from_status,
                "to_status": to,
                "actor_id": self.actor.get("actor_id"),
                "actor_agent_id": self.actor.get("actor_agent_id"),
                "reason": reason,
                "at": self.now,
            }
        )


def _new_attempt(run: Run, row: dict[str, Any], *, now: datetime) -> dict[str, Any]:
    """Return all columns of a new attempt, so that rows of one statement have the same ones."""
    key, role, item = row["step_key"], row.get("role", StepRole.STEP), row.get("item", 0)
    full = {
        "id": uuid.uuid4(),
        "workspace_id": run.workspace_id,
        "execution_id": run.id,
        "role": role,
        "item": item,
        "attempt": 1,
        "status": StepStatus.PENDING,
        "remaining": 0,
        "taken": 0,
        "wake_at": None,
        "idempotency_key": idempotency_key(run.id, key, role=role, item=item),
        "created_at": now,
        "ready_at": None if row.get("remaining") else now,
        "completed_at": None,
    }
    return full | row


def idempotency_key(execution_id: uuid.UUID, key: str, *, role: StepRole, item: int) -> str:
    """Return the key that every attempt and delivery of this part of the execution shares."""
    part = "" if role is StepRole.STEP else f":{item}" if role is StepRole.ITEM else f":{item}:undo"
    return f"{execution_id}:{key}{part}"


def _which(attempt: Attempt) -> dict[str, Any]:
    which: dict[str, Any] = {}
    if attempt.role is not StepRole.STEP:
        which["role"] = str(attempt.role)
    if attempt.role is StepRole.ITEM:
        which["item"] = attempt.item
    if attempt.attempt > 1:
        which["attempt"] = attempt.attempt
    return which
