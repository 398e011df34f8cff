"""A project without metadata: raw DDL builds the schema, and what the database shows is all there is."""

from __future__ import annotations

pytest_plugins = ["pytester"]

CONFTEST = """
import pytest

DDL = (
    "CREATE TABLE authors (id INTEGER PRIMARY KEY, name TEXT NOT NULL)",
    "CREATE TABLE books (id BIGINT PRIMARY KEY, author_id INTEGER NOT NULL REFERENCES authors (id), title TEXT)",
    "CREATE TABLE covers (book_id INTEGER PRIMARY KEY REFERENCES books (id), colour TEXT)",
    "CREATE TABLE editions (book_id INTEGER REFERENCES books (id), number INTEGER, PRIMARY KEY (book_id, number))",
)

@pytest.fixture(scope="session")
def query_snapshot_schema():
    def build(connection):
        for statement in DDL:
            connection.exec_driver_sql(statement)
    return build
"""
TESTS = """
import pytest
import sqlalchemy as sa

pytestmark = pytest.mark.seed("books")

def test_rows(engine, golden):
    found = sa.MetaData()
    found.reflect(engine)
    books, authors, editions = (found.tables[name] for name in ("books", "authors", "editions"))
    query = sa.select(authors.c.id, authors.c.name, books.c.id, editions.c.book_id, editions.c.number)
    query = query.join_from(authors, books).join(editions).order_by(editions.c.book_id, editions.c.number)
    with engine.connect() as connection:
        assert connection.execute(query) == golden.rows

def test_state(engine, golden):
    with golden.step("write"), engine.begin() as connection:
        connection.execute(sa.text("INSERT INTO authors (id, name) VALUES (7, 'Cleo')"))
        connection.execute(sa.text("INSERT INTO books (id, author_id, title) VALUES (70, 7, 'Nile')"))
        connection.execute(sa.text("INSERT INTO covers (book_id, colour) VALUES (70, 'red')"))
        connection.execute(sa.text("INSERT INTO editions (book_id, number) VALUES (70, 1)"))
    assert engine == golden.changes
"""
SEED = """
INSERT INTO authors (id, name) VALUES (1, 'Ada'), (2, 'Bob');
INSERT INTO books (id, author_id, title) VALUES (10, 2, 'One'), (11, 1, 'Two');
INSERT INTO editions (book_id, number) VALUES (10, 1), (10, 2), (11, 1);
"""


def test_integer_ids_have_the_same_names_on_every_database(pytester, postgresql_url, monkeypatch):
    monkeypatch.delenv("CI", raising=False)
    pytester.makeconftest(CONFTEST)
    pytester.makepyfile(test_books=TESTS)
    pytester.mkdir("fixtures_sql").joinpath("books.sql").write_text(SEED)
    pytester.makefile(
        ".toml", pyproject="[tool.pytest.ini_options]\nasyncio_default_fixture_loop_scope = 'function'\n"
    )
    pytester.runpytest_inprocess("--snapshot-update").assert_outcomes(passed=2)
    rows = (pytester.path / "__snapshots__/test_books/test_rows.rows.md").read_text()
    assert "| authors#2 | Bob | books#1 | books#1 | 1 |" in rows
    assert "| authors#1 | Ada | books#2 | books#2 | 1 |" in rows
    pytester.runpytest_inprocess(f"--database-url={postgresql_url}").assert_outcomes(passed=2)
