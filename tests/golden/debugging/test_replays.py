"""What replays of executions write, and how they compare with the first."""

from __future__ import annotations

import json
from dataclasses import asdict

import pytest

from controlplane import actions

pytestmark = pytest.mark.seed("users")

ORDER = """
name: order
vars: {total: 0}
outputs: {total: "${vars.total}"}
steps:
  - {key: price, kind: task, action: add, parameters: {a: "${input.price}", b: 0}, save: {total: "${output}"}}
  - {key: gift, kind: task, action: add, when: "input.price > 100", depends_on: price, parameters: {a: 1, b: 1}}
  - {key: postage, kind: task, action: add, depends_on: price, parameters: {a: "${vars.total}", b: 5},
     save: {total: "${output}"}}
"""


@pytest.fixture(autouse=True)
def _actions():
    def add(parameters, *, idempotency_key):
        return parameters["a"] + parameters["b"]

    with actions.registered(add=add):
        yield


def replayed(desk, run, from_step=None, **options):
    made = desk.verb("replay", execution_id=run.id, from_step=from_step, engine=desk.engine, **options)
    desk.drive()
    return made


def test_replay_of_an_execution_that_was_not_debugged(desk, session, golden):
    run = desk.run(ORDER, input_data={"price": 10})
    version = desk.save(ORDER.replace("b: 5", "b: 7"))
    options = {"execution_id": run.id, "engine": desk.engine}
    with golden.step("from the last step with a mended version"):
        desk.verb("replay", from_step="postage", version=version.version, **options)
    with golden.step("from the start with another input"):
        desk.verb("replay", input_data={"price": 20}, **options)
    assert session == golden.changes


def test_comparison_of_replays_with_the_first(desk, golden):
    run = desk.run(ORDER, input_data={"price": 10})
    version = desk.save(ORDER.replace("b: 5", "b: 7").replace("price > 100", "price > 15"))
    copies = {
        "same": replayed(desk, run, "postage"),
        "variables": replayed(desk, run, "postage", variables={"total": 50}),
        "version": replayed(desk, run, "postage", version=version.version),
        "version and input": replayed(desk, run, input_data={"price": 20}, version=version.version),
    }
    rows = []
    for name, copy in copies.items():
        made = asdict(desk.compare(run.id, copy.id))
        steps = [step for step in made.pop("steps") if step["left_output"] != step["right_output"]]
        outputs = {step["step_key"]: [step["left_output"], step["right_output"]] for step in steps}
        facts = {key: json.dumps(value) if isinstance(value, dict) else value for key, value in made.items()}
        rows.append({"replay": name, **facts, "outputs of steps": json.dumps(outputs)})
    assert rows == golden.rows
