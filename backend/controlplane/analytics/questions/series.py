"""Runs of agents and workflows over time: buckets without gaps, rolling rates, weeks compared.

Runs belong to a bucket by `created_at`, as in `executions`; success and failure mean the same as there. Days and
weeks are those of `timezone`.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import and_, func, select

from controlplane.analytics.questions import workflows
from controlplane.analytics.questions.executions import (
    FAILURES,
    OUTCOMES,
    SUCCESSES,
    counted,
)
from controlplane.analytics.sql.buckets import Bucket, bucket_table, day_of
from controlplane.analytics.sql.portable import Rows, at, ratio
from controlplane.models import AgentExecution, WorkflowExecution

if TYPE_CHECKING:
    import uuid
    from datetime import datetime

    from sqlalchemy import ColumnElement, Label, Subquery

ROLLING_DAYS = 7
RUN_IN = timedelta(days=ROLLING_DAYS)  # a day more than needed: days may have 25 hours


def select_runs_over_time(
    *,
    workspace_id: uuid.UUID,
    since: datetime,
    until: datetime,
    bucket: Bucket,
    agent_id: uuid.UUID | None = None,
    timezone: str = "UTC",
) -> Rows:
    """Select, per bucket, runs, successes, failures and the mean duration of the successes.

    Window: `created_at`, cut into buckets; none is missing, and the first and last end with the window.
    Columns: `start_at`, `end_at` UTC; `runs`, `successes`, `failures` counts; `mean_seconds` seconds.
    Null: the mean without a success that has a duration.
    Order: by time; no ties.
    """
    buckets = bucket_table(since=since, until=until, bucket=bucket, timezone=timezone)
    run = AgentExecution
    counts = _counted_in(
        buckets,
        _is_within(buckets, workspace_id=workspace_id, agent_id=agent_id),
        func.count(run.status).label("runs"),
        counted(*SUCCESSES).label("successes"),
        counted(*FAILURES).label("failures"),
        func.avg(run.duration_seconds).filter(run.status.in_(SUCCESSES)).label("mean_seconds"),
    )
    return counts.order_by(buckets.c.start_at)


def select_workflow_runs_over_time(
    *,
    workspace_id: uuid.UUID,
    since: datetime,
    until: datetime,
    bucket: Bucket,
    workflow_id: uuid.UUID | None = None,
    timezone: str = "UTC",
) -> Rows:
    """Select, per bucket, executions of workflows, successes, failures and the mean duration of the successes.

    Window: `created_at`, cut into buckets; none is missing, and the first and last end with the window.
    Columns: `start_at`, `end_at` UTC; `runs`, `successes`, `failures` counts; `mean_seconds` seconds.
    Null: the mean without a success that has a duration.
    Order: by time; no ties.
    """
    buckets = bucket_table(since=since, until=until, bucket=bucket, timezone=timezone)
    run = WorkflowExecution
    lies = and_(
        workflows.in_scope(workspace_id=workspace_id, workflow_id=workflow_id),
        run.created_at >= buckets.c.start_at,
        run.created_at < buckets.c.end_at,
    )
    succeeded = run.status.in_(workflows.SUCCESSES)
    counts = _counted_in(
        buckets,
        lies,
        func.count(run.status).label("runs"),
        workflows.counted(*workflows.SUCCESSES).label("successes"),
        workflows.counted(*workflows.FAILURES).label("failures"),
        func.avg(run.duration_seconds).filter(succeeded).label("mean_seconds"),
        record=run,
    )
    return counts.order_by(buckets.c.start_at)


def _counted_in(
    buckets: Subquery, lies_in: ColumnElement[bool], *figures: Label[Any], record: type[Any] = AgentExecution
) -> Rows:
    """Select every bucket with the figures of the records that lie in it."""
    # grouped by one small number: what SQLite sorts is half as long as with both ends of the bucket
    grouped = (
        select(buckets.c.number, *figures)
        .outerjoin(record, lies_in)
        .group_by(buckets.c.number)
        .subquery("grouped")
    )
    columns = (grouped.c[figure.name] for figure in figures)
    return select(buckets.c.start_at, buckets.c.end_at, *columns).join(
        grouped, grouped.c.number == buckets.c.number
    )


def _is_within(buckets: Subquery, *, workspace_id: uuid.UUID, agent_id: uuid.UUID | None) -> ColumnElement[bool]:
    lies = and_(
        AgentExecution.workspace_id == workspace_id,
        AgentExecution.created_at >= buckets.c.start_at,
        AgentExecution.created_at < buckets.c.end_at,
    )
    return lies if agent_id is None else and_(lies, AgentExecution.agent_id == agent_id)


def _per_bucket(buckets: Subquery, *, workspace_id: uuid.UUID, agent_id: uuid.UUID | None) -> Subquery:
    """Make a table of the buckets with their runs, outcomes and failures."""
    return _counted_in(
        buckets,
        _is_within(buckets, workspace_id=workspace_id, agent_id=agent_id),
        func.count(AgentExecution.status).label("runs"),
        counted(*OUTCOMES).label("outcomes"),
        counted(*FAILURES).label("failures"),
    ).subquery("counts")


def select_rolling_failure_rate(
    *,
    workspace_id: uuid.UUID,
    since: datetime,
    until: datetime,
    agent_id: uuid.UUID | None = None,
    timezone: str = "UTC",
) -> Rows:
    """Select, per day, its outcomes and failures, and the failure rate of the 7 days that end with it.

    Window: `created_at`, cut into days; one that begins within a day lists that day whole. The days before it
        that the first rates need are read too, and not listed.
    Columns: `start_at` UTC; `outcomes`, `failures` counts of the day; `rolling_failure_rate` 0..1, of 7 days.
    Null: a rate over no outcome (0/0).
    Order: by time; no ties.
    """
    first = day_of(since, timezone=timezone)
    buckets = bucket_table(since=since - RUN_IN, until=until, bucket=Bucket.DAY, timezone=timezone)
    counts = _per_bucket(buckets, workspace_id=workspace_id, agent_id=agent_id)
    return rates_rolled(counts, first=first)


def rates_rolled(counts: Subquery, *, first: datetime) -> Rows:
    """Roll over a table of days with their outcomes and failures, from RUN_IN before the first that is listed."""
    week: dict[str, Any] = {"order_by": counts.c.start_at, "rows": (1 - ROLLING_DAYS, 0)}
    failures, outcomes = (func.sum(counts.c[label]).over(**week) for label in ("failures", "outcomes"))
    rolling = select(
        counts.c.start_at,
        counts.c.outcomes,
        counts.c.failures,
        ratio(failures, outcomes).label("rolling_failure_rate"),
    ).subquery("rolling")
    return select(rolling).where(rolling.c.start_at >= at(first)).order_by(rolling.c.start_at)


def select_week_over_week(
    *,
    workspace_id: uuid.UUID,
    since: datetime,
    until: datetime,
    agent_id: uuid.UUID | None = None,
    timezone: str = "UTC",
) -> Rows:
    """Select, per ISO week, runs, the change against the week before, its share, and the failure rate.

    Window: `created_at`, cut into weeks; one that begins or ends on another day than Monday has shorter first and
        last weeks.
    Columns: `start_at`, `end_at` UTC; `runs` count; `change` runs more, below 0 fewer; `relative_change` of the
        runs before, 0.5 being half as many again; `failure_rate` 0..1.
    Null: both changes in the first week, `relative_change` after a week without runs, the rate over no outcome
        (0/0).
    Order: by time; no ties.
    """
    buckets = bucket_table(since=since, until=until, bucket=Bucket.WEEK, timezone=timezone)
    return weeks_compared(_per_bucket(buckets, workspace_id=workspace_id, agent_id=agent_id))


def weeks_compared(counts: Subquery) -> Rows:
    """Compare the weeks of a table with their runs, outcomes and failures."""
    before: Any = func.lag(counts.c.runs).over(order_by=counts.c.start_at)
    return select(
        counts.c.start_at,
        counts.c.end_at,
        counts.c.runs,
        (counts.c.runs - before).label("change"),
        ratio(counts.c.runs - before, before).label("relative_change"),
        ratio(counts.c.failures, counts.c.outcomes).label("failure_rate"),
    ).order_by(counts.c.start_at)
