"""What --snapshot-update writes, and what it refuses to."""

from __future__ import annotations

import os

import pytest

GOLDEN = "test_shop/test_agents.rows.md"


def change(suite):
    """Change what one test asks."""
    source = (suite.path / "test_shop.py").read_text(encoding="utf-8")
    suite.write(
        "test_shop.py", source.replace("session.execute(AGENTS) ==", "session.execute(AGENTS.limit(2)) ==")
    )


def test_only_what_changed_is_written(suite):
    before = suite.goldens()
    change(suite)
    suite.run("--snapshot-update").assert_outcomes(passed=10)
    after = suite.goldens()
    assert {name for name in before if before[name] != after[name]} == {
        GOLDEN,
        "test_shop/test_agents.sqlite.sql",
    }


def test_a_missing_golden_fails_and_says_how_to_make_it(suite):
    (suite.path / "__snapshots__" / GOLDEN).unlink()
    result = suite.run("-k", "test_agents")
    result.assert_outcomes(failed=1, deselected=9)
    result.stdout.fnmatch_lines(
        [
            f"*__snapshots__/{GOLDEN}: no golden yet; received:",
            "E*| Ada | workspace#1 |",
            "E*create: pytest test_shop.py::test_agents --snapshot-update",
        ]
    )
    assert GOLDEN not in suite.goldens()


def test_a_failure_shows_rows_and_statements_at_once(suite):
    change(suite)
    result = suite.run("-k", "test_agents")
    result.stdout.fnmatch_lines(
        [
            f"*__snapshots__/{GOLDEN}: differs",
            "E*- *Eve*",
            "E*test_agents.sqlite.sql: differs",
            "E*+*LIMIT :param_1*",
            "E*accept: pytest test_shop.py::test_agents --snapshot-update",
            "query-snapshot: 2 goldens compared on sqlite: 2 changed",
        ]
    )


def test_new_only_leaves_existing_goldens(suite, pytestconfig):
    if not hasattr(pytestconfig.option, "update_new_snapshots_only"):
        pytest.skip("this syrupy is older than the option")
    before = suite.goldens()
    change(suite)
    (suite.path / "__snapshots__" / "test_shop" / "test_slow.rows.md").unlink()
    suite.run("--snapshot-update-new-only").assert_outcomes(passed=9, failed=1)
    assert suite.goldens() == before


def test_ci_writes_nothing_unless_asked_twice(suite, monkeypatch):
    before = suite.goldens()
    change(suite)
    monkeypatch.setenv("CI", "true")
    result = suite.run("--snapshot-update")
    result.assert_outcomes(passed=9, failed=1)
    result.stdout.fnmatch_lines(["E*CI is set, so nothing is written; --snapshot-update-in-ci lets it"])
    assert suite.goldens() == before
    suite.run("--snapshot-update", "--snapshot-update-in-ci").assert_outcomes(passed=10)
    assert suite.goldens() != before


def test_conflict_markers_are_an_error_that_names_the_line(suite):
    path = suite.path / "__snapshots__" / GOLDEN
    text = path.read_text(encoding="utf-8")
    path.write_text(f"{text}<<<<<<< HEAD\n| Zoe | 1 |\n=======\n>>>>>>> other\n", encoding="utf-8")
    for option in ("--snapshot-warn-unused", "--snapshot-update"):
        result = suite.run("-k", "test_agents", option)
        result.assert_outcomes(failed=1, deselected=9)
        result.stdout.fnmatch_lines(
            [f"E*ConflictMarkersError: *{GOLDEN}:8: conflict markers; finish the merge first"]
        )
    assert b"<<<<<<< HEAD" in path.read_bytes()


def test_golden_that_is_not_text_is_an_error_that_names_it(suite):
    path = suite.path / "__snapshots__" / GOLDEN
    path.write_bytes(b"order: \xff\xfe")
    result = suite.run("-k", "test_agents", "--snapshot-update")
    result.assert_outcomes(failed=1, deselected=9)
    result.stdout.fnmatch_lines([f"E*NotUtf8Error: *{GOLDEN}: not UTF-8 at byte 7"])
    assert path.read_bytes() == b"order: \xff\xfe"


def test_two_comparisons_of_a_kind_need_names(empty_suite):
    empty_suite.write(
        "test_two.py",
        """
import sqlalchemy as sa

def test_twice(session, golden):
    assert session.execute(sa.text("SELECT 1 AS one")) == golden
    assert session.execute(sa.text("SELECT 2 AS two")) == golden

def test_statements_with_a_state(session, golden):
    assert session == golden.sql
    assert session == golden.state

def test_named(session, golden):
    assert session.execute(sa.text("SELECT 1 AS one")) == golden("one")
    assert golden("two").rows == session.execute(sa.text("SELECT 2 AS two"))
    assert session.execute(sa.text("SELECT 3 AS three")) == golden.rows("three")
""",
    )
    result = empty_suite.run("--snapshot-update")
    result.assert_outcomes(passed=1, failed=2)
    twice = "E*DuplicateGoldenError: *compared twice in one test; name the second: golden"
    result.stdout.fnmatch_lines([f'{twice}("...").rows'])
    result.stdout.fnmatch_lines([f'{twice}("...").sql; golden.state compares statements too, golden.changes*'])
    assert sorted(name for name in empty_suite.goldens() if "named" in name) == [
        "test_two/test_named-one.rows.md",
        "test_two/test_named-one.sqlite.sql",
        "test_two/test_named-three.rows.md",
        "test_two/test_named-two.rows.md",
    ]


def test_windows_line_ends_and_a_byte_order_mark_are_no_difference(suite):
    for path in (suite.path / "__snapshots__" / "test_shop").iterdir():
        path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes().replace(b"\n", b"\r\n"))
    suite.run("test_shop.py").assert_outcomes(passed=8)


def test_goldens_of_another_database_are_reported_and_kept(suite):
    folder = suite.path / "__snapshots__" / "test_shop"
    (folder / "test_agents.postgresql.sql").write_text("SELECT 1;\n", encoding="utf-8")
    (folder / "test_gone.postgresql.sql").write_text("SELECT 1;\n", encoding="utf-8")
    before = suite.goldens()
    result = suite.run("--snapshot-update")
    result.stdout.fnmatch_lines(["query-snapshot: 1 golden of postgresql not verified here (--snapshot-details*"])
    assert suite.goldens() == before
    change(suite)
    result = suite.run("--snapshot-update", "--snapshot-details")
    result.stdout.fnmatch_lines(
        [
            "  __snapshots__/test_shop/test_agents.postgresql.sql",
            "query-snapshot: WARNING: 1 golden shared with postgresql changed in this run on sqlite alone",
        ]
    )


def test_a_read_only_folder_is_a_clear_failure_and_loses_nothing(suite, monkeypatch):
    before = suite.goldens()
    change(suite)

    def refuse(*_args, **_kwargs):
        raise PermissionError(13, "read-only")

    monkeypatch.setattr(os, "replace", refuse)
    result = suite.run("-k", "test_agents", "--snapshot-update")
    result.assert_outcomes(failed=1, deselected=9)
    result.stdout.fnmatch_lines(["E*WriteFailedError*read-only*"])
    assert suite.goldens() == before
