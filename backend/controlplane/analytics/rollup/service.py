"""The verbs of the rollup: add up what has changed, or do without it."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from sqlalchemy import delete, text

from controlplane import clock
from controlplane.analytics.rollup import building, triggers
from controlplane.models import ExecutionDay, ExecutionDayBuilt, ExecutionDayChange

if TYPE_CHECKING:
    import uuid

    from sqlalchemy.orm import Session

DAY = timedelta(days=1)


def stale_days(session: Session, *, workspace_id: uuid.UUID) -> list[datetime]:
    """List the days, oldest first, that are not added up or have changed since; make the triggers if need be.

    Days from the first run to yesterday, and others only if they changed: today still fills.
    """
    triggers.ensure(session.connection())
    today = clock.now().replace(hour=0, minute=0, second=0, microsecond=0)
    first = session.scalar(building.select_first_run(workspace_id=workspace_id))
    built = set(session.scalars(building.select_days_built(workspace_id=workspace_id)))
    changed = set(session.scalars(building.select_days_changed(workspace_id=workspace_id)))
    day = today if first is None else first.replace(hour=0, minute=0, second=0, microsecond=0)
    missing = set()
    while day < today:
        missing.add(day)
        day += DAY
    return sorted((missing - built) | {day for day in changed if day < today})


def refresh(session: Session, *, workspace_id: uuid.UUID, limit: int | None = None) -> int:
    """Add up the stale days, at most `limit` of them, each in a transaction of its own; return how many.

    Commits: a day is added up wholly or not at all, whenever the process is killed, and a long refresh does not
    hold back anybody. Several may run at once.
    """
    days = stale_days(session, workspace_id=workspace_id)[:limit]
    session.commit()
    for day in days:
        build_day(session, workspace_id=workspace_id, day=day)
        session.commit()
    return len(days)


def build_day(session: Session, *, workspace_id: uuid.UUID, day: datetime) -> None:
    """Add up one day; flushes, the caller commits."""
    if session.get_bind().dialect.name == "postgresql":
        # two at one day: the second begins when the first is done, and sees what it did
        session.execute(
            text("SELECT pg_advisory_xact_lock(hashtextextended(:key, 0))"),
            {"key": f"execution_day {workspace_id} {day:%Y-%m-%d}"},
        )
    session.execute(building.forget_changes(workspace_id=workspace_id, day=day))
    for model in (ExecutionDay, ExecutionDayBuilt):
        session.execute(building.forget_day(model, workspace_id=workspace_id, day=day))
    session.execute(building.add_up(workspace_id=workspace_id, day=day, until=day + DAY))
    session.add(ExecutionDayBuilt(workspace_id=workspace_id, day=day, built_at=clock.now()))
    session.flush()


def disable(session: Session) -> None:
    """Drop the triggers and all that was added up: every question reads the runs again."""
    triggers.drop(session.connection())
    for model in (ExecutionDayBuilt, ExecutionDay, ExecutionDayChange):
        session.execute(delete(model))
