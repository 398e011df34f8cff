"""The type of a column as SQLAlchemy declares it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from pytest_query_snapshot.sql.element_walk import elements_of
from pytest_query_snapshot.values.table import Column, type_name

if TYPE_CHECKING:
    from pytest_query_snapshot.values.id_aliases import IdColumns

_AVERAGES = frozenset(
    {"avg", "stddev", "stddev_pop", "stddev_samp", "variance", "var_pop", "var_samp", "corr", "percentile_cont"}
)


def declared_column(name: str, kind: Any, sources: tuple[Any, ...], columns: IdColumns) -> Column:
    """Describe a column by its type and by the columns that it comes from."""
    expressions = [source for source in sources if not isinstance(source, str)]
    owners = (columns.referenced_table(source) for source in expressions)
    declared = declared_type(kind)
    return Column(
        name,
        declared,
        next((owner for owner in owners if owner), None),
        sources,
        aware=bool(getattr(implementation(kind), "timezone", False)),
        rounded=declared is None and any(map(_is_average, expressions)),
        decorated=isinstance(kind, sa.types.TypeDecorator),
    )


def declared_type(kind: Any) -> str | None:
    """Name the type of a column as headers do; None for a type that says nothing."""
    if isinstance(implementation(kind), sa.JSON):
        return "json"
    try:
        python_type = kind.python_type
    except (NotImplementedError, AttributeError):
        return None
    return type_name(python_type) if isinstance(python_type, type) else None


def implementation(kind: Any) -> Any:
    """Return the type below one that the project decorates."""
    return kind.impl_instance if isinstance(kind, sa.types.TypeDecorator) else kind


def _is_average(source: Any) -> bool:
    """Return whether an expression averages, also in a subquery: a float on SQLite, else a decimal."""
    return any(getattr(element, "name", None) in _AVERAGES for element in _functions(source, seen=set()))


def _functions(source: Any, *, seen: set[int]) -> Iterator[Any]:
    if id(source) in seen or not hasattr(source, "get_children"):
        return
    seen.add(id(source))
    for element in elements_of(source):
        if isinstance(element, sa.sql.functions.FunctionElement):
            yield element
        for origin in getattr(element, "base_columns", None) or ():
            if origin is not element:
                yield from _functions(origin, seen=seen)
