"""The cells of one column: how its type decides what its values look like."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from pytest_query_snapshot.values.id_aliases import IdAliases, kind_from_name
from pytest_query_snapshot.values.printing.escaping import (
    are_plain_cells,
    bare,
    escape,
    key_text,
    other_key,
    text_with_ids,
)
from pytest_query_snapshot.values.printing.numbers import float_texts, integer_texts, rounded_text
from pytest_query_snapshot.values.printing.printer import Masked, Printer, RenderHook, instant
from pytest_query_snapshot.values.stored import stored_scalar
from pytest_query_snapshot.values.table import ABSENT, Column, conforms, value_type

_NUMBERS = frozenset({"integer", "number"})
MIXED = "mixed"
_OF_ONE_KIND = frozenset({str, int, bool, bytes})
"""Types whose values all conform to a declared type, or none does."""
_OF_ONE_NAME = _OF_ONE_KIND | {float}
"""Types whose values are all named alike."""


def column_type(column: Column, values: Sequence[Any]) -> str:
    """Return the declared type; where nothing is declared, or values are of another, the type of the values."""
    present: Sequence[Any] = [value for value in values if value is not None and value is not ABSENT]
    declared = column.type
    alike = _OF_ONE_KIND if declared is not None else _OF_ONE_NAME
    if (types := set(map(type, present))) <= alike and len(types) < len(present):
        present = list({type(value): value for value in present}.values())
    if declared is not None and all(conforms(value, declared) for value in present):
        return declared
    found = {value_type(value) for value in present}
    if declared is not None and not column.decorated:
        return MIXED
    if not found:
        return "unknown"
    return found.pop() if len(found) == 1 else MIXED


class CellPrinter:
    """Writes the header and the cells of one column."""

    def __init__(
        self, column: Column, kind: str, *, identities: IdAliases, render: RenderHook | None = None
    ) -> None:
        self.type = kind
        self._column = column
        self._identities = identities
        self._is_typed = declared = column.type in _NUMBERS and kind in _NUMBERS
        self._printer = Printer(identities, quoted=kind != "text", typed=declared, render=render)
        self._kind = column.owner or (kind_from_name(column.name) if kind in {"uuid", "text"} else None)
        self._is_json = column.type == "json"

    def header(self) -> str:
        """Write the name of the column."""
        if not self._column.key:
            return escape(self._column.name)
        key = self._column.key[0]
        if type(key) is not str:
            return other_key(Printer(self._identities, typed=False).value(key))
        named = text_with_ids(key, lambda value: self._identities.alias_for(value, "id"), form="bare")
        return key_text(key) if named == escape(key) else named

    def cell(self, value: Any) -> str:
        """Write one cell; that of an absent value is empty. Raises UnprintableValueError."""
        if value is ABSENT:
            return ""
        if value is None:
            return "NULL"
        declared = self._declared_form(value)
        return declared if declared is not None else self._printer.value(value, kind=self._kind)

    def plain_cells(self, values: Sequence[Any]) -> list[str] | None:
        """Write cells that hold nothing to escape and no id, in one pass; None if there may be such a thing."""
        types = set(map(type, values)) - {type(None)}
        if self._is_json:
            return None
        if types == {int} and self._kind is None:
            return integer_texts(values)
        if types == {float}:
            return float_texts(values, typed=self._column.rounded or self._is_typed)
        if types != {str} or self.type != "text":
            return None
        texts = values if None not in values else [value for value in values if value is not None]
        if not are_plain_cells(texts):
            return None
        return ["NULL" if value is None else value for value in values]

    def may_hold_ids(self, values: Sequence[Any]) -> bool:
        """Return whether a value of the column can be an id."""
        return self._column.owner is not None or any(
            issubclass(kind, uuid.UUID) for kind in set(map(type, values))
        )

    def _declared_form(self, value: Any) -> str | None:
        """Write a value in the form that its column asks for; None where the value's own form is right."""
        if self._is_json and not isinstance(value, Masked):
            return self._printer.json(value)
        if self._column.rounded and isinstance(value, (float, Decimal)):
            return rounded_text(stored_scalar(value))
        if self._column.aware and isinstance(value, dt.datetime):
            return instant(value, aware=True)
        rendered = self._printer.rendered(value) if self.type == type(value).__name__ else None
        return None if rendered is None else bare(rendered)

    def identity(self, value: Any) -> tuple[object, str] | None:
        """Return the id that a cell shows, and its kind."""
        if isinstance(value, uuid.UUID):
            return value, self._kind or "id"
        if self._column.owner is not None and type(value) is int:
            return value, self._column.owner
        return None
