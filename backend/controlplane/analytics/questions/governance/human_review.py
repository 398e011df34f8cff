"""Questions about what people do for agents: train them, supervise them, rate them.

A training or feedback belongs to a window by `created_at`, a supervision by `started_at`. Ratios over nothing are
null.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import and_, cast, func, literal, or_, select

from controlplane.analytics.sql.enum_counts import count_by_member
from controlplane.analytics.sql.portable import (
    DOUBLE,
    Rows,
    by_key,
    in_window,
    members_table,
    ratio,
    record_scope,
    total,
)
from controlplane.collation import code_points
from controlplane.models import (
    Agent,
    AgentFeedback,
    AgentStatus,
    FeedbackStatus,
    Intervention,
    InterventionType,
    SupervisionSession,
    SupervisionStatus,
    TrainingSession,
    TrainingStatus,
)

if TYPE_CHECKING:
    import uuid
    from datetime import datetime

SECONDS_PER_HOUR = 3600.0


def select_training_outcomes_by_category(
    *, workspace_id: uuid.UUID, since: datetime | None = None, until: datetime | None = None
) -> Rows:
    """Select, per category of agents that trained, sessions by outcome, mean score, promotion rate, mean hours.

    Score, promotion rate and hours are those of completed sessions; a score or duration that is null is left out.

    Window: `created_at`.
    Columns: `category`; `sessions`, `completed`, `failed`, `cancelled` counts; `mean_score` 0..1;
        `promotion_rate` 0..1; `mean_hours` hours.
    Null: the means over nothing, the rate without a completed session (0/0).
    Order: by category; no ties.
    """
    training = TrainingSession
    completed = training.status == TrainingStatus.COMPLETED
    hours = training.duration_seconds / literal(SECONDS_PER_HOUR, DOUBLE)
    return (
        select(
            Agent.category,
            func.count().label("sessions"),
            func.count().filter(completed).label("completed"),
            func.count().filter(training.status == TrainingStatus.FAILED).label("failed"),
            func.count().filter(training.status == TrainingStatus.CANCELLED).label("cancelled"),
            func.avg(training.performance_score).filter(completed).label("mean_score"),
            ratio(
                func.count().filter(and_(completed, training.promoted.is_(True))), func.count().filter(completed)
            ).label("promotion_rate"),
            func.avg(hours).filter(completed).label("mean_hours"),
        )
        .join(Agent, by_key(Agent, training.agent_id, workspace_id=workspace_id))
        .where(record_scope(training, workspace_id=workspace_id, since=since, until=until))
        .group_by(Agent.category)
        .order_by(code_points(Agent.category))
    )


def select_interventions_by_agent(
    *, workspace_id: uuid.UUID, since: datetime | None = None, until: datetime | None = None
) -> Rows:
    """Select, per agent that was supervised: sessions, interventions, mean and most per session, untouched ones.

    Window: `started_at`.
    Columns: `agent_id`, `agent` who; `sessions`, `interventions` counts; `per_session` mean count; `most` largest
        count; `untouched` sessions without one.
    Null: nothing.
    Order: most interventions per session first; equal means by name and id.
    """
    session = SupervisionSession
    per_session = func.avg(cast(session.intervention_count, DOUBLE))
    return (
        select(
            Agent.id.label("agent_id"),
            Agent.name.label("agent"),
            func.count().label("sessions"),
            total(session.intervention_count).label("interventions"),
            per_session.label("per_session"),
            func.max(session.intervention_count).label("most"),
            func.count().filter(session.intervention_count == 0).label("untouched"),
        )
        .join(Agent, by_key(Agent, session.agent_id, workspace_id=workspace_id))
        .where(session.workspace_id == workspace_id, in_window(session.started_at, since=since, until=until))
        .group_by(Agent.id, Agent.name)
        .order_by(per_session.desc(), code_points(Agent.name), Agent.id)
    )


def select_interventions_by_type(
    *, workspace_id: uuid.UUID, since: datetime | None = None, until: datetime | None = None
) -> Rows:
    """Select, for every type of intervention, how many there were, and their share.

    Window: the `at` of the intervention.
    Columns: `intervention_type`; `interventions` count, 0 too; `share` 0..1.
    Null: every share, over none at all (0/0).
    Order: that of InterventionType; no ties.
    """
    scope = and_(Intervention.workspace_id == workspace_id, in_window(Intervention.at, since=since, until=until))
    return count_by_member(
        InterventionType,
        Intervention.intervention_type,
        scope=scope,
        label="intervention_type",
        number="interventions",
    )


def select_supervision_outcomes(
    *, workspace_id: uuid.UUID, since: datetime | None = None, until: datetime | None = None
) -> Rows:
    """Select, for every status of a supervision: sessions, interventions, mean rating and mean duration.

    Window: `started_at`.
    Columns: `status`; `sessions`, `interventions` counts, 0 too; `mean_rating` 1..5; `mean_seconds` seconds.
    Null: the means over nothing: no session, none rated, none ended.
    Order: the lifecycle's; no ties.
    """
    session = SupervisionSession
    members = members_table(SupervisionStatus, name="members")
    return (
        select(
            members.c.member.label("status"),
            func.count(session.started_at).label("sessions"),
            total(session.intervention_count).label("interventions"),
            func.avg(cast(session.rating, DOUBLE)).label("mean_rating"),
            func.avg(session.duration_seconds).label("mean_seconds"),
        )
        .select_from(members)
        .outerjoin(
            session,
            and_(
                session.status == members.c.member,
                session.workspace_id == workspace_id,
                in_window(session.started_at, since=since, until=until),
            ),
        )
        .group_by(members.c.member, members.c.position)
        .order_by(members.c.position)
    )


def select_feedback_by_status(
    *, workspace_id: uuid.UUID, since: datetime | None = None, until: datetime | None = None
) -> Rows:
    """Select, for every status of feedback: how much there is, how much of it corrects an output, the mean rating.

    Window: `created_at`.
    Columns: `status`; `feedback`, `corrections` counts, 0 too; `mean_rating` 1..5.
    Null: the mean without a rating.
    Order: the lifecycle's; no ties.
    """
    feedback = AgentFeedback
    members = members_table(FeedbackStatus, name="members")
    return (
        select(
            members.c.member.label("status"),
            func.count(feedback.created_at).label("feedback"),
            func.count(feedback.user_correction).label("corrections"),
            func.avg(cast(feedback.rating, DOUBLE)).label("mean_rating"),
        )
        .select_from(members)
        .outerjoin(
            feedback,
            and_(
                feedback.status == members.c.member,
                record_scope(feedback, workspace_id=workspace_id, since=since, until=until),
            ),
        )
        .group_by(members.c.member, members.c.position)
        .order_by(members.c.position)
    )


def select_feedback_by_agent(
    *, workspace_id: uuid.UUID, since: datetime | None = None, until: datetime | None = None
) -> Rows:
    """Select, per agent, feedback, ratings, their mean, and how many there are of each number of stars.

    Feedback without a rating counts as feedback. Agents without any are listed unless they are deleted.

    Window: `created_at`.
    Columns: `agent_id`, `agent` who; `feedback`, `ratings` counts; `mean_rating` stars; `stars_1`, `stars_2`,
        `stars_3`, `stars_4`, `stars_5` counts.
    Null: the mean without a rating.
    Order: best mean first, those without one last; equal means by name and id.
    """
    feedback = AgentFeedback
    stars = range(1, 6)
    said = (
        select(
            feedback.agent_id,
            func.count().label("feedback"),
            func.count(feedback.rating).label("ratings"),
            func.avg(cast(feedback.rating, DOUBLE)).label("mean_rating"),
            *(func.count().filter(feedback.rating == number).label(f"stars_{number}") for number in stars),
        )
        .where(record_scope(feedback, workspace_id=workspace_id, since=since, until=until))
        .group_by(feedback.agent_id)
        .subquery("said")
    )
    return (
        select(
            Agent.id.label("agent_id"),
            Agent.name.label("agent"),
            *(func.coalesce(said.c[label], 0).label(label) for label in ("feedback", "ratings")),
            said.c.mean_rating,
            *(func.coalesce(said.c[f"stars_{number}"], 0).label(f"stars_{number}") for number in stars),
        )
        .outerjoin(said, said.c.agent_id == Agent.id)
        .where(
            Agent.workspace_id == workspace_id,
            or_(Agent.status != AgentStatus.DELETED, said.c.agent_id.is_not(None)),
        )
        .order_by(said.c.mean_rating.desc().nulls_last(), code_points(Agent.name), Agent.id)
    )


def select_rating_distribution(
    *, workspace_id: uuid.UUID, since: datetime | None = None, until: datetime | None = None
) -> Rows:
    """Select one row over all agents: feedback, ratings, their mean, and how many there are of each number.

    Window: `created_at`.
    Columns: `feedback`, `ratings` counts; `mean_rating` stars; `stars_1`, `stars_2`, `stars_3`, `stars_4`,
        `stars_5` counts.
    Null: the mean without a rating.
    """
    feedback = AgentFeedback
    return select(
        func.count().label("feedback"),
        func.count(feedback.rating).label("ratings"),
        func.avg(cast(feedback.rating, DOUBLE)).label("mean_rating"),
        *(func.count().filter(feedback.rating == number).label(f"stars_{number}") for number in range(1, 6)),
    ).where(record_scope(feedback, workspace_id=workspace_id, since=since, until=until))
