"""`query-snapshot seed` writes rows of a live database that load again."""

from __future__ import annotations

import sqlite3

import psycopg
import pytest
import sqlalchemy as sa

from pytest_query_snapshot.cli.main import main
from pytest_query_snapshot.databases.servers.server import connect_arguments

SCHEMA = """
CREATE TABLE customer (id INTEGER PRIMARY KEY, name TEXT, secret TEXT, vip BOOLEAN, debt NUMERIC(9, 2));
CREATE TABLE "order" (id INTEGER PRIMARY KEY, customer_id INTEGER REFERENCES customer (id), note TEXT);
"""
ROWS = """
INSERT INTO customer VALUES (2, 'it''s', 'x', TRUE, 1.50), (1, NULL, 'y', FALSE, NULL);
INSERT INTO "order" VALUES (7, 2, 'a;
b');
"""
WRITTEN = """\
INSERT INTO "customer" ("id", "name", "vip", "debt") VALUES
  (1, NULL, FALSE, NULL),
  (2, 'it''s', TRUE, {debt});

INSERT INTO "order" ("id", "customer_id", "note") VALUES
  (7, 2, 'a;
b');
"""


@pytest.fixture
def here(tmp_path, monkeypatch):
    (tmp_path / "pytest.ini").write_text("[pytest]\nquery_snapshot_mask = customer.secret\n")
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture(params=["sqlite", "postgresql"])
def live(request, here):
    if request.param == "sqlite":
        with sqlite3.connect(here / "live.db") as raw:
            raw.executescript(SCHEMA + ROWS)
        raw.close()
        return "sqlite+aiosqlite:///live.db", "1.5"
    url = request.getfixturevalue("postgresql_url")
    with psycopg.connect(**connect_arguments(sa.make_url(url)), autocommit=True) as raw:
        raw.execute(SCHEMA + ROWS)
    return url.replace("postgresql+psycopg", "postgres"), "1.50"


def test_seed_of_tables_is_written_parents_first_without_masked_columns(live, here, capsys):
    url, debt = live
    assert main(["seed", "--from-url", url, "--tables", "order", "customer"]) == 0
    written, warnings = capsys.readouterr()
    assert (written, warnings) == (WRITTEN.format(debt=debt), "")
    with sqlite3.connect(":memory:") as raw:
        raw.executescript(SCHEMA + written)
        assert raw.execute("SELECT name, secret, vip FROM customer WHERE id = 2").fetchone() == ("it's", None, 1)
    raw.close()


def test_seed_is_limited_and_written_to_a_file(live, here):
    output = here / "fixtures_sql" / "few.sql"
    assert (
        main(["seed", "--from-url", live[0], "--tables", "customer", "--limit", "1", "--output", str(output)]) == 0
    )
    assert output.read_text().count("\n") == 2


def test_seed_of_a_missing_table_is_an_error(live, here, capsys):
    assert main(["seed", "--from-url", live[0], "--tables", "nosuch"]) == 2
    assert "table nosuch does not exist" in capsys.readouterr().err


def test_seed_that_lacks_a_needed_value_names_its_column(here, capsys):
    (here / "pytest.ini").write_text("[pytest]\nquery_snapshot_mask =\n    t.a\n    t.b\n    t.c\n")
    with sqlite3.connect(here / "live.db") as raw:
        raw.execute("CREATE TABLE t (id INT PRIMARY KEY, a TEXT NOT NULL, b TEXT NOT NULL DEFAULT 'x', c TEXT)")
    raw.close()
    assert main(["seed", "--from-url", "sqlite:///live.db", "--tables", "t"]) == 0
    assert capsys.readouterr().err == (
        "query-snapshot: t.a is masked and left out, but NOT NULL without a default: add values to the seed\n"
    )
