"""Lease an attempt to a worker: what it is given, and until when the execution waits for it."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from controlplane.execution.definition import HttpStep
from controlplane.execution.engine.config import Lease
from controlplane.models import StepRole, StepStatus, Workspace

if TYPE_CHECKING:
    from controlplane.execution.engine.records import AttemptRecord
    from controlplane.execution.engine.unit_of_work import UnitOfWork
    from controlplane.execution.steps.outcomes import Dispatch


def start_attempt(unit: UnitOfWork, attempt: AttemptRecord, **values: Any) -> None:
    """Move an attempt to running."""
    started = attempt.started_at or unit.now
    unit.move_step(attempt, StepStatus.RUNNING, started_at=started, wake_at=None, **values)
    is_undo = attempt.role is StepRole.COMPENSATION
    message = f"compensating {attempt.step_key}" if is_undo else f"{attempt.step_key} started"
    unit.log("step_started", message, attempt=attempt)


def lease_attempt(
    unit: UnitOfWork, attempt: AttemptRecord, step: Any, perform: Dispatch, worker: str, *, more: bool
) -> Lease:
    """Lease an attempt to a worker; the execution is due again when the lease has run out."""
    token, until = uuid.uuid4(), unit.now + unit.engine.lease
    start_attempt(
        unit,
        attempt,
        input=attempt.input,
        lease_token=token,
        lease_until=until,
        leased_by=worker,
        deliveries=attempt.deliveries + 1,
        outcome=perform.outcome,
        agent_execution_id=perform.agent_execution_id,
    )
    return build_lease(unit, attempt, step, token=token, more=more)


def build_lease(unit: UnitOfWork, attempt: AttemptRecord, step: Any, *, token: uuid.UUID, more: bool) -> Lease:
    """Return what a worker needs to perform a leased attempt; the execution is due when it runs out."""
    unit.execution.wake_at = unit.now + unit.engine.lease  # unless it is back before, its worker is lost
    if more:
        unit.make_due()
    is_undo = attempt.role is StepRole.COMPENSATION
    return Lease(
        execution_id=unit.execution.id,
        step_id=attempt.id,
        token=token,
        step_key=attempt.step_key,
        kind=attempt.kind,
        role=attempt.role,
        item=attempt.item,
        attempt=attempt.attempt,
        action=step.compensation.action if is_undo else getattr(step, "action", None),
        input=attempt.input,
        idempotency_key=attempt.idempotency_key,
        timeout=step.timeout,
        length=unit.engine.lease,
        expect=step.expect if isinstance(step, HttpStep) and not is_undo else (),
        **_secrets(unit, step) if not is_undo else {},
        more=more,
        record=attempt,
        events=unit.event_count(attempt),
        execution=unit.execution if _is_alone(unit, attempt) else None,
    )


def _is_alone(unit: UnitOfWork, attempt: AttemptRecord) -> bool:
    """Return whether the end of this attempt, the only open one, mostly needs no row of the database.

    This is a matter of speed only: a unit of work that reads one locks the execution then.
    """
    return unit.execution.open_steps == 1 and attempt.agent_execution_id is None and not unit.execution.debugged


def _secrets(unit: UnitOfWork, step: Any) -> dict[str, Any]:
    """Return the names of the secrets that a step sends; the worker reads their values."""
    if not isinstance(step, HttpStep) or not step.secret_headers:
        return {}
    query = select(Workspace.name).where(Workspace.id == unit.execution.workspace_id)
    return {"secret_headers": step.secret_headers, "workspace": unit.session.scalars(query).one()}
