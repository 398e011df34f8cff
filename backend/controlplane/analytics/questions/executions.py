"""Questions about the runs of agents: how many, how well, what failed.

A run belongs to a window by `created_at`, the moment it was asked for: the one instant that every run has, also
one that never started. Windows are half-open, [since, until); an end left out is open. Runs of deleted and paused
agents count: the past does not change when an agent does.

Success rate: completed runs per run that came to an end of its own (completed, failed, timeout). A cancelled run
says nothing of the agent, an unfinished one nothing yet. 0/0 is null.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import and_, func, or_, select

from controlplane.analytics.sql.enum_counts import count_by_member
from controlplane.analytics.sql.portable import (
    Rows,
    in_window,
    in_window_order,
    ratio,
)
from controlplane.collation import code_points
from controlplane.models import Agent, AgentExecution, AgentStatus, ExecutionStatus, TriggerSource

if TYPE_CHECKING:
    import uuid
    from datetime import datetime

    from sqlalchemy import ColumnElement, FromClause, Subquery

SUCCESSES = (ExecutionStatus.COMPLETED,)
FAILURES = (ExecutionStatus.FAILED, ExecutionStatus.TIMEOUT)
OUTCOMES = (*SUCCESSES, *FAILURES)


def in_scope(
    *,
    workspace_id: uuid.UUID,
    since: datetime | None = None,
    until: datetime | None = None,
    agent_id: uuid.UUID | None = None,
) -> ColumnElement[bool]:
    """Return whether a run belongs to the workspace, the window and, when one is given, the agent."""
    scope = and_(
        AgentExecution.workspace_id == workspace_id,
        in_window(AgentExecution.created_at, since=since, until=until),
    )
    return scope if agent_id is None else and_(scope, AgentExecution.agent_id == agent_id)


def counted(*statuses: ExecutionStatus) -> ColumnElement[int]:
    """Count the runs of a group that have one of `statuses`."""
    return func.count().filter(AgentExecution.status.in_(statuses))


def select_executions_by_status(
    *,
    workspace_id: uuid.UUID,
    since: datetime | None = None,
    until: datetime | None = None,
    agent_id: uuid.UUID | None = None,
) -> Rows:
    """Select, for every status in the order of the lifecycle, how many runs have it and their share of all runs.

    Window: `created_at`.
    Columns: `status`; `runs` count, 0 where none has it; `share` 0..1.
    Null: every share, over no runs at all (0/0).
    Order: the lifecycle's; no ties.
    """
    scope = in_scope(workspace_id=workspace_id, since=since, until=until, agent_id=agent_id)
    return count_by_member(
        ExecutionStatus,
        in_window_order(AgentExecution.status, since=since, until=until),
        scope=scope,
        label="status",
        number="runs",
    )


def select_executions_by_trigger(
    *,
    workspace_id: uuid.UUID,
    since: datetime | None = None,
    until: datetime | None = None,
    agent_id: uuid.UUID | None = None,
) -> Rows:
    """Select, for every trigger source, how many runs it asked for and their share of all runs.

    Window: `created_at`.
    Columns: `triggered_by`; `runs` count, 0 where it asked for none; `share` 0..1.
    Null: every share, over no runs at all (0/0).
    Order: that of TriggerSource; no ties.
    """
    scope = in_scope(workspace_id=workspace_id, since=since, until=until, agent_id=agent_id)
    return count_by_member(
        TriggerSource,
        in_window_order(AgentExecution.triggered_by, since=since, until=until),
        scope=scope,
        label="triggered_by",
        number="runs",
    )


def select_executions_by_agent(
    *, workspace_id: uuid.UUID, since: datetime | None = None, until: datetime | None = None
) -> Rows:
    """Select, per agent, how many runs it had in all and by status.

    Agents that had none are listed with zeros unless they are deleted; a deleted agent that ran is listed.

    Window: `created_at`.
    Columns: `agent_id`, `agent`, `agent_status` who it is now; `runs`, `pending`, `running`, `paused`,
        `completed`, `failed`, `cancelled`, `timeout` counts.
    Null: nothing.
    Order: most runs first; equal numbers by name and id.
    """
    agent = in_window_order(AgentExecution.agent_id, since=since, until=until)
    runs = (
        select(
            agent.label("agent_id"),
            func.count().label("runs"),
            *(counted(status).label(status.value) for status in ExecutionStatus),
        )
        .where(in_scope(workspace_id=workspace_id, since=since, until=until))
        .group_by(agent)
        .subquery("runs")
    )
    return counts_listed(runs, workspace_id=workspace_id)


def counts_listed(runs: Subquery, *, workspace_id: uuid.UUID) -> Rows:
    """List agents with what a table of `runs` and of each status says of them."""
    number = func.coalesce(runs.c.runs, 0)
    return (
        select(
            Agent.id.label("agent_id"),
            Agent.name.label("agent"),
            Agent.status.label("agent_status"),
            number.label("runs"),
            *(func.coalesce(runs.c[status.value], 0).label(status.value) for status in ExecutionStatus),
        )
        .outerjoin(runs, runs.c.agent_id == Agent.id)
        .where(_is_listed(runs.c.agent_id, workspace_id=workspace_id))
        .order_by(number.desc(), code_points(Agent.name), Agent.id)
    )


def _is_listed(ran: ColumnElement[uuid.UUID], *, workspace_id: uuid.UUID) -> ColumnElement[bool]:
    """Return whether an agent has a row of its own: it is not deleted, or it ran in the window."""
    return and_(
        Agent.workspace_id == workspace_id,
        or_(Agent.status != AgentStatus.DELETED, ran.is_not(None)),
    )


def select_success_rate(
    *,
    workspace_id: uuid.UUID,
    since: datetime | None = None,
    until: datetime | None = None,
    agent_id: uuid.UUID | None = None,
) -> Rows:
    """Select one row over all agents: runs, outcomes, successes, failures and the success rate.

    Window: `created_at`.
    Columns: `runs`, `outcomes`, `successes`, `failures` counts; `success_rate` 0..1.
    Null: the rate without an outcome (0/0).
    """
    scope = in_scope(workspace_id=workspace_id, since=since, until=until, agent_id=agent_id)
    return rates_of(select(*_tallies()).where(scope).subquery("runs"))


def _tallies() -> list[ColumnElement[int]]:
    """Count the runs of a group, and how they ended."""
    return [
        func.count().label("runs"),
        counted(*SUCCESSES).label("successes"),
        counted(*FAILURES).label("failures"),
    ]


def rates_of(runs: Subquery) -> Rows:
    """Select the success rate and what it is made of from one row of runs, successes and failures."""
    return select(
        runs.c.runs,
        outcomes(runs).label("outcomes"),
        runs.c.successes,
        runs.c.failures,
        success_rate(runs).label("success_rate"),
    )


def outcomes(runs: FromClause) -> ColumnElement[int]:
    """Add up the runs of a table that came to an end of their own."""
    ended: ColumnElement[int] = runs.c.successes + runs.c.failures
    return ended


def success_rate(runs: FromClause) -> ColumnElement[float]:
    """Divide the successes of a table by its outcomes."""
    return ratio(runs.c.successes, outcomes(runs))


def select_success_rate_by_agent(
    *, workspace_id: uuid.UUID, since: datetime | None = None, until: datetime | None = None
) -> Rows:
    """Select, per agent, runs, outcomes, successes, failures and the success rate.

    Agents that had no run are listed unless they are deleted.

    Window: `created_at`.
    Columns: `agent_id`, `agent` who; `runs`, `outcomes`, `successes`, `failures` counts; `success_rate` 0..1.
    Null: the rate without an outcome (0/0).
    Order: best rate first, those without one last; equal rates by number of outcomes, then by name and id.
    """
    agent = in_window_order(AgentExecution.agent_id, since=since, until=until)
    runs = (
        select(agent.label("agent_id"), *_tallies())
        .where(in_scope(workspace_id=workspace_id, since=since, until=until))
        .group_by(agent)
        .subquery("runs")
    )
    return rates_listed(runs, workspace_id=workspace_id)


def rates_listed(runs: Subquery, *, workspace_id: uuid.UUID) -> Rows:
    """List agents with what a table of runs, successes and failures says of them."""
    rate = success_rate(runs)
    return (
        select(
            Agent.id.label("agent_id"),
            Agent.name.label("agent"),
            func.coalesce(runs.c.runs, 0).label("runs"),
            func.coalesce(outcomes(runs), 0).label("outcomes"),
            func.coalesce(runs.c.successes, 0).label("successes"),
            func.coalesce(runs.c.failures, 0).label("failures"),
            rate.label("success_rate"),
        )
        .outerjoin(runs, runs.c.agent_id == Agent.id)
        .where(_is_listed(runs.c.agent_id, workspace_id=workspace_id))
        .order_by(
            rate.desc().nulls_last(),
            func.coalesce(outcomes(runs), 0).desc(),
            code_points(Agent.name),
            Agent.id,
        )
    )


def select_failures_by_error_type(
    *,
    workspace_id: uuid.UUID,
    since: datetime | None = None,
    until: datetime | None = None,
    agent_id: uuid.UUID | None = None,
) -> Rows:
    """Select, per error type, how many runs failed or timed out with it, and their share of all failures.

    Window: `created_at`.
    Columns: `error_type`; `failures` count; `share` 0..1; `agents` count of those it hit; `last_seen` UTC, the
        end of the last such run, or its request where it has none.
    Null: `error_type` where none was given: those failures are one row.
    Order: most frequent first; equal numbers by type, null last.
    """
    seen = func.max(func.coalesce(AgentExecution.completed_at, AgentExecution.created_at))
    return (
        select(
            AgentExecution.error_type,
            func.count().label("failures"),
            ratio(func.count(), func.sum(func.count()).over()).label("share"),
            func.count(AgentExecution.agent_id.distinct()).label("agents"),
            seen.label("last_seen"),
        )
        .where(
            in_scope(workspace_id=workspace_id, since=since, until=until, agent_id=agent_id),
            AgentExecution.status.in_(FAILURES),
        )
        .group_by(AgentExecution.error_type)
        .order_by(func.count().desc(), code_points(AgentExecution.error_type).asc().nulls_last())
    )
