"""Every statement of one test with what caused it: the relationship that was loaded, and the line of code."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.orm import Session

from pytest_query_snapshot.databases.project_line import project_lines


@dataclass(frozen=True, slots=True)
class Entry:
    """One statement: ``relationship`` is what a lazy load was for, ``Agent.executions``, else empty.

    ``callers`` are the lines that led to it, the innermost first; ``transaction`` counts the commits and rollbacks
    before it. ``flush`` numbers the flush of a session that made it, 0 outside of one; ``written`` says that the
    text is the author's (``text()`` or a string), not built from a statement object; ``batched`` that one call of
    the driver took many rows.
    """

    sql: str
    callers: tuple[str, ...]
    relationship: str = ""
    parameters: str = ""
    transaction: int = 0
    flush: int = 0
    written: bool = False
    batched: bool = False

    @property
    def line(self) -> str:
        """The line of code that asked."""
        return self.callers[0]


@dataclass(slots=True)
class QueryLog:
    """Writes down the statements of an engine between ``open`` and ``close``."""

    engine: sa.Engine | type[sa.Engine]
    counts: Callable[[], bool] = lambda: True
    callers: Callable[[], tuple[str, ...]] = project_lines
    entries: list[Entry] = field(default_factory=list)
    ended: int = 0
    _flushes: int = 0
    _flush: int = 0

    def open(self) -> None:
        """Begin to write down."""
        for name, listener in self._listeners():
            event.listen(self.engine, name, listener)
        for name, listener in self._flush_listeners():
            event.listen(Session, name, listener)

    def close(self) -> None:
        """End writing down."""
        for name, listener in self._listeners():
            event.remove(self.engine, name, listener)
        for name, listener in self._flush_listeners():
            event.remove(Session, name, listener)

    def _listeners(self) -> tuple[tuple[str, Callable[..., None]], ...]:
        return (("after_cursor_execute", self._executed), ("commit", self._ended), ("rollback", self._ended))

    def _flush_listeners(self) -> tuple[tuple[str, Callable[..., None]], ...]:
        return (("before_flush", self._flushing), ("after_flush", self._flushed))

    def _flushing(self, _session: Any, _context: Any, _instances: Any) -> None:
        self._flushes += 1
        self._flush = self._flushes

    def _flushed(self, _session: Any, _context: Any) -> None:
        self._flush = 0

    def _ended(self, _connection: Any) -> None:
        self.ended += 1

    def _executed(
        self, connection: Any, _cursor: Any, sql: str, parameters: Any, context: Any, many: bool
    ) -> None:
        if not self.counts() or "query_snapshot_unrecorded" in connection.get_execution_options():
            return  # the plugin reads the state of the tables
        statement = getattr(getattr(context, "compiled", None), "statement", None)
        self.entries.append(
            Entry(
                sql,
                self.callers(),
                relationship=_lazy_loaded(context),
                parameters=repr(parameters),
                transaction=self.ended,
                flush=self._flush,
                written=statement is None or isinstance(statement, sa.TextClause),
                batched=many,
            )
        )


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
