"""Columns that one comparison hides or rounds, and types that a project renders."""

from __future__ import annotations

from decimal import Decimal

import pytest

from pytest_query_snapshot.errors import AdjustmentError
from pytest_query_snapshot.goldens.formats import rows
from pytest_query_snapshot.values.adjustments import Adjustments
from pytest_query_snapshot.values.id_aliases import IdAliases, IdColumns
from pytest_query_snapshot.values.masks import Masks
from pytest_query_snapshot.values.result_rows import to_table

TESTS = """
import pytest

class Money:
    def __init__(self, amount):
        self.amount = amount

ROWS = [{"a": 1.26, "at": object(), "price": Money(5)}]

def test_rows(golden):
    assert ROWS == golden.rows.ignoring("at").rounding(a=1)

def test_name_kept(golden):
    assert ROWS == golden.ignoring("at")("named").rows

def test_left_side(golden):
    with pytest.raises(TypeError, match="columns of rows"):
        golden.ignoring("at").changes
    assert 1 == golden.rows
"""
CONFTEST = """
def pytest_query_snapshot_render(value):
    return f"{value.amount} EUR" if type(value).__name__ == "Money" else None
"""


def adjusted(received, adjustments):
    return adjustments.apply(to_table(received, [], IdColumns(), masks=Masks()))


def test_ignored_columns_are_hidden_and_named():
    text = rows.render(adjusted([{"a": 1, "b": None}], Adjustments().ignoring(("b",))), IdAliases())
    assert text == "order: as given\nignoring: b\n\n| a number | b ignored |\n|---|---|\n| 1 | <ignored> |\n"


@pytest.mark.parametrize(
    ("value", "shown"),
    [(1.005, "1.0"), (1.26, "1.26"), (Decimal("1.255"), "1.26"), (7, "7"), (float("nan"), "NaN"), (None, "NULL")],
)
def test_rounded_columns_say_to_how_many_digits(value, shown):
    text = rows.render(adjusted([{"a": value, "b": 2.0}], Adjustments().rounding({"a": 2})), IdAliases())
    assert "order: as given\nrounding: a=2\n" in text
    assert text.endswith(f"| {shown} | 2.0 |\n")


@pytest.mark.parametrize("adjustments", [Adjustments().ignoring(("x",)), Adjustments().rounding({"x": 1})])
def test_adjusting_a_missing_column_is_an_error(adjustments):
    with pytest.raises(AdjustmentError, match=r"'x'.*the columns are a"):
        adjusted([{"a": 1}], adjustments)


def test_rounding_a_text_is_an_error():
    with pytest.raises(AdjustmentError, match="a str can't be rounded"):
        adjusted([{"a": "1"}], Adjustments().rounding({"a": 1}))


def test_comparison_adjusts_columns_and_renders_types_of_the_project(make_project, pytester, monkeypatch):
    monkeypatch.delenv("CI", raising=False)
    project = make_project("sqlite")
    project.test(TESTS)
    pytester.makeconftest(CONFTEST)
    for _ in range(2):
        project.run("--snapshot-update").assert_outcomes(passed=3)
    folder = pytester.path / "__snapshots__" / "test_it"
    texts = [path.read_text(encoding="utf-8") for path in sorted(folder.iterdir()) if "left" not in path.name]
    assert len(texts) == 2
    assert all("ignoring: at\n" in text and "<ignored> | 5 EUR |\n" in text for text in texts)
    assert any("rounding: a=1\n" in text and "| 1.3 | " in text for text in texts)
