"""The middle third of the state machine: perform a leased step, without a session and outside any transaction."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any

from controlplane import actions
from controlplane.errors import HttpError, InvalidRequestError, InvalidValueError
from controlplane.execution.engine.config import (
    Failure,
    Lease,
    Result,
    Success,
)
from controlplane.execution.engine.timeouts import TimeoutThreads
from controlplane.execution.http import HttpPolicy, check_status, send
from controlplane.execution.secrets import Secrets, hide
from controlplane.models import StepKind, StepRole

_NUL = re.compile(r"(?<!\\)(?:\\\\)*\\u0000")


def perform(
    lease: Lease,
    *,
    policy: HttpPolicy,
    secrets: Secrets | None = None,
    threads: TimeoutThreads | None = None,
    guidance: Callable[[], tuple[str, ...]] | None = None,
) -> Result:
    """Perform a leased step within its timeout; every error is returned as a Failure, never raised.

    `threads` counts the steps that timed out and still run; `guidance` reads that of supervisors.
    """
    try:
        with actions.guided(guidance):
            return Success(output=_storable(_perform(lease, policy, secrets, threads or TimeoutThreads())))
    except Exception as error:  # noqa: BLE001  an action may raise anything; the step takes it
        return Failure.of(error)


def _perform(lease: Lease, policy: HttpPolicy, secrets: Secrets | None, threads: TimeoutThreads) -> Any:
    if lease.kind is StepKind.HTTP and lease.role is not StepRole.COMPENSATION:
        return _request(lease, policy, secrets or Secrets())
    if lease.timeout is None:
        return _act(lease)
    return threads.call(lambda: _act(lease), seconds=lease.timeout, name=lease.step_key)


def _request(lease: Lease, policy: HttpPolicy, secrets: Secrets) -> Any:
    """Send the request with its secrets; no output and no error holds them, also if the server sends them back."""
    read = {one: secrets.read(workspace=lease.workspace, name=one.secret) for one in lease.secret_headers}
    given = {name.lower() for name in lease.input["headers"]}
    if twice := [one.header for one in read if one.header.lower() in given]:
        raise InvalidRequestError(problem=f"the header {twice[0]} is given twice")
    own = {one.header: f"{one.scheme} {value}" if one.scheme else value for one, value in read.items()}
    sent = {**lease.input, "headers": {**lease.input["headers"], **own}}
    try:
        response = send(policy=policy, timeout=lease.timeout, idempotency_key=lease.idempotency_key, **sent)
        check_status(response, expect=lease.expect)
    except HttpError as error:
        if not read:
            raise
        facts = {
            name: fact if isinstance(fact, int | float) else hide(fact, read.values())
            for name, fact in error.facts.items()
        }
        raise type(error)(**facts) from None  # without its cause, whose message may hold the header
    return hide(response.output, read.values())


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
