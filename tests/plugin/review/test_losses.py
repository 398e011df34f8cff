"""Every condition of every WHERE, at any depth, is taken away once: that is a risk each time, and named."""

from __future__ import annotations

import pytest

from pytest_query_snapshot.sql.diff.statements import classify_statement
from pytest_query_snapshot.sql.word_tree import (
    Group,
    Token,
    is_word,
    lex,
    text,
    tree,
)

from .test_shapes import PAIRS
from .test_statement_changes import QUERIES

ENDS = ("group", "having", "window", "order", "limit", "offset", "fetch", "for", "returning", "union", "except")
STATEMENTS = sorted({*QUERIES.values(), *(one.values[side] for one in PAIRS for side in (0, 1))})


def without_one_condition(nodes):
    """Yield (condition, the statement without it) for every AND-ed condition of every WHERE."""
    for place, node in enumerate(nodes):
        if isinstance(node, Group):
            for condition, inner in without_one_condition(node.children):
                group = Group(node.opening, node.closing, inner)
                yield condition, (*nodes[:place], group, *nodes[place + 1 :])
        elif is_word(node, "where"):
            end = next((i for i in range(place + 1, len(nodes)) if is_word(nodes[i], *ENDS)), len(nodes))
            yield from taken(nodes, place, end)


def taken(nodes, start, end):
    clause = nodes[start + 1 : end]
    if any(is_word(node, "or", "between") for node in clause):
        return
    parts, current = [], []
    for node in (*clause, Token("word", "and")):
        if is_word(node, "and"):
            parts.append(tuple(current))
            current = []
        else:
            current.append(node)
    for number, part in enumerate(parts):
        left = [other for at, other in enumerate(parts) if at != number]
        kept = [Token("word", "where")] if left else []
        for at, other in enumerate(left):
            kept += [Token("word", "and"), *other] if at else other
        yield text(part), (*nodes[:start], *kept, *nodes[end:])


def cases():
    for number, statement in enumerate(STATEMENTS):
        for place, (condition, rest) in enumerate(without_one_condition(tree(lex(statement)))):
            yield pytest.param(statement, text(rest), condition, id=f"{number}.{place} {condition}")


CASES = list(cases())


def test_there_are_enough():
    assert len(CASES) >= 200


@pytest.mark.parametrize(("statement", "rest", "condition"), CASES)
def test_a_lost_condition_is_a_risk(statement, rest, condition):
    changes = classify_statement(statement, rest)
    assert any(change.risk for change in changes), (changes, rest)


@pytest.mark.parametrize(("statement", "rest", "condition"), CASES)
def test_a_lost_workspace_is_named(statement, rest, condition):
    column = condition.split(" ")[0].rpartition(".")[2]
    if column not in {"workspace_id", "tenant_id"} or condition.count("workspace_id") > 1 + condition.count(":"):
        return
    if "." in condition.partition(" ")[2]:  # compared with another table: that is a join condition
        return
    if "filter (where" in rest:  # a condition of an aggregate keeps no row back
        return
    assert "tenant-filter-removed" in {change.label for change in classify_statement(statement, rest)}
