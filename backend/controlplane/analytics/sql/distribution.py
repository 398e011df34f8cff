"""The distribution of values: mean, extremes and exact percentiles, the same on every database.

A percentile is the continuous one of the SQL standard (`percentile_cont`; definition 7 in Hyndman and Fan, "Sample
Quantiles in Statistical Packages", The American Statistician 50(4), 1996): with n values in order and
h = (n - 1) * p, it is v[floor(h)] + (v[floor(h) + 1] - v[floor(h)]) * (h - floor(h)), counting from 0.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import case, cast, func, literal, or_, select, type_coerce
from sqlalchemy.dialects.postgresql import ARRAY

from controlplane.analytics.sql.percentiles import (
    PERCENTILES,
    below,
    ranked_from_bands,
    ranked_from_index,
    share_above,
)
from controlplane.analytics.sql.portable import DOUBLE, Rows, table_by_dialect

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import ColumnElement, FromClause, Subquery, TableValuedAlias

STATISTICS = ("samples", "mean", "minimum", *PERCENTILES, "maximum")


def distribution(
    source: FromClause,
    *,
    by: Sequence[str],
    value: str,
    name: str,
    indexed: str | None = None,
    small_groups: bool = False,
) -> TableValuedAlias:
    """Make a table of STATISTICS over the column `value` of `source`, one row per combination of the columns `by`.

    Null values are left out. Without `by` there is exactly one row; over no values its statistics are null
    and its `samples` 0.

    Where an index holds all rows of `source` by `by` and then in the order of their values, `indexed` names the
    column it has them in order of; the values are then counted there and hardly any are sorted. PostgreSQL sorts
    `small_groups` in less time than it walks through the index for each.
    """
    keys = [source.c[key] for key in by]
    number = cast(source.c[value], DOUBLE)
    native = _sorted(keys, number, source.c[value].is_not(None))
    if indexed is None:
        ranked = _numbered(keys, number, source.c[value].is_not(None))
    else:
        found: dict[str, Any] = {"keys": keys, "number": number, "order": source.c[indexed]}
        native = native if small_groups else _interpolated(ranked_from_index(**found), by=by)
        ranked = ranked_from_bands(source, **found)
    return table_by_dialect(native=native, sqlite=_interpolated(ranked, by=by), name=name)


def _sorted(keys: list[Any], number: Any, present: ColumnElement[bool]) -> Rows:
    """Select the statistics as PostgreSQL computes them."""
    # one sort and one walk through it, which meets the extremes too
    places = {"minimum": 0.0, **PERCENTILES, "maximum": 1.0}
    each = literal([*places.values()], ARRAY(DOUBLE))
    found: Any = type_coerce(func.percentile_cont(each).within_group(number), ARRAY(DOUBLE))
    ordered = (
        select(*keys, func.count().label("samples"), func.avg(number).label("mean"), found.label("found"))
        .where(present)
        .group_by(*keys)
        .subquery("ordered")
    )
    return select(
        *(ordered.c[key.key] for key in keys),
        ordered.c.samples,
        ordered.c.mean,
        *(ordered.c.found[place].label(label) for place, label in enumerate(places, start=1)),
    )


def _numbered(keys: list[Any], number: Any, present: ColumnElement[bool]) -> Subquery:
    """Number all values of each group."""
    group: dict[str, Any] = {"partition_by": keys or None}
    return (
        select(
            *keys,
            number.label("number"),
            (func.row_number().over(**group, order_by=number) - 1).label("rank"),
            (func.count().over(**group) - 1).label("last"),
            func.avg(number).over(**group).label("mean"),
        )
        .where(present)
        .subquery("ranked")
    )


def _interpolated(ranked: Subquery, *, by: Sequence[str]) -> Rows:
    """Keep the few values that percentiles lie between, and interpolate."""
    # the extremes are the first and the last rank, so the rows beside the percentiles need them too
    near = or_(
        ranked.c.rank == 0,
        ranked.c.rank == ranked.c.last,
        *((ranked.c.rank - below(ranked.c.last, p)).in_((0, 1)) for p in PERCENTILES.values()),
    )
    keys = [ranked.c[key] for key in by]
    return (
        select(
            *keys,
            func.coalesce(func.max(ranked.c.last) + 1, 0).label("samples"),
            func.max(ranked.c.mean).label("mean"),
            func.min(ranked.c.number).label("minimum"),
            *(_percentile(ranked, p).label(label) for label, p in PERCENTILES.items()),
            func.max(ranked.c.number).label("maximum"),
        )
        .where(near)
        .group_by(*keys)
    )


def _percentile(ranked: Subquery, p: float) -> ColumnElement[float]:
    """Interpolate between the two values around percentile `p` as PostgreSQL does, to the last bit."""
    rank = below(ranked.c.last, p)
    low = func.max(case((ranked.c.rank == rank, ranked.c.number)))
    high = func.coalesce(func.max(case((ranked.c.rank == rank + 1, ranked.c.number))), low)
    return low + (high - low) * func.max(share_above(ranked.c.last, p))


def statistics(table: FromClause) -> list[ColumnElement[Any]]:
    """List the statistic columns of a distribution, for a select list; `samples` is left to the caller."""
    return [table.c[label] for label in STATISTICS[1:]]
