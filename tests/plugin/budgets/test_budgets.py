"""Budgets of tests: the marker `max_queries`."""

from __future__ import annotations

import pytest

LOOP = """
@pytest.mark.max_queries({most})
def test_it(session):
    for author in session.scalars(select(Author){options}):
        author.books
"""


def test_a_budget_that_is_kept_passes(session_of):
    session_of(LOOP.format(most=4, options="")).assert_outcomes(passed=1)


def test_a_broken_budget_names_the_relationship_and_the_line(session_of):
    result = session_of(LOOP.format(most=3, options=""))
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(
        [
            "*4 statements, and max_queries allows 3:*",
            "*1 x SELECT authors.id*",
            "*3 x SELECT books.id*",
            "N+1: Author.books is loaded once per row, 3 times, at test_books.py:11; *selectinload(Author.books)",
        ],
    )


def test_loading_with_the_rows_keeps_the_budget(session_of):
    session_of(LOOP.format(most=2, options=".options(selectinload(Author.books))")).assert_outcomes(passed=1)


def test_seeds_and_goldens_do_not_count(session_of):
    body = """
@pytest.mark.max_queries(1)
def test_it(session, golden):
    with golden.step("look"):
        assert session.scalars(select(Author.name).order_by(Author.name)).all() == ["Ada", "Bob", "Cleo"]
    assert session == golden.state
"""
    session_of(body, "--snapshot-update").assert_outcomes(passed=1)


@pytest.mark.parametrize("marker", ["max_queries()", "max_queries('3')", "max_queries(1, 2)"])
def test_a_wrong_budget_says_what_it_takes(session_of, marker):
    result = session_of(f"@pytest.mark.{marker}\ndef test_it(session):\n    pass\n")
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(["*max_queries takes one number*"])


def test_a_budget_without_a_database_says_so(session_of):
    result = session_of("@pytest.mark.max_queries(3)\ndef test_it():\n    pass\n")
    result.stdout.fnmatch_lines(["*counted nothing*runs no statement*"])
