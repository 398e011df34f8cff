"""Statements that differ in meaning have different goldens, for every dialect that can express them."""

from __future__ import annotations

import datetime as dt
import uuid
from decimal import Decimal

import pytest
import sqlalchemy as sa
from sqlalchemy import select
from sqlalchemy.dialects import mysql, postgresql, sqlite

from pytest_query_snapshot.errors import LeftSideError
from pytest_query_snapshot.goldens.compiled import compile_statement, dialect_named
from pytest_query_snapshot.goldens.formats import sql as sql_format
from pytest_query_snapshot.goldens.storage.text import decode, encode
from pytest_query_snapshot.recording.statements import RecordingReader
from pytest_query_snapshot.sql.format import format_sql
from pytest_query_snapshot.sql.lexer import canonical
from pytest_query_snapshot.values.id_aliases import IdAliases, IdColumns
from pytest_query_snapshot.values.masks import Masks

METADATA = sa.MetaData()
ITEM = sa.Table(
    "item",
    METADATA,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("a", sa.Integer),
    sa.Column("b", sa.Text),
    sa.Column("p", sa.Numeric(20, 2)),
    sa.Column("f", sa.Float),
    sa.Column("j", sa.JSON),
    sa.Column("d", sa.DateTime),
    sa.Column("u", sa.Uuid),
    sa.Column("arr", postgresql.ARRAY(sa.Integer)),
    sa.Column("jb", postgresql.JSONB),
    sa.Column("e", sa.Enum("x", "y", name="e")),
    sa.Column("bl", sa.Boolean),
    sa.Column("by", sa.LargeBinary),
    sa.Column("iv", sa.Interval),
)
ORDER = sa.Table(
    "order",
    METADATA,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("item_id", sa.ForeignKey("item.id")),
    sa.Column("s", sa.Text),
    sa.Column("a b", sa.Text),
)
I = ITEM.c  # noqa: E741  the columns of an item
O = ORDER.c  # noqa: E741
NAIVE = dt.datetime(2026, 1, 1)  # noqa: DTZ001  naive on purpose
ALL = ("sqlite", "postgresql", "mysql", "mssql", "oracle")
# a name, two statements, and the dialects that can express them
PAIRS = {
    "param int": (select(I.a).where(I.a == 5), select(I.a).where(I.a == 6)),
    "param 5 v 5.0": (select(I.a).where(I.a == 5), select(I.a).where(I.a == 5.0)),
    "param untyped 5 v 5.0": (select(sa.literal(5)), select(sa.literal(5.0))),
    'param 5 v "5"': (select(I.b).where(I.b == "5"), select(I.b).where(I.b == 5)),
    "param True v 1": (select(I.bl).where(I.bl == sa.literal(True)), select(I.bl).where(I.bl == sa.literal(1))),
    "param True v 1 col": (select(I.a).where(I.a == sa.literal(True)), select(I.a).where(I.a == 1)),
    'param None v "NULL"': (select(sa.literal(None, sa.Text)), select(sa.literal("NULL", sa.Text))),
    "param json null v sql null": (sa.insert(ITEM).values(j=None), sa.insert(ITEM).values(j=sa.null())),
    "param JSON.NULL v None": (sa.insert(ITEM).values(j=sa.JSON.NULL), sa.insert(ITEM).values(j=sa.null())),
    "param json str v dict": (sa.insert(ITEM).values(j={"a": 1}), sa.insert(ITEM).values(j='{"a": 1}')),
    "param decimal": (select(I.p).where(I.p == Decimal("1.10")), select(I.p).where(I.p == Decimal("1.11"))),
    "param date v datetime": (
        select(I.d).where(I.d == NAIVE),
        select(I.d).where(I.d == dt.date(2026, 1, 1)),
    ),
    "param tz": (
        select(I.d).where(I.d == NAIVE),
        select(I.d).where(I.d == dt.datetime(2026, 1, 1, tzinfo=dt.UTC)),
    ),
    "param bytes": (select(I.by).where(I.by == b"a"), select(I.by).where(I.by == b"b")),
    "param interval": (select(I.iv).where(I.iv == dt.timedelta(1)), select(I.iv).where(I.iv == dt.timedelta(2))),
    "param text crlf": (select(I.b).where(I.b == "a\r\n"), select(I.b).where(I.b == "a\n")),
    "param text comma": (select(I.b).where(I.b.in_(["a, b"])), select(I.b).where(I.b.in_(["a", "b"]))),
    "in list len": (select(I.a).where(I.a.in_([1, 2])), select(I.a).where(I.a.in_([1, 2, 3]))),
    "in list members": (select(I.a).where(I.a.in_([1, 2])), select(I.a).where(I.a.in_([1, 4]))),
    "in list order": (select(I.a).where(I.a.in_([1, 2])), select(I.a).where(I.a.in_([2, 1]))),
    "in 21st": (select(I.a).where(I.a.in_(list(range(21)))), select(I.a).where(I.a.in_([*range(20), 99]))),
    "in 30 last": (select(I.a).where(I.a.in_(list(range(30)))), select(I.a).where(I.a.in_([*range(29), 99]))),
    "in empty v none": (select(I.a).where(I.a.in_([])), select(I.a).where(I.a.in_([None]))),
    "in not in": (select(I.a).where(I.a.in_([1, 2])), select(I.a).where(I.a.not_in([1, 2]))),
    "in empty not": (select(I.a).where(I.a.in_([])), select(I.a).where(I.a.not_in([]))),
    "in literal v bound": (
        select(I.a).where(I.a.in_([1, 2])),
        select(I.a).where(I.a.in_([sa.literal_column("1"), sa.literal_column("2")])),
    ),
    "in subquery": (select(I.a).where(I.a.in_(select(O.id))), select(I.a).where(I.a.in_(select(O.item_id)))),
    "tuple in": (
        select(I.a).where(sa.tuple_(I.a, I.b).in_([(1, "x")])),
        select(I.a).where(sa.tuple_(I.a, I.b).in_([(1, "y")])),
        ("sqlite", "postgresql", "mysql"),
    ),
    "tuple in 30": (
        select(I.a).where(sa.tuple_(I.a, I.b).in_([(i, "x") for i in range(30)])),
        select(I.a).where(sa.tuple_(I.a, I.b).in_([(i if i < 29 else 99, "x") for i in range(30)])),
        ("sqlite", "postgresql", "mysql"),
    ),
    "two in lists swapped": (
        select(I.a).where(I.a.in_([1, 2]), I.id.in_([3, 4])),
        select(I.a).where(I.id.in_([1, 2]), I.a.in_([3, 4])),
    ),
    "multi insert": (
        sa.insert(ITEM).values([{"a": 1, "b": "x"}, {"a": 2, "b": "y"}]),
        sa.insert(ITEM).values([{"a": 1, "b": "x"}, {"a": 3, "b": "y"}]),
        ("sqlite", "postgresql", "mysql"),
    ),
    "multi insert len": (
        sa.insert(ITEM).values([{"a": 1}, {"a": 2}]),
        sa.insert(ITEM).values([{"a": 1}, {"a": 2}, {"a": 2}]),
        ("sqlite", "postgresql", "mysql"),
    ),
    "multi insert 25th": (
        sa.insert(ITEM).values([{"a": i} for i in range(25)]),
        sa.insert(ITEM).values([{"a": i if i < 24 else 99} for i in range(25)]),
        ("sqlite", "postgresql", "mysql"),
    ),
    "multi insert swapped": (
        sa.insert(ITEM).values([{"a": 1, "f": 2}, {"a": 3, "f": 4}]),
        sa.insert(ITEM).values([{"a": 1, "f": 4}, {"a": 3, "f": 2}]),
        ("sqlite", "postgresql", "mysql"),
    ),
    "multi insert expr": (
        sa.insert(ITEM).values([{"a": 1}, {"a": sa.func.abs(2)}]),
        sa.insert(ITEM).values([{"a": 1}, {"a": sa.func.abs(3)}]),
        ("sqlite", "postgresql", "mysql"),
    ),
    "values ctor": (
        select(sa.values(sa.column("x", sa.Integer), name="v").data([(1,), (2,)])),
        select(sa.values(sa.column("x", sa.Integer), name="v").data([(1,), (3,)])),
        ("sqlite", "postgresql"),
    ),
    "values ctor literal": (
        select(sa.values(sa.column("x", sa.Integer), name="v", literal_binds=True).data([(1,), (2,)])),
        select(sa.values(sa.column("x", sa.Integer), name="v", literal_binds=True).data([(1,), (3,)])),
        ("sqlite", "postgresql"),
    ),
    "literal col": (select(sa.literal_column("1")), select(sa.literal_column("2"))),
    "literal_execute": (
        select(I.a).where(I.a == sa.bindparam("x", 5, literal_execute=True)),
        select(I.a).where(I.a == sa.bindparam("x", 6, literal_execute=True)),
    ),
    "limit": (select(I.a).limit(1), select(I.a).limit(2)),
    "limit/offset": (select(I.a).order_by(I.a).limit(1).offset(2), select(I.a).order_by(I.a).limit(2).offset(1)),
    "limit vs offset": (select(I.a).order_by(I.a).limit(1), select(I.a).order_by(I.a).offset(1)),
    "fetch ties": (
        select(I.a).order_by(I.a).fetch(1),
        select(I.a).order_by(I.a).fetch(1, with_ties=True),
        ("postgresql", "mssql", "oracle"),
    ),
    "fetch percent": (
        select(I.a).order_by(I.a).fetch(1),
        select(I.a).order_by(I.a).fetch(1, percent=True),
        ("mssql", "oracle"),
    ),
    "distinct": (select(I.a), select(I.a).distinct()),
    "label": (select(I.a.label("x")), select(I.a.label("y"))),
    "label generated-like": (select(I.a.label("t_a")), select(I.a)),
    "label generated-like other": (select(I.a.label("t_a")), select(I.a.label("t_a_1"))),
    "same col twice": (select(I.a), select(I.a, I.a)),
    "order nulls": (
        select(I.a).order_by(I.a.asc().nulls_first()),
        select(I.a).order_by(I.a.asc().nulls_last()),
        ("sqlite", "postgresql", "oracle"),
    ),
    "asc vs none": (select(I.a).order_by(I.a.asc()), select(I.a).order_by(I.a)),
    "desc": (select(I.a).order_by(I.a.desc()), select(I.a).order_by(I.a)),
    "like escape": (select(I.a).where(I.b.like("a%", escape="/")), select(I.a).where(I.b.like("a%"))),
    "like escape2": (
        select(I.a).where(I.b.like("a%", escape="/")),
        select(I.a).where(I.b.like("a%", escape="\\")),
    ),
    "contains auto": (
        select(I.a).where(I.b.contains("a%", autoescape=True)),
        select(I.a).where(I.b.contains("a%")),
    ),
    "startswith v endswith": (select(I.a).where(I.b.startswith("a")), select(I.a).where(I.b.endswith("a"))),
    "ilike": (select(I.a).where(I.b.ilike("a")), select(I.a).where(I.b.like("a"))),
    "regexp": (
        select(I.a).where(I.b.regexp_match("a")),
        select(I.a).where(I.b.regexp_match("b")),
        ("sqlite", "postgresql", "mysql", "oracle"),
    ),
    "regexp flags": (
        select(I.a).where(I.b.regexp_match("a")),
        select(I.a).where(I.b.regexp_match("a", flags="i")),
        ("postgresql", "mysql", "oracle"),
    ),
    "cast type": (select(sa.cast(I.a, sa.Text)), select(sa.cast(I.a, sa.Date))),
    "cast numeric scale": (select(sa.cast(I.a, sa.Numeric(10, 2))), select(sa.cast(I.a, sa.Numeric(10, 3)))),
    "try_cast": (select(sa.cast(I.a, sa.Integer)), select(sa.try_cast(I.a, sa.Integer)), ("mssql",)),
    "coll": (select(sa.collate(I.b, "NOCASE")), select(sa.collate(I.b, "BINARY"))),
    "json idx": (select(I.j["a"]), select(I.j["b"]), ("sqlite", "postgresql", "mysql", "mssql")),
    "json idx int v str": (select(I.j[1]), select(I.j["1"]), ("sqlite", "postgresql", "mysql", "mssql")),
    "json path": (select(I.j[("a", "b")]), select(I.j[("a", "c")]), ("sqlite", "postgresql", "mysql", "mssql")),
    "json as": (
        select(I.j["a"].as_integer()),
        select(I.j["a"].as_string()),
        ("sqlite", "postgresql", "mysql", "mssql"),
    ),
    "jsonb contains": (
        select(I.a).where(I.jb.contains({"a": 1})),
        select(I.a).where(I.jb.contains({"a": 2})),
        ("postgresql",),
    ),
    "jsonb haskey": (
        select(I.a).where(I.jb.has_key("a")),
        select(I.a).where(I.jb.has_any(postgresql.array(["a"]))),
        ("postgresql",),
    ),
    "jsonb ?| vs ?&": (
        select(I.a).where(I.jb.has_any(postgresql.array(["a"]))),
        select(I.a).where(I.jb.has_all(postgresql.array(["a"]))),
        ("postgresql",),
    ),
    "array lit": (select(I.a).where(I.arr == [1, 2]), select(I.a).where(I.arr == [1, 3]), ("postgresql",)),
    "array lit nested": (select(postgresql.array([1, 2])), select(postgresql.array([1, 3])), ("postgresql",)),
    "array slice": (select(I.arr[1:2]), select(I.arr[1:3]), ("postgresql",)),
    "array overlap v contains": (
        select(I.a).where(I.arr.overlap([1])),
        select(I.a).where(I.arr.contains([1])),
        ("postgresql",),
    ),
    "at time zone": (
        select(I.d.op("AT TIME ZONE")("UTC")),
        select(I.d.op("AT TIME ZONE")("CET")),
        ("postgresql",),
    ),
    "extract": (
        select(sa.extract("year", I.d)),
        select(sa.extract("month", I.d)),
        ("sqlite", "postgresql", "mysql", "mssql", "oracle"),
    ),
    "interval text": (select(sa.text("interval '1 day'")), select(sa.text("interval '1 month'"))),
    "window frame": (
        select(sa.func.sum(I.a).over(order_by=I.a, rows=(0, 1))),
        select(sa.func.sum(I.a).over(order_by=I.a, range_=(0, 1))),
    ),
    "window frame n": (
        select(sa.func.sum(I.a).over(order_by=I.a, rows=(-1, 1))),
        select(sa.func.sum(I.a).over(order_by=I.a, rows=(-2, 1))),
    ),
    "window frame dir": (
        select(sa.func.sum(I.a).over(order_by=I.a, rows=(-1, 1))),
        select(sa.func.sum(I.a).over(order_by=I.a, rows=(1, 2))),
    ),
    "window part": (
        select(sa.func.sum(I.a).over(partition_by=I.a)),
        select(sa.func.sum(I.a).over(partition_by=I.b)),
    ),
    "filter": (
        select(sa.func.count().filter(I.a > 1)),
        select(sa.func.count().filter(I.a > 2)),
        ("sqlite", "postgresql"),
    ),
    "filter lost": (select(sa.func.count().filter(I.a > 1)), select(sa.func.count()), ("sqlite", "postgresql")),
    "within group": (
        select(sa.func.percentile_cont(0.5).within_group(I.a)),
        select(sa.func.percentile_cont(0.9).within_group(I.a)),
        ("postgresql",),
    ),
    "agg order": (
        select(postgresql.aggregate_order_by(I.a, I.b)),
        select(postgresql.aggregate_order_by(I.a, I.b.desc())),
        ("postgresql",),
    ),
    "count distinct": (select(sa.func.count(I.a)), select(sa.func.count(I.a.distinct()))),
    "count star": (select(sa.func.count(I.a)), select(sa.func.count()).select_from(ITEM)),
    "case": (select(sa.case((I.a == 1, "x"), else_="y")), select(sa.case((I.a == 1, "x"), else_="z"))),
    "case swap": (
        select(sa.case((I.a == 1, "x"), (I.a == 2, "y"))),
        select(sa.case((I.a == 2, "y"), (I.a == 1, "x"))),
    ),
    "join type": (select(I.a).join(ORDER, O.item_id == I.id), select(I.a).outerjoin(ORDER, O.item_id == I.id)),
    "join full": (
        select(I.a).join(ORDER, O.item_id == I.id, full=True),
        select(I.a).outerjoin(ORDER, O.item_id == I.id),
        ("sqlite", "postgresql", "mssql", "oracle"),
    ),
    "join cond": (select(I.a).join(ORDER, O.item_id == I.id), select(I.a).join(ORDER, O.id == I.id)),
    "alias self": (
        select(I.a).join(ITEM.alias("x"), sa.text("1=1")),
        select(I.a).join(ITEM.alias("y"), sa.text("1=1")),
    ),
    "lateral": (
        select(I.a, select(O.s).where(O.item_id == I.id).subquery()),
        select(I.a, select(O.s).where(O.item_id == I.id).lateral()),
        ("postgresql",),
    ),
    "tablesample": (
        select(sa.tablesample(ITEM, 5).c.a),
        select(sa.tablesample(ITEM, 6).c.a),
        ("postgresql", "mssql", "oracle"),
    ),
    "tablesample seed": (
        select(sa.tablesample(ITEM, 5, seed=sa.literal(1)).c.a),
        select(sa.tablesample(ITEM, 5, seed=sa.literal(2)).c.a),
        ("postgresql",),
    ),
    "for update": (select(I.a).with_for_update(), select(I.a), ("postgresql", "mysql", "oracle")),
    "skip locked": (
        select(I.a).with_for_update(skip_locked=True),
        select(I.a).with_for_update(nowait=True),
        ("postgresql", "mysql", "oracle"),
    ),
    "for share": (select(I.a).with_for_update(read=True), select(I.a).with_for_update(), ("postgresql", "mysql")),
    "key share": (select(I.a).with_for_update(key_share=True), select(I.a).with_for_update(), ("postgresql",)),
    "hint": (
        select(I.a).with_hint(ITEM, "WITH (NOLOCK)"),
        select(I.a).with_hint(ITEM, "WITH (READPAST)"),
        ("mssql",),
    ),
    "oracle hint": (
        select(I.a).with_hint(ITEM, "/*+ index(t x) */"),
        select(I.a).with_hint(ITEM, "/*+ index(t y) */"),
        ("oracle",),
    ),
    "prefix": (select(I.a).prefix_with("SQL_NO_CACHE"), select(I.a).prefix_with("HIGH_PRIORITY"), ("mysql",)),
    "prefix comment hint": (
        select(I.a).prefix_with("/*+ MAX_EXECUTION_TIME(1) */"),
        select(I.a).prefix_with("/*+ MAX_EXECUTION_TIME(2) */"),
        ("mysql",),
    ),
    "suffix": (select(I.a).suffix_with("OPTION (RECOMPILE)"), select(I.a), ("mssql",)),
    "cte": (select(select(I.a).cte("x").c.a), select(select(I.a).cte("y").c.a)),
    "cte mat": (
        select(select(I.a).cte("x").prefix_with("MATERIALIZED")),
        select(select(I.a).cte("x").prefix_with("NOT MATERIALIZED")),
        ("postgresql",),
    ),
    "cte recursive": (
        select(select(I.a).cte("x", recursive=True)),
        select(select(I.a).cte("x")),
        ("sqlite", "postgresql", "mysql"),
    ),
    "cte nesting": (select(select(I.a).cte("x", nesting=True)), select(select(I.b).cte("x", nesting=True))),
    "union": (sa.union(select(I.a), select(I.id)), sa.union_all(select(I.a), select(I.id))),
    "except": (sa.except_(select(I.a), select(I.id)), sa.except_(select(I.id), select(I.a))),
    "exists": (
        select(I.a).where(sa.exists().where(O.item_id == I.id)),
        select(I.a).where(~sa.exists().where(O.item_id == I.id)),
    ),
    "scalar subq": (
        select(select(sa.func.max(O.id)).scalar_subquery()),
        select(select(sa.func.min(O.id)).scalar_subquery()),
    ),
    "any_": (
        select(I.a).where(I.a == sa.any_(select(O.id).scalar_subquery())),
        select(I.a).where(I.a == sa.all_(select(O.id).scalar_subquery())),
        ("postgresql", "mysql", "mssql", "oracle"),
    ),
    "is distinct": (select(I.a).where(I.a.is_distinct_from(1)), select(I.a).where(I.a != 1)),
    "is null": (select(I.a).where(I.a.is_(None)), select(I.a).where(I.a.is_not(None))),
    "and/or": (
        select(I.a).where(sa.and_(I.a == 1, sa.or_(I.id == 2, I.f == 3))),
        select(I.a).where(sa.or_(sa.and_(I.a == 1, I.id == 2), I.f == 3)),
    ),
    "not": (
        select(I.a).where(sa.not_(sa.and_(I.a == 1, I.f == 2))),
        select(I.a).where(sa.and_(sa.not_(I.a == 1), I.f == 2)),
    ),
    "bitwise": (select(I.a.bitwise_and(1)), select(I.a.bitwise_or(1))),
    "bitwise xor": (select(I.a.bitwise_xor(1)), select(I.a.bitwise_lshift(1))),
    "mod": (select(I.a % 2), select(I.a % 3)),
    "div": (select(I.a / 2), select(I.a // 2)),
    "neg": (select(-I.a), select(I.a)),
    "concat": (select(I.b + "x"), select("x" + I.b)),
    "op custom": (select(I.b.op("%%")("x")), select(I.b.op("%")("x")), ("postgresql",)),
    "pg ops": (select(I.b.op("~")("x")), select(I.b.op("!~")("x")), ("postgresql",)),
    "pg ops2": (select(I.b.op("<->")("x")), select(I.b.op("<=>")("x")), ("postgresql",)),
    "pg ops3": (select(I.a.op("#")(5)), select(I.a.op("#-")(5)), ("postgresql",)),
    "pg cast sugar": (select(sa.text("'1'::int")), select(sa.text("'1'::bigint")), ("postgresql",)),
    "upsert": (
        sqlite.insert(ITEM).values(a=1).on_conflict_do_nothing(),
        sqlite.insert(ITEM).values(a=1),
        ("sqlite",),
    ),
    "upsert where": (
        sqlite.insert(ITEM).values(a=1).on_conflict_do_update(index_elements=["id"], set_={"a": 2}, where=I.a > 1),
        sqlite.insert(ITEM).values(a=1).on_conflict_do_update(index_elements=["id"], set_={"a": 2}, where=I.a > 2),
        ("sqlite",),
    ),
    "upsert pg idx where": (
        postgresql.insert(ITEM).values(a=1).on_conflict_do_nothing(index_elements=["id"], index_where=I.a > 1),
        postgresql.insert(ITEM).values(a=1).on_conflict_do_nothing(index_elements=["id"], index_where=I.a > 2),
        ("postgresql",),
    ),
    "upsert pg constraint": (
        postgresql.insert(ITEM).values(a=1).on_conflict_do_nothing(constraint="c1"),
        postgresql.insert(ITEM).values(a=1).on_conflict_do_nothing(constraint="c2"),
        ("postgresql",),
    ),
    "upsert excluded": (
        postgresql.insert(ITEM)
        .values(a=1)
        .on_conflict_do_update(index_elements=["id"], set_={"a": postgresql.insert(ITEM).excluded.a}),
        postgresql.insert(ITEM)
        .values(a=1)
        .on_conflict_do_update(index_elements=["id"], set_={"a": postgresql.insert(ITEM).excluded.id}),
        ("postgresql",),
    ),
    "my dup key": (
        mysql.insert(ITEM).values(a=1).on_duplicate_key_update(a=2),
        mysql.insert(ITEM).values(a=1).on_duplicate_key_update(a=3),
        ("mysql",),
    ),
    "insert ignore": (
        sa.insert(ITEM).values(a=1).prefix_with("OR IGNORE"),
        sa.insert(ITEM).values(a=1).prefix_with("OR REPLACE"),
        ("sqlite",),
    ),
    "insert from sel": (
        sa.insert(ITEM).from_select(["a"], select(O.id)),
        sa.insert(ITEM).from_select(["a"], select(O.item_id)),
    ),
    "insert from sel inc": (
        sa.insert(ITEM).from_select(["a", "f"], select(O.id, O.item_id)),
        sa.insert(ITEM).from_select(["f", "a"], select(O.id, O.item_id)),
    ),
    "update": (sa.update(ITEM).values(a=1), sa.update(ITEM).values(a=2)),
    "update where": (sa.update(ITEM).values(a=1).where(I.a == 1), sa.update(ITEM).values(a=1)),
    "update from": (
        sa.update(ITEM).values(a=O.id).where(O.item_id == I.id),
        sa.update(ITEM).values(a=O.item_id).where(O.item_id == I.id),
        ("postgresql", "mysql", "mssql", "sqlite"),
    ),
    "update ordered": (
        sa.update(ITEM).ordered_values((I.a, 1), (I.f, I.a)),
        sa.update(ITEM).ordered_values((I.f, I.a), (I.a, 1)),
    ),
    "update expr": (sa.update(ITEM).values(a=I.a + 1), sa.update(ITEM).values(a=I.a - 1)),
    "update limit": (
        sa.update(ITEM).values(a=1).with_dialect_options(mysql_limit=1),
        sa.update(ITEM).values(a=1).with_dialect_options(mysql_limit=2),
        ("mysql",),
    ),
    "delete": (sa.delete(ITEM).where(I.a == 1), sa.delete(ITEM)),
    "delete using": (
        sa.delete(ITEM).where(I.id == O.item_id),
        sa.delete(ITEM).where(I.id == O.id),
        ("postgresql", "mysql"),
    ),
    "returning": (
        sa.insert(ITEM).values(a=1).returning(I.id),
        sa.insert(ITEM).values(a=1).returning(I.a),
        ("sqlite", "postgresql"),
    ),
    "returning lost": (
        sa.update(ITEM).values(a=1).returning(I.id),
        sa.update(ITEM).values(a=1),
        ("sqlite", "postgresql"),
    ),
    "set type cast": (select(I.a).where(I.e == "x"), select(I.a).where(I.e == "y")),
    "ddl": (sa.schema.CreateTable(ITEM), sa.schema.CreateTable(ORDER)),
    "ddl idx": (
        sa.schema.CreateIndex(sa.Index("i1", I.a)),
        sa.schema.CreateIndex(sa.Index("i1", I.a, unique=True)),
    ),
    "text param": (sa.text("select :x").bindparams(x=1), sa.text("select :x").bindparams(x=2)),
    "text param none": (sa.text("select :x").bindparams(x=1), sa.text("select :x")),
    "text literal colon": (sa.text(r"select '\:x'"), sa.text(r"select '\:y'")),
    "text string ws": (sa.text("select 'a  b'"), sa.text("select 'a b'")),
    "text string nl": (sa.text("select 'a\nb'"), sa.text("select 'a b'")),
    "text dollar": (sa.text("select $$a  b$$"), sa.text("select $$a b$$"), ("postgresql",)),
    "text dollar tag": (sa.text("select $a$x$a$"), sa.text("select $b$x$b$"), ("postgresql",)),
    "text E": (sa.text(r"select E'\n'"), sa.text(r"select '\n'"), ("postgresql",)),
    "text U&": (sa.text(r"select U&'\0041'"), sa.text(r"select U & '\0041'"), ("postgresql",)),
    "text N": (sa.text("select N'a'"), sa.text("select 'a'"), ("mssql",)),
    "text brackets": (sa.text("select [a  b]"), sa.text("select [a b]"), ("mssql", "sqlite")),
    "text backtick": (sa.text("select `a  b`"), sa.text("select `a b`"), ("mysql",)),
    "text my dq": (sa.text('select "a  b"'), sa.text('select "a b"'), ("mysql",)),
    "text my bs": (sa.text(r"select 'a\'  b'"), sa.text(r"select 'a\' b'"), ("mysql",)),
    "text my hash": (sa.text("select 1 # a\n, 2"), sa.text("select 1 # a , 2"), ("mysql",)),
    "text my exec comment": (
        sa.text("select /*! STRAIGHT_JOIN */ 1"),
        sa.text("select /*! SQL_BIG_RESULT */ 1"),
        ("mysql",),
    ),
    "text my exec comment ver": (
        sa.text("select /*!40001 SQL_NO_CACHE */ 1"),
        sa.text("select /*!50001 SQL_NO_CACHE */ 1"),
        ("mysql",),
    ),
    "text my var": (sa.text("select @a := 1"), sa.text("select @b := 1"), ("mysql",)),
    "text my :=": (sa.text("select @a := 1"), sa.text("select @a = 1"), ("mysql",)),
    "text my @@": (sa.text("select @@session.x"), sa.text("select @@global.x"), ("mysql",)),
    "text my null-safe": (sa.text("select 1 <=> 2"), sa.text("select 1 <> 2"), ("mysql",)),
    "text my charset": (sa.text("select _utf8'a'"), sa.text("select _latin1'a'"), ("mysql",)),
    "text my minusminus": (sa.text("select 1--1"), sa.text("select 1"), ("mysql",)),
    "text ora q": (sa.text("select q'[a  b]' from dual"), sa.text("select q'[a b]' from dual"), ("oracle",)),
    "text ora q2": (
        sa.text("select q'{it's  a}' from dual"),
        sa.text("select q'{it's a}' from dual"),
        ("oracle",),
    ),
    "text ora (+)": (
        sa.text("select 1 from a, b where a.x = b.x(+)"),
        sa.text("select 1 from a, b where a.x(+) = b.x"),
        ("oracle",),
    ),
    "text ora hint": (
        sa.text("select /*+ FULL(a) */ 1 from a"),
        sa.text("select /*+ FULL(b) */ 1 from a"),
        ("oracle",),
    ),
    "text ora minus": (
        sa.text("select 1 from a minus select 2 from b"),
        sa.text("select 1 from a union select 2 from b"),
        ("oracle",),
    ),
    "text ora as of": (
        sa.text("select 1 from a as of scn 1"),
        sa.text("select 1 from a as of scn 2"),
        ("oracle",),
    ),
    "text ms var": (sa.text("select @a"), sa.text("select @b"), ("mssql",)),
    "text ms top": (sa.text("select top 1 a from t"), sa.text("select top 2 a from t"), ("mssql",)),
    "text ms temp": (sa.text("select 1 from #t"), sa.text("select 1 from ##t"), ("mssql",)),
    "text ms temp2": (sa.text("select 1 from #t1"), sa.text("select 1 from #t2"), ("mssql",)),
    "text ms hint": (
        sa.text("select 1 from t with (nolock)"),
        sa.text("select 1 from t with (updlock)"),
        ("mssql",),
    ),
    "text ms apply": (
        sa.text("select 1 from t cross apply f(t.a)"),
        sa.text("select 1 from t outer apply f(t.a)"),
        ("mssql",),
    ),
    "text ms money": (sa.text("select $1.5"), sa.text("select $1.6"), ("mssql",)),
    "text ms ]]": (sa.text("select [a]]  b]"), sa.text("select [a]] b]"), ("mssql",)),
    "text ms dq ident": (sa.text('select "a  b"'), sa.text('select "a b"'), ("mssql",)),
    "text case of quoted": (sa.text('select "A"'), sa.text('select "a"'), ("sqlite", "postgresql", "oracle")),
    "text case of unquoted": (sa.text("select A from t"), sa.text("select a from t")),
    "text hex": (sa.text("select x'1F'"), sa.text("select x'1E'"), ("sqlite", "mysql")),
    "text hex 0x": (sa.text("select 0x1F"), sa.text("select 0 x1F"), ("sqlite", "mysql", "mssql")),
    "text num": (sa.text("select 1.0"), sa.text("select 1")),
    "text num2": (sa.text("select 1e3"), sa.text("select 1 e3")),
    "text num3": (sa.text("select 1_000"), sa.text("select 1 _000"), ("postgresql", "sqlite")),
    "text num4": (sa.text("select .5"), sa.text("select . 5")),
    "text op split": (sa.text("select 1 < > 2"), sa.text("select 1 <> 2")),
    "text op split2": (sa.text("select a - - 1"), sa.text("select a -- 1\n")),
    "text op split3": (sa.text("select a || b"), sa.text("select a | | b")),
    "text ws nbsp": (sa.text("select a\u00a0b"), sa.text("select a b")),
    "text zero width": (sa.text("select a\u200bb"), sa.text("select ab")),
    "text comment nested": (sa.text("select /* /* */ 1 */ 2"), sa.text("select /* /* */ 1 , 2"), ("postgresql",)),
    "text comment": (sa.text("select 1 -- a\n+ 1"), sa.text("select 1 -- a + 1")),
    "text hint comment": (
        sa.text("/*+ SeqScan(t) */ select 1"),
        sa.text("/*+ IndexScan(t) */ select 1"),
        ("postgresql",),
    ),
    "text comment plain": (sa.text("/* a */ select 1"), sa.text("/* b */ select 1")),
    "text adjacent str": (sa.text("select 'a' 'b'"), sa.text("select 'a''b'")),
    "text semi": (sa.text("delete from a; delete from b"), sa.text("delete from a; delete from c")),
    "text trailing semi": (sa.text("select 1;"), sa.text("select 1; select 2")),
    "text copy": (
        sa.text("copy t from stdin\n1\t2\n\\."),
        sa.text("copy t from stdin\n1\t3\n\\."),
        ("postgresql",),
    ),
    "pct literal": (select(I.a).where(I.b.like("50%")), select(I.a).where(I.b.like("50%%"))),
    "pct literal col": (select(sa.literal_column("'50%'")), select(sa.literal_column("'50%%'"))),
    "pct op": (select(sa.literal_column("5 % 2")), select(sa.literal_column("5 %% 2"))),
    "question": (select(sa.literal_column("'a?'")), select(sa.literal_column("'a??'"))),
    "func": (select(sa.func.now()), select(sa.func.current_date())),
    "func pkg": (select(sa.func.a.f(I.a)), select(sa.func.b.f(I.a))),
    "table func": (
        select(sa.func.generate_series(1, 5).table_valued("x")),
        select(sa.func.generate_series(1, 6).table_valued("x")),
        ("postgresql",),
    ),
    "with ordinality": (
        select(sa.func.unnest(I.arr).table_valued("x", with_ordinality="n")),
        select(sa.func.unnest(I.arr).table_valued("x")),
        ("postgresql",),
    ),
    "rollup": (select(I.a).group_by(sa.func.rollup(I.a)), select(I.a).group_by(sa.func.cube(I.a))),
    "having": (
        select(I.a).group_by(I.a).having(sa.func.count() > 1),
        select(I.a).group_by(I.a).having(sa.func.count() > 2),
    ),
    "schema": (
        select(sa.table("x", sa.column("a"), schema="s1")),
        select(sa.table("x", sa.column("a"), schema="s2")),
    ),
    "quoted table": (select(sa.table("Order", sa.column("a"))), select(sa.table("order", sa.column("a")))),
    "sequence": (
        select(sa.Sequence("s1").next_value()),
        select(sa.Sequence("s2").next_value()),
        ("postgresql", "mssql", "oracle"),
    ),
    "uuid param same": (
        select(I.a).where(I.u == uuid.UUID(int=1), I.id == 1),
        select(I.a).where(I.u == uuid.UUID(int=1), I.id > 1),
    ),
    "relation of params": (
        select(I.a).where(I.a == sa.bindparam("x", 1), I.id > sa.bindparam("x")),
        select(I.a).where(I.a == sa.bindparam("x", 1), I.id > sa.bindparam("y", 1)),
    ),
    "relation of ids": (
        select(I.a).where(I.id == 1, O.item_id == 1),
        select(I.a).where(I.id == 1, O.item_id == 2),
    ),
    "named swap": (
        select(I.a).where(I.a == sa.bindparam("x", 1), I.f == sa.bindparam("y", 2)),
        select(I.a).where(I.a == sa.bindparam("y", 2), I.f == sa.bindparam("x", 1)),
    ),
    "bind type": (select(sa.literal("1", sa.Text)), select(sa.literal(1, sa.Integer))),
    "null literal": (select(sa.null()), select(sa.literal(None))),
    "true const": (select(sa.true()), select(sa.false())),
    "type coerce": (select(sa.type_coerce(I.a, sa.Text) == ("1")), select(sa.type_coerce(I.a, sa.Integer) == 1)),
    "big in strings": (select(I.a).where(I.b.in_(["x" * 300])), select(I.a).where(I.b.in_(["x" * 299 + "y"]))),
    "vec": (
        select(sa.literal([1, 2], postgresql.ARRAY(sa.Integer))),
        select(sa.literal([1, 2.0], postgresql.ARRAY(sa.Integer))),
        ("postgresql",),
    ),
}


def goldens(statement, name):
    """Return the text of a golden before and after it was written to a file."""
    reader = RecordingReader(IdColumns(METADATA), masks=Masks())
    compiled = compile_statement(statement, dialect=dialect_named(name), reader=reader)
    raw = sql_format.render([compiled], IdAliases(IdAliases()))
    written = sql_format.render(
        [compiled], IdAliases(IdAliases()), layout=lambda sql: format_sql(sql, dialect=name)
    )
    return raw, decode(encode(written))


def reads_alike(raw, base, name):
    return base == raw or canonical(base, dialect=name) == canonical(raw, dialect=name)


ALIKE_ON_2_0 = {("json as", dialect) for dialect in ("sqlite", "mysql", "mssql", "oracle")}
"""SQLAlchemy 2.0 itself writes the same text for both."""


@pytest.mark.parametrize("name", PAIRS)
def test_statements_of_another_meaning_have_different_goldens(name):
    one, other, *dialects = PAIRS[name]
    compared = 0
    for dialect in dialects[0] if dialects else ALL:
        if (name, dialect) in ALIKE_ON_2_0 and sa.__version__.startswith("2.0."):
            continue
        try:
            (raw, base), (other_raw, other_base) = goldens(one, dialect), goldens(other, dialect)
        except LeftSideError:  # the dialect can't express one of them
            continue
        compared += 1
        assert reads_alike(raw, base, dialect), dialect
        assert reads_alike(other_raw, other_base, dialect), dialect
        assert not reads_alike(other_raw, base, dialect), dialect
    assert compared


@pytest.mark.parametrize("dialect", ALL)
def test_parameters_of_every_column_are_listed(dialect):
    statement = sa.insert(ITEM).values(a=1, by=b"x", u=uuid.UUID(int=1))
    written = goldens(statement, dialect)[1]
    assert sum(line.startswith("-- :") for line in written.splitlines()) == 3
    named = goldens(sa.insert(ORDER).values({"a b": "x", "s": "y"}), dialect)[1]
    assert "-- :a_b = 'x'" in named or "-- :_a_b_ = 'x'" in named
