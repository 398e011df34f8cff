"""Questions about workflows: how often, by whom, how well, how long, waiting or running.

An execution belongs to a window by `created_at`. Children, replays and debugged executions count: each is a run of
its workflow. Success rate: completed per completed or failed; a cancelled execution says nothing, an unfinished
one nothing yet. 0/0 is null. Durations are in seconds, of completed executions.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import and_, func, select

from controlplane.analytics.sql.distribution import distribution, statistics
from controlplane.analytics.sql.enum_counts import count_by_member
from controlplane.analytics.sql.portable import (
    Rows,
    by_key,
    in_window,
    in_window_order,
    ratio,
    seconds_between,
)
from controlplane.collation import code_points
from controlplane.models import Workflow, WorkflowExecution, WorkflowStatus

if TYPE_CHECKING:
    import uuid
    from datetime import datetime

    from sqlalchemy import ColumnElement, Subquery

SUCCESSES = (WorkflowStatus.COMPLETED,)
FAILURES = (WorkflowStatus.FAILED,)
OUTCOMES = (*SUCCESSES, *FAILURES)


def in_scope(
    *,
    workspace_id: uuid.UUID,
    since: datetime | None = None,
    until: datetime | None = None,
    workflow_id: uuid.UUID | None = None,
) -> ColumnElement[bool]:
    """Return whether an execution belongs to the workspace, the window and, when one is given, the workflow."""
    scope = and_(
        WorkflowExecution.workspace_id == workspace_id,
        in_window(WorkflowExecution.created_at, since=since, until=until),
    )
    return scope if workflow_id is None else and_(scope, WorkflowExecution.workflow_id == workflow_id)


def counted(*statuses: WorkflowStatus) -> ColumnElement[int]:
    """Count the executions of a group that have one of `statuses`."""
    return func.count().filter(WorkflowExecution.status.in_(statuses))


def _runs(scope: ColumnElement[bool]) -> Subquery:
    """Make a table of workflows with their runs, outcomes, people and last execution."""
    return (
        select(
            WorkflowExecution.workflow_id,
            func.count().label("runs"),
            counted(*OUTCOMES).label("outcomes"),
            counted(*SUCCESSES).label("successes"),
            counted(*FAILURES).label("failures"),
            ratio(counted(*SUCCESSES), counted(*OUTCOMES)).label("success_rate"),
            func.count(WorkflowExecution.user_id.distinct()).label("users"),
            func.max(WorkflowExecution.created_at).label("last_at"),
        )
        .where(scope)
        .group_by(WorkflowExecution.workflow_id)
        .subquery("runs")
    )


def select_workflow_executions_by_status(
    *,
    workspace_id: uuid.UUID,
    since: datetime | None = None,
    until: datetime | None = None,
    workflow_id: uuid.UUID | None = None,
) -> Rows:
    """Select, for every status in the order of the lifecycle, how many executions have it and their share of all.

    Window: `created_at`.
    Columns: `status`; `executions` count, 0 where none has it; `share` 0..1.
    Null: every share, over no executions at all (0/0).
    Order: the lifecycle's; no ties.
    """
    return count_by_member(
        WorkflowStatus,
        in_window_order(WorkflowExecution.status, since=since, until=until),
        scope=in_scope(workspace_id=workspace_id, since=since, until=until, workflow_id=workflow_id),
        label="status",
        number="executions",
    )


def select_workflow_performance(
    *, workspace_id: uuid.UUID, since: datetime | None = None, until: datetime | None = None
) -> Rows:
    """Select, per workflow, runs, outcomes, success rate and the spread of its durations.

    Workflows without a run are listed.

    Window: `created_at`.
    Columns: `workflow_id`, `workflow` which; `runs`, `outcomes`, `successes`, `failures` counts; `success_rate`
        0..1; `mean`, `minimum`, `median`, `p95`, `p99`, `maximum` seconds.
    Null: the rate without an outcome (0/0), the spread without a completed run.
    Order: most runs first; equal numbers by name, which is unique.
    """
    scope = in_scope(workspace_id=workspace_id, since=since, until=until)
    runs = _runs(scope)
    finished = (
        select(WorkflowExecution.workflow_id, WorkflowExecution.duration_seconds)
        .where(scope, in_window_order(WorkflowExecution.status, since=since, until=until).in_(SUCCESSES))
        .subquery("finished")
    )
    spread = distribution(finished, by=("workflow_id",), value="duration_seconds", name="spread")
    number = func.coalesce(runs.c.runs, 0)
    return (
        select(
            Workflow.id.label("workflow_id"),
            Workflow.name.label("workflow"),
            *(
                func.coalesce(runs.c[label], 0).label(label)
                for label in ("runs", "outcomes", "successes", "failures")
            ),
            runs.c.success_rate,
            *statistics(spread),
        )
        .outerjoin(runs, runs.c.workflow_id == Workflow.id)
        .outerjoin(spread, spread.c.workflow_id == Workflow.id)
        .where(Workflow.workspace_id == workspace_id)
        .order_by(number.desc(), code_points(Workflow.name))
    )


def select_top_workflows(
    *, workspace_id: uuid.UUID, limit: int, since: datetime | None = None, until: datetime | None = None
) -> Rows:
    """Select the `limit` workflows with the most runs: runs, distinct users, when the last run was asked for.

    A run without a user counts as a run. Workflows without runs are left out.

    Window: `created_at`.
    Columns: `workflow_id`, `workflow` which; `runs`, `users` counts; `last_at` UTC.
    Null: nothing.
    Order: most runs first; equal numbers by name, which is unique.
    """
    runs = _runs(in_scope(workspace_id=workspace_id, since=since, until=until))
    return (
        select(
            Workflow.id.label("workflow_id"),
            Workflow.name.label("workflow"),
            runs.c.runs,
            runs.c.users,
            runs.c.last_at,
        )
        .join(runs, by_key(Workflow, runs.c.workflow_id, workspace_id=workspace_id))
        .order_by(runs.c.runs.desc(), code_points(Workflow.name))
        .limit(limit)
    )


def select_queue_and_run_time(
    *, workspace_id: uuid.UUID, since: datetime | None = None, until: datetime | None = None
) -> Rows:
    """Select, per workflow, mean and p95 of the wait to start and of the time from start to end.

    Only ended executions that had started count.

    Window: `created_at`.
    Columns: `workflow_id`, `workflow` which; `executions` count; `mean_wait`, `p95_wait`, `mean_run`, `p95_run`
        seconds; `wait_share` 0..1, the part of their whole time that was waiting.
    Null: `wait_share` when that time is 0 (0/0).
    Order: largest mean wait first; equal means by name, which is unique.
    """
    execution = WorkflowExecution
    times = (
        select(
            execution.workflow_id,
            seconds_between(execution.created_at, execution.started_at).label("wait"),
            seconds_between(execution.started_at, execution.completed_at).label("run"),
        )
        .where(
            in_scope(workspace_id=workspace_id, since=since, until=until),
            execution.started_at.is_not(None),
            execution.completed_at.is_not(None),
        )
        .cte("times")
    )
    waits = distribution(times, by=("workflow_id",), value="wait", name="waits")
    runs = distribution(times, by=("workflow_id",), value="run", name="runs")
    return (
        select(
            Workflow.id.label("workflow_id"),
            Workflow.name.label("workflow"),
            waits.c.samples.label("executions"),
            waits.c.mean.label("mean_wait"),
            waits.c.p95.label("p95_wait"),
            runs.c.mean.label("mean_run"),
            runs.c.p95.label("p95_run"),
            ratio(waits.c.mean, waits.c.mean + runs.c.mean).label("wait_share"),
        )
        .join(waits, by_key(Workflow, waits.c.workflow_id, workspace_id=workspace_id))
        .join(runs, runs.c.workflow_id == Workflow.id)
        .order_by(waits.c.mean.desc(), code_points(Workflow.name))
    )
