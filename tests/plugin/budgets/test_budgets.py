"""Budgets in whole pytest sessions."""

from __future__ import annotations

import pytest

pytest_plugins = ["pytester"]

MODELS = """
from sqlalchemy import ForeignKey
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, relationship

class Base(DeclarativeBase):
    pass

class Author(Base):
    __tablename__ = "authors"
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
    books: Mapped[list["Book"]] = relationship(order_by="Book.id")

class Book(Base):
    __tablename__ = "books"
    id: Mapped[int] = mapped_column(primary_key=True)
    author_id: Mapped[int] = mapped_column(ForeignKey("authors.id"))
"""
SEED = """
INSERT INTO authors (id, name) VALUES (1, 'Ada'), (2, 'Bob'), (3, 'Cleo');
INSERT INTO books (id, author_id) VALUES (1, 1), (2, 1), (3, 2), (4, 3);
"""
HEAD = """
import pytest
from sqlalchemy import select, text
from sqlalchemy.orm import selectinload
from models_of_books import Author, Book
"""


@pytest.fixture
def session_of(pytester, monkeypatch):
    """Run a test module on a small schema of authors and books, in a process of its own."""
    monkeypatch.delenv("CI", raising=False)
    pytester.makepyfile(models_of_books=MODELS)
    pytester.mkdir("seeds").joinpath("books.sql").write_text(SEED)

    def run(body, *options, settings=""):
        pytester.makefile(
            ".toml",
            pyproject="[tool.pytest]\npythonpath = ['.']\n"
            "query_snapshot_metadata = 'models_of_books:Base.metadata'\n"
            f"query_snapshot_seeds = 'seeds'\nasyncio_default_fixture_loop_scope = 'function'\n{settings}\n",
        )
        pytester.makepyfile(test_books=HEAD + "\npytestmark = pytest.mark.seed('books')\n" + body)
        return pytester.runpytest_subprocess("-q", "-p", "no:cacheprovider", *options)

    return run


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
    result.stdout.fnmatch_lines(["*uses session, engine*"])


HAZARDS = """
def test_it(session):
    session.execute(select(Author.name, Book.id))
    session.execute(select(Book.id).limit(2))
    session.execute(select(Book.id)).all()
    for author in session.scalars(select(Author).order_by(Author.id)):
        author.books
"""
FOUND = [
    "*N+1: Author.books is loaded once per row, 3 times, at *test_books.py:13*",
    "*cartesian-product: *authors, books*test_books.py:9*",
    "*limit-without-order: *test_books.py:10*",
    "*unbounded-select: reads books*test_books.py:11*",
]
SETTINGS = "query_snapshot_unbounded_tables = ['books']"


def test_hazards_are_off_by_default(session_of):
    result = session_of("@pytest.mark.filterwarnings('ignore')" + HAZARDS, settings=SETTINGS)
    result.assert_outcomes(passed=1)
    result.stdout.no_fnmatch_line("*cartesian*")


@pytest.mark.parametrize("workers", [[], ["-n", "2"]])
def test_hazards_are_reported_from_every_worker(session_of, workers):
    body = "@pytest.mark.filterwarnings('ignore')" + HAZARDS
    result = session_of(body, "--query-hazards", "report", *workers, settings=SETTINGS)
    result.assert_outcomes(passed=1)
    result.stdout.fnmatch_lines(["*query hazards*", *FOUND])


LOOPS = """
def test_get(session):
    for number in (1, 2, 3):
        session.get(Author, number)

def test_execute(engine):
    with engine.connect() as connection:
        for number in (1, 2, 3):
            connection.execute(text("SELECT name FROM authors WHERE id = :n"), {"n": number})

def load(session, number):
    return session.scalar(select(Author.name).where(Author.id == number))

def test_through_a_function(session):
    [load(session, number) for number in (1, 2, 3)]

def test_from_several_lines(session):
    load(session, 1)
    load(session, 2)
    load(session, 3)

def test_the_same_again(session):
    for _ in range(5):
        load(session, 1)

def test_a_transaction_each(session):
    for number in (1, 2, 3):
        load(session, number)
        session.commit()
"""


def test_a_select_in_a_loop_is_named_with_its_line(session_of):
    result = session_of(LOOPS, "--query-hazards", "fail")
    result.assert_outcomes(failed=3, passed=3)
    result.stdout.fnmatch_lines(
        [
            "N+1: the same statement runs with one value at a time, 3 times, at test_books.py:10: SELECT authors*",
            "*3 times, at test_books.py:15: SELECT name FROM authors*",
            "*3 times, at test_books.py:18: SELECT authors.name*",
        ]
    )


def test_a_budget_names_the_loop_too(session_of):
    result = session_of("@pytest.mark.max_queries(2)" + LOOPS, "-k", "test_get")
    result.stdout.fnmatch_lines(["N+1: *3 times, at test_books.py:10: SELECT authors.id*"])


def test_a_loop_on_purpose_is_allowed_by_name(session_of):
    body = "@pytest.mark.allow_hazards('loop')" + LOOPS
    session_of(body, "--query-hazards", "fail", "-k", "test_get").assert_outcomes(passed=1)


def test_hazards_can_fail_a_test(session_of):
    body = "@pytest.mark.filterwarnings('ignore')" + HAZARDS
    settings = SETTINGS + "\nquery_snapshot_query_hazards = 'fail'"
    result = session_of(body, settings=settings)
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(FOUND)


def test_a_test_can_be_about_a_hazard(session_of):
    kinds = "'cartesian-product', 'n+1', 'limit-without-order', 'unbounded-select'"
    body = f"@pytest.mark.allow_hazards({kinds})\n@pytest.mark.filterwarnings('ignore')" + HAZARDS
    session_of(body, "--query-hazards", "fail", settings=SETTINGS).assert_outcomes(passed=1)
