"""Rows in another order, and hash seeds: what depends on them is named."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

pytest_plugins = ["pytester"]

MODELS = """
from sqlalchemy import ForeignKey, MetaData, Table, Column, Integer, String, Computed

metadata = MetaData()
authors = Table(
    "authors", metadata,
    Column("id", Integer, primary_key=True), Column("code", String), Column("mentor", ForeignKey("authors.id")),
    Column("shouted", String, Computed("upper(code)")),
)
books = Table(
    "books", metadata,
    Column("isbn", String, primary_key=True),
    Column("author_id", ForeignKey("authors.id", ondelete="CASCADE"), nullable=False),
    Column("year", Integer), sqlite_with_rowid=True,
)
"""
SEED = """
INSERT INTO authors (id, code, mentor) VALUES (1, 'a', NULL), (2, 'b', 1), (3, 'c', 2);
INSERT INTO books (isbn, author_id, year) VALUES ('x', 1, 2020), ('y', 2, 2020), ('z', 3, 2020), ('w', 1, 2019);
"""
TESTS = """
import pytest
from sqlalchemy import select, text
from models_of_books import authors, books

pytestmark = pytest.mark.seed("books")

def test_total_order(session):
    assert session.scalars(select(books.c.isbn).order_by(books.c.isbn)).all() == ["w", "x", "y", "z"]

def test_ties(session):
    assert session.scalars(select(books.c.isbn).order_by(books.c.year).limit(2)).all() == ["w", "x"]

def test_rows_and_references_are_all_there(session):
    query = select(authors.c.code, authors.c.mentor, authors.c.shouted).order_by(authors.c.id)
    rows = session.execute(query).all()
    assert [tuple(row) for row in rows] == [("a", None, "A"), ("b", 1, "B"), ("c", 2, "C")]
    assert session.scalar(text("SELECT count(*) FROM books")) == 4

def test_references_are_still_checked(session):
    with pytest.raises(Exception, match="(?i)foreign key"):
        session.execute(books.insert().values(isbn="n", author_id=99))

def test_sets():
    assert list({"alpha", "beta", "gamma", "delta"}) == list({"delta", "gamma", "beta", "alpha"})
    assert hash("alpha") % 8 == ALPHA % 8
"""


@pytest.fixture
def books(pytester, monkeypatch):
    monkeypatch.setenv("PYTHONHASHSEED", "0")
    alpha = subprocess.run(
        [sys.executable, "-c", "print(hash('alpha'))"], capture_output=True, text=True, check=True
    )
    pytester.makepyfile(models_of_books=MODELS, test_books=TESTS + f"\nALPHA = {alpha.stdout}\n")
    pytester.mkdir("seeds").joinpath("books.sql").write_text(SEED)
    pytester.makefile(
        ".toml",
        pyproject="[tool.pytest]\npythonpath = ['.']\nquery_snapshot_metadata = 'models_of_books:metadata'\n"
        "query_snapshot_seeds = 'seeds'\nasyncio_default_fixture_loop_scope = 'function'\n",
    )
    return pytester


@pytest.mark.parametrize("order", ["reversed", "shuffled"])
@pytest.mark.parametrize("database", ["sqlite", "postgresql"])
def test_only_the_test_that_depends_on_ties_fails(books, order, database):
    result = books.runpytest_subprocess("--insertion-order", order, "--database", database)
    result.assert_outcomes(passed=4, failed=1)
    result.stdout.fnmatch_lines(["*order of insertion*", "  test_books.py::test_ties"])


def test_the_order_of_the_seed_passes(books):
    result = books.runpytest_subprocess()
    result.assert_outcomes(passed=5)
    result.stdout.no_fnmatch_line("*order of insertion*")


def test_goldens_are_never_written_from_another_order(books):
    result = books.runpytest_subprocess("--insertion-order", "reversed", "--snapshot-update")
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines(["*does not go with --snapshot-update*"])


def test_every_variation_is_run_and_named(books):
    command = [sys.executable, "-m", "pytest_query_snapshot.cli", "determinism", "--json"]
    done = subprocess.run(command, cwd=books.path, capture_output=True, text=True, check=False)
    found = json.loads(done.stdout)
    assert done.returncode == 1
    assert found["rows inserted in reverse"] == ["test_books::test_ties"]
    assert found["rows inserted in another order"] == ["test_books::test_ties"]
    assert "test_books::test_sets" in found["PYTHONHASHSEED=1"] + found["PYTHONHASHSEED=2"]


def test_a_suite_that_can_not_run_is_quoted(books):
    command = [sys.executable, "-m", "pytest_query_snapshot.cli", "determinism", "--", "no_such_folder"]
    done = subprocess.run(command, cwd=books.path, capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert "no_such_folder" in done.stderr
