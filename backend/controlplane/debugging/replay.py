"""Running an execution again from a recorded step, and comparing the two."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import inspect

from controlplane import clock
from controlplane.debugging import queries
from controlplane.debugging.access import require_member
from controlplane.debugging.lifecycle import diff_variables, same_json
from controlplane.errors import InvalidValueError, NotFoundError
from controlplane.execution.lifecycle import WORKFLOW
from controlplane.execution.versions import load_plan
from controlplane.lifecycle import begin, transition
from controlplane.models import (
    LogLevel,
    StepRole,
    StepStatus,
    WorkflowExecution,
    WorkflowStatus,
    WorkflowStepExecution,
)
from controlplane.validation import json_value

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from controlplane.execution.definition import Definition
    from controlplane.execution.engine.config import Engine
    from controlplane.execution.engine.plan import Plan

_KEPT = (StepStatus.COMPLETED, StepStatus.SKIPPED, StepStatus.COMPENSATED)
_FRESH = ("id", "execution_id", "idempotency_key", "lease_token", "lease_until", "leased_by", "wake_at")


@dataclass(frozen=True, kw_only=True)
class StepDifference:
    """One step in two executions; null where an execution has no such step."""

    step_key: str
    left_status: str | None
    right_status: str | None
    left_output: Any
    right_output: Any
    same_input: bool
    same_output: bool
    left_seconds: float | None
    right_seconds: float | None

    @property
    def same(self) -> bool:
        """Return whether the step took and gave the same, and ended the same way."""
        return self.same_input and self.same_output and self.left_status == self.right_status


@dataclass(frozen=True, kw_only=True)
class Comparison:
    """Two executions side by side, left to right: steps, and what differs in variables and outputs."""

    left_status: str
    right_status: str
    steps: tuple[StepDifference, ...]
    variables: dict[str, dict[str, Any]]
    outputs: dict[str, dict[str, Any]]


def replay(
    session: Session,
    *,
    workspace_id: uuid.UUID,
    execution_id: uuid.UUID,
    from_step: str,
    user_id: uuid.UUID,
    engine: Engine,
    variables: dict[str, Any] | None = None,
) -> WorkflowExecution:
    """Start a new execution of the same version that starts at a recorded step; return it, due now.

    Steps that completed or were skipped, and do not come after `from_step`, keep their recorded results.
    The variables are those recorded when `from_step` began; `variables` changes some of them (a fork).

    Raises:
        InvalidValueError: `from_step` has no trace in this execution, or the variables are not JSON.
        NotAuthorizedError: the person is not a member of the workspace, or is a viewer.
        NotFoundError: the workspace has no such execution.
    """
    require_member(session, workspace_id=workspace_id, user_id=user_id, action="replay", may_change=True)
    origin = _execution(session, workspace_id, execution_id)
    plan = load_plan(session, engine=engine, version_id=origin.version_id)
    start = _recorded(session, origin, from_step) | dict(json_value("variables", variables or {}))
    query = queries.select_last_attempts(workspace_id=workspace_id, execution_id=execution_id)
    attempts = session.scalars(query, execution_options={"populate_existing": True}).all()
    last = {row.step_key: row for row in attempts if row.role is StepRole.STEP}
    again = _again(plan.definition, last, from_step)
    copy = _begin(session, origin, plan.definition, start, from_step=from_step, user_id=user_id)
    kept = [_copied(row, copy) for row in attempts if row.step_key not in again]
    fresh = [_pending(plan, last, again, key, copy) for key in again if _is_next(plan.definition, again, key)]
    for rows in (kept, fresh):
        if rows:
            session.connection().execute(queries.insert_steps(), rows)
    transition(
        session,
        WORKFLOW,
        copy,
        to=WorkflowStatus.RUNNING,
        actor_id=user_id,
        started_at=copy.created_at,
        open_steps=len(fresh),
        wake_at=copy.created_at,
    )
    return copy


def compare(session: Session, *, workspace_id: uuid.UUID, left_id: uuid.UUID, right_id: uuid.UUID) -> Comparison:
    """Compare two executions of one workflow step by step, by the last attempt of each."""
    left, right = (_execution(session, workspace_id, one) for one in (left_id, right_id))
    if left.workflow_id != right.workflow_id:
        raise InvalidValueError(field="right_id", value=str(right_id), rule="it must be of the same workflow")
    ends = [_last(session, one) for one in (left, right)]
    keys = dict.fromkeys([*ends[0], *ends[1]])
    return Comparison(
        left_status=str(left.status),
        right_status=str(right.status),
        steps=tuple(_difference(key, ends[0].get(key), ends[1].get(key)) for key in keys),
        variables=diff_variables(left.variables, right.variables),
        outputs=diff_variables(left.outputs or {}, right.outputs or {}),
    )


def _execution(session: Session, workspace_id: uuid.UUID, execution_id: uuid.UUID) -> WorkflowExecution:
    query = queries.lock_execution(workspace_id=workspace_id, execution_id=execution_id)
    found: WorkflowExecution | None = session.execute(
        query, execution_options={"populate_existing": True}
    ).scalar_one_or_none()
    if found is None:
        raise NotFoundError(record="workflow_execution", id=execution_id)
    return found


def _recorded(session: Session, origin: WorkflowExecution, step_key: str) -> dict[str, Any]:
    query = queries.select_step_trace(workspace_id=origin.workspace_id, execution_id=origin.id, step_key=step_key)
    trace = session.execute(query).scalar_one_or_none()
    if trace is None:
        raise InvalidValueError(field="from_step", value=step_key, rule="no trace of it was recorded")
    return dict(trace.variables_before)


def _again(definition: Definition, last: dict[str, WorkflowStepExecution], from_step: str) -> dict[str, None]:
    """Return the steps that run again, in their order: the chosen one, unfinished ones, and all behind them."""
    again: dict[str, None] = {}
    for key in definition.order:
        is_done = key in last and last[key].status in _KEPT
        follows = any(edge.source in again for edge in definition.incoming[key])
        if key == from_step or follows or not is_done:
            again[key] = None
    return again


def _copied(row: WorkflowStepExecution, copy: WorkflowExecution) -> dict[str, Any]:
    """Return an ended attempt for the copy: as it was recorded, as if nothing had been undone since."""
    values = {column.key: getattr(row, column.key) for column in inspect(WorkflowStepExecution).column_attrs}
    status = StepStatus.COMPLETED if row.status is StepStatus.COMPENSATED else row.status
    fresh = dict.fromkeys(_FRESH) | {"id": uuid.uuid4(), "execution_id": copy.id}
    part = row.idempotency_key.partition(":")[2]
    return values | fresh | {"status": status, "idempotency_key": f"{copy.id}:{part}"}


def _begin(
    session: Session,
    origin: WorkflowExecution,
    definition: Definition,
    variables: dict[str, Any],
    *,
    from_step: str,
    user_id: uuid.UUID,
) -> WorkflowExecution:
    now = clock.now()
    timeout = definition.timeout
    copy = WorkflowExecution(
        workspace_id=origin.workspace_id,
        workflow_id=origin.workflow_id,
        version_id=origin.version_id,
        status=WorkflowStatus.PENDING,
        input_data=dict(origin.input_data),
        variables=variables,
        user_id=user_id,
        agent_id=origin.agent_id,
        tolerates_skips=origin.tolerates_skips,
        replay_of_id=origin.id,
        deadline_at=None if timeout is None else now + timedelta(seconds=timeout),
        log_sequence=1,
        created_at=now,
    )
    begin(session, WORKFLOW, copy, actor_id=user_id, reason=f"replay from {from_step}")
    session.execute(
        queries.insert_log(
            workspace_id=copy.workspace_id,
            execution_id=copy.id,
            sequence=1,
            level=LogLevel.INFO,
            event="execution_replayed",
            message=f"{definition.name} is replayed from {from_step}",
            step_key=from_step,
            context={},
            timestamp=now,
        )
    )
    return copy


def _is_next(definition: Definition, again: dict[str, None], key: str) -> bool:
    """Say whether a step that runs again has its row from the start: it waits for none, or for some no more."""
    incoming = definition.incoming[key]
    return not incoming or any(edge.source not in again for edge in incoming)


def _pending(
    plan: Plan,
    last: dict[str, WorkflowStepExecution],
    again: dict[str, None],
    key: str,
    copy: WorkflowExecution,
) -> dict[str, Any]:
    """Return the first attempt of a step that runs again, with the edges out of kept steps settled."""
    incoming = plan.definition.incoming[key]
    settled = [(edge, last[edge.source]) for edge in incoming if edge.source not in again]
    remaining = len(incoming) - len(settled)
    return {
        "id": uuid.uuid4(),
        "workspace_id": copy.workspace_id,
        "execution_id": copy.id,
        "step_key": key,
        "kind": plan.definition.by_key[key].kind,
        "role": StepRole.STEP,
        "item": 0,
        "attempt": 1,
        "position": plan.position[key],
        "status": StepStatus.PENDING,
        "remaining": remaining,
        "taken": sum(edge.is_taken(row.outcome) for edge, row in settled if row.status is not StepStatus.SKIPPED),
        "idempotency_key": f"{copy.id}:{key}",
        "deliveries": 0,
        "created_at": copy.created_at,
        "ready_at": None if remaining else copy.created_at,
    }


def _last(session: Session, execution: WorkflowExecution) -> dict[str, WorkflowStepExecution]:
    query = queries.select_last_attempts(workspace_id=execution.workspace_id, execution_id=execution.id)
    rows = session.scalars(query, execution_options={"populate_existing": True})
    return {row.step_key: row for row in rows if row.role is StepRole.STEP}


def _difference(
    key: str, left: WorkflowStepExecution | None, right: WorkflowStepExecution | None
) -> StepDifference:
    return StepDifference(
        step_key=key,
        left_status=None if left is None else str(left.status),
        right_status=None if right is None else str(right.status),
        left_output=None if left is None else left.output,
        right_output=None if right is None else right.output,
        same_input=left is not None and right is not None and same_json(left.input, right.input),
        same_output=left is not None and right is not None and same_json(left.output, right.output),
        left_seconds=None if left is None else left.duration_seconds,
        right_seconds=None if right is None else right.duration_seconds,
    )
