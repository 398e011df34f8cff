"""The scope of `${..}` and conditions: only values that the step refers to are read."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from controlplane.execution.engine.records import Attempt
    from controlplane.execution.engine.unit_of_work import UnitOfWork


def scope_of(turn: UnitOfWork, attempt: Attempt | None = None) -> dict[str, Any]:
    """Return the scope of an attempt, or (without one) that of the workflow's outputs.

    A skipped step is there with a null output; a step that has not ended is not there at all.
    """
    run = turn.run
    needs = turn.plan.needs(attempt.step_key, attempt.role) if attempt is not None else turn.plan.output_needs
    scope: dict[str, Any] = {
        "input": run.input_data,
        "vars": run.variables,
        "steps": _results(turn, needs) if needs else {},
        "execution": {
            "id": str(run.id),
            "workflow": turn.plan.definition.name,
            "version": turn.plan.version,
            "user_id": run.user_id and str(run.user_id),
            "agent_id": run.agent_id and str(run.agent_id),
        },
    }
    if attempt is not None and attempt.scope is not None:
        scope.update(attempt.scope)
    return scope


def _results(turn: UnitOfWork, keys: tuple[str, ...]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for row in turn.results(keys):
        error = row.error_type and {"type": row.error_type, "message": row.error_message}
        found[row.step_key] = {"status": str(row.status), "output": row.output, "error": error}
    return found
