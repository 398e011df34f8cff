"""The direct questions of `executions` and `series` once more, from daily sums; the same columns, the same rows.

Days are those of UTC. A window may begin and end within a day: the runs of such days are read themselves.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import BigInteger, and_, cast, exists, func, literal, select, true, union_all

from controlplane import clock
from controlplane.analytics.buckets import Bucket, bucket_table
from controlplane.analytics.executions import (
    FAILURES,
    OUTCOMES,
    SUCCESSES,
    counts_listed,
    rates_listed,
)
from controlplane.analytics.members import share_by_member
from controlplane.analytics.portable import Rows, at, ratio, total
from controlplane.models import (
    AgentExecution,
    ExecutionDay,
    ExecutionDayBuilt,
    ExecutionDayChange,
    ExecutionStatus,
)

if TYPE_CHECKING:
    import uuid
    from datetime import datetime

    from sqlalchemy import ColumnElement, Subquery


def runs_by_day(*, workspace_id: uuid.UUID, since: datetime, until: datetime) -> Subquery:
    """Make a table of runs by `start_at`, `agent_id` and `status`, with `runs`, `timed` and `seconds`."""
    days = bucket_table(since=since, until=until, bucket=Bucket.DAY)
    here = {"workspace_id": workspace_id}
    stored = (
        select(
            days.c.start_at,
            ExecutionDay.agent_id,
            ExecutionDay.status,
            ExecutionDay.runs,
            ExecutionDay.timed,
            ExecutionDay.seconds,
        )
        .join(
            ExecutionDay,
            and_(ExecutionDay.workspace_id == workspace_id, ExecutionDay.day == days.c.start_at),
        )
        .where(_is_added_up(days, until=until, **here))
    )
    run = AgentExecution
    read = (
        select(
            days.c.start_at,
            run.agent_id,
            run.status,
            func.count().label("runs"),
            func.count(run.duration_seconds).label("timed"),
            func.coalesce(func.sum(run.duration_seconds), literal(0.0)).label("seconds"),
        )
        .join(
            run,
            and_(
                run.workspace_id == workspace_id,
                run.created_at >= days.c.start_at,
                run.created_at < days.c.end_at,
            ),
        )
        .where(~_is_added_up(days, until=until, **here))
        .group_by(days.c.start_at, run.agent_id, run.status)
    )
    return union_all(stored, read).subquery("days")


def _is_added_up(days: Subquery, *, workspace_id: uuid.UUID, until: datetime) -> ColumnElement[bool]:
    """Say whether a whole day lies in the window, was added up, and has not changed since."""
    last = clock.as_utc(until).replace(hour=0, minute=0, second=0, microsecond=0)
    built = exists().where(
        ExecutionDayBuilt.workspace_id == workspace_id, ExecutionDayBuilt.day == days.c.start_at
    )
    changed = exists().where(
        ExecutionDayChange.workspace_id == workspace_id, ExecutionDayChange.day == days.c.start_at
    )
    return and_(days.c.start_at < at(last), built, ~changed)


def _runs(days: Subquery, *statuses: ExecutionStatus) -> ColumnElement[int]:
    """Count the runs of a group; with statuses those that have one of them."""
    runs = func.sum(days.c.runs)
    if statuses:
        return cast(func.coalesce(runs.filter(days.c.status.in_(statuses)), 0), BigInteger)
    return cast(func.coalesce(runs, 0), BigInteger)


def _outcomes(days: Subquery) -> list[ColumnElement[Any]]:
    return [
        _runs(days, *OUTCOMES).label("outcomes"),
        _runs(days, *SUCCESSES).label("successes"),
        _runs(days, *FAILURES).label("failures"),
        ratio(_runs(days, *SUCCESSES), _runs(days, *OUTCOMES)).label("success_rate"),
    ]


def select_executions_by_status(*, workspace_id: uuid.UUID, since: datetime, until: datetime) -> Rows:
    """Select what `executions.select_executions_by_status` does."""
    days = runs_by_day(workspace_id=workspace_id, since=since, until=until)
    counts = select(days.c.status.label("member"), _runs(days).label("runs")).group_by(days.c.status)
    return share_by_member(ExecutionStatus, counts.subquery("counts"), label="status", number="runs")


def select_executions_by_agent(*, workspace_id: uuid.UUID, since: datetime, until: datetime) -> Rows:
    """Select what `executions.select_executions_by_agent` does."""
    days = runs_by_day(workspace_id=workspace_id, since=since, until=until)
    runs = select(
        days.c.agent_id,
        _runs(days).label("runs"),
        *(_runs(days, status).label(status.value) for status in ExecutionStatus),
    ).group_by(days.c.agent_id)
    return counts_listed(runs.subquery("runs"), workspace_id=workspace_id)


def select_success_rate(*, workspace_id: uuid.UUID, since: datetime, until: datetime) -> Rows:
    """Select what `executions.select_success_rate` does."""
    days = runs_by_day(workspace_id=workspace_id, since=since, until=until)
    return select(_runs(days).label("runs"), *_outcomes(days))


def select_success_rate_by_agent(*, workspace_id: uuid.UUID, since: datetime, until: datetime) -> Rows:
    """Select what `executions.select_success_rate_by_agent` does."""
    days = runs_by_day(workspace_id=workspace_id, since=since, until=until)
    runs = select(days.c.agent_id, _runs(days).label("runs"), *_outcomes(days)).group_by(days.c.agent_id)
    return rates_listed(runs.subquery("runs"), workspace_id=workspace_id)


def select_runs_over_time(
    *,
    workspace_id: uuid.UUID,
    since: datetime,
    until: datetime,
    bucket: Bucket,
    agent_id: uuid.UUID | None = None,
) -> Rows:
    """Select what `series.select_runs_over_time` does, per day or week of UTC."""
    days = runs_by_day(workspace_id=workspace_id, since=since, until=until)
    good = days.c.status.in_(SUCCESSES)
    # one row a day first: buckets are then joined to hundreds of rows, not to all sums
    per_day = (
        select(
            days.c.start_at,
            _runs(days).label("runs"),
            _runs(days, *SUCCESSES).label("successes"),
            _runs(days, *FAILURES).label("failures"),
            func.sum(days.c.seconds).filter(good).label("seconds"),
            func.sum(days.c.timed).filter(good).label("timed"),
        )
        .where(true() if agent_id is None else days.c.agent_id == agent_id)
        .group_by(days.c.start_at)
        .subquery("per_day")
    )
    buckets = bucket_table(since=since, until=until, bucket=Bucket(bucket)).alias("shown")
    lies_in = (
        per_day.c.start_at == buckets.c.start_at
        if bucket is Bucket.DAY
        else and_(per_day.c.start_at >= buckets.c.start_at, per_day.c.start_at < buckets.c.end_at)
    )
    return (
        select(
            buckets.c.start_at,
            buckets.c.end_at,
            *(total(per_day.c[label]).label(label) for label in ("runs", "successes", "failures")),
            ratio(func.sum(per_day.c.seconds), func.sum(per_day.c.timed)).label("mean_seconds"),
        )
        .outerjoin(per_day, lies_in)
        .group_by(buckets.c.start_at, buckets.c.end_at)
        .order_by(buckets.c.start_at)
    )
