"""Hazards of single statements."""

from __future__ import annotations

import pytest

from pytest_query_snapshot.budgets.hazards import hazards

CARTESIAN = [
    "SELECT a.id FROM a, b",
    "SELECT a.id FROM a CROSS JOIN b WHERE a.x = 1",
    "SELECT a.id FROM a JOIN b ON b.x = 1",
    "SELECT a.id FROM a JOIN b ON b.a_id = a.id, c",
    "SELECT a.id FROM a, b JOIN c ON c.b_id = b.id WHERE a.x = 1",
    "SELECT count(*) FROM a WHERE EXISTS (SELECT 1 FROM b, c WHERE b.a_id = a.id)",
    "WITH t AS (SELECT a.id FROM a, b) SELECT t.id FROM t",
    "DELETE FROM a USING b WHERE a.x = 1",
]
JOINED = [
    "SELECT a.id FROM a",
    "SELECT a.id FROM a, b WHERE a.id = b.a_id",
    "SELECT a.id FROM a JOIN b ON a.id = b.a_id JOIN c ON c.b_id = b.id",
    "SELECT a.id FROM a JOIN b USING (id)",
    "SELECT a.id FROM a NATURAL JOIN b",
    "SELECT x.id FROM a AS x JOIN a AS y ON y.parent = x.id",
    "SELECT a.id, t.value FROM a, json_each(a.tags) AS t",
    "SELECT a.id FROM a LEFT OUTER JOIN b ON a.id = b.a_id AND b.x = 1",
    "SELECT a.id FROM a JOIN (SELECT b.a_id FROM b) AS s ON s.a_id = a.id",
]


@pytest.mark.parametrize("sql", CARTESIAN)
def test_a_cartesian_product_is_found(sql):
    assert {hazard.kind for hazard in hazards(sql)} == {"cartesian-product"}


@pytest.mark.parametrize("sql", JOINED)
def test_joined_tables_are_no_product(sql):
    assert hazards(sql) == ()


@pytest.mark.parametrize(
    ("sql", "found"),
    [
        ("SELECT a.id FROM a LIMIT 10", True),
        ("SELECT a.id FROM a LIMIT 10 OFFSET 20", True),
        ("SELECT s.id FROM (SELECT a.id FROM a LIMIT 3) AS s ORDER BY s.id", True),
        ("SELECT a.id FROM a ORDER BY a.id LIMIT 10", False),
        ("SELECT count(*) FROM a LIMIT 1", False),
        ("SELECT a.id FROM a", False),
    ],
)
def test_a_limit_needs_an_order(sql, found):
    assert [hazard.kind for hazard in hazards(sql)] == (["limit-without-order"] if found else [])


@pytest.mark.parametrize(
    ("sql", "found"),
    [
        ("SELECT runs.id FROM runs", True),
        ("SELECT runs.id FROM runs WHERE runs.workspace_id = :w", True),
        ("SELECT runs.id FROM runs WHERE runs.workspace_id = :w ORDER BY runs.id", True),
        ("SELECT runs.id FROM runs WHERE runs.agent_id = :a", False),
        ("SELECT runs.id FROM runs ORDER BY runs.id LIMIT 10", False),
        ("SELECT count(*) FROM runs", False),
        ("SELECT runs.agent_id, count(*) FROM runs GROUP BY runs.agent_id", False),
        ("SELECT agents.id FROM agents", False),
        ("DELETE FROM runs", False),
    ],
)
def test_a_growing_table_is_not_read_whole(sql, found):
    kinds = [hazard.kind for hazard in hazards(sql, growing=("runs",), tenant_columns=("workspace_id",))]
    assert kinds == (["unbounded-select"] if found else [])
