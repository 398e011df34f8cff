"""Sessions on a small schema of authors and books."""

from __future__ import annotations

import pytest

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
