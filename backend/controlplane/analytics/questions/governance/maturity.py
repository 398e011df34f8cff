"""Questions about how far agents are trusted: where they stand, how they got there, who is next."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import and_, case, func, literal, select, true

from controlplane.analytics.questions.executions import (
    FAILURES,
    SUCCESSES,
    counted,
    outcomes,
    success_rate,
)
from controlplane.analytics.sql.buckets import Bucket, bucket_table
from controlplane.analytics.sql.portable import (
    DOUBLE,
    Rows,
    members_table,
    ratio,
    total,
)
from controlplane.collation import code_points
from controlplane.governance import READINESS
from controlplane.models import (
    Agent,
    AgentExecution,
    AgentStatus,
    ExecutionStatus,
    LifecycleEvent,
    Maturity,
    SupervisionSession,
)

if TYPE_CHECKING:
    import uuid
    from datetime import datetime

    from sqlalchemy import ColumnElement, Subquery

MATURITY_KIND = "agent.maturity"


def _rank(level: Any) -> ColumnElement[int]:
    """Number the levels from 1, so that they compare."""
    return case(*((level == each.value, number) for number, each in enumerate(Maturity, 1)))


def select_agents_by_maturity_and_status(*, workspace_id: uuid.UUID) -> Rows:
    """Select, for every maturity and every status, how many agents have both.

    Columns: `maturity_level`, `status`; `agents` count, 0 too.
    Null: nothing.
    Order: by maturity, then status, each in its own order; no ties.
    """
    levels = members_table(Maturity, name="levels")
    statuses = members_table(AgentStatus, name="statuses")
    return (
        select(
            levels.c.member.label("maturity_level"),
            statuses.c.member.label("status"),
            func.count(Agent.id).label("agents"),
        )
        .select_from(levels)
        .join(statuses, true())
        .outerjoin(
            Agent,
            and_(
                Agent.workspace_id == workspace_id,
                Agent.maturity_level == levels.c.member,
                Agent.status == statuses.c.member,
            ),
        )
        .group_by(levels.c.position, levels.c.member, statuses.c.position, statuses.c.member)
        .order_by(levels.c.position, statuses.c.position)
    )


def select_maturity_changes(
    *, workspace_id: uuid.UUID, since: datetime, until: datetime, bucket: Bucket, timezone: str = "UTC"
) -> Rows:
    """Select, per bucket, promotions and demotions, and how many agents changed level.

    A change over several levels is one. Registering an agent is none.

    Window: the `at` of the change, cut into buckets; none is missing.
    Columns: `start_at`, `end_at` UTC; `promotions`, `demotions`, `agents` counts.
    Null: nothing.
    Order: by time; no ties.
    """
    buckets = bucket_table(since=since, until=until, bucket=bucket, timezone=timezone)
    event = LifecycleEvent
    went = _rank(event.to_status) - _rank(event.from_status)
    return (
        select(
            buckets.c.start_at,
            buckets.c.end_at,
            func.count().filter(went > 0).label("promotions"),
            func.count().filter(went < 0).label("demotions"),
            func.count(event.record_id.distinct()).label("agents"),
        )
        .outerjoin(
            event,
            and_(
                event.workspace_id == workspace_id,
                event.record_kind == MATURITY_KIND,
                event.from_status != event.to_status,  # nor null, where an agent is made
                event.at >= buckets.c.start_at,
                event.at < buckets.c.end_at,
            ),
        )
        .group_by(buckets.c.start_at, buckets.c.end_at)
        .order_by(buckets.c.start_at)
    )


def _episodes(*, workspace_id: uuid.UUID) -> Subquery:
    """Make a table of agents with their completed executions, over all history."""
    return (
        select(AgentExecution.agent_id, func.count().label("episodes"))
        .where(AgentExecution.workspace_id == workspace_id, AgentExecution.status == ExecutionStatus.COMPLETED)
        .group_by(AgentExecution.agent_id)
        .subquery("episodes")
    )


def _interventions(*, workspace_id: uuid.UUID) -> Subquery:
    """Make a table of agents with the interventions in their supervised runs, over all history."""
    return (
        select(SupervisionSession.agent_id, total(SupervisionSession.intervention_count).label("interventions"))
        .where(SupervisionSession.workspace_id == workspace_id)
        .group_by(SupervisionSession.agent_id)
        .subquery("interventions")
    )


def select_graduation_readiness(*, workspace_id: uuid.UUID) -> Rows:
    """Select, per agent below the highest level, how far it is from the next: episodes, interventions, readiness.

    Episodes are completed executions over all history; the rule is governance's. Deleted agents are left out.

    Columns: `agent_id`, `agent`, `maturity_level` who; `episodes`, `episodes_needed`, `interventions` counts;
        `intervention_rate`, `rate_allowed` interventions per episode; `ready`, enough of the one and not too much
        of the other.
    Null: the rate without episodes (0/0), and then no agent is ready.
    Order: the ready ones first, then those with most of the episodes they need; equal parts by name and id.
    """
    done = _episodes(workspace_id=workspace_id)
    held = _interventions(workspace_id=workspace_id)
    episodes = func.coalesce(done.c.episodes, 0)
    interventions = func.coalesce(held.c.interventions, 0)
    needed = case(*((Agent.maturity_level == level, asked.episodes) for level, asked in READINESS.items()))
    allowed = case(
        *(
            (Agent.maturity_level == level, literal(asked.intervention_rate, DOUBLE))
            for level, asked in READINESS.items()
        )
    )
    rate = ratio(interventions, episodes)
    ready = and_(episodes >= needed, rate <= allowed)
    return (
        select(
            Agent.id.label("agent_id"),
            Agent.name.label("agent"),
            Agent.maturity_level,
            episodes.label("episodes"),
            needed.label("episodes_needed"),
            interventions.label("interventions"),
            rate.label("intervention_rate"),
            allowed.label("rate_allowed"),
            ready.label("ready"),
        )
        .outerjoin(done, done.c.agent_id == Agent.id)
        .outerjoin(held, held.c.agent_id == Agent.id)
        .where(
            Agent.workspace_id == workspace_id,
            Agent.status != AgentStatus.DELETED,
            Agent.maturity_level.in_(tuple(READINESS)),
        )
        .order_by(case((ready, 0), else_=1), ratio(episodes, needed).desc(), code_points(Agent.name), Agent.id)
    )


def select_leaderboard(*, workspace_id: uuid.UUID, limit: int) -> Rows:
    """Select the `limit` best agents: by success rate over all history, then by confidence; deleted ones left out.

    Agents with the same rate and confidence share a rank, and the next rank is left out after them (1, 2, 2, 4).

    Columns: `rank` from 1; `agent_id`, `agent`, `maturity_level` who; `confidence_score` 0..1; `outcomes` count;
        `success_rate` 0..1.
    Null: the rate without an outcome (0/0); such agents rank after those that have one.
    Order: by rank; within a rank by name and id.
    """
    runs = (
        select(
            AgentExecution.agent_id,
            counted(*SUCCESSES).label("successes"),
            counted(*FAILURES).label("failures"),
        )
        .where(AgentExecution.workspace_id == workspace_id)
        .group_by(AgentExecution.agent_id)
        .subquery("runs")
    )
    return agents_ranked(runs, workspace_id=workspace_id, limit=limit)


def agents_ranked(runs: Subquery, *, workspace_id: uuid.UUID, limit: int) -> Rows:
    """Rank agents by what a table of their successes and failures says of them."""
    rate = success_rate(runs)
    merit = (rate.desc().nulls_last(), Agent.confidence_score.desc())
    rank = func.rank().over(order_by=merit)
    return (
        select(
            rank.label("rank"),
            Agent.id.label("agent_id"),
            Agent.name.label("agent"),
            Agent.maturity_level,
            Agent.confidence_score,
            func.coalesce(outcomes(runs), 0).label("outcomes"),
            rate.label("success_rate"),
        )
        .outerjoin(runs, runs.c.agent_id == Agent.id)
        .where(Agent.workspace_id == workspace_id, Agent.status != AgentStatus.DELETED)
        .order_by(rank, code_points(Agent.name), Agent.id)
        .limit(limit)
    )
