"""The questions over daily sums, some days of which have changed since, beside the direct ones."""

from __future__ import annotations

import inspect
import uuid
from datetime import UTC, datetime

import pytest
import sqlalchemy as sa

from controlplane.analytics import rollup
from controlplane.analytics.questions import executions, series
from controlplane.analytics.questions.governance import maturity
from controlplane.analytics.rollup import questions
from controlplane.analytics.sql.buckets import Bucket
from controlplane.models import AgentExecution

pytestmark = pytest.mark.seed("executions")
WEEK = {
    "workspace_id": uuid.UUID(int=1),
    "since": datetime(2026, 1, 5, tzinfo=UTC),
    "until": datetime(2026, 1, 12, tzinfo=UTC),
}
THREE_WEEKS = {"since": datetime(2025, 12, 29, tzinfo=UTC), "until": datetime(2026, 1, 19, tzinfo=UTC)}


@pytest.fixture
def added_up(session):
    """Every day added up; then the runs of one day get another duration."""
    rollup.refresh(session, workspace_id=WEEK["workspace_id"])
    monday = AgentExecution.created_at < datetime(2026, 1, 6, tzinfo=UTC)
    session.execute(sa.update(AgentExecution).where(monday).values(duration_seconds=1.5))


def test_a_refresh(session, golden):
    with golden.step("refresh"):
        rollup.refresh(session, workspace_id=WEEK["workspace_id"], limit=2)
    assert session == golden.state


PAIRS = (
    (questions.select_executions_by_status, executions.select_executions_by_status, {}),
    (questions.select_executions_by_agent, executions.select_executions_by_agent, {}),
    (questions.select_success_rate, executions.select_success_rate, {}),
    (questions.select_success_rate_by_agent, executions.select_success_rate_by_agent, {}),
    (questions.select_runs_over_time, series.select_runs_over_time, {"bucket": Bucket.DAY}),
    (questions.select_rolling_failure_rate, series.select_rolling_failure_rate, {}),
    (questions.select_week_over_week, series.select_week_over_week, THREE_WEEKS),
    (questions.select_leaderboard, maturity.select_leaderboard, {"limit": 5}),
)
every_pair = pytest.mark.parametrize(
    ("builder", "direct", "options"), PAIRS, ids=[builder.__name__ for builder, _, _ in PAIRS]
)


def asked(session, builder, options):
    """Ask for the week; the leaderboard is of all history."""
    takes = inspect.signature(builder).parameters
    scope = {name: value for name, value in WEEK.items() if name in takes}
    return session.execute(builder(**scope | options)).all()


@every_pair
def test_before_any_refresh(session, golden, builder, direct, options):
    rows = asked(session, builder, options)
    assert session == golden.sql
    assert rows == asked(session, direct, options)


@pytest.mark.usefixtures("added_up")
@every_pair
def test_daily_sums_equal_the_direct_question(session, builder, direct, options):
    assert asked(session, builder, options) == asked(session, direct, options) != []


def test_select_whether_sums_are_kept(session, golden):
    kept = questions.select_is_kept(workspace_id=WEEK["workspace_id"])
    assert session.execute(kept) == golden("before")
    rows = session.execute(kept).all()
    rollup.refresh(session, workspace_id=uuid.UUID(int=2))
    assert session.execute(kept).all() == rows
    rollup.refresh(session, workspace_id=WEEK["workspace_id"])
    assert session.execute(kept) == golden.rows("after")
