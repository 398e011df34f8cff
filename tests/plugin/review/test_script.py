"""Reading sql goldens."""

from __future__ import annotations

from pytest_query_snapshot.goldens.formats.sql_blocks import read_script
from pytest_query_snapshot.goldens.formats.sql_changes import classify_sql
from pytest_query_snapshot.sql.diff.change import labels

GOLDEN = """\
-- step: submit

BEGIN;

  UPDATE proposals
  SET status = :status
  WHERE id = :id; -- 1 row
  -- :status = 'a; b'
  -- :id = proposal#1

COMMIT;

-- step: look

-- Who leads?
SELECT name -- best first
FROM players;
-- x 3: rows 1, 2, 3
-- error: OperationalError: no such table
"""


def test_statements_steps_and_notes():
    begin, update, commit, select = read_script(GOLDEN)
    assert [block.is_boundary for block in (begin, update, commit, select)] == [True, False, True, False]
    assert [block.step for block in (begin, update, commit, select)] == ["submit", "", "", "look"]
    assert update.parameters == {":status": "'a; b'", ":id": "proposal#1"}
    assert update.rows == "1 row"
    assert select.sql.startswith("-- Who leads?\nSELECT name")
    assert (select.times, select.rows, select.error) == (3, "rows 1, 2, 3", "OperationalError: no such table")


def test_note_without_times_is_of_one_statement():
    assert [block.times for block in read_script("SELECT 1;\n-- 2 rows\n\nSELECT 2;\n")] == [1, 1]
    assert labels(classify_sql("SELECT 1;\n-- 1 row\n", "SELECT 1;\n-- x 2: rows 1, 1\n")) != ()


def test_two_changed_statements_of_one_gap_are_each_a_change_of_its_own_version():
    old = "SELECT a.name FROM a WHERE a.x = 1;\n\nUPDATE b SET y = 1 WHERE b.id = 2;\n"
    new = "SELECT a.name FROM a WHERE a.x = 3;\n\nUPDATE b SET y = 1 WHERE b.id = 4;\n"
    assert set(labels(classify_sql(old, new))) == {"predicate-changed"}


def test_risk_of_the_statement_is_not_repeated_for_its_values():
    old = "SELECT a.x FROM a WHERE a.tenant_id = :tenant LIMIT :limit_1;\n-- :tenant = 1\n-- :limit_1 = 5\n"
    new = "SELECT a.x FROM a LIMIT :limit_1;\n-- :limit_1 = 50\n"
    found = [change.label for change in classify_sql(old, new) if change.risk]
    assert found.count("tenant-filter-removed") == 1
    assert "limit-changed" in found


def test_no_statements():
    assert read_script("-- no statements\n") == ()


def test_renamed_step_is_reported():
    assert labels(classify_sql(GOLDEN, GOLDEN.replace("step: look", "step: see"))) == ("step-changed",)
    assert labels(classify_sql(GOLDEN, GOLDEN.replace("step: submit", "step: hand in"))) == ("step-changed",)


def test_statement_removed_in_a_step_is_reported():
    without = GOLDEN[: GOLDEN.index("  UPDATE")] + GOLDEN[GOLDEN.index("COMMIT") :]
    assert labels(classify_sql(GOLDEN, without)) == ("statement-removed",)
