"""Entries of a recorder: executions, transitions of transactions, and starts of steps."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple


@dataclass(frozen=True, slots=True)
class TransactionEvent:
    """A transaction or savepoint that began or ended, as its command: BEGIN, COMMIT, SAVEPOINT .."""

    command: str


@dataclass(frozen=True, slots=True)
class StepMarker:
    """The start of a step of the test."""

    name: str


class Execution(NamedTuple):
    """One execution as it was seen: cheap to make, read only when something is compared.

    origin: the engine that executed it; of a raw cursor whose engine is not known, its dialect.
    """

    context: Any
    statement: str
    parameters: Sequence[Any]
    row_count: int
    cursor: Any
    code: Any
    line: int
    origin: Any
    error: str | None = None

    @property
    def rows(self) -> int | None:
        """The number of returned or changed rows; None where the driver does not report it."""
        fetched = getattr(self.cursor, "rows_fetched", None)
        if fetched:
            return int(fetched)
        return self.row_count if self.row_count >= 0 else fetched

    @property
    def where(self) -> str | None:
        """The line of the project that asked for it, `path:line`."""
        return f"{self.code.co_filename}:{self.line}" if self.code is not None else None


class Transition(NamedTuple):
    """The begin or end of a transaction or savepoint, and the engine it happened on."""

    boundary: TransactionEvent
    origin: Any


Entry = Execution | Transition | StepMarker
