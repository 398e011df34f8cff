"""Steps that can never run, because the steps they all wait for are never all done.

`pay` depends on `a` and `b`, which are two branches of one condition: only one of them is ever done, and an
ordinary step waits for all of its dependencies. Such a step must be a join, or have `join: any`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from controlplane.execution.definition.problems import Problem, ProblemKind

if TYPE_CHECKING:
    from controlplane.execution.definition.steps import Definition, Edge

Choices = Mapping[str, frozenset[str]]
"""Of some choosing steps, the outcomes in which a step can be done."""

MOST_FACTS = 2_000_000
"""A definition of thousands of choices, each of which thousands of steps depend on, is not analysed."""


def unjoined_steps(definition: Definition) -> list[Problem]:
    """Return a problem for each step whose dependencies exclude each other."""
    done: dict[str, Choices] = {}
    problems: list[Problem] = []
    facts = 0
    for key in definition.order:
        edges = definition.incoming[key]
        tolerates = definition.by_key[key].tolerates_skips
        found: Choices = _any(done, edges) if tolerates else _all(done, edges)
        source = next((name for name, outcomes in found.items() if not outcomes), None)
        if source is not None:
            names = " and ".join(repr(edge.source) for edge in edges)
            detail = (
                f"it can't be reached: {names} are never done together, as {source!r} chooses between them;"
                " to run after any of them, give it `join: any`"
            )
            problems.append(Problem(ProblemKind.UNREACHABLE_STEP, key, detail))
            found = {}
        done[key] = found
        facts += len(found)
        if facts > MOST_FACTS:
            break
    return problems


def _of_edge(done: Mapping[str, Choices], edge: Edge) -> Choices:
    """Return the choices under which an edge is taken."""
    before = done[edge.source]
    if not edge.outcomes:
        return before
    own = frozenset(edge.outcomes)
    return {**before, edge.source: before.get(edge.source, own) & own}


def _all(done: Mapping[str, Choices], edges: tuple[Edge, ...]) -> Choices:
    if len(edges) == 1:
        return _of_edge(done, edges[0])
    found: dict[str, frozenset[str]] = {}
    for edge in edges:
        for source, outcomes in _of_edge(done, edge).items():
            found[source] = found.get(source, outcomes) & outcomes
    return found


def _any(done: Mapping[str, Choices], edges: tuple[Edge, ...]) -> Choices:
    options = [_of_edge(done, edge) for edge in edges]
    common = set(options[0]).intersection(*options[1:]) if options else set()
    return {source: frozenset().union(*(option[source] for option in options)) for source in common}
