"""Workflows of one week that failed, attempts that did, executions that hang; counts of all."""

from __future__ import annotations

import uuid
from datetime import timedelta

import pytest

from controlplane.analytics.questions.failures import select_step_errors, select_workflow_failures
from controlplane.analytics.questions.record_lists import select_stuck_workflow_executions
from controlplane.analytics.questions.series import select_workflow_runs_over_time
from controlplane.analytics.questions.workflows import select_workflow_executions_by_status
from controlplane.analytics.sql.buckets import Bucket

pytestmark = pytest.mark.seed("causes")

BILLING = uuid.UUID(int=0xC0001)
HOUR = timedelta(hours=1)
EVERY = (
    (select_workflow_failures, {}),
    (select_step_errors, {"limit": 20}),
    (select_workflow_executions_by_status, {}),
    (select_workflow_runs_over_time, {"bucket": Bucket.DAY}),
)
questions = pytest.mark.parametrize(("builder", "options"), EVERY, ids=[each[0].__name__ for each in EVERY])


@questions
def test_of_one_week(ask, golden, builder, options):
    assert ask(builder, **options).all() == golden


@questions
def test_of_one_workflow(ask, golden, builder, options):
    assert ask(builder, workflow_id=BILLING, **options).all() == golden.rows


@questions
def test_of_the_neighbour(ask, world, golden, builder, options):
    assert ask(builder, workspace_id=world.neighbour, **options).all() == golden.rows


@pytest.mark.parametrize(("builder", "options"), EVERY[:3], ids=[each[0].__name__ for each in EVERY[:3]])
def test_over_all_history(ask, golden, builder, options):
    assert ask(builder, since=None, until=None, **options).all() == golden.rows


def test_failures_are_grouped_by_workflow_step_and_type(ask):
    found = {tuple(row[:3]): row.failures for row in ask(select_workflow_failures)}
    assert found == {
        ("Billing", "fetch", "OSError"): 2,
        ("Billing", "fetch", None): 1,
        ("Billing", None, None): 1,
        ("Onboarding", "hello", "OSError"): 1,
        ("Onboarding", "quiz", "OSError"): 1,
        ("Onboarding", "quiz", "oserror"): 1,
        ("billing", "fetch", "OSError"): 1,
    }


def test_the_most_frequent_step_errors(ask):
    rows = ask(select_step_errors, limit=2).all()
    assert tuple(rows[0][:5]) == (
        "Billing",
        "fetch",
        "OSError",
        3,
        2,
    )  # two attempts of one execution, one of another


def test_executions_per_status(ask):
    counts = {row.status: row.executions for row in ask(select_workflow_executions_by_status)}
    assert (counts["failed"], counts["running"], counts["compensating"]) == (8, 5, 1)


def test_stuck_executions(ask, world, golden):
    rows = ask(select_stuck_workflow_executions, now=world.next_monday, longer_than=HOUR).all()
    assert rows == golden
    numbers = [row.id.int - 0xC3000 for row in rows]
    assert numbers == [0x113, 0x114, 0x005, 0x111]  # not the one that hangs for exactly an hour


def test_stuck_executions_of_one_workflow(ask, world, golden):
    options = {"now": world.next_monday, "longer_than": HOUR, "workflow_id": BILLING}
    assert ask(select_stuck_workflow_executions, **options).all() == golden.rows


def test_stuck_executions_of_the_neighbour(ask, world, golden):
    options = {"now": world.next_monday, "longer_than": HOUR, "workspace_id": world.neighbour}
    assert ask(select_stuck_workflow_executions, **options).all() == golden.rows
