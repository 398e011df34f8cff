"""Levels kept per day equal those of the runs, after any change, refresh or kill."""

from __future__ import annotations

import signal
import uuid
from contextlib import closing
from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from controlplane.analytics import rollup
from controlplane.analytics.questions import concurrency
from controlplane.analytics.rollup import concurrency_by_day, service
from controlplane.analytics.sql.buckets import Bucket
from controlplane.database import create_engine
from controlplane.errors import InvalidValueError
from controlplane.models import (
    Agent,
    AgentExecution,
    ExecutionDay,
    ExecutionDayBuilt,
    ExecutionDayLevel,
    ExecutionLevelChange,
    Workspace,
)

HERE, ELSEWHERE = uuid.UUID(int=1), uuid.UUID(int=2)
TODAY = datetime(2026, 3, 2, tzinfo=UTC)
EDGE, DAY = timedelta(microseconds=1), timedelta(days=1)
INSTANTS = sorted(
    {TODAY + number * DAY + step * EDGE for number in (-5, -4, -3, -1, 0, 1) for step in (-1, 0, 1)}
    | {TODAY - 4 * DAY + timedelta(hours=hour) for hour in (6, 12, 18)}
)
NOWS = (TODAY + timedelta(hours=9), TODAY + 3 * DAY, TODAY - 2 * DAY, TODAY - 3 * DAY + timedelta(hours=1))
WINDOWS = (
    (TODAY - 6 * DAY, TODAY + 2 * DAY),
    (TODAY - 4 * DAY, TODAY - 2 * DAY),
    (TODAY - 4 * DAY + timedelta(hours=7), TODAY - DAY + timedelta(hours=7)),
    (TODAY - 2 * DAY, TODAY - 2 * DAY + timedelta(hours=1)),
)


def check(session, *, windows=WINDOWS, nows=NOWS):
    for since, until in windows:
        for now in nows:
            for bucket in (Bucket.DAY, Bucket.WEEK):
                asked = {"workspace_id": HERE, "since": since, "until": until, "now": now, "bucket": bucket}
                kept, direct = (
                    [tuple(row) for row in session.execute(module.select_concurrency(**asked))]
                    for module in (concurrency_by_day, concurrency)
                )
                assert kept == direct, (since, until, now, bucket)


def run(number, *, agent, started, lasts):
    return {
        "id": uuid.UUID(int=0xE00 + number),
        "workspace_id": ELSEWHERE if agent == 4 else HERE,
        "agent_id": uuid.UUID(int=0xA0 + agent),
        "status": "running" if lasts is None else "completed",
        "triggered_by": "manual",
        "created_at": TODAY - 5 * DAY if started is None else started,
        "started_at": started,
        "completed_at": None if started is None or lasts is None else started + lasts,
    }


LASTING = (None, timedelta(0), EDGE, timedelta(hours=1), DAY, DAY + EDGE, 3 * DAY)
a_run = st.fixed_dictionaries(
    {
        "agent": st.integers(0, 4),
        "started": st.sampled_from([None, *INSTANTS]),
        "lasts": st.sampled_from(LASTING),
    }
)
NUMBERS = st.integers(0, 4)
steps = st.one_of(
    st.tuples(st.just("write"), NUMBERS, a_run),
    st.tuples(st.just("end"), NUMBERS, st.sampled_from(INSTANTS)),
    st.tuples(st.just("delete"), NUMBERS, st.none()),
    st.tuples(st.just("end all"), st.sampled_from([None, timedelta(0), DAY]), st.none()),
    st.tuples(st.just("refresh"), st.sampled_from([1, 2, None]), st.none()),
    st.tuples(st.just("disable"), st.none(), st.none()),
)


def take(session, step):
    kind, which, values = step
    row = AgentExecution.id == uuid.UUID(int=0xE00 + (which if isinstance(which, int) else 0))
    if kind == "refresh":
        rollup.refresh(session, workspace_id=HERE, limit=which)
    elif kind == "disable":
        rollup.disable(session)
    elif kind == "end":
        began = AgentExecution.started_at <= values
        session.execute(sa.update(AgentExecution).where(row, began).values(completed_at=values))
    elif kind == "end all":
        ends = None if which is None else TODAY + 2 * DAY + which
        session.execute(sa.update(AgentExecution).values(completed_at=ends))
    elif kind == "delete":
        session.execute(sa.delete(AgentExecution).where(row))
    elif session.scalar(sa.select(sa.func.count()).where(row)):
        session.execute(sa.update(AgentExecution).where(row).values(**run(which, **values)))
    else:
        session.execute(sa.insert(AgentExecution).values(**run(which, **values)))


@settings(settings.get_profile("histories"))
@given(
    first=st.lists(a_run, min_size=5, max_size=5),
    history=st.lists(steps, min_size=1, max_size=5),
    window=st.sampled_from(WINDOWS),
    now=st.sampled_from(NOWS),
)
def test_any_history_gives_the_direct_answers(session, population, first, history, window, now):
    del population
    session.execute(sa.delete(AgentExecution))
    rollup.disable(session)
    session.execute(sa.insert(AgentExecution), [run(number, **values) for number, values in enumerate(first)])
    rollup.refresh(session, workspace_id=HERE)
    for step in history:
        take(session, step)
    check(session, windows=[window], nows=[now])
    rollup.refresh(session, workspace_id=HERE)
    check(session, windows=[window], nows=[now])
    assert service.stale_levels(session, workspace_id=HERE) == []


def test_a_bucket_narrower_than_a_day_is_refused():
    with pytest.raises(InvalidValueError, match="whole days"):
        concurrency_by_day.select_concurrency(
            workspace_id=HERE, since=TODAY - DAY, until=TODAY, now=TODAY, bucket=Bucket.HOUR
        )


@pytest.fixture
def week(session, population):
    """A run of an hour at noon of eight days, the last one today, and one from five days ago that still runs."""
    del population
    noon = timedelta(hours=12)
    rows = [
        run(back, agent=back % 4, started=TODAY - back * DAY + noon, lasts=timedelta(hours=1)) for back in range(8)
    ]
    rows.append(run(50, agent=1, started=TODAY - 5 * DAY + noon, lasts=None))
    session.execute(sa.insert(AgentExecution), rows)
    session.flush()


@pytest.mark.usefixtures("week")
def test_levels_are_read_until_a_day_changes(session):
    rollup.refresh(session, workspace_id=HERE)
    session.execute(sa.update(ExecutionDayLevel).values(peak=ExecutionDayLevel.peak + 40))
    ask = concurrency_by_day.select_concurrency(
        workspace_id=HERE, since=TODAY - 7 * DAY, until=TODAY + DAY, now=NOWS[0], bucket=Bucket.DAY
    )
    kept = [41, 41, 42, 42, 42, 42, 42]
    assert [row.peak for row in session.execute(ask)] == [*kept, 1]  # noon of today is still to come
    first = AgentExecution.id == uuid.UUID(int=0xE07)
    session.execute(sa.update(AgentExecution).where(first).values(completed_at=TODAY - 5 * DAY - EDGE))
    # the first day is not noted: until its run ended it was under way before, too
    assert [row.peak for row in session.execute(ask)][:3] == [1, 2, 42]


@pytest.mark.usefixtures("week")
def test_only_days_whose_level_changed_are_made_again(session):
    rollup.refresh(session, workspace_id=HERE)
    assert service.stale_levels(session, workspace_id=HERE) == []
    still_going = AgentExecution.id == uuid.UUID(int=0xE32)
    session.execute(sa.update(AgentExecution).where(still_going).values(completed_at=TODAY - 2 * DAY))
    assert service.stale_levels(session, workspace_id=HERE) == [TODAY - 2 * DAY, TODAY - DAY]
    service.store_levels(session, workspace_id=HERE, since=TODAY - 2 * DAY, until=TODAY - DAY)
    assert service.stale_levels(session, workspace_id=HERE) == [TODAY - DAY]
    check(session)


@pytest.mark.usefixtures("week")
def test_days_whose_level_is_not_kept_yet_are_stale(session):
    rollup.refresh(session, workspace_id=HERE, limit=3)
    assert service.stale_levels(session, workspace_id=HERE) == [TODAY - back * DAY for back in (4, 3, 2, 1)]


@pytest.mark.usefixtures("week")
@pytest.mark.parametrize(
    ("first", "last", "left"),
    [(6, None, [6, 5, 2, 1]), (6, 3, [6, 5]), (3, 1, [2, 1]), (3, None, [2, 1]), (4, 3, [])],
    ids=["from before", "until within", "from within", "from within on", "within"],
)
def test_note_keeps_its_other_days(session, first, last, left):
    rollup.refresh(session, workspace_id=HERE)
    session.execute(sa.delete(ExecutionLevelChange))
    until = None if last is None else TODAY - last * DAY + timedelta(hours=1)
    session.add(ExecutionLevelChange(workspace_id=HERE, since=TODAY - first * DAY, until=until))
    session.flush()
    service.store_levels(session, workspace_id=HERE, since=TODAY - 4 * DAY, until=TODAY - 2 * DAY)
    assert service.stale_levels(session, workspace_id=HERE) == [TODAY - back * DAY for back in left]


@pytest.mark.usefixtures("week")
def test_nothing_is_noted_before_the_first_refresh_nor_after_disabling(session):
    change = sa.update(AgentExecution).values(completed_at=None)
    notes = sa.select(sa.func.count()).select_from(ExecutionLevelChange)
    session.execute(change)
    assert session.scalar(notes) == 0
    rollup.refresh(session, workspace_id=HERE)
    session.execute(change.values(completed_at=TODAY + DAY))
    assert session.scalar(notes) > 0
    rollup.disable(session)
    session.execute(change)
    assert session.scalar(notes) == 0
    check(session)


ONE = AgentExecution.id == uuid.UUID(int=0xE03)
CHANGES = {
    "insert": sa.insert(AgentExecution).values(**run(99, agent=1, started=TODAY - 3 * DAY, lasts=DAY)),
    "delete": sa.delete(AgentExecution).where(ONE),
    "longer": sa.update(AgentExecution).where(ONE).values(completed_at=TODAY - DAY),
    "open": sa.update(AgentExecution).where(ONE).values(completed_at=None),
    "earlier": sa.update(AgentExecution).where(ONE).values(started_at=TODAY - 5 * DAY),
    "not begun": sa.update(AgentExecution).where(ONE).values(started_at=None, completed_at=None),
    "another workspace": sa.update(AgentExecution)
    .where(ONE)
    .values(workspace_id=ELSEWHERE, agent_id=uuid.UUID(int=0xA4)),
    "another id": sa.update(AgentExecution).where(ONE).values(id=uuid.UUID(int=0xE99), started_at=TODAY - 6 * DAY),
}


@pytest.mark.usefixtures("week")
@pytest.mark.parametrize("change", CHANGES.values(), ids=list(CHANGES))
def test_every_type_of_change_makes_its_day_stale(session, change):
    rollup.refresh(session, workspace_id=HERE)
    ask = concurrency_by_day.select_concurrency(
        workspace_id=HERE, since=TODAY - 7 * DAY, until=TODAY, now=NOWS[0], bucket=Bucket.DAY
    )
    before = session.execute(ask).all()
    session.execute(change)
    assert session.execute(ask).all() != before
    check(session, windows=WINDOWS[:1])
    rollup.refresh(session, workspace_id=HERE)
    check(session)
    assert service.stale_levels(session, workspace_id=HERE) == []


@pytest.mark.usefixtures("week")
def test_long_stretches_are_made_in_parts(session, monkeypatch):
    monkeypatch.setattr(service, "STRETCH", 2)
    rollup.refresh(session, workspace_id=HERE)
    assert session.scalar(sa.select(sa.func.count()).select_from(ExecutionDayLevel)) == 7
    check(session)


def kept(session, workspace_id):
    """What is kept of each day, and when it was."""
    tables = (
        (ExecutionDay.day, ExecutionDay.agent_id, ExecutionDay.status, ExecutionDay.runs, ExecutionDay.seconds),
        (ExecutionDayBuilt.day, ExecutionDayBuilt.built_at),
        (ExecutionDayLevel.day, ExecutionDayLevel.peak, ExecutionDayLevel.busy, ExecutionDayLevel.built_at),
    )
    return [
        [
            tuple(row)
            for row in session.execute(sa.select(*columns).where(model == workspace_id).order_by(*columns))
        ]
        for columns in tables
        for model in [columns[0].class_.workspace_id]
    ]


@pytest.mark.usefixtures("week")
def test_a_refresh_touches_no_other_day_and_no_other_workspace(session):
    hour = timedelta(hours=1)
    theirs = [run(60 + back, agent=4, started=TODAY - back * DAY + hour, lasts=hour) for back in range(1, 8)]
    session.execute(sa.insert(AgentExecution), theirs)
    for workspace_id in (HERE, ELSEWHERE):
        rollup.refresh(session, workspace_id=workspace_id)
    before = {workspace_id: kept(session, workspace_id) for workspace_id in (HERE, ELSEWHERE)}
    assert [len(rows) for rows in before[ELSEWHERE]] == [7, 7, 7]
    check(session)
    changed = TODAY - 3 * DAY
    of_the_day = sa.and_(AgentExecution.created_at >= changed, AgentExecution.created_at < changed + DAY)
    longer = changed + DAY - EDGE
    session.execute(sa.update(AgentExecution).where(of_the_day).values(duration_seconds=5, completed_at=longer))
    assert rollup.refresh(session, workspace_id=HERE) == 1
    assert kept(session, ELSEWHERE) == before[ELSEWHERE]
    after = kept(session, HERE)
    for then, now in zip(before[HERE], after, strict=True):
        assert {row[0] for row in set(then) ^ set(now)} == {changed}
    for stale in (service.stale_days, service.stale_levels):
        assert stale(session, workspace_id=HERE) == []
        assert stale(session, workspace_id=ELSEWHERE) == [changed]


@pytest.fixture
def database(scratch_database):
    """A real database with an agent and a run of a day and an hour from each of nine midnights."""
    engine = create_engine(scratch_database.url)
    with Session(engine) as session, session.begin():
        session.execute(sa.insert(Workspace).values(id=HERE, name="here"))
        agent = {"id": uuid.UUID(int=0xA0), "workspace_id": HERE, "name": "a", "category": "c"}
        session.execute(sa.insert(Agent).values(**agent, module_path="m", class_name="K"))
        lasts = DAY + timedelta(hours=1)
        runs = [run(back, agent=0, started=TODAY - back * DAY, lasts=lasts) for back in range(1, 10)]
        session.execute(sa.insert(AgentExecution), runs)
    yield engine
    engine.dispose()


@pytest.mark.kill
def test_killed_while_levels_are_kept(database, scratch_database, killed_refresh):
    ends = []
    with Session(database) as session:
        for statements in range(9):
            rollup.refresh(session, workspace_id=HERE)
            ends_at = TODAY if statements % 2 else AgentExecution.started_at
            session.execute(sa.update(AgentExecution).values(completed_at=ends_at))
            session.commit()  # every day has changed
            window = {"since": TODAY - 6 * DAY, "until": TODAY - 3 * DAY}
            ends.append(
                killed_refresh("levels", scratch_database.url, statements, workspace=HERE, now=TODAY, **window)
            )
            stale = service.stale_levels(session, workspace_id=HERE)
            assert len(stale) == (6 if ends[-1] == 0 else 9)
            check(session, windows=WINDOWS[:1], nows=NOWS[:1])
            session.rollback()
    assert set(ends) == {-signal.SIGKILL, 0}


def test_a_change_that_is_not_committed_yet_is_not_forgotten(database):
    late = sa.update(AgentExecution).where(AgentExecution.started_at == TODAY - 3 * DAY).values(completed_at=TODAY)
    with Session(database) as refresher, closing(Session(database)) as writer:
        rollup.refresh(refresher, workspace_id=HERE)
        writer.execute(late)
        if database.dialect.name == "sqlite":
            writer.commit()  # one writer at a time: a refresh would wait for it
        service.store_levels(refresher, workspace_id=HERE, since=TODAY - 9 * DAY, until=TODAY)
        refresher.commit()
        writer.commit()
        check(refresher, windows=WINDOWS[:1], nows=NOWS[:1])
        rollup.refresh(refresher, workspace_id=HERE)
        check(refresher, windows=WINDOWS[:1], nows=NOWS[:1])
