"""Steps that call a registered action."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from controlplane import actions
from controlplane.execution.steps.outcomes import Dispatch, StepContext, StepOutcome

if TYPE_CHECKING:
    from controlplane.execution.engine.config import Lease


def start_task(_context: StepContext) -> StepOutcome:
    """Have a worker call the action."""
    return Dispatch()


def call_action(lease: Lease) -> Any:
    """Call the action of a leased step; also that of an agent, and that of a compensation."""
    parameters = lease.input["parameters"]
    return actions.run(str(lease.action), parameters=parameters, idempotency_key=lease.idempotency_key)
