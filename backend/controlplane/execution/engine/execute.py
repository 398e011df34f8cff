"""Execution of a leased step, without a session and outside any transaction."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from controlplane import actions
from controlplane.execution.engine.config import (
    Failure,
    Lease,
    Result,
    Success,
)
from controlplane.execution.engine.timeouts import TimeoutThreads
from controlplane.execution.http import HttpPolicy
from controlplane.execution.redaction import hide
from controlplane.execution.secrets import Secrets
from controlplane.execution.steps.http import send_request
from controlplane.execution.steps.task import call_action
from controlplane.models import StepKind, StepRole


def perform(
    lease: Lease,
    *,
    policy: HttpPolicy,
    secrets: Secrets | None = None,
    threads: TimeoutThreads | None = None,
    guidance: Callable[[], tuple[str, ...]] | None = None,
) -> Result:
    """Perform a leased step within its timeout; every error is returned as a Failure, never raised.

    No result holds a secret: a server may return in a later answer what it was sent in an earlier request.
    `threads` counts the steps that timed out and still run; `guidance` reads that of supervisors.
    """
    try:
        with actions.with_guidance(guidance):
            output = _perform(lease, policy, secrets, threads or TimeoutThreads())
    except Exception as error:  # noqa: BLE001  an action may raise anything; the step takes it
        return Failure.of(error, secrets=secrets.values() if secrets else ())
    return Success(output=hide(output, secrets.values()) if secrets else output)


def _perform(lease: Lease, policy: HttpPolicy, secrets: Secrets | None, threads: TimeoutThreads) -> Any:
    if lease.kind is StepKind.HTTP and lease.role is not StepRole.COMPENSATION:
        return send_request(lease, policy, secrets or Secrets())
    if lease.timeout is None:
        return call_action(lease)
    return threads.call(lambda: call_action(lease), seconds=lease.timeout, name=lease.step_key)
