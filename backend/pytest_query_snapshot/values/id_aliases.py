"""Aliases of ids: `agent#1`, so that relations show and generated ids never change a golden.

One test numbers each id once: by key, by the order of insertion, or else by what the rows say that mention it. So
the order of rows, which a query may change, does not change aliases.
"""

from __future__ import annotations

import re
import uuid
from bisect import bisect_left
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any
from weakref import WeakKeyDictionary

from pytest_query_snapshot.values.printing.escaping import replace_uuids, uuid_in

if TYPE_CHECKING:
    from sqlalchemy import Column, MetaData

_HEX = re.compile(r"[0-9a-f]{32}")
_NUMBERED = re.compile(r"_\d+$")
_DRAWN = (1, 4, 6, 7)
"""The versions of UUIDs that are random or begin with the time: another run has others, in another order."""
_SHIFT = 10**28  # negative keys sort before positive ones


Ids = Sequence[int] | Sequence[uuid.UUID]
"""Sorted ids of one kind."""


class IdAliases:
    """The names given to ids so far in one test.

    An id of a row that was there at the test's start says which row it is: it is numbered by its place among the
    keys of its table. With numbers by appearance, the wrong row of two would be called as the right one. Drawn
    UUIDs have no place. Those that the test inserted follow in that order, and other ids by appearance.

    A child sees the names of its parent, and gives names of its own with a letter (`agent#s1`): the ids that
    only the statements of one dialect show must not move the numbers that all databases share.

    ``started`` gives the sorted keys at the test's start by kind of id; it is called once, for the first name.
    ``inserted`` gives the UUIDs that were inserted since its last call, each with its kind.
    """

    def __init__(
        self,
        parent: IdAliases | None = None,
        *,
        started: Callable[[], Mapping[str, Ids]] | None = None,
        inserted: Callable[[], Iterable[tuple[uuid.UUID, str]]] = tuple,
    ) -> None:
        self._parent = parent
        self._started = started
        self._inserted = inserted
        self._names: dict[Any, str] = {}
        self._counts: dict[str, int] = {}
        self._ranked: dict[str, Ids] = {}

    def alias_for(self, key: object, kind: str) -> str:
        """Name an id: a UUID, or an integer with its table."""
        return self.known(key) or self._give(key, kind)

    def _give(self, key: object, kind: str) -> str:
        count = self._counts[kind] = self._counts.get(kind, 0) + 1
        self._names[key] = f"{kind}#{count}" if self._parent is None else f"{kind}#s{count}"
        return self._names[key]

    def known(self, key: object) -> str | None:
        """Return the name an id already has."""
        if self._parent is not None:
            return self._parent.known(key) or self._names.get(key)
        if self._started is not None:
            started, self._started = self._started, None
            self.rank(started())
        found = self._names.get(key) or self._by_rank(key)
        if found is None and isinstance(key, uuid.UUID):
            for inserted, kind in self._inserted():
                if inserted not in self._names and self._by_rank(inserted) is None:
                    self._give(inserted, kind)
            found = self._names.get(key)
        return found

    def rank(self, keys: Mapping[str, Ids]) -> None:
        """Number the ids of each kind by their place in its sorted keys.

        Where a name was given before, the further ids of that kind are numbered by appearance.
        """
        for kind, each in keys.items():
            if kind not in self._counts:
                self._ranked[kind] = each
                self._counts[kind] = len(each)

    def _by_rank(self, key: Any) -> str | None:
        kind, value = key if isinstance(key, tuple) else (None, key)
        for each in self._ranked if kind is None else (kind,):
            keys: Sequence[Any] = self._ranked.get(each, ())
            if keys and type(keys[0]) is type(value):
                place = bisect_left(keys, value)
                if place < len(keys) and keys[place] == value:
                    return f"{each}#{place + 1}"
        return None

    def in_text(self, text: str) -> str:
        """Name the UUIDs inside a text, such as a message or an address."""
        return replace_uuids(text, lambda value: self.alias_for(value, "id"))

    def assign(self, ids: Iterable[tuple[object, str]]) -> None:
        """Give aliases to ids, each with its kind, in this order."""
        for value, kind in ids:
            self.alias_for(value if isinstance(value, uuid.UUID) else (kind, value), kind)


def as_uuid(text: str) -> uuid.UUID | None:
    """Read what SQLite stores for a UUID: 32 hexadecimal digits, or the dashed form."""
    return uuid.UUID(text) if _HEX.fullmatch(text) else uuid_in(text)


def looks_drawn(value: uuid.UUID) -> bool:
    """Return whether a UUID looks as if another run had another one; those that do not were chosen."""
    return value.version in _DRAWN


def stable_id_key(value: object) -> str:
    """Return a sort key for an id: its value where it was chosen, nothing where it was drawn."""
    if isinstance(value, uuid.UUID):
        return "" if looks_drawn(value) else value.hex
    return f"{value + _SHIFT:030}" if isinstance(value, int) else ""


def kind_from_name(name: str) -> str:
    """Guess what an id identifies from the name of its column or parameter: agent_id_1 is an agent."""
    stem = _NUMBERED.sub("", name)
    return stem.removesuffix("_id") or "id"


class IdColumns:
    """The columns of a schema that hold ids, and the tables that these identify.

    In a ``reflected`` schema every lone integer key counts as made up: of `INTEGER PRIMARY KEY`, SQLite shows that
    it numbers rows itself, and PostgreSQL that it does not.

    results: what is known of the results of each compiled statement, by their keys.
    """

    def __init__(
        self, metadata: MetaData | tuple[MetaData, ...] | None = None, *, reflected: bool = False
    ) -> None:
        self._reflected = reflected
        self._tables: dict[str, Any] = {}
        for each in metadata if isinstance(metadata, tuple) else (metadata,) if metadata is not None else ():
            self._tables.update(each.tables)
        self._owners: dict[Any, str | None] = {}
        self._uuid_names: frozenset[str] | None = None
        self.results: WeakKeyDictionary[Any, dict[tuple[str, ...] | None, Any]] = WeakKeyDictionary()

    def holds_uuids(self, name: str) -> bool:
        """Return whether every column of this name is declared to hold UUIDs."""
        if self._uuid_names is None:
            columns = [column for table in self._tables.values() for column in table.columns]
            uuids = {column.name for column in columns if _python_type(column.type) is uuid.UUID}
            others = {column.name for column in columns if _python_type(column.type) is not uuid.UUID}
            self._uuid_names = frozenset(uuids - others)
        return name in self._uuid_names

    def referenced_table(self, column: Any) -> str | None:
        """Name the table whose surrogate key `column` holds, directly or by reference; None for other columns."""
        try:
            return self._owners[column]
        except KeyError:
            found = self._owners[column] = self._find(column, seen=())
            return found

    def _find(self, column: Any, *, seen: tuple[Any, ...]) -> str | None:
        for origin in getattr(column, "base_columns", ()) or (column,):
            table = getattr(origin, "table", None)
            if table is None or getattr(origin, "foreign_keys", None) is None or origin in seen:
                continue
            for key in origin.foreign_keys:
                target = self._target(key)
                owner = self._find(target, seen=(*seen, origin)) if target is not None else None
                if owner is not None:
                    return owner
            if _is_surrogate(origin, reflected=self._reflected):
                return str(table.name)
        return None

    def _target(self, key: Any) -> Column[Any] | None:
        table_name, _, column_name = key.target_fullname.rpartition(".")
        table = self._tables.get(table_name)
        if table is None:
            return key.column if key.constraint is not None and key.constraint.table is not None else None
        found: Column[Any] | None = table.columns.get(column_name)
        return found


def _is_surrogate(column: Any, *, reflected: bool) -> bool:
    """Return whether a database or an application makes this key up: a lone UUID or counted integer."""
    if not getattr(column, "primary_key", False):
        return False
    python_type = _python_type(column.type)
    if python_type is uuid.UUID:
        return True
    return python_type is int and column.table.primary_key is not None and _is_counted(column, reflected=reflected)


def _is_counted(column: Any, *, reflected: bool) -> bool:
    if reflected:
        return len(column.table.primary_key.columns) == 1 and not column.foreign_keys
    return getattr(column.table, "_autoincrement_column", None) is column


def _python_type(kind: Any) -> type | None:
    try:
        found: type = kind.python_type
    except NotImplementedError:
        return None
    return found
