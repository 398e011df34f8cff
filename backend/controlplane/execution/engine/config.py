"""The configuration of the engine, and the context that it passes to steps."""

from __future__ import annotations

import uuid
from collections import OrderedDict
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Protocol

from controlplane.execution.engine.timeouts import TimeoutThreads
from controlplane.execution.http import HttpPolicy
from controlplane.execution.redaction import hide
from controlplane.execution.secrets import SecretHeader, Secrets
from controlplane.models import StepKind, StepRole, WorkflowStatus
from controlplane.validation import storable

if TYPE_CHECKING:
    from typing import Unpack

    from sqlalchemy.orm import Session

    from controlplane.execution.engine.plan import Plan
    from controlplane.execution.engine.records import AttemptRecord, ExecutionRecord
    from controlplane.lifecycle import Actor


class Observer(Protocol):
    """The observer of executions whose `debugged` is set: the debugger."""

    def before_step(
        self,
        session: Session,
        *,
        execution: ExecutionRecord,
        attempt: AttemptRecord,
        scope: dict[str, Any],
        now: datetime,
    ) -> str | None:
        """Return why to pause before this step, or None to continue; called in the transaction of the claim."""

    def after_step(
        self,
        session: Session,
        *,
        execution: ExecutionRecord,
        attempt: AttemptRecord,
        variables_before: dict[str, Any],
        now: datetime,
    ) -> str | None:
        """Record an ended attempt in the transaction that ends it; return why to pause after it, or None."""

    def ended(
        self, session: Session, *, execution: ExecutionRecord, now: datetime, **actor: Unpack[Actor]
    ) -> None:
        """Take note that the execution has ended, in the transaction that ends it."""


class PlanCache:
    """The newest few definitions: a version never changes, so one is parsed once per process."""

    def __init__(self, size: int = 64) -> None:
        self._plans: OrderedDict[uuid.UUID, Plan] = OrderedDict()
        self._size = size

    def get(self, version_id: uuid.UUID) -> Plan | None:
        """Return the plan of a version if it is here."""
        return self._plans.get(version_id)

    def put(self, version_id: uuid.UUID, plan: Plan) -> None:
        """Keep a plan; the oldest goes when there are too many."""
        self._plans[version_id] = plan
        while len(self._plans) > self._size:
            self._plans.popitem(last=False)


@dataclass(frozen=True, kw_only=True)
class EngineConfig:
    """The settings of the process that drives executions."""

    lease: timedelta = timedelta(seconds=30)
    max_deliveries: int = 5
    """The deliveries of one attempt: when its worker was lost in all of them, the attempt fails."""
    max_depth: int = 8
    """The greatest depth of nested workflows."""
    http: HttpPolicy = field(default_factory=HttpPolicy)
    """Hosts that http steps may reach; none by default."""
    secrets: Secrets | None = None
    """Places of the secrets of http steps; None where nothing is sent, so that a missing one is not reported."""
    observer: Observer | None = None
    plans: PlanCache = field(default_factory=PlanCache)
    threads: TimeoutThreads = field(default_factory=TimeoutThreads)
    """Steps with a timeout run in these; of those that timed out and still run, no more than its limit may be."""


@dataclass(frozen=True, kw_only=True)
class Lease:
    """A step to perform now: what to do, under which key, and the token that fences the result.

    `more` says that the execution has another step that can start now.
    """

    execution_id: uuid.UUID
    step_id: uuid.UUID
    token: uuid.UUID
    step_key: str
    kind: StepKind
    role: StepRole
    item: int
    attempt: int
    action: str | None
    input: Any
    idempotency_key: str
    timeout: float | None
    length: timedelta
    expect: tuple[int, ...] = ()
    secret_headers: tuple[SecretHeader, ...] = ()
    workspace: str = ""
    """The name of the workspace whose secrets are meant, if there are any."""
    more: bool = False
    record: AttemptRecord = field(repr=False)
    """The row as it was leased, so that its end need not read it again."""
    events: int | None = field(default=None, repr=False)
    """The number of its lifecycle events at the claim, if known."""
    execution: ExecutionRecord | None = field(default=None, repr=False)
    """The execution as the claim saved it, if no other step of it is open: its end need not read it again."""


@dataclass(frozen=True, kw_only=True)
class Idle:
    """Nothing can start now; `until` is when something may (null: when a person or another execution acts)."""

    until: datetime | None


@dataclass(frozen=True, kw_only=True)
class Stopped:
    """The execution is paused or has ended."""

    status: WorkflowStatus


Claim = Lease | Idle | Stopped


@dataclass(frozen=True, kw_only=True)
class Success:
    """The result of a step that succeeded; `output` is JSON."""

    output: Any


@dataclass(frozen=True, kw_only=True)
class Failure:
    """The result of a step that failed; `retryable` says whether another attempt may succeed."""

    error_type: str
    message: str
    retryable: bool = False
    outcome: str | None = None

    @classmethod
    def of(cls, error: BaseException, *, secrets: tuple[str, ...] = ()) -> Failure:
        """Describe an exception; it is retryable if it says so, or if a connection or a clock was at fault."""
        retryable = getattr(error, "retryable", isinstance(error, ConnectionError | TimeoutError))
        message = hide(storable(str(error) or type(error).__name__), secrets)
        return cls(error_type=type(error).__name__[:200], message=message[:10_000], retryable=bool(retryable))


Result = Success | Failure
