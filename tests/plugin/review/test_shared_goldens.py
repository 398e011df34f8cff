"""Rows that databases share: without the statement that explains them, a change waits for a person."""

from __future__ import annotations

from itertools import product

import pytest

from pytest_query_snapshot.review.accept import accept_all, reviews
from pytest_query_snapshot.review.causes import causes

from .conftest import SQL, ProjectFolder

OLD, NEW = "order: none\n\n| id |\n|---|\n| 1 |\n", "order: none\n\n| id |\n|---|\n| 2 |\n"
DATABASES = ("sqlite", "postgresql")
STATEMENTS = ("no golden", "unchanged", "changed in form", "new")


def leave(folder, database, statement):
    """Leave the golden of a statement on one database, or what is pending of it."""
    name = f"test_a.{database}.sql"
    if statement == "unchanged":
        folder.golden(name, SQL)
    elif statement != "no golden":
        folder.pending(name, None if statement == "new" else SQL, SQL.replace("\n  AND", " AND"), dialect=database)


@pytest.mark.parametrize("changed_on", [("sqlite",), ("postgresql",), DATABASES])
def test_shared_golden_waits_unless_each_database_that_changed_it_had_a_golden_of_the_statement(
    tmp_path, changed_on
):
    for number, statements in enumerate(product(STATEMENTS, repeat=2)):
        (tmp_path / str(number)).mkdir()
        folder, kind = ProjectFolder(tmp_path / str(number)), ("rows", "state")[number % 2]
        for database, statement in zip(DATABASES, statements, strict=True):
            leave(folder, database, statement)
        for database in changed_on:
            path = folder.pending(f"test_a.{kind}.md", OLD, NEW, dialect=database)
        known = dict(zip(DATABASES, statements, strict=True))
        alone = set(statements) == {"no golden"}  # rows that were compared without their statement
        explained = alone or all(known[each] in {"unchanged", "changed in form"} for each in changed_on)
        accept_all(folder.project, folder.reviews())
        assert (folder.read(path) == NEW) == explained, statements


def test_list_names_the_reason_for_which_rows_wait(folder):
    folder.pending("test_a.rows.md", OLD, NEW, dialect="postgresql")
    folder.pending("test_a.postgresql.sql", None, SQL, dialect="postgresql")
    (cause,) = causes(reviews(folder.project))
    assert cause.title.startswith("unexplained-changed: no golden of the statement on postgresql tells why this")
    assert cause.risk


def test_new_rows_beside_a_new_statement_are_accepted(folder):
    path = folder.pending("test_a.rows.md", None, NEW, dialect="postgresql")
    folder.pending("test_a.postgresql.sql", None, SQL, dialect="postgresql")
    accept_all(folder.project, folder.reviews())
    assert folder.read(path) == NEW


def test_statement_of_another_comparison_explains_nothing(folder):
    path = folder.pending("test_a.rows.md", OLD, NEW, dialect="postgresql")
    folder.golden("test_a.sqlite.sql", SQL)
    folder.golden("test_a-other.postgresql.sql", SQL)
    folder.golden("test_b.postgresql.sql", SQL)
    accept_all(folder.project, folder.reviews())
    assert folder.read(path) == OLD


def test_rows_that_are_compared_alone_need_no_statement(folder):
    path = folder.pending("test_a.rows.md", OLD, NEW, dialect="postgresql")
    folder.golden("test_a-other.postgresql.sql", SQL)
    folder.golden("test_b.sqlite.sql", SQL)
    accept_all(folder.project, folder.reviews())
    assert folder.read(path) == NEW
