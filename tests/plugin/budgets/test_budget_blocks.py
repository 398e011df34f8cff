"""Budgets of blocks: `golden.budget(..)`."""

from __future__ import annotations

import pytest


def block(budget, *, after=""):
    return f"""
import re
import pytest_query_snapshot

def test_it(session, golden):
    with golden.budget({budget}):
        for author in session.scalars(select(Author)):
            author.books
    {after}
"""


@pytest.mark.parametrize(
    ("budget", "found"),
    [
        ("4", None),
        ("3", "4 statements, and golden.budget allows 3:"),
        ("3, match='books'", None),
        ("2, match='books'", "3 statements, and golden.budget allows 2:"),
        ("2, match='Books'", "3 statements, and golden.budget allows 2:"),
        ("1, match='authors'", None),
        ("0, match='prizes'", None),
        ("1, match='prizes'", "no statement of the block matches 'prizes'"),
        ("1, match='FROM authors'", None),
        ("0, match='FROM authors'", "1 statements, and golden.budget allows 0:"),
        ("3, match=re.compile(r'= books\\.author_id\\b')", None),
        ("1, match=re.compile('WHERE')", "3 statements, and golden.budget allows 1:"),
        ("exactly=4", None),
        ("exactly=3", "4 statements, and golden.budget(exactly=..) allows 3:"),
        ("exactly=5", "4 statements, and golden.budget(exactly=..) allows 5:"),
        ("exactly=3, match='books'", None),
        ("exactly=4, match='books'", "3 statements, and golden.budget(exactly=..) allows 4:"),
        ("exactly=0, match='prizes'", None),
        ("exactly=1, match='prizes'", "no statement of the block matches 'prizes'"),
        ("", "takes a number of statements"),
        ("4, exactly=4", "takes a number of statements"),
        ("exactly='4'", "takes a number of statements"),
        ("'3'", "takes a number of statements"),
        ("True", "takes a number of statements"),
        ("-1", "takes a number of statements"),
    ],
)
def test_block_has_a_budget(session_of, budget, found):
    result = session_of(block(budget))
    result.assert_outcomes(**({"passed": 1} if found is None else {"failed": 1}))
    if found is not None:
        result.stdout.fnmatch_lines([f"*{found}*"])


def test_block_that_breaks_its_budget_names_the_relationship(session_of):
    result = session_of(block("1"))
    result.stdout.fnmatch_lines(["*N+1: Author.books is loaded once per row, 3 times, at test_books.py:*"])


def test_block_counts_every_engine_and_no_reading_of_states(session_of):
    body = """
import sqlalchemy as sa

def test_it(session, golden):
    own = sa.create_engine("sqlite://")
    with golden.step("rename"), golden.budget(2):
        with golden.step("inner"):
            session.execute(Author.__table__.update().values(name="x"))
        with own.connect() as connection:
            connection.execute(text("SELECT 1"))
    own.dispose()
    assert session == golden.changes
"""
    session_of(body, "--snapshot-update").assert_outcomes(passed=1)
    session_of(body.replace("budget(2)", "budget(1)"), "--snapshot-update").assert_outcomes(failed=1)


def test_error_in_a_block_goes_before_its_budget(session_of):
    body = """
def test_it(session, golden):
    with golden.budget(0):
        session.execute(text("SELECT 1"))
        raise RuntimeError("from the block")
"""
    result = session_of(body)
    result.stdout.fnmatch_lines(["*RuntimeError: from the block*"])
    result.stdout.no_fnmatch_line("*golden.budget allows*")


def test_nested_blocks_count_for_themselves(session_of):
    body = """
def test_it(session, golden):
    with golden.budget(2):
        session.execute(text("SELECT 1"))
        with golden.budget(1):
            session.execute(text("SELECT 2"))
"""
    session_of(body).assert_outcomes(passed=1)
