"""Drives one execution until nothing can start: claim a step, execute it, complete it with the next claim."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from functools import partial
from typing import TYPE_CHECKING

from controlplane import clock
from controlplane.errors import LeaseLostError
from controlplane.execution.engine.claim import claim, complete_and_claim
from controlplane.execution.engine.claim import complete as complete_step
from controlplane.execution.engine.config import Claim, EngineConfig, Idle, Lease, Result, Stopped
from controlplane.execution.engine.execute import perform
from controlplane.governance.supervision.sessions import guidance_for
from controlplane.runtime.claims import ClaimLoop, Transaction

if TYPE_CHECKING:
    import uuid

    from sqlalchemy.orm import Session

Keeping = Callable[[Lease], AbstractContextManager[None]]
"""Keeps a lease alive for the length of a block."""


def _not_kept(_lease: Lease) -> AbstractContextManager[None]:
    return nullcontext()


def _ignore(_execution_id: uuid.UUID) -> None:
    """Leave it to the next sweep."""


def _never() -> bool:
    """Run the execution as far as it can go."""
    return False


def drive(
    transaction: Transaction,
    *,
    execution_id: uuid.UUID,
    engine: EngineConfig,
    worker: str = "inline",
    keeping: Keeping = _not_kept,
    when_more: Callable[[uuid.UUID], None] = _ignore,
    gives_way: Callable[[], bool] = _never,
) -> Idle | Stopped:
    """Run steps of one execution until it has none that can start now, or gives way to others: then it stays due.

    `gives_way` is asked after each step.
    `when_more` is called with its id when another of its steps can start beside the one that runs.

    A result and the claim of the next step are one transaction: a chain of steps costs one commit per step.
    """

    def claim_next(session: Session) -> Claim:
        return claim(session, execution_id=execution_id, engine=engine, worker=worker)

    def execute(lease: Lease) -> Result:
        if lease.more:
            when_more(execution_id)
        with keeping(lease):
            guidance = partial(_read_guidance, transaction, lease)
            return perform(
                lease, policy=engine.http, secrets=engine.secrets, threads=engine.threads, guidance=guidance
            )

    def complete(session: Session, lease: Lease, result: Result) -> Claim:
        if gives_way():
            complete_step(session, lease=lease, result=result, engine=engine)
            return Idle(until=clock.now())
        return complete_and_claim(session, lease=lease, result=result, engine=engine, worker=worker)

    steps = ClaimLoop[Lease, Result, Idle | Stopped](
        work=Lease, claim=claim_next, execute=execute, complete=complete, lost=LeaseLostError
    )
    return steps.run(transaction)


def _read_guidance(transaction: Transaction, lease: Lease) -> tuple[str, ...]:
    """Return the guidance of supervisors for the agent's run of a leased step, as it is now."""
    execution_id = lease.record.agent_execution_id
    if execution_id is None:
        return ()
    with transaction() as session:
        return guidance_for(session, workspace_id=lease.record.workspace_id, execution_id=execution_id)
