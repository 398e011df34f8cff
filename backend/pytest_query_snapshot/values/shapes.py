"""Values as tables: one record, a list of records or of scalars, a mapping, a frame.

=======================================  ============================================================
handed over                              shown as
=======================================  ============================================================
a list of mappings                       a column for each key; a cell is empty where a key is missing
a list of tuples or rows                 a column for each place; a cell is empty beyond a short row
a list of records of one class           a column for each field (entities: each mapped column)
a list of records of several classes     the same, with the class in front
a list of anything else, or of a mix     one column, each item whole
a set                                    one column, sorted by text
a frame, a series                        its columns; its index, unless that only counts
one mapping, tuple or record             one row
one scalar                               one cell
=======================================  ============================================================
"""

from __future__ import annotations

from collections.abc import KeysView, Mapping, Sequence, ValuesView
from collections.abc import Set as AbstractSet
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from sqlalchemy.engine import Row, RowMapping

from pytest_query_snapshot.errors import UnprintableValueError
from pytest_query_snapshot.values.declared_types import declared_column
from pytest_query_snapshot.values.frames import plain, read_frame
from pytest_query_snapshot.values.id_aliases import IdAliases
from pytest_query_snapshot.values.printing.escaping import escape, other_key
from pytest_query_snapshot.values.printing.library_values import library_text
from pytest_query_snapshot.values.printing.printer import Printer, RenderHook
from pytest_query_snapshot.values.records import Record, fields_of, read_record
from pytest_query_snapshot.values.stored import all_stored, stored_container
from pytest_query_snapshot.values.table import ABSENT, Column, RowOrder, Rows

if TYPE_CHECKING:
    from pytest_query_snapshot.values.id_aliases import IdColumns

_TEXTS = (str, bytes, bytearray, memoryview)


def tabulate(received: object, columns: IdColumns, *, render: RenderHook | None = None) -> Rows:
    """Turn what a test hands over into a table. Raises UnprintableValueError."""
    frame = read_frame(received)
    if frame is not None:
        names = _unique_names(list(map(_key_name, frame.labels)), received)
        found = tuple(Column(name, key=(label,)) for name, label in zip(names, frame.labels, strict=True))
        return Rows(found, frame.rows, RowOrder(given=True), frame.notes)
    received = stored_container(plain(received))
    items, note = _items(received, render=render)
    table = tabulate_items(items, columns, render=render)
    return replace(table, order=RowOrder(given=True, note=note))


def tabulate_items(
    items: Sequence[Any],
    columns: IdColumns,
    *,
    names: tuple[str, ...] | None = None,
    render: RenderHook | None = None,
) -> Rows:
    """Turn a list into a table; `names` are those of the columns of a result."""
    return _Tabulation(columns, render).table(all_stored(list(items)), names)


def _items(received: Any, *, render: RenderHook | None) -> tuple[list[Any], str]:
    """Return the items of a list or a set, or the value alone, and what it is."""
    if _is_scalar(received, render=render):
        return [received], "one value"
    if isinstance(received, AbstractSet) and not isinstance(received, KeysView):
        printer = Printer(_NoAliases())
        return sorted(received, key=printer.value), "none, a set"
    if isinstance(received, (tuple, Row)):
        if not received or _holds_rows(received):
            return list(received), "as given"
        return [received], "one record"
    if isinstance(received, (list, Sequence, KeysView, ValuesView)):
        return list(received), "as given"
    is_record = isinstance(received, Mapping) or read_record(received) is not None
    return [received], "one record" if is_record else "one value"


def _holds_rows(received: Any) -> bool:
    """Return whether a tuple is a list of rows; one that is itself a row holds scalars."""
    is_row = isinstance(received, Row) or hasattr(received, "_fields")
    return not is_row and all(isinstance(item, (tuple, Row, Mapping)) or read_record(item) for item in received)


def _is_scalar(value: Any, *, render: RenderHook | None) -> bool:
    if value is None or isinstance(value, (*_TEXTS, int, float)):
        return True
    if type(value).__module__ == "builtins":
        return False
    rendered = render is not None and render(value) is not None
    return rendered or library_text(value, lambda _: "") is not None


class _NoAliases(IdAliases):
    """Aliases for sorting a set: its order must not depend on the ids of other comparisons."""

    def alias_for(self, key: object, kind: str) -> str:
        return f"{kind} {key}"


class _Tabulation:
    """Finds the columns of a list by the kind of its items."""

    def __init__(self, columns: IdColumns, render: RenderHook | None) -> None:
        self._columns = columns
        self._render = render

    def table(self, items: list[Any], names: tuple[str, ...] | None) -> Rows:
        present = [item for item in items if item is not None]
        everything = len(present) == len(items)
        if not items:
            return _rows(tuple(map(Column, names or ("value",))), [])
        if everything and all(isinstance(item, Mapping) for item in items) and not self._any_scalar(items):
            return self._mappings(items)
        if everything and all(issubclass(kind, (tuple, Row)) for kind in set(map(type, items))):
            found = self._tuples(items, names)
            if found is not None:
                return found
        return self._members(names[0] if names else "value", items, alone=True)

    def _any_scalar(self, items: list[Any]) -> bool:
        return any(_is_scalar(item, render=self._render) for item in items)

    def _mappings(self, items: list[Mapping[Any, Any]]) -> Rows:
        named = [_named(stored_container(item)) for item in items]
        keys = {name: key for each in named for name, (key, _) in each.items()}
        rows = [tuple(each[name][1] if name in each else ABSENT for name in keys) for each in named]
        found = _rows(tuple(Column(name, key=(key,)) for name, key in keys.items()), rows)
        return replace(found, of_mappings=True)

    def _tuples(self, items: list[Any], names: tuple[str, ...] | None) -> Rows | None:
        """Put rows side by side; None where they name their places differently."""
        width = max(map(len, items))
        if names is None:
            named = {tuple(map(str, fields_of(item) or ())) for item in items}
            if len(named) > 1:
                return None
            names = next(iter(named))
        if len(names) != width:
            names = tuple(f"column_{at + 1}" for at in range(width))
        if any(isinstance(item, tuple) for item in items):  # a subclass may read otherwise than it holds
            items = [tuple.__getitem__(item, slice(None)) if isinstance(item, tuple) else item for item in items]
        if _holds_plain_values(items) and all(len(item) == width for item in items):
            return Rows(tuple(map(Column, names)), list(map(tuple, items)), RowOrder(given=True))
        members = [[item[at] if at < len(item) else ABSENT for item in items] for at in range(width)]
        tables = [
            self._members(str(name), column, alone=width == 1) for name, column in zip(names, members, strict=True)
        ]
        found = tuple(column for table in tables for column in table.columns)
        rows = [
            tuple(value for row in parts for value in row) for parts in zip(*(t.rows for t in tables), strict=True)
        ]
        return _rows(found, rows if tables else [()] * len(items))

    def _members(self, name: str, members: list[Any], *, alone: bool) -> Rows:
        """Show the values of one place: records by their fields, anything else whole."""
        records = [self._record(member) for member in members]
        given = [member for member in members if member is not None and member is not ABSENT]
        found = [record for record in records if record is not None]
        if not found or len(found) != len(given) or not all(record.fields for record in found):
            return _rows((Column(name),), [(member,) for member in members])
        if len(found) != len(members) and any(member is ABSENT for member in members):
            return _rows((Column(name),), [(member,) for member in members])
        prefix = "" if alone else f"{name}."
        classes = list(dict.fromkeys(record.name for record in found))
        fields = _field_columns(found, prefix, self._columns)
        rows = [_field_values(record, fields) for record in records]
        if len(classes) > 1:
            rows = [
                (ABSENT if record is None else record.name, *row)
                for record, row in zip(records, rows, strict=True)
            ]
            return _rows((Column(f"{prefix}class"), *fields.values()), rows)
        return _rows(tuple(fields.values()), rows)

    def _record(self, member: Any) -> Record | None:
        if member is None or member is ABSENT or _is_scalar(member, render=self._render):
            return None
        return None if _is_row(member) else read_record(member)


def _holds_plain_values(items: list[Any]) -> bool:
    """Return whether rows hold nothing but values that are shown as they are."""
    return all(_PLAIN.issuperset(map(type, item)) for item in items)


_PLAIN = frozenset({type(None), str, int, float, bool, bytes})


def _is_row(item: Any) -> bool:
    return isinstance(item, (tuple, Row))


def _rows(columns: tuple[Column, ...], rows: list[tuple[Any, ...]]) -> Rows:
    return Rows(columns, [tuple(map(plain, row)) for row in rows], RowOrder(given=True))


def _field_columns(records: list[Record], prefix: str, columns: IdColumns) -> dict[str, Column]:
    """Describe the fields of all records; those of entities have the types of their columns."""
    found: dict[str, Column] = {}
    for record in records:
        if all(name in found for name, _ in record.fields):
            continue
        properties = {prop.key: prop.columns for prop in record.mapper.column_attrs} if record.mapper else {}
        for name, _ in record.fields:
            if name in found:
                continue
            shown = prefix + escape(name)
            sources = tuple(properties.get(name, ()))
            found[name] = declared_column(shown, sources[0].type, sources, columns) if sources else Column(shown)
    return found


def _field_values(record: Record | None, fields: Mapping[str, Column]) -> tuple[Any, ...]:
    values = dict(record.fields) if record is not None else {}
    return tuple(values.get(name, ABSENT) for name in fields)


def _named(item: Mapping[Any, Any]) -> dict[str, tuple[Any, Any]]:
    """Name the keys of a mapping as the header does. Raises UnprintableValueError where two read alike."""
    if isinstance(item, RowMapping) and len(item) != len(list(item.keys())):
        raise UnprintableValueError(value=item, instead="some of its columns have no name; give the alias a name")
    names = _unique_names(list(map(_key_name, item)), item)
    return dict(zip(names, item.items(), strict=True))


def _unique_names(names: list[str], received: object) -> list[str]:
    if len(set(names)) != len(names):
        twice = next(name for name in names if names.count(name) > 1)
        raise UnprintableValueError(value=received, instead=f"two of its keys read {twice}; name them apart")
    return names


def _key_name(key: Any) -> str:
    return key if type(key) is str else other_key(Printer(_NoAliases(), typed=False).value(key))
