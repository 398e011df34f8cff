"""Written statements compare equal to the executed ones, and keep the values of each execution apart."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pytest_query_snapshot.goldens.formats import sql
from pytest_query_snapshot.recording.entries import StepMarker, TransactionEvent
from pytest_query_snapshot.recording.statements import ColumnValues, Statement
from pytest_query_snapshot.sql.format import format_sql
from pytest_query_snapshot.values.id_aliases import IdAliases

PIECES = st.sampled_from(
    [
        "SELECT ",
        "a",
        "\n",
        "  ",
        "'",
        '"',
        "`",
        "[",
        "]",
        "$$",
        "--",
        "/*",
        "*/",
        ";",
        "#",
        "x = 1",
        ", ",
        "\\",
        "\r",
    ]
)
DIALECTS = ("sqlite", "postgresql", "mysql", "mssql", "oracle")


def rendered(*recorded, layout=None):
    return sql.render(recorded, IdAliases(), layout=layout)


def statement(text, *sets):
    return Statement(text, tuple(sets[0]) if sets else (), sets, 1)


@given(texts=st.lists(st.lists(PIECES, min_size=1, max_size=8).map("".join), max_size=3), inside=st.booleans())
@settings(max_examples=200)
@pytest.mark.parametrize("dialect", DIALECTS)
def test_written_text_of_any_statement_compares_equal(dialect, texts, inside):
    events = (TransactionEvent("BEGIN"), TransactionEvent("SAVEPOINT")) if inside else ()
    recorded = (*events, *map(statement, texts), *(TransactionEvent("ROLLBACK") for _ in events))
    raw = rendered(*recorded)

    written = sql.laid_out(rendered(*recorded, layout=format_sql), raw, dialect=dialect)

    assert sql.are_alike(written, raw, dialect=dialect)


@pytest.mark.parametrize(
    "text", ['SELECT "a\n b"', "SELECT `a\n b`", "SELECT [a\n b]", "SELECT /* a\n b */ 1", "SELECT $$a\n b$$"]
)
def test_lines_of_a_quoted_text_are_not_indented_inside_a_transaction(text):
    recorded = (TransactionEvent("BEGIN"), statement(text), TransactionEvent("ROLLBACK"))

    assert "a\n b" in rendered(*recorded, layout=format_sql)


def test_layout_that_would_not_compare_equal_is_left_out():
    assert sql.laid_out("SELECT 2\n", "SELECT 1\n", dialect="sqlite") == "SELECT 1\n"
    assert sql.laid_out("SELECT  1\n", "SELECT 1\n", dialect="sqlite") == "SELECT  1\n"


def test_rows_of_two_executions_differ_from_rows_exchanged_among_them():
    def twice(first, second):
        return rendered(statement("X", {"p": ColumnValues(first)}), statement("X", {"p": ColumnValues(second)}))

    assert len({twice((1, 1), (2, 2)), twice((1, 2), (1, 2)), twice((2, 2), (1, 1)), twice((1, 2), (2, 1))}) == 4


@pytest.mark.parametrize(
    ("one", "other"),
    [("SELECT [a  b]", "SELECT [a b]"), ("SELECT `a  b`", "SELECT `a b`"), ("SELECT # b", "SELECT #  b")],
)
def test_statements_that_differ_in_a_quoted_blank_are_two(one, other):
    assert rendered(statement(one), statement(other)) != rendered(statement(one), statement(one))
    assert "x 2" not in rendered(statement(one), statement(other))


def test_step_between_two_equal_statements_keeps_them_apart():
    assert rendered(statement("X"), StepMarker("a"), statement("X")).count("X;") == 2
