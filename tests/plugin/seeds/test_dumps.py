"""Dumps of databases load as they are, and leave no setting behind."""

from __future__ import annotations

import sqlite3

import pytest

from pytest_query_snapshot.errors import SeedError
from pytest_query_snapshot.seeds.mysqldump import is_mysqldump, statements_of_mysqldump

TEST = """
import pytest
from sqlalchemy import text

@pytest.mark.seed("dump")
def test_it(session):
    assert session.execute(text("SELECT id, name FROM workspace ORDER BY id")).all() == {rows}
    assert session.execute(text("SELECT id, workspace_id, name FROM agent")).all() == [(1, 2, "a")]
    {more}
"""
PG_DUMP = r"""--
-- PostgreSQL database dump
--

\restrict 5TkB

SET statement_timeout = 0;
SET lock_timeout = 0;
SET transaction_timeout = 0;
SET client_encoding = 'UTF8';
SET standard_conforming_strings = on;
SELECT pg_catalog.set_config('search_path', '', false);
SET client_min_messages = warning;
SET row_security = off;

CREATE FUNCTION public.twice(x integer) RETURNS integer LANGUAGE sql AS $$ SELECT 2 * x; $$;
ALTER FUNCTION public.twice(x integer) OWNER TO somebody;

COPY public.workspace (id, name) FROM stdin;
1	one; COMMIT; 'x'
2	\N
\.


INSERT INTO public.agent VALUES (1, 2, 'a');
SELECT pg_catalog.setval('public.workspace_id_seq', 2, true);

\unrestrict 5TkB
"""


def test_pg_dump_with_copy_data(make_project):
    project = make_project("postgresql")
    project.seed("dump", PG_DUMP)
    more = """
    assert session.scalar(text("SHOW search_path")) == '"$user", public'
    assert session.scalar(text("SHOW row_security")) == "on"
    assert session.scalar(text("SHOW timezone")) == "UTC"
    assert session.scalar(text("INSERT INTO workspace (name) VALUES ('c') RETURNING id")) == 3
    assert session.scalar(text("SELECT twice(2)")) == 4
"""
    project.test(TEST.format(rows="""[(1, "one; COMMIT; 'x'"), (2, None)]""", more=more))
    project.run().assert_outcomes(passed=1)


def test_error_in_copy_data_names_the_line(make_project):
    project = make_project("postgresql")
    project.seed("dump", "\nBEGIN;\nCOPY workspace FROM stdin;\nx\ty\n\\.\nCOMMIT;\n")
    project.test(TEST.format(rows="[]", more=""))
    result = project.run()
    result.assert_outcomes(errors=1)
    result.stdout.fnmatch_lines(["*fixtures_sql/dump.sql:3: invalid input syntax for type integer*"])


def test_sqlite_dump_with_children_first(make_project, tmp_path):
    project = make_project("sqlite")
    with sqlite3.connect(tmp_path / "real.db") as raw:
        raw.executescript(
            "CREATE TABLE agent (id INTEGER PRIMARY KEY, workspace_id INTEGER REFERENCES workspace, name TEXT);"
            "CREATE TABLE workspace (id INTEGER PRIMARY KEY, name TEXT);"
            "INSERT INTO workspace VALUES (1, 'it''s; COMMIT'), (2, NULL); INSERT INTO agent VALUES (1, 2, 'a');"
            "CREATE /* c */ TRIGGER t AFTER INSERT ON agent BEGIN SELECT 1; SELECT 2; END;"
        )
        dump = "PRAGMA foreign_keys=OFF;\n" + "\n".join(raw.iterdump())
    raw.close()
    project.pytester.makepyfile(shop_schema="import sqlalchemy as sa\nmetadata = sa.MetaData()\n")
    project.seed("dump", dump)
    more = 'assert session.scalar(text("PRAGMA foreign_keys")) == 1'
    project.test(TEST.format(rows="""[(1, "it's; COMMIT"), (2, None)]""", more=more))
    project.run().assert_outcomes(passed=1)


def test_dump_whose_rows_point_nowhere_is_refused(make_project):
    project = make_project("sqlite")
    project.seed("dump", "PRAGMA foreign_keys=OFF;\nINSERT INTO agent VALUES (1, 2, 'a');\n")
    project.test(TEST.format(rows="[]", more=""))
    result = project.run()
    result.assert_outcomes(errors=1)
    result.stdout.fnmatch_lines(["*FOREIGN KEY constraint failed: table agent, rowid 1, to workspace*"])


def test_many_rows_get_statistics(make_project):
    project = make_project("postgresql")
    rows = ",".join(f"({number}, 'w')" for number in range(2000))
    project.seed("dump", f"INSERT INTO workspace VALUES {rows}; INSERT INTO agent VALUES (1, 2, 'a');")
    project.test(
        """
import pytest
from sqlalchemy import text
@pytest.mark.seed("dump")
def test_it(session):
    estimates = "SELECT relname, reltuples FROM pg_class WHERE relname IN ('workspace', 'agent')"
    assert dict(session.execute(text(estimates)).all()) == {"workspace": 2000, "agent": -1}
"""
    )
    project.run().assert_outcomes(passed=1)


MYSQLDUMP = r"""-- MySQL dump 10.13  Distrib 8.0.36, for Linux (x86_64)
/*!40101 SET @OLD_CHARACTER_SET_CLIENT=@@CHARACTER_SET_CLIENT */;
/*!50503 SET NAMES utf8mb4 */;

LOCK TABLES `workspace` WRITE;
/*!40000 ALTER TABLE `workspace` DISABLE KEYS */;
INSERT INTO `workspace` (`id`, `name`) VALUES (1,'it\'s; \\ \"a\"\n`b` \%'),(2,NULL);
INSERT INTO `agent` VALUES (1,2,'a');
UNLOCK TABLES;
"""


@pytest.mark.parametrize("dialect_name", ["sqlite", "postgresql"])
def test_mysqldump_of_rows(make_project, dialect_name):
    project = make_project(dialect_name)
    project.seed("dump", MYSQLDUMP)
    rows = """[(1, 'it\\'s; \\\\ "a"\\n`b` \\\\%'), (2, None)]"""
    project.test(TEST.format(rows=rows, more=""))
    project.run().assert_outcomes(passed=1)


@pytest.mark.parametrize(
    ("statement", "sqlite", "postgresql"),
    [
        ("INSERT INTO `a``b` VALUES (0x1F, b'10')", "X'1F', '2'", r"'\x1F', '2'"),
        ("INSERT INTO `a``b` VALUES (1, -1.5, 10)", "1, -1.5, 10", "'1', -1.5, 10"),
        (r'INSERT INTO `a``b` VALUES ("x\'""\t")', "'x''\"\t'", "'x''\"\t'"),
    ],
)
def test_values_of_mysqldump_are_written_for_the_database(statement, sqlite, postgresql):
    for dialect_name, values in (("sqlite", sqlite), ("postgresql", postgresql)):
        (found,) = statements_of_mysqldump(f"{statement};", shown="x.sql", dialect_name=dialect_name)
        assert found.text == f'INSERT INTO "a`b" VALUES ({values})'


@pytest.mark.parametrize(
    ("statement", "message"),
    [
        ("CREATE TABLE `a` (`id` int) ENGINE=InnoDB", "--no-create-info"),
        ("INSERT INTO `a` VALUES (_binary 'x')", "--hex-blob"),
    ],
)
def test_mysqldump_that_can_not_be_read_is_refused_with_its_line(statement, message):
    with pytest.raises(SeedError, match=rf"x\.sql:2: .*{message}"):
        list(statements_of_mysqldump(f"-- MySQL dump\n{statement};", shown="x.sql", dialect_name="sqlite"))


@pytest.mark.parametrize(
    ("begin", "is_dump"),
    [
        ("-- MySQL dump 10.13", True),
        ("-- dialect: mariadb", True),
        ("/*!40101 SET", True),
        ("-- dialect: mysqlx", False),
    ],
)
def test_dump_says_of_itself_who_wrote_it(begin, is_dump):
    assert is_mysqldump(f"{begin}\nINSERT INTO t VALUES (1);\n") is is_dump
