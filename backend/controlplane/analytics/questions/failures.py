"""Failures of workflows: errors that ended executions, and errors of single attempts, also if a retry succeeded.

Both belong to a window by the `created_at` of the execution.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import func, select

from controlplane.analytics.questions.steps import of_scope
from controlplane.analytics.questions.workflows import FAILURES, in_scope
from controlplane.analytics.sql.portable import Rows, by_key, ratio
from controlplane.collation import code_points
from controlplane.models import StepStatus, Workflow, WorkflowExecution, WorkflowStepExecution

if TYPE_CHECKING:
    import uuid
    from datetime import datetime


def select_workflow_failures(
    *,
    workspace_id: uuid.UUID,
    since: datetime | None = None,
    until: datetime | None = None,
    workflow_id: uuid.UUID | None = None,
) -> Rows:
    """Select, per workflow, step that failed and type of error: failed executions, and their share of all failed.

    Window: `created_at`.
    Columns: `workflow`, `failed_step`, `error_type`; `failures` count; `share` 0..1; `last_seen` UTC, the end of
        the last such execution, or its request where it has none.
    Null: `failed_step` and `error_type` where none was given: those failures are one row.
    Order: most frequent first; equal numbers by workflow, step and type, null last.
    """
    execution = WorkflowExecution
    seen = func.max(func.coalesce(execution.completed_at, execution.created_at))
    failed = (
        select(
            execution.workflow_id,
            execution.failed_step,
            execution.error_type,
            func.count().label("failures"),
            ratio(func.count(), func.sum(func.count()).over()).label("share"),
            seen.label("last_seen"),
        )
        .where(
            in_scope(workspace_id=workspace_id, since=since, until=until, workflow_id=workflow_id),
            execution.status.in_(FAILURES),
        )
        .group_by(execution.workflow_id, execution.failed_step, execution.error_type)
        .subquery("failed")
    )
    columns = (failed.c[name] for name in ("failed_step", "error_type", "failures", "share", "last_seen"))
    return (
        select(Workflow.name.label("workflow"), *columns)
        .join(failed, by_key(Workflow, failed.c.workflow_id, workspace_id=workspace_id))
        .order_by(
            failed.c.failures.desc(),
            code_points(Workflow.name),
            code_points(failed.c.failed_step).asc().nulls_last(),
            code_points(failed.c.error_type).asc().nulls_last(),
        )
    )


def select_step_errors(
    *,
    workspace_id: uuid.UUID,
    limit: int,
    since: datetime | None = None,
    until: datetime | None = None,
    workflow_id: uuid.UUID | None = None,
) -> Rows:
    """Select the `limit` errors that attempts of steps failed with most often, also those that a retry healed.

    Compensations and the items of maps are left out, as they are of visits.

    Window: the `created_at` of the execution.
    Columns: `workflow`, `step_key`, `error_type`; `attempts`, `executions` counts; `last_seen` UTC, the end of the
        last such attempt.
    Null: `error_type` where none was given: such attempts are one row per step; `last_seen` without any end.
    Order: most attempts first; equal numbers by workflow, step and type, null last.
    """
    step = WorkflowStepExecution
    erred = (
        select(
            WorkflowExecution.workflow_id,
            step.step_key,
            step.error_type,
            func.count().label("attempts"),
            func.count(step.execution_id.distinct()).label("executions"),
            func.max(step.completed_at).label("last_seen"),
        )
        .join(WorkflowExecution, WorkflowExecution.id == step.execution_id)
        .where(
            of_scope(workspace_id=workspace_id, since=since, until=until, workflow_id=workflow_id),
            step.status == StepStatus.FAILED,
        )
        .group_by(WorkflowExecution.workflow_id, step.step_key, step.error_type)
        .subquery("erred")
    )
    columns = (erred.c[name] for name in ("step_key", "error_type", "attempts", "executions", "last_seen"))
    return (
        select(Workflow.name.label("workflow"), *columns)
        .join(erred, by_key(Workflow, erred.c.workflow_id, workspace_id=workspace_id))
        .order_by(
            erred.c.attempts.desc(),
            code_points(Workflow.name),
            code_points(erred.c.step_key),
            code_points(erred.c.error_type).asc().nulls_last(),
        )
        .limit(limit)
    )
