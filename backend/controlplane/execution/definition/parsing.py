"""Plain data to a checked Definition: every problem in one error, each with its step."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Mapping
from typing import Any

from controlplane.errors import InvalidDefinitionError
from controlplane.execution.definition.credentials import exposed_credentials
from controlplane.execution.definition.fields import MAX_NAME, Fields, is_variable_name
from controlplane.execution.definition.graph import arrange
from controlplane.execution.definition.problems import Problem, ProblemKind
from controlplane.execution.definition.references import check_references
from controlplane.execution.definition.secret_headers import read_secret_headers
from controlplane.execution.definition.steps import (
    AgentStep,
    ApprovalStep,
    Branch,
    CanvasStep,
    ChildStep,
    Compensation,
    ConditionStep,
    Definition,
    HttpStep,
    JoinStep,
    MapStep,
    ParallelStep,
    RetryPolicy,
    Step,
    TaskStep,
    WaitStep,
)
from controlplane.execution.expressions.variables import copy_json
from controlplane.models import StepKind

MAX_STEPS = 10_000
MAX_PROBLEMS = 100
METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS")
CANVAS_ACTIONS = ("present", "update", "submit", "close")
MAP_KINDS = (StepKind.TASK, StepKind.HTTP, StepKind.AGENT, StepKind.WORKFLOW)


def parse_definition(data: Any, *, actions: Collection[str] | None = None, is_stored: bool = False) -> Definition:
    """Make a Definition of plain data, or raise InvalidDefinitionError with every problem (the first 100).

    With `actions`, the names of the registered actions, a step that calls another is a problem too. A stored
    version may hold what only the rules of earlier versions let pass: executions that began then still run.
    """
    problems: list[Problem] = []
    fields = Fields(data, step=None, problems=problems)
    name = fields.required("name", limit=200)
    inputs = fields.mapping("inputs") if fields.has("inputs") else None
    head = {
        "description": fields.text("description") or "",
        "vars": fields.mapping("vars"),
        "outputs": fields.mapping("outputs"),
        "timeout": fields.number("timeout", least=0.001),
    }
    raw = fields.items("steps")
    fields.close()
    _check_count(raw, fields)
    steps = [_step(item, number, problems) for number, item in enumerate(raw[:MAX_STEPS], 1)]
    _note_duplicates(raw[:MAX_STEPS], problems)
    known = tuple({step.key: step for step in reversed(steps) if step is not None}.values())[::-1]
    edges, order = arrange(known, problems)
    definition = Definition(
        name=name, inputs=inputs, steps=known, edges=edges, order=order, data=copy_json(data), **head
    )
    problems += check_references(definition)
    if not problems and not is_stored:
        problems += [*definition.unjoined, *exposed_credentials(definition)]
    problems += _unknown_actions(definition, actions)
    if problems:
        raise InvalidDefinitionError(name=name, problems=tuple(problems[:MAX_PROBLEMS]))
    return definition


def validate_definition(definition: Definition, *, actions: Collection[str] | None) -> None:
    """Raise InvalidDefinitionError if a step of a checked definition calls an action that is not registered."""
    problems = _unknown_actions(definition, actions)
    if problems:
        raise InvalidDefinitionError(name=definition.name, problems=tuple(problems[:MAX_PROBLEMS]))


def _check_count(raw: list[Any], fields: Fields) -> None:
    if not raw:
        fields.note("steps must be a list of at least one step")
    if len(raw) > MAX_STEPS:
        fields.note(f"more than {MAX_STEPS} steps")


def _note_duplicates(raw: list[Any], problems: list[Problem]) -> None:
    keys = [item["key"] for item in raw if isinstance(item, Mapping) and isinstance(item.get("key"), str)]
    for key, count in Counter(keys).items():
        if count > 1:
            problems.append(Problem(ProblemKind.DUPLICATE_KEY, key, f"{count} steps have this key"))


def _unknown_actions(definition: Definition, actions: Collection[str] | None) -> list[Problem]:
    if actions is None:
        return []
    return [
        Problem(ProblemKind.UNKNOWN_ACTION, step.key, f"no action {name!r} is registered")
        for step in definition.steps
        for name in _called(step)
        if name not in actions
    ]


def unregistered_actions(definition: Definition, *, actions: Collection[str]) -> list[str]:
    """Return a warning for each step whose action is not registered in this process; the worker's may be."""
    tasks = [
        f"{problem}: the step fails in a worker that does not register it either"
        for problem in _unknown_actions(definition, actions)
    ]
    return [*tasks, *unregistered_agent_actions(definition, actions=actions)]


def unregistered_agent_actions(definition: Definition, *, actions: Collection[str]) -> list[str]:
    """Return a warning for each agent step whose action is not registered.

    It is not an error: governance decides on the action as one of level 4 unless its name has a level, and another
    worker may have it. Where none has, an approved action fails.
    """
    parts = [(step.key, step.body if isinstance(step, MapStep) else step) for step in definition.steps]
    return [
        f"step {key!r}: no action {part.action!r} is registered: the action is proposed or refused by the level "
        "of its name (4 if it has none), and fails where it is run"
        for key, part in parts
        if isinstance(part, AgentStep) and part.action not in actions
    ]


def _called(step: Step) -> list[str]:
    parts = (step, step.body) if isinstance(step, MapStep) else (step,)
    undone = [part.compensation.action for part in parts if part.compensation]
    return [part.action for part in parts if isinstance(part, TaskStep)] + undone


def _step(data: Any, number: int, problems: list[Problem]) -> Step | None:
    key = data.get("key") if isinstance(data, Mapping) else None
    label = key if isinstance(key, str) and key else f"#{number}"
    fields = Fields(data, step=label, problems=problems)
    if not isinstance(data, Mapping):
        return None
    common: dict[str, Any] = {"key": fields.key("key"), "depends_on": fields.texts("depends_on")}
    return _build(fields, common, tuple(StepKind))


def _build(fields: Fields, common: dict[str, Any], kinds: tuple[StepKind, ...]) -> Step | None:
    kind = fields.value("kind")
    if kind not in kinds:
        shown = f"unknown kind {str(kind)[:MAX_NAME]!r}" if kind is not None else "kind is missing"
        fields.note(f"{shown}: one of {', '.join(kinds)}", kind=ProblemKind.UNKNOWN_KIND)
        return None
    step = read_step(StepKind(kind), fields, common)
    fields.close()
    return step


def read_step(kind: StepKind, fields: Fields, common: dict[str, Any]) -> Step:
    """Read the fields of a step of one kind; `definition.schema` records what is read here."""
    return _KINDS[kind](fields, common | _common(fields))


def _common(fields: Fields) -> dict[str, Any]:
    save = fields.mapping("save")
    for name in save:
        if not is_variable_name(name):
            fields.note(f"save: {name[:MAX_NAME]!r} can't be the name of a variable")
    return {
        "name": fields.text("name", limit=200) or "",
        "when": fields.text("when"),
        "join": fields.choice("join", ("all", "any"), "all"),
        "retry": _retry(fields),
        "timeout": fields.number("timeout", least=0.001),
        "continue_on_error": fields.flag("continue_on_error"),
        "compensation": _compensation(fields),
        "save": save,
    }


def _retry(fields: Fields) -> RetryPolicy:
    if not fields.has("retry"):
        return RetryPolicy()
    problems: list[Problem] = []
    part = Fields(fields.value("retry"), step=fields.step, problems=problems, where="retry.")
    default = RetryPolicy()
    policy = RetryPolicy(
        attempts=part.integer("attempts", default.attempts, least=1, most=1_000),
        delay=part.number("delay", default.delay),
        factor=part.number("factor", default.factor, least=1, most=1_000),
        max_delay=part.number("max_delay", default.max_delay),
        on=part.texts("on"),
    )
    part.close()
    if policy.max_delay < policy.delay and part.has("max_delay"):
        part.note("retry.max_delay must not be less than retry.delay")
    fields.problems.extend(Problem(ProblemKind.BAD_RETRY, item.step, item.detail) for item in problems)
    return policy


def _compensation(fields: Fields) -> Compensation | None:
    value = fields.value("compensation")
    if value is None:
        return None
    part = Fields(value, step=fields.step, problems=fields.problems, where="compensation.")
    made = Compensation(action=part.required("action", limit=200), parameters=part.mapping("parameters"))
    part.close()
    return made


def _task(fields: Fields, common: dict[str, Any]) -> Step:
    return TaskStep(action=fields.required("action", limit=200), parameters=fields.mapping("parameters"), **common)


def _http(fields: Fields, common: dict[str, Any]) -> Step:
    expect = fields.items("expect")
    if not all(isinstance(status, int) and 100 <= status <= 599 for status in expect):  # noqa: PLR2004  HTTP
        fields.note("expect must be a list of HTTP statuses")
    return HttpStep(
        url=fields.required("url"),
        method=fields.choice("method", METHODS, "GET"),
        headers=fields.mapping("headers"),
        query=fields.mapping("query"),
        json=fields.value("json"),
        expect=tuple(expect),
        secret_headers=read_secret_headers(fields),
        **common,
    )


def _condition(fields: Fields, common: dict[str, Any]) -> Step:
    branches = []
    for number, item in enumerate(fields.items("branches"), 1):
        part = Fields(item, step=fields.step, problems=fields.problems, where=f"branches[{number}].")
        name = part.text("name", limit=MAX_NAME) or f"branch_{number}"
        branches.append(Branch(name=name, when=part.required("when"), then=part.texts("then")))
        part.close()
    if not branches:
        fields.note("branches must be a list of at least one branch")
    names = [branch.name for branch in branches]
    if len({*names, ConditionStep.DEFAULT}) != len(names) + 1:
        fields.note("two branches have the same name", kind=ProblemKind.DUPLICATE_KEY)
    return ConditionStep(branches=tuple(branches), default=fields.texts("default"), **common)


def _parallel(fields: Fields, common: dict[str, Any]) -> Step:
    branches = fields.texts("branches")
    if not branches:
        fields.note("branches must be a list of at least one step")
    return ParallelStep(branches=branches, **common)


def _join(fields: Fields, common: dict[str, Any]) -> Step:
    if not common["depends_on"]:
        fields.note("a join needs depends_on")
    return JoinStep(**common)


def _map(fields: Fields, common: dict[str, Any]) -> Step:
    over = fields.value("over")
    if not isinstance(over, str | list):
        fields.note("over must be a list, or a reference to one")
    part = Fields(fields.value("body"), step=fields.step, problems=fields.problems, where="body.")
    body = _build(part, {"key": common["key"]}, MAP_KINDS)
    concurrency = fields.integer("concurrency", least=1)
    if common["compensation"] is not None:
        fields.note("a map is undone item by item: its compensation belongs into body")
    return MapStep(over=over, body=body or _EMPTY, concurrency=concurrency, **common)


def _approval(fields: Fields, common: dict[str, Any]) -> Step:
    return ApprovalStep(
        title=fields.text("title") or "",
        details=fields.value("details"),
        roles=fields.texts("roles"),
        on_reject=fields.texts("on_reject"),
        on_timeout=fields.choice("on_timeout", ("reject", "approve", "fail"), "reject"),
        **common,
    )


def _wait(fields: Fields, common: dict[str, Any]) -> Step:
    step = WaitStep(
        until=fields.text("until"), seconds=fields.value("seconds"), signal=fields.text("signal"), **common
    )
    if step.until is None and step.seconds is None and step.signal is None:
        fields.note("a wait needs until, seconds or signal")
    if step.until is not None and step.seconds is not None:
        fields.note("a wait takes until or seconds, not both")
    is_reference = isinstance(step.seconds, str) and "${" in step.seconds
    if step.seconds is not None and not is_reference:
        fields.number("seconds")
    return step


def _canvas(fields: Fields, common: dict[str, Any]) -> Step:
    step = CanvasStep(
        action=fields.choice("action", CANVAS_ACTIONS),
        canvas=fields.text("canvas"),
        type=fields.text("type"),
        component=fields.text("component"),
        content=fields.value("content"),
        **common,
    )
    if step.action == "present" and step.type is None:
        fields.note("presenting a canvas needs its type")
    if step.action != "present" and step.canvas is None:
        fields.note(f"canvas is missing: which one to {step.action}")
    return step


def _agent(fields: Fields, common: dict[str, Any]) -> Step:
    return AgentStep(
        action=fields.required("action", limit=200),
        agent=fields.text("agent"),
        parameters=fields.mapping("parameters"),
        **common,
    )


def _child(fields: Fields, common: dict[str, Any]) -> Step:
    return ChildStep(
        workflow=fields.required("workflow", limit=200),
        version=fields.integer("version", least=1),
        input=fields.mapping("input"),
        **common,
    )


_EMPTY = JoinStep(key="")
_KINDS: Mapping[StepKind, Callable[[Fields, dict[str, Any]], Step]] = {
    StepKind.TASK: _task,
    StepKind.HTTP: _http,
    StepKind.CONDITION: _condition,
    StepKind.PARALLEL: _parallel,
    StepKind.JOIN: _join,
    StepKind.MAP: _map,
    StepKind.APPROVAL: _approval,
    StepKind.WAIT: _wait,
    StepKind.CANVAS: _canvas,
    StepKind.AGENT: _agent,
    StepKind.WORKFLOW: _child,
}
