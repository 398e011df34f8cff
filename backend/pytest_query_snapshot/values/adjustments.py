"""Columns that one comparison hides or rounds: `golden.ignoring("col")`, `golden.rounding(col=2)`."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from pytest_query_snapshot.errors import AdjustmentError
from pytest_query_snapshot.values.printing.printer import Masked
from pytest_query_snapshot.values.table import ABSENT, Column, Rows

_IGNORED = Masked("ignored")


@dataclass(frozen=True, slots=True)
class Adjustments:
    """The names of hidden columns, and of rounded ones with their digits after the point."""

    ignored: tuple[str, ...] = ()
    rounded: tuple[tuple[str, int], ...] = ()

    def __bool__(self) -> bool:
        return bool(self.ignored or self.rounded)

    def ignoring(self, names: tuple[str, ...]) -> Adjustments:
        """Hide further columns."""
        return replace(self, ignored=(*self.ignored, *names))

    def rounding(self, digits: dict[str, int]) -> Adjustments:
        """Round further columns."""
        return replace(self, rounded=(*self.rounded, *digits.items()))

    def apply(self, rows: Rows) -> Rows:
        """Hide and round columns, and say so in the notes of the golden. Raises AdjustmentError."""
        names = [column.name for column in rows.columns]
        for name in (*self.ignored, *(name for name, _ in self.rounded)):
            if name not in names:
                raise AdjustmentError(column=name, reason=f"there is none; the columns are {', '.join(names)}")
        digits = dict(self.rounded)
        columns = tuple(
            Column(column.name, "ignored", key=column.key) if column.name in self.ignored else column
            for column in rows.columns
        )
        found = [
            tuple(self._cell(name, value, digits) for name, value in zip(names, row, strict=True))
            for row in rows.rows
        ]
        return replace(rows, columns=columns, rows=found, notes=(*rows.notes, *self._notes()))

    def _cell(self, name: str, value: Any, digits: dict[str, int]) -> Any:
        if name in self.ignored:
            return _IGNORED
        return _rounded(name, value, digits[name]) if name in digits else value

    def _notes(self) -> list[str]:
        notes = [f"ignoring: {', '.join(self.ignored)}"] if self.ignored else []
        if self.rounded:
            notes.append(f"rounding: {', '.join(f'{name}={digits}' for name, digits in self.rounded)}")
        return notes


def _rounded(name: str, value: Any, digits: int) -> Any:
    if value is None or value is ABSENT:
        return value
    if isinstance(value, bool) or not isinstance(value, (int, float, Decimal)):
        raise AdjustmentError(column=name, reason=f"a {type(value).__name__} can't be rounded")
    return round(value, digits) if math.isfinite(value) else value
