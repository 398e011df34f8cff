"""The verbs of the rollup: add up what has changed, or do without it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import delete, select, text

from controlplane import clock
from controlplane.analytics.rollup import builder, concurrency_by_day, triggers
from controlplane.analytics.sql.buckets import MOST_BUCKETS
from controlplane.models import (
    ExecutionDay,
    ExecutionDayBuilt,
    ExecutionDayChange,
    ExecutionDayLevel,
    ExecutionLevelChange,
)

if TYPE_CHECKING:
    import uuid
    from collections.abc import Iterator

    from sqlalchemy.orm import Session

DAY = timedelta(days=1)
FOREVER = datetime.max.replace(tzinfo=UTC)
INSTANT = timedelta(microseconds=1)
STRETCH = 31  # days whose levels are made in one pass over the runs


def stale_days(session: Session, *, workspace_id: uuid.UUID) -> list[datetime]:
    """List the days, oldest first, that are not added up or have changed since; make the triggers if need be.

    Days from the first run to yesterday, and others only if they changed: today still fills.
    """
    ensure_triggers(session)
    return _stale_days(session, workspace_id, _days_past(session, workspace_id=workspace_id))


def _stale_days(session: Session, workspace_id: uuid.UUID, past: list[datetime]) -> list[datetime]:
    built = set(session.scalars(builder.select_days_built(workspace_id=workspace_id)))
    changed = set(session.scalars(builder.select_days_changed(workspace_id=workspace_id)))
    today = _today()
    return sorted((set(past) - built) | {day for day in changed if day < today})


def ensure_triggers(session: Session) -> None:
    """Make the triggers unless they are there; forget what was added up without them, or under other ones."""
    if triggers.are_current(session.connection()):
        return
    _alone(session, "execution_day triggers")
    if triggers.ensure(session.connection()):
        _forget(session)


def stale_levels(session: Session, *, workspace_id: uuid.UUID) -> list[datetime]:
    """List the days from the first run to yesterday, oldest first, whose levels are not kept or have changed."""
    return _stale_levels(session, workspace_id, _days_past(session, workspace_id=workspace_id))


def _stale_levels(session: Session, workspace_id: uuid.UUID, past: list[datetime]) -> list[datetime]:
    if not past:
        return []
    newest = past[-MOST_BUCKETS:]
    kept = concurrency_by_day.select_days_kept(workspace_id=workspace_id, since=newest[0], until=_today())
    return sorted(set(newest) - set(session.scalars(kept)))


def _days_past(session: Session, *, workspace_id: uuid.UUID) -> list[datetime]:
    """List the days from the first run to yesterday."""
    first = session.scalar(builder.select_first_run(workspace_id=workspace_id))
    if first is None:
        return []
    day = _midnight(first)
    return [day + number * DAY for number in range((_today() - day).days)]


def _today() -> datetime:
    return _midnight(clock.now())


def _midnight(instant: datetime) -> datetime:
    return instant.replace(hour=0, minute=0, second=0, microsecond=0)


def refresh(session: Session, *, workspace_id: uuid.UUID, limit: int | None = None) -> int:
    """Add up the stale days, at most `limit` of them, oldest first; return how many.

    Commits: a day is added up wholly or not at all, whenever the process is killed, and a long refresh does not
    hold back anybody. Several may run concurrently.
    """
    ensure_triggers(session)
    past = _days_past(session, workspace_id=workspace_id)
    sums, kept = _stale_days(session, workspace_id, past), _stale_levels(session, workspace_id, past)
    session.commit()
    days = set(sorted({*sums, *kept})[:limit])
    for day in sums:
        if day in days:
            build_day(session, workspace_id=workspace_id, day=day)
            session.commit()
    for first, after in _stretches([day for day in kept if day in days]):
        store_levels(session, workspace_id=workspace_id, since=first, until=after)
        session.commit()
    return len(days)


def _stretches(days: list[datetime]) -> Iterator[tuple[datetime, datetime]]:
    """Cut days, in order, into spans of neighbours, none longer than STRETCH."""
    spans: list[list[datetime]] = []
    for day in days:
        if not spans or day - spans[-1][-1] != DAY or len(spans[-1]) == STRETCH:
            spans.append([])
        spans[-1].append(day)
    return ((span[0], span[-1] + DAY) for span in spans)


def build_day(session: Session, *, workspace_id: uuid.UUID, day: datetime) -> None:
    """Add up one day; flushes, the caller commits."""
    _alone(session, f"execution_day {workspace_id} {day:%Y-%m-%d}")
    session.execute(builder.forget_changes(workspace_id=workspace_id, day=day))
    for model in (ExecutionDay, ExecutionDayBuilt):
        session.execute(builder.forget_day(model, workspace_id=workspace_id, day=day))
    session.execute(builder.add_up(workspace_id=workspace_id, day=day, until=day + DAY))
    session.add(ExecutionDayBuilt(workspace_id=workspace_id, day=day, built_at=clock.now()))
    session.flush()


def store_levels(session: Session, *, workspace_id: uuid.UUID, since: datetime, until: datetime) -> None:
    """Keep the levels of a span of days; flushes, the caller commits."""
    _alone(session, f"execution_day_level {workspace_id}")
    # notes go before runs are read, so that no later change is forgotten; what they say of other days stays
    session.execute(concurrency_by_day.forget_within(workspace_id=workspace_id, since=since, until=until))
    cut = session.execute(
        concurrency_by_day.forget_across(workspace_id=workspace_id, since=since, until=until)
    ).all()
    before = [note.since for note in cut if note.since < since]
    after = [note.until or FOREVER for note in cut if note.until is None or note.until >= until]
    if before:
        session.add(ExecutionLevelChange(workspace_id=workspace_id, since=min(before), until=since - INSTANT))
    if after:
        end = None if FOREVER in after else max(after)
        session.add(ExecutionLevelChange(workspace_id=workspace_id, since=until, until=end))
    session.execute(concurrency_by_day.forget_levels(workspace_id=workspace_id, since=since, until=until))
    session.execute(
        concurrency_by_day.store_levels(workspace_id=workspace_id, since=since, until=until, now=clock.now())
    )
    session.flush()


def _alone(session: Session, key: str) -> None:
    """Wait for concurrent refreshes of the same key."""
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text("SELECT pg_advisory_xact_lock(hashtextextended(:key, 0))"), {"key": key})


def disable(session: Session) -> None:
    """Drop the triggers and all that was added up: every question reads the runs again."""
    triggers.drop(session.connection())
    _forget(session)


def _forget(session: Session) -> None:
    for model in (ExecutionDayBuilt, ExecutionDay, ExecutionDayChange, ExecutionDayLevel, ExecutionLevelChange):
        session.execute(delete(model))


@dataclass(frozen=True)
class Verification:
    """The number of days compared with the runs themselves, and of days with wrong sums."""

    days: int
    wrong: int


def verify(session: Session, *, workspace_id: uuid.UUID) -> Verification:
    """Add up every day that is kept from the runs themselves, compare, and keep the right sums.

    Commits day by day, as `refresh` does; days that changed since are those of the next refresh.
    """
    ensure_triggers(session)
    session.commit()
    days = list(session.scalars(builder.select_days_built(workspace_id=workspace_id)))
    wrong = {day for day in days if not _is_right(session, workspace_id=workspace_id, day=day)}
    past = _days_past(session, workspace_id=workspace_id)
    kept = sorted(set(past[-MOST_BUCKETS:]) - set(_stale_levels(session, workspace_id, past)))
    for first, after in _stretches(kept):
        before = _levels(session, workspace_id=workspace_id, since=first, until=after)
        store_levels(session, workspace_id=workspace_id, since=first, until=after)
        made = _levels(session, workspace_id=workspace_id, since=first, until=after)
        wrong |= {row[0] for row in before ^ made}
        session.commit()
    return Verification(len({*days, *kept}), len(wrong))


def _is_right(session: Session, *, workspace_id: uuid.UUID, day: datetime) -> bool:
    before = _sums(session, workspace_id=workspace_id, day=day)
    build_day(session, workspace_id=workspace_id, day=day)
    after = _sums(session, workspace_id=workspace_id, day=day)
    session.commit()
    return before == after


def _sums(session: Session, *, workspace_id: uuid.UUID, day: datetime) -> set[tuple[Any, ...]]:
    """Return the sums of a day; seconds to nine digits, where adding up in another order ends the same."""
    kept = ExecutionDay
    query = select(kept.agent_id, kept.status, kept.runs, kept.timed, kept.seconds)
    rows = session.execute(query.where(kept.workspace_id == workspace_id, kept.day == day))
    return {(*row[:-1], float(f"{row.seconds:.9g}")) for row in rows}


def _levels(
    session: Session, *, workspace_id: uuid.UUID, since: datetime, until: datetime
) -> set[tuple[Any, ...]]:
    kept = ExecutionDayLevel
    query = select(kept.day, kept.peak, kept.busy)
    rows = session.execute(query.where(kept.workspace_id == workspace_id, kept.day >= since, kept.day < until))
    return {tuple(row) for row in rows}
