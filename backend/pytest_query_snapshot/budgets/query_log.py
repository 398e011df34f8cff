"""Every statement of one test with what caused it: the relationship that was loaded, and the line of code."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa
from sqlalchemy import event

from pytest_query_snapshot.databases.project_line import user_lines


@dataclass(frozen=True, slots=True)
class Entry:
    """One statement: ``relationship`` is what a lazy load was for, ``Agent.executions``, else empty.

    ``callers`` are the lines that led to it, the innermost first; ``transaction`` counts the commits and rollbacks
    before it.
    """

    sql: str
    callers: tuple[str, ...]
    relationship: str = ""
    parameters: str = ""
    transaction: int = 0

    @property
    def line(self) -> str:
        """The line of code that asked."""
        return self.callers[0]


@dataclass(slots=True)
class Ledger:
    """Writes down the statements of an engine between ``open`` and ``close``."""

    engine: sa.Engine
    callers: Callable[[], tuple[str, ...]] = user_lines
    entries: list[Entry] = field(default_factory=list)
    ended: int = 0

    def open(self) -> None:
        """Begin to write down."""
        for name, listener in self._listeners():
            event.listen(self.engine, name, listener)

    def close(self) -> None:
        """End writing down."""
        for name, listener in self._listeners():
            event.remove(self.engine, name, listener)

    def _listeners(self) -> tuple[tuple[str, Callable[..., None]], ...]:
        return (("after_cursor_execute", self._executed), ("commit", self._ended), ("rollback", self._ended))

    def _ended(self, _connection: Any) -> None:
        self.ended += 1

    def _executed(self, _c: Any, _cursor: Any, sql: str, parameters: Any, context: Any, _many: bool) -> None:
        self.entries.append(Entry(sql, self.callers(), _lazy_loaded(context), repr(parameters), self.ended))


def _lazy_loaded(context: Any) -> str:
    """Name the relationship that a lazy load reads.

    SQLAlchemy keeps it on the compiled statement and in the load options: no public API returns it, so an
    attribute that is missing in another version means "not known".
    """
    options = getattr(context, "execution_options", {}).get("_sa_orm_load_options")
    if getattr(options, "_lazy_loaded_from", None) is None:
        return ""
    state = getattr(getattr(context, "compiled", None), "compile_state", None)
    path = getattr(getattr(state, "current_path", None), "path", ())
    last = path[-1] if path else None
    owner = getattr(getattr(last, "parent", None), "class_", None)
    return f"{owner.__name__}.{last.key}" if owner is not None and last is not None else ""
