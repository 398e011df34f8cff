"""One value as text: equal values print alike, different ones differently."""

from __future__ import annotations

import datetime as dt
import enum
import ipaddress
import uuid
import zoneinfo
from decimal import Decimal
from fractions import Fraction

import numpy as np
import pandas as pd
import pytest
from dateutil.relativedelta import relativedelta
from pgvector import SparseVector, Vector
from psycopg.types.json import Jsonb
from psycopg.types.range import Range as PsycopgRange
from sqlalchemy.dialects.postgresql import Range

from pytest_query_snapshot.values.id_aliases import IdAliases
from pytest_query_snapshot.values.printing.cells import CellPrinter, column_type
from pytest_query_snapshot.values.printing.numbers import decimal_text, rounded_text
from pytest_query_snapshot.values.printing.printer import Printer
from pytest_query_snapshot.values.table import Column

ZONE = dt.timezone(dt.timedelta(hours=2))


class Colour(enum.StrEnum):
    RED = "red"


class Size(enum.Enum):
    BIG = 3


class Level(enum.IntEnum):
    HIGH = 3


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0.1 + 0.2, "0.3"),
        (-0.0, "-0"),
        (1e-17, "1e-17"),
        (2 / 3, "0.666666666667"),
        (Decimal(2) / 3, "0.666666666667"),
        (5.0, "5"),
        (123456789012345.0, "123456789012345"),
        (1e15, "1000000000000000"),
        (1e16, "1e+16"),
        (1e20, "1e+20"),
        (0.00012, "0.00012"),
        (1.5e-9, "1.5e-09"),
        (-2.5, "-2.5"),
        (float("nan"), "NaN"),
        (Decimal("NaN"), "NaN"),
        (float("-inf"), "-Infinity"),
    ],
)
def test_float_has_twelve_significant_digits(value, text):
    assert rounded_text(value) == text


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("12345678901.23", "12345678901.23"),
        ("1" + "0" * 77, "1" + "0" * 77),
        ("0.30", "0.3"),
        ("5.0000", "5"),
        ("1E+20", "100000000000000000000"),
        ("-0.0000000000000000001", "-1e-19"),
        ("1E+200", "1e+200"),
        ("0.00", "0"),
    ],
)
def test_decimal_has_all_its_digits(value, text):
    assert decimal_text(Decimal(value)) == text


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, "NULL"),
        ("NULL", "'NULL'"),
        ("", "''"),
        (" x", "' x'"),
        ("it's", "it's"),
        ("'x'", "'''x'''"),
        ("agent#1", "agent\\#1"),
        ("a\nb\\n", "a\\nb\\\\n"),
        ("zero\u200bwidth\u202e", "zero\\u200bwidth\\u202e"),
        (True, "true"),
        (Colour.RED, "red"),
        (Size.BIG, "Size.BIG"),
        (Level.HIGH, "Level.HIGH(3)"),
        (b"\x00\xff", "x'00ff'"),
        ({"b": 1.0, "a": [None, True, "x", 0.1 + 0.2]}, '{"a": [null, true, "x", 0.3], "b": 1.0}'),
        ({1: "a", "1": "b"}, '{1: "a", "1": "b"}'),
        ((1, (2,)), "(1, (2,))"),
        ({2, 1}, "{1, 2}"),
        (set(), "set()"),
        (dt.datetime(2026, 1, 5, 11, 0, 0, 5, tzinfo=ZONE), "2026-01-05 09:00:00.000005Z"),
        (dt.datetime(2026, 1, 5, 11, 0), "2026-01-05 11:00:00"),  # noqa: DTZ001  naive on purpose
        (dt.datetime.max.replace(tzinfo=ZONE), "9999-12-31 21:59:59.999999Z"),
        (dt.datetime.min.replace(tzinfo=ZONE), "0001-01-01 00:00:00+02:00"),
        (dt.date(2026, 1, 5), "2026-01-05"),
        (dt.time(9, tzinfo=ZONE), "09:00:00+02:00"),
        (dt.time(9, tzinfo=zoneinfo.ZoneInfo("Europe/Berlin")), "09:00:00 Europe/Berlin"),
        (ipaddress.ip_network("10.0.0.0/32"), "network 10.0.0.0/32"),
        (ipaddress.ip_interface("10.0.0.0/32"), "ip 10.0.0.0/32"),
        (dt.timedelta(seconds=1.5), "1.5 s"),
        (dt.timedelta(days=365000, microseconds=1), "31536000000.000001 s"),
        (Fraction(1, 3), "1/3"),
        (1 + 2j, "(1+2j)"),
        (ipaddress.ip_address("10.0.0.1"), "ip 10.0.0.1"),
        (bytes(range(33)), "x'0001020304050607...' (33 bytes, sha256 5d8fcfefa9aeeb71)"),
        (Range(1, 5), "range [1, 5)"),
        (PsycopgRange(1, None, "(]"), "range (1, )"),
        (Jsonb({"a": 1}), 'Jsonb({"a": 1})'),
        (relativedelta(months=1), "relativedelta(months=+1)"),
        (relativedelta(days=30), "relativedelta(days=+30)"),
        (Vector([1, 2.5]), "[1.0, 2.5]"),
        (SparseVector({0: 1.5}, 3), '{"dimensions": 3, "values": {0: 1.5}}'),
        (np.float64(2.5), "2.5"),
        (np.int64(3), "3"),
        (np.array([[1, 2]]), "[[1, 2]]"),
        (np.datetime64("2026-01-05T09:00:00.000000001"), "2026-01-05T09:00:00.000000001"),
        (pd.Timestamp("2026-01-05 09:00:00.000000001"), "2026-01-05 09:00:00.000000001"),
        (pd.NaT, "NaT"),
        (pd.NA, "NA"),
    ],
)
def test_value_has_one_form(value, text):
    assert Printer(IdAliases(), quoted=False).value(value) == text


def test_long_bytes_differ_by_their_hash():
    printer = Printer(IdAliases())
    assert printer.value(b"a" * 100) != printer.value(b"a" * 99 + b"b")


def test_nesting_of_any_depth_is_written():
    deep: list = []
    for _ in range(100_000):
        deep = [deep]
    assert Printer(IdAliases()).value(deep) == "[" * 100_001 + "]" * 100_001


def test_alias_in_a_text_differs_from_the_same_letters():
    printer = Printer(IdAliases())
    assert printer.value({"a": str(uuid.uuid4()), "b": "id#1"}) == '{"a": "id#1", "b": "id\\#1"}'


@pytest.mark.parametrize("text", ["", "NULL", "true", "false", "NaN", "sNaN", "Infinity", "-Infinity", "<text>"])
def test_text_that_reads_like_another_value_is_quoted(text):
    assert Printer(IdAliases(), quoted=False).value(text) == f"'{text}'"


def test_text_without_ids_stays_as_it_is():
    assert IdAliases().in_text("SCAN item") == "SCAN item"


@pytest.mark.parametrize(
    ("declared", "decorated", "values", "kind"),
    [
        ("integer", False, [1, 2.0, None], "integer"),
        ("integer", False, [1, "x"], "mixed"),
        ("integer", False, [1.5], "mixed"),
        ("text", False, ["a", 5], "mixed"),
        ("boolean", False, [True, 1], "mixed"),
        ("timestamp", False, ["garbage"], "mixed"),
        ("enum", False, ["a"], "enum"),
        ("json", False, [1, "a", {}], "json"),
        ("text", True, [5], "number"),
        ("text", True, [5, "a"], "mixed"),
        (None, False, [], "unknown"),
        (None, False, [None], "unknown"),
        (None, False, [1, 2.5], "number"),
        (None, False, [1, "a"], "mixed"),
    ],
)
def test_column_whose_values_belie_its_type_is_mixed(declared, decorated, values, kind):
    assert column_type(Column("c", declared, decorated=decorated), values) == kind


def test_value_that_belies_its_column_is_quoted():
    printer = CellPrinter(Column("c", "integer"), "mixed", identities=IdAliases())
    assert [printer.cell(value) for value in (1, "1", 1.0, None)] == ["1", "'1'", "1.0", "NULL"]
