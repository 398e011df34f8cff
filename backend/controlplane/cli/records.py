"""Lists and single records, printed alike by every group of commands."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from controlplane.cli.output import show_facts, show_json, show_table

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence


def as_data(record: Any) -> dict[str, Any]:
    """Return every column of a record, for programs."""
    return {attribute.key: getattr(record, attribute.key) for attribute in sa.inspect(type(record)).column_attrs}


def show_records(records: Sequence[Any], *, columns: Mapping[str, Callable[[Any], Any]], as_json: bool) -> None:
    """Print records as a table of these columns, or every field as JSON."""
    if as_json:
        show_json([as_data(record) for record in records])
    else:
        show_table(tuple(columns), [[read(record) for read in columns.values()] for record in records])


def show_record(record: Any, *, as_json: bool, **more: Any) -> None:
    """Print one record with `more` facts: a line each, or JSON."""
    facts = as_data(record) | more
    if as_json:
        show_json(facts)
    else:
        show_facts(facts)
