"""The middle third of the state machine: perform a leased step, without a session and outside any transaction."""

from __future__ import annotations

import contextvars
import json
import re
import threading
from typing import TYPE_CHECKING, Any

from controlplane import actions
from controlplane.errors import InvalidValueError, StepTimeoutError
from controlplane.execution.engine import Failure, Lease, Result, Success
from controlplane.execution.http import HttpPolicy, check_status, send
from controlplane.models import StepKind, StepRole

if TYPE_CHECKING:
    from collections.abc import Callable

_NUL = re.compile(r"(?<!\\)(?:\\\\)*\\u0000")


def perform(lease: Lease, *, policy: HttpPolicy) -> Result:
    """Do what the lease says, within its timeout; whatever goes wrong is a Failure, never an exception."""
    try:
        return Success(output=_storable(_perform(lease, policy)))
    except Exception as error:  # noqa: BLE001  an action may raise anything; the step takes it
        return Failure.of(error)


def _perform(lease: Lease, policy: HttpPolicy) -> Any:
    if lease.kind is StepKind.HTTP and lease.role is not StepRole.COMPENSATION:
        response = send(policy=policy, timeout=lease.timeout, idempotency_key=lease.idempotency_key, **lease.input)
        check_status(response, expect=lease.expect)
        return response.output
    return _within(lease.timeout, lambda: _act(lease))


def _act(lease: Lease) -> Any:
    parameters = lease.input["parameters"]
    return actions.run(str(lease.action), parameters=parameters, idempotency_key=lease.idempotency_key)


def _storable(output: Any) -> Any:
    """Return an output that every database takes; PostgreSQL has no NUL and no lone surrogates."""
    text = json.dumps(output, ensure_ascii=False)
    if _NUL.search(text):
        raise InvalidValueError(field="result", value=text[:80], rule="it must not hold a NUL character")
    try:
        text.encode()
    except UnicodeEncodeError:
        rule = "it must not hold half a character"
        raise InvalidValueError(field="result", value=ascii(text[:80]), rule=rule) from None
    return output


def _within(seconds: float | None, call: Callable[[], Any]) -> Any:
    """Return what `call` gives; past the deadline it is left to itself in its thread, its result dropped."""
    if seconds is None:
        return call()
    box: dict[str, Any] = {}
    context = contextvars.copy_context()

    def work() -> None:
        try:
            box["value"] = context.run(call)
        except BaseException as error:  # noqa: BLE001  it is raised again where the caller waits
            box["error"] = error

    thread = threading.Thread(target=work, name="controlplane-step", daemon=True)
    thread.start()
    thread.join(seconds)
    if thread.is_alive():
        raise StepTimeoutError(seconds=seconds)
    if "error" in box:
        raise box["error"]
    return box["value"]
