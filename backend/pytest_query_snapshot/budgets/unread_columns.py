"""Large columns that entities were loaded with and that the test never reads.

Access to an attribute of a mapped object counts. Columns of plain rows are not watched, because a tuple does not
show which of its members are used.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any
from weakref import WeakKeyDictionary

import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.orm import Mapper
from sqlalchemy.orm.attributes import InstrumentedAttribute

from pytest_query_snapshot.budgets.series import Finding
from pytest_query_snapshot.databases.project_line import project_line

LEAST_ROWS = 3
"""Entities loaded by one query before an unread column of theirs counts."""
_LARGE = (sa.Text, sa.JSON, sa.LargeBinary)


@dataclass(slots=True)
class _Load:
    """The entities of one class that one query made, and which of their columns were read."""

    line: str
    entity: type
    filled: Counter[str] = field(default_factory=Counter)
    """The number of entities with a value in a column: NULL costs nothing to load."""
    read: set[str] = field(default_factory=set)


class ReadColumns:
    """Watches which attributes of loaded entities are read, between ``open`` and ``close``."""

    def __init__(self) -> None:
        self._loads: dict[tuple[Any, type], _Load] = {}
        self._of_state: WeakKeyDictionary[Any, _Load] = WeakKeyDictionary()
        self._large: dict[type, frozenset[str]] = {}
        self._get: Any = None

    def open(self) -> None:
        """Begin to watch every mapped class of the process."""
        event.listen(Mapper, "load", self._loaded)
        self._get = get = InstrumentedAttribute.__get__
        of_state = self._of_state

        def watched(attribute: Any, instance: Any, owner: Any) -> Any:
            load = of_state.get(sa.inspect(instance, raiseerr=False)) if instance is not None else None
            if load is not None:
                load.read.add(attribute.key)
            return get(attribute, instance, owner)

        # SQLAlchemy has no event for reading an attribute
        InstrumentedAttribute.__get__ = watched  # type: ignore[method-assign, assignment]

    def close(self) -> None:
        """End watching."""
        InstrumentedAttribute.__get__ = self._get  # type: ignore[method-assign]
        event.remove(Mapper, "load", self._loaded)

    def _loaded(self, entity: Any, context: Any) -> None:
        kind = type(entity)
        if kind not in self._large:
            self._large[kind] = _large_columns(kind)
        if not self._large[kind]:
            return
        state = sa.inspect(entity)
        load = self._loads.get((context, kind))
        if load is None:
            load = self._loads[context, kind] = _Load(project_line(), kind)
        load.filled.update(column for column in self._large[kind] if state.dict.get(column) is not None)
        self._of_state[state] = load

    def findings(self) -> Iterator[Finding]:
        """Yield a finding for each column that no entity of a query was asked for."""
        for load in self._loads.values():
            for column in sorted(load.filled.keys() - load.read):
                rows = load.filled[column]
                if rows < LEAST_ROWS:
                    continue
                name = f"{load.entity.__name__}.{column}"
                why = f"{name} is loaded for {rows} rows and never read; leave it out: options(defer({name}))"
                yield Finding("unread-columns", name, why, load.line, "")


def _large_columns(kind: type) -> frozenset[str]:
    mapper: Any = sa.inspect(kind)
    return frozenset(
        attribute.key for attribute in mapper.column_attrs if isinstance(attribute.columns[0].type, _LARGE)
    )
