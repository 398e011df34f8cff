"""How the questions over daily sums are run: a table of sums by its keys, runs by the window's index."""

from __future__ import annotations

import inspect
import uuid
from datetime import UTC, datetime, timedelta

import pytest

from controlplane.analytics.questions.governance import maturity
from controlplane.analytics.rollup import concurrency_by_day, questions
from controlplane.analytics.sql.buckets import Bucket
from pytest_query_snapshot.goldens.formats.plan import in_words

MONDAY = datetime(2026, 1, 5, tzinfo=UTC)
SCOPE = {
    "workspace_id": uuid.UUID(int=1),
    "since": MONDAY,
    "until": MONDAY + timedelta(days=7),
    "bucket": Bucket.DAY,
    "now": MONDAY + timedelta(days=7),
    "limit": 10,
}
BUILDERS = (
    questions.select_is_kept,
    questions.select_executions_by_status,
    questions.select_executions_by_agent,
    questions.select_success_rate,
    questions.select_success_rate_by_agent,
    questions.select_runs_over_time,
    questions.select_rolling_failure_rate,
    questions.select_week_over_week,
    questions.select_leaderboard,
    concurrency_by_day.select_concurrency,
)


def filled(builder):
    takes = inspect.signature(builder).parameters
    return builder(**{name: value for name, value in SCOPE.items() if name in takes})


STATEMENTS = {builder.__name__.removeprefix("select_"): filled(builder) for builder in BUILDERS}
INDEX = {name: "ix_agent_execution_window" for name in STATEMENTS if name != "is_kept"}
INDEX["concurrency"] = "ix_agent_execution_under_way"
CASES = (
    *((name, statement, None) for name, statement in STATEMENTS.items()),
    ("directly", filled(maturity.select_leaderboard), None),
)


@pytest.mark.parametrize("name", STATEMENTS)
def test_plan_of_question(planned, golden, name):
    assert planned(CASES)[name, None] == golden.plan


def ways(plan, table):
    """How a plan reads a table, in words."""
    told = (line.split(": ", 1) for line in in_words(plan.text).splitlines() if ": " in line)
    return [way for name, way in told if name == table]


@pytest.mark.parametrize("name", INDEX)
def test_runs_are_read_by_one_index(planned, name):
    plan = planned(CASES)[name, None]
    assert ways(plan, "agent_execution") == [f"only rows found by {INDEX[name]}, from the index alone"]


def test_check_notices_reads_that_sums_avoid(planned):
    """Directly, all runs of the workspace are read, whichever index they come from."""
    (way,) = ways(planned(CASES)["directly", None], "agent_execution")
    assert INDEX["leaderboard"] not in way
