"""Folding never loses meaning: edits that change a statement change its golden, others do not.

Each edit is a statement of SQLAlchemy, compiled and named as the recorder does it, and an edited one.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column, relationship

from pytest_query_snapshot.recording.recorder import Recorder
from pytest_query_snapshot.recording.statements import RecordingReader, Statement
from pytest_query_snapshot.sql.format import format_sql
from pytest_query_snapshot.sql.lexer import canonical
from pytest_query_snapshot.sql.normalize import name_placeholders
from pytest_query_snapshot.values.id_aliases import IdColumns
from pytest_query_snapshot.values.masks import Masks

METADATA = sa.MetaData()
SHOP = sa.Table(
    "order",
    METADATA,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("group", sa.Text),
    sa.Column("user", sa.Text),
    sa.Column("size", sa.Integer),
)
C = SHOP.c


def stored(statement, dialect="sqlite"):
    """Store a statement as a golden does: its text with names, and the names and values below it."""
    engine_dialect = sa.make_url(f"{dialect}://").get_dialect()()
    compiled = statement.compile(dialect=engine_dialect)
    expanded = compiled.construct_expanded_state()
    lists = expanded.parameter_expansion
    names = []
    for name in compiled.positiontup or ():
        names += lists.get(name, (name,))
    named = name_placeholders(
        expanded.statement,
        names=tuple(names),
        folded=tuple((member, name) for name, members in lists.items() for member in members),
        dialect=engine_dialect.name,
        paramstyle=engine_dialect.paramstyle,
    )
    return canonical(named.sql, dialect=engine_dialect.name), named.names


def text(value):
    return sa.literal_column(value)


def rows(*values):
    return sa.values(sa.column("tier", sa.Text), sa.column("rate", sa.Float), name="t").data(list(values))


def pick(*conditions):
    return sa.select(C.id).where(*conditions)


def put(*values, column="user"):
    return sa.insert(SHOP).values([{column: value} for value in values])


def lists(*names):
    columns = (C.id, C.size, C.group)
    binds = (sa.bindparam(name, [1, 2], expanding=True) for name in names)
    return pick(*(column.in_(bind) for column, bind in zip(columns, binds, strict=True)))


a, b, c = (sa.bindparam(name, 1) for name in "abc")
ALL = sa.or_(C.size == a, C.size == b, C.size == c)
PAIRS = [(1, 2), (3, 4)]
DIFFERENT = [
    # literals in rows of VALUES, wherever VALUES stands
    (
        sa.select(C.id, rows(("gold", text("0.9")), ("silver", text("0.95")))),
        sa.select(C.id, rows(("gold", text("0.9")), ("silver", text("0.5")))),
    ),
    (put(text("'x'"), text("'y'")), put(text("'x'"), text("'z'"))),
    (put("x", text("'y'")), put("x", text("'z'"))),
    (put(1, C.size + 1, column="size"), put(1, C.size - 1, column="size")),
    (put("x", sa.func.lower("Y")), put("x", sa.func.upper("Y"))),
    (put("x", "x"), put("x", "x", "x")),
    (
        sa.select(rows(("a", 1), ("b", 2)).cte("v")),
        sa.select(rows(("a", 1), ("b", 2), ("c", 3)).cte("v")),
    ),
    # lists that the author wrote
    (pick(ALL, C.id.in_([a, b])), pick(ALL, C.id.in_([a, c]))),
    (pick(ALL, C.id.in_([a, b])), pick(ALL, C.id.in_([b, a]))),
    (pick(C.id.in_([text("1"), text("2")])), pick(C.id.in_([text("1"), text("3")]))),
    # lists that SQLAlchemy expanded
    (pick(C.id.in_([1, 2])), pick(C.id.in_([1, 2, 3]))),
    (pick(C.id.in_([1, 2])), pick(C.id.not_in([1, 2]))),
    (lists("x", "y", "x"), lists("x", "y", "y")),
    (pick(sa.tuple_(C.id, C.size).in_(PAIRS)), pick(sa.tuple_(C.size, C.id).in_(PAIRS))),
    # parameters
    (pick(C.size == a, C.id == b), pick(C.size == b, C.id == a)),
    (sa.select(C.id % C.size), sa.select(C.id / C.size)),
    (pick(C.id > text("100")), pick(C.id > text("200"))),
]


@pytest.mark.parametrize(("one", "other"), DIFFERENT)
@pytest.mark.parametrize("dialect", ["sqlite", "postgresql+psycopg", "postgresql+asyncpg", "mysql+pymysql"])
def test_statements_of_another_meaning_are_stored_differently(one, other, dialect):
    assert stored(one, dialect) != stored(other, dialect)
    assert stored(one, dialect) == stored(one, dialect)


SQLITE = {"dialect": "sqlite", "paramstyle": "qmark"}
ASYNCPG = {"dialect": "postgresql", "paramstyle": "numeric_dollar"}
PSYCOPG = {"dialect": "postgresql", "paramstyle": "pyformat"}


@pytest.mark.parametrize(
    ("sql", "settings", "names", "named"),
    [
        ("SELECT id%size FROM t WHERE a = ?", SQLITE, ("wanted",), "SELECT id%size FROM t WHERE a = :wanted"),
        ("SELECT id %s, '%%' FROM t WHERE a = ?", SQLITE, ("x",), "SELECT id %s, '%%' FROM t WHERE a = :x"),
        ("SELECT '?', \"?\", ? -- ?", SQLITE, ("x",), "SELECT '?', \"?\", :x -- ?"),
        ("SELECT a %% b, '%%s', %(x)s", PSYCOPG, (), "SELECT a % b, '%s', :x"),
        ("SELECT a ? 'k', b=%(x)s, c @>%(y)s", PSYCOPG, (), "SELECT a ? 'k', b=:x, c @>:y"),
        ("SELECT $2, $1, '$1'", ASYNCPG, ("a", "b"), "SELECT :b, :a, '$1'"),
        ("SELECT %s, `%s`", {"dialect": "mysql", "paramstyle": "format"}, ("a",), "SELECT :a, `%s`"),
        ("SELECT :2, :1", {"dialect": "oracle", "paramstyle": "numeric"}, ("a", "b"), "SELECT :b, :a"),
        ("SELECT [a ?], @v, ?", {"dialect": "mssql", "paramstyle": "qmark"}, ("x",), "SELECT [a ?], @v, :x"),
        ("SELECT ?  -- a;\n ; ", SQLITE, ("x",), "SELECT :x -- a;"),
    ],
)  # fmt: skip
def test_the_driver_decides_what_a_placeholder_is(sql, settings, names, named):
    assert name_placeholders(sql, names=names, **settings).sql == named


def test_rows_of_parameters_fold_only_in_the_order_of_the_first():
    straight = "INSERT INTO t (a, b) VALUES (:a_m0, :b_m0), (:a_m1, :b_m1)"
    assert name_placeholders(straight, names=()).sql == "INSERT INTO t (a, b) VALUES (:a_m0, :b_m0), (... 1)"
    for crossed in (
        "INSERT INTO t (a, b) VALUES (:a_m0, :b_m0), (:b_m1, :a_m1)",
        "INSERT INTO t (a, b) VALUES (:a_m0, :b_m0), (:a_m2, :b_m2)",
        "INSERT INTO t (a, b) VALUES (:a_m0, :b_m0), (:a_m1, :b_m1) RETURNING a = :a_m1",
        "INSERT INTO t (a, b) VALUES (:a_m0, :b_m0), (:a_m1, 'x')",
        "INSERT INTO t (a, b) VALUES (:a_m0, :b_m0), (:a_m1)",
        "INSERT INTO t (a, b) VALUES (:a_m0, :b_m0), (:a_m1, -:b_m1)",
        "INSERT INTO t (a, b) VALUES (:a_m0, :b_m0), (:a_m1::INTEGER, :b_m1)",
    ):
        assert name_placeholders(crossed, names=()).sql == crossed


def test_the_list_is_named_where_there_are_several():
    folded = (("x_1", "x"), ("x_2", "x"), ("y_1", "y"))
    named = name_placeholders("a IN (?, ?) OR b IN (?)", names=("x_1", "x_2", "y_1"), folded=folded, **SQLITE)
    assert named == ("a IN (... 2 :x) OR b IN (... 1 :y)", ("x", "y"))


class Base(DeclarativeBase):
    pass


class Order(Base):
    __tablename__ = "order"
    id: Mapped[int] = mapped_column(primary_key=True)
    group: Mapped[str]
    items: Mapped[list[Item]] = relationship()


class Item(Base):
    __tablename__ = "item"
    id: Mapped[int] = mapped_column(primary_key=True)
    order_id: Mapped[int] = mapped_column(sa.ForeignKey("order.id"))


@pytest.mark.parametrize(
    ("columns", "stored_columns"),
    [
        ('"order".id AS order_id, "order"."group" AS order_group', '"order".id, "order"."group"'),
        ("p.id AS id_1, c.id AS id__1, c.x AS c_x", "p.id, c.id, c.x"),
        ("main.p.id AS main_p_id", "main.p.id"),
        ("p.id AS total, p.id AS p_idx, lower(p.id) AS p_id", "p.id AS total, p.id AS p_idx, lower(p.id) AS p_id"),
        ("p.id AS p_mine", "p.id AS p_mine"),
    ],
)
def test_labels_of_sqlalchemy_are_left_out(columns, stored_columns):
    def store(sql, written=frozenset({"p_mine"})):
        return name_placeholders(sql, names=(), written_labels=written, **SQLITE).sql

    assert store(f"SELECT {columns} FROM p") == f"SELECT {stored_columns} FROM p"
    inner = f"WITH q AS (SELECT {columns} FROM p) SELECT (SELECT {columns} FROM p) AS y FROM q"
    assert store(inner) == inner
    assert store(f"SELECT {columns} FROM p", None) == f"SELECT {columns} FROM p"
    assert store(f"SELECT {columns} FROM p UNION SELECT 1") == f"SELECT {columns} FROM p UNION SELECT 1"


def test_labels_of_the_author_are_kept():
    engine = sa.create_engine("sqlite://")
    Base.metadata.create_all(engine)
    recorder = Recorder()
    recorder.start()
    with Session(engine) as session:
        session.add(Order(id=1, group="g", items=[Item(id=1)]))
        session.commit()
        assert session.scalars(sa.select(Order)).one().items
        session.execute(sa.select(Order.id.label("order_id"), Item.id.label("id_1")).join(Item))
    found = RecordingReader(IdColumns(Base.metadata), masks=Masks()).read(recorder.entries)
    selects = [entry.sql for entry in found if isinstance(entry, Statement) and entry.sql.startswith("SELECT")]
    assert selects[1].startswith("SELECT item.id, item.order_id FROM item")
    assert selects[2].startswith('SELECT "order".id AS order_id, item.id AS id_1 FROM')
    recorder.uninstall()
    engine.dispose()


def read_edits():
    for line in (Path(__file__).parent / "folding_edits.txt").read_text(encoding="utf-8").split("\n"):
        if not line or line.startswith("#"):
            continue
        # a column of operators may hold the mark between columns
        category, _, rest = line.partition(" | ")
        statement, _, edits = rest.rpartition(" | ")
        for edit in edits.split(" ; "):
            old, _, new = f"{edit} ".partition(" => ")
            assert old.strip(" ") in statement, (category, old)
            edited = statement.replace(old.strip(" "), new.strip(" "), 1)
            yield category, statement.replace(r"\xa0", "\xa0"), edited.replace(r"\xa0", "\xa0")


EDITS = list(read_edits())


def test_the_corpus_of_edits_is_large_enough():
    assert len(EDITS) >= 300
    assert len({category for category, *_ in EDITS}) >= 60


# what these dialects read as other tokens than the edit is about
FOREIGN = {
    "": frozenset({""}),
    "sqlite": frozenset({"escape string", "unicode string", "bit and national string", "dollar quotes"}),
    "postgresql": frozenset({"bracket name", "backtick name"}),
}


@pytest.mark.parametrize(
    "settings",
    [{"dialect": ""}, {**SQLITE, "names": ()}, {"dialect": "postgresql", "paramstyle": "named", "names": ()}],
    ids=["unknown", "sqlite", "postgresql"],
)
def test_an_edit_that_changes_the_meaning_is_seen(settings):
    def store(sql):
        options = {"names": None, **settings}
        return canonical(name_placeholders(sql, **options).sql, dialect=options["dialect"])

    known = [edit for edit in EDITS if edit[0] not in FOREIGN[settings["dialect"]]]
    unseen = [(category, new) for category, old, new in known if store(old) == store(new)]
    assert unseen == []


FREE = [
    lambda sql: sql.replace(" ", "  "),
    lambda sql: sql.replace(" ", "\n"),
    lambda sql: sql.replace(" ", "\r\n\t"),
    lambda sql: f"\n  {sql} ;\n",
    lambda sql: sql.replace(",", " , "),
    lambda sql: sql.replace("(", "( ").replace(")", " )"),
    format_sql,
    lambda sql: format_sql(format_sql(sql)),
]


def test_an_edit_of_white_space_is_quiet():
    plain = [sql for sql in sorted({old for _, old, _ in EDITS}) if not re.search(r"[-'\"`\[$\u00a0]", sql)]
    edits = [(sql, free(sql)) for sql in plain for free in FREE]
    assert len(edits) >= 100
    for sql, edited in edits:
        for dialect in ("", "postgresql"):
            one, other = (name_placeholders(each, names=None, dialect=dialect).sql for each in (sql, edited))
            assert canonical(one, dialect=dialect) == canonical(other, dialect=dialect)
