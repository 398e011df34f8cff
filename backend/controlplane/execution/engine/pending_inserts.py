"""Attempts that a unit of work has created and not yet inserted: changing them costs no statement.

A step that follows a completed one is mostly leased, or ended, by the unit of work that creates its row; it is
then inserted with its last status. Its lifecycle events are those of every step.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from controlplane.execution.engine.records import ATTEMPT_FIELDS, AttemptRecord
from controlplane.execution.lifecycle import OPEN_STEPS
from controlplane.models import StepStatus

if TYPE_CHECKING:
    import uuid
    from collections.abc import Mapping
    from datetime import datetime

Row = dict[str, Any]
FLUSH_THRESHOLD = 100
"""More attempts than these are written: searching them here would take longer than a query."""


class PendingInserts:
    """Rows to be inserted, by the id of the attempt."""

    def __init__(self) -> None:
        self._rows: dict[uuid.UUID, Row] = {}

    def add(self, rows: list[Row]) -> None:
        """Keep new rows."""
        self._rows.update((row["id"], row) for row in rows)

    @property
    def is_large(self) -> bool:
        """Return whether there are more than FLUSH_THRESHOLD rows."""
        return len(self._rows) > FLUSH_THRESHOLD

    def update(self, attempt_id: uuid.UUID, values: Mapping[str, Any]) -> bool:
        """Set columns of an attempt if it is pending here; return whether it is."""
        row = self._rows.get(attempt_id)
        if row is not None:
            row.update(values)
        return row is not None

    def holds_any(self, keys: tuple[str, ...]) -> bool:
        """Return whether an attempt of one of these steps is pending."""
        return any(row["step_key"] in keys for row in self._rows.values())

    def holds_all_open(self, count: int) -> bool:
        """Return whether all open steps of an execution, `count` of them, are pending here."""
        return count == sum(row["status"] in OPEN_STEPS for row in self._rows.values())

    def ready(self, now: datetime) -> list[AttemptRecord]:
        """Return the attempts here that may start now, in definition order."""
        ready = [row for row in self._rows.values() if _is_ready(row, now)]
        ready.sort(key=lambda row: (row["position"], row["item"], row["id"]))
        return [AttemptRecord(*(row.get(name) for name in ATTEMPT_FIELDS)) for row in ready]  # type: ignore[arg-type]

    def take_groups(self) -> list[list[Row]]:
        """Remove and return the rows, one list per INSERT: the rows of a list have the same columns."""
        alike: dict[tuple[str, ...], list[Row]] = {}
        for row in self._rows.values():
            alike.setdefault(tuple(row), []).append(row)
        self._rows = {}
        return list(alike.values())


def _is_ready(row: Row, now: datetime) -> bool:
    if row["status"] is not StepStatus.PENDING or row["remaining"]:
        return False
    return row["wake_at"] is None or row["wake_at"] <= now
