"""Rows of one execution during one transaction: plain values, no ORM."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, fields
from datetime import datetime
from operator import attrgetter
from typing import Any

from controlplane.models import (
    StepKind,
    StepRole,
    StepStatus,
    TriggerSource,
    WorkflowExecution,
    WorkflowStatus,
    WorkflowStepExecution,
)


@dataclass(slots=True)
class ExecutionRecord:
    """The execution, its row locked; changed fields are written when the unit of work is saved."""

    id: uuid.UUID
    workspace_id: uuid.UUID
    workflow_id: uuid.UUID
    version_id: uuid.UUID
    status: WorkflowStatus
    triggered_by: TriggerSource
    input_data: dict[str, Any]
    variables: dict[str, Any]
    outputs: Any
    error_type: str | None
    error_message: str | None
    failed_step: str | None
    pause_reason: str | None
    user_id: uuid.UUID | None
    agent_id: uuid.UUID | None
    parent_execution_id: uuid.UUID | None
    depth: int
    debugged: bool
    open_steps: int
    log_sequence: int
    wake_at: datetime | None
    deadline_at: datetime | None
    lock_version: int
    created_at: datetime
    started_at: datetime | None
    completed_at: datetime | None
    duration_seconds: float | None
    tolerates_skips: bool

    def snapshot(self) -> dict[str, Any]:
        """Return the fields as they are now, to find what changed later; values are replaced, never mutated."""
        return dict(zip(EXECUTION_FIELDS, _EXECUTION_VALUES(self), strict=True))

    def copy(self) -> ExecutionRecord:
        """Return another object with the same values."""
        return ExecutionRecord(*_EXECUTION_VALUES(self))


@dataclass(slots=True)
class AttemptRecord:
    """One attempt of a step."""

    id: uuid.UUID
    workspace_id: uuid.UUID
    execution_id: uuid.UUID
    step_key: str
    kind: StepKind
    role: StepRole
    item: int
    attempt: int
    position: int
    status: StepStatus
    remaining: int
    taken: int
    outcome: str | None
    scope: Any
    input: Any
    output: Any
    error_type: str | None
    error_message: str | None
    idempotency_key: str
    lease_token: uuid.UUID | None
    lease_until: datetime | None
    deliveries: int
    wake_at: datetime | None
    child_execution_id: uuid.UUID | None
    agent_execution_id: uuid.UUID | None
    started_at: datetime | None
    completed_at: datetime | None
    duration_seconds: float | None

    def copy(self) -> AttemptRecord:
        """Return another object with the same values; `dataclasses.replace` takes three times as long."""
        return AttemptRecord(*_ATTEMPT_VALUES(self))


EXECUTION_FIELDS = tuple(item.name for item in fields(ExecutionRecord))
_EXECUTION_VALUES = attrgetter(*EXECUTION_FIELDS)
EXECUTION_COLUMNS = tuple(getattr(WorkflowExecution, name) for name in EXECUTION_FIELDS)
ATTEMPT_FIELDS = tuple(item.name for item in fields(AttemptRecord))
_ATTEMPT_VALUES = attrgetter(*ATTEMPT_FIELDS)
ATTEMPT_COLUMNS = tuple(getattr(WorkflowStepExecution, name) for name in ATTEMPT_FIELDS)
