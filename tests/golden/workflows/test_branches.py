"""Branches taken and not taken, joins, parallel steps, maps."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from controlplane.models import WorkflowStepExecution

pytestmark = pytest.mark.seed("users")

BRANCHES = """
name: branches
steps:
  - key: size
    kind: condition
    branches:
      - {name: large, when: "input.n > 100", then: [large]}
      - {name: medium, when: "input.n > 10", then: [medium]}
    default: [small]
  - {key: large, kind: task, action: echo, parameters: {size: large}}
  - {key: medium, kind: task, action: echo, parameters: {size: medium}}
  - {key: small, kind: task, action: echo, parameters: {size: small}}
  - {key: ship, kind: task, action: echo, depends_on: [large], parameters: {}}
  - {key: end, kind: join, depends_on: [ship, medium, small]}
outputs: {end: "${steps.end.output}"}
"""


@pytest.mark.parametrize(
    ("n", "end"),
    [(1000, {"ship": {}}), (50, {"medium": {"size": "medium"}}), (1, {"small": {"size": "small"}})],
    ids=["first", "second", "default"],
)
def test_the_first_true_branch_is_taken_and_the_join_runs_once(flow, session, golden, n, end):
    run = flow.start(BRANCHES, input_data={"n": n})
    with golden.step("run"):
        flow.drive()
    assert run.outputs == {"end": end}
    assert session == golden.changes


def test_a_join_that_no_branch_leads_to_is_skipped(flow, session, golden):
    text = """
    name: nowhere
    steps:
      - {key: check, kind: condition, branches: [{name: "yes", when: "input.go", then: [a, b]}]}
      - {key: a, kind: task, action: echo}
      - {key: b, kind: task, action: echo}
      - {key: end, kind: join, depends_on: [a, b]}
    """
    run = flow.start(text, input_data={"go": False})
    with golden.step("run"):
        flow.drive()
    assert str(run.status) == "completed"
    assert session == golden.changes


def test_a_broken_condition_is_an_error_of_the_step(flow, session, golden):
    run = flow.start(BRANCHES, input_data={"n": "many"})
    with golden.step("run"):
        flow.drive()
    assert (str(run.status), run.error_type) == ("failed", "ExpressionError")
    assert session == golden.changes


def test_parallel_steps_meet_in_a_join_in_definition_order(flow, session, golden):
    text = """
    name: parallel
    steps:
      - {key: fork, kind: parallel, branches: [left, right]}
      - {key: right, kind: task, action: echo, parameters: {side: right}}
      - {key: left, kind: task, action: double, parameters: {n: 2}}
      - {key: both, kind: join, depends_on: [left, right]}
    outputs: {both: "${steps.both.output}"}
    """
    run = flow.start(text)
    with golden.step("run"):
        flow.drive()
    session.refresh(run)
    assert [*run.outputs["both"].items()] == [("right", {"side": "right"}), ("left", {"n": 4})]
    assert session == golden.changes


def test_join_hands_its_outputs_to_the_next_step_in_definition_order(flow, session):
    text = """
    name: ordered
    outputs: {zone: "${steps.ask.output.zone}", area: 1, b: 2}
    steps:
      - {key: zulu, kind: task, action: echo, parameters: {n: 1}}
      - {key: alpha, kind: task, action: echo, parameters: {n: 2}}
      - {key: ask, kind: task, action: echo, parameters: {zone: 1, a: 2}}
      - {key: both, kind: join, depends_on: [alpha, ask, zulu]}
      - {key: next, kind: task, action: echo, depends_on: [both], parameters: {all: "${steps.both.output}"}}
    """
    run = flow.run(text)
    session.expire_all()
    query = select(WorkflowStepExecution).where(
        WorkflowStepExecution.execution_id == run.id, WorkflowStepExecution.step_key == "next"
    )
    step = session.scalars(query).one()
    assert [*step.input["parameters"]["all"]] == ["zulu", "alpha", "ask"]
    assert [*step.output["all"]] == ["zulu", "alpha", "ask"]
    assert [*step.output["all"]["ask"]] == ["zone", "a"]
    assert [*run.outputs] == ["zone", "area", "b"]


MAP = """
name: mapped
steps:
  - key: each
    kind: map
    over: "${input.numbers}"
    concurrency: 2
    body: {kind: task, action: double, parameters: {n: "${item}"}}
outputs: {all: "${steps.each.output}"}
"""


@pytest.mark.usefixtures("one_insert_per_table")
def test_a_map_runs_its_body_per_item_and_collects_in_order(flow, session, golden):
    run = flow.start(MAP, input_data={"numbers": [3, 1, 2]})
    with golden.step("run"), golden.budget(exactly=44):
        flow.drive()
    assert run.outputs == {"all": [{"n": 6}, {"n": 2}, {"n": 4}]}
    assert session == golden.changes


def test_map_over_empty_list_completes_immediately(flow, session, golden):
    run = flow.start(MAP, input_data={"numbers": []})
    with golden.step("run"):
        flow.drive()
    assert run.outputs == {"all": []}
    assert session == golden.changes


def test_an_item_that_fails_fails_the_map_and_the_rest_is_not_begun(flow, session, golden):
    run = flow.start(MAP, input_data={"numbers": ["x", None, 2]})
    with golden.step("run"):
        flow.drive()
    assert (str(run.status), run.error_type) == ("failed", "TypeError")
    assert session == golden.changes
