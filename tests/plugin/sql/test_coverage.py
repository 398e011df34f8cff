"""Every token of a statement belongs to the tree, to a fact, or to what is unexplained."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pytest_query_snapshot.goldens.classify import classify_golden
from pytest_query_snapshot.sql.diff.statements import classify_statement
from pytest_query_snapshot.sql.facts.expressions import parse_expression
from pytest_query_snapshot.sql.facts.fact import Facet
from pytest_query_snapshot.sql.facts.statement_facts import read_statement
from pytest_query_snapshot.sql.lexer import scan
from pytest_query_snapshot.sql.word_tree import flatten, lex, tree

from .generated_changes import (
    BENIGN,
    NAMES,
    ONLY_POSTGRESQL,
    SHAPES,
    labelled_edits,
    read_shapes,
    reading,
    written,
)

LABELLED = (Path(__file__).parent / "labelled.txt").read_text(encoding="utf-8")
SECOND_READING, THIRD_READING, FOURTH_READING = map(reading, ("second", "third", "fourth"))
FIFTH_READING, SIXTH_READING = map(reading, ("fifth", "sixth"))
GOLDENS_READING, MUTANTS_READING = reading("goldens"), reading("mutants")
STATEMENTS = [
    *(written(statement, NAMES[0]) for _, statement, _ in read_shapes(SHAPES + ONLY_POSTGRESQL)),
    *(statement for _, statement, _ in read_shapes(LABELLED)),
]
WORDS = sorted({token for statement in STATEMENTS for _, token in scan(statement)})
SOUP = st.one_of(
    st.text(max_size=60),
    st.lists(st.sampled_from([*WORDS, "'", "(", ")", "[", "case"]), max_size=30).map(" ".join),
)


@settings(max_examples=100, deadline=None)
@given(SOUP)
def test_a_tree_has_the_tokens_of_the_text(sql):
    assert [*flatten(tree(lex(sql)))] == [*lex(sql)]


@settings(max_examples=100, deadline=None)
@given(SOUP)
def test_an_expression_has_the_nodes_that_it_was_read_from(sql):
    nodes = tree(lex(sql))
    expression = parse_expression(nodes)
    assert expression.nodes == nodes or not nodes


@pytest.mark.parametrize("statement", STATEMENTS)
def test_known_statements_are_explained(statement):
    assert [fact.text for fact in read_statement(statement).of(Facet.UNEXPLAINED)] == []


def without_one_token(statement):
    tokens = [token for kind, token in scan(statement) if kind != "space"]
    for place in range(len(tokens)):
        yield " ".join(tokens[:place] + tokens[place + 1 :])


# words that may be left out: `FROM a AS b` is `FROM a b`
SPELLING = {
    "into",
    "or",
    "as",
    "inner",
    "outer",
    "asc",
    "all",
    "(",
    ")",
    "row",
    "rows",
    "first",
    "only",
    "recursive",
}


@pytest.mark.parametrize("statement", STATEMENTS)
def test_a_token_less_is_never_only_form(statement):
    tokens = [token for kind, token in scan(statement) if kind != "space"]
    for token, edited in zip(tokens, without_one_token(statement), strict=True):
        found = {change.label for change in classify_statement(statement, edited)}
        assert found
        # Oracle and SQL Server write DELETE without FROM
        spelled = token.lower() in SPELLING or (token == "FROM" and statement.startswith("DELETE "))
        assert spelled or not found <= BENIGN, (token, edited)


@settings(max_examples=150, deadline=None)
@given(st.sampled_from(STATEMENTS), st.data())
def test_a_token_replaced_by_another_is_never_without_meaning(statement, data):
    tokens = [token for kind, token in scan(statement) if kind != "space"]
    place = data.draw(st.integers(0, len(tokens) - 1))
    other = data.draw(st.sampled_from([token for token in WORDS if token.strip(" ")]))
    edited = " ".join([*tokens[:place], other, *tokens[place + 1 :]])
    kinds = {kind for token in (tokens[place], other) for kind, _ in scan(token)}
    found = {change.label for change in classify_statement(statement, edited)}
    if tokens[place].lower() == other.lower() or kinds == {"param"}:
        assert found <= BENIGN | {"swapped-parameters"}
    else:
        assert not found <= BENIGN or "alias" in found or "reordered" in found, (statement, edited)
        assert "format" not in found


@pytest.mark.parametrize(
    ("text", "least"),
    [
        (LABELLED, 200),
        (SECOND_READING, 400),
        (THIRD_READING, 500),
        (FOURTH_READING, 440),
        (FIFTH_READING, 470),
        (SIXTH_READING, 190),
        (MUTANTS_READING, 20),
    ],
    ids=["first", "second", "third", "fourth", "fifth", "sixth", "mutants"],
)
def test_edits_labelled_before_the_classifier_saw_them(text, least):
    edits = list(labelled_edits(text))
    assert len(edits) >= least
    check_labels(edits, lambda old, new, dialect: classify_statement(old, new, dialect=dialect))


def test_edits_of_goldens_labelled_before_the_classifier_saw_them():
    edits = list(labelled_edits(GOLDENS_READING))
    assert len(edits) >= 70
    check_labels(edits, lambda old, new, kind: classify_golden(old, new, kind=kind))


def check_labels(edits, classify):
    missed, wrong, false = [], [], []
    for name, dialect, old, new, label in edits:
        changes = classify(old, new, dialect)
        found, wanted = {change.label for change in changes}, set(label.removeprefix("!").split("|"))
        risk = any(change.risk for change in changes)
        missed += [(name, new)] * (label.startswith("!") and not risk)
        false += [(name, new)] * (risk and not label.startswith("!"))
        right = found <= BENIGN if wanted & BENIGN and found & BENIGN else bool(wanted & found)
        wrong += [(name, new)] * (not found or not right)
    assert (missed, wrong, false) == ([], [], [])


def test_name_of_the_inserted_row_is_explained():
    statement = "INSERT INTO t (a) VALUES (1) AS new ON DUPLICATE KEY UPDATE a = new.a"
    assert read_statement(statement, dialect="mysql").of(Facet.UNEXPLAINED) == ()
