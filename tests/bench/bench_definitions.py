"""Reading and checking definitions, and evaluating conditions, by size."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from controlplane.execution.definition import load_definition
from controlplane.execution.expressions.language import compile_expression
from tests.bench.figures import Figure, best, paired

if TYPE_CHECKING:
    from collections.abc import Iterator

FEW, MANY = 100, 10_000
EVALUATIONS = 5_000
CONDITION = "input.amount > vars.limit and input.who in ['anna', 'bert'] or steps.fetch.output.rows[0].id == 7"
PYTHON = (
    "input['amount'] > vars['limit'] and input['who'] in ['anna', 'bert'] "
    "or steps['fetch']['output']['rows'][0]['id'] == 7"
)
SCOPE = {
    "input": {"amount": 12, "who": "carla"},
    "vars": {"limit": 10},
    "steps": {"fetch": {"output": {"rows": [{"id": 7}]}}},
}


def chain(count: int) -> dict[str, Any]:
    """A chain: each step refers to the one before it, so that every check has something to check."""
    first = {"key": "s0", "kind": "task", "action": "note", "when": "input.n > 0"}
    steps = [
        {
            "key": f"s{number}",
            "kind": "task",
            "action": "note",
            "depends_on": [f"s{number - 1}"],
            "parameters": {"before": f"${{steps.s{number - 1}.output.n}}"},
        }
        for number in range(1, count)
    ]
    return {"name": "chain", "steps": [first, *steps]}


def fan(count: int) -> dict[str, Any]:
    """Steps side by side that one join collects."""
    names = [f"s{number}" for number in range(count - 1)]
    steps = [{"key": name, "kind": "task", "action": "note"} for name in names]
    return {"name": "fan", "steps": [*steps, {"key": "end", "kind": "join", "depends_on": names}]}


def yaml_of(definition: dict[str, Any]) -> str:
    """A block of YAML with one step to the line."""
    steps = "\n".join(f"  - {json.dumps(step)}" for step in definition["steps"])
    return f"name: {definition['name']}\nsteps:\n{steps}\n"


def run() -> Iterator[Figure]:
    for shape in (chain, fan):
        for form, text in (("JSON", json.dumps), ("YAML", yaml_of)):
            few, many = text(shape(FEW)), text(shape(MANY))
            small, large = best(
                lambda few=few: [load_definition(few) for _ in range(10)],
                lambda many=many: load_definition(many),
                rounds=9,
            )
            each = small / FEW / 10
            yield Figure(
                f"read and check a {shape.__name__} in {form}: a step of {MANY} / of {FEW}",
                large / MANY / each,
                limit=1.5,
                detail=f"{large:.3f} s, {large / MANY * 1e6:.0f} / {each * 1e6:.0f} µs a step",
            )
    condition, floor = compile_expression(CONDITION), compile(PYTHON, "condition", "eval")
    value, ours, python = paired(
        lambda: [condition.holds(SCOPE) for _ in range(EVALUATIONS)],
        lambda: [eval(floor, {}, SCOPE) for _ in range(EVALUATIONS)],
    )
    detail = f"{EVALUATIONS / ours:,.0f} a second, compiled Python {EVALUATIONS / python:,.0f}"
    yield Figure("a condition / the same in Python", value, limit=60, detail=detail)
