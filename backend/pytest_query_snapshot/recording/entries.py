"""Entries of a recorder: executions, transitions of transactions, and starts of steps."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
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

    SQLAlchemy's context of the execution is not kept: it holds the statement as the author built it, and each full
    collection of garbage would go through the statements of a whole test.

    compiled: the compiled statement, which SQLAlchemy shares; None for a text of the driver's.
    expanded: the names of the parameters that each expanded list became.
    options: the options it was executed with; None where a cursor of the driver reported it.
    batch: the same object for the batches of one insert of many rows; None for all else.
    origin: the engine that executed it; of a raw cursor whose engine is not known, its dialect.
    """

    compiled: Any
    expanded: Mapping[str, Sequence[str]]
    options: Mapping[str, Any] | None
    batch: object
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
    def author_statement(self) -> Any:
        """The statement as its author built it, or one of the same structure; None for a text of the driver's."""
        return getattr(self.compiled, "statement", None)

    @property
    def where(self) -> str | None:
        """The line of the project that asked for it, `path:line`."""
        return f"{self.code.co_filename}:{self.line}" if self.code is not None else None


class Transition(NamedTuple):
    """The begin or end of a transaction or savepoint, and the engine it happened on."""

    boundary: TransactionEvent
    origin: Any


Entry = Execution | Transition | StepMarker
