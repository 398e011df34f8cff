"""Two executions of one workflow, compared step by step."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from controlplane.debugging import queries
from controlplane.debugging.lifecycle import diff_variables, same_json
from controlplane.errors import InvalidValueError
from controlplane.lookup import get_one
from controlplane.models import StepRole

if TYPE_CHECKING:
    import uuid

    from sqlalchemy.orm import Session

    from controlplane.models import WorkflowExecution, WorkflowStepExecution


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
    """Two executions side by side, left to right: steps, and the differences of inputs, variables and outputs."""

    left_status: str
    right_status: str
    left_version: int
    right_version: int
    steps: tuple[StepDifference, ...]
    inputs: dict[str, dict[str, Any]]
    variables: dict[str, dict[str, Any]]
    outputs: dict[str, dict[str, Any]]


def compare(session: Session, *, workspace_id: uuid.UUID, left_id: uuid.UUID, right_id: uuid.UUID) -> Comparison:
    """Compare two executions of one workflow step by step, by the last attempt of each."""
    ids = {"workspace_id": workspace_id}
    # in one order, whichever is left: two comparisons of the same pair must not wait for each other
    locked = {one: lock_execution(session, **ids, execution_id=one) for one in sorted({left_id, right_id})}
    left, right = locked[left_id], locked[right_id]
    if left.workflow_id != right.workflow_id:
        raise InvalidValueError(field="right_id", value=str(right_id), rule="it must be of the same workflow")
    ends = [_last(session, one) for one in (left, right)]
    keys = dict.fromkeys([*ends[0], *ends[1]])
    return Comparison(
        left_status=str(left.status),
        right_status=str(right.status),
        left_version=left.version.version,
        right_version=right.version.version,
        steps=tuple(_difference(key, ends[0].get(key), ends[1].get(key)) for key in keys),
        inputs=diff_variables(left.input_data, right.input_data),
        variables=diff_variables(left.variables, right.variables),
        outputs=diff_variables(left.outputs or {}, right.outputs or {}),
    )


def lock_execution(session: Session, *, workspace_id: uuid.UUID, execution_id: uuid.UUID) -> WorkflowExecution:
    """Return an execution, its row locked; raise NotFoundError if the workspace has no such one."""
    query = queries.lock_execution(workspace_id=workspace_id, execution_id=execution_id)
    found: WorkflowExecution = get_one(session, query, record="workflow_execution", id=execution_id, fresh=True)
    return found


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
