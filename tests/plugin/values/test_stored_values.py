"""Subclasses of plain types are shown as what they hold; rows and mappings without names lose no value."""

from __future__ import annotations

import datetime as dt
import os
import subprocess
import sys
import time
import uuid
from collections import Counter, OrderedDict, defaultdict
from decimal import Decimal
from fractions import Fraction
from http.cookies import SimpleCookie
from typing import NamedTuple

import pytest
import sqlalchemy as sa
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, aliased, mapped_column

from pytest_query_snapshot.errors import UnprintableValueError
from pytest_query_snapshot.values.driver_rows import fetch_all
from pytest_query_snapshot.values.id_aliases import IdColumns
from pytest_query_snapshot.values.masks import Masks
from pytest_query_snapshot.values.result_rows import to_table

LYING = {
    name: lambda *_args, **_options: "same"
    for name in ("__str__", "__repr__", "__format__", "isoformat", "hex", "as_tuple", "astimezone", "replace")
} | {
    "__iter__": lambda _self: iter(()),
    "__getitem__": lambda _self, _key: "same",
    "__len__": lambda _self: 0,
    "items": lambda _self: (),
    "keys": lambda _self: (),
    "values": lambda _self: (),
}
PLAIN = (int, float, Decimal, str, bytes, dt.date, dt.datetime, dt.time, list, tuple, dict, set, frozenset)
SUBCLASSES = {
    plain: type(f"Lying{plain.__name__.title()}", (plain,), {k: v for k, v in LYING.items() if k in dir(plain)})
    for plain in PLAIN
}
SCALARS = st.one_of(
    st.integers(),
    st.floats(allow_nan=False),
    st.decimals(allow_nan=False),
    st.text(max_size=4),
    st.binary(max_size=4),
)
TIMES = st.one_of(st.dates(), st.datetimes(timezones=st.just(dt.UTC) | st.none()), st.times())
CONTAINERS = st.one_of(
    st.lists(SCALARS, max_size=3),
    st.lists(SCALARS, max_size=3).map(tuple),
    st.dictionaries(st.text(max_size=2), SCALARS, max_size=3),
    st.frozensets(st.integers(), max_size=3),
    st.sets(st.integers(), max_size=3),
)


def lying(value):
    """Return the same value of a subclass whose methods all lie."""
    cls = SUBCLASSES[type(value)]
    if isinstance(value, (dt.date, dt.time)):
        return cls(*value.__reduce__()[1])
    return cls(value)


@given(value=st.one_of(SCALARS, TIMES, CONTAINERS), place=st.sampled_from(["alone", "listed", "keyed", "nested"]))
@settings(max_examples=150)
def test_subclass_reads_as_the_plain_value_it_holds(golden_text, value, place):
    put = {"alone": lambda x: x, "listed": lambda x: [x], "keyed": lambda x: {"k": x}, "nested": lambda x: [[[x]]]}

    assert golden_text(put[place](lying(value))) == golden_text(put[place](value))


STATEFUL = {
    kind: type(f"Stateful{kind.__name__.title()}", (kind,), {})
    for kind in (*PLAIN, dt.timedelta, uuid.UUID, complex, Fraction, bytearray, OrderedDict, defaultdict, Counter)
}
VALUES = (
    *(5, 1.5, Decimal("1.5"), "a", b"a", dt.date(2026, 1, 1), dt.datetime(2026, 1, 1), dt.time(1), [1], (1,)),  # noqa: DTZ001
    *({"a": 1}, {1}, frozenset({1}), dt.timedelta(1), uuid.UUID(int=1), 1j, Fraction(1, 2), bytearray(b"a")),
    *(OrderedDict(a=1), defaultdict(int, a=1), Counter(a=1)),
)
PLACES = {
    "alone": lambda x: x,
    "listed": lambda x: [x],
    "beside others": lambda x: [(1, x), (2, None)],
    "keyed": lambda x: {"k": x},
    "nested": lambda x: [[{"k": x}]],
}


def with_state(value, **state):
    arguments = (
        value.__reduce__()[1] if isinstance(value, (dt.date, dt.time, dt.timedelta, Fraction)) else (value,)
    )
    cls = STATEFUL[type(value)]
    if isinstance(value, uuid.UUID):
        arguments = (str(value),)
    made = cls(int, value) if isinstance(value, defaultdict) else cls(*arguments)
    vars(made).update(state)
    return made


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("value", VALUES, ids=lambda value: type(value).__name__)
def test_subclass_with_an_attribute_beside_its_value_is_refused(golden_text, value, place):
    put = PLACES[place]
    assert golden_text(put(with_state(value))) == golden_text(put(value))
    with pytest.raises(UnprintableValueError, match="its unit would not be shown"):
        golden_text(put(with_state(value, unit="EUR")))


def test_private_attribute_belongs_to_a_number_but_not_to_a_container(golden_text):
    assert golden_text([with_state({"a": 1}, _cache=1)]) == golden_text([{"a": 1}])
    assert golden_text([with_state([1], owner={"a": 1}, listener=None)]) == golden_text([[1]])
    with pytest.raises(UnprintableValueError, match="its _months"):
        golden_text([with_state(dt.timedelta(30), _months=1)])


def test_mapping_whose_keys_are_attributes_too_is_shown(golden_text):
    itself = with_state({"a": 1})
    itself.__dict__ = itself
    beside = with_state({"a": "x"}, a="x")
    assert golden_text([itself]) == golden_text([{"a": 1}])
    assert golden_text([beside]) == golden_text([{"a": "x"}])


def test_state_in_slots_is_refused(golden_text):
    slotted = type("Slotted", (str,), {"__slots__": ("unit",)})
    assert golden_text([slotted("a")]) == golden_text(["a"])
    value = slotted("a")
    value.unit = "EUR"
    with pytest.raises(UnprintableValueError, match="its unit"):
        golden_text([value])
    assert golden_text([sa.quoted_name("a", quote=True)]) == golden_text(["a"])


@pytest.mark.parametrize(
    ("value", "hidden"),
    [
        (SimpleCookie("a=1"), "_key"),
        (os.stat_result(range(13)), "st_atime"),
        (time.struct_time(range(11)), "tm_zone"),
    ],
)
def test_value_of_the_standard_library_with_hidden_fields_is_refused(golden_text, value, hidden):
    with pytest.raises(UnprintableValueError, match=f"its {hidden}"):
        golden_text(value)
    with pytest.raises(UnprintableValueError, match=f"its {hidden}"):
        golden_text({"k": [value]})


def test_number_as_key_reads_by_its_type(golden_text):
    keys = (1, 1.0, True, Decimal("1.5"), "1", "1.0")

    assert len({golden_text([{key: "a"}]) for key in keys}) == len(keys)


def test_ordered_mapping_keeps_its_own_order_of_columns(golden_text):
    moved = OrderedDict(a=1, b=2)
    moved.move_to_end("a")

    assert "| b number | a number |" in golden_text([moved])


def test_named_tuple_that_reads_otherwise_shows_what_it_holds(golden_text):
    class Plain(NamedTuple):
        a: int

    lying_pair = type("Plain", (Plain,), {"__getitem__": lambda *_: 0, "__iter__": lambda _: iter((0,))})

    assert golden_text([lying_pair(5)]) == golden_text([Plain(5)])


def test_instant_with_a_zone_without_offset_names_the_zone(golden_text):
    class Somewhere(dt.tzinfo):
        def utcoffset(self, _when):
            return None

        def __str__(self):
            return "somewhere"

    assert "2026-01-05 09:00:00 somewhere" in golden_text([dt.datetime(2026, 1, 5, 9, tzinfo=Somewhere())])


def test_symbol_of_sqlalchemy_reads_alike_in_every_process():
    code = (
        "import sqlalchemy as sa; from pytest_query_snapshot.values.printing.printer import Printer;"
        "from pytest_query_snapshot.values.id_aliases import IdAliases;"
        "print(Printer(IdAliases()).value(sa.JSON.NULL), Printer(IdAliases()).json([sa.JSON.NULL]))"
    )

    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert found.stdout == "JSON_NULL [JSON_NULL]\n"


class Base(DeclarativeBase):
    pass


class Part(Base):
    __tablename__ = "part"
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
    whole: Mapped[int | None] = mapped_column(sa.ForeignKey("part.id"))


@pytest.fixture
def parts():
    engine = sa.create_engine("sqlite://", poolclass=sa.StaticPool)
    Base.metadata.create_all(engine)
    with Session(engine) as session:
        session.add_all([Part(id=1, name="car"), Part(id=2, name="wheel", whole=1)])
        session.flush()
        yield session
    engine.dispose()


def read(result):
    return result


@pytest.mark.parametrize("form", [read, lambda result: result.all(), lambda result: [result.one()]])
def test_unnamed_alias_of_a_class_shows_every_column(golden_text, parts, form):
    one, other = aliased(Part), aliased(Part)
    pairs = sa.select(one, other).join(other, one.whole == other.id)

    before = golden_text(form(parts.execute(pairs)))
    parts.get_one(Part, 1).name = "bus"

    assert "wheel" in before
    assert "car" in before
    assert golden_text(form(parts.execute(pairs))) == before.replace("car", "bus")


def test_unnamed_alias_beside_a_named_class_hides_neither(golden_text, parts):
    other = aliased(Part)
    found = golden_text(parts.execute(sa.select(other, Part).join(Part, other.whole == Part.id)).all())

    assert "| wheel |" in found
    assert "| car |" in found


def test_mapping_of_a_row_that_leaves_out_an_unnamed_alias_is_refused(golden_text, parts):
    result = parts.execute(sa.select(aliased(Part)).order_by(sa.text("1"))).mappings()

    with pytest.raises(UnprintableValueError, match="give the alias a name"):
        golden_text(result)


def test_results_of_one_statement_keep_the_columns_of_each(parts):
    columns = IdColumns(Base.metadata)
    query = sa.select(Part.__table__.c["id", "name"]).order_by(Part.id)

    def header(result):
        rows = to_table(result, fetch_all(result), columns, masks=Masks(()))
        return [(column.name, column.type, column.owner) for column in rows.columns], rows.order.positions

    identity, name = ("id", "integer", "part"), ("name", "text", None)
    for _ in range(2):
        assert header(parts.connection().execute(query)) == ([identity, name], (0,))
        assert header(parts.connection().execute(query).columns(1, 0)) == ([name, identity], (1,))
        assert header(parts.connection().execute(query).columns("name"))[0] == [("name", None, None)]
