"""How values are spread: mean, extremes and exact percentiles, the same on every database.

A percentile is the continuous one of the SQL standard (`percentile_cont`; definition 7 in Hyndman and Fan, "Sample
Quantiles in Statistical Packages", The American Statistician 50(4), 1996): with n values in order and
h = (n - 1) * p, it is v[floor(h)] + (v[floor(h) + 1] - v[floor(h)]) * (h - floor(h)), counting from 0.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import BigInteger, case, cast, func, literal, or_, select

from controlplane.analytics.portable import DOUBLE, Rows, table_by_dialect

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import ColumnElement, FromClause, TableValuedAlias

PERCENTILES = {"median": 0.5, "p95": 0.95, "p99": 0.99}
STATISTICS = ("samples", "mean", "minimum", *PERCENTILES, "maximum")


def distribution(source: FromClause, *, by: Sequence[str], value: str, name: str) -> TableValuedAlias:
    """Make a table of STATISTICS over the column `value` of `source`, one row per combination of the columns `by`.

    Null values are left out. Without `by` there is exactly one row; over no values its statistics are null
    and its `samples` 0.
    """
    keys = [source.c[key] for key in by]
    number = cast(source.c[value], DOUBLE)
    present = source.c[value].is_not(None)
    native = (
        select(
            *keys,
            func.count().label("samples"),
            func.avg(number).label("mean"),
            func.min(number).label("minimum"),
            *(
                func.percentile_cont(literal(p, DOUBLE)).within_group(number).label(label)
                for label, p in PERCENTILES.items()
            ),
            func.max(number).label("maximum"),
        )
        .where(present)
        .group_by(*keys)
    )
    return table_by_dialect(native=native, sqlite=_ranked(keys, number, present), name=name)


def _ranked(keys: list[Any], number: Any, present: ColumnElement[bool]) -> Rows:
    """Number the values of each group, keep the few that percentiles lie between, and interpolate."""
    group: dict[str, Any] = {"partition_by": keys or None}
    ranked = (
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
    # the extremes are the first and the last rank, so the rows beside the percentiles need them too
    near = or_(
        ranked.c.rank == 0,
        ranked.c.rank == ranked.c.last,
        *((ranked.c.rank - _below(ranked, p)).in_((0, 1)) for p in PERCENTILES.values()),
    )
    ranked_keys = [ranked.c[key.key] for key in keys]
    return (
        select(
            *ranked_keys,
            func.coalesce(func.max(ranked.c.last) + 1, 0).label("samples"),
            func.max(ranked.c.mean).label("mean"),
            func.min(ranked.c.number).label("minimum"),
            *(_interpolated(ranked, p).label(label) for label, p in PERCENTILES.items()),
            func.max(ranked.c.number).label("maximum"),
        )
        .where(near)
        .group_by(*ranked_keys)
    )


def _below(ranked: Any, p: float) -> ColumnElement[int]:
    """Find the rank at or just below percentile `p`."""
    return cast(ranked.c.last * literal(p, DOUBLE), BigInteger)


def _interpolated(ranked: Any, p: float) -> ColumnElement[float]:
    """Interpolate between the two values around percentile `p` as PostgreSQL does, to the last bit."""
    below = _below(ranked, p)
    low = func.max(case((ranked.c.rank == below, ranked.c.number)))
    high = func.max(case((ranked.c.rank == func.min(below + 1, ranked.c.last), ranked.c.number)))
    return low + (high - low) * func.max(ranked.c.last * literal(p, DOUBLE) - below)


def statistics(table: FromClause) -> list[ColumnElement[Any]]:
    """List the statistic columns of a distribution, for a select list; `samples` is left to the caller."""
    return [table.c[label] for label in STATISTICS[1:]]
