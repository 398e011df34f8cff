"""Drives one execution until nothing can start: claim, perform, complete with the next claim."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from typing import TYPE_CHECKING

from controlplane.errors import LeaseLostError
from controlplane.execution.engine.claim import claim, complete_and_claim
from controlplane.execution.engine.config import (
    Claim,
    Engine,
    Idle,
    Lease,
    Result,
    Stopped,
)
from controlplane.execution.engine.execute import perform

if TYPE_CHECKING:
    import uuid

    from sqlalchemy.orm import Session

Transaction = Callable[[], AbstractContextManager["Session"]]
"""Opens a transaction that is committed at the end of the block, and rolled back by an exception."""
Keeping = Callable[[Lease], AbstractContextManager[None]]
"""Keeps a lease alive for the length of a block."""


def _not_kept(_lease: Lease) -> AbstractContextManager[None]:
    return nullcontext()


def drive(
    transaction: Transaction,
    *,
    execution_id: uuid.UUID,
    engine: Engine,
    worker: str = "inline",
    keeping: Keeping = _not_kept,
) -> Idle | Stopped:
    """Run steps of one execution until it has none that can start now.

    A result and the claim of the next step are one transaction: a chain of steps costs one commit per step.
    """
    with transaction() as session:
        claimed = claim(session, execution_id=execution_id, engine=engine, worker=worker)
    while isinstance(claimed, Lease):
        with keeping(claimed):
            result = perform(claimed, policy=engine.http, threads=engine.threads)
        claimed = _complete_and_claim(transaction, claimed, result, engine=engine, worker=worker)
    return claimed


def _complete_and_claim(
    transaction: Transaction, lease: Lease, result: Result, *, engine: Engine, worker: str
) -> Claim:
    try:
        with transaction() as session:
            return complete_and_claim(session, lease=lease, result=result, engine=engine, worker=worker)
    except LeaseLostError:
        pass  # whoever has the step now will complete it; this result is dropped
    with transaction() as session:
        return claim(session, execution_id=lease.execution_id, engine=engine, worker=worker)
