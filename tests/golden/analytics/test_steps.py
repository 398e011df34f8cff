"""Steps of one week: retried, skipped, never reached, on the path that held up the end."""

from __future__ import annotations

import statistics
import uuid

import pytest

from controlplane import actions
from controlplane.analytics.questions.critical_paths import select_critical_paths
from controlplane.analytics.questions.steps import (
    select_branch_frequencies,
    select_slowest_steps,
    select_step_performance,
)
from controlplane.models import WorkflowStepExecution

pytestmark = pytest.mark.seed("workflow_history")

BILLING = uuid.UUID(int=0xC0001)


def execution(number):
    return uuid.UUID(int=0xC3000 + number)


def test_step_performance(ask, golden):
    rows = ask(select_step_performance).all()
    assert rows == golden
    of = {(row.workflow, row.step_key): row for row in rows}
    fetch = of["Billing", "fetch"]
    assert (fetch.visits, fetch.attempts) == (5, 8)  # one visit took two attempts, one three; no compensation
    assert fetch.retry_rate == pytest.approx(2 / 5)
    assert fetch.mean_seconds == pytest.approx(statistics.mean([20, 5, 10, 10]))
    assert of["Billing", "hold"].skip_rate == pytest.approx(1 / 3)
    assert of["Onboarding", "quiz"].visits == 3  # the item of a map is not a visit
    assert tuple(of["Billing", "archive"][3:]) == (0, 0, None, None, None)


def test_step_that_never_started_is_not_an_attempt(ask, add, world, golden):
    common = {
        "kind": "http",
        "step_key": "fetch",
        "position": 0,
        "idempotency_key": "",
        "created_at": world.monday,
    }
    tries = (  # failed, and its retry called off; waits for its turn; failed, and its retry waits
        {"id": 0xC4F01, "execution_id": execution(3), "step_key": "archive", "attempt": 1, "status": "failed"},
        {"id": 0xC4F02, "execution_id": execution(3), "step_key": "archive", "attempt": 2, "status": "skipped"},
        {"id": 0xC4F03, "execution_id": execution(5), "step_key": "archive", "attempt": 1, "status": "pending"},
        {"id": 0xC4F04, "execution_id": execution(4), "step_key": "archive", "attempt": 1, "status": "failed"},
        {"id": 0xC4F05, "execution_id": execution(4), "step_key": "archive", "attempt": 2, "status": "pending"},
    )
    add(WorkflowStepExecution, *(common | each for each in tries))
    rows = ask(select_step_performance, workflow_id=BILLING).all()
    assert rows == golden.rows
    assert [tuple(row[3:]) for row in rows if row.step_key == "archive"] == [(3, 2, None, 0, 0)]


def test_mean_counts_completed_attempts_that_were_undone(ask, add, world, golden):
    common = {
        "kind": "task",
        "step_key": "archive",
        "position": 0,
        "idempotency_key": "",
        "created_at": world.monday,
    }
    tries = (
        {"id": 0xC4F01, "execution_id": execution(3), "status": "compensated", "duration_seconds": 400.0},
        {"id": 0xC4F02, "execution_id": execution(4), "status": "completed", "duration_seconds": 100.0},
        {"id": 0xC4F03, "execution_id": execution(5), "status": "failed", "duration_seconds": 7.0},
        {"id": 0xC4F04, "execution_id": execution(3), "status": "completed", "role": "compensation"},
    )
    add(WorkflowStepExecution, *(common | {"attempt": 1} | each for each in tries))
    rows = ask(select_step_performance, workflow_id=BILLING).all()
    slowest = ask(select_slowest_steps, workflow_id=BILLING, limit=1).all()
    assert slowest == golden.rows
    assert [row.mean_seconds for row in rows if row.step_key == "archive"] == [statistics.mean([400, 100])]
    assert [(row.step_key, row.samples, row.maximum) for row in slowest] == [("archive", 2, 400)]


def test_step_performance_of_one_workflow(ask, golden):
    rows = ask(select_step_performance, workflow_id=BILLING).all()
    assert rows == golden.rows
    assert {row.workflow for row in rows} == {"Billing"}


def test_step_performance_in_an_empty_window(ask, world, golden):
    assert ask(select_step_performance, until=world.monday).all() == golden.rows


def test_step_performance_of_the_neighbour(ask, world, golden):
    assert ask(select_step_performance, workspace_id=world.neighbour).all() == golden.rows


def test_the_slowest_steps(ask, golden):
    rows = ask(select_slowest_steps, limit=3).all()
    assert rows == golden
    assert [(row.step_key, row.mean) for row in rows] == [
        ("hold", statistics.mean([100, 18])),
        ("send", statistics.mean([30, 20])),
        ("fetch", pytest.approx(11.25)),
    ]


def test_the_slowest_steps_with_equal_means(ask, golden):
    rows = ask(select_slowest_steps, limit=20).all()
    assert rows == golden.rows
    assert [(row.workflow, row.step_key) for row in rows if row.mean == 0] == [
        ("Billing", "close"),
        ("Billing", "decide"),
        ("Onboarding", "quiz"),
        ("billing", "fetch"),
    ]


def test_the_slowest_steps_of_one_workflow(ask, golden):
    assert ask(select_slowest_steps, limit=1, workflow_id=BILLING, since=None, until=None).all() == golden.rows


def test_branches(ask, golden):
    rows = ask(select_branch_frequencies).all()
    assert rows == golden.rows
    assert [(row.branch, row.times, row.share) for row in rows] == [
        ("send", 2, 0.5),
        ("hold", 1, 0.25),
        (None, 1, 0.25),
    ]


def test_branches_of_one_workflow_over_all_history(ask, golden):
    rows = ask(select_branch_frequencies, since=None, until=None, workflow_id=BILLING).all()
    assert rows == golden
    assert rows[0].times == 3


def test_branches_without_decisions(ask, world):
    assert ask(select_branch_frequencies, workspace_id=world.neighbour).all() == []


def test_critical_paths(ask, golden):
    rows = ask(select_critical_paths).all()
    assert rows == golden.rows


def test_a_critical_path_goes_through_the_branch_that_ended_last(ask, golden):
    rows = ask(select_critical_paths, execution_id=execution(1)).all()
    assert rows == golden
    assert [row.step_key for row in rows] == ["close", "send", "decide", "fetch"]
    # `close` began 5 s after `send` had ended, and `send` 5 s after `decide`: both waits are held time
    assert [row.held_seconds for row in rows] == [5, 35, 0, 20]


def test_a_critical_path_counts_attempts_from_the_first(ask, golden):
    rows = ask(select_critical_paths, execution_id=execution(2)).all()
    assert rows == golden.rows
    assert [(row.step_key, row.held_seconds) for row in rows] == [
        ("close", 0),
        ("hold", 100),
        ("decide", 0),
        ("fetch", 20),
    ]


def test_of_branches_that_end_together_the_one_that_began_last_counts(ask, golden):
    rows = ask(select_critical_paths, execution_id=execution(3)).all()
    assert rows == golden.rows
    # `send` and `hold` ended in the same microsecond
    assert [(row.step_key, row.held_seconds) for row in rows] == [
        ("close", 0),
        ("hold", 20),
        ("decide", 0),
        ("fetch", 10),
    ]


def test_an_execution_without_ended_steps_has_no_critical_path(ask):
    assert ask(select_critical_paths, execution_id=execution(0x14)).all() == []


BRANCHES = """
name: branches
steps:
  - key: size
    kind: condition
    branches: [{name: large, when: "input.n > 100", then: [large]}]
    default: [small]
  - {key: large, kind: task, action: echo}
  - {key: small, kind: task, action: echo}
  - {key: end, kind: join, depends_on: [large, small]}
"""


def test_a_critical_path_goes_back_through_the_condition_that_opened_a_branch(flow, ask, golden):
    with actions.registered(echo=lambda parameters, *, idempotency_key: parameters):
        run = flow.run(BRANCHES, input_data={"n": 1000})
    rows = ask(select_critical_paths, since=None, until=None, execution_id=run.id).all()
    assert rows == golden.rows
    assert [row.step_key for row in rows] == ["end", "large", "size"]
