"""The parts of a definition. Frozen values; no parsing, no session."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, ClassVar

from controlplane.execution.definition.exclusive import unjoined_steps
from controlplane.execution.definition.problems import Problem
from controlplane.execution.secrets import SecretHeader
from controlplane.models import StepKind


@dataclass(frozen=True, kw_only=True, slots=True)
class RetryPolicy:
    """The number of retries of a retryable error, and the delay before each."""

    attempts: int = 1
    delay: float = 1.0
    factor: float = 2.0
    max_delay: float = 300.0
    on: tuple[str, ...] = ()
    """Names of error types; empty means every error that calls itself retryable."""

    def delay_before(self, attempt: int) -> float:
        """Return the seconds to wait before `attempt` (the first retry is attempt 2), capped."""
        exponent = min(attempt - 2, 1_000)
        try:
            return min(self.delay * self.factor**exponent, self.max_delay)
        except OverflowError:
            return self.max_delay

    def allows(self, *, attempt: int, error_type: str, retryable: bool) -> bool:
        """Return whether the error of `attempt` may be followed by another attempt."""
        return attempt < self.attempts and (error_type in self.on if self.on else retryable)


@dataclass(frozen=True, kw_only=True, slots=True)
class Compensation:
    """The registered action that undoes a completed step; its parameters may refer to `${output..}`."""

    action: str
    parameters: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True, slots=True)
class Step:
    """Fields of every step; strings of JSON fields are templates of `${..}` references."""

    kind: ClassVar[StepKind]
    terms: ClassVar[tuple[str, ...]] = ()
    """The fields of this kind in which references are resolved before the step runs."""

    key: str
    name: str = ""
    depends_on: tuple[str, ...] = ()
    when: str | None = None
    """An expression; when it is false the step is skipped."""
    join: str = "all"
    """Dependencies that must be done: `all`, or `any` of them when the others are done or skipped."""
    retry: RetryPolicy = RetryPolicy()
    timeout: float | None = None
    continue_on_error: bool = False
    compensation: Compensation | None = None
    save: Mapping[str, Any] = field(default_factory=dict)
    """Variables to set once the step is done, from `${output..}` and everything else in scope."""

    @property
    def tolerates_skips(self) -> bool:
        """Return whether the step runs although a dependency was skipped, rejected or not chosen: a join does."""
        return self.kind is StepKind.JOIN or self.join == "any"

    @property
    def inputs(self) -> dict[str, Any]:
        """The step's own templates by field, to be resolved into its recorded input."""
        return {name: getattr(self, name) for name in self.terms}


@dataclass(frozen=True, kw_only=True, slots=True)
class TaskStep(Step):
    """Calls a registered action."""

    kind: ClassVar = StepKind.TASK
    terms: ClassVar = ("parameters",)
    action: str
    parameters: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True, slots=True)
class HttpStep(Step):
    """Sends one HTTP request; `expect` lists the statuses that are success, empty means 200 to 299.

    `secret_headers` are sent with secrets of the workspace, which definitions name and never hold.
    """

    kind: ClassVar = StepKind.HTTP
    terms: ClassVar = ("method", "url", "headers", "query", "json")
    url: str
    method: str = "GET"
    headers: Mapping[str, Any] = field(default_factory=dict)
    query: Mapping[str, Any] = field(default_factory=dict)
    json: Any = None
    expect: tuple[int, ...] = ()
    secret_headers: tuple[SecretHeader, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class Branch:
    """One way out of a condition: the steps `then` run when `when` is the first to hold."""

    name: str
    when: str
    then: tuple[str, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class ConditionStep(Step):
    """Takes the first branch whose expression holds, else `default`; the taken branch is its outcome."""

    kind: ClassVar = StepKind.CONDITION
    DEFAULT: ClassVar = "default"
    branches: tuple[Branch, ...]
    default: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class ParallelStep(Step):
    """Opens the steps `branches` together; it does nothing itself."""

    kind: ClassVar = StepKind.PARALLEL
    branches: tuple[str, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class JoinStep(Step):
    """Collects the outputs of its done dependencies, by key, in definition order."""

    kind: ClassVar = StepKind.JOIN


@dataclass(frozen=True, kw_only=True, slots=True)
class MapStep(Step):
    """Runs `body` once per item of the list `over`; `${item}` and `${index}` are in scope there.

    The output is the list of the outputs in the order of the items. The retry policy, timeout and
    continue_on_error of one item are those of the body.
    """

    kind: ClassVar = StepKind.MAP
    terms: ClassVar = ("over",)
    over: Any
    body: Step
    concurrency: int | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class ApprovalStep(Step):
    """Waits for a decision. Dependents run when it is approved, those in `on_reject` when it is rejected.

    `timeout` ends the wait as `on_timeout` says: approve, reject or fail.
    """

    kind: ClassVar = StepKind.APPROVAL
    terms: ClassVar = ("title", "details")
    APPROVED: ClassVar = "approved"
    REJECTED: ClassVar = "rejected"
    title: str = ""
    details: Any = None
    roles: tuple[str, ...] = ()
    """Roles that may decide; empty means every role that may approve in the workspace."""
    on_reject: tuple[str, ...] = ()
    on_timeout: str = "reject"


@dataclass(frozen=True, kw_only=True, slots=True)
class WaitStep(Step):
    """Waits for a time (`until` an instant, or `seconds`) or a `signal`, whichever comes first."""

    kind: ClassVar = StepKind.WAIT
    terms: ClassVar = ("until", "seconds", "signal")
    until: str | None = None
    seconds: Any = None
    signal: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class CanvasStep(Step):
    """Presents, updates, submits or closes a canvas; all but present name it by id."""

    kind: ClassVar = StepKind.CANVAS
    terms: ClassVar = ("canvas", "type", "component", "content")
    action: str
    canvas: str | None = None
    type: str | None = None
    component: str | None = None
    content: Any = None


@dataclass(frozen=True, kw_only=True, slots=True)
class AgentStep(Step):
    """An agent takes an action, if governance lets it; `agent` is a name or an id, null means the execution's."""

    kind: ClassVar = StepKind.AGENT
    terms: ClassVar = ("agent", "parameters")
    action: str
    agent: str | None = None
    parameters: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True, slots=True)
class ChildStep(Step):
    """Runs another workflow, its newest version unless one is given."""

    kind: ClassVar = StepKind.WORKFLOW
    terms: ClassVar = ("input",)
    workflow: str
    version: int | None = None
    input: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Edge:
    """`target` waits for `source`; with outcomes, the edge is done only when the source ended in one of them."""

    source: str
    target: str
    outcomes: tuple[str, ...] = ()

    def is_taken(self, outcome: str | None) -> bool:
        """Return whether a completed source with this outcome leads on to the target."""
        return not self.outcomes or outcome in self.outcomes


@dataclass(frozen=True, kw_only=True)
class Definition:
    """A whole workflow. `data` is what it was made of: plain JSON, equal for equal definitions."""

    name: str
    description: str = ""
    inputs: Mapping[str, Any] | None = None
    """Declared inputs and their defaults (null: none); undeclared means anything goes."""
    vars: Mapping[str, Any] = field(default_factory=dict)
    outputs: Mapping[str, Any] = field(default_factory=dict)
    timeout: float | None = None
    steps: tuple[Step, ...] = ()
    edges: tuple[Edge, ...] = ()
    order: tuple[str, ...] = ()
    """The keys so that every step comes after its dependencies, ties in definition order."""
    data: Mapping[str, Any] = field(default_factory=dict, repr=False)

    @cached_property
    def by_key(self) -> Mapping[str, Step]:
        """The steps by key, in definition order."""
        return {step.key: step for step in self.steps}

    @cached_property
    def incoming(self) -> Mapping[str, tuple[Edge, ...]]:
        """The edges into each step, in the definition order of their sources."""
        return self._edges_by("target")

    @cached_property
    def outgoing(self) -> Mapping[str, tuple[Edge, ...]]:
        """The edges out of each step, in the definition order of their targets."""
        return self._edges_by("source")

    @cached_property
    def roots(self) -> tuple[str, ...]:
        """The steps that wait for none."""
        return tuple(key for key, edges in self.incoming.items() if not edges)

    @cached_property
    def unjoined(self) -> tuple[Problem, ...]:
        """The steps that can never run: their dependencies exclude each other, and they are not joins."""
        return tuple(unjoined_steps(self))

    @cached_property
    def digest(self) -> str:
        """A SHA-256 of the data: the order of fields does not change it."""
        text = json.dumps(self.data, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
        return hashlib.sha256(text.encode()).hexdigest()

    def _edges_by(self, end: str) -> dict[str, tuple[Edge, ...]]:
        found: dict[str, list[Edge]] = {step.key: [] for step in self.steps}
        for edge in self.edges:
            found[getattr(edge, end)].append(edge)
        return {key: tuple(edges) for key, edges in found.items()}
