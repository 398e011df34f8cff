"""Append-only records: the database itself refuses to change or delete them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from sqlalchemy import DDL, Engine, event

from controlplane.append_only_triggers import APPEND_ONLY, FUNCTION, trigger_statements
from controlplane.errors import AppendOnlyError
from controlplane.models.declarative import Base

if TYPE_CHECKING:
    from sqlalchemy.engine import ExceptionContext

_REFUSED = re.compile(r"append-only: (\w+)")


def _on(target: Any, moment: str, statement: str, dialect: str) -> None:
    ddl = DDL(statement)  # type: ignore[no-untyped-call]  # SQLAlchemy's own annotation is missing
    event.listen(target, moment, ddl.execute_if(dialect=dialect))


def protect() -> None:
    """Give the tables their triggers wherever the metadata creates them; every table is declared by then."""
    for name in APPEND_ONLY:
        table = Base.metadata.tables[name]
        for dialect in ("sqlite", "postgresql"):
            for trigger in trigger_statements(is_sqlite=dialect == "sqlite"):
                _on(table, "after_create", trigger, dialect)
    _on(Base.metadata, "before_create", FUNCTION, "postgresql")
    _on(Base.metadata, "after_drop", "DROP FUNCTION IF EXISTS refuse_change()", "postgresql")


# on every engine: an application brings its own
@event.listens_for(Engine, "handle_error")
def _raise_append_only(context: ExceptionContext) -> None:
    """Raise AppendOnlyError in place of the database's own error."""
    found = _REFUSED.match(str(context.original_exception))
    if found:
        raise AppendOnlyError(record=found[1]) from context.original_exception
