"""The rows of all tables, before and after: read whole each time, made into values only where they differ.

Triggers, cascades, functions and raw drivers change rows that no recording tells of, so nothing less than reading
every table shows what a step did. What costs is not the reading but SQLAlchemy's part in it: a table whose rows
come from the driver as they came before is the same table.
"""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from pytest_query_snapshot.values.declared_types import declared_type
from pytest_query_snapshot.values.masks import masked
from pytest_query_snapshot.values.table import Column

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from pytest_query_snapshot.values.id_aliases import IdColumns
    from pytest_query_snapshot.values.masks import Masks

Row = tuple[Any, ...]
# states of a table that are remembered: those before and after the steps of a test, and of the seeds
_KEPT = 4


@dataclass(frozen=True, slots=True)
class TableState:
    """All rows of one table, by key; where there is no key, by themselves with how often they occur."""

    columns: tuple[Column, ...]
    key: tuple[int, ...]
    rows: Mapping[Row, Row]
    counts: Mapping[Row, int]


State = dict[str, TableState]


class StateReader:
    """Reads every row of some tables, again and again."""

    def __init__(self, tables: Iterable[sa.Table], columns: IdColumns, *, masks: Masks) -> None:
        self._tables = tuple(_Table(table, columns, masks) for table in tables)
        self._texts: tuple[str, ...] = ()

    def read(self, connection: sa.Connection) -> State:
        """Read the tables as `connection` sees them."""
        dialect = connection.dialect
        if not self._texts:
            self._texts = tuple(table.select(dialect) for table in self._tables)
        cursor: Any = connection.connection.cursor()
        try:
            found = _all_at_once if dialect.name == "postgresql" else _one_by_one
            return {
                table.name: table.state(rows, dialect=dialect, described=cursor.description)
                for table, rows in zip(self._tables, found(cursor, self._texts), strict=True)
            }
        finally:
            cursor.close()


def _one_by_one(cursor: Any, texts: Sequence[str]) -> Iterator[list[Any]]:
    for text in texts:
        yield cursor.execute(text).fetchall()


def _all_at_once(cursor: Any, texts: Sequence[str]) -> Iterator[list[Any]]:
    """Read in one round trip."""
    if not texts:
        return
    cursor.execute(";\n".join(texts))
    for _ in texts:
        yield cursor.fetchall()
        cursor.nextset()


class _Table:
    """One table, and the states it was lately seen in."""

    def __init__(self, table: sa.Table, columns: IdColumns, masks: Masks) -> None:
        self.name = str(table.fullname)
        self._table = table
        self._columns = tuple(
            Column(each.name, declared_type(each.type), columns.referenced_table(each)) for each in table.columns
        )
        names = [column.name for column in self._columns]
        self._key = tuple(names.index(each.name) for each in table.primary_key.columns)
        self._hidden = tuple(map(masks.is_masked, table.columns)) if masks else ()
        # what the driver makes of JSON says that true is 1 and 1 is 1.0
        self._loose = any(isinstance(each.type, (sa.JSON, sa.ARRAY)) for each in table.columns)
        self._seen: list[tuple[list[Any], TableState]] = []

    def select(self, dialect: sa.Dialect) -> str:
        """Write the query, as a driver takes it that gets no parameters."""
        text = str(sa.select(self._table).compile(dialect=dialect))
        return text.replace("%%", "%") if dialect.paramstyle in {"format", "pyformat"} else text

    def state(self, raw: list[Any], *, dialect: sa.Dialect, described: Sequence[Any]) -> TableState:
        """Give the state that these rows of the driver are."""
        for at, (rows, state) in enumerate(self._seen):
            if rows == raw and not (self._loose and repr(rows) != repr(raw)):
                self._seen.insert(0, self._seen.pop(at))
                return state
        state = self._made(raw, _readers(self._table, dialect, described))
        self._seen.insert(0, (raw, state))
        del self._seen[_KEPT:]
        return state

    def _made(self, raw: list[Any], readers: Sequence[Callable[[Any], Any] | None]) -> TableState:
        found = [
            tuple(value if read is None else read(value) for value, read in zip(row, readers, strict=True))
            for row in raw
        ]
        if any(self._hidden):
            found = [
                tuple(masked(value) if hide else value for value, hide in zip(row, self._hidden, strict=True))
                for row in found
            ]
        if self._key:
            by_key = {tuple(row[at] for at in self._key): row for row in found}
            return TableState(self._columns, self._key, by_key, {})
        marked = [tuple(map(exact, row)) for row in found]
        return TableState(self._columns, self._key, dict(zip(marked, found, strict=True)), Counter(marked))


def _readers(table: sa.Table, dialect: sa.Dialect, described: Sequence[Any]) -> list[Callable[[Any], Any] | None]:
    """Find what makes values of a column out of what the driver gives, as an execution would."""
    return [
        column.type.dialect_impl(dialect).result_processor(dialect, facts[1])
        for column, facts in zip(table.columns, described, strict=True)
    ]


def exact(value: Any) -> Any:
    """Give a value that can be hashed, and by which JSON values are equal only if they read the same."""
    if isinstance(value, (dict, list)):
        return json.dumps(value, sort_keys=True, default=repr)
    return repr(value) if isinstance(value, (set, bytearray)) else value
