"""The scope of `${..}` and conditions: only values that the step refers to are read."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from controlplane.execution.engine.records import AttemptRecord
    from controlplane.execution.engine.unit_of_work import UnitOfWork


def scope_of(unit: UnitOfWork, attempt: AttemptRecord | None = None) -> dict[str, Any]:
    """Return the scope of an attempt, or (without one) that of the workflow's outputs.

    A skipped step is there with a null output; a step that has not ended is not there at all.
    """
    execution = unit.execution
    needs = unit.plan.needs(attempt.step_key, attempt.role) if attempt is not None else unit.plan.output_needs
    scope: dict[str, Any] = {
        "input": execution.input_data,
        "vars": execution.variables,
        "steps": _results(unit, needs) if needs else {},
        "execution": {
            "id": str(execution.id),
            "workflow": unit.plan.definition.name,
            "version": unit.plan.version,
            "user_id": execution.user_id and str(execution.user_id),
            "agent_id": execution.agent_id and str(execution.agent_id),
        },
    }
    if attempt is not None and attempt.scope is not None:
        scope.update(attempt.scope)
    return scope


def _results(unit: UnitOfWork, keys: tuple[str, ...]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for row in unit.results(keys):
        error = row.error_type and {"type": row.error_type, "message": row.error_message}
        found[row.step_key] = {"status": str(row.status), "output": row.output, "error": error}
    return found
