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
            pyproject="[tool.pytest.ini_options]\npythonpath = ['.']\n"
            "query_snapshot_metadata = 'models_of_books:Base.metadata'\n"
            f"query_snapshot_seeds = 'seeds'\nasyncio_default_fixture_loop_scope = 'function'\n{settings}\n",
        )
        pytester.makepyfile(test_books=HEAD + "\npytestmark = pytest.mark.seed('books')\n" + body)
        run_inner = pytester.runpytest_subprocess if "-n" in options else pytester.runpytest_inprocess
        return run_inner("-q", "-p", "no:cacheprovider", *options)

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
    result.stdout.fnmatch_lines(["*counted nothing*runs no statement*"])


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


UNBATCHED = """
def test_one_execute_each(session):
    for number in range(3):
        session.execute(Author.__table__.insert(), {"id": 10 + number, "name": "x"})

def test_one_flush_each(session):
    for number in range(3):
        session.add(Author(id=10 + number, name="x"))
        session.flush()

def test_one_flush(session):
    for number in range(5):
        session.add(Author(name="x"))
    session.flush()

def test_one_statement(session):
    session.execute(Author.__table__.insert(), [{"name": "x"}] * 3)
    session.execute(Author.__table__.insert().values([{"name": "x"}, {"name": "y"}]))

def test_two_tables_in_turn(session):
    for number in range(3):
        session.execute(Author.__table__.insert(), {"id": 10 + number, "name": "x"})
        session.execute(Book.__table__.insert(), {"id": 10 + number, "author_id": 1})

def test_two_rows(session):
    for number in range(2):
        session.execute(Author.__table__.insert(), {"id": 10 + number, "name": "x"})
"""


def test_rows_inserted_one_by_one_are_named(session_of):
    result = session_of(UNBATCHED, "--query-hazards", "fail")
    result.assert_outcomes(failed=2, passed=4)
    result.stdout.fnmatch_lines(
        [
            "unbatched-inserts: 3 rows of authors *one execute(*, at test_books.py:10: INSERT INTO authors*",
            "unbatched-inserts: 3 rows of authors *flush after the loop, at test_books.py:15: INSERT*",
        ]
    )


APPLICATION = """
from sqlalchemy import select, text
from models_of_books import Author

def find(session, number=1):
    return session.scalar(select(Author.name).where(Author.id == number))

def greet(session):
    return "Hello " + find(session)

def find_twice(session):
    find(session)
    return greet(session)

def find_around_a_write(session):
    find(session)
    session.execute(Author.__table__.update().values(name="x"))
    find(session)

def find_two(session):
    find(session, 1)
    find(session, 2)

def draw_twice(session):
    session.scalar(text("SELECT random()"))
    session.scalar(text("SELECT random()"))
"""
DUPLICATES = """
import application

def twice(session):
    application.find(session)
    application.find(session)

def test_twice_in_one_operation(session):
    application.find_twice(session)

def test_once_before_and_once_after(session):
    application.find(session)
    application.find(session)

def test_operation_in_a_loop(session):
    for _ in range(3):
        application.greet(session)

def test_twice_in_a_function_of_the_test(session):
    twice(session)

def test_again_after_a_write(session):
    application.find_around_a_write(session)

def test_other_values(session):
    application.find_two(session)

def test_a_changing_function(session):
    application.draw_twice(session)
"""


def test_select_that_is_repeated_is_named_with_the_lines_that_repeat_it(session_of, pytester):
    pytester.makepyfile(application=APPLICATION)
    result = session_of(DUPLICATES, "--query-hazards", "fail")
    result.assert_outcomes(failed=1, passed=6)
    result.stdout.fnmatch_lines(
        ["duplicate-select: *2 times; keep its result, at application.py:11 and application.py:12: SELECT *"]
    )


LITERALS = """
def find(session, name):
    return session.execute(text(f"SELECT id FROM authors WHERE name = '{name}'")).all()

def test_in_the_text(session):
    find(session, "Ada")
    find(session, "Bob")

def test_as_parameters(session):
    for name in ("Ada", "Bob"):
        session.execute(text("SELECT id FROM authors WHERE name = :name"), {"name": name})

def test_in_different_places(session):
    session.execute(text("SELECT id FROM authors WHERE name = 'Ada'"))
    session.execute(text("SELECT id FROM authors WHERE name = 'Bob'"))
"""


def test_literals_that_change_are_named(session_of):
    result = session_of(LITERALS, "--query-hazards", "fail")
    result.assert_outcomes(failed=1, passed=2)
    result.stdout.fnmatch_lines(["literals: 2 statements *bind them*, at test_books.py:9: SELECT id*"])


@pytest.mark.parametrize(
    ("allowed", "outcome"),
    [
        ("n+1:Author.books", {"passed": 1}),
        ("n+1", {"passed": 1}),
        ("n+1:Author.prizes", {"failed": 1}),
        ("n+2:Author.books", {"failed": 1}),
    ],
)
@pytest.mark.parametrize("by", ["marker", "setting"])
def test_hazard_is_allowed_by_relationship(session_of, allowed, outcome, by):
    body = LOOP.format(most=9, options="")
    if by == "marker":
        body = f"@pytest.mark.allow_hazards({allowed!r})" + body
        setting = ""
    else:
        setting = f"query_snapshot_allowed_hazards = ['{allowed}']"
    result = session_of(body, "--query-hazards", "fail", settings=setting)
    result.assert_outcomes(**outcome)
    if "n+2" in allowed:
        result.stdout.fnmatch_lines(["no hazard is called n+2; there are *duplicate-select*"])


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
