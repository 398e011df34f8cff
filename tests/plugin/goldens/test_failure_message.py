"""The message of a comparison that failed."""

from __future__ import annotations

from pathlib import Path

import pytest

from pytest_query_snapshot.goldens.comparison import Comparison
from pytest_query_snapshot.goldens.failure_message import explain


def message(dialect):
    root = Path("/project")
    failed = Comparison(
        test_id="test_it.py::test_rows",
        kind="rows",
        name=None,
        dialect=dialect,
        path=root / "__snapshots__/test_it/test_rows.rows.md",
        outcome="changed",
        base="order: none\n\n| id |\n|---|\n| 1 |\n",
        received="order: none\n\n| id |\n|---|\n| 2 |\n",
    )
    return "\n".join(explain([failed], root=root))


@pytest.mark.parametrize(
    ("dialect", "options"),
    [("sqlite", ""), ("postgresql", " --database postgresql"), ("duckdb", ""), ("mysql", "")],
)
def test_command_that_accepts_names_a_database_that_the_option_takes(dialect, options):
    assert f"accept: pytest test_it.py::test_rows --snapshot-update{options}\n" in f"{message(dialect)}\n"
