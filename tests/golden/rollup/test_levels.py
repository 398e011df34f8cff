"""Runs under way from kept levels, some days of which have changed since, beside the direct answer."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime

import pytest
import sqlalchemy as sa

from controlplane.analytics import rollup
from controlplane.analytics.questions import concurrency
from controlplane.analytics.rollup import concurrency_by_day
from controlplane.analytics.sql.buckets import Bucket
from controlplane.models import AgentExecution

HERE = uuid.UUID(int=1)
WEEK = {
    "workspace_id": HERE,
    "since": datetime(2026, 1, 5, tzinfo=UTC),
    "until": datetime(2026, 1, 12, tzinfo=UTC),
    "now": datetime(2026, 1, 11, 23, tzinfo=UTC),
}
pytestmark = pytest.mark.seed("executions")
buckets = pytest.mark.parametrize("bucket", [Bucket.DAY, Bucket.WEEK])


def ask(session, module, bucket):
    return session.execute(module.select_concurrency(**WEEK, bucket=bucket)).all()


@buckets
def test_before_any_refresh(session, golden, bucket):
    rows = ask(session, concurrency_by_day, bucket)
    assert session == golden.sql
    assert rows == ask(session, concurrency, bucket)


@pytest.fixture
def kept(session):
    """The levels of every day, kept before anything is recorded."""
    rollup.refresh(session, workspace_id=HERE)


def end_on_saturday(session):
    """End a run of Friday; it was kept as one that went on."""
    ends = sa.update(AgentExecution).where(AgentExecution.id == uuid.UUID(int=0xE0022))
    session.execute(ends.values(completed_at=datetime(2026, 1, 10, 12, tzinfo=UTC), status="completed"))


@pytest.mark.usefixtures("kept")
def test_end_of_run_is_noted_as_change(session, golden):
    with golden.step("a run of Friday ends on Saturday"):
        end_on_saturday(session)
    assert session == golden.state


@pytest.mark.usefixtures("kept")
@buckets
def test_from_levels(session, golden, bucket):
    end_on_saturday(session)
    rows = ask(session, concurrency_by_day, bucket)
    assert rows == golden.rows
    assert rows == ask(session, concurrency, bucket)


@pytest.mark.usefixtures("kept")
def test_weeks_from_levels(session, golden):
    weeks = WEEK | {"since": datetime(2025, 12, 31, tzinfo=UTC), "until": datetime(2026, 1, 21, 6, tzinfo=UTC)}
    asked = weeks | {"now": weeks["until"], "bucket": Bucket.WEEK}
    rows = session.execute(concurrency_by_day.select_concurrency(**asked)).all()
    assert rows == golden.rows
    assert rows == session.execute(concurrency.select_concurrency(**asked)).all()
    assert [row.start_at.day for row in rows] == [31, 5, 12, 19]
