"""Rows in another order, and hash seeds: what depends on them is named."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest
import sqlalchemy as sa

from pytest_query_snapshot.cli.main import main

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
"""
SETS = """
def test_sets():
    assert list({"alpha", "beta", "gamma", "delta"}) == list({"delta", "gamma", "beta", "alpha"})
    assert hash("alpha") % 8 == ALPHA % 8
"""


@pytest.fixture
def books(pytester):
    pytester.makepyfile(models_of_books=MODELS, test_books=TESTS)
    pytester.mkdir("seeds").joinpath("books.sql").write_text(SEED)
    pytester.makefile(
        ".toml",
        pyproject="[tool.pytest.ini_options]\npythonpath = ['.']\n"
        "query_snapshot_metadata = 'models_of_books:metadata'\n"
        "query_snapshot_seeds = 'seeds'\nasyncio_default_fixture_loop_scope = 'function'\n",
    )
    return pytester


@pytest.fixture
def hashed_books(books, monkeypatch):
    """A suite with a test that passes with the hash seed of this environment alone."""
    monkeypatch.setenv("PYTHONHASHSEED", "0")
    alpha = subprocess.run(
        [sys.executable, "-c", "print(hash('alpha'))"], capture_output=True, text=True, check=True
    )
    books.makepyfile(test_books=TESTS + SETS + f"\nALPHA = {alpha.stdout}\n")
    return books


@pytest.fixture
def on(request):
    """Name the options for a run on a database."""

    def options(database):
        return () if database == "sqlite" else (f"--database-url={request.getfixturevalue('postgresql_url')}",)

    return options


@pytest.mark.parametrize("order", ["reversed", "shuffled"])
@pytest.mark.parametrize("database", ["sqlite", "postgresql"])
def test_only_the_test_that_depends_on_ties_fails(books, on, order, database):
    result = books.runpytest_inprocess("--row-order", order, *on(database))
    result.assert_outcomes(passed=3, failed=1)
    result.stdout.fnmatch_lines(["*order of insertion*", "  test_books.py::test_ties"])


@pytest.mark.parametrize("mode", ["none", "connections"])
def test_order_where_no_rows_are_ordered_is_refused(books, mode):
    result = books.runpytest_inprocess("--row-order", "reversed", "--isolation", mode)
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines(["*in the isolation mode savepoint alone*"])


def test_order_of_one_test_in_another_mode_is_refused(books):
    marked = TESTS.replace("def test_ties", '@pytest.mark.isolation("connections")\ndef test_ties')
    books.makepyfile(test_books=marked)
    result = books.runpytest_inprocess("--row-order", "reversed", "-k", "ties or total")
    result.assert_outcomes(passed=1, errors=1)
    result.stdout.fnmatch_lines(["*this test of the mode connections would run with those of the seed*"])


def test_the_order_of_the_seed_passes(books):
    result = books.runpytest_inprocess()
    result.assert_outcomes(passed=4)
    result.stdout.no_fnmatch_line("*order of insertion*")


def test_goldens_are_never_written_from_another_order(books):
    result = books.runpytest_inprocess("--row-order", "reversed", "--snapshot-update")
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines(["*does not go with --snapshot-update*"])


def test_every_variation_is_run_and_named(hashed_books):
    command = [sys.executable, "-m", "pytest_query_snapshot.cli", "determinism", "--json"]
    done = subprocess.run(command, cwd=hashed_books.path, capture_output=True, text=True, check=False)
    found = json.loads(done.stdout)
    assert done.returncode == 1
    assert found["rows inserted in reverse"] == ["test_books.py::test_ties"]
    assert found["rows inserted in another order"] == ["test_books.py::test_ties"]
    assert "test_books.py::test_sets" in found["PYTHONHASHSEED=1"] + found["PYTHONHASHSEED=2"]


FLAKY = """
import os
from pathlib import Path

def test_first_run_alone():
    marker = Path("ran")
    seen = marker.exists()
    marker.touch()
    assert seen

def test_identities():
    assert os.environ["PYTHONHASHSEED"] != "3"
"""


def test_repetitions_find_what_depends_on_the_process(pytester):
    pytester.makefile(".ini", pytest="[pytest]\n")
    pytester.makepyfile(test_flaky=FLAKY)
    command = [sys.executable, "-m", "pytest_query_snapshot.cli", "determinism", "--repeat", "3", "--json"]
    done = subprocess.run(command, cwd=pytester.path, capture_output=True, text=True, check=False)
    found = json.loads(done.stdout)
    assert done.returncode == 1
    assert found["PYTHONHASHSEED=3"] == ["test_flaky.py::test_identities"]
    assert found["as it is"] == ["test_flaky.py::test_first_run_alone"]
    assert [name for name in found if name.startswith("PYTHON")] == [
        f"PYTHONHASHSEED={seed}" for seed in (1, 2, 3)
    ]


def test_a_number_of_repetitions_below_zero_is_refused(pytester):
    command = [sys.executable, "-m", "pytest_query_snapshot.cli", "determinism", "--repeat", "-1"]
    done = subprocess.run(command, cwd=pytester.path, capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert "--repeat" in done.stderr


def test_a_suite_that_can_not_run_is_quoted(books):
    command = [sys.executable, "-m", "pytest_query_snapshot.cli", "determinism", "--", "no_such_folder"]
    done = subprocess.run(command, cwd=books.path, capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert "no_such_folder" in done.stderr


GOLDENS = """
import pytest
import sqlalchemy as sa
from models_of_books import books

pytestmark = pytest.mark.seed("books")

def test_order(session, golden):
    assert session.execute(sa.select(books.c.year, books.c.isbn).order_by(books.c.year)) == golden
"""
GOLDEN_SETS = """
def test_sets(session, golden):
    columns = {"isbn", "author_id", "year", "ISBN"} - {"ISBN"}
    query = sa.select(*(books.c[name] for name in columns)).order_by(books.c.isbn)
    assert session.execute(query) == golden.sql
"""


@pytest.fixture
def tied(books):
    """Give a project with the goldens of a query with ties."""
    books.makepyfile(test_books=GOLDENS)
    books.runpytest_inprocess("--snapshot-update").assert_outcomes(passed=1)
    return books


def cli(project, *arguments):
    command = [sys.executable, "-m", "pytest_query_snapshot.cli", *arguments]
    return subprocess.run(command, cwd=project.path, capture_output=True, text=True, check=False)


def test_a_golden_that_depends_on_the_hash_seed_is_named_on_postgresql(hashed_books, on):
    options = on("postgresql")
    hashed_books.makepyfile(test_books=GOLDENS + GOLDEN_SETS)
    hashed_books.runpytest_subprocess("--snapshot-update", *options).assert_outcomes(passed=2)
    done = cli(hashed_books, "determinism", "--json", "--", *options)
    found = json.loads(done.stdout)
    assert done.returncode == 1
    assert found["PYTHONHASHSEED=1"] + found["PYTHONHASHSEED=2"]
    assert {test for tests in found.values() for test in tests} == {"test_books.py::test_sets"}
    assert found["rows inserted in reverse"] == []


def ties(project, capsys, *arguments):
    """Return what the command prints of the ties of a project."""
    capsys.readouterr()
    main(["--root", str(project.path), "ties", *arguments])
    return capsys.readouterr().out


def test_ties_are_listed_with_their_query_and_rows(tied, capsys):
    (found,) = json.loads(ties(tied, capsys, "--json"))
    assert found["golden"] == "__snapshots__/test_books/test_order.rows.md"
    assert found["test"] == "test_books.py::test_order"
    assert found["query"] == "SELECT books.year, books.isbn FROM books ORDER BY books.year"
    assert found["order"] == "books.year"
    assert found["groups"] == [[["2020", "x"], ["2020", "y"], ["2020", "z"]]]


def test_ties_are_listed_for_people(tied, capsys):
    assert ties(tied, capsys).splitlines() == [
        "__snapshots__/test_books/test_order.rows.md",
        "  test   test_books.py::test_order",
        "  order  books.year",
        "  query  SELECT books.year, books.isbn FROM books ORDER BY books.year",
        "  3 rows in any order:",
        "    | 2020 | x |",
        "    | 2020 | y |",
        "    | 2020 | z |",
        "1 golden holds rows that their ORDER BY does not distinguish.",
    ]


def test_a_project_without_ties_says_so(tied, capsys):
    path = tied.path / "__snapshots__/test_books/test_order.rows.md"
    path.unlink()
    assert ties(tied, capsys) == "No golden holds ties.\n"


CIRCLE = """
from sqlalchemy import Column, ForeignKey, Integer, MetaData, String, Table

metadata = MetaData()
teams = Table(
    "teams", metadata, Column("id", Integer, primary_key=True),
    Column("captain", ForeignKey("players.id", use_alter=True, name="fk_captain")),
)
players = Table(
    "players", metadata, Column("id", Integer, primary_key=True),
    Column("team", ForeignKey("teams.id", name="fk_team")),
)
goals = Table(
    "goals", metadata, Column("id", Integer, primary_key=True), Column("player", ForeignKey("players.id"))
)
cards = Table("cards", metadata, Column("code", String, primary_key=True), Column("colour", Integer))
"""
CIRCLE_SEED = """
INSERT INTO teams (id) VALUES (1), (2);
INSERT INTO players (id, team) VALUES (1, 1), (2, 1), (3, 2);
UPDATE teams SET captain = 2 WHERE id = 1;
INSERT INTO goals (id, player) VALUES (1, 1), (2, 3);
INSERT INTO cards (code, colour) VALUES ('a', 1), ('b', 1), ('c', 1);
"""
CIRCLE_TESTS = """
import pytest
import sqlalchemy as sa
from models_of_books import cards, goals, players, teams

pytestmark = pytest.mark.seed("books")

def test_all_there(session):
    counts = [session.scalar(sa.select(sa.func.count()).select_from(t)) for t in (teams, players, goals, cards)]
    assert counts == [2, 3, 2, 3]
    assert session.execute(sa.select(teams.c.captain).where(teams.c.id == 1)).scalar_one() == 2

def test_ties(session):
    assert session.scalars(sa.select(cards.c.code).order_by(cards.c.colour).limit(1)).all() == ['a']
"""


@pytest.fixture
def circle(books):
    (books.path / "models_of_books.py").write_text(CIRCLE)
    (books.path / "seeds/books.sql").write_text(CIRCLE_SEED)
    (books.path / "test_books.py").write_text(CIRCLE_TESTS)
    return books


@pytest.mark.parametrize("database", ["sqlite", "postgresql"])
def test_tables_that_refer_to_each_other_are_reordered(circle, on, database):
    result = circle.runpytest_inprocess("--row-order", "reversed", *on(database))
    result.assert_outcomes(passed=1, failed=1)
    result.stdout.fnmatch_lines(["  test_books.py::test_ties"])


def test_a_user_without_rights_reorders_what_references_allow(circle, postgresql_url):
    url = sa.make_url(postgresql_url)
    engine = sa.create_engine(url, isolation_level="AUTOCOMMIT")
    role = f"plain_{url.database}"
    with engine.connect() as connection:
        connection.exec_driver_sql(f"CREATE ROLE {role} LOGIN")
        connection.exec_driver_sql(f"ALTER DATABASE {url.database} OWNER TO {role}")
        connection.exec_driver_sql(f"GRANT ALL ON SCHEMA public TO {role}")
    engine.dispose()
    plain = url.set(username=role).render_as_string(hide_password=False)
    result = circle.runpytest_inprocess("--row-order", "reversed", f"--database-url={plain}")
    result.assert_outcomes(passed=1, failed=1)
    result.stdout.fnmatch_lines(["  test_books.py::test_ties"])
