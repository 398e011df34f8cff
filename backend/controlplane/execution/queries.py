"""The statements of the state machine. All but the listings work inside one execution, whose row is locked."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

from sqlalchemy import (
    BindParameter,
    Insert,
    Select,
    Update,
    and_,
    bindparam,
    case,
    func,
    insert,
    or_,
    select,
    update,
)
from sqlalchemy.orm import aliased

from controlplane.collation import code_points
from controlplane.execution.engine.records import ATTEMPT_COLUMNS, EXECUTION_COLUMNS
from controlplane.execution.lifecycle import DUE, ENDED, OPEN_STEPS
from controlplane.models import (
    LifecycleEvent,
    StepKind,
    StepRole,
    StepStatus,
    WorkflowExecution,
    WorkflowExecutionLog,
    WorkflowSignal,
    WorkflowStepExecution,
)

if TYPE_CHECKING:
    import uuid

    from sqlalchemy.sql.dml import ReturningUpdate

STEP = WorkflowStepExecution
Rows = Select[*tuple[Any, ...]]
Id = UUID | BindParameter[UUID]
Instant = datetime | BindParameter[datetime]
"""A value, or the place for one in a statement that is built once and run often."""


def lock_execution(*, execution_id: Id) -> Rows:
    """Select one execution and lock its row: every change of an execution or its steps starts here.

    The key is not locked (FOR NO KEY UPDATE), so that rows which refer to it can be inserted concurrently.
    """
    return select(*EXECUTION_COLUMNS).where(WorkflowExecution.id == execution_id).with_for_update(key_share=True)


def select_due_executions(*, now: datetime, limit: int) -> Rows:
    """Select the ids of executions that are due by `now`, and since when, the longest due first."""
    execution = WorkflowExecution
    return (
        select(execution.id, execution.wake_at)
        .where(execution.wake_at <= now, execution.status.in_(DUE))
        .order_by(execution.wake_at, execution.id)
        .limit(limit)
    )


def select_ready(*, execution_id: Id, now: Instant) -> Rows:
    """Select the first two attempts that may start now, in definition order: the second shows that there is."""
    return (
        select(*ATTEMPT_COLUMNS)
        .where(
            STEP.execution_id == execution_id,
            STEP.status == StepStatus.PENDING,
            STEP.remaining == 0,
            or_(STEP.wake_at.is_(None), STEP.wake_at <= now),
        )
        .order_by(STEP.position, STEP.item, STEP.id)
        .limit(2)
    )


def select_overdue(*, execution_id: uuid.UUID, now: datetime) -> Rows:
    """Select one attempt whose lease has run out, whose wait is over, or whose child execution has ended."""
    child = aliased(WorkflowExecution)
    return (
        select(*ATTEMPT_COLUMNS)
        .outerjoin(child, child.id == STEP.child_execution_id)
        .where(
            STEP.execution_id == execution_id,
            or_(
                and_(STEP.status == StepStatus.RUNNING, STEP.lease_until <= now),
                and_(STEP.status == StepStatus.WAITING, or_(STEP.wake_at <= now, child.status.in_(ENDED))),
            ),
        )
        .order_by(STEP.position, STEP.item, STEP.id)
        .limit(1)
    )


def select_outlook(*, execution_id: uuid.UUID) -> Rows:
    """Select how many attempts run and wait, and the earliest time at which one of the open ones needs a look."""
    running, waiting = STEP.status == StepStatus.RUNNING, STEP.status == StepStatus.WAITING
    return select(
        func.count(case((running, 1))).label("running"),
        func.count(case((waiting, 1))).label("waiting"),
        func.min(case((running, STEP.lease_until), else_=STEP.wake_at)).label("until"),
    ).where(
        STEP.execution_id == execution_id,
        STEP.status.in_(OPEN_STEPS),
        or_(STEP.status != StepStatus.PENDING, STEP.remaining == 0),
    )


def select_open(*, execution_id: uuid.UUID, statuses: tuple[StepStatus, ...] = OPEN_STEPS) -> Rows:
    """Select the attempts that have not ended."""
    return (
        select(*ATTEMPT_COLUMNS)
        .where(STEP.execution_id == execution_id, STEP.status.in_(statuses))
        .order_by(STEP.position, STEP.role, STEP.item, STEP.attempt)
    )


def select_results(*, execution_id: Id, keys: tuple[str, ...] | BindParameter[str]) -> Rows:
    """Select what the scope shows of these steps; of several attempts the last comes last."""
    return (
        select(STEP.step_key, STEP.status, STEP.outcome, STEP.output, STEP.error_type, STEP.error_message)
        .where(
            STEP.execution_id == execution_id,
            STEP.step_key.in_(keys),
            STEP.role == StepRole.STEP,
            STEP.status.not_in((StepStatus.PENDING, StepStatus.RUNNING)),
        )
        .order_by(code_points(STEP.step_key), STEP.attempt)
    )


def select_joining(*, execution_id: uuid.UUID, keys: tuple[str, ...]) -> Rows:
    """Select the first attempts of steps with several edges into them, as far as one is settled."""
    return (
        select(*ATTEMPT_COLUMNS)
        .where(
            STEP.execution_id == execution_id,
            STEP.step_key.in_(keys),
            STEP.role == StepRole.STEP,
            STEP.item == 0,
            STEP.attempt == 1,
        )
        .order_by(STEP.position)
    )


def select_step(
    *, execution_id: uuid.UUID, step_key: str, role: StepRole = StepRole.STEP, status: StepStatus
) -> Rows:
    """Select the attempt of a step that is in `status`."""
    return (
        select(*ATTEMPT_COLUMNS)
        .where(
            STEP.execution_id == execution_id,
            STEP.step_key == step_key,
            STEP.role == role,
            STEP.status == status,
        )
        .order_by(STEP.item, STEP.attempt)
    )


def select_items(*, execution_id: uuid.UUID, step_key: str) -> Rows:
    """Select the outputs of a map's items in the order of the items; of several attempts the last comes last."""
    return (
        select(STEP.item, STEP.status, STEP.output)
        .where(STEP.execution_id == execution_id, STEP.step_key == step_key, STEP.role == StepRole.ITEM)
        .order_by(STEP.item, STEP.attempt)
    )


def select_held_item(*, execution_id: uuid.UUID, step_key: str) -> Rows:
    """Select the next item of a map that waits for one of the others to end."""
    return (
        select(STEP.id)
        .where(
            STEP.execution_id == execution_id,
            STEP.step_key == step_key,
            STEP.role == StepRole.ITEM,
            STEP.status == StepStatus.PENDING,
            STEP.remaining > 0,
        )
        .order_by(STEP.item)
        .limit(1)
    )


def select_undoable(*, execution_id: uuid.UUID, keys: tuple[str, ...], at: datetime | None = None) -> Rows:
    """Select, of the steps among `keys` that this execution completed and did not try to undo, the last two.

    A step that a replay kept was performed under the key of another execution, whose compensation it has.
    With `at` select all that completed at this instant: one unit of work can complete many.
    """
    undo = aliased(WorkflowStepExecution)
    tried = (
        select(undo.id)
        .where(
            undo.execution_id == STEP.execution_id,
            undo.step_key == STEP.step_key,
            undo.role == StepRole.COMPENSATION,
            undo.item == STEP.item,
        )
        .exists()
    )
    query = (
        select(*ATTEMPT_COLUMNS)
        .where(
            STEP.execution_id == execution_id,
            STEP.step_key.in_(keys),
            STEP.role != StepRole.COMPENSATION,
            STEP.kind != StepKind.MAP,  # its items are undone one by one
            STEP.status == StepStatus.COMPLETED,
            STEP.idempotency_key.startswith(f"{execution_id}:"),
            ~tried,
        )
        .order_by(STEP.completed_at.desc(), STEP.position.desc(), STEP.item.desc(), STEP.attempt.desc())
    )
    return query.limit(2) if at is None else query.where(STEP.completed_at == at)


def select_completions(*, execution_id: uuid.UUID, at: datetime | None) -> Rows:
    """Select which steps the log says were completed at an instant, the last first."""
    log = WorkflowExecutionLog
    return (
        select(log.step_key, log.context)
        .where(log.execution_id == execution_id, log.timestamp == at, log.event == "step_completed")
        .order_by(log.sequence.desc())
    )


def select_signal(*, execution_id: uuid.UUID, name: str) -> Rows:
    """Select the oldest signal of this name that no step has taken."""
    signal = WorkflowSignal
    return (
        select(signal)
        .where(signal.execution_id == execution_id, signal.name == name, signal.taken_at.is_(None))
        .order_by(signal.sent_at, signal.id)
        .limit(1)
    )


def select_children(*, execution_id: uuid.UUID) -> Rows:
    """Select the child executions that have not ended."""
    child = WorkflowExecution
    return (
        select(child)
        .where(child.parent_execution_id == execution_id, child.status.not_in(ENDED))
        .order_by(child.created_at, child.id)
    )


def select_newest_execution(*, workspace_id: uuid.UUID) -> Rows:
    """Select the newest execution of a workspace."""
    execution = WorkflowExecution
    newest_first = (execution.created_at.desc(), execution.id)
    return select(execution).where(execution.workspace_id == workspace_id).order_by(*newest_first).limit(1)


def select_waits(*, execution_id: uuid.UUID) -> Rows:
    """Select what the waiting attempts of an execution wait for."""
    return (
        select(STEP.kind, STEP.wake_at, STEP.child_execution_id)
        .where(STEP.execution_id == execution_id, STEP.status == StepStatus.WAITING)
        .order_by(STEP.position, STEP.item, STEP.id)
    )


def select_steps(*, workspace_id: uuid.UUID, execution_id: uuid.UUID) -> Rows:
    """Select all attempts of an execution in definition order."""
    return (
        select(STEP)
        .where(STEP.workspace_id == workspace_id, STEP.execution_id == execution_id)
        .order_by(STEP.position, STEP.role.desc(), STEP.item, STEP.attempt)
    )


def select_logs(*, workspace_id: uuid.UUID, execution_id: uuid.UUID, after: int = 0) -> Rows:
    """Select the log of an execution from sequence number `after` on."""
    log = WorkflowExecutionLog
    return (
        select(log)
        .where(log.workspace_id == workspace_id, log.execution_id == execution_id, log.sequence > after)
        .order_by(log.sequence)
    )


def count_edges(*, step_id: uuid.UUID, settled: int, taken: int, ready_at: datetime | None) -> Update:
    """Note that edges into a waiting step are settled, `taken` of them done."""
    return (
        update(STEP)
        .where(STEP.id == step_id, STEP.status == StepStatus.PENDING)
        .values(remaining=STEP.remaining - settled, taken=STEP.taken + taken, ready_at=ready_at)
        .execution_options(synchronize_session=False)
    )


def count_down(*, execution_id: uuid.UUID, step_key: str) -> ReturningUpdate[tuple[int]]:
    """Note that an item of a map has ended, if the map still waits, and return how many it waits for then."""
    table: Any = STEP.__table__
    return (
        update(table)
        .where(
            table.c.execution_id == execution_id,
            table.c.step_key == step_key,
            table.c.role == StepRole.STEP,
            table.c.status == StepStatus.WAITING,
        )
        .values(remaining=table.c.remaining - 1)
        .returning(table.c.remaining)
    )


def postpone(*, step_id: uuid.UUID, at: datetime) -> Update:
    """Poll a waiting attempt at a later time."""
    return (
        update(STEP)
        .where(STEP.id == step_id, STEP.status == StepStatus.WAITING)
        .values(wake_at=at)
        .execution_options(synchronize_session=False)
    )


def release(*, step_id: uuid.UUID, now: datetime) -> Update:
    """Let a held attempt start."""
    return (
        update(STEP)
        .where(STEP.id == step_id)
        .values(remaining=0, ready_at=now)
        .execution_options(synchronize_session=False)
    )


def lease_again(*, step_id: uuid.UUID, expired: datetime, values: dict[str, Any]) -> Update:
    """Take over an attempt whose lease has run out, unless its owner renewed it concurrently."""
    return (
        update(STEP)
        .where(STEP.id == step_id, STEP.status == StepStatus.RUNNING, STEP.lease_until == expired)
        .values(deliveries=STEP.deliveries + 1, **values)
        .execution_options(synchronize_session=False)
    )


def renew_lease(*, step_id: uuid.UUID, token: uuid.UUID, until: datetime) -> Update:
    """Lengthen a lease that is still ours."""
    return (
        update(STEP)
        .where(STEP.id == step_id, STEP.lease_token == token, STEP.status == StepStatus.RUNNING)
        .values(lease_until=until)
        .execution_options(synchronize_session=False)
    )


def insert_attempts() -> Insert:
    """Insert attempts, one or many."""
    return insert(STEP.__table__)  # type: ignore[arg-type]


def insert_logs() -> Insert:
    """Insert lines of a log, one or many."""
    return insert(WorkflowExecutionLog.__table__)  # type: ignore[arg-type]


def insert_events() -> Insert:
    """Insert lifecycle events whose number is known, one or many."""
    return insert(LifecycleEvent.__table__)  # type: ignore[arg-type]


def insert_next_event() -> Insert:
    """Insert a lifecycle event: the next of the record that `of_kind` and `of_id` name."""
    event = LifecycleEvent
    following = (
        select(func.coalesce(func.max(event.sequence), 0) + 1)
        .where(event.record_kind == bindparam("of_kind"), event.record_id == bindparam("of_id"))
        .scalar_subquery()
    )
    return insert(event.__table__).values(sequence=following)  # type: ignore[arg-type]
