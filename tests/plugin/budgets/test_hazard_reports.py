"""Hazards in whole pytest sessions: what is named, what is allowed, and what fails a test."""

from __future__ import annotations

import pytest

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


LAZY_LOAD = """
def test_it(session):
    for author in session.scalars(select(Author)):
        author.books
"""


@pytest.mark.parametrize(
    ("allowed", "outcome"),
    [
        ("n+1:Author.books", {"passed": 1}),
        ("n+1", {"passed": 1}),
        ("n+1:Author.prizes", {"failed": 1}),
    ],
)
@pytest.mark.parametrize("by", ["marker", "setting"])
def test_hazard_is_allowed_by_relationship(session_of, allowed, outcome, by):
    body = LAZY_LOAD
    if by == "marker":
        body = f"@pytest.mark.allow_hazards({allowed!r})" + body
        setting = ""
    else:
        setting = f"query_snapshot_allowed_hazards = ['{allowed}']"
    result = session_of(body, "--query-hazards", "fail", settings=setting)
    result.assert_outcomes(**outcome)
