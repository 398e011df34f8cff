"""The message of a comparison that failed."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pytest_query_snapshot.goldens.comparison import Comparison
from pytest_query_snapshot.goldens.failure_message import explain, holds_time_of_run

ROOT = Path("/project")
STATE = "## add\n\n### item\n\n```diff\n+ item#1: name='{}'\n```\n"


def compared(base, received, *, kind="rows", dialect="sqlite"):
    return Comparison(
        test_id="test_it.py::test_rows",
        kind=kind,
        name=None,
        dialect=dialect,
        path=ROOT / f"__snapshots__/test_it/test_rows.{kind}.md",
        outcome="missing" if base is None else "changed",
        base=base,
        received=received,
    )


def message(dialect, received="2", *others):
    failed = compared(
        "order: none\n\n| id |\n|---|\n| 1 |\n",
        f"order: none\n\n| id |\n|---|\n| {received} |\n",
        dialect=dialect,
    )
    return "\n".join(explain([failed, *others], root=ROOT))


def test_time_of_the_run_in_a_golden_is_named_with_what_to_do():
    assert "query_snapshot_mask" not in message("sqlite")
    now = dt.datetime.now(dt.UTC).isoformat()
    assert "freeze the clock, or name the column in query_snapshot_mask" in message("sqlite", received=now)


@pytest.mark.parametrize(
    ("dialect", "options"),
    [("sqlite", ""), ("postgresql", " --database postgresql"), ("duckdb", ""), ("mysql", "")],
)
def test_command_that_accepts_names_a_database_that_the_option_takes(dialect, options):
    assert f"accept: pytest test_it.py::test_rows --snapshot-update{options}\n" in f"{message(dialect)}\n"


@pytest.mark.parametrize(("dialect", "is_risk"), [("mssql", True), ("sqlite", False)])
def test_risk_is_read_in_the_dialect_of_the_golden(dialect, is_risk):
    failed = compared("SELECT Name FROM a;\n", "SELECT name FROM a;\n", kind="sql", dialect=dialect)
    assert ("query-snapshot review" in "\n".join(explain([failed], root=ROOT))) is is_risk


def test_command_that_updates_is_not_named_for_rows_that_it_leaves_alone():
    new_statement = compared(None, "SELECT 2;\n-- 1 row\n", kind="sql")
    assert message("sqlite", "2", new_statement).endswith(
        "\ndecide: query-snapshot review (the rows are shared by the databases)"
    )


@given(
    before=st.integers(0, 500),
    after=st.integers(0, 500),
    old=st.text("abc", max_size=20),
    new=st.text("xyz", max_size=20),
)
@settings(max_examples=60, deadline=None)
def test_difference_within_a_long_row_is_in_sight(before, after, old, new):
    texts = [STATE.format(f"{'-' * before}[{part}]{'-' * after}") for part in (old, new)]
    lines = [*explain([compared(*texts, kind="state")], root=ROOT)]
    assert old == new or (f"[{old}]" in lines[1] and f"[{new}]" in lines[1])


NOW = dt.datetime(2026, 3, 1, 0, 3, tzinfo=dt.timezone(dt.timedelta(hours=2)))


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("| a | 2026-02-28T22:01:00.123 |", True),  # UTC
        ("created_at=2026-02-28 22:12:59Z", True),
        ("| a | 2026-02-28T21:40:00 |", False),
        ("| a | 2026-02-28 |", False),
        ("| a | 2025-02-28T22:01:00 |", False),
        ("2026-02-28T22:61:00", False),
    ],
)
def test_time_of_the_run_is_found_among_values(text, found):
    assert holds_time_of_run(text, now=NOW) is found
