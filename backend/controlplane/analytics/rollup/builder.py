"""The statements that add up a day, and that find the days which need it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import delete, func, insert, literal, select

from controlplane.analytics.sql.portable import Rows, at
from controlplane.models import (
    AgentExecution,
    ExecutionDay,
    ExecutionDayBuilt,
    ExecutionDayChange,
)

if TYPE_CHECKING:
    import uuid
    from datetime import datetime

    from sqlalchemy import Delete, Insert


def select_first_run(*, workspace_id: uuid.UUID) -> Rows:
    """Select one row: when the first run of the workspace was asked for; null without runs."""
    return select(func.min(AgentExecution.created_at)).where(AgentExecution.workspace_id == workspace_id)


def select_days_built(*, workspace_id: uuid.UUID) -> Rows:
    """Select the days that were added up and have not changed since."""
    return select(ExecutionDayBuilt.day).where(
        ExecutionDayBuilt.workspace_id == workspace_id,
        ExecutionDayBuilt.day.not_in(
            select(ExecutionDayChange.day).where(ExecutionDayChange.workspace_id == workspace_id)
        ),
    )


def select_days_changed(*, workspace_id: uuid.UUID) -> Rows:
    """Select the days that changed, each once."""
    return select(ExecutionDayChange.day).where(ExecutionDayChange.workspace_id == workspace_id).distinct()


def forget_changes(*, workspace_id: uuid.UUID, day: datetime) -> Delete:
    """Delete the notes about a day; must come before it is added up, so that no later change is forgotten."""
    return delete(ExecutionDayChange).where(
        ExecutionDayChange.workspace_id == workspace_id, ExecutionDayChange.day == day
    )


def forget_day(model: type[ExecutionDay | ExecutionDayBuilt], *, workspace_id: uuid.UUID, day: datetime) -> Delete:
    """Delete what was added up of a day."""
    return delete(model).where(model.workspace_id == workspace_id, model.day == day)


def add_up(*, workspace_id: uuid.UUID, day: datetime, until: datetime) -> Insert:
    """Add up the runs that were asked for in [day, until)."""
    run = AgentExecution
    sums = (
        select(
            run.workspace_id,
            at(day),
            run.agent_id,
            run.status,
            func.count(),
            func.count(run.duration_seconds),
            func.coalesce(func.sum(run.duration_seconds), literal(0.0)),
        )
        .where(run.workspace_id == workspace_id, run.created_at >= day, run.created_at < until)
        .group_by(run.workspace_id, run.agent_id, run.status)
    )
    names = ("workspace_id", "day", "agent_id", "status", "runs", "timed", "seconds")
    return insert(ExecutionDay).from_select(names, sums)
