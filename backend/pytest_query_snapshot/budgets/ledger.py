"""Every statement of one test with what caused it: the relationship that was loaded, and the line of code."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa
from sqlalchemy import event

from pytest_query_snapshot.databases.callsite import user_line


@dataclass(frozen=True, slots=True)
class Entry:
    """One statement: ``relationship`` is what a lazy load was for, ``Agent.executions``, else empty."""

    sql: str
    line: str
    relationship: str = ""


@dataclass(slots=True)
class Ledger:
    """Writes down the statements of an engine between ``open`` and ``close``."""

    engine: sa.Engine
    line: Callable[[], str] = user_line
    entries: list[Entry] = field(default_factory=list)

    def open(self) -> None:
        """Begin to write down."""
        event.listen(self.engine, "after_cursor_execute", self._executed)

    def close(self) -> None:
        """End writing down."""
        event.remove(self.engine, "after_cursor_execute", self._executed)

    def _executed(self, _c: Any, _cursor: Any, sql: str, _parameters: Any, context: Any, _many: bool) -> None:
        self.entries.append(Entry(sql, self.line(), _lazy_loaded(context)))


def _lazy_loaded(context: Any) -> str:
    """Name the relationship that a lazy load reads.

    SQLAlchemy keeps it on the compiled statement and in the load options: nothing public says it, so whatever is
    missing in another version means "not known".
    """
    options = getattr(context, "execution_options", {}).get("_sa_orm_load_options")
    if getattr(options, "_lazy_loaded_from", None) is None:
        return ""
    state = getattr(getattr(context, "compiled", None), "compile_state", None)
    path = getattr(getattr(state, "current_path", None), "path", ())
    last = path[-1] if path else None
    owner = getattr(getattr(last, "parent", None), "class_", None)
    return f"{owner.__name__}.{last.key}" if owner is not None and last is not None else ""
