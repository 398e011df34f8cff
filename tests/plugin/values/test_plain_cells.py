"""Cells that are written many at once read as they do one by one."""

from __future__ import annotations

import hypothesis.strategies as st
import pytest
from hypothesis import example, given, settings

from pytest_query_snapshot.goldens.formats.rows import render
from pytest_query_snapshot.values.id_aliases import IdAliases
from pytest_query_snapshot.values.printing.cells import CellPrinter
from pytest_query_snapshot.values.printing.escaping import are_plain_cells, bare, text_with_ids
from pytest_query_snapshot.values.table import Column, RowOrder, Rows

ID = "00000000-0000-4000-8000-00000000000a"
SPECIAL = ("", " a", "a ", "'a", "a|b", "a#1", "<x>", "NULL", "true", "a\n", "a\nb", "\\", "\u00a0", "\u2028", ID)
TEXTS = st.one_of(st.text(max_size=6), st.sampled_from(SPECIAL), st.text("ab-#1 '|<>\\\n", max_size=6))


def refuse(_value):
    raise AssertionError


@given(st.lists(TEXTS, min_size=1, max_size=5))
@settings(max_examples=300, deadline=None)
@example(["a#", "1"])
@example(["a\n", "b"])
def test_texts_that_are_plain_together_are_plain_one_by_one(texts):
    if are_plain_cells(texts):
        for text in texts:
            assert bare(text) == text == text_with_ids(text, refuse, form="bare")
            assert "|" not in text


@pytest.mark.parametrize("text", SPECIAL)
@pytest.mark.parametrize("place", [0, 1, 2])
def test_text_that_needs_more_than_itself_is_not_plain(text, place):
    texts = ["some", "other"]
    texts.insert(place, text)
    assert not are_plain_cells(texts)


SHORT = st.decimals(-(10**13), 10**13, places=4, allow_nan=False).map(float)
FLOATS = st.one_of(st.floats(), SHORT, st.sampled_from((0.0, -0.0, 1e15, 1e16, 1e-5, 123456789012.5, 0.1 + 0.2)))
VALUES = st.one_of(TEXTS, st.none(), st.integers(-3, 10**20), FLOATS)
KINDS = st.sampled_from(({"type": "number"}, {"type": "integer"}, {"rounded": True}, {}))


@given(st.lists(st.tuples(VALUES, FLOATS, VALUES), min_size=1, max_size=6), KINDS)
@settings(max_examples=300, deadline=None)
def test_rows_in_blocks_read_as_rows_one_by_one(rows, kind):
    columns = (Column("a"), Column("b", **kind), Column("c", **kind))
    together = render(Rows(columns, rows, RowOrder(given=True)), IdAliases())
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(CellPrinter, "plain_cells", lambda _printer, _values: None)
        assert together == render(Rows(columns, rows, RowOrder(given=True)), IdAliases())
