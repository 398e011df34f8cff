"""Daily sums equal the answers of the direct questions, after any change, refresh or kill."""

from __future__ import annotations

import inspect
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
from controlplane.analytics.questions import executions, series
from controlplane.analytics.questions.governance import maturity
from controlplane.analytics.rollup import builder, questions, service, triggers
from controlplane.analytics.sql.buckets import Bucket
from controlplane.database import create_engine
from controlplane.errors import InvalidValueError
from controlplane.models import (
    Agent,
    AgentExecution,
    ExecutionDay,
    ExecutionDayBuilt,
    ExecutionDayLevel,
    ExecutionStatus,
    Workspace,
)

HERE, ELSEWHERE = uuid.UUID(int=1), uuid.UUID(int=2)
TODAY = datetime(2026, 3, 2, tzinfo=UTC)
EDGE = timedelta(microseconds=1)
DAY = timedelta(days=1)
INSTANTS = [TODAY + number * DAY + step * EDGE for number in (-5, -4, -2, -1, 0, 1) for step in (-1, 0, 1)]
WINDOWS = [
    (TODAY - 6 * DAY, TODAY + 2 * DAY),
    (TODAY - 4 * DAY, TODAY - 2 * DAY),
    (TODAY - 4 * DAY + EDGE, TODAY - EDGE),
    (TODAY - 2 * DAY, TODAY - 2 * DAY + timedelta(hours=1)),
]
PAIRS = (
    (questions.select_executions_by_status, executions.select_executions_by_status, {}),
    (questions.select_executions_by_agent, executions.select_executions_by_agent, {}),
    (questions.select_success_rate, executions.select_success_rate, {}),
    (questions.select_success_rate_by_agent, executions.select_success_rate_by_agent, {}),
    (questions.select_runs_over_time, series.select_runs_over_time, {"bucket": Bucket.DAY}),
    (questions.select_runs_over_time, series.select_runs_over_time, {"bucket": Bucket.WEEK}),
    (
        questions.select_runs_over_time,
        series.select_runs_over_time,
        {"bucket": Bucket.DAY, "agent_id": uuid.UUID(int=0xA1)},
    ),
    (questions.select_rolling_failure_rate, series.select_rolling_failure_rate, {}),
    (
        questions.select_rolling_failure_rate,
        series.select_rolling_failure_rate,
        {"agent_id": uuid.UUID(int=0xA2)},
    ),
    (questions.select_week_over_week, series.select_week_over_week, {}),
    (questions.select_week_over_week, series.select_week_over_week, {"agent_id": uuid.UUID(int=0xA1)}),
    (questions.select_leaderboard, maturity.select_leaderboard, {"limit": 3}),
)


def plain(rows):
    return [tuple(round(value, 9) if isinstance(value, float) else value for value in row) for row in rows]


def answers(session, place, *, workspace_id=HERE, windows=WINDOWS):
    return [
        plain(session.execute(filled(pair[place], pair[2], workspace_id=workspace_id, since=since, until=until)))
        for pair in PAIRS
        for since, until in windows
    ]


def filled(builder, options, **scope):
    """Build a question; that of all history takes no window."""
    takes = inspect.signature(builder).parameters
    return builder(**{name: value for name, value in scope.items() if name in takes}, **options)


def check(session, windows=WINDOWS[:1]):
    assert answers(session, 0, windows=windows) == answers(session, 1, windows=windows)


def run(number, *, agent, status, created, seconds):
    return {
        "id": uuid.UUID(int=0xE00 + number),
        "workspace_id": ELSEWHERE if agent == 4 else HERE,
        "agent_id": uuid.UUID(int=0xA0 + agent),
        "status": status,
        "triggered_by": "manual",
        "created_at": created,
        "duration_seconds": seconds,
    }


of_a_run = {
    "agent": st.integers(0, 4),
    "status": st.sampled_from(list(ExecutionStatus)),
    "created": st.sampled_from(INSTANTS),
    "seconds": st.sampled_from([None, 0, 0.1, 1 / 3, 2.5, 86400]),
}
a_run = st.fixed_dictionaries(of_a_run)
NUMBERS = st.integers(0, 4)
steps = st.one_of(
    st.tuples(st.just("write"), NUMBERS, a_run),
    st.tuples(st.just("delete"), NUMBERS, st.none()),
    st.tuples(st.just("move all"), st.sampled_from(INSTANTS), st.none()),
    st.tuples(st.just("refresh"), st.sampled_from([1, 2, None]), st.none()),
    st.tuples(st.just("disable"), st.none(), st.none()),
)


def take(session, step):
    kind, which, values = step
    if kind == "refresh":
        rollup.refresh(session, workspace_id=HERE, limit=which)
        return
    if kind == "disable":
        rollup.disable(session)
    elif kind == "move all":
        session.execute(sa.update(AgentExecution).values(created_at=which))
    else:
        row = AgentExecution.id == uuid.UUID(int=0xE00 + which)
        known = session.scalar(sa.select(sa.func.count()).where(row))
        if kind == "delete":
            session.execute(sa.delete(AgentExecution).where(row))
        elif known:
            session.execute(sa.update(AgentExecution).where(row).values(**run(which, **values)))
        else:
            session.execute(sa.insert(AgentExecution).values(**run(which, **values)))


@settings(settings.get_profile("histories"))
@given(
    first=st.lists(a_run, min_size=5, max_size=5),
    history=st.lists(steps, min_size=1, max_size=6),
    window=st.sampled_from(WINDOWS),
)
def test_any_history_gives_the_direct_answers(session, population, first, history, window):
    del population
    session.execute(sa.delete(AgentExecution))
    rollup.disable(session)
    session.execute(sa.insert(AgentExecution), [run(number, **values) for number, values in enumerate(first)])
    rollup.refresh(session, workspace_id=HERE)
    for step in history:
        take(session, step)
    check(session, [window])
    rollup.refresh(session, workspace_id=HERE)
    check(session, [window])


@pytest.fixture
def week(session, population):
    """A run of every status a day, for the week up to today."""
    del population
    rows = [
        run(10 * back + place, agent=place % 4, status=status, created=TODAY - back * DAY, seconds=back + 0.5)
        for back in range(8)
        for place, status in enumerate(ExecutionStatus)
    ]
    session.execute(sa.insert(AgentExecution), rows)
    session.flush()


def answer(session):
    statement = questions.select_success_rate(workspace_id=HERE, since=TODAY - 7 * DAY, until=TODAY)
    return tuple(session.execute(statement).one())


@pytest.mark.usefixtures("week")
def test_a_refresh_adds_up_every_day_before_today_once(session):
    assert rollup.refresh(session, workspace_id=HERE) == 7
    assert rollup.refresh(session, workspace_id=HERE) == 0
    assert session.scalar(sa.select(sa.func.count(ExecutionDayBuilt.day))) == 7
    assert session.scalar(sa.select(sa.func.sum(ExecutionDay.runs))) == 49


@pytest.mark.usefixtures("week")
def test_only_changed_days_are_added_up_again(session):
    rollup.refresh(session, workspace_id=HERE)
    session.execute(sa.delete(AgentExecution).where(AgentExecution.created_at == TODAY - 3 * DAY))
    assert service.stale_days(session, workspace_id=HERE) == [TODAY - 3 * DAY]
    assert rollup.refresh(session, workspace_id=HERE) == 1


@pytest.mark.usefixtures("week")
def test_days_begin_with_the_first_run_of_the_workspace(session):
    theirs = run(97, agent=4, status="completed", created=TODAY - 20 * DAY, seconds=1)
    session.execute(sa.insert(AgentExecution).values(**theirs))
    assert rollup.refresh(session, workspace_id=HERE) == 7
    assert rollup.refresh(session, workspace_id=ELSEWHERE) == 20


@pytest.mark.usefixtures("week")
def test_a_day_that_changed_often_is_listed_once(session):
    rollup.refresh(session, workspace_id=HERE)
    of_the_day = AgentExecution.created_at == TODAY - 3 * DAY
    for seconds in (1.0, 2.0):
        session.execute(sa.update(AgentExecution).where(of_the_day).values(duration_seconds=seconds))
    changed = builder.select_days_changed(workspace_id=HERE)
    assert session.scalars(changed).all() == [TODAY - 3 * DAY]


@pytest.mark.usefixtures("week")
def test_a_day_that_is_added_up_again_leaves_the_notes_of_others(session):
    rollup.refresh(session, workspace_id=HERE)
    earlier = AgentExecution.created_at < TODAY - 4 * DAY
    session.execute(sa.update(AgentExecution).where(earlier).values(duration_seconds=1.0))
    assert rollup.refresh(session, workspace_id=HERE, limit=1) == 1
    assert service.stale_days(session, workspace_id=HERE) == [TODAY - 6 * DAY, TODAY - 5 * DAY]
    check(session)


@pytest.mark.usefixtures("week")
def test_triggers_of_another_text_are_replaced_and_their_sums_forgotten(session):
    rollup.refresh(session, workspace_id=HERE)
    connection = session.connection()
    if connection.dialect.name == "sqlite":
        for row in ("new", "old"):
            name = f"agent_execution_notes_day_update_{row}"
            connection.exec_driver_sql(f"DROP TRIGGER {name}")
            connection.exec_driver_sql(
                f"CREATE TRIGGER {name} AFTER UPDATE ON agent_execution BEGIN SELECT 1; END"
            )
    else:
        connection.exec_driver_sql(
            "CREATE OR REPLACE FUNCTION agent_execution_notes() RETURNS trigger LANGUAGE plpgsql AS "
            "$$ BEGIN RETURN NULL; END $$"
        )
    session.execute(sa.update(AgentExecution).values(duration_seconds=1.0))
    assert rollup.refresh(session, workspace_id=HERE) > 1
    assert triggers.are_current(session.connection())
    check(session, WINDOWS)


@pytest.mark.usefixtures("week")
def test_verify_finds_and_mends_wrong_sums(session):
    rollup.refresh(session, workspace_id=HERE)
    right = rollup.verify(session, workspace_id=HERE)
    assert right.days > 1
    assert right.wrong == 0
    days = session.scalars(sa.select(ExecutionDay.day).distinct().order_by(ExecutionDay.day).limit(2)).all()
    session.execute(sa.update(ExecutionDay).where(ExecutionDay.day == days[0]).values(runs=ExecutionDay.runs + 1))
    session.execute(sa.update(ExecutionDayLevel).where(ExecutionDayLevel.day == days[1]).values(peak=99))
    assert rollup.verify(session, workspace_id=HERE).wrong == 2
    assert rollup.verify(session, workspace_id=HERE).wrong == 0
    check(session, WINDOWS)


@pytest.mark.usefixtures("week")
def test_sums_of_another_workspace_stay_out(session):
    theirs = [
        run(100 + back, agent=4, status="completed", created=TODAY - back * DAY, seconds=9) for back in range(8)
    ]
    session.execute(sa.insert(AgentExecution), theirs)
    for workspace_id in (ELSEWHERE, HERE):
        rollup.refresh(session, workspace_id=workspace_id)
        check(session, WINDOWS)


@pytest.mark.usefixtures("week")
def test_a_change_concerns_its_day_and_workspace_alone(session):
    theirs = run(97, agent=4, status="completed", created=TODAY - 2 * DAY, seconds=1)
    session.execute(sa.insert(AgentExecution).values(**theirs))
    for workspace_id in (HERE, ELSEWHERE):
        rollup.refresh(session, workspace_id=workspace_id)
    honest = answer(session)[0]
    session.execute(sa.update(ExecutionDay).values(runs=ExecutionDay.runs + 1))  # so that sums show
    longer = sa.update(AgentExecution).values(duration_seconds=99.0)
    session.execute(longer.where(AgentExecution.workspace_id == ELSEWHERE))
    assert answer(session)[0] == honest + 7 * 7
    session.execute(longer.where(AgentExecution.created_at == TODAY - 3 * DAY))
    assert answer(session)[0] == honest + 6 * 7


@pytest.mark.usefixtures("week")
def test_runs_that_took_equally_long_are_each_counted(session):
    twins = [run(100 + n, agent=0, status="completed", created=TODAY - 3 * DAY, seconds=50) for n in range(2)]
    session.execute(sa.insert(AgentExecution), twins)
    check(session)
    rollup.refresh(session, workspace_id=HERE)
    check(session)


@pytest.mark.usefixtures("week")
def test_a_refresh_can_be_done_in_parts(session):
    assert [rollup.refresh(session, workspace_id=HERE, limit=3) for _ in range(4)] == [3, 3, 1, 0]


@pytest.mark.usefixtures("week")
def test_sums_are_read_until_a_day_changes(session):
    rollup.refresh(session, workspace_id=HERE)
    honest = answer(session)
    session.execute(sa.update(ExecutionDay).values(runs=ExecutionDay.runs + 1))
    assert answer(session)[0] == honest[0] + 49
    session.execute(sa.update(AgentExecution).values(duration_seconds=1.0))
    assert answer(session) == honest


@pytest.mark.usefixtures("week")
def test_every_question_takes_sums_where_there_are_some(session):
    rollup.refresh(session, workspace_id=HERE)
    session.execute(sa.delete(ExecutionDay))  # days that were added up, and say that nothing ran
    added_up, direct = (answers(session, place, windows=[(TODAY - 7 * DAY, TODAY)]) for place in (0, 1))
    assert not [pair for pair, sums, runs in zip(PAIRS, added_up, direct, strict=True) if sums == runs]


@pytest.mark.parametrize("bucket", [Bucket.HOUR, Bucket.FIVE_MINUTES])
def test_sums_of_days_say_nothing_of_hours(bucket):
    with pytest.raises(InvalidValueError, match="whole days"):
        questions.select_runs_over_time(workspace_id=HERE, since=TODAY - DAY, until=TODAY, bucket=bucket)


@pytest.mark.usefixtures("week")
def test_nothing_is_noted_before_the_first_refresh_nor_after_disabling(session):
    assert sa.inspect(session.connection()).has_table("execution_day_change")
    notes = sa.text("SELECT count(*) FROM execution_day_change")
    assert session.scalar(notes) == 0
    rollup.refresh(session, workspace_id=HERE)
    session.execute(sa.update(AgentExecution).values(duration_seconds=1.0))
    assert session.scalar(notes) > 0
    rollup.disable(session)
    session.execute(sa.update(AgentExecution).values(duration_seconds=2.0))
    assert session.scalar(notes) == 0
    check(session)


ONE = AgentExecution.id == uuid.UUID(int=0xE00 + 33)
CHANGES = {
    "insert": sa.insert(AgentExecution).values(
        **run(99, agent=1, status="failed", created=TODAY - 3 * DAY, seconds=7)
    ),
    "delete": sa.delete(AgentExecution).where(ONE),
    "status": sa.update(AgentExecution).where(ONE).values(status="failed"),
    "duration": sa.update(AgentExecution).where(ONE).values(duration_seconds=99),
    "no duration": sa.update(AgentExecution).where(ONE).values(duration_seconds=None),
    "another day": sa.update(AgentExecution).where(ONE).values(created_at=TODAY - 5 * DAY),
    "another agent": sa.update(AgentExecution).where(ONE).values(agent_id=uuid.UUID(int=0xA1)),
    "another workspace": sa.update(AgentExecution)
    .where(ONE)
    .values(workspace_id=ELSEWHERE, agent_id=uuid.UUID(int=0xA4)),
}


@pytest.mark.usefixtures("week")
@pytest.mark.parametrize("change", CHANGES.values(), ids=list(CHANGES))
def test_every_type_of_change_makes_its_day_stale(session, change):
    rollup.refresh(session, workspace_id=HERE)
    before = answers(session, 0)
    session.execute(change)
    assert answers(session, 0) != before
    check(session)
    rollup.refresh(session, workspace_id=HERE)
    check(session, WINDOWS)


@pytest.mark.usefixtures("week")
def test_a_window_may_begin_and_end_within_a_day(session):
    rollup.refresh(session, workspace_id=HERE)
    noon = timedelta(hours=12)
    moved = run(98, agent=2, status="completed", created=TODAY - 3 * DAY + noon, seconds=1)
    session.execute(sa.insert(AgentExecution).values(**moved))
    rollup.refresh(session, workspace_id=HERE)
    for step in (-EDGE, EDGE):
        check(session, [(TODAY - 6 * DAY, TODAY - 3 * DAY + noon + step), (TODAY - 3 * DAY + noon + step, TODAY)])


@pytest.fixture
def database(scratch_database):
    """A real database with two agents and a year of days."""
    engine = create_engine(scratch_database.url)
    with Session(engine) as session, session.begin():
        for number, id_ in enumerate((HERE, ELSEWHERE)):
            session.execute(sa.insert(Workspace), [{"id": id_, "name": str(number)}])
        session.execute(
            sa.insert(Agent),
            [
                {
                    "id": uuid.UUID(int=0xA0 + number),
                    "workspace_id": ELSEWHERE if number == 4 else HERE,
                    "name": "a",
                    "category": "c",
                    "module_path": "m",
                    "class_name": str(number),
                }
                for number in range(5)
            ],
        )
        session.execute(
            sa.insert(AgentExecution),
            [
                run(n, agent=n % 5, status="completed", created=TODAY - (n % 9) * DAY, seconds=n / 8)
                for n in range(200)
            ],
        )
    yield engine
    engine.dispose()


@pytest.mark.kill
def test_a_killed_refresh_leaves_whole_days(database, scratch_database, killed_refresh):
    ends = []
    with Session(database) as session:
        for statements in range(24):
            rollup.refresh(session, workspace_id=HERE)
            session.execute(sa.update(AgentExecution).values(duration_seconds=statements + 1))
            session.commit()  # every day has changed
            window = {"since": TODAY, "until": TODAY}
            ends.append(
                killed_refresh("sums", scratch_database.url, statements, workspace=HERE, now=TODAY, **window)
            )
            check(session, [(TODAY - 9 * DAY, TODAY)])
            session.rollback()
    assert set(ends) == {-signal.SIGKILL}


def test_a_change_that_is_not_committed_yet_is_not_forgotten(database):
    late = sa.update(AgentExecution).where(AgentExecution.created_at == TODAY - 3 * DAY).values(status="failed")
    with Session(database) as refresher, closing(Session(database)) as writer:
        rollup.refresh(refresher, workspace_id=HERE)
        writer.execute(late)
        if database.dialect.name == "sqlite":
            writer.commit()  # one writer at a time: a refresh would wait for it
        assert rollup.refresh(refresher, workspace_id=HERE) <= 1
        refresher.commit()
        writer.commit()
        check(refresher)
        rollup.refresh(refresher, workspace_id=HERE)
        check(refresher)
