"""Durations of agent runs, and their waiting times before the start.

Windows and workspaces as in `executions`; percentiles as in `distribution`; all in seconds.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from controlplane.analytics.questions.executions import SUCCESSES, in_scope
from controlplane.analytics.sql.distribution import distribution, statistics
from controlplane.analytics.sql.portable import (
    Rows,
    by_key,
    in_window_order,
    seconds_between,
)
from controlplane.collation import code_points
from controlplane.models import Agent, AgentExecution, ExecutionStatus
from controlplane.sql_time import microseconds_between

if TYPE_CHECKING:
    import uuid
    from collections.abc import Sequence
    from datetime import datetime


def select_durations(
    *,
    workspace_id: uuid.UUID,
    since: datetime | None = None,
    until: datetime | None = None,
    agent_id: uuid.UUID | None = None,
    statuses: Sequence[ExecutionStatus] = SUCCESSES,
) -> Rows:
    """Select one row: how long runs took.

    Only runs of `statuses` with a duration count.

    Window: `created_at`.
    Columns: `samples` count; `mean`, `minimum`, `median`, `p95`, `p99`, `maximum` seconds.
    Null: all but `samples`, over none.
    """
    spread = distribution(
        _durations(workspace_id=workspace_id, since=since, until=until, agent_id=agent_id, statuses=statuses),
        by=(),
        value="duration_seconds",
        name="spread",
        indexed=_indexed(statuses, since=since, until=until),
    )
    return select(spread.c.samples, *statistics(spread))


def select_durations_by_agent(
    *,
    workspace_id: uuid.UUID,
    since: datetime | None = None,
    until: datetime | None = None,
    statuses: Sequence[ExecutionStatus] = SUCCESSES,
) -> Rows:
    """Select, per agent, how long its runs took; agents without such a run are left out.

    Only runs of `statuses` with a duration count.

    Window: `created_at`.
    Columns: `agent_id`, `agent` who; `samples` count; `mean`, `minimum`, `median`, `p95`, `p99`, `maximum`
        seconds.
    Null: nothing.
    Order: slowest median first; equal medians by name and id.
    """
    spread = distribution(
        _durations(workspace_id=workspace_id, since=since, until=until, agent_id=None, statuses=statuses),
        by=("agent_id",),
        value="duration_seconds",
        name="spread",
        indexed=_indexed(statuses, since=since, until=until),
        small_groups=True,
    )
    return (
        select(Agent.id.label("agent_id"), Agent.name.label("agent"), spread.c.samples, *statistics(spread))
        .join(spread, by_key(Agent, spread.c.agent_id, workspace_id=workspace_id))
        .order_by(spread.c.median.desc(), code_points(Agent.name), Agent.id)
    )


def _durations(*, statuses: Sequence[ExecutionStatus], **scope: Any) -> Any:
    agent, status = (
        in_window_order(key, since=scope["since"], until=scope["until"])
        for key in (AgentExecution.agent_id, AgentExecution.status)
    )
    return (
        select(agent.label("agent_id"), AgentExecution.duration_seconds)
        .where(in_scope(**scope), status.in_(tuple(statuses)))
        .subquery("finished")
    )


def _indexed(statuses: Sequence[ExecutionStatus], *, since: datetime | None, until: datetime | None) -> str | None:
    """Name the column that an index orders the runs of one status by, over all history."""
    return "duration_seconds" if since is until is None and len(statuses) == 1 else None


def select_waits(*, workspace_id: uuid.UUID, since: datetime | None = None, until: datetime | None = None) -> Rows:
    """Select, per trigger source, how long runs waited to start; runs that have not started are left out.

    Window: `created_at`.
    Columns: `triggered_by`; `samples` count; `mean`, `minimum`, `median`, `p95`, `p99`, `maximum` seconds.
    Null: nothing.
    Order: by source; no ties.
    """
    waits = (
        select(
            in_window_order(AgentExecution.triggered_by, since=since, until=until).label("triggered_by"),
            seconds_between(AgentExecution.created_at, AgentExecution.started_at).label("seconds"),
            microseconds_between(AgentExecution.created_at, AgentExecution.started_at).label("microseconds"),
        )
        .where(in_scope(workspace_id=workspace_id, since=since, until=until))
        .subquery("waits")
    )
    over_all_history = since is until is None
    spread = distribution(
        waits,
        by=("triggered_by",),
        value="seconds",
        name="spread",
        indexed="microseconds" if over_all_history else None,
    )
    return select(spread.c.triggered_by, spread.c.samples, *statistics(spread)).order_by(
        code_points(spread.c.triggered_by)
    )
