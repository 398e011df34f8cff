"""Goldens of an older format: a difference of the format alone is told from one in what the golden says."""

from __future__ import annotations

import pytest

from pytest_query_snapshot.errors import ConfigurationError
from pytest_query_snapshot.goldens.storage.format_version import (
    CURRENT,
    differs_only_in_format,
    read_version,
    write_version,
)

ROWS = "order: {order}\n\n| id {type} | owner integer | name text |\n|---|---|---|\n{rows}\n"
STATE = "## add\n\n### agent\n\n```diff\n{rows}\n```\n\n{last}\n"


def rows(*lines, order="agent.name", kind="uuid"):
    return ROWS.format(order=order, type=kind, rows="\n".join(f"| {line} |" for line in lines))


def state(*lines, last="untouched: user (2); what is not named here stayed empty"):
    return STATE.format(rows="\n".join(lines), last=last)


SAME = {
    "type": ("rows", rows("a#1 | b#1 | x", kind="text"), rows("a#1 | b#1 | x", kind="uuid")),
    "numbers": ("rows", rows("a#2 | b#1 | x", "a#1 | b#2 | y"), rows("a#1 | b#2 | x", "a#2 | b#1 | y")),
    "seeded numbers": ("rows", rows("a#s2 | b#s1 | x"), rows("a#s1 | b#s2 | x")),
    "ties": (
        "rows",
        rows("a#1 | b#1 | x", order="n; ties in rows 1-2"),
        rows("a#1 | b#1 | x", order="n (masked)"),
    ),
    "bag": (
        "rows",
        rows("a#1 | b#1 | x", "a#2 | b#1 | y", order="none, compared as a bag"),
        rows("a#1 | b#1 | y", "a#2 | b#1 | x", order="none, compared as a bag"),
    ),
    "whole float": ("rows", rows("a#1 | 150 | x"), rows("a#1 | 150.0 | x")),
    "unchanged": (
        "state",
        state("+ a#1: name='x'"),
        state("+ a#1: name='x'", last="unchanged: user (2). Others are empty."),
    ),
    "state numbers": ("state", state("+ a#1: b=c#2", "+ a#2: b=c#1"), state("+ a#1: b=c#1", "+ a#2: b=c#2")),
    "parameters": (
        "sql",
        "SELECT a\nFROM b;\n-- 1 row\n-- :x = a#2\n-- :y = a#1\n",
        "SELECT a FROM b;\n-- 1 row\n-- :x = a#1\n-- :y = a#2\n",
    ),
    "whole float of a parameter": (
        "sql",
        "S;\n-- :x = 5\n-- :y = -2, 'a 1.0', 1.5\n",
        "S;\n-- :x = 5.0\n-- :y = -2.0, 'a 1.0', 1.5\n",
    ),
    "hash of a list": (
        "sql",
        "S;\n-- :x = (1, ... 2 more)\n",
        f"S;\n-- :x = (1, ... 2 more, sha256 {'0' * 16})\n",
    ),
    "layout of a schema": ("schema", "CREATE TABLE a (b text);\n", "CREATE TABLE a (\n    b  text\n);\n"),
    "planner": ("plan", "b: every row\n\nSCAN b\n", "planner: sqlite 3.40\n\nb: every row\n\nSCAN b\n"),
}
OTHER = {
    "cell": ("rows", rows("a#1 | b#1 | x"), rows("a#1 | b#1 | y")),
    "float in a text": ("rows", rows("a#1 | 1 | 1"), rows("a#1 | 1 | 1.0")),
    "float of version 1": ("rows", rows("a#1 | 1.0 | x"), rows("a#1 | 1 | x")),
    "null": ("rows", rows("a#1 | b#1 | x"), rows("a#1 | NULL | x")),
    "row lost": ("rows", rows("a#1 | b#1 | x", "a#2 | b#1 | y"), rows("a#1 | b#1 | x")),
    "order of rows": ("rows", rows("a#1 | b#1 | x", "a#2 | b#1 | y"), rows("a#1 | b#1 | y", "a#2 | b#1 | x")),
    "sort key": ("rows", rows("a#1 | b#1 | x", order="agent.name"), rows("a#1 | b#1 | x", order="agent.age")),
    "order lost": ("rows", rows("a#1 | b#1 | x"), rows("a#1 | b#1 | x", order="none, compared as a bag")),
    "relation": ("rows", rows("a#1 | b#1 | x", "a#2 | b#1 | y"), rows("a#1 | b#1 | x", "a#2 | b#2 | y")),
    "identity": ("rows", rows("a#1 | b#1 | x", "a#1 | b#1 | y"), rows("a#1 | b#1 | x", "a#2 | b#1 | y")),
    "table of an id": ("rows", rows("a#1 | b#1 | x"), rows("c#1 | b#1 | x")),
    "text that looks like an id": ("rows", rows("a#1 | b#1 | bug#1"), rows("a#1 | b#1 | bug#2")),
    "column": ("rows", rows("a#1 | b#1 | x"), rows("a#1 | b#1 | x").replace("owner", "buyer")),
    "cells in one": ("rows", rows("a#1 | b#1 | x"), rows("a#1 | b#1 \\| x")),
    "unchanged count": ("state", state("+ a#1: n='x'"), state("+ a#1: n='x'", last="unchanged: user (3).")),
    "unchanged table": ("state", state("+ a#1: n='x'"), state("+ a#1: n='x'", last="unchanged: role (2).")),
    "value of a state": ("state", state("+ a#1: n='x'"), state("+ a#1: n='y'")),
    "quoted id": ("state", state("+ a#1: n='b#1'"), state("+ a#1: n='b#2'")),
    "sign": ("state", state("+ a#1: n='x'"), state("- a#1: n='x'")),
    "table": ("sql", "SELECT a FROM b;\n-- 1 row\n", "SELECT a FROM c;\n-- 1 row\n"),
    "row count": ("sql", "SELECT a FROM b;\n-- 1 row\n", "SELECT a FROM b;\n-- 2 rows\n"),
    "parameter relation": ("sql", "S;\n-- :x = a#1\n-- :y = a#1\n", "S;\n-- :x = a#1\n-- :y = a#2\n"),
    "parameter": ("sql", "S;\n-- :x = 'a'\n", "S;\n-- :x = 'b'\n"),
    "way": ("plan", "b: every row\n\nSCAN b\n", "planner: sqlite 3.40\n\nb: only rows found by i\n\nSEARCH b\n"),
    "float of a parameter": ("sql", "S;\n-- :x = 5.0\n", "S;\n-- :x = 5\n"),
    "text of a parameter": ("sql", "S;\n-- :x = '5'\n", "S;\n-- :x = '5.0'\n"),
    "hash": (
        "sql",
        f"S;\n-- :x = 1, ... 2 more, sha256 {'0' * 16}\n",
        f"S;\n-- :x = 1, ... 2 more, sha256 {'1' * 16}\n",
    ),
    "literal": ("sql", "SELECT 5;\n-- :x = 1\n", "SELECT 5.0;\n-- :x = 1.0\n"),
    "column of a schema": ("schema", "CREATE TABLE a (b text);\n", "CREATE TABLE a (c text);\n"),
}


@pytest.mark.parametrize(("kind", "old", "new"), SAME.values(), ids=SAME)
def test_difference_of_the_format_alone_is_recognised(kind, old, new):
    assert old != new
    assert differs_only_in_format(old, new, kind=kind)


@pytest.mark.parametrize(("kind", "old", "new"), OTHER.values(), ids=OTHER)
def test_difference_in_what_a_golden_says_is_never_taken_for_its_format(kind, old, new):
    assert old != new
    assert not differs_only_in_format(old, new, kind=kind)


def test_version_is_1_where_goldens_have_no_marker(tmp_path):
    assert read_version(tmp_path, "s") == CURRENT
    (tmp_path / "s/test_a").mkdir(parents=True)
    (tmp_path / "s/test_a/test_x.rows.md").write_text("order: as given\n")
    assert read_version(tmp_path, "s") == 1
    write_version(tmp_path, "s")
    assert read_version(tmp_path, "s") == CURRENT


@pytest.mark.parametrize("text", ["99\n", "two\n", ""])
def test_unknown_version_is_an_error_that_names_the_marker(tmp_path, text):
    (tmp_path / "s").mkdir()
    (tmp_path / "s/.format").write_text(text)
    with pytest.raises(ConfigurationError, match=r"s/\.format: format"):
        read_version(tmp_path, "s")
