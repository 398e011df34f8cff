"""The actions of agents and workflow steps: Python callables, registered by name.

    @actions.register("send_invoice", level=3)
    def send_invoice(parameters, *, idempotency_key):
        ...

An action gets its parameters (JSON) and a key that stays the same when the same step is tried again, so that
an action with effects outside the database can refuse to have them twice. It returns JSON.

`level` declares how much trust the action needs, 1 (harmless) to 4 (irreversible). Without it the name decides,
and an action whose name holds an unknown word is of level 4: only an autonomous agent takes it.

The action of a supervised agent reads the supervisor's corrections by `actions.guidance()`.

An action that can take long checks `actions.deadline()` repeatedly: Python can't stop it from outside.
"""

from __future__ import annotations

import math
import time
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol, TypeVar

from controlplane.errors import InvalidValueError, StepTimeoutError, UnknownActionError
from controlplane.validation import json_value, text, whole

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping


class Action(Protocol):
    """A registered action."""

    def __call__(self, parameters: dict[str, Any], *, idempotency_key: str) -> Any:
        """Do it, and return JSON."""


class _Registration(NamedTuple):
    """An action and the level that it declares."""

    action: Action
    level: int | None


class Deadline:
    """The time at which the step of an action ends; a later result is discarded."""

    def __init__(self, seconds: float = math.inf) -> None:
        self.seconds = seconds
        self._end = time.monotonic() + seconds

    @property
    def remaining(self) -> float:
        """Return the seconds left, 0 at least; infinite for a step without a timeout."""
        return max(self._end - time.monotonic(), 0.0)

    def check(self) -> None:
        """Raise StepTimeoutError when the time is over: what the action would do now is not wanted any more."""
        if not self.remaining:
            raise StepTimeoutError(seconds=self.seconds)


A = TypeVar("A", bound=Action)
_deadline: ContextVar[Deadline | None] = ContextVar("controlplane_deadline", default=None)
_guidance: ContextVar[Callable[[], tuple[str, ...]] | None] = ContextVar("controlplane_guidance", default=None)

# The one registry of the process: actions are registered where they are written, when their module is imported,
# and every worker thread must see them.
_registered: dict[str, _Registration] = {}


def register(name: str, *, level: int | None = None) -> Callable[[A], A]:
    """Register the decorated callable as the action `name` of a declared level; a name can't be taken twice."""
    key = text("action", name)
    declared = None if level is None else whole("level", level, low=1, high=4)

    def decorate(action: A) -> A:
        if key in _registered:
            raise InvalidValueError(field="action", value=key, rule="it is registered already")
        _registered[key] = _Registration(action, declared)
        return action

    return decorate


def names() -> tuple[str, ...]:
    """Return the names of all registered actions, sorted."""
    return tuple(sorted(_registered))


def get(name: str) -> Action:
    """Return the action `name`, or raise UnknownActionError."""
    try:
        return _registered[name].action
    except (KeyError, TypeError):
        raise UnknownActionError(action=name, known=", ".join(names()) or "none") from None


def declared_level(name: str) -> int | None:
    """Return the level that the registration of the action `name` declares; None without one, or if unknown."""
    found = _registered.get(name)
    return None if found is None else found.level


def deadline() -> Deadline:
    """Return the deadline of the action that runs here."""
    return _deadline.get() or Deadline()


def guidance() -> tuple[str, ...]:
    """Return the guidance that supervisors have given for the run of this action so far, in order."""
    read = _guidance.get()
    return () if read is None else read()


@contextmanager
def with_guidance(read: Callable[[], tuple[str, ...]] | None) -> Iterator[None]:
    """Give the actions of a block access to the guidance of supervisors."""
    token = _guidance.set(read)
    try:
        yield
    finally:
        _guidance.reset(token)


@contextmanager
def until(deadline: Deadline) -> Iterator[None]:
    """Give the actions of a block a deadline."""
    token = _deadline.set(deadline)
    try:
        yield
    finally:
        _deadline.reset(token)


def run(name: str, *, parameters: dict[str, Any], idempotency_key: str) -> Any:
    """Call the action `name` and return its result.

    Raises:
        UnknownActionError: the action is not registered.
        InvalidValueError: what it returned is not JSON.
        Exception: any exception that the action raises.
    """
    return json_value("result", get(name)(parameters, idempotency_key=idempotency_key))


@contextmanager
def registered(levels: Mapping[str, int] | None = None, /, **actions: Action) -> Iterator[None]:
    """Register `actions` for the length of a block, in place of those of the same names; `levels` by name."""
    before = dict(_registered)
    declared = levels or {}
    _registered.update({name: _Registration(action, declared.get(name)) for name, action in actions.items()})
    try:
        yield
    finally:
        _registered.clear()
        _registered.update(before)
