"""The transition table of one kind of record. No session here."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Generic, TypeVar

if TYPE_CHECKING:
    from collections.abc import Mapping

    from controlplane.models.declarative import Base


S = TypeVar("S", bound=StrEnum)


@dataclass(frozen=True)
class Lifecycle(Generic[S]):
    """The initial statuses of records of `model`, and the transitions of each status; one without any is final.

    A record that has a second kind of state beside its status holds it in another `column`, and that lifecycle
    has an `aspect` of its own (an agent's maturity).
    """

    model: type[Base]
    initial: tuple[S, ...]
    arrows: Mapping[S, tuple[S, ...]]
    column: str = "status"
    aspect: str | None = None

    @property
    def kind(self) -> str:
        """The `record_kind` of the events: the name of the table, and the aspect if it is not the status."""
        table = str(self.model.__tablename__)
        return f"{table}.{self.aspect}" if self.aspect else table

    def status_of(self, record: Any) -> S:
        """Return where `record` stands, as the session sees it."""
        status: S = getattr(record, self.column)
        return status

    def sources(self, to: S) -> tuple[S, ...]:
        """Return every status that may go to `to`, in the order of the table."""
        return tuple(source for source, targets in self.arrows.items() if to in targets)

    def is_final(self, status: S) -> bool:
        """Return whether nothing leads out of `status`."""
        return not self.arrows.get(status)

    def mermaid(self) -> str:
        """Draw the table as a Mermaid state diagram."""
        lines = [f"    [*] --> {status}" for status in self.initial]
        lines += [f"    {source} --> {to}" for source, targets in self.arrows.items() for to in targets]
        statuses: list[Any] = list(dict.fromkeys([*self.arrows, *(t for ts in self.arrows.values() for t in ts)]))
        lines += [f"    {status} --> [*]" for status in statuses if self.is_final(status)]
        return "\n".join(["stateDiagram-v2", *lines])
