"""The message of a comparison that failed."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from pytest_query_snapshot.goldens.comparison import Comparison
from pytest_query_snapshot.goldens.failure_message import explain, holds_time_of_run


def message(dialect, received="2"):
    root = Path("/project")
    failed = Comparison(
        test_id="test_it.py::test_rows",
        kind="rows",
        name=None,
        dialect=dialect,
        path=root / "__snapshots__/test_it/test_rows.rows.md",
        outcome="changed",
        base="order: none\n\n| id |\n|---|\n| 1 |\n",
        received=f"order: none\n\n| id |\n|---|\n| {received} |\n",
    )
    return "\n".join(explain([failed], root=root))


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
