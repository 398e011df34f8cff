"""Which agents are ready for the next level of maturity."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import Select, and_, case, func, select

from controlplane.governance.readiness import BARS
from controlplane.models import (
    Agent,
    AgentExecution,
    AgentStatus,
    ExecutionStatus,
    Maturity,
    SupervisionSession,
)

if TYPE_CHECKING:
    import uuid


def select_readiness(*, workspace_id: uuid.UUID, agent_id: uuid.UUID | None = None) -> Select[Any]:
    """Select for each agent that can still rise how it stands against the bar of its level, by name.

    Columns: agent_id, name, maturity_level, next_level, episodes (completed runs), needed_episodes, interventions,
    intervention_rate (interventions per episode; null without episodes), allowed_rate, ready. Deleted agents and
    autonomous ones are left out; an agent without episodes is not ready.
    """
    episodes = _episodes_per_agent(workspace_id=workspace_id)
    interventions = _interventions_per_agent(workspace_id=workspace_id)
    ran = func.coalesce(episodes.c.episodes, 0)
    interfered = func.coalesce(interventions.c.interventions, 0)
    # multiplied out, since a rate that is exactly the allowed one must pass on every database
    ready = case(
        *(
            (
                Agent.maturity_level == level,
                case((and_(ran >= bar.episodes, interfered <= bar.intervention_rate * ran), 1), else_=0),
            )
            for level, bar in BARS.items()
        ),
        else_=0,
    )
    query = (
        select(
            Agent.id.label("agent_id"),
            Agent.name,
            Agent.maturity_level,
            _of_bar("to").label("next_level"),
            ran.label("episodes"),
            _of_bar("episodes").label("needed_episodes"),
            interfered.label("interventions"),
            (interfered * 1.0 / func.nullif(ran, 0)).label("intervention_rate"),
            _of_bar("intervention_rate").label("allowed_rate"),
            (ready == 1).label("ready"),
        )
        .outerjoin(episodes, episodes.c.agent_id == Agent.id)
        .outerjoin(interventions, interventions.c.agent_id == Agent.id)
        .where(
            Agent.workspace_id == workspace_id,
            Agent.maturity_level != Maturity.AUTONOMOUS,
            Agent.status != AgentStatus.DELETED,
        )
    )
    if agent_id is not None:
        query = query.where(Agent.id == agent_id)
    return query.order_by(Agent.name, Agent.id)


def _of_bar(field: str) -> Any:
    values = {level: getattr(bar, field) for level, bar in BARS.items()}
    plain = {level: str(value) if isinstance(value, Maturity) else value for level, value in values.items()}
    return case(*((Agent.maturity_level == level, value) for level, value in plain.items()))


def _episodes_per_agent(*, workspace_id: uuid.UUID) -> Any:
    execution = AgentExecution
    return (
        select(execution.agent_id, func.count().label("episodes"))
        .where(execution.workspace_id == workspace_id, execution.status == ExecutionStatus.COMPLETED)
        .group_by(execution.agent_id)
        .cte("episodes")
    )


def _interventions_per_agent(*, workspace_id: uuid.UUID) -> Any:
    session = SupervisionSession
    return (
        select(session.agent_id, func.sum(session.intervention_count).label("interventions"))
        .where(session.workspace_id == workspace_id)
        .group_by(session.agent_id)
        .cte("interventions")
    )
