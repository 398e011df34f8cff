"""Questions about the steps of workflows: how long, how often again, how often not at all, which way.

A visit is one step of one execution: the row of attempt 1. Each further attempt has a row of its own.
Compensations are not visits; the items of a map are part of its step. Steps belong to a window by the `created_at`
of their execution.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import and_, func, select

from controlplane.analytics.questions.workflows import in_scope
from controlplane.analytics.sql.distribution import distribution, statistics
from controlplane.analytics.sql.portable import Rows, by_key, ratio
from controlplane.collation import code_points
from controlplane.models import (
    StepKind,
    StepRole,
    StepStatus,
    Workflow,
    WorkflowExecution,
    WorkflowStep,
    WorkflowStepExecution,
    WorkflowVersion,
)

if TYPE_CHECKING:
    import uuid
    from datetime import datetime

    from sqlalchemy import ColumnElement, Subquery

DONE = (StepStatus.COMPLETED, StepStatus.COMPENSATED)
"""A step that was undone later has completed too."""
NOT_BEGUN = (StepStatus.PENDING, StepStatus.SKIPPED)
_step = WorkflowStepExecution


def of_scope(**scope: Any) -> ColumnElement[bool]:
    """Return whether a row of steps joined to executions is a visit or a further attempt of one in scope."""
    return and_(
        in_scope(**scope),
        _step.workspace_id == scope["workspace_id"],
        _step.role == StepRole.STEP,
    )


def select_step_performance(
    *,
    workspace_id: uuid.UUID,
    since: datetime | None = None,
    until: datetime | None = None,
    workflow_id: uuid.UUID | None = None,
) -> Rows:
    """Select, per step of every version of each workflow, visits, attempts, mean duration, retry and skip rate.

    Attempts are those that began. Retry rate: visits that took a second attempt, per visit; skip rate: skipped
    visits per visit; a retry that was called off before it began is neither. A step that no execution came to is
    listed.

    Window: the `created_at` of the execution.
    Columns: `workflow_id`, `workflow`, `step_key` which; `visits`, `attempts` counts; `mean_seconds` seconds, of
        completed attempts; `retry_rate`, `skip_rate` 0..1.
    Null: the mean without a completed attempt, the rates without a visit (0/0).
    Order: by workflow and step; no ties.
    """
    defined = _defined(workspace_id=workspace_id)
    done = _done(of_scope(workspace_id=workspace_id, since=since, until=until, workflow_id=workflow_id))
    answer = (
        select(
            Workflow.id.label("workflow_id"),
            Workflow.name.label("workflow"),
            defined.c.step_key,
            *(func.coalesce(done.c[label], 0).label(label) for label in ("visits", "attempts")),
            *(done.c[label] for label in ("mean_seconds", "retry_rate", "skip_rate")),
        )
        .join(defined, defined.c.workflow_id == Workflow.id)
        .outerjoin(done, and_(done.c.workflow_id == defined.c.workflow_id, done.c.step_key == defined.c.step_key))
        .where(Workflow.workspace_id == workspace_id)
        .order_by(code_points(Workflow.name), code_points(defined.c.step_key))
    )
    return answer if workflow_id is None else answer.where(Workflow.id == workflow_id)


def _defined(*, workspace_id: uuid.UUID) -> Subquery:
    """Make a table of the steps of every version of each workflow."""
    return (
        select(Workflow.id.label("workflow_id"), WorkflowStep.key.label("step_key"))
        .join(WorkflowVersion, WorkflowVersion.workflow_id == Workflow.id)
        .join(WorkflowStep, WorkflowStep.version_id == WorkflowVersion.id)
        .where(*(each.workspace_id == workspace_id for each in (Workflow, WorkflowVersion, WorkflowStep)))
        .distinct()
        .subquery("defined")
    )


def _done(scope: ColumnElement[bool]) -> Subquery:
    """Make a table of the steps that executions came to, with what became of their visits."""
    first, began = _step.attempt == 1, _step.status.not_in(NOT_BEGUN)
    return (
        select(
            WorkflowExecution.workflow_id,
            _step.step_key,
            _counted(first).label("visits"),
            _counted(began).label("attempts"),
            func.avg(_step.duration_seconds).filter(_step.status.in_(DONE)).label("mean_seconds"),
            ratio(_counted(_step.attempt == 2, began), _counted(first)).label("retry_rate"),  # noqa: PLR2004
            ratio(_counted(first, _step.status == StepStatus.SKIPPED), _counted(first)).label("skip_rate"),
        )
        .join(WorkflowExecution, WorkflowExecution.id == _step.execution_id)
        .where(scope)
        .group_by(WorkflowExecution.workflow_id, _step.step_key)
        .subquery("done")
    )


def _counted(*conditions: ColumnElement[bool]) -> ColumnElement[int]:
    return func.count().filter(*conditions)


def select_slowest_steps(
    *,
    workspace_id: uuid.UUID,
    limit: int,
    since: datetime | None = None,
    until: datetime | None = None,
    workflow_id: uuid.UUID | None = None,
) -> Rows:
    """Select the `limit` steps whose completed attempts have the largest mean, with the spread.

    Window: the `created_at` of the execution.
    Columns: `workflow_id`, `workflow`, `step_key` which; `samples` count; `mean`, `minimum`, `median`, `p95`,
        `p99`, `maximum` seconds.
    Null: nothing.
    Order: largest mean first; equal means by workflow and step.
    """
    finished = (
        select(WorkflowExecution.workflow_id, _step.step_key, _step.duration_seconds)
        .join(WorkflowExecution, WorkflowExecution.id == _step.execution_id)
        .where(
            of_scope(workspace_id=workspace_id, since=since, until=until, workflow_id=workflow_id),
            _step.status.in_(DONE),
        )
        .subquery("finished")
    )
    spread = distribution(finished, by=("workflow_id", "step_key"), value="duration_seconds", name="spread")
    return (
        select(
            Workflow.id.label("workflow_id"),
            Workflow.name.label("workflow"),
            spread.c.step_key,
            spread.c.samples,
            *statistics(spread),
        )
        .join(spread, by_key(Workflow, spread.c.workflow_id, workspace_id=workspace_id))
        .order_by(spread.c.mean.desc(), code_points(Workflow.name), code_points(spread.c.step_key))
        .limit(limit)
    )


def select_branch_frequencies(
    *,
    workspace_id: uuid.UUID,
    since: datetime | None = None,
    until: datetime | None = None,
    workflow_id: uuid.UUID | None = None,
) -> Rows:
    """Select, per branch that a condition step took, how often, and its share of the step's decisions.

    Window: the `created_at` of the execution.
    Columns: `workflow`, `step_key`, `branch` which; `times` count; `share` 0..1.
    Null: `branch` of a decision without a name.
    Order: by workflow and step, the most frequent branch first; equal numbers by branch, null last.
    """
    times = func.count()
    decisions = (
        select(
            WorkflowExecution.workflow_id,
            _step.step_key,
            _step.outcome.label("branch"),
            times.label("times"),
            ratio(times, func.sum(times).over(partition_by=(WorkflowExecution.workflow_id, _step.step_key))).label(
                "share"
            ),
        )
        .join(WorkflowExecution, WorkflowExecution.id == _step.execution_id)
        .where(
            of_scope(workspace_id=workspace_id, since=since, until=until, workflow_id=workflow_id),
            _step.kind == StepKind.CONDITION,
            _step.status.in_(DONE),
        )
        .group_by(WorkflowExecution.workflow_id, _step.step_key, _step.outcome)
        .subquery("decisions")
    )
    return (
        select(
            Workflow.name.label("workflow"),
            *(decisions.c[key] for key in ("step_key", "branch", "times", "share")),
        )
        .join(decisions, by_key(Workflow, decisions.c.workflow_id, workspace_id=workspace_id))
        .order_by(
            code_points(Workflow.name),
            code_points(decisions.c.step_key),
            decisions.c.times.desc(),
            code_points(decisions.c.branch).asc().nulls_last(),
        )
    )
