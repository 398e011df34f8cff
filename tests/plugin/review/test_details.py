"""What single changes say: old and new text, place and reason; the labels alone would not tell."""

from __future__ import annotations

import pytest

from pytest_query_snapshot.goldens.classify import classify_golden
from pytest_query_snapshot.goldens.formats.changes import transitions
from pytest_query_snapshot.sql.diff.change import (
    Action,
    Change,
    Kind,
    labels,
)
from pytest_query_snapshot.sql.diff.statements import classify_statement
from pytest_query_snapshot.sql.word_tree import lex, text, tree

OLD = (
    "SELECT a.id FROM agents AS a WHERE a.workspace_id = :w AND a.ok "
    "AND a.id IN (SELECT r.agent_id FROM runs AS r WHERE r.day = 1)"
)

STATEMENTS = {
    "the lost condition, with real names": (
        (OLD, OLD.replace("a.workspace_id = :w AND ", "")),
        [("tenant-filter-removed", "agents.workspace_id = :value", "", "", True)],
    ),
    "the place of a change in a subquery": (
        (OLD, OLD.replace("r.day = 1", "r.day = 2")),
        [("predicate-changed", "runs.day = 1", "runs.day = 2", "where", False)],
    ),
    "the parameters that changed places": (
        (
            "SELECT a.id FROM a WHERE a.x = :x AND a.y = :y LIMIT 5",
            "SELECT a.id FROM a WHERE a.x = :y AND a.y = :x LIMIT 4",
        ),
        [("limit-changed", "5", "4", "", False), ("swapped-parameters", ":x, :y", ":y, :x", "", True)],
    ),
    "from where to where": (
        (
            "SELECT a.id FROM agents AS a WHERE a.ok",
            "WITH m AS (SELECT a.id FROM agents AS a WHERE a.ok) SELECT m.id FROM m",
        ),
        [
            ("predicate-moved", "main", "with m", "agents.ok", False),
            ("subquery-added", "", "with m", "", False),
            ("table-removed", "agents", "", "", False),
            ("table-added", "", "m", "", False),
        ],
    ),
}


@pytest.mark.parametrize("about", STATEMENTS)
def test_description_of_a_change(about):
    (old, new), expected = STATEMENTS[about]
    assert [(c.label, c.old, c.new, c.where, c.risk) for c in classify_statement(old, new)] == expected


GOLDENS = {
    "a cell, by its key": (
        "rows",
        "order: a.id\n\n| id integer | name text |\n|---|---|\n| 1 | x |\n| 2 | y |\n",
        ("| 2 | y |", "| 2 | z |"),
        [("cell-changed", "y", "z", "name of id 2")],
    ),
    "a row": (
        "rows",
        "order: a.id\n\n| id integer | name text |\n|---|---|\n| 1 | x |\n| 2 | y |\n",
        ("| 2 | y |\n", ""),
        [("row-removed", "| 2 | y |", "", "")],
    ),
    "a state, by its step and table": (
        "state",
        "## go\n\n### a\n\n```diff\n~ a#1: status 'x' -> 'y'\n```\n",
        ("'y'", "'z'"),
        [("state-changed", "~ a#1: status 'x' -> 'y'", "~ a#1: status 'x' -> 'z'", "go / a")],
    ),
    "a count": (
        "sql",
        "SELECT a.id FROM a;\n-- x 3: 1 row each\n",
        ("x 3", "x 9"),
        [("query-count", "x 3", "x 9", "select a")],
    ),
    "a full scan": (
        "plan",
        "SEARCH a USING INDEX ix_a (n=?)\n",
        ("SEARCH a USING INDEX ix_a (n=?)", "SCAN a"),
        [
            ("index-removed", "ix_a", "", ""),
            ("full-scan-added", "", "a", ""),
        ],
    ),
}


@pytest.mark.parametrize("about", GOLDENS)
def test_description_of_a_change_of_a_golden(about):
    kind, old, (before, after), expected = GOLDENS[about]
    found = classify_golden(old, old.replace(before, after), kind=kind)
    assert [(c.label, c.old, c.new, c.where) for c in found] == expected


def test_removed_write_says_what_is_lost():
    (change,) = classify_golden("SELECT 1;\n\nDELETE FROM a;\n", "SELECT 1;\n", kind="sql")
    assert change.why_risky == "the rows are not written any more"


def test_renumbered_parameters_are_known_by_their_values():
    old, new = "SELECT 1 FROM a WHERE a.x = :s_1 AND a.y = :s_2", "SELECT 1 FROM a WHERE a.x = :s_2 AND a.y = :s_1"
    values = ({"s_1": "'p'", "s_2": "'q'"}, {"s_2": "'p'", "s_1": "'q'"})
    assert labels(classify_statement(old, new, values=values)) == ("parameters",)
    exchanged = (values[0], values[0])
    assert labels(classify_statement(old, new, values=exchanged)) == ("swapped-parameters",)


def test_values_are_shown_with_their_names():
    old = "SELECT a.id FROM a WHERE a.x = :x AND a.y = :y;\n-- :x = 1\n"
    (change,) = classify_golden(old, old.replace("= 1", "= 2"), kind="sql")
    assert (change.label, change.old, change.new) == ("parameter-values", ":x = 1", ":x = 2")


def test_goldens_that_come_and_go():
    assert labels(classify_golden(None, "x", kind="rows")) == ("new",)
    assert labels(classify_golden("x", None, kind="sql")) == ("golden-removed",)
    assert labels(classify_golden("x", "y", kind="unheard of")) == ("other-changed",)


def test_labels_come_once_and_risks_first():
    changes = (Change(Kind.FORMAT), Change(Kind.COLUMN, Action.REMOVED), Change(Kind.LIMIT, Action.REMOVED))
    assert labels((*changes, *changes)) == ("limit-removed", "format", "column-removed")
    assert Change(Kind.FORMAT, why_risky="because").risk


def test_transitions_of_a_state():
    golden = (
        "## go\n\n### a\n\n```diff\n+ a#1: status='x', n=1\n~ a#2: status 'x' -> 'y', n 1 -> 2\n- a#3: n=1\n```\n"
    )
    assert [*transitions(golden)] == [
        ("a", "status", "", "'x'"),
        ("a", "n", "", "1"),
        ("a", "status", "'x'", "'y'"),
        ("a", "n", "1", "2"),
    ]


@pytest.mark.parametrize(
    ("sql", "written"),
    [
        ("SELECT  Count( * ), f(a,b) FROM  t", "select count(*), f(a, b) from t"),
        ("x IN (1, 2) AND (a)", "x in (1, 2) and (a)"),
        ("CASE WHEN a THEN 'B' END", "case when a then 'B' end"),
        ('"Odd" . "name"', '"Odd".name'),
        ("a <> b ; ", "a != b"),
    ],
)
def test_one_spelling(sql, written):
    assert text(tree(lex(sql))) == written


def unbroken() -> bool:
    """Whether all of that holds, for whoever breaks the classifiers on purpose."""
    for name, test in list(globals().items()):
        if name.startswith("test_"):
            given = [mark.args for mark in getattr(test, "pytestmark", ())]
            cases = [case if isinstance(case, tuple) else (case,) for case in given[0][1]] if given else [()]
            try:
                for case in cases:
                    test(*case)
            except AssertionError:
                return False
    return True
