"""Edges, order, cycles and reachability, in time linear in steps and edges, without recursion."""

from __future__ import annotations

from collections.abc import Iterator
from heapq import heapify, heappop, heappush

from controlplane.execution.definition.problems import Problem, ProblemKind
from controlplane.execution.definition.steps import ApprovalStep, ConditionStep, Edge, ParallelStep, Step


def arrange(steps: tuple[Step, ...], problems: list[Problem]) -> tuple[tuple[Edge, ...], tuple[str, ...]]:
    """Return the edges and a topological order; note unknown dependencies, cycles and unreachable steps."""
    position = {step.key: index for index, step in enumerate(steps)}
    edges = _edges(steps, position, problems)
    successors: dict[str, list[Edge]] = {step.key: [] for step in steps}
    for edge in edges:
        successors[edge.source].append(edge)
    order = _order(position, edges, successors)
    if len(order) < len(steps):
        path = _cycle(position, edges, set(order))
        detail = f"the dependencies run in a circle: {' -> '.join(path[:20])}{' …' if len(path) > 20 else ''}"  # noqa: PLR2004  what fits a line
        problems.append(Problem(ProblemKind.CYCLE, path[0], detail, path))
    else:
        problems += _unreachable(steps, edges, order)
    return edges, order


def _edges(steps: tuple[Step, ...], position: dict[str, int], problems: list[Problem]) -> tuple[Edge, ...]:
    """Merge what `depends_on` says with what conditions, approvals and parallel steps open."""
    outcomes: dict[tuple[str, str], tuple[str, ...]] = {}
    for step in steps:
        for target, taken in _opened(step):
            if target not in position:
                detail = f"it leads to the unknown step {target[:100]!r}"
                problems.append(Problem(ProblemKind.UNKNOWN_DEPENDENCY, step.key, detail))
            else:
                outcomes[step.key, target] = (*outcomes.get((step.key, target), ()), *taken)
    choosing = {step.key: step for step in steps if isinstance(step, ConditionStep | ApprovalStep)}
    for step in steps:
        for source in step.depends_on:
            if source not in position:
                detail = f"it depends on the unknown step {source[:100]!r}"
                problems.append(Problem(ProblemKind.UNKNOWN_DEPENDENCY, step.key, detail))
            elif (source, step.key) not in outcomes:
                outcomes[source, step.key] = _unnamed(choosing.get(source))
    ends = sorted(outcomes, key=lambda pair: (position[pair[1]], position[pair[0]]))
    return tuple(Edge(source, target, outcomes[source, target]) for source, target in ends)


_NEVER = ("",)


def _unnamed(source: Step | None) -> tuple[str, ...]:
    """Return the outcomes on which a dependent that the source does not name runs."""
    if isinstance(source, ConditionStep):
        return _NEVER
    return (ApprovalStep.APPROVED,) if isinstance(source, ApprovalStep) else ()


def _opened(step: Step) -> Iterator[tuple[str, tuple[str, ...]]]:
    if isinstance(step, ParallelStep):
        yield from ((target, ()) for target in step.branches)
    elif isinstance(step, ApprovalStep):
        yield from ((target, (ApprovalStep.REJECTED,)) for target in step.on_reject)
    elif isinstance(step, ConditionStep):
        for branch in step.branches:
            yield from ((target, (branch.name,)) for target in branch.then)
        yield from ((target, (ConditionStep.DEFAULT,)) for target in step.default)


def _order(
    position: dict[str, int], edges: tuple[Edge, ...], successors: dict[str, list[Edge]]
) -> tuple[str, ...]:
    waiting = dict.fromkeys(position, 0)
    for edge in edges:
        waiting[edge.target] += 1
    keys = list(position)
    ready = [position[key] for key, count in waiting.items() if count == 0]
    heapify(ready)
    order: list[str] = []
    while ready:
        key = keys[heappop(ready)]
        order.append(key)
        for edge in successors[key]:
            waiting[edge.target] -= 1
            if waiting[edge.target] == 0:
                heappush(ready, position[edge.target])
    return tuple(order)


def _cycle(position: dict[str, int], edges: tuple[Edge, ...], done: set[str]) -> tuple[str, ...]:
    """Return one cycle among the steps that could not be ordered, from its first step back to it."""
    source_of: dict[str, str] = {}
    for edge in edges:
        if edge.source not in done and edge.target not in done:
            source_of.setdefault(edge.target, edge.source)
    # every step left over has a left-over source: walking back must come round
    key = next(key for key in position if key not in done)
    seen: dict[str, None] = {}
    while key not in seen:
        seen[key] = None
        key = source_of[key]
    walked = list(seen)
    ring = walked[walked.index(key) :][::-1]
    first = min(range(len(ring)), key=lambda index: position[ring[index]])
    return (*ring[first:], *ring[:first], ring[first])


def _unreachable(steps: tuple[Step, ...], edges: tuple[Edge, ...], order: tuple[str, ...]) -> list[Problem]:
    """Note the steps that no path leads to: they depend on a condition that never chooses them."""
    incoming: dict[str, list[Edge]] = {step.key: [] for step in steps}
    for edge in edges:
        incoming[edge.target].append(edge)
    reached: set[str] = set()
    for key in order:
        into = incoming[key]
        if not into or any(edge.outcomes != _NEVER and edge.source in reached for edge in into):
            reached.add(key)
    return [_unreachable_step(step, incoming[step.key]) for step in steps if step.key not in reached]


def _unreachable_step(step: Step, into: list[Edge]) -> Problem:
    edge = next((edge for edge in into if edge.outcomes == _NEVER), into[0])
    why = (
        f"no branch of {edge.source!r} leads to it"
        if edge.outcomes == _NEVER
        else f"{edge.source!r} is not either"
    )
    return Problem(ProblemKind.UNREACHABLE_STEP, step.key, f"it can't be reached: {why}")
