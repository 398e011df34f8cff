"""The UUIDs of the rows that a test inserted, in that order: with it, a drawn id says which row it is."""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterator
from typing import Any

import sqlalchemy as sa

from pytest_query_snapshot.recording.entries import Execution
from pytest_query_snapshot.values.id_aliases import IdColumns, as_uuid


def inserted_ids(execution: Execution, columns: IdColumns) -> Iterator[tuple[uuid.UUID, str]]:
    """Yield the ids that one execution inserted, each with what it identifies."""
    statement = execution.author_statement
    if not isinstance(statement, sa.Insert) or execution.error is not None:
        return
    for insert in (*_inserts_within(statement), statement):
        key = _lone_key(insert)
        if key is None:
            continue
        kind = columns.referenced_table(key) or "id"
        is_parameter = _parameters_of(insert, key)
        for given in execution.parameters:
            for name, value in given.items():
                found = value if isinstance(value, uuid.UUID) else as_uuid(value) if type(value) is str else None
                if found is not None and is_parameter(name):
                    yield found, kind


def _inserts_within(statement: sa.Insert) -> Iterator[sa.Insert]:
    """Yield the inserts in the WITH clause of a statement."""
    for cte in getattr(statement, "_independent_ctes", ()):  # no public way
        if isinstance(cte.element, sa.Insert):
            yield cte.element


def _lone_key(insert: sa.Insert) -> Any:
    table = insert.table
    keys = list(table.primary_key.columns) if isinstance(table, sa.Table) else []
    return keys[0] if len(keys) == 1 else None


def _parameters_of(insert: sa.Insert, key: Any) -> Any:
    """Return whether a name is that of a parameter for the key: one that was bound, or SQLAlchemy's names."""
    values = getattr(insert, "_values", None) or {}  # no public way; by column or by its key
    bound = values.get(key, values.get(key.key))
    if isinstance(bound, sa.BindParameter) and not bound.unique:
        return bound.key.__eq__
    return re.compile(rf"{re.escape(key.key)}(?:_m\d+|__\d+)?").fullmatch
