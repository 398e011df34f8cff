"""A definition as the state machine reads it: positions, and which earlier steps each step refers to."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cached_property
from typing import Any

from controlplane.execution.definition import ConditionStep, Definition, MapStep, Step
from controlplane.execution.expressions.language import compile_expression
from controlplane.execution.expressions.variables import references
from controlplane.models import StepRole


class Plan:
    """One version, ready to run; `needs` of a step are the steps whose results its scope must hold."""

    def __init__(self, definition: Definition, *, version: int = 1) -> None:
        self.definition = definition
        self.version = version
        self.position = {step.key: index for index, step in enumerate(definition.steps)}
        self._needs: dict[tuple[str, StepRole], tuple[str, ...]] = {}

    def step(self, key: str, role: StepRole = StepRole.STEP) -> Step:
        """Return what an attempt of this key and role runs: for an item of a map, the map's body."""
        step = self.definition.by_key[key]
        return step.body if role is not StepRole.STEP and isinstance(step, MapStep) else step

    def needs(self, key: str, role: StepRole) -> tuple[str, ...]:
        """Return the keys of the steps that the templates and expressions of this part refer to."""
        found = self._needs.get((key, role))
        if found is None:
            found = self._needs[key, role] = self._steps_in(_paths(self.step(key, role)))
        return found

    @cached_property
    def output_needs(self) -> tuple[str, ...]:
        """The keys of the steps that the outputs of the workflow refer to."""
        return self._steps_in(reference.path for reference in references(self.definition.outputs))

    @cached_property
    def undoable(self) -> tuple[str, ...]:
        """The keys of the steps that have a compensation, of their own or per item."""
        return tuple(
            key
            for key, step in self.definition.by_key.items()
            if step.compensation or self.step(key, StepRole.ITEM).compensation
        )

    def _steps_in(self, paths: Iterable[tuple[str, ...]]) -> tuple[str, ...]:
        found: dict[str, None] = {}
        for path in paths:
            if path[0] == "steps":
                found.update(dict.fromkeys([path[1]] if len(path) > 1 else self.position))
        return tuple(found)  # a definition refers only to steps that it has


def _paths(step: Step) -> Iterator[tuple[str, ...]]:
    templates: list[Any] = [step.inputs, dict(step.save)]
    if step.compensation is not None:
        templates.append(step.compensation.parameters)
    yield from (reference.path for template in templates for reference in references(template))
    conditions = [step.when] if step.when is not None else []
    if isinstance(step, ConditionStep):
        conditions += [branch.when for branch in step.branches]
    for text in conditions:
        yield from compile_expression(text).references
