"""Anything may be thrown at readers and classifiers: no crash, no hang, and what is written is read back."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pytest_query_snapshot.goldens.classify import classify_golden
from pytest_query_snapshot.goldens.formats.changes import read_timeline, transitions
from pytest_query_snapshot.goldens.formats.rows import read_table
from pytest_query_snapshot.goldens.formats.sql_blocks import read_script
from pytest_query_snapshot.review.pending import Pending, all_pending, record
from pytest_query_snapshot.sql.diff.statements import classify_statement
from pytest_query_snapshot.sql.facts.statement_facts import read_statement
from pytest_query_snapshot.sql.format import format_sql
from pytest_query_snapshot.sql.lexer import canonical, collapsed, scan
from pytest_query_snapshot.sql.normalize import name_placeholders
from pytest_query_snapshot.sql.splitter import UnterminatedError, split

from .conftest import ROWS, SQL, STATE
from .test_statement_changes import QUERIES

ROUNDS = settings(max_examples=60, deadline=2000, suppress_health_check=list(HealthCheck))

WORDS = (
    "select from where and or not in is null between exists case when then else end join left outer cross on "
    "using group by having order limit offset union all with recursive as insert into values update set delete "
    "returning for "
    "count sum over filter a b.c agents workspace_id :p ? $1 %(x)s 'it''s' \"q\" 1 2.5 ( ) , . ; = <> "
    "|| :: -- /* */ \n"
)
SOUP = st.lists(st.sampled_from([*WORDS.split(" "), *WORDS.split()]), max_size=60).map(" ".join)
SQL_TEXT = st.one_of(st.text(max_size=200), SOUP, st.sampled_from(sorted(QUERIES.values())))


@st.composite
def torn(draw, text):
    """A text with a piece cut out, doubled or replaced."""
    start = draw(st.integers(0, len(text)))
    end = draw(st.integers(start, len(text)))
    return (
        text[:start]
        + draw(st.one_of(st.just(""), st.just(text[start:end] * 2), st.text(max_size=20)))
        + text[end:]
    )


GOLDENS = {
    "rows": ROWS,
    "state": STATE,
    "sql": SQL,
    "plan": "SCAN agents\n",
    "schema": "CREATE TABLE a (id INTEGER);\n",
}


@ROUNDS
@given(SQL_TEXT, SQL_TEXT)
def test_any_two_statements_are_classified(old, new):
    changes = classify_statement(old, new)
    assert bool(changes) == (old != new)
    assert classify_statement(new, new) == ()


@ROUNDS
@given(st.sampled_from(sorted(QUERIES.values())).flatmap(lambda query: st.tuples(st.just(query), torn(query))))
def test_a_torn_statement_is_classified(pair):
    assert bool(classify_statement(*pair)) == (pair[0] != pair[1])


@ROUNDS
@given(st.sampled_from(sorted(GOLDENS)), st.data())
def test_a_torn_golden_is_classified(kind, data):
    old, new = data.draw(torn(GOLDENS[kind])), data.draw(torn(GOLDENS[kind]))
    assert bool(classify_golden(old, new, kind=kind)) == (old != new)


@ROUNDS
@given(st.text(max_size=300))
def test_readers_of_goldens_take_any_text(text):
    read_table(text)
    read_timeline(text)
    read_script(text)
    list(transitions(text))


CELL = st.text(
    st.characters(exclude_categories=("Cs", "Cc", "Zl", "Zp"), exclude_characters="\\\x85"), max_size=12
)


@ROUNDS
@given(st.lists(st.tuples(CELL, CELL), max_size=8))
def test_the_cells_of_a_table_are_read_back(rows):
    written = ["| " + " | ".join(cell.replace("|", "\\|") for cell in row) + " |" for row in rows]
    text = "\n".join(["order: as given", "", "| a text | b text |", "|---|---|", *written]) + "\n"
    assert read_table(text).rows == tuple((a.strip(), b.strip()) for a, b in rows)


@ROUNDS
@given(st.sampled_from(sorted(QUERIES.values())), st.sampled_from(["  ", "\n", "\t\n  "]))
def test_layout_is_never_more_than_format(query, space):
    spread = space.join(query.split(" ")) if "'" not in query else query
    assert {change.label for change in classify_statement(query, spread)} <= {"format"}


@ROUNDS
@given(SQL_TEXT)
def test_the_normalizer_keeps_every_token_and_is_idempotent(text):
    assert "".join(token for _, token in scan(text)) == text
    once = "".join(token for _, token in collapsed(text))
    assert "".join(token for _, token in collapsed(once)) == once
    laid_out = format_sql(text)
    assert canonical(laid_out) == canonical(text) or laid_out == text
    name_placeholders(text, names=None)


@ROUNDS
@given(st.one_of(st.text(max_size=200), SOUP), st.sampled_from(["sqlite", "postgresql"]))
def test_the_splitter_takes_any_script(text, dialect_name):
    try:
        statements = split(text, dialect_name=dialect_name)
    except UnterminatedError:
        return
    script = text.removeprefix("\ufeff")
    assert [script[at : at + len(sql)] for sql, at, *_ in statements] == [sql for sql, *_ in statements]
    assert [each.offset for each in statements] == sorted({each.offset for each in statements})


@ROUNDS
@given(st.text(st.characters(exclude_categories=("Cs",)), max_size=200))
def test_a_pending_change_is_read_back(tmp_path_factory, text):
    root = tmp_path_factory.mktemp("pending")
    pending = Pending("__snapshots__/a.rows.md", "t", "rows", "", text, text + "x", (text,), text)
    record(root, pending)
    assert all_pending(root) == (pending,)


@pytest.mark.timeout(120)  # they hang or end in two seconds
@pytest.mark.parametrize(
    "sql",
    [
        "(" * 5000 + "select 1" + ")" * 5000,
        "SELECT " + "case when a then " * 2000,
        "SELECT 1 WHERE " + " AND ".join(f"a.c{n} = :p{n}" for n in range(3000)),
        "SELECT " + "(SELECT 1), " * 800,
        "INSERT INTO t VALUES " + ", ".join("(1, 'x', NULL)" for _ in range(3000)),
        "'" * 5001,
    ],
    ids=["deep", "open cases", "many predicates", "many subqueries", "many rows", "quotes"],
)
def test_monstrous_statements_end_in_time(sql):
    read_statement(sql)
    assert classify_statement(sql, sql + " LIMIT 1")


@pytest.mark.timeout(120)  # they hang or end in two seconds
def test_a_long_golden_ends_in_time():
    block = "SELECT a.id FROM a WHERE a.id = {};\n-- 1 row\n\n"
    old = "".join(block.format(f"b.c{n}") for n in range(400))
    new = "".join(block.format(f"d.c{n}") for n in range(400))
    assert classify_golden(old, new, kind="sql")
