"""The things that agents and workflow steps can do: Python callables, registered by name.

    @actions.register("send_email")
    def send_email(parameters, *, idempotency_key):
        ...

An action gets its parameters (JSON) and a key that stays the same when the same step is tried again, so that
an action with effects outside the database can refuse to have them twice. It returns JSON.
"""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

from controlplane.errors import InvalidValueError, UnknownActionError
from controlplane.validation import json_value, text

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


class Action(Protocol):
    """What can be registered."""

    def __call__(self, parameters: dict[str, Any], *, idempotency_key: str) -> Any:
        """Do it, and return JSON."""


A = TypeVar("A", bound=Action)

# The one registry of the process: actions are registered where they are written, when their module is imported,
# and every worker thread must see them.
_registered: dict[str, Action] = {}


def register(name: str) -> Callable[[A], A]:
    """Register the decorated callable as the action `name`; a name can't be taken twice."""
    key = text("action", name)

    def decorate(action: A) -> A:
        if key in _registered:
            raise InvalidValueError(field="action", value=key, rule="it is registered already")
        _registered[key] = action
        return action

    return decorate


def names() -> tuple[str, ...]:
    """Return the names of all registered actions, sorted."""
    return tuple(sorted(_registered))


def get(name: str) -> Action:
    """Return the action `name`, or raise UnknownActionError."""
    try:
        return _registered[name]
    except (KeyError, TypeError):
        raise UnknownActionError(action=name, known=", ".join(names()) or "none") from None


def run(name: str, *, parameters: dict[str, Any], idempotency_key: str) -> Any:
    """Call the action `name` and return its result.

    Raises:
        UnknownActionError: there is no such action.
        InvalidValueError: what it returned is not JSON.
        Exception: whatever the action raises.
    """
    return json_value("result", get(name)(parameters, idempotency_key=idempotency_key))


@contextmanager
def registered(**actions: Action) -> Iterator[None]:
    """Register `actions` for the length of a block, in place of those that have these names."""
    before = dict(_registered)
    _registered.update(actions)
    try:
        yield
    finally:
        _registered.clear()
        _registered.update(before)
