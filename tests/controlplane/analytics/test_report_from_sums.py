"""The report of a workspace that keeps daily sums: every byte of it that of one that keeps none."""

from __future__ import annotations

import io
import json
import uuid
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa

from controlplane.analytics import rollup
from controlplane.analytics.questions.registry import QUESTIONS, Scope
from controlplane.analytics.report.build import Form, collect, write_report
from controlplane.models import AgentExecution, ExecutionDay, ExecutionDayLevel

pytestmark = pytest.mark.seed(
    "governance_history", "workflow_history", "debug_history", "canvas_history", "lifecycle_history"
)
HERE, ELSEWHERE = uuid.UUID(int=1), uuid.UUID(int=2)
MONDAY = datetime(2026, 1, 5, tzinfo=UTC)
WEEK = Scope(
    workspace_id=HERE, since=MONDAY, until=MONDAY + timedelta(days=7), now=MONDAY + timedelta(days=7), limit=3
)
SCOPES = {
    "a week": WEEK,
    "half a year": replace(WEEK, since=MONDAY - timedelta(days=100), until=MONDAY + timedelta(days=50)),
    "from within a day to within another": replace(
        WEEK, since=MONDAY + timedelta(hours=6, minutes=30), until=MONDAY + timedelta(days=4, hours=8, minutes=15)
    ),
    "two days": replace(WEEK, until=MONDAY + timedelta(days=2)),
    "a week in Berlin": replace(WEEK, timezone="Europe/Berlin"),
}
WINDOWED = {"success_rate", "executions_by_status", "executions_by_agent", "success_rate_by_agent", "leaderboard"}
CUT = {"runs_over_time", "concurrency"}
ROLLED = {"rolling_failure_rate", "week_over_week"}
SUMMED = {
    "a week": WINDOWED | ROLLED | CUT,
    "half a year": WINDOWED | ROLLED | CUT,
    "from within a day to within another": WINDOWED | ROLLED | CUT,
    "two days": WINDOWED | ROLLED,  # shown by the hour
    "a week in Berlin": WINDOWED,
}
every_scope = pytest.mark.parametrize("name", SCOPES)


def all_added_up(session):
    rollup.refresh(session, workspace_id=HERE)


def some_added_up(session):
    rollup.refresh(session, workspace_id=HERE, limit=4)


def changed_since(session):
    """Runs come, go and change on days that were added up."""
    all_added_up(session)
    run = AgentExecution
    session.execute(sa.delete(run).where(run.created_at == MONDAY + timedelta(days=3)))
    session.execute(
        sa.update(run).where(run.created_at < MONDAY + timedelta(days=1)).values(duration_seconds=1.75)
    )
    saturday = MONDAY + timedelta(days=5)
    goes_on = sa.and_(run.completed_at.is_(None), run.started_at < saturday)
    session.execute(sa.update(run).where(goes_on).values(completed_at=saturday))
    session.execute(
        sa.insert(run).values(
            workspace_id=HERE,
            agent_id=uuid.UUID(int=0xA0001),
            status="failed",
            triggered_by="manual",
            created_at=MONDAY + timedelta(days=2, hours=3),
        )
    )


def report_of(session, scope, form):
    file = io.StringIO()
    write_report(session, scope=scope, form=form, file=file)
    return file.getvalue()


def from_sums(session, scope):
    """The questions whose statement reads sums."""
    statements = []
    listener = lambda *event: statements.append(event[2])  # noqa: E731
    sa.event.listen(session.get_bind(), "before_cursor_execute", listener)
    collect(session, scope=scope)
    sa.event.remove(session.get_bind(), "before_cursor_execute", listener)
    asked = zip(QUESTIONS, statements[-len(QUESTIONS) :], strict=True)
    return {question.key for question, statement in asked if "execution_day" in statement}


def is_the_same(session, scope, *forms):
    summed = [report_of(session, scope, form) for form in forms]
    assert from_sums(session, scope)
    rollup.disable(session)
    assert not from_sums(session, scope)
    assert summed == [report_of(session, scope, form) for form in forms]


@every_scope
def test_not_a_byte_differs(session, name):
    changed_since(session)
    is_the_same(session, SCOPES[name], Form.JSON)


@pytest.mark.parametrize("kept", [all_added_up, some_added_up])
def test_nor_does_one_on_the_page(session, kept):
    kept(session)
    is_the_same(session, WEEK, Form.JSON, Form.HTML)


@every_scope
def test_sums_are_asked_where_the_answer_is_cut_into_days_of_utc(session, name):
    all_added_up(session)
    assert from_sums(session, SCOPES[name]) == SUMMED[name]


def test_nothing_else_changes_when_sums_do(session):
    """Only what is asked of sums is wrong when they are."""
    all_added_up(session)
    honest = json.loads(report_of(session, WEEK, Form.JSON))["answers"]
    session.execute(sa.delete(ExecutionDay))
    wrong = json.loads(report_of(session, WEEK, Form.JSON))["answers"]
    assert {key for key in honest if honest[key] != wrong[key]} == SUMMED["a week"] - {"concurrency"}
    session.execute(sa.update(ExecutionDayLevel).values(peak=ExecutionDayLevel.peak + 1))
    wrong = json.loads(report_of(session, WEEK, Form.JSON))["answers"]
    assert {key for key in honest if honest[key] != wrong[key]} == SUMMED["a week"]


def test_sums_of_another_workspace_are_its_own(session):
    rollup.refresh(session, workspace_id=ELSEWHERE)
    assert not from_sums(session, WEEK)
    assert from_sums(session, replace(WEEK, workspace_id=ELSEWHERE))
