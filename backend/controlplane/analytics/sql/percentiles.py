"""Percentiles from an index that holds the values of each group in order.

PostgreSQL counts off the entries from the upper end; its OFFSET may differ from group to group. That of SQLite may
not: there the values are counted in bands, those of the bands in which percentiles lie in parts of these, and only
what is left is numbered.
"""

from __future__ import annotations

from operator import eq
from typing import TYPE_CHECKING, Any

from sqlalchemy import Integer, and_, case, column, func, literal, or_, select, true, union_all, values

from controlplane.analytics.sql.portable import DOUBLE, list_table, whole

if TYPE_CHECKING:
    from sqlalchemy import CTE, ColumnElement, FromClause, Subquery

    from controlplane.analytics.sql.portable import Rows

PERCENTILES = {"median": 0.5, "p95": 0.95, "p99": 0.99}
MANY = 5_000  # values of a group from which counting bands is faster than numbering all
BANDS = 12  # to a decade, of equal ratios
PARTS = 64  # of a band, of equal width
DECADES = range(1, 12)  # of microseconds: from 10 to eleven days; what lies outside is in the first or last band


def below(last: Any, p: float) -> ColumnElement[int]:
    """Find the rank at or just below percentile `p` of ranks from 0 to `last`."""
    return whole(last * literal(p, DOUBLE))


def share_above(last: Any, p: float) -> ColumnElement[float]:
    """Return how far percentile `p` lies from that rank to the next, 0..1."""
    share: ColumnElement[float] = last * literal(p, DOUBLE) - below(last, p)
    return share


def _groups(keys: list[Any], number: Any, order: Any) -> CTE:
    """Make a table of the groups: their `last` rank and the `mean` of their values."""
    # without `order IS NOT NULL`, for which SQLite would leave the index
    counted = select(*keys, (func.count(order) - 1).label("last"), func.avg(number).label("mean")).group_by(*keys)
    return counted.cte("groups").prefix_with("MATERIALIZED")


def _of(table: FromClause, keys: list[Any]) -> list[Any]:
    return [table.c[key.key] for key in keys]


def ranked_from_index(*, keys: list[Any], number: Any, order: Any) -> Subquery:
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


def ranked_from_bands(source: FromClause, *, keys: list[Any], number: Any, order: Any) -> Subquery:
    """Make a table of each `number` of a span with an extreme or percentile, its `rank`, and `last` and `mean`."""
    bands = _in_bands(_groups(keys, number, order), order)
    parts = _in_parts(_counted(bands, keys, order, name="bands"), keys)
    spans = _counted(parts, keys, order, name="parts")
    within: dict[str, Any] = {"partition_by": [*_of(spans, keys), spans.c.low], "order_by": order}
    lies_in = and_(*map(eq, keys, _of(spans, keys)), order >= spans.c.low, order < spans.c.high)
    return (
        select(
            *keys,
            number.label("number"),
            (spans.c.first + func.row_number().over(**within) - 1).label("rank"),
            spans.c.last,
            spans.c.mean,
        )
        .join_from(spans, source, lies_in)
        .subquery("ranked")
    )


def _counted(spans: Rows, keys: list[Any], order: Any, *, name: str) -> Subquery:
    """Count the values of spans, and keep those with an extreme or percentile: ranks `first` to before `after`."""
    cut = spans.subquery(f"{name}_cut")
    within = and_(*map(eq, keys, _of(cut, keys)), order >= cut.c.low, order < cut.c.high)
    samples = select(func.count()).where(within).correlate(cut).scalar_subquery()
    # samples are used several times, and would be counted as often
    counted = select(cut, samples.label("samples")).cte(f"{name}_counted").prefix_with("MATERIALIZED")
    in_order: dict[str, Any] = {"partition_by": [*_of(counted, keys), counted.c.start], "order_by": counted.c.low}
    after = counted.c.start + func.sum(counted.c.samples).over(**in_order)
    ranked = select(counted, after.label("after"), (after - counted.c.samples).label("first")).subquery(
        f"{name}_ranked"
    )
    first, end, last = ranked.c.first, ranked.c.after, ranked.c.last
    ranks = [below(last, p) for p in PERCENTILES.values()]
    wanted = or_(first == 0, end > last, *(and_(first <= rank + 1, end > rank) for rank in ranks))
    return select(ranked).where(first < end, wanted).subquery(name)


def _in_bands(groups: CTE, order: Any) -> Rows:
    """Cut the values of each group, if there are many, in equal ratios."""
    edges = _edges(order)
    edge: Any = list_table(edges, order.type, name="edge").c.value
    next_edge = func.lead(edge, type_=order.type).over(order_by=edge)
    bands = select(edge.label("low"), next_edge.label("high")).subquery("band")
    many = groups.c.last >= MANY
    high = case((many, bands.c.high), else_=edges[-1])
    return (
        select(groups, bands.c.low, high.label("high"), literal(0).label("start"))
        .join_from(groups, bands, bands.c.high.is_not(None))
        .where(or_(many, bands.c.low == edges[0]))
    )


def _in_parts(bands: Subquery, keys: list[Any]) -> Rows:
    """Cut each band, if it has many values, in parts of equal width."""
    part: Any = list_table(range(PARTS), Integer(), name="part").c.value
    many = bands.c.samples >= PARTS
    width = (bands.c.high - bands.c.low) / PARTS
    high = case((and_(many, part < PARTS - 1), bands.c.low + width * (part + 1)), else_=bands.c.high)
    return select(
        *_of(bands, keys),
        bands.c.last,
        bands.c.mean,
        (bands.c.low + width * part).label("low"),
        high.label("high"),
        bands.c.first.label("start"),
    ).join_from(bands, part.table, or_(many, part == 0))


def _edges(order: ColumnElement[Any]) -> list[Any]:
    """List where bands begin, and where the last one ends: around everything, and in equal ratios between."""
    steps = [round(10 ** (decade + step / BANDS)) for decade in DECADES for step in range(BANDS)]
    if isinstance(order.type, Integer):
        return [-(2**63) + 1, *sorted(set(steps)), 2**63 - 1]
    # not the greatest float: what lies between the ends must be one too
    return [-1e300, *(step / 1e6 for step in sorted(set(steps))), 1e300]
