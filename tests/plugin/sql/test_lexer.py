"""The lexer: total over any text, and exact about what adjacency makes one token."""

from __future__ import annotations

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from pytest_query_snapshot.sql.lexer import canonical, collapsed, scan, tokens_of
from pytest_query_snapshot.sql.splitter import UnterminatedError, split
from pytest_query_snapshot.sql.word_tree import lex

DIALECTS = ("", "sqlite", "postgresql", "mysql", "mssql", "oracle")
STYLES = (None, "qmark", "numeric", "named", "numeric_dollar", "format", "pyformat")
PIECES = (
    *(
        "'",
        '"',
        "`",
        "[",
        "]",
        "--",
        "/*",
        "*/",
        "#",
        "$$",
        "$a$",
        "$1",
        "?",
        "?|",
        "%s",
        "%(a)s",
        "%%",
        ":a",
        "::",
    ),
    *(
        "E'",
        "U&'",
        "x'1f'",
        "0x1F",
        "1_000",
        "1e5",
        ".5",
        "\\",
        "''",
        "@>",
        "||",
        "->>",
        "<->",
        "-",
        "+",
        ";",
        ",",
    ),
    *("select", "a", " ", "\n", "\r\n", "\u00a0", "é", "\x00", "\x85", "(", ")", "\ufeff", "\ud800"),
)
TEXT = st.one_of(st.text(max_size=60), st.lists(st.sampled_from(PIECES), max_size=25).map("".join))


def texts(sql, dialect=""):
    return [token for kind, token in scan(sql, dialect=dialect) if kind != "space"]


@settings(max_examples=150, deadline=None)
@given(TEXT, st.sampled_from(DIALECTS), st.sampled_from(STYLES))
def test_tokens_joined_are_the_text(sql, dialect, paramstyle):
    assert "".join(token for _, token in scan(sql, dialect=dialect, paramstyle=paramstyle)) == sql


@settings(max_examples=150, deadline=None)
@given(TEXT, st.sampled_from(DIALECTS))
@example("/* a /* b */ c */ d", "postgresql")
@example("$1 $$a b$$", "postgresql")
def test_kept_tokens_are_those_of_a_scan_without_white_space(sql, dialect):
    scanned = tuple(token for token in scan(sql, dialect=dialect) if token[0] != "space")
    assert tokens_of(sql, dialect=dialect) == scanned


@settings(max_examples=150, deadline=None)
@given(TEXT, st.sampled_from(DIALECTS))
def test_collapsing_white_space_keeps_the_tokens(sql, dialect):
    text = "".join(token for _, token in collapsed(sql, dialect=dialect))
    assert canonical(text, dialect=dialect) == canonical(sql, dialect=dialect)


@settings(max_examples=150, deadline=None)
@given(TEXT, st.sampled_from(DIALECTS))
@example("\x80$$", "")
def test_statements_end_where_the_lexer_sees_a_semicolon(sql, dialect):
    script = sql.replace("\ufeff", "").replace("\\", "/")  # neither a byte order mark nor a command of psql
    try:
        found = split(script, dialect_name=dialect)
    except UnterminatedError:
        assert any(kind in {"open", "char"} for kind, _ in scan(script, dialect=dialect))
        return
    ends = [place for kind, token, place in placed(script, dialect) if token == ";" and kind == "char"]
    for offset, text, *_ in [(statement.offset, statement.text) for statement in found]:
        assert not [place for place in ends if offset <= place < offset + len(text)]
        following = [place for place in ends if place >= offset + len(text)]
        assert not script[offset + len(text) : (following or [len(script)])[0]].strip(" \t\n\r\f\v")


def placed(sql, dialect):
    position = 0
    for kind, token in scan(sql, dialect=dialect):
        yield kind, token, position
        position += len(token)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("SELECT [a  b]", "SELECT [a b]"),
        ("SELECT x'1f'", "SELECT x '1f'"),
        ("SELECT 0x1F", "SELECT 0 x1F"),
        ("SELECT 1_000", "SELECT 1 _000"),
        ("SELECT 1e5", "SELECT 1 e5"),
        ("SELECT a\u00a0b", "SELECT a b"),
        ("SELECT a\u00a0", "SELECT a"),
        ("SELECT U&'a'", "SELECT U & 'a'"),
        ("SELECT 'a''b'", "SELECT 'a' 'b'"),
        ("SELECT a @> b", "SELECT a @ > b"),
        ("SELECT a->>b", "SELECT a - >>b"),
        ("SELECT `a  b`", "SELECT `a b`"),
        ("SELECT $$a  b$$", "SELECT $$a b$$"),
        ("SELECT 'a  b", "SELECT 'a b"),
        ("SELECT a -- x", "SELECT a -- y"),
        ("SELECT a\x85b", "SELECT a b"),
        ("SELECT a\x1cb", "SELECT a b"),
    ],
)
def test_texts_of_other_tokens_differ(one, other):
    assert canonical(one) != canonical(other)


@pytest.mark.parametrize(
    ("dialect", "sql", "tokens"),
    [
        ("postgresql", "a # b, a @>b, a?&b", ["a", "#", "b", ",", "a", "@>", "b", ",", "a", "?&", "b"]),
        ("postgresql", r"'\' || E'\'' || e'a'", [r"'\'", "||", r"E'\''", "||", "e'a'"]),
        ("postgresql", "2*-1, a<>-b", ["2", "*", "-", "1", ",", "a", "<>", "-", "b"]),
        ("postgresql", "a::int[1:2]", ["a", "::", "int", "[", "1", ":", "2", "]"]),
        ("postgresql", "/* a /* b */ c */ d", ["/* a /* b */ c */", "d"]),
        ("postgresql", "f(a=>1), x:=2", ["f", "(", "a", "=>", "1", ")", ",", "x", ":=", "2"]),
        ("sqlite", "/* a /* b */ c", ["/* a /* b */", "c"]),
        ("sqlite", "?||'a', ?1, id%size", ["?", "||", "'a'", ",", "?1", ",", "id", "%", "size"]),
        ("sqlite", '[a;b], `c`, "d"', ["[a;b]", ",", "`c`", ",", '"d"']),
        ("mysql", r"'it\'s' # c", [r"'it\'s'", "# c"]),
        ("mysql", "5--1, 5-- 1", ["5", "-", "-", "1", ",", "5", "-- 1"]),
        ("mysql", '"a\\"b"', ['"a\\"b"']),
        ("mssql", "[a]]b], #t, @v", ["[a]]b]", ",", "#t", ",", "@v"]),
        ("", "a # b", ["a", "#", "b"]),
        ("", r"ESCAPE '\' AND b = 'x'", ["ESCAPE", r"'\'", "AND", "b", "=", "'x'"]),
        ("", "ARRAY[1, 2], a[1]", ["ARRAY", "[", "1", ",", "2", "]", ",", "a", "[", "1", "]"]),
        ("", "a::int, :b, ::c", ["a", "::", "int", ",", ":b", ",", "::", "c"]),
        ("", "1..2, 1.5, .5, 0b1", ["1", "..", "2", ",", "1.5", ",", ".5", ",", "0b1"]),
    ],
)  # fmt: skip
def test_tokens_of_a_dialect(dialect, sql, tokens):
    assert texts(sql, dialect) == tokens


@pytest.mark.parametrize(
    ("paramstyle", "sql", "parameters"),
    [
        ("qmark", "a = ? AND b%s", ["?"]),
        ("pyformat", "a = %(x)s AND b %% 2", ["%(x)s"]),
        ("format", "a=%s AND b %% 2", ["%s"]),
        ("named", "a = :x AND b = ?", [":x"]),
        ("numeric_dollar", "a = $1 AND b = :x", ["$1"]),
    ],
)
def test_the_drivers_style_decides_what_a_placeholder_is(paramstyle, sql, parameters):
    for dialect in ("", "postgresql"):
        found = [token for kind, token in scan(sql, dialect=dialect, paramstyle=paramstyle) if kind == "param"]
        assert found == parameters


def test_an_unclosed_quote_takes_the_rest_in_linear_time():
    for text in ("/*" * 20_000, "'" * 40_001, '"' + "x''" * 20_000, "$a$ $b$ " * 2_000):
        for dialect in ("", "postgresql", "mysql"):
            assert sum(1 for _ in scan(text, dialect=dialect)) < 40_000


def test_percent_s_is_a_parameter_only_where_no_value_stands_before_it():
    assert [token.kind for token in lex("VALUES (% s)") if token.text in {"%s", "s"}] == ["parameter"]
    assert [token.kind for token in lex("SELECT a % s FROM t") if token.text in {"%s", "s"}] == ["word"]
