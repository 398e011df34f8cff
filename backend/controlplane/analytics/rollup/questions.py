"""Questions of `executions`, `series` and `maturity` once more, from daily sums: the same columns, the same rows.

Days are those of UTC. A window may begin and end within a day: the runs of such days are read themselves.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import BigInteger, and_, cast, exists, func, literal, select, true, union_all

from controlplane import clock
from controlplane.analytics.questions.executions import (
    FAILURES,
    OUTCOMES,
    SUCCESSES,
    counts_listed,
    rates_listed,
    rates_of,
)
from controlplane.analytics.questions.governance.maturity import agents_ranked
from controlplane.analytics.questions.series import RUN_IN, rates_rolled, weeks_compared
from controlplane.analytics.rollup.builder import select_days_built
from controlplane.analytics.sql.buckets import (
    Bucket,
    bucket_table,
    day_of,
    of_whole_days,
)
from controlplane.analytics.sql.enum_counts import share_by_member
from controlplane.analytics.sql.portable import (
    Rows,
    at,
    next_day,
    ratio,
    total,
)
from controlplane.models import (
    AgentExecution,
    ExecutionDay,
    ExecutionDayBuilt,
    ExecutionDayChange,
    ExecutionStatus,
)

if TYPE_CHECKING:
    import uuid

    from sqlalchemy import CTE, ColumnElement, Subquery

FIRST = datetime.min.replace(tzinfo=UTC)  # before every run
LAST = datetime.max.replace(tzinfo=UTC)  # and after


def select_is_kept(*, workspace_id: uuid.UUID) -> Rows:
    """Select one row: whether the rollup holds a day of the workspace; without one, direct queries are used."""
    return select(exists().where(ExecutionDayBuilt.workspace_id == workspace_id).label("kept"))


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
    """Return whether a whole day lies in the window, was added up, and has not changed since."""
    last = clock.as_utc(until).replace(hour=0, minute=0, second=0, microsecond=0)
    built = exists().where(
        ExecutionDayBuilt.workspace_id == workspace_id, ExecutionDayBuilt.day == days.c.start_at
    )
    changed = exists().where(
        ExecutionDayChange.workspace_id == workspace_id, ExecutionDayChange.day == days.c.start_at
    )
    return and_(days.c.start_at < at(last), built, ~changed)


def all_runs(*, workspace_id: uuid.UUID) -> Subquery:
    """Make a table of all runs by `agent_id` and `status`, with `runs`; no window says which days there are.

    The sums of the days that were added up and have not changed since, and the runs of the gaps between them.
    """
    kept = select_days_built(workspace_id=workspace_id).cte("kept")
    stored = select(ExecutionDay.agent_id, ExecutionDay.status, ExecutionDay.runs).join(
        kept, and_(ExecutionDay.workspace_id == workspace_id, ExecutionDay.day == kept.c.day)
    )
    gaps = _gaps(kept)
    run = AgentExecution
    read = (
        select(run.agent_id, run.status, func.count().label("runs"))
        .join(
            gaps,
            and_(
                run.workspace_id == workspace_id,
                run.created_at >= gaps.c.start_at,
                run.created_at < gaps.c.end_at,
            ),
        )
        .group_by(run.agent_id, run.status)
    )
    return union_all(stored, read).subquery("days")


def _gaps(kept: CTE) -> Subquery:
    """Make a table of the spans that no day of `kept` covers: before each of them, and after the last."""
    ends: Any = next_day(kept.c.day)
    before = select(
        func.lag(ends, 1, at(FIRST), type_=ends.type).over(order_by=kept.c.day).label("start_at"),
        kept.c.day.label("end_at"),
    )
    after = select(func.coalesce(func.max(ends), at(FIRST)), at(LAST))
    spans = union_all(before, after).subquery("spans")
    return select(spans).where(spans.c.start_at < spans.c.end_at).subquery("gaps")


def _runs(days: Subquery, *statuses: ExecutionStatus) -> ColumnElement[int]:
    """Count the runs of a group; with statuses those that have one of them."""
    runs = func.sum(days.c.runs)
    if statuses:
        return cast(func.coalesce(runs.filter(days.c.status.in_(statuses)), 0), BigInteger)
    return cast(func.coalesce(runs, 0), BigInteger)


def _tallies(days: Subquery) -> list[ColumnElement[int]]:
    return [
        _runs(days).label("runs"),
        _runs(days, *SUCCESSES).label("successes"),
        _runs(days, *FAILURES).label("failures"),
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
    return rates_of(select(*_tallies(days)).subquery("runs"))


def select_success_rate_by_agent(*, workspace_id: uuid.UUID, since: datetime, until: datetime) -> Rows:
    """Select what `executions.select_success_rate_by_agent` does."""
    days = runs_by_day(workspace_id=workspace_id, since=since, until=until)
    runs = select(days.c.agent_id, *_tallies(days)).group_by(days.c.agent_id)
    return rates_listed(runs.subquery("runs"), workspace_id=workspace_id)


def select_runs_over_time(
    *,
    workspace_id: uuid.UUID,
    since: datetime,
    until: datetime,
    bucket: Bucket,
    agent_id: uuid.UUID | None = None,
) -> Rows:
    """Select what `series.select_runs_over_time` does, per day or week of UTC.

    Raises:
        InvalidValueError: the bucket is narrower than a day.
    """
    days = runs_by_day(workspace_id=workspace_id, since=since, until=until)
    counts = _per_bucket(days, since=since, until=until, bucket=bucket, agent_id=agent_id)
    labels = ("start_at", "end_at", "runs", "successes", "failures", "mean_seconds")
    return select(*(counts.c[label] for label in labels)).order_by(counts.c.start_at)


def select_rolling_failure_rate(
    *, workspace_id: uuid.UUID, since: datetime, until: datetime, agent_id: uuid.UUID | None = None
) -> Rows:
    """Select what `series.select_rolling_failure_rate` does, per day of UTC."""
    first = day_of(since)
    window = {"since": since - RUN_IN, "until": until}
    days = runs_by_day(workspace_id=workspace_id, **window)
    return rates_rolled(_per_bucket(days, **window, bucket=Bucket.DAY, agent_id=agent_id), first=first)


def select_week_over_week(
    *, workspace_id: uuid.UUID, since: datetime, until: datetime, agent_id: uuid.UUID | None = None
) -> Rows:
    """Select what `series.select_week_over_week` does, per week of UTC."""
    days = runs_by_day(workspace_id=workspace_id, since=since, until=until)
    return weeks_compared(_per_bucket(days, since=since, until=until, bucket=Bucket.WEEK, agent_id=agent_id))


def select_leaderboard(*, workspace_id: uuid.UUID, limit: int) -> Rows:
    """Select what `maturity.select_leaderboard` does."""
    days = all_runs(workspace_id=workspace_id)
    runs = select(days.c.agent_id, *_tallies(days)).group_by(days.c.agent_id)
    return agents_ranked(runs.subquery("runs"), workspace_id=workspace_id, limit=limit)


def _per_bucket(
    days: Subquery, *, since: datetime, until: datetime, bucket: Bucket, agent_id: uuid.UUID | None
) -> Subquery:
    """Make a table of the buckets: runs, outcomes, successes, failures, and how long the successes took."""
    bucket = of_whole_days(bucket)
    good = days.c.status.in_(SUCCESSES)
    # one row a day first: buckets are then joined to hundreds of rows, not to all sums
    per_day = (
        select(
            days.c.start_at,
            _runs(days).label("runs"),
            _runs(days, *OUTCOMES).label("outcomes"),
            _runs(days, *SUCCESSES).label("successes"),
            _runs(days, *FAILURES).label("failures"),
            func.sum(days.c.seconds).filter(good).label("seconds"),
            func.sum(days.c.timed).filter(good).label("timed"),
        )
        .where(true() if agent_id is None else days.c.agent_id == agent_id)
        .group_by(days.c.start_at)
        .subquery("per_day")
    )
    buckets = bucket_table(since=since, until=until, bucket=bucket).alias("shown")
    lies_in = (
        per_day.c.start_at == buckets.c.start_at
        if bucket == Bucket.DAY
        else and_(per_day.c.start_at >= buckets.c.start_at, per_day.c.start_at < buckets.c.end_at)
    )
    return (
        select(
            buckets.c.start_at,
            buckets.c.end_at,
            *(total(per_day.c[label]).label(label) for label in ("runs", "outcomes", "successes", "failures")),
            ratio(func.sum(per_day.c.seconds), func.sum(per_day.c.timed)).label("mean_seconds"),
        )
        .outerjoin(per_day, lies_in)
        .group_by(buckets.c.start_at, buckets.c.end_at)
        .subquery("counts")
    )
