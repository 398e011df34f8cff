"""Percentiles from an index that holds the values of each group in order.

PostgreSQL counts off the entries from the upper end; its OFFSET may differ from group to group. That of SQLite may
not: there the values are counted in bands, and only those of the bands in which percentiles lie are numbered.
"""

from __future__ import annotations

from operator import eq
from typing import TYPE_CHECKING, Any

from sqlalchemy import Integer, and_, case, column, func, literal, or_, select, true, union_all, values

from controlplane.analytics.portable import DOUBLE, list_table, whole

if TYPE_CHECKING:
    from sqlalchemy import CTE, ColumnElement, FromClause, Subquery

PERCENTILES = {"median": 0.5, "p95": 0.95, "p99": 0.99}
MANY = 20_000  # values of a group from which counting bands is faster than numbering all
BANDS = 48  # to a decade, of equal ratios
DECADES = range(1, 12)  # of microseconds: from 10 to eleven days; what lies outside is in the first or last band


def below(last: Any, p: float) -> ColumnElement[int]:
    """Find the rank at or just below percentile `p` of ranks from 0 to `last`."""
    return whole(last * literal(p, DOUBLE))


def share_above(last: Any, p: float) -> ColumnElement[float]:
    """Say how far percentile `p` lies from that rank to the next, 0..1."""
    share: ColumnElement[float] = last * literal(p, DOUBLE) - below(last, p)
    return share


def _groups(keys: list[Any], number: Any, order: Any) -> CTE:
    """Make a table of the groups: their `last` rank and the `mean` of their values."""
    # without `order IS NOT NULL`, for which SQLite would leave the index
    counted = select(*keys, (func.count(order) - 1).label("last"), func.avg(number).label("mean")).group_by(*keys)
    return counted.cte("groups").prefix_with("MATERIALIZED")


def _of(table: FromClause, keys: list[Any]) -> list[Any]:
    return [table.c[key.key] for key in keys]


def counted_off(*, keys: list[Any], number: Any, order: Any) -> Subquery:
    """Make a table of the `number` at each `rank` that an extreme or percentile needs, with `last` and `mean`."""
    groups = _groups(keys, number, order)
    here = and_(order.is_not(None), *map(eq, keys, _of(groups, keys)))
    wanted = values(column("p", DOUBLE), name="wanted").data([(p,) for p in (*PERCENTILES.values(), 1.0)])
    rank = whole(groups.c.last * wanted.c.p) + 1
    # both neighbours in one walk; the highest has none above
    distance = case((rank < groups.c.last, groups.c.last - rank), else_=0)
    pair = select(number.label("number"), order.label("place")).where(here).order_by(order.desc()).limit(2)
    found = pair.offset(distance).correlate(groups, wanted).subquery("found")
    steps = func.row_number().over(order_by=found.c.place.desc()) - 1
    from_greatest = select(found.c.number, (groups.c.last - distance - steps).label("rank")).lateral("neighbours")
    least = select(number).where(here).order_by(order).limit(1).scalar_subquery()
    return union_all(
        select(groups, from_greatest.c.rank, from_greatest.c.number).select_from(
            groups.join(wanted, groups.c.last >= 0).join(from_greatest, true())
        ),
        select(groups, literal(0).label("rank"), least.label("number")).where(groups.c.last >= 0),
    ).subquery("ranked")


def within_bands(source: FromClause, *, keys: list[Any], number: Any, order: Any) -> Subquery:
    """Make a table of each `number` of a band with an extreme or percentile, its `rank`, and `last` and `mean`."""
    bands = _bands(keys, number, order)
    within: dict[str, Any] = {"partition_by": [*_of(bands, keys), bands.c.low], "order_by": order}
    ranks = [below(bands.c.last, p) for p in PERCENTILES.values()]
    wanted = or_(
        bands.c.first == 0,
        bands.c.after > bands.c.last,
        *(and_(bands.c.first <= rank + 1, bands.c.after > rank) for rank in ranks),
    )
    lies_in = and_(*map(eq, keys, _of(bands, keys)), order >= bands.c.low, order < bands.c.high)
    return (
        select(
            *keys,
            number.label("number"),
            (bands.c.first + func.row_number().over(**within) - 1).label("rank"),
            bands.c.last,
            bands.c.mean,
        )
        .join_from(bands, source, lies_in)
        .where(bands.c.first < bands.c.after, wanted)
        .subquery("ranked")
    )


def _bands(keys: list[Any], number: Any, order: Any) -> Subquery:
    """Make a table of bands, from `low` to below `high`, and their ranks, from `first` to before `after`."""
    counted = _counted_bands(_groups(keys, number, order), keys, order)
    in_order: dict[str, Any] = {"partition_by": _of(counted, keys) or None, "order_by": counted.c.low}
    after = func.sum(counted.c.samples).over(**in_order)
    return select(counted, after.label("after"), (after - counted.c.samples).label("first")).subquery("bands")


def _counted_bands(groups: CTE, keys: list[Any], order: Any) -> CTE:
    edges = _edges(order)
    edge: Any = list_table(edges, order.type, name="edge").c.value
    next_edge = func.lead(edge, type_=order.type).over(order_by=edge)
    spans = select(edge.label("low"), next_edge.label("high")).subquery("spans")
    many = groups.c.last >= MANY
    samples = (
        select(func.count())
        .where(*map(eq, keys, _of(groups, keys)), order >= spans.c.low, order < spans.c.high)
        .correlate(groups, spans)
        .scalar_subquery()
    )
    return (
        select(
            groups,
            spans.c.low,
            case((many, spans.c.high), else_=edges[-1]).label("high"),
            case((many, samples), else_=groups.c.last + 1).label("samples"),
        )
        .join_from(groups, spans, spans.c.high.is_not(None))
        .where(or_(many, spans.c.low == edges[0]))
        # samples are used twice, and would be counted twice
        .cte("counted_bands")
        .prefix_with("MATERIALIZED")
    )


def _edges(order: ColumnElement[Any]) -> list[Any]:
    """List where bands begin, and where the last one ends: around everything, and in equal ratios between."""
    steps = [round(10 ** (decade + step / BANDS)) for decade in DECADES for step in range(BANDS)]
    if isinstance(order.type, Integer):
        return [-(2**63) + 1, *sorted(set(steps)), 2**63 - 1]
    return [-1e308, *(step / 1e6 for step in sorted(set(steps))), 1e308]
