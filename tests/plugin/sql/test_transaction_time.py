"""The time of a transaction in a statement is replaced where, and only where, it is asked for."""

from __future__ import annotations

import pytest

from pytest_query_snapshot.sql.effects.transaction_time import reads_transaction_time, with_transaction_time

TIME = "2020-01-02"


@pytest.mark.parametrize(
    ("sql", "replaced"),
    [
        ("SELECT now()", "SELECT (SELECT '2020-01-02'::timestamptz AS \"now\")"),
        ("SELECT NOW /* c */ ( )", "SELECT (SELECT '2020-01-02'::timestamptz AS \"now\")"),
        ("SELECT a-CURRENT_DATE,1", "SELECT a-(SELECT '2020-01-02'::timestamptz::date AS \"current_date\"),1"),
        (
            "UPDATE t SET a = localtimestamp(3)",
            "UPDATE t SET a = (SELECT '2020-01-02'::timestamptz::timestamp(3) AS \"localtimestamp\")",
        ),
    ],
)
def test_time_is_replaced_by_a_value_of_its_type_and_name(sql, replaced):
    assert with_transaction_time(sql, TIME) == replaced


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT now FROM t",
        "SELECT t.now() FROM t",
        'SELECT "now"()',
        "SELECT 'now()' -- now()",
        "SELECT $$now()$$, clock_timestamp()",
        "SELECT t.current_date, current_date.x FROM t",
        "CREATE VIEW v AS SELECT now()",
        "ALTER TABLE t ALTER a SET DEFAULT now()",
    ],
)
def test_name_or_definition_is_left_as_it_is(sql):
    assert not reads_transaction_time(sql)
    assert with_transaction_time(sql, TIME) == sql
