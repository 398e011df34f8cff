"""Budgets and hazards of tests that use engines of their own, in every isolation mode."""

from __future__ import annotations

import pytest

pytest_plugins = ["pytester"]

APPLICATION = """
import sqlalchemy as sa
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column, relationship

class Base(DeclarativeBase):
    pass

class Author(Base):
    __tablename__ = "author"
    id: Mapped[int] = mapped_column(primary_key=True)
    bio: Mapped[str] = mapped_column(sa.Text)
    books: Mapped[list["Book"]] = relationship()

class Book(Base):
    __tablename__ = "book"
    id: Mapped[int] = mapped_column(primary_key=True)
    author_id: Mapped[int] = mapped_column(sa.ForeignKey("author.id"))

engine = sa.create_engine("sqlite://", poolclass=sa.StaticPool)
Base.metadata.create_all(engine)
with Session(engine) as session:
    session.add_all([Author(id=n, bio="long", books=[Book()]) for n in (1, 2, 3)])
    session.commit()
"""
HEAD = """
import gc
import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session, defer
import application
from application import Author, Book, engine
"""


@pytest.fixture
def run(pytester, monkeypatch):
    monkeypatch.delenv("CI", raising=False)
    pytester.makepyfile(application=APPLICATION)
    pytester.makefile(
        ".ini",
        pytest="[pytest]\npythonpath = .\nquery_snapshot_metadata = application:Base.metadata\n"
        "asyncio_default_fixture_loop_scope = function\n",
    )

    def run(body, *options):
        pytester.makepyfile(test_it=HEAD + body)
        run_inner = pytester.runpytest_subprocess if "-n" in options else pytester.runpytest_inprocess
        return run_inner("-q", "-p", "no:cacheprovider", *options)

    return run


LOOP = """
@pytest.mark.max_queries(2)
def test_loop():
    with Session(engine) as session:
        authors = session.scalars(sa.select(Author).order_by(Author.id))
        assert [len(author.books) for author in authors] == [1, 1, 1]

@pytest.mark.max_queries(1)
def test_kept():
    with engine.connect() as connection:
        assert connection.scalar(sa.text("SELECT count(*) FROM book")) == 3

@pytest.mark.max_queries(1)
def test_without_a_statement():
    pass
"""


@pytest.mark.parametrize("mode", ["savepoint", "connections", "none"])
def test_budget_counts_the_engine_that_the_test_uses(run, mode):
    result = run(LOOP, "--isolation", mode)
    result.assert_outcomes(passed=1, failed=2)
    result.stdout.fnmatch_lines(
        ["*4 statements, and max_queries allows 2:*", "*N+1: Author.books is loaded once per row, 3 times*"]
    )
    result.stdout.fnmatch_lines(["*max_queries(1) counted nothing*"])


HAZARDS = """
other = sa.create_engine("sqlite:///other.db")

def authors(*options):
    with Session(engine) as session:
        return session.scalars(sa.select(Author).options(*options)).all()

def test_column_is_never_read():
    assert [author.id for author in authors()] == [1, 2, 3]

def test_column_is_read():
    assert [author.bio for author in authors()] == ["long"] * 3

def test_column_is_left_out():
    assert [author.id for author in authors(defer(Author.bio))] == [1, 2, 3]

def test_one_row_is_loaded():
    with Session(engine) as session:
        assert session.get(Author, 1).id == 1

def test_connection_is_left_open():
    application.kept = engine.connect()

def test_session_is_left_to_the_garbage_collector():
    def count():
        return Session(other).scalar(sa.text("SELECT 3"))
    assert count() == 3
    gc.collect()

@pytest.fixture
def connection():
    with engine.connect() as connection:
        yield connection

@pytest.fixture
def session_of_a_fixture():
    session = Session(engine)
    yield session
    session.close()

def test_connections_of_fixtures_are_closed(connection, session_of_a_fixture):
    connection.scalar(sa.text("SELECT 1"))
    session_of_a_fixture.scalar(sa.text("SELECT 2"))
"""


@pytest.mark.parametrize("mode", ["savepoint", "none"])
def test_unread_columns_and_open_connections_are_named_with_line_and_mend(run, mode):
    result = run(HAZARDS, "--query-hazards", "report", "--isolation", mode)
    result.assert_outcomes(passed=7)
    hazards = [line for line in result.outlines if line.startswith(("unread-columns", "open-connections"))]
    mend = "close it, or use it in `with engine.connect()`, `with Session(engine)`"
    collected = "never closed: the garbage collector returned it to its pool"
    unread = "loaded for 3 rows and never read; leave it out: options(defer(Author.bio))"
    assert sorted(hazards) == [
        f"open-connections: a connection is left open when the test ends; {mend}, at test_it.py:28",
        f"open-connections: a connection is {collected}; {mend}, at test_it.py:32",
        f"unread-columns: Author.bio is {unread}, at test_it.py:12",
    ]


ALLOWED = """
@pytest.mark.allow_hazards("unread-columns:Author.bio", "open-connections")
def test_both():
    with Session(engine) as session:
        assert [author.id for author in session.scalars(sa.select(Author))] == [1, 2, 3]
    application.kept = engine.connect()

def test_open():
    application.other = engine.connect()
"""


def test_hazards_are_allowed_by_name_and_an_open_connection_can_fail_a_test(run):
    result = run(ALLOWED, "--query-hazards", "fail")
    result.assert_outcomes(passed=2, errors=1)
    result.stdout.fnmatch_lines(["*open-connections: a connection is left open*test_it.py:15*"])
