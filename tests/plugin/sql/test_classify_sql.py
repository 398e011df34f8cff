"""The public function that classifies the changes between two SQL goldens."""

from __future__ import annotations

import pytest

import pytest_query_snapshot
from pytest_query_snapshot import classify_sql

ONE = 'SELECT t.id FROM "order" AS t WHERE t.tenant_id = :tenant AND t.size > 5'
NOTES = "-- x 3: 1 row each\n-- :tenant = tenant#1\n-- error: IntegrityError: no\n"


def labels(old, new, **options):
    return {f"{'!' if change.risk else ''}{change.label}" for change in classify_sql(old, new, **options)}


def test_classify_sql_is_public():
    assert pytest_query_snapshot.__all__ == sorted(pytest_query_snapshot.__all__)
    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        _ = pytest_query_snapshot.nothing


def test_statements_without_notes_are_compared():
    assert labels(ONE, ONE) == set()
    assert labels(ONE, ONE.replace("t.tenant_id = :tenant AND ", "")) == {"!tenant-filter-removed"}
    assert labels(f"{ONE};\n", f"{ONE.lower()}") == {"format"}


@pytest.mark.parametrize("end", ["-- why\n;", "-- why;", "/* why */;", "-- why\n;\n"])
def test_notes_below_a_comment_are_read(end):
    golden = f"{ONE} {end.rstrip()}\n{NOTES}\nSELECT 2;\n-- 1 row\n"
    assert labels(golden, golden.replace("x 3", "x 9")) == {"query-count"}
    assert labels(golden, golden.replace("1 row each", "2 rows each")) == {"row-count"}
    other = golden.replace("tenant#1", "tenant#2")
    assert labels(golden, other) == {"!tenant-filter-changed", "parameter-values"}
    assert labels(golden, golden.replace("-- error: IntegrityError: no\n", "")) == {"error-removed"}
    assert labels(golden.replace("-- error: IntegrityError: no\n", ""), golden) == {"!error-added"}


def test_a_comment_with_a_semicolon_inside_a_statement_does_not_end_it():
    golden = "SELECT a -- first; then\n, b -- second;\nFROM t;\n-- 1 row\n"
    assert labels(golden, golden.replace(", b", "")) == {"column-removed"}


def test_one_statement_in_the_place_of_one_is_a_change_of_it():
    assert labels('DELETE FROM "group" WHERE a = 1;\n', 'DELETE FROM "group";\n') == {"!predicate-removed"}


def test_values_of_the_golden_distinguish_numbers_from_an_exchange():
    old = "SELECT 1 FROM t WHERE a = :p_1 AND b = :p_2;\n-- :p_1 = 1\n-- :p_2 = 2\n"
    same = "SELECT 1 FROM t WHERE a = :p_2 AND b = :p_1;\n-- :p_2 = 1\n-- :p_1 = 2\n"
    assert labels(old, same) == {"parameters"}
    swapped = "SELECT 1 FROM t WHERE a = :p_2 AND b = :p_1;\n-- :p_1 = 1\n-- :p_2 = 2\n"
    assert labels(old, swapped) == {"!swapped-parameters"}


def test_the_dialect_decides_where_a_string_ends():
    old = "SELECT 1 FROM t WHERE a = 'it\\'s; here' AND b = 2;\n-- 1 row\n"
    assert labels(old, old.replace(" AND b = 2", ""), dialect="mysql") == {"!predicate-removed"}


@pytest.mark.parametrize(
    ("condition", "before", "after", "found"),
    [
        ("LIMIT :n", "20", "200", {"!limit-changed", "parameter-values"}),
        ("LIMIT :n", "20", "10", {"parameter-values"}),
        ("LIMIT 5 OFFSET :n", "20", "0", {"!offset-removed", "parameter-values"}),
        ("WHERE a > :n", "20", "10", {"!predicate-changed", "parameter-values"}),
        ("WHERE a > :n", "20", "30", {"parameter-values"}),
        (
            "WHERE due_at < :n",
            "2026-01-05 00:00:00Z",
            "2026-02-05 00:00:00Z",
            {"!predicate-changed", "parameter-values"},
        ),
        ("WHERE name = :n", "'a'", "'b'", {"parameter-values"}),
        ("WHERE (:n OR a = 1)", "0", "1", {"!predicate-changed", "parameter-values"}),
    ],
)
def test_a_bound_that_moves_by_its_value_is_a_risk(condition, before, after, found):
    old, new = (f"SELECT 1 FROM t {condition};\n-- 1 row\n-- :n = {value}\n" for value in (before, after))
    assert labels(old, new) == found


def test_another_name_with_the_same_value_changes_no_value():
    old, new = (f"SELECT 1 FROM t LIMIT :{name};\n-- 1 row\n-- :{name} = 5\n" for name in ("a_1", "b_1"))
    assert labels(old, new) == {"parameters"}


def test_a_statement_that_is_too_long_to_read_is_unexplained():
    old, new = (f"SELECT t.a FROM t WHERE t.a IN ({', '.join([number] * 500_000)})" for number in "12")
    assert [(change.label, change.risk) for change in classify_sql(old, new)] == [("unexplained-changed", True)]
    assert classify_sql(old, old) == ()


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("SELECT set_config('app.tenant', '1', true)", "SELECT set_config('app.tenant', '1', false)"),
        (
            "SELECT set_config('app.tenant', t.name, true) FROM t",
            "SELECT set_config('app.other', t.name, true) FROM t",
        ),
        ("SELECT pg_advisory_xact_lock(1)", "SELECT pg_try_advisory_xact_lock(1)"),
        ("SELECT pg_advisory_xact_lock(1) AS l", "SELECT 1 AS l"),
        ("SELECT archive(1)", "SELECT archive(2)"),
    ],
)
def test_another_call_of_a_statement_that_is_run_for_it_is_a_risk(old, new):
    assert {label[0] for label in labels(old, new)} == {"!"}


def test_another_value_of_a_setting_is_a_risk():
    old = "SELECT set_config('app.tenant', :value, true);\n-- 1 row\n-- :value = 'a'\n"
    assert labels(old, old.replace("'a'\n", "'b'\n")) == {"!column-changed", "parameter-values"}


def test_another_call_is_safe_where_a_statement_only_reads():
    assert labels("SELECT lower('A')", "SELECT lower('B')") == {"column-changed"}
    assert labels("SELECT archive(t.a) FROM t", "SELECT archive(t.b) FROM t") == {"column-changed"}


def test_a_removed_statement_that_cannot_be_read_is_a_risk():
    assert labels("SELECT 1;\n\nSELECT f('it\\'s; x);\n", "SELECT 1;\n") >= {"!statement-removed"}


TRANSFER = "BEGIN;\n\n  UPDATE a SET n = 1;\n\n  UPDATE b SET n = 2;\n\nCOMMIT;\n"


def test_a_transaction_that_is_split_is_a_risk():
    split = TRANSFER.replace("n = 1;\n", "n = 1;\n\nCOMMIT;\n\nBEGIN;\n")
    assert labels(TRANSFER, split) == {"!transaction-added"}
    open_end = TRANSFER.replace("BEGIN;\n", "").replace("COMMIT;\n", "")
    assert labels(open_end, open_end.replace("n = 1;\n", "n = 1;\n\nCOMMIT;\n")) == {"!transaction-added"}


def test_a_transaction_that_is_added_with_its_statements_is_safe():
    assert labels(TRANSFER, f"{TRANSFER}\nBEGIN;\n\n  INSERT INTO c VALUES (1);\n\nCOMMIT;\n") == {
        *("transaction-added", "statement-added")
    }
    alone = TRANSFER.replace("BEGIN;\n", "").replace("COMMIT;\n", "")
    assert labels(alone, TRANSFER) == {"transaction-added"}
    reading = TRANSFER.replace("UPDATE b SET n = 2", "SELECT 1")
    assert labels(reading, reading.replace("n = 1;\n", "n = 1;\n\nCOMMIT;\n\nBEGIN;\n")) == {"transaction-added"}
