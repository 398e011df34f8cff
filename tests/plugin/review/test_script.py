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


def test_no_statements():
    assert read_script("-- no statements\n") == ()


def test_renamed_step_is_reported():
    assert labels(classify_sql(GOLDEN, GOLDEN.replace("step: look", "step: see"))) == ("step-changed",)
    assert labels(classify_sql(GOLDEN, GOLDEN.replace("step: submit", "step: hand in"))) == ("step-changed",)


def test_statement_removed_in_a_step_is_reported():
    without = GOLDEN[: GOLDEN.index("  UPDATE")] + GOLDEN[GOLDEN.index("COMMIT") :]
    assert labels(classify_sql(GOLDEN, without)) == ("statement-removed",)
