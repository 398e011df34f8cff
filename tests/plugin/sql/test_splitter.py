"""The splitter, case by case, and against SQLite's own idea of a complete statement."""

from __future__ import annotations

import random
import sqlite3

import pytest

from pytest_query_snapshot.sql.splitter import UnterminatedError, split

BOTH = ("sqlite", "postgresql")


def texts(script: str, dialect_name: str = "sqlite") -> list[str]:
    return [statement.text for statement in split(script, dialect_name=dialect_name)]


def lines(script: str, dialect_name: str = "sqlite") -> list[int]:
    return [
        statement.line(script.removeprefix("\ufeff")) for statement in split(script, dialect_name=dialect_name)
    ]


@pytest.mark.parametrize("dialect_name", BOTH)
@pytest.mark.parametrize(
    "statement",
    [
        "INSERT INTO t (begin, end) VALUES (1, 2)",
        "SELECT begin FROM t WHERE end IS NULL",
        r"INSERT INTO t VALUES ('C:\')",
        "INSERT INTO t VALUES ('it''s; fine -- really /* yes */')",
        'SELECT "a;b" FROM t',
        "SELECT 1 -- one; two\n + 2",
        "SELECT 1 /* ; */ + 2",
        "SELECT 'a' 'b', '', ''''",
        "SELECT CASE WHEN a THEN ';' ELSE b END FROM t",
        "SELECT 1 - -1, 6 / 2, a->>'b;c'",
        'CREATE TABLE t (begin TEXT, "end" TEXT)',
        "CREATE INDEX trigger ON t (begin)",
        "INSERT INTO t VALUES ('{\"a\":1}', ':name', '50%', '%s', '$1', '$$')",
        "INSERT INTO t VALUES ('LIKE' || 'E')",
        "SELECT 1 WHERE 'a' LIKE'b;c'",
    ],
)  # fmt: skip
def test_one_statement_stays_one(statement, dialect_name):
    assert texts(f"{statement};\nSELECT 2;", dialect_name) == [statement, "SELECT 2"]
    assert texts(statement, dialect_name) == [statement]


@pytest.mark.parametrize(
    "statement",
    [
        "SELECT $$a;b$$",
        "SELECT $tag$a $$ ; $tag$ || 'x'",
        "DO $$ BEGIN PERFORM 1; END; $$",
        "CREATE FUNCTION f() RETURNS int AS $f$ BEGIN RETURN 1; END; $f$ LANGUAGE plpgsql",
        "CREATE FUNCTION f() RETURNS int BEGIN ATOMIC SELECT 1; SELECT 2; END",
        "CREATE TRIGGER g BEFORE UPDATE OF begin ON t FOR EACH ROW EXECUTE FUNCTION f()",
        r"SELECT E'a\';b', e'\\', E'it''s; \''",
        "SELECT 1 /* a /* b; */ c; */ + 2",
        "SELECT ARRAY['a;b'][1]",
        "SELECT a$b$c; ".strip("; "),
        "PREPARE p AS SELECT $1",
    ],
)
def test_postgresql_only(statement):
    assert texts(f"{statement};\nSELECT 2;", "postgresql") == [statement, "SELECT 2"]


@pytest.mark.parametrize(
    "statement",
    [
        "CREATE TRIGGER g AFTER INSERT ON t BEGIN UPDATE t SET a = 1; DELETE FROM u; END",
        "create temp trigger g after insert on t begin select case when a then 1 else 2 end; end",
        "CREATE TRIGGER g AFTER UPDATE OF begin ON t BEGIN INSERT INTO u VALUES ('; END;'); -- END;\n END /* x */",
        "SELECT [a;b], `c;d` FROM t",
        "SELECT 1 /* a /* b */ + 2",
        "SELECT $name, $$",
    ],
)
def test_sqlite_only(statement):
    assert texts(f"{statement};\nSELECT 2;") == [statement, "SELECT 2"]


@pytest.mark.parametrize("dialect_name", BOTH)
@pytest.mark.parametrize(
    "script", ["", "\ufeff", "  \r\n", "-- only a comment", "/* one */ -- two\n", ";;\n;", "/**/"]
)
def test_nothing_in_it(script, dialect_name):
    assert texts(script, dialect_name) == []


@pytest.mark.parametrize(
    "statement",
    [
        "CREATE /* c */ TRIGGER g AFTER INSERT ON t BEGIN SELECT 1; END",
        "CREATE TRIGGER g -- BEGIN\n AFTER INSERT ON t /* ; */ BEGIN SELECT 1; END -- x\n",
    ],
)
def test_comments_stand_between_the_words_of_a_trigger(statement):
    assert texts(f"{statement};\nSELECT 2;") == [statement.strip(), "SELECT 2"]


@pytest.mark.parametrize(
    "statement",
    [
        "CREATE RULE r AS ON INSERT TO t DO ALSO (INSERT INTO u VALUES (1); DELETE FROM v)",
        "CREATE OR REPLACE /* c */ RULE r AS ON INSERT TO t DO INSTEAD NOTHING",
        "CREATE FUNCTION f() RETURNS void BEGIN ATOMIC END",
        "CREATE FUNCTION f() RETURNS int LANGUAGE sql BEGIN /* c */ ATOMIC SELECT CASE WHEN a THEN 1 END; END",
    ],
)
def test_bodies_of_postgresql(statement):
    assert texts(f"{statement};\nSELECT 2;", "postgresql") == [statement, "SELECT 2"]


def test_data_of_a_dump_belongs_to_its_copy():
    script = (
        "\\restrict abc\n\nCOPY public.t (a, b) FROM stdin;\n1\tit's; here\n\\N\t2\n\\.\n\n\n"
        "SELECT 1;\n\\unrestrict abc\n"
    )
    found = split(script, dialect_name="postgresql")
    assert [(each.text, each.data) for each in found] == [
        ("COPY public.t (a, b) FROM stdin", "1\tit's; here\n\\N\t2\n"),
        ("SELECT 1", None),
    ]
    assert [each.line(script) for each in found] == [3, 9]


def test_data_of_an_empty_table_is_empty():
    found = split("COPY t (a) FROM stdin;\n\\.\nSELECT 1", dialect_name="postgresql")
    assert [(each.text, each.data) for each in found] == [("COPY t (a) FROM stdin", ""), ("SELECT 1", None)]


def test_other_commands_of_psql_are_left_for_the_database_to_refuse():
    assert texts("\\i other.sql\nSELECT 1;", "postgresql") == ["\\i other.sql", "SELECT 1"]


def test_mysql_escapes_comments_and_delimiters():
    script = (
        "/*!40101 SET NAMES utf8 */;\n# it's; a comment\nINSERT INTO t VALUES ('it\\'s;', \"a;b\");\n"
        "DELIMITER ;;\nCREATE TRIGGER g BEFORE INSERT ON t FOR EACH ROW BEGIN SET a = 1; END ;;\n"
        "DELIMITER ;\nSELECT `a;b`;"
    )
    assert texts(script, "mysql") == [
        "/*!40101 SET NAMES utf8 */",
        "INSERT INTO t VALUES ('it\\'s;', \"a;b\")",
        "CREATE TRIGGER g BEFORE INSERT ON t FOR EACH ROW BEGIN SET a = 1; END",
        "SELECT `a;b`",
    ]


def test_byte_order_mark_and_crlf():
    script = "\ufeff-- c\r\nSELECT 1;\r\n\r\nSELECT 'a\r\nb';\r\n"
    assert texts(script) == ["SELECT 1", "SELECT 'a\r\nb'"]
    assert lines(script) == [2, 4]


def test_line_is_where_the_first_word_stands():
    script = "-- a\n\n/* b\n c */ SELECT 1;\n-- d\nSELECT\n2; SELECT 3;\n\n\nSELECT 4"
    assert lines(script, "postgresql") == lines(script) == [4, 6, 7, 10]


@pytest.mark.parametrize(
    ("script", "line", "what"),
    [
        ("SELECT 1;\nSELECT 'a", 2, "'"),
        ('\nSELECT "a;\n', 2, '"'),
        ("SELECT 1; /* a\n", 1, "/*"),
        ("SELECT 1;\n\nSELECT 2 /* a\n", 3, "/*"),
    ],
)
@pytest.mark.parametrize("dialect_name", BOTH)
def test_left_open(script, line, what, dialect_name):
    with pytest.raises(UnterminatedError) as caught:
        texts(script, dialect_name)
    assert (caught.value.line, caught.value.what) == (line, what)


def test_dollar_quote_left_open():
    with pytest.raises(UnterminatedError, match=r"line 2: \$a\$"):
        texts("SELECT 1;\nSELECT $a$ ; $b$", "postgresql")


@pytest.mark.parametrize("dialect_name", BOTH)
def test_ten_megabytes_in_one_statement(dialect_name):
    rows = ",\n".join(f"({number}, 'name; {number}')" for number in range(450_000))
    script = f"INSERT INTO t VALUES\n{rows};\nSELECT 2;"
    assert len(script) > 10_000_000
    assert texts(script, dialect_name) == [f"INSERT INTO t VALUES\n{rows}", "SELECT 2"]


def test_long_runs_of_openers_are_split_or_refused():
    for script in ("/*" * 50_000, "'" * 100_001, "$" * 100_000, "-" * 100_000, "(" * 100_000, "E'\\" * 30_000):
        for dialect_name in BOTH:
            try:
                split(script, dialect_name=dialect_name)
            except UnterminatedError:
                continue


PIECES = (
    "'a;b'",
    '"c;d"',
    "-- e;f\n",
    "/* g;h */",
    "i",
    " ",
    "\n",
    "[j;k]",
    "`l;m`",
    "case",
    "end",
    "begin",
    "1-2",
)


def test_agrees_with_sqlite_on_random_scripts():
    choose = random.Random(7)
    for _ in range(500):
        script = "".join(choose.choice((*PIECES, ";")) for _ in range(choose.randrange(30)))
        for statement in split(script, dialect_name="sqlite"):
            assert sqlite3.complete_statement(f"{statement.text};") or statement.text.count("--")
            # no shorter beginning of it is complete already
            for position in [at for at, letter in enumerate(statement.text) if letter == ";"]:
                assert not sqlite3.complete_statement(statement.text[: position + 1])
