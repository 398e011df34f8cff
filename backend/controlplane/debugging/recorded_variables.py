"""Reconstruct the variables with which a recorded step began, from the log of its execution.

A variable is set when the execution starts, by the `save` of a completed step, and by people who resume the
execution or debug it. All of these are recorded; this walks through them in their order.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from controlplane.errors import InvalidValueError
from controlplane.execution.expressions.variables import resolve
from controlplane.models import StepRole, StepStatus

if TYPE_CHECKING:
    import uuid

    from controlplane.execution.engine.plan import Plan
    from controlplane.models import DebugVariable, WorkflowExecution, WorkflowStepExecution


@dataclass(frozen=True, kw_only=True)
class Recording:
    """All that an execution left: its plan, the lines of its log about variables, its attempts, people's changes.

    `log` has the rows of `select_variable_log`, `attempts` those of `select_last_attempts`.
    """

    execution: WorkflowExecution
    plan: Plan
    log: Sequence[Any]
    attempts: Sequence[WorkflowStepExecution]
    changes: Sequence[DebugVariable]


@dataclass(kw_only=True)
class _Walk:
    """`original` is what the execution had; `replayed` leaves out what steps that run again had saved."""

    recording: Recording
    plan: Plan
    input_data: Mapping[str, Any]
    execution_id: uuid.UUID
    kept: frozenset[str]
    original: dict[str, Any] = field(default_factory=dict)
    replayed: dict[str, Any] = field(default_factory=dict)
    unknown: dict[str, None] = field(default_factory=dict)
    """Variables whose values the log only names, as long as nothing overwrites them."""
    lost: dict[str, None] = field(default_factory=dict)
    """Those of them that were overwritten later: their value is gone."""

    def start(self) -> None:
        """Set the variables of the definition, below those that a person gave before the start."""
        own, mended = dict(self.recording.plan.definition.vars), dict(self.plan.definition.vars)
        run = self.recording.execution
        original = resolve(own, self._scope(self.recording.plan, run.input_data, {}, run.id))
        self.original = {**original, **self.original}
        if mended == own and self.input_data == run.input_data:
            self.replayed = {**original, **self.replayed}
        else:
            started = resolve(mended, self._scope(self.plan, self.input_data, {}, self.execution_id))
            self.replayed = {**started, **self.replayed}

    def start_from(self, variables: Mapping[str, Any]) -> None:
        """Set the variables with which a replay began."""
        self.original = dict(variables)
        mended = dict(self.plan.definition.vars)
        missing = {name: value for name, value in mended.items() if name not in variables}
        scope = self._scope(self.plan, self.input_data, {}, self.execution_id)
        self.replayed = {**resolve(missing, scope), **variables}

    def give(self, values: Mapping[str, Any], *, is_kept: bool) -> None:
        """Set what a person gave."""
        self._overwrite(values)
        self.original |= values
        if is_kept:
            self.replayed |= values

    def name(self, names: Sequence[str], *, is_kept: bool) -> None:
        """Note variables that a person gave, of which an old log holds only the names."""
        self._overwrite(names)
        final = self.recording.execution.variables
        self.give({name: final[name] for name in names if name in final}, is_kept=is_kept)
        if is_kept:
            self.unknown |= dict.fromkeys(names)

    def save(self, attempt: WorkflowStepExecution, *, results: Mapping[str, Any]) -> None:
        """Set what a completed attempt saved."""
        key, role = attempt.step_key, attempt.role
        own = self.recording.plan.step(key, role).save
        run, extra = self.recording.execution, {**(attempt.scope or {}), "output": attempt.output}
        scope = self._scope(self.recording.plan, run.input_data, self.original, run.id)
        saved = resolve(dict(own), {**scope, "steps": results, **extra})
        self._overwrite(saved)
        self.original |= saved
        if key not in self.kept:
            return
        mended = self.plan.step(key, role).save
        if dict(mended) != dict(own):
            scope = self._scope(self.plan, self.input_data, self.replayed, self.execution_id)
            saved = resolve(dict(mended), {**scope, "steps": results, **extra})
        self.replayed |= saved

    def _overwrite(self, names: Mapping[str, Any] | Sequence[str]) -> None:
        for name in names:
            if name in self.unknown:
                del self.unknown[name]
                self.lost[name] = None

    def _scope(
        self, plan: Plan, input_data: Mapping[str, Any], variables: Mapping[str, Any], execution_id: uuid.UUID
    ) -> dict[str, Any]:
        run = self.recording.execution
        return {
            "input": input_data,
            "vars": variables,
            "execution": {
                "id": str(execution_id),
                "workflow": plan.definition.name,
                "version": plan.version,
                "user_id": run.user_id and str(run.user_id),
                "agent_id": run.agent_id and str(run.agent_id),
            },
        }


def recorded_variables(
    recording: Recording,
    *,
    from_step: str,
    kept: frozenset[str],
    plan: Plan,
    input_data: Mapping[str, Any],
    execution_id: uuid.UUID,
    given: Mapping[str, Any],
) -> dict[str, Any]:
    """Return the variables with which a replay by `plan` begins at `from_step`; `given` overrides them.

    They are those of the start, what the `kept` steps saved, and what people set before `from_step` first began.

    Raises:
        InvalidValueError: a value was not recorded (by an earlier version), and is not among those given.
        MissingReferenceError: the mended definition refers to values that were not recorded.
    """
    walk = _Walk(recording=recording, plan=plan, input_data=input_data, execution_id=execution_id, kept=kept)
    attempts = {(row.step_key, row.role, row.item, row.attempt): row for row in recording.attempts}
    results = _results(recording.attempts)
    changes = list(recording.changes)
    is_before = True
    for line in recording.log:
        while changes and changes[0].changed_at <= line.timestamp:
            _change(walk, changes.pop(0), is_kept=is_before)
        if line.event == "execution_started":
            walk.start()
        elif line.event == "execution_replayed":
            walk.start_from(_variables_of(line))
        elif line.event == "execution_resumed":
            _resume(walk, line.context.get("variables", {}), is_kept=is_before)
        elif line.event in ("step_started", "step_skipped"):
            is_before = is_before and not (line.step_key == from_step and "role" not in line.context)
        elif line.event == "step_completed" and line.context.get("role") != StepRole.COMPENSATION:
            walk.save(attempts[_place(line)], results=results)
    for change in changes:
        _change(walk, change, is_kept=is_before)
    missing = [name for name in walk.lost if name not in given]
    if missing:
        rule = "the value that it was given was not recorded: set it"
        raise InvalidValueError(field="variables", value=missing[0], rule=rule)
    return walk.replayed | dict(given)


def _change(walk: _Walk, change: DebugVariable, *, is_kept: bool) -> None:
    walk.give({change.name: change.new_value}, is_kept=is_kept)


def _resume(walk: _Walk, variables: Any, *, is_kept: bool) -> None:
    if isinstance(variables, Mapping):
        walk.give(variables, is_kept=is_kept)
    else:
        walk.name(variables, is_kept=is_kept)


def _variables_of(line: Any) -> Mapping[str, Any]:
    found = line.context.get("variables")
    if not isinstance(found, Mapping):
        rule = (
            "this replay was made by an earlier version, which did not record its variables: replay its original"
        )
        raise InvalidValueError(field="execution", value=line.message, rule=rule)
    return found


def _place(line: Any) -> tuple[str, StepRole, int, int]:
    context = line.context
    role = StepRole(context.get("role", StepRole.STEP))
    return line.step_key, role, context.get("item", 0), context.get("attempt", 1)


def _results(attempts: Sequence[WorkflowStepExecution]) -> dict[str, Any]:
    """Return the ended steps as expressions saw them; one that was undone since had completed."""
    found = {}
    for row in attempts:
        if row.role is not StepRole.STEP or row.completed_at is None:
            continue
        status = StepStatus.COMPLETED if row.status is StepStatus.COMPENSATED else row.status
        error = row.error_type and {"type": row.error_type, "message": row.error_message}
        found[row.step_key] = {"status": str(status), "output": row.output, "error": error}
    return found
