"""What can be handed over, and how it is shown: the table of the documentation."""

from __future__ import annotations

import datetime as dt
import enum
import ipaddress
import itertools
import uuid
from collections import OrderedDict, UserString, deque
from dataclasses import dataclass
from decimal import Decimal
from pathlib import PurePosixPath
from types import MappingProxyType
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
import polars as pl
import pydantic
import pytest
import sqlalchemy as sa
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from pytest_query_snapshot.errors import UnprintableValueError

MD5 = "0cc175b9c0f1b6a831c399e269772661"
KEY = uuid.UUID("12345678-1234-4234-8234-123456789abc")
KEY_TEXT = str(KEY)


class Base(DeclarativeBase):
    pass


class Animal(Base):
    __tablename__ = "animal"
    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str]
    __mapper_args__ = {"polymorphic_on": "kind", "polymorphic_identity": "animal"}  # noqa: RUF012  SQLAlchemy's own


class Dog(Animal):
    tricks: Mapped[int | None]
    __mapper_args__ = {"polymorphic_identity": "dog"}  # noqa: RUF012  SQLAlchemy's own


@dataclass
class Point:
    x: Any
    y: Any = 0


@dataclass
class Circle:
    r: Any


class Square(pydantic.BaseModel):
    side: int

    @pydantic.computed_field
    @property
    def area(self) -> int:
        return self.side**2


class Size(enum.Enum):
    BIG = 3


class Broken:
    def isoformat(self):
        return 5


class Pair(NamedTuple):
    a: Any
    b: Any


def table(header, *rows, order="as given"):
    lines = [f"order: {order}", "", f"| {header} |", "|" + "---|" * (header.count(" | ") + 1)]
    return "\n".join([*lines, *(f"| {row} |" for row in rows)]) + "\n"


@pytest.mark.parametrize(
    ("received", "text"),
    [
        ({1: 42.5, 2: 5}, table("1 number | 2 number", "42.5 | 5", order="one record")),
        (
            {None: 1, True: 2, "1": 3},
            table("NULL number | true number | '1' number", "1 | 2 | 3", order="one record"),
        ),
        ({dt.date(2026, 1, 5): 1}, table("2026-01-05 number", "1", order="one record")),
        ({KEY: 1}, table("id#1 number", "1", order="one record")),
        ({Size.BIG: 1}, table("(Size.BIG) number", "1", order="one record")),
        ({"Size.BIG": 1}, table("Size.BIG number", "1", order="one record")),
        (
            {ipaddress.ip_address("10.0.0.1"): 1},
            table("(ip 10.0.0.1) number", "1", order="one record"),
        ),
        (
            [KEY_TEXT, KEY_TEXT.upper(), KEY_TEXT.title()],
            table("value text", "value#1", "VALUE#1", KEY_TEXT.title()),
        ),
        ({(1, "a"): 1}, table('(1, "a") number', "1", order="one record")),
        ({}, "order: one record\n\n|  |\n|\n|  |\n"),
        ([{"a": 1}, {"b": None}], table("a number | b unknown", "1 | ", " | NULL")),
        ([{"a": 1}, 5], table("value mixed", '{"a": 1}', "5")),
        ([{1: 0}, {True: 0}], table("1 number | true number", "0 | ", " | 0")),
        ([(1,), (1, 2)], table("column_1 number | column_2 number", "1 | ", "1 | 2")),
        ([(1, "x"), (2, "y")], table("column_1 number | column_2 text", "1 | x", "2 | y")),
        ((1, 2.5), table("column_1 number | column_2 number", "1 | 2.5", order="one record")),
        (((1,), (2,)), table("column_1 number", "1", "2")),
        ([1, "1", None], table("value mixed", "1", "'1'", "NULL")),
        ([1, 1.0, Decimal("1.50")], table("value number", "1", "1.0", "1.5")),
        ([Decimal(5), Decimal("5.0")], table("value number", "5", "5.0")),
        ([f"see {KEY}"], table("value text", "see value#1")),
        ([True, None], table("value boolean", "true", "NULL")),
        (7, table("value number", "7", order="one value")),
        ("a|b", table("value text", "a\\|b", order="one value")),
        (
            "0cc175b9c0f1b6a831c399e269772661",
            table("value text", "0cc175b9c0f1b6a831c399e269772661", order="one value"),
        ),
        ([], "order: as given\n\n| value unknown |\n|---|\n\nno rows\n"),
        ({3, 1}, table("value number", "1", "3", order="none, a set")),
        (range(2), table("value number", "0", "1")),
        (deque([1]), table("value number", "1")),
        (OrderedDict(a=1).values(), table("value number", "1")),
        (MappingProxyType({"a": 1}), table("a number", "1", order="one record")),
        ([[1, 2], [3]], table("value json", "[1, 2]", "[3]")),
        (Point(1, None), table("x number | y unknown", "1 | NULL", order="one record")),
        ([Point(1, 2), None], table("x number | y number", "1 | 2", " | ")),
        (
            [Point(1), Circle(2)],
            table("class text | x number | y number | r number", "Point | 1 | 0 | ", "Circle |  |  | 2"),
        ),
        ([Pair(1, 2)], table("a number | b number", "1 | 2")),
        ([(1, Point(2, 3))], table("column_1 number | column_2.x number | column_2.y number", "1 | 2 | 3")),
        ({"p": Point(1, [Pair(2, 3)])}, table("p Point", "Point(x=1, y=[Pair(a=2, b=3)])", order="one record")),
        (
            [Dog(id=1, kind="dog", tricks=2), Animal(id=2, kind="animal")],
            table(
                "class text | id integer | kind text | tricks integer",
                "Dog | 1 | dog | 2",
                "Animal | 2 | animal | ",
            ),
        ),
        (pd.DataFrame({"a": [1, None], "b": ["x", "y"]}), table("a number | b text", "1.0 | x", "NaN | y")),
        (pd.DataFrame({"a": [1]}, index=["k"]), table("index text | a number", "k | 1")),
        (pd.Series([1, 2], name="n"), table("n number", "1", "2")),
        ([Square(side=3)], table("side number | area number", "3 | 9")),
        ({"k": pd.Series([1, 2], name="n")}, table("k json", "[1, 2]", order="one record")),
        (
            pd.DataFrame([[1]], columns=pd.Index(["a"], name="kind")),
            "order: as given\ncolumns: kind\n\n| a number |\n|---|\n| 1 |\n",
        ),
        (np.ma.array([1, 2], mask=[0, 1]), table("value number", "1", "NULL")),
        ([np.ma.masked], table("value unknown", "NULL")),
        (pl.DataFrame({"a": [1], "b": [[{"c": None}]]}), table("a number | b json", '1 | [{"c": null}]')),
        (pl.Series("n", [1.0]), table("n number", "1.0")),
        (np.array([[1, 2], [3, 4]]), table("value json", "[1, 2]", "[3, 4]")),
        (np.array([7]), table("value number", "7")),
        ([np.float64(1.0), np.int64(2)], table("value number", "1.0", "2")),
    ],
)
def test_value_is_shown_as_a_table(golden_text, received, text):
    shown = golden_text(received)
    if isinstance(received, list) and isinstance(received[:1] and received[0], Animal):
        shown = shown.replace("animal#", "")
    assert shown == text


def _loop():
    items: list[Any] = []
    items.append(items)
    return items


@pytest.mark.parametrize(
    ("received", "instead"),
    [
        (object(), "hand over its fields"),
        (iter([1]), r"hand over list\(..\)"),
        ((x for x in ()), r"hand over list\(..\)"),
        ([itertools.count()], r"hand over list\(..\)"),
        (len, "hand over what it returns"),
        ([Point], "hand over what it returns"),
        (sa.select(Animal), "statement == golden.sql"),
        (ValueError("x"), r"hand over str\(..\)"),
        (PurePosixPath("a"), r"hand over str\(..\)"),
        (UserString("a"), r"hand over str\(..\)"),
        (pl.LazyFrame({"a": [1]}), r"hand over its .collect\(\)"),
        (
            pl.Series("t", [1500]).cast(pl.Datetime("ns")),
            "nanoseconds",
        ),
        (pl.DataFrame({"a": [[1]]}).cast(pl.List(pl.Time)), "nanoseconds"),
        ({"k": pd.Series([1], index=["x"])}, r"hand over its .to_dict\(\)"),
        ([[pd.Series([1], index=pd.RangeIndex(3, 4))]], r"hand over its .to_dict\(\)"),
        (Broken(), "hand over its fields"),
        (np.array([(1, 2)], dtype=[("a", int), ("b", int)]), "names of its fields"),
        (_loop(), "contains itself"),
        ({0.1: 1, 0.1 + 1e-16: 2}, "two of its keys read 0.1"),
        ({"a": {"b": object()}}, "hand over its fields"),
    ],
)
def test_value_is_refused_with_what_to_hand_over_instead(golden_text, received, instead):
    with pytest.raises(UnprintableValueError, match=instead):
        golden_text(received)


def test_hook_renders_types_of_the_project(golden_text):
    class Money:
        def __init__(self, amount):
            self.amount = amount

    def render(value):
        return f"{value.amount} EUR" if isinstance(value, Money) else None

    assert golden_text([Money(5)], render=render) == table("value Money", "5 EUR")
    assert golden_text({"price": [Money(5)]}, render=render) == table(
        "price json", "[Money(5 EUR)]", order="one record"
    )
